#include "tools/cli/till_paper.h"

#include "absl/strings/str_cat.h"
#include "sync/base/date.h"
#include "sync/base/money.h"
#include "tools/cli/texts.h"
#include "tools/cli/width.h"

namespace branchline::cli {
namespace {

constexpr size_t kColumns = 42;

absl::string_view TenderWord(v1::TenderKind kind) {
  switch (kind) {
    case v1::TENDER_KIND_CASH:
      return "cash";
    case v1::TENDER_KIND_CARD:
      return "card";
    case v1::TENDER_KIND_VOUCHER:
      return "voucher";
    case v1::TENDER_KIND_WALLET:
      return "wallet";
    default:
      return "?";
  }
}

absl::string_view MoveWord(v1::CashMoveKind kind) {
  switch (kind) {
    case v1::CASH_MOVE_KIND_FLOAT:
      return "float";
    case v1::CASH_MOVE_KIND_SAFE_DROP:
      return "safe drop";
    case v1::CASH_MOVE_KIND_PAID_IN:
      return "paid in";
    case v1::CASH_MOVE_KIND_PAID_OUT:
      return "paid out";
    case v1::CASH_MOVE_KIND_NO_SALE:
      return "no-sale";
    case v1::CASH_MOVE_KIND_COUNTED:
      return "count difference";
    default:
      return "?";
  }
}

// Collects lines of one currency in one language.
class Paper {
 public:
  Paper(std::string currency, Language language)
      : currency_(std::move(currency)), language_(language) {}

  void Text(absl::string_view text) { absl::StrAppend(&text_, text, "\n"); }
  void Money(absl::string_view word, int64_t amount_minor,
             absl::string_view more = "") {
    absl::StrAppend(&text_,
                    PaperLine(absl::StrCat(Word(word, language_), more),
                              MoneyText(amount_minor, currency_)),
                    "\n");
  }
  // Not shown when there is nothing to show.
  void MoneyIfAny(absl::string_view word, int64_t amount_minor) {
    if (amount_minor != 0) Money(word, amount_minor);
  }
  void Count(absl::string_view word, int64_t count) {
    if (count == 0) return;
    absl::StrAppend(
        &text_, PaperLine(Word(word, language_), absl::StrCat(count)), "\n");
  }
  // Cash as it was handed over, with the change.
  void Tenders(const google::protobuf::RepeatedPtrField<v1::Tender>& tenders,
               int64_t change_minor = 0) {
    for (const v1::Tender& tender : tenders) {
      const bool cash = tender.kind() == v1::TENDER_KIND_CASH;
      Money(TenderWord(tender.kind()),
            tender.amount_minor() + (cash ? change_minor : 0),
            absl::StrCat(
                tender.reference().empty() ? "" : " ", tender.reference(),
                tender.unconfirmed()
                    ? absl::StrCat(", ", Word("unconfirmed", language_))
                    : ""));
    }
  }
  void Taxes(const google::protobuf::RepeatedPtrField<v1::LineTax>& taxes) {
    for (const v1::LineTax& tax : taxes) {
      Money("tax", tax.tax_minor(), absl::StrCat(" ", tax.code()));
    }
  }
  std::string Take() { return std::move(text_); }

 private:
  const std::string currency_;
  const Language language_;
  std::string text_;
};

void AddFigures(const v1::TillFigures& figures, bool blind, Paper* paper) {
  paper->Count("receipts", figures.receipts());
  paper->Count("voided lines", figures.voided_lines());
  paper->Count("keyed prices", figures.overridden_lines());
  paper->Count("keyed weights", figures.hand_weighed_lines());
  paper->Count("cancelled baskets", figures.cancelled_baskets());
  paper->Count("post-voids", figures.post_voids());
  paper->Count("copies", figures.reprints());
  if (blind) return;
  paper->Money("sales", figures.sales_minor());
  paper->Money("returns", -figures.returns_minor());
  paper->Money("net", figures.sales_minor() - figures.returns_minor());
  paper->MoneyIfAny("discount", -figures.discount_minor());
  paper->MoneyIfAny("rounding", figures.cash_rounding_minor());
  for (const v1::TaxFigure& tax : figures.taxes()) {
    paper->Money("tax", tax.tax_minor(), absl::StrCat(" ", tax.code()));
  }
  for (const v1::TenderFigure& tender : figures.tenders()) {
    paper->Money(TenderWord(tender.kind()),
                 tender.taken_minor() - tender.given_minor(),
                 absl::StrCat(" x", tender.count()));
  }
  for (const v1::MoveFigure& move : figures.moves()) {
    paper->Money(MoveWord(move.kind()), move.amount_minor(),
                 absl::StrCat(" x", move.count()));
  }
}

}  // namespace

std::string NameOf(const std::string& sku, const ItemNames& names) {
  const auto it = names.find(sku);
  return it == names.end() || it->second.empty() ? sku : it->second;
}

std::string PaperLine(absl::string_view label, absl::string_view amount) {
  const size_t amount_width = DisplayWidth(amount);
  const std::string left = Shorten(
      label, kColumns > amount_width + 1 ? kColumns - amount_width - 1 : 1);
  const size_t used = DisplayWidth(left) + amount_width;
  return absl::StrCat(
      left, std::string(used < kColumns ? kColumns - used : 1, ' '), amount);
}

std::string SaleText(const v1::Sale& sale, const ItemNames& names,
                     Language language) {
  Paper paper(sale.currency(), language);
  if (!sale.receipt_no().empty()) {
    paper.Text(absl::StrCat(Word("receipt", language), " ", sale.receipt_no()));
  }
  int number = 0;
  for (const v1::SaleLine& line : sale.lines()) {
    const std::string label =
        absl::StrCat(++number, " ", NameOf(line.sku(), names), " x",
                     FormatMilli(line.quantity_milli()));
    paper.Text(PaperLine(
        label, line.voided()
                   ? std::string(Word("voided", language))
                   : MoneyText(line.amount_minor(), sale.currency())));
    if (!line.note().empty()) paper.Text(absl::StrCat("  ", line.note()));
    if (line.voided() || line.discount_minor() == 0) continue;
    paper.Text(PaperLine(absl::StrCat("    ", Word("discount", language)),
                         MoneyText(-line.discount_minor(), sale.currency())));
  }
  if (!sale.note().empty()) paper.Text(sale.note());
  paper.Money("total", sale.total_minor(), absl::StrCat(" ", sale.currency()));
  paper.Taxes(sale.taxes());
  paper.MoneyIfAny("rounding", sale.cash_rounding_minor());
  if (!sale.receipt_no().empty()) {
    paper.Tenders(sale.tenders(), sale.change_minor());
    paper.MoneyIfAny("change", sale.change_minor());
  }
  return paper.Take();
}

std::string ReturnText(const v1::Return& back, const ItemNames& names,
                       Language language) {
  Paper paper(back.currency(), language);
  paper.Text(absl::StrCat(Word("return", language), " ", back.receipt_no(),
                          " <- ", back.original_receipt_no()));
  for (const v1::ReturnLine& line : back.lines()) {
    paper.Text(PaperLine(
        absl::StrCat(line.original_line() + 1, " ", NameOf(line.sku(), names),
                     " x", FormatMilli(line.quantity_milli())),
        MoneyText(-line.amount_minor(), back.currency())));
  }
  paper.Money("total", back.total_minor(), absl::StrCat(" ", back.currency()));
  paper.Taxes(back.taxes());
  paper.MoneyIfAny("rounding", back.cash_rounding_minor());
  paper.Tenders(back.tenders());
  return paper.Take();
}

std::string DayText(const v1::DayClosed& seal, Language language) {
  std::string text = absl::StrCat(Word("day closed", language), " ",
                                  FormatDate(seal.date()), "\n");
  absl::StrAppend(
      &text,
      PaperLine(Word("receipts", language), absl::StrCat(seal.receipts())),
      "\n");
  for (const v1::CurrencyTotal& total : seal.totals()) {
    Paper paper(total.currency(), language);
    paper.Money("net", total.net_minor(), absl::StrCat(" ", total.currency()));
    text += paper.Take();
  }
  for (const v1::ShiftClosed& shift : seal.closed_shifts()) {
    absl::StrAppend(&text, Word("closed uncounted", language), " ",
                    shift.z_no(), "\n");
  }
  for (const std::string& sale : seal.open_payments().sale_ids()) {
    absl::StrAppend(&text, Word("payment still open", language), " ", sale,
                    "\n");
  }
  return text;
}

std::string ShiftText(const v1::ShiftReport& report, Language language) {
  const v1::ShiftClosed& shift = report.shift();
  const bool is_z = !shift.z_no().empty();
  std::string text = absl::StrCat(
      Word(is_z ? "Z report" : "X report", language), " ",
      is_z ? shift.z_no() : shift.till(), " ", FormatDate(shift.date()), "\n");
  for (const v1::ShiftMoney& money : shift.money()) {
    Paper paper(money.currency(), language);
    paper.Text(absl::StrCat("-- ", money.currency()));
    AddFigures(money.figures(), report.blind(), &paper);
    if (!report.blind()) {
      paper.Money("opening", money.opening_minor());
      paper.Money("expected", money.expected_minor());
    }
    if (is_z && shift.counted()) {
      paper.Money("counted", money.counted_minor());
      if (!report.blind()) {
        paper.Money("over or short", money.over_short_minor());
        paper.Money("to the safe", money.to_safe_minor());
        paper.Money("left in the drawer", money.left_minor());
      }
    }
    if (is_z && !report.blind()) {
      paper.Money("grand sales", money.grand_sales_minor());
      paper.Money("grand returns", money.grand_returns_minor());
    }
    text += paper.Take();
  }
  if (is_z && !shift.counted()) {
    absl::StrAppend(&text, Word("closed uncounted", language), "\n");
  }
  for (const v1::LateShare& late : shift.late()) {
    Paper paper(late.currency(), language);
    paper.Money("late, for", late.net_minor(),
                absl::StrCat(" ", FormatDate(late.date())));
    text += paper.Take();
  }
  for (const v1::CountedCash& cash : report.settled().cash()) {
    Paper paper(cash.currency(), language);
    paper.Money("settled by a count", cash.counted_minor());
    if (!report.blind()) paper.Money("over or short", cash.over_short_minor());
    text += paper.Take();
  }
  return text;
}

std::string CountedText(const v1::CashCounted& counted, Language language) {
  std::string text;
  for (const v1::CountedCash& cash : counted.cash()) {
    Paper paper(cash.currency(), language);
    paper.Money("counted", cash.counted_minor());
    // A blind count is told nothing of these.
    if (cash.expected_minor() != 0 || cash.over_short_minor() != 0) {
      paper.Money("expected", cash.expected_minor());
      paper.Money("over or short", cash.over_short_minor());
    }
    text += paper.Take();
  }
  return text;
}

}  // namespace branchline::cli

#include "edge/receipt/shift_slip.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/substitute.h"
#include "edge/receipt/slip_words.h"
#include "sync/base/date.h"
#include "sync/base/money.h"
#include "sync/base/status_macros.h"

namespace branchline {
namespace {

constexpr int kFigureColumns = 14;  // "-1,234,567.89" and a blank before it

absl::string_view TenderKey(v1::TenderKind kind) {
  switch (kind) {
    case v1::TENDER_KIND_CASH:
      return "Cash";
    case v1::TENDER_KIND_CARD:
      return "Card";
    case v1::TENDER_KIND_VOUCHER:
      return "Voucher";
    case v1::TENDER_KIND_WALLET:
      return "Wallet";
    default:
      return "Other";
  }
}

absl::string_view MoveKey(v1::CashMoveKind kind) {
  switch (kind) {
    case v1::CASH_MOVE_KIND_FLOAT:
      return "Float";
    case v1::CASH_MOVE_KIND_SAFE_DROP:
      return "Safe drop";
    case v1::CASH_MOVE_KIND_PAID_IN:
      return "Paid in";
    case v1::CASH_MOVE_KIND_PAID_OUT:
      return "Paid out";
    case v1::CASH_MOVE_KIND_NO_SALE:
      return "No-sale";
    case v1::CASH_MOVE_KIND_COUNTED:
      return "Count difference";
    default:
      return "Other";
  }
}

class Slip {
 public:
  Slip(const v1::ShiftReport& report, const SlipContext& context)
      : report_(report),
        shift_(report.shift()),
        context_(context),
        is_z_(!report.shift().z_no().empty()) {}

  absl::StatusOr<ReceiptDocument> Make() {
    Head();
    for (const v1::ShiftMoney& money : shift_.money()) {
      BL_ASSIGN_OR_RETURN(digits_, MinorDigits(money.currency()));
      Money(money);
    }
    if (is_z_ && !shift_.counted()) Big(Word("CLOSED UNCOUNTED"));
    BL_RETURN_IF_ERROR(Late());
    BL_RETURN_IF_ERROR(Settled());
    Add(CutBlock{});
    return std::move(document_);
  }

  absl::StatusOr<ReceiptDocument> MakeSettlement() {
    Owner();
    Big(Word("SETTLEMENT"));
    CopyMark();
    Add(RuleBlock{'='});
    Text(report_.settled().z_no());
    Till();
    Text(TimeText(context_.printed_at));
    BL_RETURN_IF_ERROR(SettledCash());
    Text(report_.settled().note());
    Add(CutBlock{});
    return std::move(document_);
  }

 private:
  std::string Word(absl::string_view key) const {
    return std::string(SlipWord(key, context_.text.language()));
  }
  std::string Filled(absl::string_view key, absl::string_view with) const {
    return absl::Substitute(Word(key), with);
  }
  void Add(ReceiptBlock block) { document_.blocks.push_back(std::move(block)); }
  void Text(const std::string& text, Align align = Align::kLeft) {
    if (!text.empty()) Add(TextBlock{{{text, {}}}, align});
  }
  void Big(const std::string& text) {
    Add(TextBlock{{{text, {.bold = true, .height_times = 2}}}, Align::kCentre});
  }
  void Row(const std::string& what, const std::string& figure,
           TextStyle style = {}) {
    Add(RowBlock{
        {{what, 0, Align::kLeft}, {figure, kFigureColumns, Align::kRight}},
        style});
  }
  void Amount(absl::string_view key, int64_t minor) {
    Row(Word(key), GroupedMinor(minor, digits_));
  }
  void AmountIfAny(absl::string_view key, int64_t minor) {
    if (minor != 0) Amount(key, minor);
  }
  void Count(absl::string_view key, int64_t count) {
    if (count != 0) Row(Word(key), absl::StrCat(count));
  }
  std::string TimeText(absl::Time at) const {
    return absl::FormatTime("%Y-%m-%d %H:%M", at, context_.time_zone);
  }

  void Owner() {
    Text(context_.text.legal_entity(), Align::kCentre);
    Text(std::string(context_.branch_name), Align::kCentre);
    Text(context_.text.tax_number(), Align::kCentre);
  }
  void CopyMark() {
    if (context_.is_copy) Big(absl::StrCat("*** ", Word("COPY"), " ***"));
  }
  void Till() {
    Text(Filled("Till $0", shift_.till()));
    Text(Filled("Day $0", FormatDate(shift_.date())));
  }

  void Head() {
    Owner();
    Big(Word(is_z_ ? "Z REPORT" : "X REPORT"));
    if (!is_z_) Text(Word("not the end of the shift"), Align::kCentre);
    CopyMark();
    Add(RuleBlock{'='});
    Text(shift_.z_no());
    Till();
    if (!shift_.opened_by().empty()) {
      Text(Filled("Opened by $0", shift_.opened_by()));
    }
    std::string times = TimeText(context_.printed_at);
    if (shift_.opened_at_unix_micros() != 0) {
      times = absl::StrCat(
          TimeText(absl::FromUnixMicros(shift_.opened_at_unix_micros())), " - ",
          times);
    }
    Text(times);
  }

  void Money(const v1::ShiftMoney& money) {
    const v1::TillFigures& figures = money.figures();
    Add(RuleBlock{'='});
    Text(money.currency());
    Count("Receipts", figures.receipts());
    Count("of which returns", figures.return_receipts());
    Count("of which voids", figures.post_voids());
    Count("Lines", figures.lines());
    Count("Voided lines", figures.voided_lines());
    Count("Keyed prices", figures.overridden_lines());
    Count("Keyed weights", figures.hand_weighed_lines());
    Count("Cancelled baskets", figures.cancelled_baskets());
    Count("Copies printed", figures.reprints());
    if (!report_.blind()) Sums(money);
    if (is_z_ && shift_.counted()) {
      Add(RuleBlock{'-'});
      Amount("Counted", money.counted_minor());
      if (!report_.blind()) {
        Amount("Over or short", money.over_short_minor());
        Amount("To the safe", money.to_safe_minor());
        Amount("Left in the drawer", money.left_minor());
      }
    }
    if (is_z_ && !report_.blind()) {
      Add(RuleBlock{'-'});
      Amount("Grand sales", money.grand_sales_minor());
      Amount("Grand returns", money.grand_returns_minor());
    }
  }

  // What tells the cash, if one adds it up.
  void Sums(const v1::ShiftMoney& money) {
    const v1::TillFigures& figures = money.figures();
    Add(RuleBlock{'-'});
    Amount("Sales", figures.sales_minor());
    Amount("Returns", -figures.returns_minor());
    Row(Word("NET"),
        GroupedMinor(figures.sales_minor() - figures.returns_minor(), digits_),
        {.bold = true});
    AmountIfAny("Discounts", -figures.discount_minor());
    AmountIfAny("Rounding", figures.cash_rounding_minor());
    for (const v1::TaxFigure& tax : figures.taxes()) {
      Row(absl::StrCat(Word("Tax"), " ", tax.code()),
          GroupedMinor(tax.tax_minor(), digits_));
    }
    Add(RuleBlock{'-'});
    for (const v1::TenderFigure& tender : figures.tenders()) {
      Row(absl::StrCat(Word(TenderKey(tender.kind())), " x", tender.count()),
          GroupedMinor(tender.taken_minor() - tender.given_minor(), digits_));
      if (tender.unconfirmed_minor() == 0) continue;
      Row(absl::StrCat("  ", Word("unconfirmed")),
          GroupedMinor(tender.unconfirmed_minor(), digits_));
    }
    for (const v1::MoveFigure& move : figures.moves()) {
      Row(absl::StrCat(Word(MoveKey(move.kind())), " x", move.count()),
          GroupedMinor(move.amount_minor(), digits_));
    }
    Add(RuleBlock{'-'});
    Amount("Opening", money.opening_minor());
    Amount("Expected", money.expected_minor());
  }

  absl::Status Late() {
    for (const v1::LateShare& late : shift_.late()) {
      BL_ASSIGN_OR_RETURN(digits_, MinorDigits(late.currency()));
      Row(Filled("Late, for $0", FormatDate(late.date())),
          GroupedMinor(late.net_minor(), digits_));
    }
    return absl::OkStatus();
  }

  absl::Status Settled() {
    if (!report_.has_settled()) return absl::OkStatus();
    Add(RuleBlock{'='});
    Big(Word("SETTLEMENT"));
    return SettledCash();
  }

  absl::Status SettledCash() {
    for (const v1::CountedCash& cash : report_.settled().cash()) {
      BL_ASSIGN_OR_RETURN(digits_, MinorDigits(cash.currency()));
      Text(cash.currency());
      Amount("Counted", cash.counted_minor());
      if (!report_.blind()) Amount("Over or short", cash.over_short_minor());
    }
    return absl::OkStatus();
  }

  const v1::ShiftReport& report_;
  const v1::ShiftClosed& shift_;
  const SlipContext& context_;
  const bool is_z_;
  int digits_ = 2;
  ReceiptDocument document_;
};

}  // namespace

absl::StatusOr<ReceiptDocument> LayOutShift(const v1::ShiftReport& report,
                                            const SlipContext& context) {
  return Slip(report, context).Make();
}

absl::StatusOr<ReceiptDocument> LayOutSettlement(const v1::ShiftReport& report,
                                                 const SlipContext& context) {
  return Slip(report, context).MakeSettlement();
}

}  // namespace branchline

#include "sync/ledger/fold_till.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "sync/base/bytes.h"
#include "sync/ledger/keys.h"

namespace branchline {
namespace {

using namespace till_figure;  // NOLINT: the names of this file's own table

class TillFold {
 public:
  TillFold(const v1::Event& event, absl::string_view till, Cell* day)
      : event_(event), till_(till), day_(*day) {}

  void Of(const v1::Sale& sale) {
    currency_ = sale.currency();
    Add(kReceipts, 1);
    if (!sale.voids_receipt_no().empty()) Add(kPostVoids, 1);
    int lines = 0;
    __int128 sold_minor = 0;
    __int128 back_minor = 0;
    __int128 discount_minor = 0;
    for (const v1::SaleLine& line : sale.lines()) {
      if (line.voided()) {
        Add(kVoidedLines, 1);
        continue;
      }
      ++lines;
      if (line.price_overridden()) Add(kOverriddenLines, 1);
      if (line.hand_weighed()) Add(kHandWeighedLines, 1);
      (line.amount_minor() > 0 ? sold_minor : back_minor) +=
          line.amount_minor();
      discount_minor += line.discount_minor();
    }
    Add(kLines, lines);
    Amount(sold_minor);
    Amount(back_minor);
    Add(kDiscount, discount_minor);
    const __int128 net_minor = sold_minor + back_minor;
    Add(kCashRounding, sale.cash_rounding_minor());
    Tenders(sale.tenders());
    Taxes(sale.taxes());
    Late(net_minor);
  }

  void Of(const v1::Return& back) {
    currency_ = back.currency();
    Add(kReceipts, 1);
    Add(kReturnReceipts, 1);
    __int128 net_minor = 0;
    for (const v1::ReturnLine& line : back.lines()) {
      Add(kLines, 1);
      Amount(-static_cast<__int128>(line.amount_minor()));
      net_minor -= line.amount_minor();
    }
    Add(kCashRounding, back.cash_rounding_minor());
    Tenders(back.tenders());
    Taxes(back.taxes());
    Late(net_minor);
  }

  void Of(const v1::ShiftOpened& opened) {
    for (const v1::CashAmount& cash : opened.floats()) {
      currency_ = cash.currency();
      Move(v1::CASH_MOVE_KIND_FLOAT, cash.amount_minor());
    }
  }

  void Of(const v1::CashMoved& moved) {
    currency_ = moved.cash().currency();
    Move(moved.kind(), moved.cash().amount_minor());
  }

  void Of(const v1::CashCounted& counted) {
    if (counted.place() == v1::CASH_PLACE_SAFE) return;
    for (const v1::CountedCash& cash : counted.cash()) {
      currency_ = cash.currency();
      Move(v1::CASH_MOVE_KIND_COUNTED, cash.over_short_minor());
    }
  }

  // Of a Z that was made on a lost box: what it moved is new to this one.
  void Of(const v1::ShiftClosed& closed) {
    for (const v1::ShiftMoney& money : closed.money()) {
      currency_ = money.currency();
      if (money.over_short_minor() != 0) {
        Move(v1::CASH_MOVE_KIND_COUNTED, money.over_short_minor());
      }
      if (money.to_safe_minor() != 0) {
        Move(v1::CASH_MOVE_KIND_SAFE_DROP, money.to_safe_minor());
      }
    }
  }

  void Of(const v1::BasketCancelled& cancelled) {
    currency_ = cancelled.currency();
    Add(kCancelledBaskets, 1);
    Add(kCancelledAmount, cancelled.total_minor());
  }

  void Of(const v1::PaperReprinted& reprinted) {
    currency_ = reprinted.currency();
    Add(kReprints, 1);
  }

 private:
  void Add(char figure, __int128 amount) {
    AddText(absl::string_view(&figure, 1), amount);
  }
  void AddText(absl::string_view figure, __int128 amount) {
    if (amount == 0) return;
    if (field_.empty() || currency_ != field_currency_) {
      field_currency_ = currency_;
      field_ = books::TillField(till_, currency_, "");
      figure_at_ = field_.size();
    }
    field_.resize(figure_at_);
    field_.append(figure.data(), figure.size());
    day_.Add(field_, amount);
  }
  void AddOf(char figure, absl::string_view rest, __int128 amount) {
    AddText(absl::StrCat(absl::string_view(&figure, 1), rest), amount);
  }

  void Amount(__int128 amount_minor) {
    Add(amount_minor > 0 ? kSales : kReturns,
        amount_minor > 0 ? amount_minor : -amount_minor);
  }

  template <typename List>
  void Tenders(const List& tenders) {
    for (const v1::Tender& tender : tenders) {
      const char kind = static_cast<char>(tender.kind());
      const absl::string_view rest(&kind, 1);
      const __int128 amount_minor = tender.amount_minor();
      AddOf(kTenderCount, rest, 1);
      AddOf(amount_minor > 0 ? kTenderTaken : kTenderGiven, rest,
            amount_minor > 0 ? amount_minor : -amount_minor);
      if (tender.unconfirmed()) AddOf(kTenderUnconfirmed, rest, amount_minor);
    }
  }

  template <typename List>
  void Taxes(const List& taxes) {
    for (const v1::LineTax& tax : taxes) {
      AddOf(kTaxBase, tax.code(), tax.base_minor());
      AddOf(kTax, tax.code(), tax.tax_minor());
    }
  }

  void Move(v1::CashMoveKind kind, int64_t amount_minor) {
    const char byte = static_cast<char>(kind);
    AddOf(kMoveCount, absl::string_view(&byte, 1), 1);
    AddOf(kMoveAmount, absl::string_view(&byte, 1), amount_minor);
  }

  void Late(__int128 net_minor) {
    if (event_.restated_on_date() == 0) return;
    std::string date;
    AppendU32(&date, event_.business_date());
    AddOf(kLateReceipts, date, 1);
    AddOf(kLateNet, date, net_minor);
  }

  const v1::Event& event_;
  const absl::string_view till_;
  Cell& day_;
  absl::string_view currency_;
  // A field's name: all of one currency begin alike.
  std::string field_;
  absl::string_view field_currency_;
  size_t figure_at_ = 0;
};

// Moves of the safe alone are no till's.
bool IsOfTill(const v1::CashMoved& moved) {
  return moved.kind() != v1::CASH_MOVE_KIND_BANK_SENT &&
         moved.kind() != v1::CASH_MOVE_KIND_BANK_CONFIRMED;
}

}  // namespace

Date PostedOn(const v1::Event& event) {
  return event.restated_on_date() != 0 ? event.restated_on_date()
                                       : event.business_date();
}

bool HasTillFigures(const v1::Event& event, const v1::Event& document) {
  if (event.till().empty()) return false;
  switch (document.body_case()) {
    case v1::Event::kSale:
    case v1::Event::kReturn:
    case v1::Event::kBasketCancelled:
      return true;
    case v1::Event::kPaperReprinted:
      return !document.paper_reprinted().currency().empty();
    case v1::Event::kShiftOpened:
      return document.shift_opened().floats_size() > 0;
    case v1::Event::kCashMoved:
      return IsOfTill(document.cash_moved());
    case v1::Event::kCashCounted:
      return document.cash_counted().place() != v1::CASH_PLACE_SAFE;
    case v1::Event::kShiftClosed:
      return &event != &document;
    default:
      return false;
  }
}

void AddTillFigures(const v1::Event& event, const v1::Event& document,
                    Cell* day) {
  TillFold fold(event, event.till(), day);
  switch (document.body_case()) {
    case v1::Event::kSale:
      return fold.Of(document.sale());
    case v1::Event::kReturn:
      return fold.Of(document.return_());
    case v1::Event::kShiftOpened:
      return fold.Of(document.shift_opened());
    case v1::Event::kCashMoved:
      return fold.Of(document.cash_moved());
    case v1::Event::kCashCounted:
      return fold.Of(document.cash_counted());
    case v1::Event::kShiftClosed:
      return fold.Of(document.shift_closed());
    case v1::Event::kBasketCancelled:
      return fold.Of(document.basket_cancelled());
    case v1::Event::kPaperReprinted:
      return fold.Of(document.paper_reprinted());
    default:
      return;
  }
}

}  // namespace branchline

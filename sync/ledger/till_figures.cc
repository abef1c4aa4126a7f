#include "sync/ledger/till_figures.h"

#include <utility>

#include "absl/strings/match.h"
#include "sync/base/bytes.h"
#include "sync/base/status_macros.h"
#include "sync/ledger/fold_till.h"
#include "sync/ledger/keys.h"

namespace branchline {
namespace {

using namespace till_figure;  // NOLINT: names of figures

// The row of `kind` or `code` in a list; added if it is not there.
template <typename Rows, typename Is, typename Make>
auto* RowOf(Rows* rows, Is is, Make make) {
  for (auto& row : *rows) {
    if (is(row)) return &row;
  }
  auto* row = rows->Add();
  make(row);
  return row;
}

v1::TenderFigure* TenderRow(v1::TillFigures* figures, char byte) {
  const auto kind = static_cast<v1::TenderKind>(byte);
  return RowOf(
      figures->mutable_tenders(),
      [&](const auto& row) { return row.kind() == kind; },
      [&](auto* row) { row->set_kind(kind); });
}

v1::MoveFigure* MoveRow(v1::TillFigures* figures, char byte) {
  const auto kind = static_cast<v1::CashMoveKind>(byte);
  return RowOf(
      figures->mutable_moves(),
      [&](const auto& row) { return row.kind() == kind; },
      [&](auto* row) { row->set_kind(kind); });
}

v1::TaxFigure* TaxRow(v1::TillFigures* figures, absl::string_view code) {
  return RowOf(
      figures->mutable_taxes(),
      [&](const auto& row) { return row.code() == code; },
      [&](auto* row) { row->set_code(std::string(code)); });
}

v1::LateShare* LateRow(TillReading* reading, uint32_t date,
                       absl::string_view currency) {
  for (v1::LateShare& late : reading->late) {
    if (late.date() == date && late.currency() == currency) return &late;
  }
  v1::LateShare& late = reading->late.emplace_back();
  late.set_date(date);
  late.set_currency(std::string(currency));
  return &late;
}

// Sets the one figure that `name` says. `rest` is what follows its letter.
void Set(char name, absl::string_view rest, int64_t sum,
         absl::string_view currency, TillReading* reading) {
  v1::TillFigures* figures = &reading->by_currency[std::string(currency)];
  const bool one_byte = rest.size() == 1;
  switch (name) {
    case kReceipts:
      return figures->set_receipts(sum);
    case kReturnReceipts:
      return figures->set_return_receipts(sum);
    case kPostVoids:
      return figures->set_post_voids(sum);
    case kLines:
      return figures->set_lines(sum);
    case kVoidedLines:
      return figures->set_voided_lines(sum);
    case kOverriddenLines:
      return figures->set_overridden_lines(sum);
    case kHandWeighedLines:
      return figures->set_hand_weighed_lines(sum);
    case kSales:
      return figures->set_sales_minor(sum);
    case kReturns:
      return figures->set_returns_minor(sum);
    case kDiscount:
      return figures->set_discount_minor(sum);
    case kCashRounding:
      return figures->set_cash_rounding_minor(sum);
    case kCancelledBaskets:
      return figures->set_cancelled_baskets(sum);
    case kCancelledAmount:
      return figures->set_cancelled_minor(sum);
    case kReprints:
      return figures->set_reprints(sum);
    case kTenderCount:
      if (one_byte) TenderRow(figures, rest[0])->set_count(sum);
      return;
    case kTenderTaken:
      if (one_byte) TenderRow(figures, rest[0])->set_taken_minor(sum);
      return;
    case kTenderGiven:
      if (one_byte) TenderRow(figures, rest[0])->set_given_minor(sum);
      return;
    case kTenderUnconfirmed:
      if (one_byte) TenderRow(figures, rest[0])->set_unconfirmed_minor(sum);
      return;
    case kTaxBase:
      return TaxRow(figures, rest)->set_base_minor(sum);
    case kTax:
      return TaxRow(figures, rest)->set_tax_minor(sum);
    case kMoveCount:
      if (one_byte) MoveRow(figures, rest[0])->set_count(sum);
      return;
    case kMoveAmount:
      if (one_byte) MoveRow(figures, rest[0])->set_amount_minor(sum);
      return;
    case kLateReceipts:
      if (rest.size() != 4) return;
      return LateRow(reading, U32FromBytes(rest), currency)->set_receipts(sum);
    case kLateNet:
      if (rest.size() != 4) return;
      return LateRow(reading, U32FromBytes(rest), currency)->set_net_minor(sum);
    default:
      return;  // of a newer program
  }
}

}  // namespace

Cell TillPartOf(const Cell& day, absl::string_view till) {
  const std::string prefix = books::TillFields(till);
  Cell part;
  for (const auto& [field, sum] : day.fields()) {
    if (absl::StartsWith(field, prefix)) part.Add(field, sum);
  }
  return part;
}

Cell Difference(const Cell& now, const Cell& before) {
  Cell difference = now;
  for (const auto& [field, sum] : before.fields()) difference.Add(field, -sum);
  return difference;
}

absl::StatusOr<TillReading> ReadTillFigures(const Cell& till_part) {
  TillReading reading;
  for (const auto& [field, sum] : till_part.fields()) {
    if (sum == 0) continue;
    const size_t till_end = field.find('\0');
    if (till_end == std::string::npos) continue;
    const size_t currency_end = field.find('\0', till_end + 1);
    if (currency_end == std::string::npos) continue;
    const absl::string_view currency = absl::string_view(field).substr(
        till_end + 1, currency_end - till_end - 1);
    const absl::string_view figure =
        absl::string_view(field).substr(currency_end + 1);
    if (figure.empty()) continue;
    BL_ASSIGN_OR_RETURN(const int64_t narrow, Narrow(sum, "a till's figure"));
    Set(figure[0], figure.substr(1), narrow, currency, &reading);
  }
  return reading;
}

int64_t CashMovedIn(const v1::TillFigures& figures) {
  int64_t sum = 0;
  for (const v1::TenderFigure& tender : figures.tenders()) {
    if (tender.kind() != v1::TENDER_KIND_CASH) continue;
    sum += tender.taken_minor() - tender.given_minor();
  }
  for (const v1::MoveFigure& move : figures.moves()) {
    switch (move.kind()) {
      case v1::CASH_MOVE_KIND_FLOAT:
      case v1::CASH_MOVE_KIND_PAID_IN:
      case v1::CASH_MOVE_KIND_COUNTED:
        sum += move.amount_minor();
        break;
      case v1::CASH_MOVE_KIND_SAFE_DROP:
      case v1::CASH_MOVE_KIND_PAID_OUT:
        sum -= move.amount_minor();
        break;
      default:
        break;
    }
  }
  return sum;
}

}  // namespace branchline

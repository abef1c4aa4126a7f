#include "tools/drill/till_request.h"

#include <algorithm>
#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "sync/base/status_macros.h"
#include "sync/identity/sha256.h"
#include "sync/identity/uuid.h"
#include "tools/drill/exact.h"
#include "tools/drill/expected_books.h"

namespace branchline::drill {
namespace {

constexpr size_t kReferenceSizeMax = 64;  // bytes, of the till service
constexpr size_t kMemberSizeMax = 64;
constexpr size_t kReceiptLinesMax = 1'000;

v1::LineKind KindOf(const SalesLine& line) {
  if (line.quantity_milli < 0) return v1::LINE_KIND_RETURN;
  // Money alone moves for a quantity of 0, which a free line never does.
  return line.kind == LineKind::kAdjust && line.quantity_milli > 0
             ? v1::LINE_KIND_FREE
             : v1::LINE_KIND_SALE;
}

// Stock changes have no discount: the price that comes to the same.
absl::StatusOr<int64_t> PriceWithDiscount(const SalesLine& line) {
  if (line.discount_minor == 0) return line.unit_price_minor_e4;
  if (line.quantity_milli != 0) {
    const __int128 price = DivideRounded(static_cast<__int128>(NetMinor(line)) *
                                             kUnitPriceScale * kQuantityScale,
                                         line.quantity_milli);
    if (price <= kUnitPriceMinorE4Max && price >= -kUnitPriceMinorE4Max &&
        GrossMinor(line.quantity_milli, static_cast<int64_t>(price)) ==
            NetMinor(line)) {
      return static_cast<int64_t>(price);
    }
  }
  return absl::InvalidArgumentError(absl::StrCat(
      "row ", line.row, ": column discount: found ", line.discount_minor,
      " minor units on a stock document, want none: no unit price comes to ",
      NetMinor(line)));
}

absl::StatusOr<TillRequest> StockChangeOf(const SalesReceipt& receipt,
                                          Date date) {
  v1::ChangeStockRequest request;
  request.set_date(date);
  request.set_reason(v1::STOCK_CHANGE_REASON_OTHER);
  request.set_currency(std::string(receipt.currency));
  request.set_reference(ReferenceOf(receipt));
  for (const SalesLine& line : receipt.lines) {
    v1::ChangeStockLine* to = request.add_lines();
    to->set_sku(std::string(line.sku));
    to->set_quantity_milli(line.quantity_milli);
    // Nothing came and nothing went: as a count would find it.
    if (line.quantity_milli == 0) {
      request.set_reason(v1::STOCK_CHANGE_REASON_COUNTED);
    }
    BL_ASSIGN_OR_RETURN(const int64_t price, PriceWithDiscount(line));
    to->set_unit_price_minor_e4(price);
  }
  return TillRequest(std::move(request));
}

TillRequest SaleOf(const SalesReceipt& receipt, Date date) {
  v1::RingRequest request;
  request.set_date(date);
  request.set_currency(std::string(receipt.currency));
  request.set_reference(ReferenceOf(receipt));
  for (const SalesLine& line : receipt.lines) {
    v1::RingLine* to = request.add_lines();
    to->set_sku(std::string(line.sku));
    to->set_kind(KindOf(line));
    to->set_quantity_milli(line.quantity_milli);
    to->set_unit_price_minor_e4(line.unit_price_minor_e4);
    to->set_discount_minor(line.discount_minor);
    if (request.member().empty() && line.member_id.size() <= kMemberSizeMax) {
      request.set_member(std::string(line.member_id));
    }
  }
  return request;
}

}  // namespace

std::string ReferenceOf(const SalesReceipt& receipt) {
  std::string reference = absl::StrCat(receipt.store, "|", receipt.receipt_no);
  if (reference.size() <= kReferenceSizeMax &&
      receipt.store.find('|') == absl::string_view::npos) {
    return reference;
  }
  return absl::BytesToHexString(Sha256(absl::StrCat(
      receipt.store.size(), "|", receipt.store, receipt.receipt_no)));
}

void RequestMaker::FillHeader(absl::string_view what, absl::CivilSecond at,
                              v1::CommandHeader* header) const {
  const absl::Time time = absl::FromCivil(at, zone);
  header->set_command_id(
      NewUuidV7(time, Sha256(absl::StrCat("drill/", seed, "/", what))
                          .substr(0, kUuidRandomSize)));
  header->set_business_at_unix_micros(absl::ToUnixMicros(time));
}

absl::StatusOr<TillRequest> RequestMaker::Of(const SalesReceipt& receipt,
                                             Date date) const {
  if (receipt.lines.size() > kReceiptLinesMax) {
    return absl::InvalidArgumentError(absl::StrCat(
        "row ", receipt.lines[0].row, ": receipt ", receipt.receipt_no,
        " of store ", receipt.store, ": found ", receipt.lines.size(),
        " lines, a till takes at most ", kReceiptLinesMax));
  }
  TillRequest request;
  if (IsStockDocument(receipt)) {
    BL_ASSIGN_OR_RETURN(request, StockChangeOf(receipt, date));
  } else {
    request = SaleOf(receipt, date);
  }
  std::visit(
      [&](auto& command) {
        FillHeader(absl::StrCat("receipt/", receipt.store.size(), "/",
                                receipt.store, "/", receipt.receipt_no),
                   receipt.time, command.mutable_header());
      },
      request);
  return request;
}

TillRequest RequestMaker::Open(absl::string_view branch, Date date) const {
  v1::OpenDayRequest request;
  request.set_date(date);
  FillHeader(absl::StrCat("open/", branch, "/", date),
             absl::CivilDay(date / 10'000, date / 100 % 100, date % 100),
             request.mutable_header());
  return request;
}

TillRequest RequestMaker::Close(absl::string_view branch, Date date) const {
  v1::CloseDayRequest request;
  request.set_date(date);
  FillHeader(
      absl::StrCat("close/", branch, "/", date),
      absl::CivilSecond(
          absl::CivilDay(date / 10'000, date / 100 % 100, date % 100) + 1) -
          1,
      request.mutable_header());
  return request;
}

}  // namespace branchline::drill

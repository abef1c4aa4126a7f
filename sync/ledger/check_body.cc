#include "sync/ledger/check_body.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "sync/base/cursor.h"
#include "sync/base/status_macros.h"

namespace branchline {
namespace {

constexpr size_t kNameSizeMax = 64;  // bytes, of everything that becomes a key

absl::Status CheckName(absl::string_view what, absl::string_view name) {
  if (!name.empty() && name.size() <= kNameSizeMax &&
      name.find('\0') == absl::string_view::npos) {
    return absl::OkStatus();
  }
  return absl::InvalidArgumentError(
      absl::StrCat(what, " has ", name.size(), " bytes, want 1 to ",
                   kNameSizeMax, " and none of them zero"));
}

absl::Status CheckDocument(absl::string_view receipt_no,
                           absl::string_view till) {
  BL_RETURN_IF_ERROR(CheckName("receipt number", receipt_no));
  return CheckName("till", till);
}

template <typename Lines>
absl::Status CheckSkus(const Lines& lines) {
  for (const auto& line : lines) {
    BL_RETURN_IF_ERROR(CheckName("SKU", line.sku()));
  }
  return absl::OkStatus();
}

absl::Status CheckHash(const v1::Position& last) {
  if (last.hash().size() == kHashSize) return absl::OkStatus();
  return absl::InvalidArgumentError(
      absl::StrCat("the last record of a late suffix has a hash of ",
                   last.hash().size(), " bytes, want ", kHashSize));
}

}  // namespace

absl::Status CheckBody(const v1::Event& event) {
  switch (event.body_case()) {
    case v1::Event::kSale:
      BL_RETURN_IF_ERROR(
          CheckDocument(event.sale().receipt_no(), event.till()));
      return CheckSkus(event.sale().lines());
    case v1::Event::kReturn:
      BL_RETURN_IF_ERROR(
          CheckDocument(event.return_().receipt_no(), event.till()));
      BL_RETURN_IF_ERROR(CheckName("original receipt number",
                                   event.return_().original_receipt_no()));
      return CheckSkus(event.return_().lines());
    case v1::Event::kStockChange:
      return CheckSkus(event.stock_change().lines());
    case v1::Event::kTillPaired:
      return CheckName("till", event.till_paired().till());
    case v1::Event::kItemsSet:
      for (const v1::Item& item : event.items_set().items()) {
        for (const std::string& barcode : item.barcodes()) {
          BL_RETURN_IF_ERROR(CheckName("barcode", barcode));
        }
      }
      return CheckSkus(event.items_set().items());
    case v1::Event::kPricesSet:
      return CheckSkus(event.prices_set().prices());
    case v1::Event::kListPricesSet:
      BL_RETURN_IF_ERROR(
          CheckName("price list", event.list_prices_set().list_id()));
      return CheckSkus(event.list_prices_set().prices());
    case v1::Event::kBranchSet:
      return CheckName("branch code", event.branch_set().branch().code());
    case v1::Event::kStaffSet:
      return CheckName("staff id", event.staff_set().staff().id());
    case v1::Event::kDevicesSet:
      return CheckName("branch code", event.devices_set().branch());
    case v1::Event::kDrawerRecorded:
      return CheckName("drawer", event.drawer_recorded().drawer());
    case v1::Event::kLateSuffixFound:
      return CheckHash(event.late_suffix_found().last());
    case v1::Event::kLateSuffixApproved:
      BL_RETURN_IF_ERROR(
          CheckName("branch code", event.late_suffix_approved().branch()));
      return CheckHash(event.late_suffix_approved().last());
    case v1::Event::kLateRecord: {
      v1::Event original;
      if (!original.ParseFromString(event.late_record().record().payload())) {
        return absl::InvalidArgumentError("a late record cannot be read");
      }
      if (original.has_late_record()) {
        return absl::InvalidArgumentError("a late record inside a late record");
      }
      return CheckBody(original);
    }
    default:
      return absl::OkStatus();
  }
}

}  // namespace branchline

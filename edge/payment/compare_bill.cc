#include "edge/payment/compare_bill.h"

#include <algorithm>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "devices/wallet/bill.h"
#include "edge/devices/device_manager.h"
#include "edge/payment/payment_form.h"
#include "sync/base/date.h"
#include "sync/base/status_macros.h"
#include "sync/ledger/keys.h"

namespace branchline {
namespace {

// Every attempt of `device` that the ledger has.
absl::StatusOr<std::vector<PaymentAttempt>> AttemptsOf(
    const Store& store, absl::string_view branch, const std::string& device) {
  std::vector<PaymentAttempt> attempts;
  bool damaged = false;
  const std::string first = docs::Payments(branch, "");
  BL_RETURN_IF_ERROR(
      store.Scan(Table::kDocs, first, "",
                 [&](absl::string_view key, absl::string_view value) {
                   if (!absl::StartsWith(key, first)) return false;
                   v1::SalePayments sale;
                   if (!sale.ParseFromArray(value.data(),
                                            static_cast<int>(value.size()))) {
                     damaged = true;
                     return false;
                   }
                   for (const v1::PaymentAttempt& attempt : sale.attempts()) {
                     if (attempt.device() == device) {
                       attempts.push_back(FromProto(attempt));
                     }
                   }
                   return true;
                 }));
  if (damaged) {
    return absl::DataLossError(
        "what was paid of a sale is damaged in the ledger");
  }
  return attempts;
}

}  // namespace

absl::Status CompareBill(const Store& store, absl::string_view branch,
                         const absl::TimeZone& time_zone,
                         const v1::CompareBillRequest& request,
                         DeviceManager* devices,
                         v1::CompareBillResponse* response) {
  BL_RETURN_IF_ERROR(Annotate(ValidateDate(request.date()), "compare a bill"));
  const absl::CivilDay day(static_cast<int>(request.date() / 10'000),
                           static_cast<int>(request.date() / 100 % 100),
                           static_cast<int>(request.date() % 100));
  std::string text = request.bill();
  if (text.empty()) {
    const auto wallet = devices->FindPayer(request.device());
    if (wallet == nullptr) {
      return absl::NotFoundError(absl::StrCat(
          "compare a bill: no wallet '", request.device().substr(0, 64),
          "' is at work here; 'branchline devices list' has them, "
          "or give the bill with --file"));
    }
    BL_ASSIGN_OR_RETURN(text, wallet->FetchBill(day));
  }
  BL_ASSIGN_OR_RETURN(const std::vector<BillLine> bill, ParseBill(text));
  BL_ASSIGN_OR_RETURN(const std::vector<PaymentAttempt> attempts,
                      AttemptsOf(store, branch, request.device()));
  const std::vector<BillDifference> differences =
      CompareWithBill(bill, attempts, absl::FromCivil(day, time_zone),
                      absl::FromCivil(day + 1, time_zone));
  size_t in_bill = 0;
  for (const BillDifference& difference : differences) {
    response->add_differences(ToText(difference));
    in_bill += difference.kind == BillDifference::Kind::kOnlyOurs ? 0 : 1;
  }
  response->set_matched(
      static_cast<uint32_t>(bill.size() - std::min(bill.size(), in_bill)));
  return absl::OkStatus();
}

}  // namespace branchline

#pragma once

#include <cstdint>
#include <string>
#include <variant>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "branchline/v1/till.pb.h"
#include "tools/drill/sales_file.h"

namespace branchline::drill {

// A command of a till that changes something.
using TillRequest = std::variant<v1::OpenDayRequest, v1::CloseDayRequest,
                                 v1::RingRequest, v1::ChangeStockRequest>;

// How a file's receipts become commands. The same seed gives the same command
// ids, so that a command is known again whoever repeats it.
struct RequestMaker {
  uint64_t seed = 0;
  absl::TimeZone zone = absl::UTCTimeZone();  // of the file's local times

  //   INVALID_ARGUMENT  the till service has no place for what the file says:
  //                     names the row
  absl::StatusOr<TillRequest> Of(const SalesReceipt& receipt, Date date) const;
  TillRequest Open(absl::string_view branch, Date date) const;
  TillRequest Close(absl::string_view branch, Date date) const;

 private:
  void FillHeader(absl::string_view what, absl::CivilSecond at,
                  v1::CommandHeader* header) const;
};

// The file's own number of a receipt as the ledger carries it: "store|number",
// or a hash of both where that is too long or not unique.
std::string ReferenceOf(const SalesReceipt& receipt);

}  // namespace branchline::drill

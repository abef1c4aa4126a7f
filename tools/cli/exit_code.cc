#include "tools/cli/exit_code.h"

#include <string>

#include "absl/strings/cord.h"
#include "sync/base/check.h"

namespace branchline::cli {
namespace {

constexpr char kPayload[] = "branchline/exit-code";

}  // namespace

ExitCode ExitCodeOf(const absl::Status& status) {
  const auto said = status.GetPayload(kPayload);
  if (said.has_value()) {
    return static_cast<ExitCode>(std::string(*said)[0]);
  }
  switch (status.code()) {
    case absl::StatusCode::kOk:
      return ExitCode::kOk;
    case absl::StatusCode::kDataLoss:
      return ExitCode::kDamaged;
    case absl::StatusCode::kResourceExhausted:
      return ExitCode::kNoSpace;
    case absl::StatusCode::kUnavailable:
      return ExitCode::kNotReachable;
    default:
      return ExitCode::kRefused;
  }
}

absl::Status WithExit(absl::Status status, ExitCode code) {
  BL_CHECK(!status.ok(), "OK has an exit code of its own");
  status.SetPayload(kPayload,
                    absl::Cord(std::string(1, static_cast<char>(code))));
  return status;
}

absl::Status UsageError(absl::string_view message) {
  return WithExit(absl::InvalidArgumentError(message), ExitCode::kUsage);
}

}  // namespace branchline::cli

// Matchers for the exact code of a Status or StatusOr, and what it says.

#pragma once

#include <gmock/gmock.h>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace branchline::identity_testing {

inline const absl::Status& StatusOf(const absl::Status& status) {
  return status;
}

template <typename T>
const absl::Status& StatusOf(const absl::StatusOr<T>& result) {
  return result.status();
}

MATCHER(IsOk, "") {
  *result_listener << StatusOf(arg).ToString();
  return StatusOf(arg).ok();
}

// `part` is somewhere in the message.
MATCHER_P2(Fails, code, part, "") {
  *result_listener << StatusOf(arg).ToString();
  return StatusOf(arg).code() == code &&
         StatusOf(arg).message().find(part) != absl::string_view::npos;
}

inline constexpr auto kInvalid = absl::StatusCode::kInvalidArgument;
inline constexpr auto kUnauthenticated = absl::StatusCode::kUnauthenticated;
inline constexpr auto kFailed = absl::StatusCode::kFailedPrecondition;

}  // namespace branchline::identity_testing

#pragma once

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace branchline {

inline constexpr size_t kPinDigitsMin = 4;
inline constexpr size_t kPinDigitsMax = 12;

//   INVALID_ARGUMENT  not 4 to 12 digits, or the same digit throughout
absl::Status CheckPin(absl::string_view pin);

// The argon2id hash of a PIN, with its salt and cost in it ("$argon2id$...").
// Takes about 30 ms and 19 MiB.
//   RESOURCE_EXHAUSTED  no memory for it
absl::StatusOr<std::string> HashPin(absl::string_view pin);

// Whether `pin` is the one that `hash` was made of; false for no hash. As slow.
bool PinIsRight(absl::string_view hash, absl::string_view pin);

}  // namespace branchline

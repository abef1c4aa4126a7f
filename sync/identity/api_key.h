// The key that pairing gives a till. Every request of the till carries it; the
// edge keeps only its hash.
//
//   blt_<52 characters of [a-z2-7]>      256 random bits

#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace branchline {

// A new key. Shown to the till once, never stored, never logged.
//
//   UNAVAILABLE  see RandomBytes()
absl::StatusOr<std::string> GenerateApiKey();

// What the edge keeps of a key: the 32 raw bytes of SHA-256 over
// WithPurpose("till-key", key). Takes any text, so that a request with
// nonsense for a key simply matches no till.
std::string ApiKeyHash(absl::string_view key);

// True if `key` is the one that `stored_hash` was made of. The time it takes
// does not tell how much of it was right.
bool ApiKeyMatches(absl::string_view key, absl::string_view stored_hash);

}  // namespace branchline

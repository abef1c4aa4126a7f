// The one-use token with which a new box joins its chain. The hub prints it, a
// technician carries it to the branch.
//
//   BL1.<sha256 of the hub CA's DER, 64 lower-case hex>.<branch>.<secret>
//
// The hash lets the box know the hub, the secret lets the hub know the box. How
// long a token lives and that it is used once is kept by the hub, which stores
// JoinSecretHash() only.

#pragma once

#include <cstddef>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace branchline {

inline constexpr size_t kJoinSecretSize = 32;  // base32 characters, 160 bits
inline constexpr size_t kCaHashSize = 64;      // hex digits

struct JoinToken {
  std::string ca_hash;  // see CaHash()
  std::string branch;   // see ValidateBranchCode()
  std::string secret;   // kJoinSecretSize of [a-z2-7]: never in a log

  friend bool operator==(const JoinToken&, const JoinToken&) = default;
};

// A token for `branch` with a new random secret.
//
//   INVALID_ARGUMENT  `ca_hash` or `branch` is not legal
//   UNAVAILABLE       see RandomBytes()
absl::StatusOr<JoinToken> GenerateJoinToken(absl::string_view ca_hash,
                                            absl::string_view branch);

// The text form. `token` is one that GenerateJoinToken() or ParseJoinToken()
// gave.
std::string FormatJoinToken(const JoinToken& token);

// Reads the text form and nothing else: no space around it, no upper-case hex.
// What it accepts, FormatJoinToken() gives back unchanged. Messages do not show
// the secret. Errors, the first in this order:
//
//   FAILED_PRECONDITION  starts with "BL2.", "BL3." ...: install a newer
//                        branchline
//   INVALID_ARGUMENT     does not start with "BL1."
//   INVALID_ARGUMENT     not four parts
//   INVALID_ARGUMENT     the hash is not 64 lower-case hex digits
//   INVALID_ARGUMENT     see ValidateBranchCode()
//   INVALID_ARGUMENT     the secret is not kJoinSecretSize of [a-z2-7]
absl::StatusOr<JoinToken> ParseJoinToken(absl::string_view text);

// What the hub keeps of a secret: the 32 raw bytes of SHA-256 over
// WithPurpose("join-secret", secret). Compare with ConstantTimeEqual().
std::string JoinSecretHash(absl::string_view secret);

}  // namespace branchline

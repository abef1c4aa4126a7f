#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "absl/strings/string_view.h"
#include "branchline/v1/state.pb.h"
#include "sync/identity/signing_key.h"

namespace branchline {

// The rolling secret that tells a box from its clone. Each line offers the next
// one; the box stores it and confirms. A box that comes with an older one than
// was confirmed since is a copy of the box's disk.
//
//   number:8 || SHA-256(signature of branch || epoch:8 || number:8, purpose
//   "session", by the hub's journal key)
//
// Only the hub can make one. So a *later* number than the hub knows proves that
// the hub itself was restored from an older image, and is no reason to refuse
// the box.
std::string SessionSecret(const SigningKey& key, absl::string_view branch,
                          uint64_t epoch, uint64_t number);

// The number in `secret`; 0 for an empty one, which is what a box has that
// never confirmed any. nullopt if this hub did not make it for this box.
std::optional<uint64_t> SecretNumber(const SigningKey& key,
                                     absl::string_view branch, uint64_t epoch,
                                     absl::string_view secret);

enum class SecretVerdict {
  kRight,      // the confirmed or the offered one
  kStale,      // an older one: a clone, or a greeting that was long on its way
  kHubBehind,  // a later one than this hub remembers to have made
  kForeign,    // not made by this hub for this box
};

// Judges what a greeting carried against what is stored.
SecretVerdict JudgeSecret(const SigningKey& key, const v1::BoxState& box,
                          absl::string_view secret);

// After a greeting whose secret was not refused: what is confirmed now, and
// what to offer. An offer that was not confirmed is made again, so that answers
// which cross on the line do not lock the box out.
void RollSecret(const SigningKey& key, absl::string_view secret,
                v1::BoxState* box);

}  // namespace branchline

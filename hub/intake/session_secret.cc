#include "hub/intake/session_secret.h"

#include <algorithm>

#include "sync/base/bytes.h"
#include "sync/identity/constant_time.h"
#include "sync/identity/sha256.h"

namespace branchline {
namespace {

constexpr size_t kNumberSize = 8;  // bytes

uint64_t KnownNumber(const SigningKey& key, const v1::BoxState& box,
                     absl::string_view secret) {
  return SecretNumber(key, box.branch(), box.epoch(), secret).value_or(0);
}

}  // namespace

std::string SessionSecret(const SigningKey& key, absl::string_view branch,
                          uint64_t epoch, uint64_t number) {
  std::string message(branch);
  AppendU64(&message, epoch);
  AppendU64(&message, number);
  std::string secret;
  AppendU64(&secret, number);
  secret += Sha256(key.Sign("session", message));
  return secret;
}

std::optional<uint64_t> SecretNumber(const SigningKey& key,
                                     absl::string_view branch, uint64_t epoch,
                                     absl::string_view secret) {
  if (secret.empty()) return 0;
  if (secret.size() != kNumberSize + kSha256Size) return std::nullopt;
  const uint64_t number = U64FromBytes(secret.substr(0, kNumberSize));
  if (!ConstantTimeEqual(secret, SessionSecret(key, branch, epoch, number))) {
    return std::nullopt;
  }
  return number;
}

SecretVerdict JudgeSecret(const SigningKey& key, const v1::BoxState& box,
                          absl::string_view secret) {
  const std::optional<uint64_t> number =
      SecretNumber(key, box.branch(), box.epoch(), secret);
  if (!number.has_value()) return SecretVerdict::kForeign;
  const uint64_t confirmed = KnownNumber(key, box, box.confirmed_secret());
  const uint64_t offered = KnownNumber(key, box, box.offered_secret());
  if (*number == confirmed || (offered != 0 && *number == offered)) {
    return SecretVerdict::kRight;
  }
  return *number < std::max(confirmed, offered) ? SecretVerdict::kStale
                                                : SecretVerdict::kHubBehind;
}

void RollSecret(const SigningKey& key, absl::string_view secret,
                v1::BoxState* box) {
  if (secret != box->confirmed_secret()) {
    box->set_confirmed_secret(std::string(secret));
    box->clear_offered_secret();
  }
  if (box->offered_secret().empty()) {
    box->set_offered_secret(
        SessionSecret(key, box->branch(), box->epoch(),
                      KnownNumber(key, *box, box->confirmed_secret()) + 1));
  }
}

}  // namespace branchline

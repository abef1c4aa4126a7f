#include "sync/identity/pin.h"

#include <sodium.h>

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "sync/base/check.h"

namespace branchline {
namespace {

// What OWASP names as the least for argon2id.
constexpr unsigned long long kPasses = 2;
constexpr size_t kMemoryBytes = 19 << 20;

void Init() {
  static const int initialised = sodium_init();
  BL_CHECK(initialised >= 0, "libsodium starts");
}

}  // namespace

absl::Status CheckPin(absl::string_view pin) {
  if (pin.size() < kPinDigitsMin || pin.size() > kPinDigitsMax ||
      !std::all_of(pin.begin(), pin.end(),
                   [](char c) { return c >= '0' && c <= '9'; })) {
    return absl::InvalidArgumentError(absl::StrCat("a PIN has ", kPinDigitsMin,
                                                   " to ", kPinDigitsMax,
                                                   " digits and nothing else"));
  }
  if (std::all_of(pin.begin(), pin.end(),
                  [&](char c) { return c == pin[0]; })) {
    return absl::InvalidArgumentError(
        "a PIN of one digit only is guessed first: choose another");
  }
  return absl::OkStatus();
}

absl::StatusOr<std::string> HashPin(absl::string_view pin) {
  Init();
  char hash[crypto_pwhash_STRBYTES];
  if (crypto_pwhash_str_alg(hash, pin.data(), pin.size(), kPasses, kMemoryBytes,
                            crypto_pwhash_ALG_ARGON2ID13) != 0) {
    return absl::ResourceExhaustedError(absl::StrCat(
        "hashing a PIN: ", kMemoryBytes >> 20, " MiB of memory are not there"));
  }
  return std::string(hash);
}

bool PinIsRight(absl::string_view hash, absl::string_view pin) {
  Init();
  if (hash.empty() || hash.size() >= crypto_pwhash_STRBYTES ||
      pin.size() > kPinDigitsMax) {
    return false;
  }
  return crypto_pwhash_str_verify(std::string(hash).c_str(), pin.data(),
                                  pin.size()) == 0;
}

}  // namespace branchline

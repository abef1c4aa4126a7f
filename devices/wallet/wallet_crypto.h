#pragma once

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

struct evp_pkey_st;  // OpenSSL's EVP_PKEY

namespace branchline {

// What the wallets sign with. All but the RSA key are free of state; all of it
// may be used by any thread.

// Upper-case hex of the MD5, or of the HMAC-SHA256 under `key`, of `bytes`.
std::string Md5Upper(absl::string_view bytes);
std::string HmacSha256Upper(absl::string_view key, absl::string_view bytes);

// Are both equal? Takes as long whatever they are.
bool SameSecret(absl::string_view a, absl::string_view b);

// An RSA key: a private one signs and verifies, a public one verifies.
// Immutable; copies share it.
class RsaKey {
 public:
  //   INVALID_ARGUMENT  not one PEM block of an RSA key of 2048 bits or more
  static absl::StatusOr<RsaKey> FromPrivatePem(absl::string_view pem);
  static absl::StatusOr<RsaKey> FromPublicPem(absl::string_view pem);
  // A new one of 2048 bits, for emulators and tests.
  static RsaKey Generate();

  // Base64 of the SHA256withRSA signature ("RSA2"). Needs the private half.
  std::string Sign(absl::string_view bytes) const;
  bool Verify(absl::string_view bytes, absl::string_view base64) const;

 private:
  explicit RsaKey(evp_pkey_st* key);
  std::shared_ptr<evp_pkey_st> key_;
};

}  // namespace branchline

// A node's journal key: Ed25519 signatures over checkpoints, acks, epochs, and
// renewals of a lapsed certificate.
//
// What is signed is never the message alone but WithPurpose(purpose, message):
//
//   "branchline/1 " + purpose + NUL + message
//
// so that a signature made for one purpose proves nothing for another.

#pragma once

#include <cstddef>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

struct evp_pkey_st;  // OpenSSL's EVP_PKEY.

namespace branchline {

inline constexpr size_t kSigningSeedSize = 32;       // bytes
inline constexpr size_t kSigningPublicKeySize = 32;  // bytes
inline constexpr size_t kSignatureSize = 64;         // bytes

// Immutable and cheap to copy; copies share one key, which is wiped with the
// last of them. Safe for concurrent use.
class SigningKey {
 public:
  // A new random key.
  //
  //   UNAVAILABLE  see RandomBytes()
  static absl::StatusOr<SigningKey> Generate();

  // The key that `seed` (kSigningSeedSize bytes) always gives. For tests and
  // the simulation; a real node generates its key.
  //
  //   INVALID_ARGUMENT  not kSigningSeedSize bytes
  static absl::StatusOr<SigningKey> FromSeed(absl::string_view seed);

  // Reads what ToPem() wrote.
  //
  //   INVALID_ARGUMENT  not one unencrypted PKCS#8 block with an Ed25519 key
  static absl::StatusOr<SigningKey> FromPem(absl::string_view pem);

  // The private key as unencrypted PKCS#8 PEM: only for WriteSecretFile().
  std::string ToPem() const;

  // The kSignatureSize raw bytes of the signature of `message` for `purpose`.
  // The same arguments give the same bytes. See WithPurpose() for `purpose`.
  std::string Sign(absl::string_view purpose, absl::string_view message) const;

  // kSigningPublicKeySize raw bytes.
  const std::string& public_key() const { return public_key_; }

 private:
  SigningKey(std::shared_ptr<evp_pkey_st> key, std::string public_key);

  // Takes `key` over.
  static absl::StatusOr<SigningKey> Adopt(evp_pkey_st* key);

  std::shared_ptr<evp_pkey_st> key_;
  std::string public_key_;
};

// OK if `signature` was made by the owner of `public_key` for `purpose` over
// exactly `message`. Safe for concurrent use; about 0.1 ms.
//
//   INVALID_ARGUMENT  the key or the signature does not have its size
//   UNAUTHENTICATED   the signature does not match: take nothing of `message`
absl::Status VerifySignature(absl::string_view public_key,
                             absl::string_view purpose,
                             absl::string_view message,
                             absl::string_view signature);

}  // namespace branchline

// A node's TLS key: P-256, because every TLS stack takes it.

#pragma once

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

struct evp_pkey_st;  // OpenSSL's EVP_PKEY.

namespace branchline {

// Immutable and cheap to copy; copies share one key, which is wiped with the
// last of them. Safe for concurrent use.
class TlsKey {
 public:
  // A new random key.
  //
  //   UNAVAILABLE  the machine has no entropy yet: try again
  static absl::StatusOr<TlsKey> Generate();

  // Reads what ToPem() wrote.
  //
  //   INVALID_ARGUMENT  not one unencrypted PKCS#8 block with a P-256 key
  static absl::StatusOr<TlsKey> FromPem(absl::string_view pem);

  // The private key as unencrypted PKCS#8 PEM: for WriteSecretFile() and the
  // TLS library only.
  std::string ToPem() const;

  // The public half as DER (SubjectPublicKeyInfo). Two keys are the same if and
  // only if these bytes are.
  std::string PublicKeyDer() const;

  // For this folder. Stays ours.
  evp_pkey_st* handle() const { return key_.get(); }

 private:
  explicit TlsKey(std::shared_ptr<evp_pkey_st> key);

  std::shared_ptr<evp_pkey_st> key_;
};

}  // namespace branchline

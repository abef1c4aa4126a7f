// Private keys from and to PKCS#8 PEM, whatever their kind. For the .cc files
// of this folder only.

#pragma once

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "sync/identity/openssl_util.h"

namespace branchline::identity_internal {

// The key in `pem`, of any kind; the caller checks which. `what` names it in
// messages, like "the signing key".
//
//   INVALID_ARGUMENT  not one unencrypted PKCS#8 block with a key
absl::StatusOr<UniquePkey> ReadPrivateKey(absl::string_view pem,
                                          absl::string_view what);

// `key` as unencrypted PKCS#8 PEM.
std::string WritePrivateKey(EVP_PKEY* key);

// `key`'s public half as DER (SubjectPublicKeyInfo).
std::string PublicKeyDerOf(EVP_PKEY* key);

// OK if `key` is on the curve P-256, private or public.
//
//   INVALID_ARGUMENT  it is of another kind
absl::Status CheckP256(EVP_PKEY* key, absl::string_view what);

}  // namespace branchline::identity_internal

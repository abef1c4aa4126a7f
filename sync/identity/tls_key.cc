#include "sync/identity/tls_key.h"

#include <openssl/ec.h>
#include <openssl/evp.h>

#include <memory>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "sync/base/status_macros.h"
#include "sync/identity/openssl_util.h"
#include "sync/identity/private_key.h"

namespace branchline {

TlsKey::TlsKey(std::shared_ptr<evp_pkey_st> key) : key_(std::move(key)) {}

absl::StatusOr<TlsKey> TlsKey::Generate() {
  EVP_PKEY* key = EVP_EC_gen("P-256");
  if (key == nullptr) {
    return absl::UnavailableError(absl::StrCat(
        "making a TLS key failed: ", identity_internal::TakeOpenSslReason(),
        "; try again when the machine has entropy"));
  }
  return TlsKey(std::shared_ptr<evp_pkey_st>(key, EVP_PKEY_free));
}

absl::StatusOr<TlsKey> TlsKey::FromPem(absl::string_view pem) {
  constexpr absl::string_view kWhat = "the TLS key";
  BL_ASSIGN_OR_RETURN(identity_internal::UniquePkey key,
                      identity_internal::ReadPrivateKey(pem, kWhat));
  BL_RETURN_IF_ERROR(identity_internal::CheckP256(key.get(), kWhat));
  return TlsKey(std::shared_ptr<evp_pkey_st>(key.release(), EVP_PKEY_free));
}

std::string TlsKey::ToPem() const {
  return identity_internal::WritePrivateKey(key_.get());
}

std::string TlsKey::PublicKeyDer() const {
  return identity_internal::PublicKeyDerOf(key_.get());
}

}  // namespace branchline

#include "sync/identity/private_key.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/x509.h>

#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "sync/base/check.h"
#include "sync/base/status_macros.h"
#include "sync/identity/openssl_util.h"
#include "sync/identity/pem.h"

namespace branchline::identity_internal {
namespace {

using UniquePkcs8 = std::unique_ptr<PKCS8_PRIV_KEY_INFO,
                                    OpenSslDeleter<PKCS8_PRIV_KEY_INFO_free>>;

}  // namespace

absl::StatusOr<UniquePkey> ReadPrivateKey(absl::string_view pem,
                                          absl::string_view what) {
  BL_ASSIGN_OR_RETURN(std::string der, DecodePem(pem, kPemPrivateKey, what));
  const unsigned char* next = UnsignedData(der);
  const unsigned char* const end = next + der.size();
  const UniquePkcs8 info(
      d2i_PKCS8_PRIV_KEY_INFO(nullptr, &next, static_cast<long>(der.size())));
  UniquePkey key;
  if (info != nullptr && next == end) key.reset(EVP_PKCS82PKEY(info.get()));
  WipeSecret(der);
  if (key == nullptr) {
    return absl::InvalidArgumentError(
        absl::StrCat("reading ", what, ": the PEM block holds no private key (",
                     TakeOpenSslReason(), ")"));
  }
  return key;
}

std::string WritePrivateKey(EVP_PKEY* key) {
  const UniquePkcs8 info(EVP_PKEY2PKCS8(key));
  BL_CHECK(info != nullptr, "a key of ours has no PKCS#8 form");
  unsigned char* der = nullptr;
  const int size = i2d_PKCS8_PRIV_KEY_INFO(info.get(), &der);
  BL_CHECK(size > 0, "out of memory for a private key");
  std::string pem = EncodePem(absl::string_view(reinterpret_cast<char*>(der),
                                                static_cast<size_t>(size)),
                              kPemPrivateKey);
  OPENSSL_clear_free(der, static_cast<size_t>(size));
  return pem;
}

std::string PublicKeyDerOf(EVP_PKEY* key) {
  unsigned char* der = nullptr;
  const int size = i2d_PUBKEY(key, &der);
  BL_CHECK(size > 0, "out of memory for a public key");
  std::string bytes(reinterpret_cast<char*>(der), static_cast<size_t>(size));
  OPENSSL_free(der);
  return bytes;
}

absl::Status CheckP256(EVP_PKEY* key, absl::string_view what) {
  char group[64] = "";
  if (EVP_PKEY_is_a(key, "EC") == 1 &&
      EVP_PKEY_get_group_name(key, group, sizeof(group), nullptr) == 1 &&
      absl::string_view(group) == "prime256v1") {
    return absl::OkStatus();
  }
  const char* type = EVP_PKEY_get0_type_name(key);
  std::string found = type == nullptr ? "of an unknown type" : type;
  if (group[0] != '\0') absl::StrAppend(&found, " ", group);
  return absl::InvalidArgumentError(
      absl::StrCat("reading ", what, ": the key is ", found,
                   ", want EC prime256v1 (P-256)"));
}

}  // namespace branchline::identity_internal

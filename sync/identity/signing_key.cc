#include "sync/identity/signing_key.h"

#include <openssl/evp.h>

#include <memory>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "sync/base/bytes.h"
#include "sync/base/check.h"
#include "sync/base/status_macros.h"
#include "sync/identity/openssl_util.h"
#include "sync/identity/pem.h"
#include "sync/identity/private_key.h"
#include "sync/identity/purpose.h"
#include "sync/identity/random_bytes.h"

namespace branchline {

using identity_internal::OpenSslError;
using identity_internal::TakeOpenSslReason;
using identity_internal::UniqueMdContext;
using identity_internal::UniquePkey;
using identity_internal::UnsignedData;

SigningKey::SigningKey(std::shared_ptr<evp_pkey_st> key, std::string public_key)
    : key_(std::move(key)), public_key_(std::move(public_key)) {}

absl::StatusOr<SigningKey> SigningKey::Adopt(evp_pkey_st* key) {
  std::shared_ptr<evp_pkey_st> owned(key, EVP_PKEY_free);
  std::string public_key(kSigningPublicKeySize, '\0');
  size_t size = public_key.size();
  if (EVP_PKEY_get_raw_public_key(
          key, reinterpret_cast<unsigned char*>(public_key.data()), &size) !=
      1) {
    return OpenSslError("reading the public half of an Ed25519 key");
  }
  BL_CHECK(size == kSigningPublicKeySize, "an Ed25519 key has 32 bytes");
  return SigningKey(std::move(owned), std::move(public_key));
}

absl::StatusOr<SigningKey> SigningKey::Generate() {
  BL_ASSIGN_OR_RETURN(std::string seed, RandomBytes(kSigningSeedSize));
  absl::StatusOr<SigningKey> key = FromSeed(seed);
  identity_internal::WipeSecret(seed);
  return key;
}

absl::StatusOr<SigningKey> SigningKey::FromSeed(absl::string_view seed) {
  if (seed.size() != kSigningSeedSize) {
    return absl::InvalidArgumentError(
        absl::StrCat("making a signing key: seed has ", seed.size(),
                     " bytes, want ", kSigningSeedSize));
  }
  EVP_PKEY* key = EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nullptr,
                                               UnsignedData(seed), seed.size());
  if (key == nullptr) return OpenSslError("making a signing key");
  return Adopt(key);
}

absl::StatusOr<SigningKey> SigningKey::FromPem(absl::string_view pem) {
  BL_ASSIGN_OR_RETURN(UniquePkey key, identity_internal::ReadPrivateKey(
                                          pem, "the signing key"));
  if (EVP_PKEY_is_a(key.get(), "ED25519") != 1) {
    return absl::InvalidArgumentError(
        absl::StrCat("reading the signing key: it is of type ",
                     EVP_PKEY_get0_type_name(key.get()), ", want ED25519"));
  }
  return Adopt(key.release());
}

std::string SigningKey::ToPem() const {
  return identity_internal::WritePrivateKey(key_.get());
}

std::string SigningKey::Sign(absl::string_view purpose,
                             absl::string_view message) const {
  const std::string signed_bytes = WithPurpose(purpose, message);
  const UniqueMdContext context(EVP_MD_CTX_new());
  BL_CHECK(context != nullptr, "out of memory for a signature");
  const int started =
      EVP_DigestSignInit(context.get(), nullptr, nullptr, nullptr, key_.get());
  BL_CHECK(started == 1, "Ed25519 did not start to sign");
  std::string signature(kSignatureSize, '\0');
  size_t size = signature.size();
  const int finished = EVP_DigestSign(
      context.get(), reinterpret_cast<unsigned char*>(signature.data()), &size,
      UnsignedData(signed_bytes), signed_bytes.size());
  BL_CHECK(finished == 1, "Ed25519 did not sign");
  BL_CHECK(size == kSignatureSize, "an Ed25519 signature has 64 bytes");
  return signature;
}

absl::Status VerifySignature(absl::string_view public_key,
                             absl::string_view purpose,
                             absl::string_view message,
                             absl::string_view signature) {
  if (public_key.size() != kSigningPublicKeySize) {
    return absl::InvalidArgumentError(absl::StrCat(
        "checking a signature for ", purpose, ": public key has ",
        public_key.size(), " bytes, want ", kSigningPublicKeySize));
  }
  if (signature.size() != kSignatureSize) {
    return absl::InvalidArgumentError(
        absl::StrCat("checking a signature for ", purpose, ": signature has ",
                     signature.size(), " bytes, want ", kSignatureSize));
  }
  const UniquePkey key(EVP_PKEY_new_raw_public_key(
      EVP_PKEY_ED25519, nullptr, UnsignedData(public_key), public_key.size()));
  if (key == nullptr) return OpenSslError("reading a public signing key");
  const UniqueMdContext context(EVP_MD_CTX_new());
  if (context == nullptr ||
      EVP_DigestVerifyInit(context.get(), nullptr, nullptr, nullptr,
                           key.get()) != 1) {
    return OpenSslError("starting to check a signature");
  }
  const std::string signed_bytes = WithPurpose(purpose, message);
  if (EVP_DigestVerify(context.get(), UnsignedData(signature), signature.size(),
                       UnsignedData(signed_bytes), signed_bytes.size()) == 1) {
    return absl::OkStatus();
  }
  TakeOpenSslReason();  // None may be left for the next call to find.
  return absl::UnauthenticatedError(absl::StrCat(
      "signature for ", purpose, " does not match key ", ShortHex(public_key),
      ": the message was changed, is for something else, or was signed by "
      "another key; take nothing of it"));
}

}  // namespace branchline

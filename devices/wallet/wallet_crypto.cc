#include "devices/wallet/wallet_crypto.h"

#include <openssl/bio.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "sync/base/bytes.h"
#include "sync/base/check.h"

namespace branchline {
namespace {

constexpr int kRsaBitsMin = 2048;

using MdContext = std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)>;

const unsigned char* Unsigned(absl::string_view bytes) {
  return reinterpret_cast<const unsigned char*>(bytes.data());
}

std::string Upper(const unsigned char* bytes, size_t size) {
  return absl::AsciiStrToUpper(
      Hex(absl::string_view(reinterpret_cast<const char*>(bytes), size)));
}

}  // namespace

std::string Md5Upper(absl::string_view bytes) {
  unsigned char digest[EVP_MAX_MD_SIZE];
  unsigned int size = 0;
  const int ok =
      EVP_Digest(bytes.data(), bytes.size(), digest, &size, EVP_md5(), nullptr);
  BL_CHECK(ok == 1, "MD5 is there");
  return Upper(digest, size);
}

std::string HmacSha256Upper(absl::string_view key, absl::string_view bytes) {
  unsigned char digest[EVP_MAX_MD_SIZE];
  unsigned int size = 0;
  const unsigned char* const made =
      HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()),
           Unsigned(bytes), bytes.size(), digest, &size);
  BL_CHECK(made != nullptr, "HMAC is there");
  return Upper(digest, size);
}

bool SameSecret(absl::string_view a, absl::string_view b) {
  return a.size() == b.size() &&
         CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

RsaKey::RsaKey(EVP_PKEY* key) : key_(key, &EVP_PKEY_free) {}

absl::StatusOr<RsaKey> RsaKey::FromPrivatePem(absl::string_view pem) {
  const std::unique_ptr<BIO, decltype(&BIO_free_all)> bio(
      BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())), &BIO_free_all);
  RsaKey key(PEM_read_bio_PrivateKey(bio.get(), nullptr, nullptr, nullptr));
  ERR_clear_error();
  if (key.key_ == nullptr || EVP_PKEY_is_a(key.key_.get(), "RSA") != 1 ||
      EVP_PKEY_get_bits(key.key_.get()) < kRsaBitsMin) {
    return absl::InvalidArgumentError(
        "read a wallet's private key: it must be one PEM block, "
        "\"-----BEGIN PRIVATE KEY-----\", of an RSA key of 2048 bits or more");
  }
  return key;
}

absl::StatusOr<RsaKey> RsaKey::FromPublicPem(absl::string_view pem) {
  const std::unique_ptr<BIO, decltype(&BIO_free_all)> bio(
      BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())), &BIO_free_all);
  RsaKey key(PEM_read_bio_PUBKEY(bio.get(), nullptr, nullptr, nullptr));
  ERR_clear_error();
  if (key.key_ == nullptr || EVP_PKEY_is_a(key.key_.get(), "RSA") != 1 ||
      EVP_PKEY_get_bits(key.key_.get()) < kRsaBitsMin) {
    return absl::InvalidArgumentError(
        "read a wallet's public key: it must be one PEM block, "
        "\"-----BEGIN PUBLIC KEY-----\", of an RSA key of 2048 bits or more");
  }
  return key;
}

RsaKey RsaKey::Generate() {
  RsaKey key(EVP_RSA_gen(kRsaBitsMin));
  BL_CHECK(key.key_ != nullptr, "RSA keys can be made");
  return key;
}

std::string RsaKey::Sign(absl::string_view bytes) const {
  const MdContext context(EVP_MD_CTX_new(), &EVP_MD_CTX_free);
  size_t size = EVP_PKEY_get_size(key_.get());
  std::string signature(size, '\0');
  const bool begun = EVP_DigestSignInit(context.get(), nullptr, EVP_sha256(),
                                        nullptr, key_.get()) == 1;
  BL_CHECK(begun, "an RSA key signs");
  const bool done =
      EVP_DigestSign(context.get(),
                     reinterpret_cast<unsigned char*>(signature.data()), &size,
                     Unsigned(bytes), bytes.size()) == 1;
  BL_CHECK(done, "a private key signs");
  return absl::Base64Escape(absl::string_view(signature).substr(0, size));
}

bool RsaKey::Verify(absl::string_view bytes, absl::string_view base64) const {
  std::string signature;
  if (!absl::Base64Unescape(base64, &signature)) return false;
  const MdContext context(EVP_MD_CTX_new(), &EVP_MD_CTX_free);
  const bool ok =
      EVP_DigestVerifyInit(context.get(), nullptr, EVP_sha256(), nullptr,
                           key_.get()) == 1 &&
      EVP_DigestVerify(context.get(), Unsigned(signature), signature.size(),
                       Unsigned(bytes), bytes.size()) == 1;
  ERR_clear_error();
  return ok;
}

}  // namespace branchline

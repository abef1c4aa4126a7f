#include "tests/sync/rpc/http/test_certificate.h"

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include "sync/base/check.h"

namespace branchline::testing {
namespace {

constexpr long kDaySeconds = 24 * 60 * 60;

std::string Text(BIO* bio) {
  char* bytes = nullptr;
  const long size = BIO_get_mem_data(bio, &bytes);
  std::string text(bytes, static_cast<size_t>(size));
  BIO_free(bio);
  return text;
}

}  // namespace

TestCertificate MakeTestCertificate() {
  const std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> key(
      EVP_EC_gen("P-256"), EVP_PKEY_free);
  const std::shared_ptr<X509> leaf(X509_new(), X509_free);
  X509_set_version(leaf.get(), X509_VERSION_3);
  ASN1_INTEGER_set(X509_get_serialNumber(leaf.get()), 1);
  X509_gmtime_adj(X509_getm_notBefore(leaf.get()), -kDaySeconds);
  X509_gmtime_adj(X509_getm_notAfter(leaf.get()), kDaySeconds);
  X509_set_pubkey(leaf.get(), key.get());
  X509_NAME* name = X509_get_subject_name(leaf.get());
  X509_NAME_add_entry_by_txt(
      name, "CN", MBSTRING_ASC,
      reinterpret_cast<const unsigned char*>("127.0.0.1"), -1, -1, 0);
  X509_set_issuer_name(leaf.get(), name);
  X509_EXTENSION* san = X509V3_EXT_conf_nid(
      nullptr, nullptr, NID_subject_alt_name, "IP:127.0.0.1");
  X509_add_ext(leaf.get(), san, -1);
  X509_EXTENSION_free(san);
  BL_CHECK(X509_sign(leaf.get(), key.get(), EVP_sha256()) > 0, "signs");

  BIO* certificate_bio = BIO_new(BIO_s_mem());
  PEM_write_bio_X509(certificate_bio, leaf.get());
  BIO* key_bio = BIO_new(BIO_s_mem());
  PEM_write_bio_PrivateKey(key_bio, key.get(), nullptr, nullptr, 0, nullptr,
                           nullptr);
  return {{Text(certificate_bio), Text(key_bio)}, leaf};
}

}  // namespace branchline::testing

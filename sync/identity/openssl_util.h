// Owners for OpenSSL's objects and words for its errors. For the .cc files of
// this folder only: no header that others include shows OpenSSL's types.

#pragma once

#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/evp.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace branchline::identity_internal {

template <auto kFree>
struct OpenSslDeleter {
  template <typename T>
  void operator()(T* object) const {
    kFree(object);
  }
};

using UniqueBio = std::unique_ptr<BIO, OpenSslDeleter<BIO_free_all>>;
using UniqueBignum = std::unique_ptr<BIGNUM, OpenSslDeleter<BN_clear_free>>;
using UniqueMdContext =
    std::unique_ptr<EVP_MD_CTX, OpenSslDeleter<EVP_MD_CTX_free>>;
using UniquePkey = std::unique_ptr<EVP_PKEY, OpenSslDeleter<EVP_PKEY_free>>;
using UniqueX509 = std::unique_ptr<X509, OpenSslDeleter<X509_free>>;
using UniqueRequest = std::unique_ptr<X509_REQ, OpenSslDeleter<X509_REQ_free>>;
using UniqueGeneralNames =
    std::unique_ptr<GENERAL_NAMES, OpenSslDeleter<GENERAL_NAMES_free>>;

// The reason OpenSSL gives for its last failure on this thread, or "no reason
// given". Empties the thread's error queue, so that an old error never explains
// a new one.
std::string TakeOpenSslReason();

// INTERNAL: `what`, which ends like "signing a certificate", failed, and why.
// For calls that fail only when memory is short or the library is broken.
absl::Status OpenSslError(absl::string_view what);

// The unsigned bytes that OpenSSL takes for `bytes`.
inline const unsigned char* UnsignedData(absl::string_view bytes) {
  return reinterpret_cast<const unsigned char*>(bytes.data());
}

}  // namespace branchline::identity_internal

#include "sync/identity/x509_util.h"

#include <openssl/asn1.h>
#include <openssl/crypto.h>
#include <openssl/x509.h>

#include <ctime>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "sync/base/bytes.h"
#include "sync/base/check.h"
#include "sync/base/status_macros.h"
#include "sync/identity/openssl_util.h"
#include "sync/identity/pem.h"
#include "sync/identity/sha256.h"

namespace branchline::identity_internal {
namespace {

std::string DerOf(X509* certificate) {
  unsigned char* der = nullptr;
  const int size = i2d_X509(certificate, &der);
  BL_CHECK(size > 0, "out of memory for a certificate");
  std::string bytes(reinterpret_cast<char*>(der), static_cast<size_t>(size));
  OPENSSL_free(der);
  return bytes;
}

}  // namespace

absl::StatusOr<UniqueX509> ReadCertificate(absl::string_view pem,
                                           absl::string_view what) {
  BL_ASSIGN_OR_RETURN(const std::string der,
                      DecodePem(pem, kPemCertificate, what));
  const unsigned char* next = UnsignedData(der);
  UniqueX509 certificate(
      d2i_X509(nullptr, &next, static_cast<long>(der.size())));
  // Bytes after it, or another encoding of the same certificate, would give it
  // a second hash.
  if (certificate == nullptr || DerOf(certificate.get()) != der) {
    return absl::InvalidArgumentError(
        absl::StrCat("reading ", what, ": the PEM block holds no certificate (",
                     TakeOpenSslReason(), ")"));
  }
  return certificate;
}

std::string WriteCertificate(X509* certificate) {
  return EncodePem(DerOf(certificate), kPemCertificate);
}

std::string CertificateHash(X509* certificate) {
  return Hex(Sha256(DerOf(certificate)));
}

absl::StatusOr<std::string> CommonName(const X509_NAME* name,
                                       absl::string_view what) {
  const int first = X509_NAME_get_index_by_NID(name, NID_commonName, -1);
  if (first < 0) {
    return absl::InvalidArgumentError(
        absl::StrCat("reading ", what, ": its subject has no common name"));
  }
  if (X509_NAME_get_index_by_NID(name, NID_commonName, first) >= 0) {
    return absl::InvalidArgumentError(absl::StrCat(
        "reading ", what, ": its subject has two common names, want one"));
  }
  unsigned char* text = nullptr;
  const int size = ASN1_STRING_to_UTF8(
      &text, X509_NAME_ENTRY_get_data(X509_NAME_get_entry(name, first)));
  if (size < 0) {
    TakeOpenSslReason();
    return absl::InvalidArgumentError(
        absl::StrCat("reading ", what, ": its common name is not text"));
  }
  std::string common_name(reinterpret_cast<char*>(text),
                          static_cast<size_t>(size));
  OPENSSL_free(text);
  return common_name;
}

absl::Status SetCommonName(X509_NAME* name, absl::string_view common_name) {
  if (!common_name.empty() &&
      X509_NAME_add_entry_by_NID(
          name, NID_commonName, MBSTRING_UTF8, UnsignedData(common_name),
          static_cast<int>(common_name.size()), -1, 0) == 1) {
    return absl::OkStatus();
  }
  return absl::InvalidArgumentError(
      absl::StrCat("common name of ", common_name.size(),
                   " bytes does not fit a certificate (", TakeOpenSslReason(),
                   "), want 1 to 64 characters of UTF-8"));
}

absl::StatusOr<absl::Time> FromAsn1Time(const ASN1_TIME* time,
                                        absl::string_view what) {
  std::tm utc = {};
  if (ASN1_TIME_to_tm(time, &utc) != 1) {
    TakeOpenSslReason();
    return absl::InvalidArgumentError(
        absl::StrCat("reading ", what, ": its validity is not a time"));
  }
  return absl::FromTM(utc, absl::UTCTimeZone());
}

absl::Status SetAsn1Time(ASN1_TIME* out, absl::Time time) {
  if (ASN1_TIME_set(out, absl::ToTimeT(time)) == nullptr) {
    return OpenSslError(
        absl::StrCat("putting the time ", UtcText(time), " in a certificate"));
  }
  return absl::OkStatus();
}

std::string UtcText(absl::Time time) {
  return absl::FormatTime("%Y-%m-%dT%H:%M:%SZ", time, absl::UTCTimeZone());
}

}  // namespace branchline::identity_internal

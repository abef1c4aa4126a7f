// Certificates as OpenSSL holds them: reading, names, times, keys. For the .cc
// files of this folder only.

#pragma once

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "sync/identity/openssl_util.h"

namespace branchline::identity_internal {

// The one certificate in `pem`. `what` names it in messages, like "hub CA".
//
//   INVALID_ARGUMENT  not one PEM block with exactly one certificate
absl::StatusOr<UniqueX509> ReadCertificate(absl::string_view pem,
                                           absl::string_view what);

std::string WriteCertificate(X509* certificate);

// SHA-256 of the certificate's DER, as 64 lower-case hex digits.
std::string CertificateHash(X509* certificate);

// The only common name in `name`.
//
//   INVALID_ARGUMENT  none, more than one, or not text
absl::StatusOr<std::string> CommonName(const X509_NAME* name,
                                       absl::string_view what);

// Makes `common_name` the whole of `name`.
//
//   INVALID_ARGUMENT  empty, not UTF-8, or longer than X.509 allows (64)
absl::Status SetCommonName(X509_NAME* name, absl::string_view common_name);

// Both to the second, UTC.
//
//   INVALID_ARGUMENT  the certificate's time is not one
absl::StatusOr<absl::Time> FromAsn1Time(const ASN1_TIME* time,
                                        absl::string_view what);
absl::Status SetAsn1Time(ASN1_TIME* out, absl::Time time);

// "2026-11-20T08:00:00Z".
std::string UtcText(absl::Time time);

}  // namespace branchline::identity_internal

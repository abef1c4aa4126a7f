// Certificate requests (CSRs): how a box that makes its TLS key itself asks for
// a certificate without the key ever leaving it.

#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "sync/identity/tls_key.h"

namespace branchline {

// A request for `common_name` (a branch code), signed by `key`, as PEM.
//
//   INVALID_ARGUMENT  `common_name` is empty or does not fit a certificate
absl::StatusOr<std::string> MakeCertificateRequest(
    const TlsKey& key, absl::string_view common_name);

struct CertificateRequest {
  std::string common_name;
  std::string public_key_der;  // see TlsKey::PublicKeyDer()
};

// What `pem` asks for. OK means: whoever made it has the private half of
// `public_key_der`. It says nothing about who that is.
//
//   INVALID_ARGUMENT  not one PEM block with a request; not exactly one common
//                     name; a key that is not P-256
//   UNAUTHENTICATED   not signed by the key in it
absl::StatusOr<CertificateRequest> CheckCertificateRequest(
    absl::string_view pem);

}  // namespace branchline

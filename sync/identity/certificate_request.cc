#include "sync/identity/certificate_request.h"

#include <openssl/crypto.h>
#include <openssl/x509.h>

#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "sync/base/status_macros.h"
#include "sync/identity/openssl_util.h"
#include "sync/identity/pem.h"
#include "sync/identity/private_key.h"
#include "sync/identity/tls_key.h"
#include "sync/identity/x509_util.h"

namespace branchline {

using identity_internal::OpenSslError;
using identity_internal::UniqueRequest;

namespace {

constexpr absl::string_view kRequestText = "the certificate request";

absl::StatusOr<UniqueRequest> ReadRequest(absl::string_view pem) {
  BL_ASSIGN_OR_RETURN(const std::string der,
                      identity_internal::DecodePem(
                          pem, identity_internal::kPemRequest, kRequestText));
  const unsigned char* next = identity_internal::UnsignedData(der);
  const unsigned char* const end = next + der.size();
  UniqueRequest request(
      d2i_X509_REQ(nullptr, &next, static_cast<long>(der.size())));
  if (request == nullptr || next != end) {
    return absl::InvalidArgumentError(absl::StrCat(
        "reading ", kRequestText, ": the PEM block holds no request (",
        identity_internal::TakeOpenSslReason(), ")"));
  }
  return request;
}

}  // namespace

absl::StatusOr<std::string> MakeCertificateRequest(
    const TlsKey& key, absl::string_view common_name) {
  const UniqueRequest request(X509_REQ_new());
  if (request == nullptr || X509_REQ_set_version(request.get(), 0) != 1) {
    return OpenSslError("making a certificate request");
  }
  BL_RETURN_IF_ERROR(identity_internal::SetCommonName(
      X509_REQ_get_subject_name(request.get()), common_name));
  if (X509_REQ_set_pubkey(request.get(), key.handle()) != 1 ||
      X509_REQ_sign(request.get(), key.handle(), EVP_sha256()) <= 0) {
    return OpenSslError("signing a certificate request");
  }
  unsigned char* der = nullptr;
  const int size = i2d_X509_REQ(request.get(), &der);
  if (size <= 0) return OpenSslError("writing a certificate request");
  std::string pem = identity_internal::EncodePem(
      absl::string_view(reinterpret_cast<char*>(der),
                        static_cast<size_t>(size)),
      identity_internal::kPemRequest);
  OPENSSL_free(der);
  return pem;
}

absl::StatusOr<CertificateRequest> CheckCertificateRequest(
    absl::string_view pem) {
  BL_ASSIGN_OR_RETURN(const UniqueRequest request, ReadRequest(pem));
  BL_ASSIGN_OR_RETURN(
      std::string common_name,
      identity_internal::CommonName(X509_REQ_get_subject_name(request.get()),
                                    kRequestText));
  EVP_PKEY* key = X509_REQ_get0_pubkey(request.get());  // `request` owns it.
  if (key == nullptr) {
    return absl::InvalidArgumentError(absl::StrCat(
        "reading ", kRequestText, ": no key in it that can be read (",
        identity_internal::TakeOpenSslReason(), ")"));
  }
  BL_RETURN_IF_ERROR(identity_internal::CheckP256(key, kRequestText));
  if (X509_REQ_verify(request.get(), key) != 1) {
    identity_internal::TakeOpenSslReason();
    return absl::UnauthenticatedError(absl::StrCat(
        "certificate request for ", absl::CHexEscape(common_name),
        " is not signed by the key in it: make it again on the box"));
  }
  return CertificateRequest{std::move(common_name),
                            identity_internal::PublicKeyDerOf(key)};
}

}  // namespace branchline

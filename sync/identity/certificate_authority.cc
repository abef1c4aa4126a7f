#include "sync/identity/certificate_authority.h"

#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "sync/base/status_macros.h"
#include "sync/identity/branch_code.h"
#include "sync/identity/certificate.h"
#include "sync/identity/certificate_builder.h"
#include "sync/identity/certificate_request.h"
#include "sync/identity/openssl_util.h"
#include "sync/identity/tls_key.h"
#include "sync/identity/x509_util.h"

namespace branchline {

using identity_internal::BuildCertificate;
using identity_internal::CertificateFields;
using identity_internal::OpenSslError;
using identity_internal::SubjectNames;
using identity_internal::UniquePkey;
using identity_internal::UniqueX509;
using identity_internal::UtcText;

namespace {

constexpr absl::string_view kHubName = "branchline-hub";
constexpr absl::string_view kCaText = "the hub CA";

absl::Status CheckChainName(absl::string_view chain) {
  if (chain.empty() || chain.size() > kChainNameSizeMax) {
    return absl::InvalidArgumentError(
        absl::StrCat("making a CA: chain name has ", chain.size(),
                     " bytes, want 1 to ", kChainNameSizeMax));
  }
  if (std::any_of(chain.begin(), chain.end(), absl::ascii_iscntrl)) {
    return absl::InvalidArgumentError(
        absl::StrCat("making a CA: chain name \"", absl::CHexEscape(chain),
                     "\" has a control character, want text"));
  }
  return absl::OkStatus();
}

// When a leaf issued by `ca` at `now` starts and ends.
absl::Status SetValidity(X509* ca, absl::Time now, absl::Duration lifetime,
                         CertificateFields* fields) {
  BL_ASSIGN_OR_RETURN(
      const absl::Time ca_from,
      identity_internal::FromAsn1Time(X509_get0_notBefore(ca), kCaText));
  BL_ASSIGN_OR_RETURN(
      const absl::Time ca_to,
      identity_internal::FromAsn1Time(X509_get0_notAfter(ca), kCaText));
  if (now < ca_from || now >= ca_to) {
    return absl::FailedPreconditionError(absl::StrCat(
        "issuing a certificate: it is ", UtcText(now),
        ", the CA is valid from ", UtcText(ca_from), " to ", UtcText(ca_to),
        ": set the hub's clock, or make a new CA if it is right"));
  }
  fields->not_before = now - kIssueBackdate;
  fields->not_after = std::min(now + lifetime, ca_to);
  return absl::OkStatus();
}

// The public key in `der`, as CheckCertificateRequest() gave it.
absl::StatusOr<UniquePkey> ReadPublicKey(absl::string_view der) {
  const unsigned char* next = identity_internal::UnsignedData(der);
  UniquePkey key(d2i_PUBKEY(nullptr, &next, static_cast<long>(der.size())));
  if (key == nullptr) return OpenSslError("reading a public key");
  return key;
}

}  // namespace

CertificateAuthority::CertificateAuthority(std::shared_ptr<x509_st> certificate,
                                           TlsKey key)
    : certificate_(std::move(certificate)),
      key_(std::move(key)),
      cert_pem_(identity_internal::WriteCertificate(certificate_.get())),
      hash_(identity_internal::CertificateHash(certificate_.get())) {}

absl::StatusOr<CertificateAuthority> CertificateAuthority::Create(
    absl::string_view chain, absl::Time now) {
  BL_RETURN_IF_ERROR(CheckChainName(chain));
  BL_ASSIGN_OR_RETURN(TlsKey key, TlsKey::Generate());
  CertificateFields fields;
  fields.common_name = absl::StrCat("Branchline ", chain, " CA");
  fields.not_before = now - kIssueBackdate;
  fields.not_after = now + kCaLifetime;
  fields.public_key = key.handle();
  fields.basic_constraints = "critical,CA:TRUE,pathlen:0";
  fields.key_usage = "critical,keyCertSign,cRLSign";
  BL_ASSIGN_OR_RETURN(
      UniqueX509 certificate,
      BuildCertificate(fields, /*issuer=*/nullptr, key.handle()));
  return CertificateAuthority(
      std::shared_ptr<x509_st>(certificate.release(), X509_free),
      std::move(key));
}

absl::StatusOr<CertificateAuthority> CertificateAuthority::Load(
    absl::string_view cert_pem, absl::string_view key_pem) {
  BL_ASSIGN_OR_RETURN(UniqueX509 certificate,
                      identity_internal::ReadCertificate(cert_pem, kCaText));
  BL_ASSIGN_OR_RETURN(TlsKey key, TlsKey::FromPem(key_pem));
  if (X509_check_ca(certificate.get()) != 1) {
    return absl::InvalidArgumentError(absl::StrCat(
        "loading ", kCaText, ": the certificate is a leaf, want a CA's"));
  }
  if (X509_check_private_key(certificate.get(), key.handle()) != 1) {
    identity_internal::TakeOpenSslReason();
    return absl::InvalidArgumentError(absl::StrCat(
        "loading ", kCaText,
        ": the key is not the certificate's: restore both from one backup"));
  }
  return CertificateAuthority(
      std::shared_ptr<x509_st>(certificate.release(), X509_free),
      std::move(key));
}

absl::StatusOr<std::string> CertificateAuthority::IssueBranch(
    absl::string_view request_pem, absl::string_view branch, uint64_t epoch,
    absl::Time now) const {
  BL_RETURN_IF_ERROR(
      Annotate(ValidateBranchCode(branch), "issuing a certificate"));
  BL_ASSIGN_OR_RETURN(const CertificateRequest request,
                      CheckCertificateRequest(request_pem));
  if (request.common_name != branch) {
    return absl::InvalidArgumentError(absl::StrCat(
        "issuing a certificate: the request is for \"",
        absl::CHexEscape(request.common_name), "\", want ", branch));
  }
  BL_ASSIGN_OR_RETURN(const UniquePkey key,
                      ReadPublicKey(request.public_key_der));
  SubjectNames names;
  names.AddDns(BranchHostName(branch));
  names.AddUri(BranchUri(branch, epoch));

  CertificateFields fields;
  BL_RETURN_IF_ERROR(
      SetValidity(certificate_.get(), now, kLeafLifetime, &fields));
  fields.common_name = std::string(branch);
  fields.public_key = key.get();
  fields.basic_constraints = "critical,CA:FALSE";
  fields.key_usage = "critical,digitalSignature";
  fields.extended_key_usage = "clientAuth,serverAuth";
  fields.names = &names;
  BL_ASSIGN_OR_RETURN(
      const UniqueX509 leaf,
      BuildCertificate(fields, certificate_.get(), key_.handle()));
  return identity_internal::WriteCertificate(leaf.get());
}

absl::StatusOr<std::string> CertificateAuthority::IssueHub(
    const TlsKey& key, const std::vector<std::string>& extra_names,
    absl::Time now) const {
  if (extra_names.size() > kHubNamesMax) {
    return absl::InvalidArgumentError(
        absl::StrCat("issuing the hub's certificate: ", extra_names.size(),
                     " extra names, want at most ", kHubNamesMax));
  }
  std::vector<std::string> wanted = {std::string(kHubName), "localhost",
                                     "127.0.0.1"};
  wanted.insert(wanted.end(), extra_names.begin(), extra_names.end());
  SubjectNames names;
  std::set<std::string> added;
  for (const std::string& name : wanted) {
    if (!added.insert(name).second) continue;
    BL_RETURN_IF_ERROR(
        Annotate(names.AddHost(name), "issuing the hub's certificate"));
  }

  CertificateFields fields;
  BL_RETURN_IF_ERROR(
      SetValidity(certificate_.get(), now, kHubLifetime, &fields));
  fields.common_name = std::string(kHubName);
  fields.public_key = key.handle();
  fields.basic_constraints = "critical,CA:FALSE";
  fields.key_usage = "critical,digitalSignature";
  fields.extended_key_usage = "serverAuth";
  fields.names = &names;
  BL_ASSIGN_OR_RETURN(
      const UniqueX509 certificate,
      BuildCertificate(fields, certificate_.get(), key_.handle()));
  return identity_internal::WriteCertificate(certificate.get());
}

}  // namespace branchline

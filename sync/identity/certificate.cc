#include "sync/identity/certificate.h"

#include <openssl/x509.h>
#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "sync/base/bytes.h"
#include "sync/base/status_macros.h"
#include "sync/identity/branch_code.h"
#include "sync/identity/certificate_authority.h"
#include "sync/identity/openssl_util.h"
#include "sync/identity/private_key.h"
#include "sync/identity/x509_util.h"

namespace branchline {

using identity_internal::OpenSslDeleter;
using identity_internal::OpenSslError;
using identity_internal::ReadCertificate;
using identity_internal::UniqueX509;
using identity_internal::UtcText;

namespace {

constexpr absl::string_view kLeaf = "the branch certificate";
constexpr absl::string_view kUriScheme = "branchline://";
constexpr int kSerialSize = 16;  // bytes

struct BranchEpoch {
  std::string branch;
  uint64_t epoch = 0;
};

// The one URI of ours among the subject's alternative names.
absl::StatusOr<std::string> FindBranchUri(X509* leaf) {
  const identity_internal::UniqueGeneralNames names(static_cast<GENERAL_NAMES*>(
      X509_get_ext_d2i(leaf, NID_subject_alt_name, nullptr, nullptr)));
  std::vector<std::string> uris;
  for (int i = 0; i < sk_GENERAL_NAME_num(names.get()); ++i) {
    const GENERAL_NAME* name = sk_GENERAL_NAME_value(names.get(), i);
    if (name->type != GEN_URI) continue;
    const ASN1_IA5STRING* text = name->d.uniformResourceIdentifier;
    std::string uri(reinterpret_cast<const char*>(ASN1_STRING_get0_data(text)),
                    static_cast<size_t>(ASN1_STRING_length(text)));
    if (absl::StartsWith(uri, kUriScheme)) uris.push_back(std::move(uri));
  }
  if (uris.size() != 1) {
    return absl::InvalidArgumentError(
        absl::StrCat("reading ", kLeaf, ": it has ", uris.size(),
                     " branchline:// URIs, want 1: not a branch's"));
  }
  return std::move(uris[0]);
}

absl::StatusOr<BranchEpoch> ParseBranchUri(absl::string_view uri) {
  const std::vector<absl::string_view> parts =
      absl::StrSplit(uri.substr(kUriScheme.size()), '/');
  BranchEpoch found;
  // Comparing with the text written anew refuses "+1", "01" and the like.
  if (parts.size() != 4 || !absl::SimpleAtoi(parts[3], &found.epoch) ||
      BranchUri(parts[1], found.epoch) != uri) {
    return absl::InvalidArgumentError(absl::StrCat(
        "reading ", kLeaf, ": its URI is \"", absl::CHexEscape(uri),
        "\", want branchline://branch/<code>/epoch/<n>"));
  }
  BL_RETURN_IF_ERROR(
      Annotate(ValidateBranchCode(parts[1]), absl::StrCat("reading ", kLeaf)));
  found.branch = std::string(parts[1]);
  return found;
}

absl::StatusOr<std::string> SerialOf(X509* leaf) {
  const identity_internal::UniqueBignum number(
      ASN1_INTEGER_to_BN(X509_get0_serialNumber(leaf), nullptr));
  std::string bytes(kSerialSize, '\0');
  if (number == nullptr || BN_is_negative(number.get()) ||
      BN_bn2binpad(number.get(), reinterpret_cast<unsigned char*>(bytes.data()),
                   kSerialSize) != kSerialSize) {
    identity_internal::TakeOpenSslReason();
    return absl::InvalidArgumentError(
        absl::StrCat("reading ", kLeaf, ": its serial number is not one of ",
                     8 * kSerialSize, " bits"));
  }
  return Hex(bytes);
}

// A certificate's subject, for messages only.
std::string SubjectText(X509* certificate) {
  const absl::StatusOr<std::string> name = identity_internal::CommonName(
      X509_get_subject_name(certificate), "a certificate");
  return name.ok() ? absl::CHexEscape(*name) : "(no name)";
}

absl::Status RefusedAt(X509* refused, int reason, X509* leaf, X509* ca,
                       absl::Time at) {
  const std::string subject = SubjectText(refused);
  if (reason == X509_V_ERR_CERT_HAS_EXPIRED) {
    BL_ASSIGN_OR_RETURN(
        const absl::Time not_after,
        identity_internal::FromAsn1Time(X509_get0_notAfter(refused), subject));
    return absl::FailedPreconditionError(absl::StrCat(
        "certificate of ", subject, " expired at ", UtcText(not_after),
        ", it is checked for ", UtcText(at),
        refused == leaf ? ": renew it" : ": the hub needs a new CA"));
  }
  if (reason == X509_V_ERR_CERT_NOT_YET_VALID) {
    BL_ASSIGN_OR_RETURN(
        const absl::Time not_before,
        identity_internal::FromAsn1Time(X509_get0_notBefore(refused), subject));
    return absl::FailedPreconditionError(
        absl::StrCat("certificate of ", subject, " is valid from ",
                     UtcText(not_before), " on, it is checked for ",
                     UtcText(at), ": is the clock of this box right?"));
  }
  return absl::UnauthenticatedError(
      absl::StrCat("certificate of ", SubjectText(leaf),
                   " is not one of the CA ", SubjectText(ca), " (",
                   identity_internal::CertificateHash(ca).substr(0, 8),
                   "...): ", X509_verify_cert_error_string(reason),
                   "; enrol with the hub that has this CA"));
}

}  // namespace

std::string BranchHostName(absl::string_view branch) {
  return absl::StrCat("branch-", absl::AsciiStrToLower(branch), ".branchline");
}

std::string BranchUri(absl::string_view branch, uint64_t epoch) {
  return absl::StrCat(kUriScheme, "branch/", branch, "/epoch/", epoch);
}

absl::StatusOr<BranchLeaf> ParseBranchLeaf(absl::string_view pem) {
  BL_ASSIGN_OR_RETURN(const UniqueX509 leaf, ReadCertificate(pem, kLeaf));
  BL_ASSIGN_OR_RETURN(const std::string uri, FindBranchUri(leaf.get()));
  BL_ASSIGN_OR_RETURN(BranchEpoch found, ParseBranchUri(uri));
  BL_ASSIGN_OR_RETURN(
      const std::string common_name,
      identity_internal::CommonName(X509_get_subject_name(leaf.get()), kLeaf));
  if (common_name != found.branch) {
    return absl::InvalidArgumentError(absl::StrCat(
        "reading ", kLeaf, ": its common name is \"",
        absl::CHexEscape(common_name), "\", its URI says ", found.branch));
  }
  BranchLeaf parsed;
  parsed.branch = std::move(found.branch);
  parsed.epoch = found.epoch;
  BL_ASSIGN_OR_RETURN(
      parsed.not_before,
      identity_internal::FromAsn1Time(X509_get0_notBefore(leaf.get()), kLeaf));
  BL_ASSIGN_OR_RETURN(
      parsed.not_after,
      identity_internal::FromAsn1Time(X509_get0_notAfter(leaf.get()), kLeaf));
  BL_ASSIGN_OR_RETURN(parsed.serial, SerialOf(leaf.get()));
  EVP_PKEY* key = X509_get0_pubkey(leaf.get());  // `leaf` owns it.
  if (key == nullptr) {
    return absl::InvalidArgumentError(
        absl::StrCat("reading ", kLeaf, ": no key in it that can be read (",
                     identity_internal::TakeOpenSslReason(), ")"));
  }
  parsed.public_key_der = identity_internal::PublicKeyDerOf(key);
  return parsed;
}

absl::Status VerifyLeaf(absl::string_view leaf_pem, absl::string_view ca_pem,
                        absl::Time at) {
  BL_ASSIGN_OR_RETURN(const UniqueX509 leaf,
                      ReadCertificate(leaf_pem, "the certificate"));
  BL_ASSIGN_OR_RETURN(const UniqueX509 ca, ReadCertificate(ca_pem, "the CA"));
  if (X509_check_ca(leaf.get()) != 0) {
    return absl::InvalidArgumentError(absl::StrCat(
        "certificate of ", SubjectText(leaf.get()), " is a CA, want a leaf"));
  }
  const std::unique_ptr<X509_STORE, OpenSslDeleter<X509_STORE_free>> store(
      X509_STORE_new());
  const std::unique_ptr<X509_STORE_CTX, OpenSslDeleter<X509_STORE_CTX_free>>
      check(X509_STORE_CTX_new());
  if (store == nullptr || check == nullptr ||
      X509_STORE_add_cert(store.get(), ca.get()) != 1 ||
      X509_STORE_CTX_init(check.get(), store.get(), leaf.get(), nullptr) != 1) {
    return OpenSslError("starting to check a certificate");
  }
  X509_VERIFY_PARAM* rules = X509_STORE_CTX_get0_param(check.get());
  X509_VERIFY_PARAM_set_time(rules, absl::ToTimeT(at));
  if (X509_verify_cert(check.get()) == 1) return absl::OkStatus();
  identity_internal::TakeOpenSslReason();
  X509* refused = X509_STORE_CTX_get_current_cert(check.get());
  return RefusedAt(refused == nullptr ? leaf.get() : refused,
                   X509_STORE_CTX_get_error(check.get()), leaf.get(), ca.get(),
                   at);
}

bool RenewalDue(absl::Time not_before, absl::Time not_after, absl::Time now) {
  const absl::Time issued = not_before + kIssueBackdate;
  return now >= issued + (not_after - issued) / 3;
}

absl::StatusOr<std::string> CaHash(absl::string_view ca_pem) {
  BL_ASSIGN_OR_RETURN(const UniqueX509 ca, ReadCertificate(ca_pem, "the CA"));
  return identity_internal::CertificateHash(ca.get());
}

absl::Status CheckCaHash(absl::string_view ca_pem, absl::string_view ca_hash) {
  BL_ASSIGN_OR_RETURN(const std::string found, CaHash(ca_pem));
  if (found == ca_hash) return absl::OkStatus();
  return absl::UnauthenticatedError(absl::StrCat(
      "the hub shows a CA with hash ", found.substr(0, 8),
      "..., the join token wants ", absl::CHexEscape(ca_hash.substr(0, 8)),
      "...: wrong hub address, a token of another hub, or somebody in between; "
      "nothing was sent"));
}

}  // namespace branchline

#include "sync/identity/certificate_builder.h"

#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "sync/base/check.h"
#include "sync/base/status_macros.h"
#include "sync/identity/random_bytes.h"
#include "sync/identity/x509_util.h"

namespace branchline::identity_internal {
namespace {

constexpr size_t kNewSerialSize = 16;  // bytes
constexpr size_t kHostSizeMax = 253;   // characters, RFC 1035
constexpr size_t kLabelSizeMax = 63;

bool IsLabel(absl::string_view label) {
  if (label.empty() || label.size() > kLabelSizeMax) return false;
  for (const char c : label) {
    if (!absl::ascii_isalnum(c) && c != '-') return false;
  }
  return label.front() != '-' && label.back() != '-';
}

// An all-digit last label is an IP address that went wrong.
bool IsHostName(absl::string_view name) {
  if (name.size() > kHostSizeMax) return false;
  const std::vector<absl::string_view> labels = absl::StrSplit(name, '.');
  for (const absl::string_view label : labels) {
    if (!IsLabel(label)) return false;
  }
  return labels.back().find_first_not_of("0123456789") !=
         absl::string_view::npos;
}

absl::Status SetRandomSerial(X509* certificate) {
  BL_ASSIGN_OR_RETURN(const std::string bytes, RandomBytes(kNewSerialSize));
  const UniqueBignum number(
      BN_bin2bn(UnsignedData(bytes), static_cast<int>(bytes.size()), nullptr));
  if (number == nullptr ||
      BN_to_ASN1_INTEGER(number.get(), X509_get_serialNumber(certificate)) ==
          nullptr) {
    return OpenSslError("giving a certificate its serial number");
  }
  return absl::OkStatus();
}

absl::Status AddExtension(X509* certificate, X509* issuer, int nid,
                          const char* value) {
  X509V3_CTX context;
  X509V3_set_ctx_nodb(&context);
  X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
  const std::unique_ptr<X509_EXTENSION, OpenSslDeleter<X509_EXTENSION_free>>
      extension(X509V3_EXT_conf_nid(nullptr, &context, nid, value));
  if (extension == nullptr ||
      X509_add_ext(certificate, extension.get(), -1) != 1) {
    return OpenSslError(
        absl::StrCat("adding ", OBJ_nid2sn(nid), " to a certificate"));
  }
  return absl::OkStatus();
}

absl::Status AddExtensions(const CertificateFields& fields, X509* certificate,
                           X509* issuer) {
  const auto add = [&](int nid, const char* value) {
    return AddExtension(certificate, issuer, nid, value);
  };
  BL_RETURN_IF_ERROR(add(NID_basic_constraints, fields.basic_constraints));
  BL_RETURN_IF_ERROR(add(NID_key_usage, fields.key_usage));
  if (*fields.extended_key_usage != '\0') {
    BL_RETURN_IF_ERROR(add(NID_ext_key_usage, fields.extended_key_usage));
  }
  BL_RETURN_IF_ERROR(add(NID_subject_key_identifier, "hash"));
  BL_RETURN_IF_ERROR(add(NID_authority_key_identifier, "keyid:always"));
  if (fields.names != nullptr &&
      X509_add1_ext_i2d(certificate, NID_subject_alt_name, fields.names->get(),
                        0, X509V3_ADD_DEFAULT) != 1) {
    return OpenSslError("adding names to a certificate");
  }
  return absl::OkStatus();
}

}  // namespace

SubjectNames::SubjectNames() : names_(sk_GENERAL_NAME_new_null()) {
  BL_CHECK(names_ != nullptr, "out of memory for a certificate's names");
}

void SubjectNames::AddDns(absl::string_view name) { AddText(GEN_DNS, name); }

void SubjectNames::AddUri(absl::string_view uri) { AddText(GEN_URI, uri); }

void SubjectNames::AddText(int type, absl::string_view text) {
  GENERAL_NAME* name = GENERAL_NAME_new();
  ASN1_IA5STRING* value = ASN1_IA5STRING_new();
  BL_CHECK(name != nullptr && value != nullptr, "out of memory for a name");
  const int set =
      ASN1_STRING_set(value, text.data(), static_cast<int>(text.size()));
  BL_CHECK(set == 1, "out of memory for a name");
  GENERAL_NAME_set0_value(name, type, value);
  const int count = sk_GENERAL_NAME_push(names_.get(), name);
  BL_CHECK(count > 0, "out of memory for a name");
}

absl::Status SubjectNames::AddHost(absl::string_view name) {
  ASN1_OCTET_STRING* address = a2i_IPADDRESS(std::string(name).c_str());
  if (address != nullptr && name.find('\0') == absl::string_view::npos) {
    GENERAL_NAME* entry = GENERAL_NAME_new();
    BL_CHECK(entry != nullptr, "out of memory for a name");
    GENERAL_NAME_set0_value(entry, GEN_IPADD, address);
    const int count = sk_GENERAL_NAME_push(names_.get(), entry);
    BL_CHECK(count > 0, "out of memory for a name");
    return absl::OkStatus();
  }
  ASN1_OCTET_STRING_free(address);
  TakeOpenSslReason();
  if (!IsHostName(name)) {
    return absl::InvalidArgumentError(absl::StrCat(
        "\"", absl::CHexEscape(name.substr(0, kHostSizeMax)),
        "\" is neither an IP address nor a host name of labels of a-z, 0-9 and "
        "-: correct the hub's list of names"));
  }
  AddDns(name);
  return absl::OkStatus();
}

absl::StatusOr<UniqueX509> BuildCertificate(const CertificateFields& fields,
                                            X509* issuer,
                                            EVP_PKEY* issuer_key) {
  UniqueX509 certificate(X509_new());
  if (certificate == nullptr ||
      X509_set_version(certificate.get(), X509_VERSION_3) != 1) {
    return OpenSslError("making a certificate");
  }
  X509* const signer = issuer == nullptr ? certificate.get() : issuer;
  BL_RETURN_IF_ERROR(SetRandomSerial(certificate.get()));
  BL_RETURN_IF_ERROR(SetCommonName(X509_get_subject_name(certificate.get()),
                                   fields.common_name));
  BL_RETURN_IF_ERROR(
      SetAsn1Time(X509_getm_notBefore(certificate.get()), fields.not_before));
  BL_RETURN_IF_ERROR(
      SetAsn1Time(X509_getm_notAfter(certificate.get()), fields.not_after));
  if (X509_set_issuer_name(certificate.get(), X509_get_subject_name(signer)) !=
          1 ||
      X509_set_pubkey(certificate.get(), fields.public_key) != 1) {
    return OpenSslError("making a certificate");
  }
  BL_RETURN_IF_ERROR(AddExtensions(fields, certificate.get(), signer));
  if (X509_sign(certificate.get(), issuer_key, EVP_sha256()) <= 0) {
    return OpenSslError("signing a certificate");
  }
  return certificate;
}

}  // namespace branchline::identity_internal

// One certificate being put together. For certificate_authority.cc only.

#pragma once

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "sync/identity/openssl_util.h"

namespace branchline::identity_internal {

// The alternative names of a certificate, in order of adding.
class SubjectNames {
 public:
  SubjectNames();

  void AddDns(absl::string_view name);
  void AddUri(absl::string_view uri);

  // `name` as an IP address if it is one, else as a host name.
  //
  //   INVALID_ARGUMENT  it is neither
  absl::Status AddHost(absl::string_view name);

  GENERAL_NAMES* get() const { return names_.get(); }

 private:
  void AddText(int type, absl::string_view text);

  UniqueGeneralNames names_;
};

struct CertificateFields {
  std::string common_name;
  absl::Time not_before;
  absl::Time not_after;
  EVP_PKEY* public_key = nullptr;      // not owned
  const char* basic_constraints = "";  // OpenSSL's extension syntax, all three
  const char* key_usage = "";
  const char* extended_key_usage = "";  // none if empty
  const SubjectNames* names = nullptr;  // none if null; not owned
};

// A certificate with `fields` and a random 128-bit serial number, signed with
// `issuer_key` in the name of `issuer`, or of itself if that is null.
//
//   INVALID_ARGUMENT  see SetCommonName()
//   UNAVAILABLE       see RandomBytes()
absl::StatusOr<UniqueX509> BuildCertificate(const CertificateFields& fields,
                                            X509* issuer, EVP_PKEY* issuer_key);

}  // namespace branchline::identity_internal

// The hub's certificate authority: the root of trust of one chain. It signs the
// leaf of every branch and the hub's own server certificate, and nothing else.

#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "sync/identity/tls_key.h"

struct x509_st;  // OpenSSL's X509.

namespace branchline {

inline constexpr absl::Duration kCaLifetime = absl::Hours(24 * 7305);  // 20 y
inline constexpr absl::Duration kLeafLifetime = absl::Hours(24 * 45);
// The hub makes itself a new one at every start and when RenewalDue(); a long
// life costs nothing, as nobody but the hub has the key.
inline constexpr absl::Duration kHubLifetime = absl::Hours(24 * 398);

// A certificate starts this much before it is issued: a box, or a hub, whose
// clock was set back by days must not be cut off. No key is older than its
// certificate, so nobody gains by it.
inline constexpr absl::Duration kIssueBackdate = absl::Hours(24 * 30);

inline constexpr size_t kChainNameSizeMax = 50;  // bytes of UTF-8
inline constexpr size_t kHubNamesMax = 32;

// Immutable and cheap to copy. Safe for concurrent use.
class CertificateAuthority {
 public:
  // A new CA: P-256, self-signed, CN "Branchline <chain> CA", valid from `now`
  // minus kIssueBackdate to `now` plus kCaLifetime.
  //
  //   INVALID_ARGUMENT  `chain` is empty, longer than kChainNameSizeMax, not
  //                     UTF-8, or has control characters
  //   UNAVAILABLE       see TlsKey::Generate()
  static absl::StatusOr<CertificateAuthority> Create(absl::string_view chain,
                                                     absl::Time now);

  // The CA of cert_pem() and KeyPem().
  //
  //   INVALID_ARGUMENT  either cannot be read, the certificate is not a CA's,
  //                     or the key is not the certificate's
  static absl::StatusOr<CertificateAuthority> Load(absl::string_view cert_pem,
                                                   absl::string_view key_pem);

  // Public: what boxes get and check by hash().
  const std::string& cert_pem() const { return cert_pem_; }

  // The chain's greatest secret: only for WriteSecretFile().
  std::string KeyPem() const { return key_.ToPem(); }

  // CaHash(cert_pem()).
  const std::string& hash() const { return hash_; }

  // A leaf for `branch` in `epoch` with the key of the request `request_pem`,
  // as PEM; see certificate.h for what it says. For client and server use,
  // valid from `now` minus kIssueBackdate to `now` plus kLeafLifetime, and
  // never longer than this CA.
  //
  //   INVALID_ARGUMENT     see ValidateBranchCode(), CheckCertificateRequest();
  //                        or the request is for another name than `branch`
  //   UNAUTHENTICATED      see CheckCertificateRequest()
  //   FAILED_PRECONDITION  this CA is not valid at `now`: is the clock right?
  //   UNAVAILABLE          see RandomBytes()
  absl::StatusOr<std::string> IssueBranch(absl::string_view request_pem,
                                          absl::string_view branch,
                                          uint64_t epoch, absl::Time now) const;

  // A certificate for the hub's servers with `key`, as PEM: CN and DNS name
  // "branchline-hub", also "localhost", 127.0.0.1, and `extra_names`, each a
  // host name or an IP address. Lives kHubLifetime.
  //
  //   INVALID_ARGUMENT     more than kHubNamesMax extra names, or one that is
  //                        neither a host name nor an IP address
  //   FAILED_PRECONDITION  this CA is not valid at `now`: is the clock right?
  //   UNAVAILABLE          see RandomBytes()
  absl::StatusOr<std::string> IssueHub(
      const TlsKey& key, const std::vector<std::string>& extra_names,
      absl::Time now) const;

 private:
  CertificateAuthority(std::shared_ptr<x509_st> certificate, TlsKey key);

  std::shared_ptr<x509_st> certificate_;
  TlsKey key_;
  std::string cert_pem_;
  std::string hash_;
};

}  // namespace branchline

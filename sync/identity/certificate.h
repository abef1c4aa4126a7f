// What a certificate of this chain says, and whether to believe it.
//
// A branch's leaf has CN = branch code, the DNS name BranchHostName() and the
// URI `branchline://branch/<code>/epoch/<n>`. Who issues them:
// certificate_authority.h.

#pragma once

#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace branchline {

// "branch-s014.branchline" for "S014".
std::string BranchHostName(absl::string_view branch);

// "branchline://branch/S014/epoch/2".
std::string BranchUri(absl::string_view branch, uint64_t epoch);

struct BranchLeaf {
  std::string branch;
  uint64_t epoch = 0;
  absl::Time not_before;
  absl::Time not_after;
  std::string serial;          // 32 lower-case hex digits
  std::string public_key_der;  // see TlsKey::PublicKeyDer()
};

// What the branch's leaf in `pem` says. Believes it: use VerifyLeaf() first on
// one that did not come through TLS.
//
//   INVALID_ARGUMENT  not one PEM block with a certificate; not exactly one
//                     branchline URI; a URI that is not as above, has an
//                     illegal branch code, or another one than the CN
absl::StatusOr<BranchLeaf> ParseBranchLeaf(absl::string_view pem);

// OK if the certificate in `leaf_pem` (a branch's or the hub's) is signed by
// the CA in `ca_pem` and both are valid at `at`: from `not_before` on and
// before `not_after`.
//
//   INVALID_ARGUMENT     either is not one PEM block with a certificate, or the
//                        leaf is itself a CA
//   UNAUTHENTICATED      not signed by this CA: believe nothing in it
//   FAILED_PRECONDITION  signed by this CA, but expired or not valid yet
absl::Status VerifyLeaf(absl::string_view leaf_pem, absl::string_view ca_pem,
                        absl::Time at);

// True from a third of a certificate's life on, counted from its issue:
// kIssueBackdate after `not_before`. Renewing that early leaves a branch that
// goes dark at least two thirds of it.
bool RenewalDue(absl::Time not_before, absl::Time not_after, absl::Time now);

// SHA-256 of the DER of the certificate in `ca_pem`: 64 lower-case hex digits,
// as in a join token. Text with a second certificate in it is refused, so that
// nobody can add a CA to the one that was checked.
//
//   INVALID_ARGUMENT  not one PEM block with exactly one certificate
absl::StatusOr<std::string> CaHash(absl::string_view ca_pem);

// OK if CaHash(`ca_pem`) is `ca_hash`.
//
//   INVALID_ARGUMENT  as CaHash()
//   UNAUTHENTICATED   it is the CA of another hub: send it no secret
absl::Status CheckCaHash(absl::string_view ca_pem, absl::string_view ca_hash);

}  // namespace branchline

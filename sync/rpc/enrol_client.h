#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "branchline/v1/enrolment.pb.h"
#include "sync/identity/join_token.h"
#include "sync/identity/signing_key.h"

namespace branchline {

// The CA that the server at `address` (host:port) shows, which is the one with
// the hash `ca_hash`. Sends no secret.
//
//   UNAVAILABLE          cannot be reached, or does not speak TLS
//   UNAUTHENTICATED      it shows another CA: another chain's hub, or somebody
//                        in between
//   DEADLINE_EXCEEDED    it does not answer within `timeout`
absl::StatusOr<std::string> FetchHubCa(absl::string_view address,
                                       absl::string_view ca_hash,
                                       absl::Duration timeout);

// Makes the box that holds the two keys the token's branch: checks the hub by
// the token's hash, and then sends the request. Repeating it with the same keys
// gives the same answer.
//
//   UNAVAILABLE, UNAUTHENTICATED, DEADLINE_EXCEEDED  as FetchHubCa()
//   NOT_FOUND            the hub knows no such token
//   FAILED_PRECONDITION  the token was used by another box, has expired, or the
//                        branch is retired
//   DATA_LOSS            the answer does not fit what was asked
absl::StatusOr<v1::JoinResponse> Join(absl::string_view address,
                                      const JoinToken& token,
                                      absl::string_view csr_pem,
                                      const SigningKey& journal_key,
                                      absl::Duration timeout);

// A new certificate for the request, proven by the journal key of `epoch`. The
// hub is known by `ca_pem`.
//
//   UNAVAILABLE          cannot be reached, or is not the hub of this CA
//   FAILED_PRECONDITION  the branch is retired or fenced, or this epoch sealed
//   PERMISSION_DENIED    the key is not that of the branch's epoch
absl::StatusOr<v1::RenewResponse> Renew(
    absl::string_view address, absl::string_view ca_pem,
    absl::string_view branch, uint64_t epoch, absl::string_view csr_pem,
    const SigningKey& journal_key, absl::Time now, absl::Duration timeout);

// What is signed with the purposes "join" and "renew".
inline constexpr absl::string_view kJoinPurpose = "join";
inline constexpr absl::string_view kRenewPurpose = "renew";
std::string RenewBytes(absl::string_view branch, absl::string_view csr_pem,
                       int64_t at_unix_micros);

}  // namespace branchline

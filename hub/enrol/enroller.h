#pragma once

#include <string>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "branchline/v1/chain.pb.h"
#include "branchline/v1/enrolment.pb.h"
#include "hub/merge/hub_ledger.h"
#include "hub/storage/hub_store.h"
#include "sync/base/clock.h"
#include "sync/identity/certificate_authority.h"

namespace branchline {

inline constexpr uint32_t kTokenHoursDefault = 24;
inline constexpr uint32_t kTokenHoursMax = 30 * 24;
inline constexpr absl::Duration kRenewSkewMax = absl::Hours(24);

// How boxes become branches: tokens, joining, renewing. Safe for concurrent
// use. Pointers outlive it.
class Enroller {
 public:
  Enroller(HubStore* store, HubLedger* ledger, CertificateAuthority ca,
           const Clock* clock)
      : store_(*store), ledger_(*ledger), ca_(std::move(ca)), clock_(*clock) {}

  // What boxes are told to connect to: host:port, or ":port" for the host they
  // enrolled at. Set before the first join.
  void SetSyncAddress(std::string address) ABSL_LOCKS_EXCLUDED(mutex_);

  // A one-use token for a box that is to become `branch`, or with `recover` to
  // replace the one that joined before.
  //
  //   NOT_FOUND            no such branch
  //   INVALID_ARGUMENT     more than kTokenHoursMax hours
  //   FAILED_PRECONDITION  the branch is retired; a box has joined and
  //   `recover`
  //                        is not set, or none has and it is
  absl::StatusOr<v1::IssueTokenResponse> IssueToken(
      const v1::IssueTokenRequest& request);

  // Makes the box that holds the keys in `request` the token's branch. The same
  // token with the same keys gets the same answer again. A token to recover
  // seals the epoch before at what the hub holds of it, and grants the next.
  //
  //   INVALID_ARGUMENT     keys or certificate request are malformed
  //   UNAUTHENTICATED      the box does not hold the keys that it shows
  //   NOT_FOUND            no such token for this branch
  //   DEADLINE_EXCEEDED    the token has expired
  //   FAILED_PRECONDITION  used with other keys; another box has joined since;
  //                        or the branch is retired
  absl::StatusOr<v1::JoinResponse> Join(const v1::JoinRequest& request);

  // A new certificate for the box of a branch's current epoch, which proves
  // itself by its journal key.
  //
  //   INVALID_ARGUMENT     the certificate request is malformed
  //   NOT_FOUND            no such branch
  //   FAILED_PRECONDITION  retired, fenced, or the epoch was sealed; or the
  //                        box's clock is off by more than kRenewSkewMax
  //   PERMISSION_DENIED    not signed by the key of that epoch
  absl::StatusOr<v1::RenewResponse> Renew(const v1::RenewRequest& request);

 private:
  class Joining;

  HubStore& store_;
  HubLedger& ledger_;
  const CertificateAuthority ca_;
  const Clock& clock_;

  absl::Mutex mutex_;
  std::string sync_address_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace branchline

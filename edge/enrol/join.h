#pragma once

#include <functional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "branchline/v1/state.pb.h"
#include "edge/enrol/edge_home.h"
#include "sync/base/clock.h"
#include "sync/base/cursor.h"

namespace branchline {

// A bare box becomes a branch. Repeating it after a lost answer or a power cut
// goes on where it was.
//
//   FAILED_PRECONDITION  the directory holds a branch already, or the hub
//                        refuses the token; see sync/rpc/enrol_client.h for the
//                        other codes
absl::StatusOr<v1::NodeIdentity> JoinChain(const EdgeHome& home,
                                           absl::string_view enrol_address,
                                           absl::string_view token);

struct RecoveryReport {
  v1::NodeIdentity node;
  Cursor from_hub;        // the branch's journal as the hub had it
  uint64_t records = 0;   // fetched
  std::string set_aside;  // where the old ledger is now; empty: none
  // What the old ledger held and the hub had not acked, one line a record.
  std::vector<std::string> not_acked;
  std::string old_ledger_problem;  // not empty: why it could not be read
  bool late_offered = false;       // staged; waits for the hub's approval
};

// Rebuilds a dead box from the hub under a new epoch, with a token made for
// that. An old ledger in the same directory, or in `old_data_dir`, is kept,
// compared, and what the hub lacks is offered as a late suffix. May be repeated
// after a cut at any point. `progress` gets records fetched so far.
absl::StatusOr<RecoveryReport> RecoverBranch(
    const EdgeHome& home, absl::string_view enrol_address,
    absl::string_view token, const std::string& old_data_dir,
    const Clock* clock, std::function<void(uint64_t)> progress);

// host:port of the sync port: `answered` with the host of `enrolled` where it
// has none of its own.
std::string SyncAddress(absl::string_view answered, absl::string_view enrolled);

}  // namespace branchline

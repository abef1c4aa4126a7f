#pragma once

#include <optional>
#include <variant>

#include "absl/status/statusor.h"
#include "branchline/v1/master.pb.h"
#include "branchline/v1/replication.pb.h"
#include "branchline/v1/state.pb.h"
#include "hub/storage/hub_store.h"
#include "sync/replication/ports.h"

namespace branchline {

// A branch and the box that may post as it.
struct LiveBox {
  v1::Branch branch;
  v1::BoxState box;
};

// Whether the box at the other end may go on, by what the hub holds of its
// branch; the first reason against it, in this order:
//
//   UNKNOWN_BRANCH   no such branch in this chain
//   BRANCH_RETIRED
//   WRONG_IDENTITY   no box has joined, or its certificate is for an epoch that
//                    was never granted
//   OLD_EPOCH        its epoch was sealed; `ours` says where
//   BRANCH_FENCED
//
// Two reads of registers; called at every frame.
absl::StatusOr<std::variant<LiveBox, v1::Refused>> CheckGate(
    const HubStore& store, const PeerIdentity& peer);

}  // namespace branchline

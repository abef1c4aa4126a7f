#pragma once

#include <cstdint>

#include "absl/status/statusor.h"
#include "branchline/v1/replication.pb.h"
#include "hub/merge/hub_ledger.h"
#include "hub/storage/hub_store.h"
#include "sync/base/clock.h"
#include "sync/replication/ports.h"

namespace branchline {

// Decides whether a box that greets may post, and stores what it decides: the
// secret offered, the drift of its clock, or why it was turned away
// (BoxState.incident, which 'branch show' prints). Refusals, in this order:
//
//   TOO_NEW         it speaks a later protocol
//   WRONG_IDENTITY  it greets as another branch than its certificate's
//   see CheckGate()
//   PROTOCOL  its journal's head or a cursor in the greeting is malformed
//   BEHIND    its journal ends before what the hub holds: disk or image went
//             back in time
//   CLONE     its session secret is older than one that was confirmed since, or
//             was not made for it
//   FORK      another record than the hub's at its head, or at the place of an
//             ack that the hub signed; the branch is fenced
//
// A hub that was restored from an older image finds itself out here: an ack it
// signed, a secret it made or a cursor of its own streams is ahead of what it
// holds. It then takes the records again, and decides nothing of its own until
// it has been given back what it wrote; see HubLedger.
//
//   UNAVAILABLE  another greeting of the branch was taken since this one's line
//                opened, when there were `greetings_at_open`, and this one is
//                wrong by now: it was long on its way. Or a hub restored to a
//                time before this box joined. Nothing was decided; drop the
//                line, the box greets again on a new one.
absl::StatusOr<HubPort::Greeting> GreetBox(HubStore* store, HubLedger* ledger,
                                           const Clock& clock,
                                           const PeerIdentity& peer,
                                           uint64_t greetings_at_open,
                                           const v1::Hello& hello);

// The hub streams that a branch follows, and where they end here.
absl::StatusOr<std::vector<v1::StreamCursor>> FollowedStreams(
    const HubStore& store, absl::string_view branch);

}  // namespace branchline

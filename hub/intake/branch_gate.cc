#include "hub/intake/branch_gate.h"

#include "absl/strings/str_cat.h"
#include "sync/base/status_macros.h"
#include "sync/journal/record.h"
#include "sync/replication/refusal.h"

namespace branchline {
namespace {

v1::Refused OldEpoch(const PeerIdentity& peer, const v1::BoxState& box) {
  Cursor sealed_at;
  for (const v1::SealedEpoch& sealed : box.sealed()) {
    if (sealed.epoch() == peer.epoch) sealed_at = FromProto(sealed.last());
  }
  v1::Refused refused = MakeRefused(
      v1::REFUSAL_CODE_OLD_EPOCH,
      absl::StrCat(
          "this box posts in epoch ", peer.epoch, " of ", peer.branch,
          ", which was sealed at ", ToText(sealed_at),
          " when another box took over; the branch now posts in epoch ",
          box.epoch(),
          ". Stop selling on this box and keep its disk: what it rang up after "
          "that record can be handed in at the branch's new box"));
  *refused.mutable_ours() = ToProto(sealed_at);
  return refused;
}

}  // namespace

absl::StatusOr<std::variant<LiveBox, v1::Refused>> CheckGate(
    const HubStore& store, const PeerIdentity& peer) {
  using Answer = std::variant<LiveBox, v1::Refused>;
  BL_ASSIGN_OR_RETURN(auto branch, store.ReadBranch(peer.branch));
  if (!branch.has_value()) {
    return Answer(MakeRefused(
        v1::REFUSAL_CODE_UNKNOWN_BRANCH,
        absl::StrCat("this chain has no branch ", peer.branch,
                     ": check which hub this box was enrolled with, or add the "
                     "branch at the hub with 'branchline branch add'")));
  }
  if (branch->status() == v1::BRANCH_STATUS_RETIRED) {
    return Answer(MakeRefused(
        v1::REFUSAL_CODE_BRANCH_RETIRED,
        absl::StrCat("branch ", peer.branch,
                     " was retired at the hub: this box may sell no more. Ask "
                     "whoever runs the chain if that is a mistake")));
  }
  BL_ASSIGN_OR_RETURN(auto box, store.ReadBox(peer.branch));
  if (!box.has_value() || peer.epoch > box->epoch()) {
    return Answer(MakeRefused(
        v1::REFUSAL_CODE_WRONG_IDENTITY,
        absl::StrCat("the certificate of this box is for epoch ", peer.epoch,
                     " of ", peer.branch, ", but ",
                     box.has_value()
                         ? absl::StrCat("the last that this hub granted is ",
                                        box->epoch())
                         : std::string("no box has joined as it here"),
                     ". If the hub was restored from a backup, let the box "
                     "join again with a token of 'branchline branch token "
                     "--recover'")));
  }
  if (peer.epoch < box->epoch()) return Answer(OldEpoch(peer, *box));
  if (box->closed()) {
    return Answer(MakeRefused(
        v1::REFUSAL_CODE_BRANCH_FENCED,
        absl::StrCat("branch ", peer.branch, " is fenced: ", box->fenced_why(),
                     ". Nothing is taken from it until one box has been set "
                     "up anew with a token of 'branchline branch token "
                     "--recover'")));
  }
  return Answer(LiveBox{*std::move(branch), *std::move(box)});
}

}  // namespace branchline

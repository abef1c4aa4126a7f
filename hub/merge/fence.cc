#include "hub/merge/fence.h"

#include "sync/base/status_macros.h"
#include "sync/ledger/keys.h"

namespace branchline {

absl::Status FenceBranch(HubStore* store, HubLedger* ledger,
                         absl::string_view branch, absl::string_view why) {
  return ledger->Decide([&]() -> absl::StatusOr<HubDecision> {
    HubDecision decision;
    BL_ASSIGN_OR_RETURN(auto known, store->ReadBranch(branch));
    BL_ASSIGN_OR_RETURN(auto box, store->ReadBox(branch));
    if (!known.has_value() || !box.has_value() || box->closed()) {
      return decision;
    }
    HubEvent& fenced = decision.events.emplace_back();
    fenced.stream = std::string(kChainStream);
    fenced.event.mutable_branch_fenced()->set_branch(std::string(branch));
    fenced.event.mutable_branch_fenced()->set_why(std::string(why));

    known->set_status(v1::BRANCH_STATUS_FENCED);
    HubEvent& set = decision.events.emplace_back();
    set.stream = std::string(kChainStream);
    *set.event.mutable_branch_set()->mutable_branch() = *std::move(known);

    box->set_closed(true);
    box->set_fenced_why(std::string(why));
    box->set_revision(box->revision() + 1);
    decision.with.boxes.push_back(*std::move(box));
    return decision;
  });
}

}  // namespace branchline

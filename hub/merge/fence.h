#pragma once

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "hub/merge/hub_ledger.h"
#include "hub/storage/hub_store.h"

namespace branchline {

// Two boxes post as `branch`: from now on none of its records is taken, until
// one box is recovered under a new epoch. `why` is kept and shown. A branch
// that is fenced or retired already stays as it is.
//
// Errors as HubLedger::Decide().
absl::Status FenceBranch(HubStore* store, HubLedger* ledger,
                         absl::string_view branch, absl::string_view why);

}  // namespace branchline

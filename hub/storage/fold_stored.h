#pragma once

#include "absl/status/status.h"
#include "branchline/v1/event.pb.h"
#include "hub/storage/hub_store.h"
#include "sync/ledger/fold.h"

namespace branchline {

// FoldEvent() (sync/journal/rebuild.h) against the hub's books as they are
// stored.
absl::Status FoldStored(const HubStore& store, const RecordAt& at,
                        const v1::Event& event, Effects* pending);

}  // namespace branchline

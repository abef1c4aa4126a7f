#include "hub/storage/fold_stored.h"

#include "sync/base/status_macros.h"
#include "sync/journal/rebuild.h"

namespace branchline {

absl::Status FoldStored(const HubStore& store, const RecordAt& at,
                        const v1::Event& event, Effects* pending) {
  return FoldEvent(
      [&](absl::string_view owner, absl::string_view unit) {
        return store.ReadBalance(owner, unit);
      },
      [&](const std::string& stream) -> absl::StatusOr<Cursor> {
        BL_ASSIGN_OR_RETURN(auto ends, store.ReadCursors({stream}));
        return std::move(ends[0]);
      },
      at, event, pending);
}

}  // namespace branchline

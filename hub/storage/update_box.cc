#include "hub/storage/update_box.h"

#include "absl/strings/str_cat.h"
#include "sync/base/status_macros.h"

namespace branchline {

absl::Status UpdateBox(
    HubStore* store, absl::string_view branch,
    absl::FunctionRef<absl::StatusOr<bool>(v1::BoxState*)> change) {
  for (int i = 0; i < kUpdateTriesMax; ++i) {
    BL_ASSIGN_OR_RETURN(auto box, store->ReadBox(branch));
    if (!box.has_value()) {
      return absl::NotFoundError(
          absl::StrCat("no box has joined as ", branch, " yet"));
    }
    BL_ASSIGN_OR_RETURN(const bool changed, change(&*box));
    if (!changed) return absl::OkStatus();
    box->set_revision(box->revision() + 1);
    HubApply apply;
    apply.boxes.push_back(*std::move(box));
    BL_ASSIGN_OR_RETURN(const auto results, store->ApplyMany({&apply}));
    if (results[0].applied) return absl::OkStatus();
  }
  return absl::AbortedError(
      absl::StrCat("update the box of ", branch, ": others changed it ",
                   kUpdateTriesMax, " times in between; try again"));
}

}  // namespace branchline

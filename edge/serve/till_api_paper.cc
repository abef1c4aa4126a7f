// TillApi's paper that is journalled before it is printed: copies and labels.

#include "edge/serve/till_api.h"
#include "edge/till/label_code.h"
#include "sync/base/status_macros.h"

namespace branchline {

absl::StatusOr<Outcome> TillApi::Reprint(
    const CallContext& context, const v1::ReprintReceiptRequest& request) {
  return Commit(context, request, "ReprintReceipt");
}

absl::StatusOr<Outcome> TillApi::TakeLabels(
    const CallContext& context, const v1::PrintLabelsRequest& request) {
  return Commit(context, request, "PrintLabels", {},
                FindLabel(Shelf(""), request));
}

}  // namespace branchline

#pragma once

#include <cstddef>

#include "absl/status/status.h"
#include "branchline/v1/event.pb.h"
#include "branchline/v1/till_devices.pb.h"
#include "edge/commit/decide_view.h"

namespace branchline {

inline constexpr size_t kDrawerNoteSizeMax = 200;  // bytes

// A person opens the cash drawer outside of a sale: on disk, with who and why,
// before the pulse is sent.
//
//   NOT_FOUND         no drawer
//   INVALID_ARGUMENT  nobody, no reason, a reason that only a receipt gives, or
//                     a note that is too long
absl::Status DecideOpenDrawer(const DecideView& view,
                              const v1::OpenDrawerRequest& request,
                              v1::Event* event);

// What the drawer did by itself, or for a sale. Any day, also when none is
// open: a drawer opens when somebody has its key.
absl::Status DecideRecordDrawer(const DecideView& view,
                                const v1::DrawerRecorded& what,
                                v1::Event* event);

}  // namespace branchline

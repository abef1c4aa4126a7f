#pragma once

#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "tools/drill/chain_rig.h"
#include "tools/drill/progress.h"

namespace branchline::drill {

// How a branch stands once everything was healed.
struct Settled {
  v1::Position head;
  absl::Duration caught_up_after;  // since `healed_at`
};

// Waits until the hub holds the whole journal of every branch.
//   DEADLINE_EXCEEDED  a branch got no further for a long time; says which and
//                      what its line is doing
absl::StatusOr<std::vector<Settled>> AwaitSettled(ChainRig* rig,
                                                  absl::Duration healed_at,
                                                  const Progress& progress,
                                                  const Clock& clock);

}  // namespace branchline::drill

#include "tools/drill/catch_up_watch.h"

#include <algorithm>

namespace branchline::drill {
namespace {

constexpr absl::Duration kLookEvery = absl::Milliseconds(50);

}  // namespace

CatchUpWatch::CatchUpWatch(ChainRig* rig, const Clock* clock)
    : rig_(*rig), clock_(*clock), branches_(rig->branches()) {
  thread_ = std::thread([this] { Loop(); });
}

CatchUpWatch::~CatchUpWatch() {
  {
    absl::MutexLock lock(&mutex_);
    over_ = true;
  }
  thread_.join();
}

void CatchUpWatch::Healed(size_t branch, uint64_t seq) {
  absl::MutexLock lock(&mutex_);
  branches_[branch].waiting = true;
  branches_[branch].seq = seq;
  branches_[branch].healed_at = clock_.MonotonicNow();
}

absl::Duration CatchUpWatch::Longest(size_t branch) const {
  absl::MutexLock lock(&mutex_);
  return branches_[branch].longest;
}

void CatchUpWatch::Loop() {
  while (true) {
    {
      absl::MutexLock lock(&mutex_);
      if (mutex_.AwaitWithTimeout(absl::Condition(&over_), kLookEvery)) return;
      if (std::none_of(branches_.begin(), branches_.end(),
                       [](const Branch& branch) { return branch.waiting; })) {
        continue;
      }
    }
    const auto infos = rig_.HubBranches();
    if (!infos.ok()) continue;  // killed just now
    absl::MutexLock lock(&mutex_);
    for (const v1::BranchInfo& info : *infos) {
      for (size_t i = 0; i < branches_.size(); ++i) {
        Branch& branch = branches_[i];
        if (!branch.waiting || rig_.code(i) != info.branch().code() ||
            info.cursor().seq() < branch.seq) {
          continue;
        }
        branch.waiting = false;
        branch.longest =
            std::max(branch.longest, clock_.MonotonicNow() - branch.healed_at);
      }
    }
  }
}

}  // namespace branchline::drill

#include "tests/sim/faults.h"

#include <utility>

#include "absl/status/status.h"

namespace branchline {

void SimFaults::Strike() {
  const SimPlan& plan = context_.plan;
  const uint64_t what = context_.random.Below(24);
  if (what < 4) {
    if (plan.cuts) CutALine();
  } else if (what < 7) {
    if (plan.edge_crashes) CrashABox();
  } else if (what < 10) {
    if (plan.edge_disk_faults) ArmABox();
  } else if (what < 12) {
    if (plan.hub_crashes) CrashTheHub();
  } else if (what < 14) {
    if (plan.hub_disk_faults) ArmTheHub();
  } else if (what < 16) {
    if (plan.rollbacks) TakeAnImage();
  } else if (what < 18) {
    if (plan.rollbacks) RollBack();
  } else if (what < 19) {
    if (plan.clones) CloneABox();
  } else if (what < 20) {
    if (plan.recoveries) RecoverABranch();
  } else if (what < 21) {
    if (plan.forgeries) outsider_.Forge();
  } else if (what < 22) {
    if (plan.clock_jumps) SetAClock();
  } else {
    if (plan.hub_restores) TakeOrRestoreHubImage();
  }
}

void SimFaults::Work() {
  const SimPlan& plan = context_.plan;
  const uint64_t what = context_.random.Below(8);
  if (what < 1) {
    if (plan.catalogue) chain_.ChangeCatalogue();
    return;
  }
  if (what < 3) {
    if (plan.slices) outsider_.Grant();
    return;
  }
  if (what < 5) {
    if (plan.slices) outsider_.Spend();
    return;
  }
  if (what < 6) {
    SimBox* const box = chain_.AnyServing();
    if (box != nullptr && plan.days) chain_.tills.CloseDay(box);
    return;
  }
  SimBranch* const branch =
      chain_.branches[context_.random.Below(chain_.branches.size())].get();
  chain_.TakeOutStopped(branch);
  if (chain_.InService(*branch).empty()) chain_.Recover(branch, false);
  chain_.HandIn(branch);
  chain_.ApproveLate(branch);
}

void SimFaults::CutALine() {
  SimBox* const box = chain_.AnyServing();
  if (box == nullptr) return;
  const int64_t dark_micros =
      context_.OneIn(3) ? 0 : context_.Between(1'000'000, 60'000'000);
  context_.trace.Add("the line of ", box->name, " breaks for ",
                     dark_micros / 1'000, " ms");
  context_.Count("lines cut");
  chain_.network.Cut(box, dark_micros);
}

void SimFaults::CrashABox() {
  SimBox* const box = chain_.AnyServing();
  if (box == nullptr) return;
  context_.Count("edge crashes");
  chain_.network.KillBox(box);
}

void SimFaults::ArmABox() {
  SimBox* const box = chain_.AnyServing();
  if (box == nullptr) return;
  const bool landed = context_.OneIn(2);
  context_.trace.Add("the disk of ", box->name, " will fail",
                     landed ? ", after writing" : "");
  box->disk.FailAfter(static_cast<int>(context_.Between(1, 6)),
                      absl::ResourceExhaustedError("the disk is full"), landed);
}

void SimFaults::CrashTheHub() {
  if (!chain_.hub.running()) return;
  context_.Count("hub crashes");
  chain_.network.KillHub();
}

void SimFaults::ArmTheHub() {
  if (!chain_.hub.running()) return;
  const bool landed = context_.OneIn(2);
  context_.trace.Add("the hub's disk will fail",
                     landed ? ", after writing" : "");
  chain_.hub.disk.FailAfter(static_cast<int>(context_.Between(1, 12)),
                            absl::ResourceExhaustedError("the disk is full"),
                            landed);
}

void SimFaults::TakeAnImage() {
  SimBox* const box = chain_.AnyServing();
  if (box == nullptr) return;
  images_[box].disk = box->disk.Image();
  images_[box].head = box->DiskHead();
}

void SimFaults::RollBack() {
  SimBox* const box = chain_.AnyServing();
  if (box == nullptr || images_.count(box) == 0) return;
  const Image& image = images_[box];
  if (!image.head.IsBefore(box->DiskHead())) return;
  chain_.network.KillBox(box);
  if (!image.head.IsBefore(box->DiskHead())) return;  // by a mutant
  context_.trace.Add("the disk of ", box->name, " is put back to ",
                     image.head.epoch, "/", image.head.seq);
  context_.Count("disks rolled back");
  box->disk.Restore(image.disk);
  chain_.model.Destroy(box, image.head);
  if (context_.OneIn(2)) return;
  // Whoever did it set the tills up anew, too: nobody there remembers.
  context_.trace.Add("and the tills there are set up anew");
  for (const auto& till : chain_.tills.all()) {
    if (till->box == box) till->last_seen.Clear();
  }
  box->dark_until = context_.NowMicros() + context_.Between(0, 40'000'000);
}

void SimFaults::CloneABox() {
  SimBox* const box = chain_.AnyServing();
  if (box == nullptr || box->stopped()) return;
  for (const auto& branch : chain_.branches) {
    if (branch->code == box->branch() && branch->boxes.size() > 4) return;
  }
  chain_.Clone(box);
}

void SimFaults::RecoverABranch() {
  SimBranch* const branch =
      chain_.branches[context_.random.Below(chain_.branches.size())].get();
  if (branch->boxes.size() > 4) return;
  chain_.Recover(branch, /*old_box_stays=*/context_.OneIn(2));
}

void SimFaults::SetAClock() {
  SimBox* const box = chain_.AnyServing();
  if (box == nullptr) return;
  const absl::Time right = context_.clock.WallNow();
  absl::Time to = right;
  switch (context_.random.Below(5)) {
    case 0:  // the battery is flat
      to = absl::UnixEpoch() + absl::Seconds(context_.Between(0, 1'000));
      break;
    case 1:
      to = right + absl::Hours(24 * 365 * context_.Between(1, 10));
      break;
    case 2:
      to = right + absl::Hours(24 * context_.Between(-5, 5));
      break;
    case 3:
      to = right + absl::Seconds(context_.Between(-4'000, 4'000));
      break;
    default:  // somebody sets it right
      break;
  }
  context_.Count(to < box->clock.WallNow() ? "clocks set back"
                                           : "clocks set forward");
  box->clock.Set(to);
  context_.trace.Add("the clock of ", box->name, " is set to ",
                     absl::FormatTime(to, absl::UTCTimeZone()));
}

void SimFaults::TakeOrRestoreHubImage() {
  if (!hub_image_.has_value()) {
    hub_image_ = chain_.hub.disk.Image();
    return;
  }
  context_.Count("hubs restored");
  context_.trace.Add("the hub is restored from an older image");
  chain_.network.KillHub();
  chain_.network.OnHubRestored();
  chain_.hub.disk.Restore(*std::exchange(hub_image_, std::nullopt));
  chain_.hub_restored = true;
}

}  // namespace branchline

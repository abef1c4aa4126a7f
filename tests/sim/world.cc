#include "tests/sim/world.h"

#include "absl/strings/str_cat.h"
#include "sync/journal/journal.h"
#include "sync/ledger/keys.h"
#include "sync/replication/limits.h"
#include "tests/sim/chain.h"
#include "tests/sim/checks.h"
#include "tests/sim/faults.h"
#include "tests/sim/outsider.h"

namespace branchline {
namespace {

constexpr int64_t kHealStep = 2 * kSecond;

class SimRun {
 public:
  SimRun(uint64_t seed, bool print)
      : chain_(PlanOf(seed), print),
        context_(chain_.context),
        outsider_(&chain_),
        faults_(&chain_, &outsider_) {}

  SimResult Run() {
    chain_.SetUp();
    for (int step = 0; step < context_.plan.steps && Holds(); ++step) {
      Step();
      CheckStep(step);
    }
    if (Holds()) Heal();
    if (Holds()) Reckon();
    return {context_.plan.seed, context_.violated, context_.violation,
            context_.trace.hash(), context_.counters};
  }

 private:
  bool Holds() const { return context_.violation.empty(); }

  void Step() {
    switch (context_.random.Below(10)) {
      case 0:
      case 1:
        faults_.Strike();
        break;
      case 2:
        faults_.Work();
        break;
      default:
        chain_.tills.Act();
        break;
    }
    int64_t pause = context_.Between(2 * kMilli, 300 * kMilli);
    if (context_.OneIn(4)) pause = context_.Between(kSecond, 6 * kSecond);
    if (context_.OneIn(25)) pause = context_.Between(6 * kSecond, 70 * kSecond);
    for (SimBox* box : chain_.AllBoxes()) chain_.network.PollBox(box);
    chain_.network.RunUntil(context_.NowMicros() + pause);
    chain_.StartDue();
  }

  void CheckStep(int step) {
    if (!chain_.hub.running()) CheckAcked(&chain_);
    if (step % 12 != 0) return;
    CheckBooks(&context_, "hub", chain_.hub.disk);
    for (const SimBox* box : chain_.AllBoxes()) {
      CheckBooks(&context_, box->name, box->disk, box->KnowsGrants());
    }
    if (step % 36 != 0) return;
    for (const SimBox* box : chain_.AllBoxes()) {
      if (box->running()) CheckReplay(&context_, box->name, box->disk);
    }
  }

  // How long it may take until all is quiet: every box may first wait out its
  // slowest retry on a line that is dead without knowing, learn there that it
  // is to be replaced, and so again for the copy of it; then, per suffix that
  // is handed in, a way to the hub and back; and a step for every record.
  int64_t HealBound() const {
    const int64_t settle = absl::ToInt64Microseconds(
        kRefusedRetry + kRetryMax + kSilenceMax + kConnectTimeout +
        kAckProgressTimeout + kPullProgressTimeout);
    int64_t records = 0;
    for (const SimBox* box : chain_.AllBoxes()) {
      records += static_cast<int64_t>(box->DiskHead().seq);
    }
    const auto boxes = static_cast<int64_t>(chain_.AllBoxes().size());
    return settle * (2 + boxes) + records * 100 * kMilli;
  }

  bool IsQuiet() {
    if (chain_.tills.AnyWaits()) return false;
    for (const auto& branch : chain_.branches) {
      const SimBox* const box = chain_.Live(*branch);
      if (box == nullptr) return false;
      if (box->session().acked() != box->core().state().head) return false;
      for (const std::string& stream :
           {std::string(kChainStream), BranchStream(branch->code),
            EdgeStream(branch->code)}) {
        const auto ours = ReadHead(chain_.hub.disk, stream);
        const auto theirs = ReadHead(box->disk, stream);
        if (!ours.ok() || !theirs.ok() || *ours != *theirs) return false;
      }
      if (context_.plan.approvals &&
          branch->handed_in.size() > branch->approved.size()) {
        return false;
      }
    }
    return true;
  }

  void Heal() {
    context_.trace.Add("--- healing ---");
    context_.healing = true;
    for (SimBox* box : chain_.AllBoxes()) {
      box->disk.FailAfter(0, absl::OkStatus());
    }
    chain_.hub.disk.FailAfter(0, absl::OkStatus());
    chain_.network.Heal();
    const int64_t began = context_.NowMicros();
    const int64_t bound = HealBound();
    int quiet = 0;
    while (Holds() && quiet < 3) {
      chain_.StartDue();
      for (const auto& branch : chain_.branches) {
        chain_.TakeOutStopped(branch.get());
        if (chain_.InService(*branch).empty()) {
          chain_.Recover(branch.get(), false);
        }
        chain_.HandIn(branch.get());
        chain_.ApproveLate(branch.get());
      }
      chain_.tills.AskAgain();
      for (SimBox* box : chain_.AllBoxes()) chain_.network.PollBox(box);
      chain_.network.RunUntil(context_.NowMicros() + kHealStep);
      quiet = IsQuiet() ? quiet + 1 : 0;
      if (context_.NowMicros() - began > bound) {
        context_.Violate("drain", "not quiet after ", bound / kSecond,
                         " s: ", WhatWaits());
      }
    }
    context_.trace.Add("quiet after ", (context_.NowMicros() - began) / kMilli,
                       " ms");
  }

  std::string WhatWaits() {
    std::string text;
    for (const auto& branch : chain_.branches) {
      for (const SimBox* box : chain_.InService(*branch)) {
        absl::StrAppend(&text, box->name, " ",
                        box->running() ? box->session().StateText() : "down",
                        box->stopped() ? " stopped" : "", "; ");
      }
    }
    return text;
  }

  void Reckon() {
    CheckAcked(&chain_);
    CheckBooks(&context_, "hub", chain_.hub.disk);
    CheckReplay(&context_, "hub", chain_.hub.disk);
    CheckVerify(&context_, outsider_, "hub", chain_.hub.disk);
    for (const SimBox* box : chain_.AllBoxes()) {
      if (box->service != SimBox::Service::kIn) continue;
      CheckBooks(&context_, box->name, box->disk);
      CheckReplay(&context_, box->name, box->disk);
      CheckVerify(&context_, outsider_, box->name, box->disk);
    }
    CheckSame(&chain_);
    CheckOutside(&chain_, outsider_);
    if (context_.counters["sales answered"] == 0) {
      context_.Violate("trouble", "nothing was sold in this run");
    }
  }

  SimChain chain_;
  SimContext& context_;
  SimOutsider outsider_;
  SimFaults faults_;
};

}  // namespace

SimResult RunSim(uint64_t seed, bool print) {
  return SimRun(seed, print).Run();
}

}  // namespace branchline

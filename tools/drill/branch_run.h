#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "sync/base/random.h"
#include "tools/drill/branch_plan.h"
#include "tools/drill/catch_up_watch.h"
#include "tools/drill/chain_rig.h"
#include "tools/drill/fault_plan.h"
#include "tools/drill/progress.h"
#include "tools/drill/till_client.h"
#include "tools/drill/till_request.h"

namespace branchline::drill {

// What one branch went through.
struct BranchTally {
  int64_t outages = 0;
  int64_t slow_lines = 0;
  int64_t kills = 0;
  int64_t repeated = 0;  // answered from an earlier commit
  int64_t retried = 0;   // commands that were sent more than once
};

// Rings up one branch's receipts, date by date, through its edge's till
// service, and does to the branch what the plan of faults says. One thread.
//
// A till rings one receipt after the other; the tills ring at the same time, so
// the receipts of different stores may land in another order than the file's.
class BranchRun {
 public:
  // Those that are pointed to outlive it.
  struct Options {
    size_t branch = 0;
    const BranchPlan* plan = nullptr;
    std::vector<Fault> faults;  // by begin
    RequestMaker requests;
    ChainRig* rig = nullptr;
    CatchUpWatch* watch = nullptr;
    Progress* progress = nullptr;
    const Clock* clock = nullptr;
  };

  explicit BranchRun(Options options);

  //   CANCELLED  progress->stop
  //   others     a command was refused, or an edge ended by itself: names the
  //              receipt
  absl::Status Run();

  const BranchTally& tally() const { return tally_; }

 private:
  struct TillQueue {
    TillClient::Till* till = nullptr;
    std::deque<const SalesReceipt*> receipts;
  };

  absl::Status PairTills();
  absl::Status RunDay(const BranchDay& day);
  absl::Status Do(TillRequest request, const std::string& what);
  absl::Status SendNext(TillQueue* queue, Date date);
  // Waits for one answer.
  absl::Status TakeAnswer();
  absl::Status Drain();
  absl::Status BeginFaults(bool* kill_while_ringing);
  absl::Status EndFaults();
  absl::Status KillAndRestart();

  const Options o_;
  SeededRandom random_;
  TillClient client_;
  std::vector<TillClient::Till> tills_;
  std::vector<TillQueue> queues_;  // of the day, by till
  // Tills that can ring, by the place of their next receipt in the day.
  std::set<std::pair<size_t, size_t>> ready_;
  std::map<const SalesReceipt*, size_t> place_;  // in the day
  int64_t sent_ = 0;                             // receipts
  size_t next_fault_ = 0;
  std::vector<Fault> line_faults_;  // that go on
  BranchTally tally_;
};

}  // namespace branchline::drill

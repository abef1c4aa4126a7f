#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "branchline/v1/event.pb.h"
#include "tools/drill/branch_plan.h"
#include "tools/drill/compare_books.h"

namespace branchline::drill {

// Whether every receipt of a branch stands in its journal exactly once, and
// whether the numbers it got run without gaps. Pure.
class ReceiptAudit {
 public:
  explicit ReceiptAudit(const BranchPlan& plan);

  void Take(uint64_t epoch, const v1::Event& event);
  // After the last event.
  void Finish(Differences* differences);

  int64_t events() const { return events_; }
  int64_t lost() const { return lost_; }
  int64_t doubled() const { return doubled_; }

 private:
  void CountReference(const std::string& reference);

  const std::string code_;
  std::map<std::string, int64_t> times_;  // by reference
  // (till, epoch) -> the last number
  std::map<std::pair<std::string, uint64_t>, uint64_t> last_number_;
  std::vector<std::string> strange_;
  int64_t events_ = 0;
  int64_t lost_ = 0;
  int64_t doubled_ = 0;
};

// Runs the audit over `branch`'s journal as the hub of `hub_dir` keeps it; no
// daemon has it open.
absl::Status AuditHubJournal(const std::string& hub_dir,
                             absl::string_view branch, ReceiptAudit* audit);

// Verifies everything in a data directory with the independent reader: hashes,
// signatures, who moved what, and the sums. What is wrong goes to
// `differences`.
absl::Status VerifyLedger(const std::string& data_dir,
                          absl::string_view hub_public_key,
                          absl::string_view name, Differences* differences);

}  // namespace branchline::drill

#include "tools/drill/drill.h"

#include <sys/stat.h>

#include <algorithm>
#include <memory>
#include <thread>
#include <utility>

#include "absl/strings/str_cat.h"
#include "hub/enrol/hub_home.h"
#include "sync/base/status_macros.h"
#include "tools/drill/catalogue.h"
#include "tools/drill/chain_rig.h"
#include "tools/drill/expected_books.h"
#include "tools/drill/hub_books.h"
#include "tools/drill/journal_audit.h"
#include "tools/drill/settle.h"

namespace branchline::drill {
namespace {

// One run. A member per thing that later steps need.
class Drill {
 public:
  Drill(const DrillOptions& options, Progress* progress, const Clock* clock)
      : o_(options), progress_(*progress), clock_(clock) {}

  absl::StatusOr<DrillResult> Run();

 private:
  absl::Status Read();
  absl::Status CheckReceipts() const;
  absl::Status SetUp();
  absl::Status Ring();
  absl::Status KillHub(const std::vector<Fault>& kills);
  absl::Status HealAndSettle();
  absl::Status CompareWithHub();
  absl::Status Audit();
  absl::Status AuditBranch(size_t branch, const std::string& hub_key);

  const DrillOptions& o_;
  Progress& progress_;
  const Clock* const clock_;
  std::string work_dir_;
  SalesFile file_;
  std::vector<BranchPlan> plans_;
  FileCatalogue catalogue_;
  FaultPlan faults_;
  std::unique_ptr<ChainRig> rig_;
  DrillResult result_;
};

absl::Status Drill::Read() {
  progress_.SetPhase("reading the file");
  SalesFileOptions options;
  options.skip_bad = o_.skip_bad;
  BL_ASSIGN_OR_RETURN(file_, ReadSalesFile(o_.file, options));
  result_.skipped = file_.skipped;
  plans_ = PlanBranches(file_, o_.branches);
  BL_ASSIGN_OR_RETURN(catalogue_, CatalogueOf(file_));
  FaultPlanOptions fault_options;
  fault_options.seed = o_.seed;
  for (const BranchPlan& plan : plans_) {
    fault_options.receipts_by_branch.push_back(plan.receipts);
  }
  faults_ = MakeFaultPlan(fault_options);
  if (!o_.faults) {
    faults_.hub.clear();
    for (auto& faults : faults_.by_branch) faults.clear();
  }
  return CheckReceipts();
}

// What a till cannot ring is said before anything is started.
absl::Status Drill::CheckReceipts() const {
  const RequestMaker requests{o_.seed};
  for (const SalesDay& day : file_.days) {
    for (const SalesReceipt& receipt : day.receipts) {
      BL_RETURN_IF_ERROR(requests.Of(receipt, day.date).status());
    }
  }
  return absl::OkStatus();
}

absl::Status Drill::SetUp() {
  progress_.SetPhase("setting up the chain");
  ChainRig::Options options;
  BL_ASSIGN_OR_RETURN(options.bin_dir, FindBinDir());
  BL_ASSIGN_OR_RETURN(work_dir_, PrepareWorkDir(o_.work_dir));
  options.work_dir = work_dir_;
  options.chain_name = "Drill";
  const std::string currency = MainCurrency(file_);
  for (const BranchPlan& plan : plans_) {
    v1::Branch& branch = options.branches.emplace_back();
    branch.set_code(plan.code);
    branch.set_name(plan.till_of.size() == 1
                        ? std::string(plan.till_of.begin()->first)
                        : absl::StrCat("Branch ", plan.code, ", ",
                                       plan.till_of.size(), " stores"));
    branch.set_time_zone("UTC");
    branch.set_currency(currency);
  }
  BL_ASSIGN_OR_RETURN(rig_, ChainRig::Start(options, clock_));
  progress_.SetPhase("loading the catalogue");
  return rig_->LoadCatalogue(catalogue_.imports, catalogue_.items,
                             progress_.stop);
}

absl::Status Drill::KillHub(const std::vector<Fault>& kills) {
  for (const Fault& kill : kills) {
    progress_.AwaitSent(kill.begin + 1);
    if (progress_.stop) return absl::OkStatus();
    rig_->KillHub();
    ++result_.hub_kills;
    progress_.CountKill();
    progress_.AwaitSent(kill.end);
    if (progress_.stop) return absl::OkStatus();
    BL_RETURN_IF_ERROR(Annotate(rig_->RestartHub(), "the hub after kill -9"));
  }
  return absl::OkStatus();
}

absl::Status Drill::Ring() {
  progress_.SetPhase("ringing up", file_.receipt_count);
  const absl::Duration begun = clock_->MonotonicNow();
  CatchUpWatch watch(rig_.get(), clock_);
  std::vector<std::unique_ptr<BranchRun>> runs;
  for (size_t i = 0; i < plans_.size(); ++i) {
    runs.push_back(std::make_unique<BranchRun>(BranchRun::Options{
        i, &plans_[i], faults_.by_branch[i], RequestMaker{o_.seed}, rig_.get(),
        &watch, &progress_, clock_}));
  }
  // The first that fails stops the others.
  std::vector<absl::Status> ended(runs.size() + 1);
  std::vector<std::thread> threads;
  const auto run = [&](size_t slot, auto work) {
    threads.emplace_back([this, &ended, slot, work] {
      ended[slot] = work();
      if (!ended[slot].ok()) progress_.stop = true;
    });
  };
  for (size_t i = 0; i < runs.size(); ++i) {
    run(i, [&runs, i] { return runs[i]->Run(); });
  }
  run(runs.size(), [this] { return KillHub(faults_.hub); });
  for (std::thread& thread : threads) thread.join();
  result_.rang_for = clock_->MonotonicNow() - begun;
  absl::Status status;
  for (const absl::Status& one : ended) {
    if (status.ok() || absl::IsCancelled(status)) {
      if (!one.ok()) status = one;
    }
  }
  BL_RETURN_IF_ERROR(status);
  if (progress_.stop) return absl::CancelledError("interrupted");
  for (size_t i = 0; i < runs.size(); ++i) {
    BranchResult& branch = result_.branches.emplace_back();
    branch.code = plans_[i].code;
    branch.stores = plans_[i].till_of.size();
    branch.tally = runs[i]->tally();
    branch.caught_up_after = watch.Longest(i);
  }
  return absl::OkStatus();
}

absl::Status Drill::HealAndSettle() {
  progress_.SetPhase("all is healed; the branches catch up");
  for (size_t i = 0; i < plans_.size(); ++i) {
    BL_RETURN_IF_ERROR(rig_->HealLine(i));
  }
  const absl::Duration healed_at = clock_->MonotonicNow();
  BL_ASSIGN_OR_RETURN(const std::vector<Settled> settled,
                      AwaitSettled(rig_.get(), healed_at, progress_, *clock_));
  for (size_t i = 0; i < settled.size(); ++i) {
    result_.branches[i].caught_up_after = std::max(
        result_.branches[i].caught_up_after, settled[i].caught_up_after);
  }
  return absl::OkStatus();
}

absl::Status Drill::CompareWithHub() {
  progress_.SetPhase("comparing with the file");
  const auto branch_of = BranchesOfStores(plans_);
  const ExpectedBooks expected =
      ComputeExpectedBooks(file_, [&](absl::string_view store) {
        return branch_of.at(std::string(store));
      });
  BL_ASSIGN_OR_RETURN(const HubBooks books, ReadHubBooks(rig_.get()));
  Compare(expected, books, &result_.differences);
  for (const auto& [key, totals] : books.by_branch) {
    for (BranchResult& branch : result_.branches) {
      if (branch.code != key.branch) continue;
      branch.receipts += totals.receipts;
      branch.lines += totals.lines;
      branch.net_minor[key.currency] += totals.net_minor;
    }
  }
  return absl::OkStatus();
}

absl::Status Drill::Audit() {
  progress_.SetPhase("verifying the journals");
  BL_RETURN_IF_ERROR(rig_->Stop());
  const std::string hub_dir = rig_->hub_dir();
  BL_ASSIGN_OR_RETURN(const HubIdentity hub,
                      HubHome(hub_dir).Load(*clock_, /*read_only=*/true));
  const std::string key = hub.journal_key.public_key();
  // The hub has as much to read as all branches together.
  Differences in_hub;
  absl::Status hub_read;
  std::thread verify_hub(
      [&] { hub_read = VerifyLedger(hub_dir, key, "hub", &in_hub); });
  absl::Status status;
  for (size_t i = 0; i < plans_.size() && status.ok(); ++i) {
    status = AuditBranch(i, key);
  }
  verify_hub.join();
  status.Update(hub_read);
  for (std::string& what : in_hub.first) {
    result_.differences.Add(std::move(what));
  }
  return status;
}

absl::Status Drill::AuditBranch(size_t branch, const std::string& hub_key) {
  if (progress_.stop) return absl::CancelledError("interrupted");
  ReceiptAudit audit(plans_[branch]);
  BL_RETURN_IF_ERROR(
      AuditHubJournal(rig_->hub_dir(), plans_[branch].code, &audit));
  audit.Finish(&result_.differences);
  result_.branches[branch].events = audit.events();
  result_.branches[branch].lost = audit.lost();
  result_.branches[branch].doubled = audit.doubled();
  return VerifyLedger(rig_->edge_dir(branch), hub_key, plans_[branch].code,
                      &result_.differences);
}

absl::StatusOr<DrillResult> Drill::Run() {
  const absl::Duration begun = clock_->MonotonicNow();
  BL_RETURN_IF_ERROR(Read());
  const mode_t old_mask = umask(0077);
  const auto drill = [this]() -> absl::Status {
    BL_RETURN_IF_ERROR(SetUp());
    BL_RETURN_IF_ERROR(Ring());
    BL_RETURN_IF_ERROR(HealAndSettle());
    BL_RETURN_IF_ERROR(CompareWithHub());
    return Audit();
  };
  const absl::Status status = drill();
  rig_.reset();  // and with it every process
  umask(old_mask);
  BL_RETURN_IF_ERROR(status);
  result_.took = clock_->MonotonicNow() - begun;
  return std::move(result_);
}

}  // namespace

absl::StatusOr<DrillResult> RunDrill(const DrillOptions& options,
                                     Progress* progress, const Clock* clock) {
  return Drill(options, progress, clock).Run();
}

}  // namespace branchline::drill

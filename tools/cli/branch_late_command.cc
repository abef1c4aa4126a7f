#include <memory>
#include <ostream>
#include <string>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "sync/base/bytes.h"
#include "sync/base/status_macros.h"
#include "tools/cli/commands.h"
#include "tools/cli/hub_channel.h"
#include "tools/cli/rpc.h"
#include "tools/cli/texts.h"

namespace branchline::cli {
namespace {

using Access = HubChannel::Access;

constexpr size_t kHashDigits = 16;  // enough to tell disks apart

struct LateOptions {
  std::string hub_data;
  std::string branch;
  uint64_t approve_epoch = 0;
  std::string hash;
  Format format = Format::kTable;
};

std::string TotalsText(const v1::LateSuffixFound& late) {
  std::string text;
  for (const v1::CurrencyTotal& total : late.totals()) {
    absl::StrAppend(&text, text.empty() ? "" : ", ", total.currency(), " ",
                    MoneyText(total.net_minor(), total.currency()));
  }
  return text;
}

absl::Status ListLate(const LateOptions& options, HubChannel& hub, Run& run) {
  v1::ListBranchesRequest request;
  request.set_code(options.branch);
  BL_ASSIGN_OR_RETURN(
      const v1::ListBranchesResponse response,
      Call(hub.chain(), &v1::Chain::Stub::ListBranches, request));
  Table table({{"branch", "branch"},
               {"epoch", "epoch", Kind::kCount},
               {"first_seq", "from", Kind::kCount},
               {"last_seq", "to", Kind::kCount},
               {"receipts", "receipts", Kind::kCount},
               {"totals", "net"},
               {"last_hash", "hash"}});
  for (const v1::BranchInfo& info : response.branches()) {
    for (const v1::LateSuffixFound& late : info.late_waiting()) {
      table.Add({info.branch().code(), Value::Count(late.epoch()),
                 Value::Count(late.first_seq()),
                 Value::Count(late.last().seq()), Value::Count(late.receipts()),
                 TotalsText(late),
                 Hex(late.last().hash()).substr(0, kHashDigits)});
    }
  }
  table.Print(options.format, "no late records wait for approval", run.out);
  return absl::OkStatus();
}

absl::Status Late(const LateOptions& options, Run& run) {
  if (options.approve_epoch != 0 && options.branch.empty()) {
    return UsageError("--approve needs the branch whose epoch it is");
  }
  const bool approve = options.approve_epoch != 0;
  if (!options.hash.empty() && !approve) {
    return UsageError("--hash says which to approve: give --approve with it");
  }
  BL_ASSIGN_OR_RETURN(
      HubChannel hub,
      HubChannel::Open(options.hub_data,
                       approve ? Access::kChange : Access::kRead));
  if (!approve) return ListLate(options, hub, run);
  v1::ApproveLateRequest request;
  request.set_branch(options.branch);
  request.set_epoch(options.approve_epoch);
  request.set_last_hash(absl::AsciiStrToLower(options.hash));
  BL_ASSIGN_OR_RETURN(
      const v1::ApproveLateResponse response,
      Call(hub.chain(), &v1::Chain::Stub::ApproveLate, request));
  run.out << response.records() << " late records of " << options.branch
          << ", epoch " << options.approve_epoch
          << " are approved; the branch takes them in when it is on line\n";
  return absl::OkStatus();
}

}  // namespace

void AddBranchLateCommand(CLI::App& group, Run& run) {
  const auto o = std::make_shared<LateOptions>();
  CLI::App* command = AddCommand(
      group,
      {"late",
       "Lists what was found on old disks after their epoch was sealed, and "
       "approves it: only then does the branch take it into its books.",
       "  branchline branch late --hub-data hub\n"
       "  branchline branch late S014 --approve 1 --hub-data hub\n"
       "  branchline branch late S014 --approve 1 --hash 9f86d081 "
       "--hub-data hub\n"},
      {ExitCode::kNotReachable, ExitCode::kDamaged, ExitCode::kNoSpace}, run,
      [o, &run] { return Late(*o, run); });
  AddHubData(command, &o->hub_data);
  command->add_option("branch", o->branch, "Only this one. Default: all")
      ->type_name("CODE");
  command
      ->add_option("--approve", o->approve_epoch,
                   "Approve the late records of this epoch")
      ->type_name("EPOCH");
  command
      ->add_option("--hash", o->hash,
                   "Of several disks of one epoch, the one whose hash in the "
                   "list begins so")
      ->type_name("HEX");
  AddFormat(command, &o->format);
}

}  // namespace branchline::cli

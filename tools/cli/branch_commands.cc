#include <CLI/CLI.hpp>
#include <memory>
#include <ostream>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "sync/base/bytes.h"
#include "sync/base/date.h"
#include "sync/base/money.h"
#include "sync/base/status_macros.h"
#include "sync/identity/branch_code.h"
#include "tools/cli/commands.h"
#include "tools/cli/hub_channel.h"
#include "tools/cli/rpc.h"
#include "tools/cli/texts.h"

namespace branchline::cli {
namespace {

using Access = HubChannel::Access;

struct BranchOptions {
  std::string hub_data;
  std::string code;
  std::string name;
  std::string time_zone;
  std::string currency;
  std::vector<std::string> groups;
  std::string tax_region;
  bool no_groups = false;
  bool sets_region = false;
  uint32_t hours = 24;
  bool recover = false;
  Format format = Format::kTable;
};

absl::Status CheckCode(const std::string& code) {
  const absl::Status status = ValidateBranchCode(code);
  return status.ok() ? status : UsageError(status.message());
}

absl::Status AddBranch(const BranchOptions& options, Run& run) {
  BL_RETURN_IF_ERROR(CheckCode(options.code));
  const auto digits = MinorDigits(options.currency);
  if (!digits.ok()) return UsageError(digits.status().message());
  absl::TimeZone zone;
  if (!absl::LoadTimeZone(options.time_zone, &zone)) {
    return UsageError(absl::StrCat("--time-zone '", options.time_zone,
                                   "' is no IANA name that this machine knows, "
                                   "as Europe/London is"));
  }
  v1::AddBranchRequest request;
  request.mutable_branch()->set_code(options.code);
  request.mutable_branch()->set_name(options.name);
  request.mutable_branch()->set_time_zone(options.time_zone);
  request.mutable_branch()->set_currency(options.currency);
  for (const std::string& group : options.groups) {
    request.mutable_branch()->add_groups(group);
  }
  request.mutable_branch()->set_tax_region(options.tax_region);
  BL_ASSIGN_OR_RETURN(HubChannel hub,
                      HubChannel::Open(options.hub_data, Access::kChange));
  BL_RETURN_IF_ERROR(
      Call(hub.chain(), &v1::Chain::Stub::AddBranch, request).status());
  run.out << "branch " << options.code << " is planned; for its box:\n"
          << "  branchline branch token " << options.code << " --hub-data "
          << options.hub_data << "\n";
  return absl::OkStatus();
}

absl::Status SetBranch(const BranchOptions& options, Run& run) {
  BL_RETURN_IF_ERROR(CheckCode(options.code));
  v1::SetBranchRequest request;
  request.set_code(options.code);
  request.set_sets_groups(options.no_groups || !options.groups.empty());
  for (const std::string& group : options.groups) request.add_groups(group);
  if (options.sets_region) request.set_tax_region(options.tax_region);
  if (!request.sets_groups() && !request.has_tax_region()) {
    return UsageError("say what: --group, --no-groups or --tax-region");
  }
  BL_ASSIGN_OR_RETURN(HubChannel hub,
                      HubChannel::Open(options.hub_data, Access::kChange));
  BL_ASSIGN_OR_RETURN(const v1::SetBranchResponse response,
                      Call(hub.chain(), &v1::Chain::Stub::SetBranch, request));
  run.out << (response.changed() ? absl::StrCat("branch ", options.code,
                                                " is set; it pulls it\n")
                                 : std::string("nothing differs\n"));
  return absl::OkStatus();
}

absl::StatusOr<v1::ListBranchesResponse> Fetch(const std::string& hub_data,
                                               const std::string& code) {
  BL_ASSIGN_OR_RETURN(HubChannel hub,
                      HubChannel::Open(hub_data, Access::kRead));
  v1::ListBranchesRequest request;
  request.set_code(code);
  BL_ASSIGN_OR_RETURN(
      v1::ListBranchesResponse response,
      Call(hub.chain(), &v1::Chain::Stub::ListBranches, request));
  if (!code.empty() && response.branches_size() == 0) {
    return absl::NotFoundError(absl::StrCat(
        "there is no branch ", code, ": 'branchline branch list' names them"));
  }
  return response;
}

absl::Status ListBranches(const BranchOptions& options, Run& run) {
  BL_ASSIGN_OR_RETURN(const v1::ListBranchesResponse response,
                      Fetch(options.hub_data, ""));
  Table table({{"branch", "branch"},
               {"name", "name"},
               {"status", "status"},
               {"cursor", "journal"},
               {"open_date", "day open"},
               {"sealed_date", "sealed to"},
               {"online", "line", Kind::kYesNo},
               {"last_heard", "heard"},
               {"aside", "aside", Kind::kCount}});
  for (const v1::BranchInfo& info : response.branches()) {
    table.Add({info.branch().code(), info.branch().name(),
               StatusText(info.branch().status()), PositionText(info.cursor()),
               FormatDate(info.open_date()), FormatDate(info.sealed_date()),
               Value::YesNo(info.online()),
               Ago(info.last_heard_unix_micros(), run.clock.WallNow()),
               Value::Count(info.aside())});
  }
  table.Print(options.format, "no branches yet: 'branchline branch add'",
              run.out);
  return absl::OkStatus();
}

absl::Status ShowBranch(const BranchOptions& options, Run& run) {
  BL_ASSIGN_OR_RETURN(const v1::ListBranchesResponse response,
                      Fetch(options.hub_data, options.code));
  const v1::BranchInfo& info = response.branches(0);
  if (options.format == Format::kJson) {
    run.out << MessageJson(info);
    return absl::OkStatus();
  }
  Table table({{"what", "what"}, {"value", "value"}});
  table.Add({"branch", info.branch().code()});
  table.Add({"name", info.branch().name()});
  table.Add({"status", StatusText(info.branch().status())});
  table.Add({"time_zone", info.branch().time_zone()});
  table.Add({"currency", info.branch().currency()});
  table.Add({"groups", absl::StrJoin(info.branch().groups(), " ")});
  table.Add({"tax_region", info.branch().tax_region()});
  table.Add({"journal", absl::StrCat(PositionText(info.cursor()), " ",
                                     Hex(info.cursor().hash()))});
  table.Add({"day_open", FormatDate(info.open_date())});
  table.Add({"sealed_to", FormatDate(info.sealed_date())});
  table.Add({"online", Value::YesNo(info.online())});
  const Value heard = Ago(info.last_heard_unix_micros(), run.clock.WallNow());
  table.Add({"last_heard", heard});
  table.Add({"put_aside", Value::Count(info.aside())});
  if (!info.fenced_why().empty()) table.Add({"fenced", info.fenced_why()});
  if (!info.incident().empty()) table.Add({"incident", info.incident()});
  for (const v1::LateSuffixFound& late : info.late_waiting()) {
    table.Add({"late", LateText(late)});
  }
  // Long texts are what this command is for: no table, whose cells give way.
  if (options.format != Format::kTable) {
    table.Print(options.format, "", run.out);
    return absl::OkStatus();
  }
  run.out << table.Pairs();
  return absl::OkStatus();
}

absl::Status RetireBranch(const BranchOptions& options, Run& run) {
  BL_RETURN_IF_ERROR(CheckCode(options.code));
  BL_ASSIGN_OR_RETURN(HubChannel hub,
                      HubChannel::Open(options.hub_data, Access::kChange));
  v1::RetireBranchRequest request;
  request.set_code(options.code);
  BL_RETURN_IF_ERROR(
      Call(hub.chain(), &v1::Chain::Stub::RetireBranch, request).status());
  run.out << "branch " << options.code
          << " is retired: its line is cut and its box renews no more\n";
  return absl::OkStatus();
}

absl::Status IssueToken(const BranchOptions& options, Run& run) {
  BL_RETURN_IF_ERROR(CheckCode(options.code));
  BL_ASSIGN_OR_RETURN(HubChannel hub,
                      HubChannel::Open(options.hub_data, Access::kChange));
  v1::IssueTokenRequest request;
  request.set_branch(options.code);
  request.set_hours(options.hours);
  request.set_recover(options.recover);
  BL_ASSIGN_OR_RETURN(const v1::IssueTokenResponse response,
                      Call(hub.chain(), &v1::Chain::Stub::IssueToken, request));
  // The token alone on stdout, so that a script can take it.
  run.out << response.token() << "\n";
  run.err << "for one box of " << options.code << ", until "
          << TimeText(response.expires_unix_micros()) << "; on the box:\n"
          << "  branchline edge " << (options.recover ? "recover" : "join")
          << " --data DIR --hub HOST:PORT --token TOKEN\n";
  return absl::OkStatus();
}

void AddCode(CLI::App* command, std::string* code) {
  command->add_option("branch", *code, "Its code, as S014")
      ->type_name("CODE")
      ->required();
}

void AddGroupsAndRegion(CLI::App* command, BranchOptions* o) {
  command
      ->add_option("--group", o->groups,
                   "A group that price lists and promotions name; may be given "
                   "again")
      ->type_name("NAME")
      ->allow_extra_args(false);
  command
      ->add_option_function<std::string>(
          "--tax-region",
          [o](const std::string& region) {
            o->tax_region = region;
            o->sets_region = true;
          },
          "The region of the tax rules that hold here")
      ->type_name("NAME");
}

}  // namespace

void AddBranchLateCommand(CLI::App& group, Run& run);

void AddBranchCommands(CLI::App& app, Run& run) {
  CLI::App* group = AddGroup(app, "branch", "The branches of the chain");
  const std::vector<ExitCode> exits = {ExitCode::kNotReachable,
                                       ExitCode::kDamaged, ExitCode::kNoSpace};

  auto o = std::make_shared<BranchOptions>();
  CLI::App* command = AddCommand(
      *group,
      {"add",
       "Adds a branch, or a warehouse, to the chain. It is planned until a box "
       "joins with its token.",
       "  branchline branch add S014 --name \"High Street\" \\\n"
       "      --time-zone Europe/London --currency GBP --hub-data hub\n"},
      exits, run, [o, &run] { return AddBranch(*o, run); });
  AddHubData(command, &o->hub_data);
  AddCode(command, &o->code);
  command->add_option("--name", o->name, "As people call it")->required();
  command
      ->add_option("--time-zone", o->time_zone, "IANA name, as Europe/London")
      ->type_name("ZONE")
      ->required();
  command->add_option("--currency", o->currency, "ISO 4217, of its tills")
      ->type_name("CODE")
      ->required();
  AddGroupsAndRegion(command, o.get());

  o = std::make_shared<BranchOptions>();
  command = AddCommand(
      *group,
      {"set",
       "Sets the groups and the tax region of a branch: what its prices, "
       "promotions and taxes go by. The groups that are given replace those "
       "before; what is not given stays. The branch sells by it as soon as it "
       "has pulled it.",
       "  branchline branch set S014 --group north --group airport "
       "--hub-data hub\n"
       "  branchline branch set S014 --no-groups --tax-region \"\" "
       "--hub-data hub\n"},
      exits, run, [o, &run] { return SetBranch(*o, run); });
  AddHubData(command, &o->hub_data);
  AddCode(command, &o->code);
  AddGroupsAndRegion(command, o.get());
  command->add_flag("--no-groups", o->no_groups, "It is in no group any more");

  o = std::make_shared<BranchOptions>();
  command = AddCommand(*group,
                       {"list",
                        "All branches: status, how far their journals and days "
                        "have come, and when they were last heard.",
                        "  branchline branch list --hub-data hub\n"},
                       exits, run, [o, &run] { return ListBranches(*o, run); });
  AddHubData(command, &o->hub_data);
  AddFormat(command, &o->format);

  o = std::make_shared<BranchOptions>();
  command = AddCommand(*group,
                       {"show",
                        "One branch in full, with why it is fenced, what posed "
                        "as it, and late records that wait for approval.",
                        "  branchline branch show S014 --hub-data hub\n"},
                       exits, run, [o, &run] { return ShowBranch(*o, run); });
  AddHubData(command, &o->hub_data);
  AddCode(command, &o->code);
  AddFormat(command, &o->format);

  o = std::make_shared<BranchOptions>();
  command = AddCommand(
      *group,
      {"retire",
       "Ends a branch: its line is cut, its certificate renews no more, its "
       "journal stays. Cannot be undone.",
       "  branchline branch retire S014 --hub-data hub\n"},
      exits, run, [o, &run] { return RetireBranch(*o, run); });
  AddHubData(command, &o->hub_data);
  AddCode(command, &o->code);

  o = std::make_shared<BranchOptions>();
  command = AddCommand(
      *group,
      {"token",
       "Prints a token with which one box becomes this branch. It is shown "
       "once, and holds the hash of the hub's CA.",
       "  branchline branch token S014 --hub-data hub\n"
       "  branchline branch token S014 --recover --hours 2 --hub-data hub\n"},
      exits, run, [o, &run] { return IssueToken(*o, run); });
  AddHubData(command, &o->hub_data);
  AddCode(command, &o->code);
  command->add_option("--hours", o->hours, "How long it is good. Default: 24")
      ->check(CLI::Range(1, 24 * 30));
  command->add_flag("--recover", o->recover,
                    "The box replaces the one that joined before");

  AddBranchLateCommand(*group, run);
}

}  // namespace branchline::cli

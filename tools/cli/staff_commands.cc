#include <fstream>
#include <iostream>
#include <memory>
#include <ostream>
#include <string>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "sync/base/status_macros.h"
#include "tools/cli/commands.h"
#include "tools/cli/hub_channel.h"
#include "tools/cli/rpc.h"

namespace branchline::cli {
namespace {

struct StaffOptions {
  std::string hub_data;
  std::string id;
  std::string name;
  std::string role;
  std::string pin_file;
  std::vector<std::string> branches;
  bool left = false;
  bool everywhere = false;
  Format format = Format::kTable;
};

struct ExceptionOptions {
  std::string hub_data;
  std::string branch;
  Format format = Format::kTable;
};

// The PIN is read from a file or stdin: an argument would stand in the list of
// processes and in the shell's history.
absl::StatusOr<std::string> ReadPin(const std::string& file) {
  std::string pin;
  if (file == "-") {
    std::getline(std::cin, pin);
  } else {
    std::ifstream in(file);
    if (!in) {
      return absl::NotFoundError(
          absl::StrCat("the PIN file ", file, " cannot be read"));
    }
    std::getline(in, pin);
  }
  return std::string(absl::StripAsciiWhitespace(pin));
}

absl::Status SetStaff(const StaffOptions& options, Run& run) {
  v1::SetStaffRequest request;
  request.mutable_staff()->set_role(options.role);
  if (!options.pin_file.empty()) {
    BL_ASSIGN_OR_RETURN(*request.mutable_pin(), ReadPin(options.pin_file));
    if (request.pin().empty()) {
      return absl::InvalidArgumentError("the PIN file's first line is empty");
    }
  }
  request.mutable_staff()->set_id(options.id);
  for (const std::string& branch : options.branches) {
    request.mutable_staff()->add_branches(branch);
  }
  request.mutable_staff()->set_left(options.left);
  request.set_name(options.name);
  request.set_keeps_role(options.role.empty());
  if (options.everywhere && !options.branches.empty()) {
    return UsageError("--branch or --everywhere, one of the two");
  }
  request.set_keeps_branches(options.branches.empty() && !options.everywhere);
  BL_ASSIGN_OR_RETURN(
      HubChannel hub,
      HubChannel::Open(options.hub_data, HubChannel::Access::kChange));
  BL_RETURN_IF_ERROR(
      Call(hub.chain(), &v1::Chain::Stub::SetStaff, request).status());
  run.out << "staff " << options.id
          << (options.left ? " has left\n" : " is set\n");
  return absl::OkStatus();
}

absl::Status ListStaff(const StaffOptions& options, Run& run) {
  BL_ASSIGN_OR_RETURN(
      HubChannel hub,
      HubChannel::Open(options.hub_data, HubChannel::Access::kRead));
  Table table({{"id", "id"},
               {"name", "name"},
               {"role", "role"},
               {"branches", "branches"},
               {"pin", "PIN", Kind::kYesNo},
               {"left", "left", Kind::kYesNo}});
  v1::ListStaffRequest request;
  if (!options.branches.empty()) request.set_branch(options.branches[0]);
  bool more = true;
  while (more) {
    BL_ASSIGN_OR_RETURN(
        const v1::ListStaffResponse page,
        Call(hub.chain(), &v1::Chain::Stub::ListStaff, request));
    for (const v1::StaffInfo& info : page.staff()) {
      const v1::Staff& staff = info.staff();
      table.Add({staff.id(), info.name(), staff.role(),
                 staff.branches().empty()
                     ? std::string("everywhere")
                     : absl::StrJoin(staff.branches(), " "),
                 Value::YesNo(info.has_pin()), Value::YesNo(staff.left())});
      request.set_after_id(staff.id());
    }
    more = page.more();
  }
  table.Print(options.format, "nobody yet: 'branchline staff set'", run.out);
  return absl::OkStatus();
}

absl::Status ListExceptions(const ExceptionOptions& options, Run& run) {
  v1::ListExceptionsRequest request;
  request.set_branch(options.branch);
  BL_ASSIGN_OR_RETURN(
      HubChannel hub,
      HubChannel::Open(options.hub_data, HubChannel::Access::kRead));
  BL_ASSIGN_OR_RETURN(
      const v1::ListExceptionsResponse response,
      Call(hub.chain(), &v1::Chain::Stub::ListExceptions, request));
  if (options.format == Format::kTable) {
    // What is wrong is a sentence: it does not fit a column.
    for (const v1::ExceptionInfo& exception : response.exceptions()) {
      run.out << exception.stream() << " " << exception.at().epoch() << "/"
              << exception.at().seq() << "  " << exception.what() << "\n";
    }
    if (response.exceptions().empty()) run.out << "no exceptions\n";
    return absl::OkStatus();
  }
  Table table({{"stream", "stream"},
               {"epoch", "epoch", Kind::kCount},
               {"seq", "seq", Kind::kCount},
               {"what", "what"}});
  for (const v1::ExceptionInfo& exception : response.exceptions()) {
    table.Add({exception.stream(), Value::Count(exception.at().epoch()),
               Value::Count(exception.at().seq()), exception.what()});
  }
  table.Print(options.format, "", run.out);
  return absl::OkStatus();
}

}  // namespace

void AddStaffCommands(CLI::App& app, Run& run) {
  CLI::App* group = AddGroup(app, "staff", "Who works where");
  auto o = std::make_shared<StaffOptions>();
  CLI::App* command = AddCommand(
      *group,
      {"list",
       "Everybody of the chain, or who may work in one branch: role, branches, "
       "whether they have a PIN, and who has left.",
       "  branchline staff list --branch S014 --hub-data hub\n"
       "  branchline staff list --format csv --hub-data hub\n"},
      {ExitCode::kNotReachable, ExitCode::kDamaged}, run,
      [o, &run] { return ListStaff(*o, run); });
  AddHubData(command, &o->hub_data);
  command
      ->add_option_function<std::string>(
          "--branch", [o](const std::string& code) { o->branches = {code}; },
          "Who may work there. Default: all")
      ->type_name("CODE");
  AddFormat(command, &o->format);

  o = std::make_shared<StaffOptions>();
  command = AddCommand(
      *group,
      {"set",
       "Adds a member of staff, or changes one: what is not given stays as it "
       "was. The name is stored apart from "
       "the journal's chain and can be erased later.",
       "  branchline staff set 7 --name \"Ada L.\" --branch S014 --hub-data "
       "hub\n"
       "  branchline staff set 7 --role cashier --pin-file - --hub-data hub\n"
       "  branchline staff set 7 --name \"Ada L.\" --left --hub-data hub\n"},
      {ExitCode::kNotReachable, ExitCode::kDamaged, ExitCode::kNoSpace}, run,
      [o, &run] { return SetStaff(*o, run); });
  AddHubData(command, &o->hub_data);
  command->add_option("id", o->id, "Their number")->type_name("ID")->required();
  command->add_option("--name", o->name,
                      "As it is printed on receipts. Default: as it was");
  command->add_option("--role", o->role,
                      "owner, manager, supervisor, cashier, stock-keeper, "
                      "accountant, auditor, technician, or one of the chain's. "
                      "Default: as it was");
  command
      ->add_option(
          "--pin-file", o->pin_file,
          "File with the PIN, 4 to 12 digits, on its first line; - for "
          "stdin. Default: the PIN stays as it was")
      ->type_name("FILE");
  command
      ->add_option("--branch", o->branches,
                   "Where they work; repeat for several. Default: as it was; "
                   "of a new one everywhere")
      ->type_name("CODE")
      ->allow_extra_args(false);
  command->add_flag("--everywhere", o->everywhere,
                    "They work in every branch from now on");
  command->add_flag("--left", o->left, "They have left: signs on no more");
}

void AddExceptionCommands(CLI::App& app, Run& run) {
  CLI::App* group = AddGroup(
      app, "exceptions", "Events that do not count, or are newer than the hub");
  const auto o = std::make_shared<ExceptionOptions>();
  CLI::App* command = AddCommand(
      *group,
      {"list",
       "Every event that the hub put aside (it debits what its branch may not, "
       "or cannot be read) or does not know yet, with the reason.",
       "  branchline exceptions list --hub-data hub\n"
       "  branchline exceptions list --branch S014 --format json "
       "--hub-data hub\n"},
      {ExitCode::kNotReachable, ExitCode::kDamaged}, run,
      [o, &run] { return ListExceptions(*o, run); });
  AddHubData(command, &o->hub_data);
  command->add_option("--branch", o->branch, "Only this one. Default: all")
      ->type_name("CODE");
  AddFormat(command, &o->format);
}

}  // namespace branchline::cli

#include "tools/cli/command.h"

#include <CLI/CLI.hpp>
#include <map>
#include <ostream>
#include <utility>

#include "absl/strings/str_cat.h"

namespace branchline::cli {
namespace {

absl::string_view Meaning(ExitCode code) {
  switch (code) {
    case ExitCode::kOk:
      return "done";
    case ExitCode::kRefused:
      return "refused; stderr says why, nothing was changed";
    case ExitCode::kUsage:
      return "wrong usage";
    case ExitCode::kNotReachable:
      return "the daemon does not answer";
    case ExitCode::kDamaged:
      return "the ledger is damaged or was tampered with; call a technician";
    case ExitCode::kNoSpace:
      return "no space left on the disk";
    case ExitCode::kDiffers:
      return "a figure differs from what it must be";
  }
  return "";
}

std::string Footer(const CommandText& text,
                   const std::vector<ExitCode>& exits) {
  std::string footer =
      absl::StrCat("Examples:\n", text.examples, "\nExit status:\n");
  std::vector<ExitCode> all = {ExitCode::kOk, ExitCode::kRefused,
                               ExitCode::kUsage};
  all.insert(all.end(), exits.begin(), exits.end());
  for (const ExitCode code : all) {
    absl::StrAppend(&footer, "  ", static_cast<int>(code), "  ", Meaning(code),
                    "\n");
  }
  return footer;
}

void Finish(const CLI::App& command, const absl::Status& status, Run& run) {
  run.exit_code = ExitCodeOf(status);
  if (status.ok()) return;
  run.out.flush();
  run.err << FullName(command) << ": " << status.message() << "\n";
}

}  // namespace

CLI::App* AddGroup(CLI::App& parent, const char* name, const char* what) {
  CLI::App* group = parent.add_subcommand(name, what);
  group->require_subcommand(1);
  return group;
}

CLI::App* AddCommand(CLI::App& parent, const CommandText& text,
                     const std::vector<ExitCode>& exits, Run& run,
                     std::function<absl::Status()> action) {
  CLI::App* command = parent.add_subcommand(text.name, text.what);
  command->footer(Footer(text, exits));
  command->callback([command, &run, action = std::move(action)] {
    Finish(*command, action(), run);
  });
  return command;
}

void RunWithoutCommand(CLI::App& group, Run& run,
                       std::function<absl::Status()> action) {
  group.callback([&group, &run, action = std::move(action)] {
    if (!group.get_subcommands().empty()) return;
    Finish(group, action(), run);
  });
}

void AddFormat(CLI::App* command, Format* format) {
  static const std::map<std::string, Format> kFormats = {
      {"table", Format::kTable},
      {"json", Format::kJson},
      {"csv", Format::kCsv}};
  command
      ->add_option_function<std::string>(
          "--format",
          [format](const std::string& name) { *format = kFormats.at(name); },
          "For people, for programs, or for spreadsheets. Default: table")
      ->check(CLI::IsMember({"table", "json", "csv"}));
}

void AddHubData(CLI::App* command, std::string* dir) {
  command
      ->add_option("--hub-data", *dir,
                   "The hub's data directory: asks the hub that runs there, or "
                   "opens it if none does")
      ->envname("BRANCHLINE_HUB_DATA")
      ->type_name("DIR")
      ->required();
}

void AddData(CLI::App* command, std::string* dir) {
  command->add_option("--data", *dir, "The data directory of the box")
      ->envname("BRANCHLINE_DATA")
      ->type_name("DIR")
      ->required();
}

std::string FullName(const CLI::App& command) {
  const CLI::App* parent = command.get_parent();
  return parent == nullptr
             ? command.get_name()
             : absl::StrCat(FullName(*parent), " ", command.get_name());
}

}  // namespace branchline::cli

#include "tools/cli/cli.h"

#include <algorithm>
#include <exception>
#include <ostream>

#include "absl/strings/str_cat.h"
#include "sync/base/version.h"
#include "tools/cli/commands.h"
#include "tools/cli/help_formatter.h"

namespace branchline::cli {

namespace {

// CLI11 says that a command is missing where one is misspelt.
std::string WhatIsWrong(const CLI::App& app, const CLI::App& command,
                        const CLI::ParseError& error) {
  const std::vector<std::string> left = app.remaining(/*recurse=*/true);
  const std::vector<const CLI::App*> known = command.get_subcommands(nullptr);
  if (known.empty() || left.empty()) return error.what();
  std::string names;
  for (const CLI::App* sub : known) {
    absl::StrAppend(&names, names.empty() ? "" : ", ", sub->get_name());
  }
  return absl::StrCat("there is no command '", left.front(), "', there are ",
                      names);
}

}  // namespace

std::unique_ptr<CLI::App> MakeApp(Run& run) {
  auto app = std::make_unique<CLI::App>(
      "Branchline: keeps a shop trading when the line is down.", "branchline");
  app->formatter(std::make_shared<HelpFormatter>());
  app->set_version_flag("--version", absl::StrCat("branchline ", kVersion));
  app->set_help_flag("--help", "Print this and exit");
  app->require_subcommand(1);
  app->footer(
      "'branchline COMMAND --help' has examples and exit codes; "
      "docs/CLI.md has all of them.");
  AddHubCommands(*app, run);
  AddBranchCommands(*app, run);
  AddCatalogCommands(*app, run);
  AddPriceCommands(*app, run);
  AddPromoCommands(*app, run);
  AddStaffCommands(*app, run);
  AddRulesCommands(*app, run);
  AddExceptionCommands(*app, run);
  AddReportCommands(*app, run);
  AddEdgeCommands(*app, run);
  AddTillCommands(*app, run);
  AddDayCommands(*app, run);
  AddDeviceCommands(*app, run);
  AddPaymentCommands(*app, run);
  AddJournalCommands(*app, run);
  AddDrillCommands(*app, run);
  AddCompletionCommands(*app, run);
  return app;
}

int RunCli(const std::vector<std::string>& arguments, std::ostream& out,
           std::ostream& err, const Clock& clock) {
  Run run{.out = out, .err = err, .clock = clock};
  const std::unique_ptr<CLI::App> app = MakeApp(run);
  // CLI11 speaks in exceptions, and takes its arguments from the back.
  try {
    std::vector<std::string> reversed(arguments.rbegin(), arguments.rend());
    app->parse(reversed);
  } catch (const CLI::RuntimeError& ended) {
    return ended
        .get_exit_code();  // a command that ended with a code of its own
  } catch (const CLI::ParseError& error) {
    if (error.get_exit_code() == 0) {  // --help, --version
      app->exit(error, out, err);
      return 0;
    }
    const CLI::App* command = app.get();
    while (!command->get_subcommands().empty()) {
      command = command->get_subcommands().front();
    }
    err << FullName(*command) << ": " << WhatIsWrong(*app, *command, error)
        << "; see '" << FullName(*command) << " --help'\n";
    return static_cast<int>(ExitCode::kUsage);
  }
  return static_cast<int>(run.exit_code);
}

}  // namespace branchline::cli

#pragma once

#include <CLI/CLI.hpp>
#include <functional>
#include <iosfwd>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "sync/base/clock.h"
#include "tools/cli/exit_code.h"
#include "tools/cli/table.h"

namespace branchline::cli {

// Where one run of the command prints, and how it ends. Lives for the run.
struct Run {
  std::ostream& out;
  std::ostream& err;
  const Clock& clock;
  ExitCode exit_code = ExitCode::kOk;
};

// What a command's --help says.
struct CommandText {
  const char* name;
  const char* what;      // what it does, and what it changes
  const char* examples;  // one a line
};

// A command that only holds others.
CLI::App* AddGroup(CLI::App& parent, const char* name, const char* what);

// A command. `action` runs once the whole line was parsed; what it returns is
// printed to run.err as "branchline branch add: <message>" and gives the exit
// code. `exits` lists the codes besides 0, 1 and 2 that it can end with.
CLI::App* AddCommand(CLI::App& parent, const CommandText& text,
                     const std::vector<ExitCode>& exits, Run& run,
                     std::function<absl::Status()> action);

// --format table|json|csv. `format` must outlive the parse.
void AddFormat(CLI::App* command, Format* format);

// --hub-data DIR, or BRANCHLINE_HUB_DATA; --data DIR of a box.
void AddHubData(CLI::App* command, std::string* dir);
void AddData(CLI::App* command, std::string* dir);

// "branchline branch add".
// What a group does when none of its commands is named.
void RunWithoutCommand(CLI::App& group, Run& run,
                       std::function<absl::Status()> action);

std::string FullName(const CLI::App& command);

}  // namespace branchline::cli

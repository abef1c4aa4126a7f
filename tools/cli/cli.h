#pragma once

#include <CLI/CLI.hpp>
#include <iosfwd>
#include <memory>
#include <string>
#include <vector>

#include "sync/base/clock.h"
#include "tools/cli/command.h"

namespace branchline::cli {

// The whole command: its tree, with nothing parsed yet.
std::unique_ptr<CLI::App> MakeApp(Run& run);

// Runs `arguments` (without the program's name), and returns the exit code.
int RunCli(const std::vector<std::string>& arguments, std::ostream& out,
           std::ostream& err, const Clock& clock);

}  // namespace branchline::cli

#pragma once

#include <CLI/CLI.hpp>
#include <string>

namespace branchline::cli {

// A bash completion script for `app`, made from its tree of commands: commands,
// long options, values that an option lists ("{table,json,csv}"), directories
// and files where an option's or argument's type says DIR or FILE.
std::string BashCompletion(const CLI::App& app);

}  // namespace branchline::cli

#pragma once

#include <CLI/CLI.hpp>

namespace branchline::cli {

// CLI11's help, in 80 columns.
class HelpFormatter final : public CLI::Formatter {
 public:
  HelpFormatter();

  std::string make_description(const CLI::App* app) const override;
  std::string make_option_desc(const CLI::Option* option) const override;
};

}  // namespace branchline::cli

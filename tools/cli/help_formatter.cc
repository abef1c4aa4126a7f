#include "tools/cli/help_formatter.h"

#include "tools/cli/width.h"

namespace branchline::cli {
namespace {

constexpr size_t kWidth = 80;
constexpr size_t kNameWidth = 28;  // of options, before what they mean

}  // namespace

HelpFormatter::HelpFormatter() { column_width(kNameWidth); }

std::string HelpFormatter::make_description(const CLI::App* app) const {
  return Wrap(CLI::Formatter::make_description(app), kWidth);
}

std::string HelpFormatter::make_option_desc(const CLI::Option* option) const {
  return Wrap(CLI::Formatter::make_option_desc(option), kWidth - kNameWidth);
}

}  // namespace branchline::cli

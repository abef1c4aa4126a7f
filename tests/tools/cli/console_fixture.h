#pragma once

#include <memory>
#include <sstream>
#include <string>

#include "absl/strings/str_split.h"
#include "tests/edge/till_fixture.h"
#include "tests/support/status_matchers.h"
#include "tools/cli/till_console.h"

namespace branchline::cli {

// A till's console at a till service in this process; a test makes console_.
class ConsoleFixture : public TillFixture {
 protected:
  // What the lines print; each must be done.
  std::string Do(const std::string& lines) {
    out_.str("");
    for (const auto line : absl::StrSplit(lines, '\n')) {
      EXPECT_THAT(console_->Do(std::string(line)), IsOk()) << line;
    }
    return out_.str();
  }

  SeededRandom random_{7};
  std::ostringstream out_;
  std::unique_ptr<TillConsole> console_;
};

}  // namespace branchline::cli

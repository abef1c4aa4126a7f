// Runs the command in this process, and says what it printed and how it ended.

#pragma once

#include <gtest/gtest.h>
#include <stdlib.h>

#include <filesystem>
#include <sstream>
#include <string>
#include <system_error>
#include <vector>

#include "absl/strings/str_cat.h"
#include "sync/base/clock.h"
#include "tools/cli/cli.h"

namespace branchline::cli {

struct Ended {
  int code = 0;
  std::string out;
  std::string err;
};

inline Ended RunBranchline(const std::vector<std::string>& arguments) {
  std::ostringstream out;
  std::ostringstream err;
  Ended ended;
  ended.code = RunCli(arguments, out, err, SystemClock());
  ended.out = out.str();
  ended.err = err.str();
  return ended;
}

// A fresh directory with a short path, since Unix sockets want one.
class ShortDir {
 public:
  ShortDir() {
    path_ = "/tmp/bl-XXXXXX";
    if (mkdtemp(path_.data()) == nullptr) ADD_FAILURE() << "no " << path_;
  }
  ~ShortDir() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  ShortDir(const ShortDir&) = delete;
  ShortDir& operator=(const ShortDir&) = delete;

  const std::string& path() const { return path_; }
  std::string operator/(const std::string& name) const {
    return absl::StrCat(path_, "/", name);
  }

 private:
  std::string path_;
};

}  // namespace branchline::cli

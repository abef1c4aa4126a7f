// A directory of a test's own, with mode 0700, gone when the test is.

#pragma once

#include <gtest/gtest.h>
#include <stdlib.h>

#include <filesystem>
#include <string>
#include <system_error>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"

namespace branchline::identity_testing {

class TemporaryDir {
 public:
  TemporaryDir() {
    path_ = absl::StrCat(::testing::TempDir(), "/identity-XXXXXX");
    if (mkdtemp(path_.data()) == nullptr) ADD_FAILURE() << "no " << path_;
  }
  TemporaryDir(const TemporaryDir&) = delete;
  TemporaryDir& operator=(const TemporaryDir&) = delete;
  ~TemporaryDir() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }

  std::string operator/(absl::string_view name) const {
    return absl::StrCat(path_, "/", name);
  }

 private:
  std::string path_;
};

}  // namespace branchline::identity_testing

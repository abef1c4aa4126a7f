#pragma once

#include <cstdlib>
#include <filesystem>
#include <string>

#include "sync/base/check.h"

namespace branchline {

// A fresh directory that goes away with the object.
class TempDir {
 public:
  TempDir() {
    std::string name =
        (std::filesystem::temp_directory_path() / "drill_test_XXXXXX").string();
    BL_CHECK(mkdtemp(name.data()) != nullptr, "no temporary directory");
    path_ = name;
  }
  ~TempDir() {
    std::error_code ignored;  // Best effort: it is in the temporary directory.
    std::filesystem::remove_all(path_, ignored);
  }
  TempDir(const TempDir&) = delete;
  TempDir& operator=(const TempDir&) = delete;

  std::string File(const std::string& name) const { return path_ + "/" + name; }

 private:
  std::string path_;
};

}  // namespace branchline

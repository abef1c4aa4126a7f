#pragma once

#include <unistd.h>

#include <filesystem>
#include <string>
#include <system_error>

namespace branchline::cli {

// A folder of its own that goes away with it.
class ScratchDir {
 public:
  // path() is empty if none can be made: TMPDIR.
  ScratchDir() {
    std::string pattern =
        (std::filesystem::temp_directory_path() / "branchline-XXXXXX").string();
    if (mkdtemp(pattern.data()) != nullptr) path_ = pattern;
  }
  ~ScratchDir() {
    std::error_code error;
    if (!path_.empty()) std::filesystem::remove_all(path_, error);
  }
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

}  // namespace branchline::cli

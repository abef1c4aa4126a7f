#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <system_error>

#include "absl/strings/str_cat.h"
#include "sync/base/status_macros.h"
#include "sync/identity/secret_file.h"
#include "tools/drill/chain_rig.h"

namespace branchline::drill {
namespace {

// A Unix socket's name has 107 bytes; "/B200/admin.sock" stands below.
constexpr size_t kWorkDirSizeMax = 84;

}  // namespace

absl::StatusOr<std::string> PrepareWorkDir(const std::string& dir) {
  std::error_code error;
  std::filesystem::path path = std::filesystem::absolute(dir, error);
  if (error || dir.empty()) {
    return absl::InvalidArgumentError(
        absl::StrCat("there can be no directory '", dir, "'"));
  }
  path = path.lexically_normal();
  if (!path.has_filename()) path = path.parent_path();
  const std::string text = path.string();
  if (text.size() > kWorkDirSizeMax) {
    return absl::FailedPreconditionError(
        absl::StrCat("the directory ", text, " has a path of ", text.size(),
                     " bytes, and the sockets below it allow ", kWorkDirSizeMax,
                     ": use a shorter one"));
  }
  if (std::filesystem::exists(path, error)) {
    if (!std::filesystem::is_directory(path, error) ||
        !std::filesystem::is_empty(path, error) || error) {
      return absl::FailedPreconditionError(
          absl::StrCat(text,
                       " is not an empty directory: give another "
                       "--work-dir, or remove what is in it"));
    }
    if (chmod(text.c_str(), 0700) != 0) {
      return absl::PermissionDeniedError(absl::StrCat(
          "keep others out of ", text, ": ", std::strerror(errno)));
    }
    return text;
  }
  std::filesystem::create_directories(path.parent_path(), error);
  BL_RETURN_IF_ERROR(MakeSecretDir(text));
  return text;
}

absl::StatusOr<std::string> FindBinDir() {
  std::error_code error;
  const std::filesystem::path self =
      std::filesystem::read_symlink("/proc/self/exe", error);
  const std::string dir = self.parent_path().string();
  for (const char* name : {"branchline-hub", "branchline-edge"}) {
    const std::string path = absl::StrCat(dir, "/", name);
    if (access(path.c_str(), X_OK) != 0) {
      return absl::NotFoundError(absl::StrCat(
          "there is no program ", path,
          ": the daemons are looked for beside this program; build all three"));
    }
  }
  return dir;
}

}  // namespace branchline::drill

#include "sync/identity/secret_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/string_view.h"
#include "sync/base/status_macros.h"

namespace branchline {
namespace {

constexpr mode_t kOthersMask = S_IRWXG | S_IRWXO;

absl::StatusCode CodeOf(int error) {
  switch (error) {
    case EIO:
      return absl::StatusCode::kDataLoss;
    case ENOSPC:
    case EDQUOT:
    case EFBIG:
      return absl::StatusCode::kResourceExhausted;
    case EACCES:
    case EPERM:
    case EROFS:
      return absl::StatusCode::kPermissionDenied;
    case ENOENT:
      return absl::StatusCode::kNotFound;
    default:
      return absl::ErrnoToStatusCode(error);
  }
}

absl::Status FileError(int error, absl::string_view what,
                       absl::string_view path) {
  return absl::Status(
      CodeOf(error), absl::StrCat(what, " ", path, ": ", std::strerror(error)));
}

class FileDescriptor {
 public:
  explicit FileDescriptor(int fd) : fd_(fd) {}
  FileDescriptor(const FileDescriptor&) = delete;
  FileDescriptor& operator=(const FileDescriptor&) = delete;
  ~FileDescriptor() {
    if (fd_ >= 0) close(fd_);
  }

  int get() const { return fd_; }

 private:
  int fd_;
};

std::string ParentOf(const std::string& path) {
  std::string parent = path;
  while (parent.size() > 1 && parent.back() == '/') parent.pop_back();
  const size_t slash = parent.rfind('/');
  if (slash == std::string::npos) return ".";
  return slash == 0 ? "/" : parent.substr(0, slash);
}

absl::Status SyncDir(const std::string& dir) {
  const FileDescriptor fd(
      open(dir.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (fd.get() < 0) return FileError(errno, "opening directory", dir);
  if (fsync(fd.get()) != 0) return FileError(errno, "syncing directory", dir);
  return absl::OkStatus();
}

absl::Status WriteAll(int fd, absl::string_view contents,
                      const std::string& path) {
  while (!contents.empty()) {
    const ssize_t written = write(fd, contents.data(), contents.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return FileError(errno, "writing", path);
    contents.remove_prefix(static_cast<size_t>(written));
  }
  return absl::OkStatus();
}

// A new file at `path`, whole and synced.
absl::Status WriteNew(const std::string& path, absl::string_view contents) {
  if (unlink(path.c_str()) != 0 && errno != ENOENT) {
    return FileError(errno, "removing left-over", path);
  }
  const FileDescriptor fd(open(path.c_str(),
                               O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC,
                               S_IRUSR | S_IWUSR));
  if (fd.get() < 0) return FileError(errno, "making", path);
  // Whatever the umask is.
  if (fchmod(fd.get(), S_IRUSR | S_IWUSR) != 0) {
    return FileError(errno, "setting mode 0600 of", path);
  }
  BL_RETURN_IF_ERROR(WriteAll(fd.get(), contents, path));
  if (fsync(fd.get()) != 0) return FileError(errno, "syncing", path);
  return absl::OkStatus();
}

absl::Status CheckSecretFile(const struct stat& info, const std::string& path) {
  if (!S_ISREG(info.st_mode)) {
    return absl::FailedPreconditionError(
        absl::StrCat("reading ", path, ": it is not a regular file"));
  }
  if ((info.st_mode & kOthersMask) != 0) {
    return absl::FailedPreconditionError(absl::StrFormat(
        "reading %s: its mode is %04o, so others could have seen the secret in "
        "it; run chmod 600 %s if nobody has, else make a new one",
        path, info.st_mode & 07777, path));
  }
  if (static_cast<size_t>(info.st_size) > kSecretFileSizeMax) {
    return absl::FailedPreconditionError(
        absl::StrCat("reading ", path, ": it has ", info.st_size,
                     " bytes, want at most ", kSecretFileSizeMax));
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status WriteSecretFile(absl::string_view path,
                             absl::string_view contents) {
  const std::string target(path);
  if (contents.size() > kSecretFileSizeMax) {
    return absl::InvalidArgumentError(
        absl::StrCat("writing ", target, ": ", contents.size(),
                     " bytes, want at most ", kSecretFileSizeMax));
  }
  const std::string temporary = absl::StrCat(target, ".tmp");
  absl::Status written = WriteNew(temporary, contents);
  if (written.ok() && rename(temporary.c_str(), target.c_str()) != 0) {
    written = FileError(errno, "renaming the new file to", target);
  }
  if (!written.ok()) {
    unlink(temporary.c_str());  // No secret is left lying about.
    return written;
  }
  return SyncDir(ParentOf(target));
}

absl::StatusOr<std::string> ReadSecretFile(absl::string_view path) {
  const std::string source(path);
  // O_NONBLOCK: a named pipe must not hold us up.
  const FileDescriptor fd(
      open(source.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC));
  if (fd.get() < 0) return FileError(errno, "opening", source);
  struct stat info = {};
  if (fstat(fd.get(), &info) != 0)
    return FileError(errno, "looking at", source);
  BL_RETURN_IF_ERROR(CheckSecretFile(info, source));
  std::string contents(static_cast<size_t>(info.st_size), '\0');
  size_t done = 0;
  while (done < contents.size()) {
    const ssize_t got =
        read(fd.get(), contents.data() + done, contents.size() - done);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return FileError(errno, "reading", source);
    if (got == 0) break;
    done += static_cast<size_t>(got);
  }
  contents.resize(done);
  return contents;
}

absl::Status MakeSecretDir(absl::string_view path) {
  const std::string dir(path);
  if (mkdir(dir.c_str(), S_IRWXU) == 0) return SyncDir(ParentOf(dir));
  if (errno != EEXIST) return FileError(errno, "making directory", dir);
  struct stat info = {};
  if (stat(dir.c_str(), &info) != 0) return FileError(errno, "looking at", dir);
  if (!S_ISDIR(info.st_mode)) {
    return absl::FailedPreconditionError(
        absl::StrCat("making directory ", dir, ": a file is there"));
  }
  if ((info.st_mode & kOthersMask) != 0) {
    return absl::FailedPreconditionError(absl::StrFormat(
        "using directory %s: its mode is %04o, open to others; run chmod 700 "
        "%s, or give a directory of its own",
        dir, info.st_mode & 07777, dir));
  }
  return absl::OkStatus();
}

}  // namespace branchline

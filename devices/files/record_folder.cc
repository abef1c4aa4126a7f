#include "devices/files/record_folder.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "sync/base/status_macros.h"

namespace branchline {
namespace {

absl::Status FileError(absl::string_view doing, const std::string& path) {
  const std::string message =
      absl::StrCat(doing, " ", path, ": ", std::strerror(errno));
  switch (errno) {
    case ENOENT:
    case ENOTDIR:
      return absl::NotFoundError(message);
    case EACCES:
    case EPERM:
    case EROFS:
      return absl::PermissionDeniedError(message);
    case ENOSPC:
    case EDQUOT:
    case EFBIG:
      return absl::ResourceExhaustedError(message);
    default:
      return absl::DataLossError(message);
  }
}

absl::Status WriteAndSync(const std::string& path, absl::string_view bytes) {
  const int fd =
      open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (fd < 0) return FileError("write", path);
  size_t done = 0;
  bool ok = true;
  while (ok && done < bytes.size()) {
    const ssize_t count = write(fd, bytes.data() + done, bytes.size() - done);
    if (count < 0 && errno == EINTR) continue;
    ok = count >= 0;
    if (ok) done += static_cast<size_t>(count);
  }
  ok = ok && fsync(fd) == 0;
  const absl::Status status = ok ? absl::OkStatus() : FileError("write", path);
  close(fd);
  return status;
}

absl::StatusOr<std::string> ReadWhole(const std::string& path) {
  const std::unique_ptr<FILE, int (*)(FILE*)> file(fopen(path.c_str(), "rb"),
                                                   &fclose);
  if (file == nullptr) return FileError("read", path);
  std::string bytes;
  char buffer[8192];
  size_t count = 0;
  while ((count = fread(buffer, 1, sizeof(buffer), file.get())) > 0) {
    bytes.append(buffer, count);
    if (bytes.size() > RecordFolder::kRecordSizeMax) {
      return absl::DataLossError(
          absl::StrCat("read ", path, ": it is too long for a record of ours"));
    }
  }
  if (ferror(file.get()) != 0) return FileError("read", path);
  return bytes;
}

}  // namespace

absl::Status RecordFolder::Make() const {
  if (mkdir(dir_.c_str(), 0700) != 0 && errno != EEXIST) {
    return FileError("make the folder", dir_);
  }
  return absl::OkStatus();
}

std::string RecordFolder::PathOf(absl::string_view name) const {
  return absl::StrCat(dir_, "/", name, suffix_);
}

absl::Status RecordFolder::SyncDir() const {
  const int fd = open(dir_.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0) return FileError("sync", dir_);
  const absl::Status status =
      fsync(fd) == 0 ? absl::OkStatus() : FileError("sync", dir_);
  close(fd);
  return status;
}

absl::Status RecordFolder::Load(
    absl::FunctionRef<absl::Status(const std::string&, const std::string&)>
        on_record) const {
  const std::unique_ptr<DIR, int (*)(DIR*)> folder(opendir(dir_.c_str()),
                                                   &closedir);
  if (folder == nullptr) return FileError("read the folder", dir_);
  while (const dirent* const entry = readdir(folder.get())) {
    const std::string path = absl::StrCat(dir_, "/", entry->d_name);
    // What is left of a write that a crash cut short ends in .tmp.
    if (!absl::EndsWith(path, suffix_)) continue;
    BL_ASSIGN_OR_RETURN(const std::string bytes, ReadWhole(path));
    BL_RETURN_IF_ERROR(on_record(path, bytes));
  }
  return absl::OkStatus();
}

absl::Status RecordFolder::Save(absl::string_view name,
                                absl::string_view bytes) const {
  const std::string path = PathOf(name);
  const std::string next = absl::StrCat(path, ".tmp");
  BL_RETURN_IF_ERROR(WriteAndSync(next, bytes));
  if (rename(next.c_str(), path.c_str()) != 0) return FileError("write", path);
  return SyncDir();
}

absl::Status RecordFolder::Remove(absl::string_view name) const {
  const std::string path = PathOf(name);
  if (unlink(path.c_str()) != 0 && errno != ENOENT) {
    return FileError("remove", path);
  }
  return SyncDir();
}

}  // namespace branchline

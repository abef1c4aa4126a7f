#include "edge/devices/hot_plug.h"

#include <poll.h>
#include <sys/eventfd.h>
#include <sys/inotify.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <system_error>

#include "absl/strings/str_cat.h"

namespace branchline {
namespace {

// A device is there once its node is, and may be opened once udev has set its
// owner (IN_ATTRIB); its links come last.
constexpr uint32_t kAppears =
    IN_CREATE | IN_MOVED_TO | IN_ATTRIB | IN_CLOSE_WRITE;

}  // namespace

absl::StatusOr<std::unique_ptr<HotPlug>> HotPlug::Make() {
  const int inotify = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
  if (inotify < 0) {
    return absl::UnavailableError(
        absl::StrCat("watch for devices: inotify: ", std::strerror(errno),
                     "; devices are found again by trying, within 15 s"));
  }
  const int wake = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
  if (wake < 0) {
    const int error = errno;
    close(inotify);
    return absl::UnavailableError(
        absl::StrCat("watch for devices: eventfd: ", std::strerror(error)));
  }
  return std::unique_ptr<HotPlug>(new HotPlug(inotify, wake));
}

HotPlug::~HotPlug() {
  close(inotify_);
  close(wake_);
}

void HotPlug::Watch(const std::string& folder) {
  if (folders_.size() + wanted_.size() >= kFoldersMax) return;
  Add(folder);
}

void HotPlug::Add(const std::string& folder) {
  const int watch = inotify_add_watch(inotify_, folder.c_str(), kAppears);
  if (watch >= 0) {
    folders_[watch] = folder;
    wanted_.erase(folder);
    return;
  }
  if (!wanted_.insert(folder).second) return;
  const std::string above = std::filesystem::path(folder).parent_path();
  if (above != folder && !above.empty()) Add(above);
}

std::set<std::string> HotPlug::Wait(absl::Duration wait_max) {
  pollfd fds[2] = {{inotify_, POLLIN, 0}, {wake_, POLLIN, 0}};
  const int64_t wait_ms = std::min<int64_t>(
      absl::ToInt64Milliseconds(wait_max + absl::Microseconds(999)), 60'000);
  (void)poll(fds, 2, static_cast<int>(wait_ms));
  uint64_t count = 0;
  (void)!read(wake_, &count, sizeof(count));
  std::set<std::string> changed;
  alignas(inotify_event) char buffer[16 << 10];
  for (ssize_t size = 0; (size = read(inotify_, buffer, sizeof(buffer))) > 0;) {
    for (ssize_t at = 0; at < size;) {
      inotify_event event;
      std::memcpy(&event, buffer + at, sizeof(event));
      at += static_cast<ssize_t>(sizeof(event) + event.len);
      const auto it = folders_.find(event.wd);
      if (it == folders_.end()) continue;
      if ((event.mask & IN_IGNORED) != 0) {  // the folder itself is gone
        wanted_.insert(it->second);
        folders_.erase(it);
        continue;
      }
      changed.insert(it->second);
    }
  }
  // A folder that has come may hold the device already.
  const std::set<std::string> wanted = wanted_;
  for (const std::string& folder : wanted) {
    std::error_code error;
    if (!std::filesystem::is_directory(folder, error)) continue;
    wanted_.erase(folder);
    Add(folder);
    changed.insert(folder);
  }
  return changed;
}

void HotPlug::Wake() {
  const uint64_t one = 1;
  (void)!write(wake_, &one, sizeof(one));
}

}  // namespace branchline

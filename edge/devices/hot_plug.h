#pragma once

#include <map>
#include <memory>
#include <set>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"

namespace branchline {

// Tells when a name appears in a folder, by inotify: a device that was plugged
// in and the links that udev makes for it, or a file that was replaced. Nothing
// is opened. A folder that is not there yet is watched for in the one above it.
// One thread, Wake() apart.
class HotPlug {
 public:
  static constexpr int kFoldersMax = 64;

  //   UNAVAILABLE  the system gives no inotify; devices are found again by the
  //                back-off alone
  static absl::StatusOr<std::unique_ptr<HotPlug>> Make();
  ~HotPlug();

  // Watches `folder` too; once each.
  void Watch(const std::string& folder);

  // Waits at most `wait_max` until something appeared or Wake() was called.
  // Returns the folders in which something did.
  std::set<std::string> Wait(absl::Duration wait_max);

  // Makes Wait() return, now or when it is called next. Any thread.
  void Wake();

 private:
  HotPlug(int inotify, int wake) : inotify_(inotify), wake_(wake) {}
  void Add(const std::string& folder);

  const int inotify_;
  const int wake_;                      // an eventfd
  std::map<int, std::string> folders_;  // by watch
  std::set<std::string> wanted_;        // that are not there yet
};

}  // namespace branchline

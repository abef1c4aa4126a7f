#include "sync/base/libraries.h"

#include <google/protobuf/stubs/logging.h>

#include "absl/synchronization/mutex.h"

namespace branchline {

void PrepareLibraries() {
  // Its lines are of foreign bytes (a string that is not UTF-8), one for each:
  // whoever can send some could fill the log. We answer for what we refuse.
  google::protobuf::SetLogHandler(nullptr);
  // Debian builds Abseil so that every lock looks for a deadlock, under one
  // lock for the whole process. The tests keep that; a shop need not.
  absl::SetMutexDeadlockDetectionMode(absl::OnDeadlockCycle::kIgnore);
}

}  // namespace branchline

#pragma once

#include <memory>
#include <thread>

#include "absl/base/thread_annotations.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "tools/drill/process.h"

namespace branchline::drill {

// Starts processes from one thread of its own, whoever asks: a process dies
// with the thread that started it, so that thread must live as long as the
// drill. Safe for concurrent use; outlives its processes.
class Spawner {
 public:
  explicit Spawner(const Clock* clock);
  ~Spawner();

  // As Process::Start().
  absl::StatusOr<std::unique_ptr<Process>> Start(const ProcessOptions& options);

 private:
  struct Order {
    const ProcessOptions* options = nullptr;
    absl::StatusOr<std::unique_ptr<Process>> process = nullptr;
    bool done = false;
  };
  void Loop();

  const Clock* const clock_;
  absl::Mutex mutex_;
  Order* order_ ABSL_GUARDED_BY(mutex_) = nullptr;
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  std::thread thread_;
};

}  // namespace branchline::drill

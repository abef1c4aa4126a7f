#pragma once

#include <deque>
#include <functional>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"

namespace branchline {

// A few threads that do what is added, in order of adding, several at a time.
// What is added may block on the disk. Its owner bounds how much is waiting.
// Safe for concurrent use.
class WorkPool {
 public:
  explicit WorkPool(int threads);
  ~WorkPool();  // Stop()

  void Add(std::function<void()> work) ABSL_LOCKS_EXCLUDED(mutex_);

  // Does what is waiting, then ends the threads. Nothing may be added after.
  void Stop() ABSL_LOCKS_EXCLUDED(mutex_);

 private:
  void Run() ABSL_LOCKS_EXCLUDED(mutex_);
  bool HasWork() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  absl::Mutex mutex_;
  std::deque<std::function<void()>> waiting_ ABSL_GUARDED_BY(mutex_);
  bool stop_ ABSL_GUARDED_BY(mutex_) = false;
  std::vector<std::thread> threads_;  // last: they use the rest
};

}  // namespace branchline

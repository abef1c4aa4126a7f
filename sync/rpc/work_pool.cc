#include "sync/rpc/work_pool.h"

#include <utility>

#include "sync/base/check.h"

namespace branchline {

WorkPool::WorkPool(int threads) {
  BL_CHECK(threads > 0, "a pool has threads");
  for (int i = 0; i < threads; ++i) threads_.emplace_back([this] { Run(); });
}

WorkPool::~WorkPool() { Stop(); }

void WorkPool::Add(std::function<void()> work) {
  absl::MutexLock lock(&mutex_);
  BL_CHECK(!stop_, "work is added before the pool stops");
  waiting_.push_back(std::move(work));
}

void WorkPool::Stop() {
  {
    absl::MutexLock lock(&mutex_);
    stop_ = true;
  }
  for (std::thread& thread : threads_) {
    if (thread.joinable()) thread.join();
  }
}

bool WorkPool::HasWork() const { return stop_ || !waiting_.empty(); }

void WorkPool::Run() {
  for (;;) {
    std::function<void()> work;
    {
      absl::MutexLock lock(&mutex_);
      mutex_.Await(absl::Condition(this, &WorkPool::HasWork));
      if (waiting_.empty()) return;
      work = std::move(waiting_.front());
      waiting_.pop_front();
    }
    work();
  }
}

}  // namespace branchline

#include "tools/drill/spawner.h"

#include <utility>

namespace branchline::drill {

Spawner::Spawner(const Clock* clock)
    : clock_(clock), thread_([this] { Loop(); }) {}

Spawner::~Spawner() {
  {
    absl::MutexLock lock(&mutex_);
    stopping_ = true;
  }
  thread_.join();
}

absl::StatusOr<std::unique_ptr<Process>> Spawner::Start(
    const ProcessOptions& options) {
  Order order;
  order.options = &options;
  absl::MutexLock lock(&mutex_);
  const auto idle = [this]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    return order_ == nullptr;
  };
  mutex_.Await(absl::Condition(&idle));
  order_ = &order;
  mutex_.Await(absl::Condition(&order.done));
  return std::move(order.process);
}

void Spawner::Loop() {
  absl::MutexLock lock(&mutex_);
  const auto wanted = [this]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    return order_ != nullptr || stopping_;
  };
  while (true) {
    mutex_.Await(absl::Condition(&wanted));
    if (order_ == nullptr) return;
    order_->process = Process::Start(*order_->options, clock_);
    order_->done = true;
    order_ = nullptr;
  }
}

}  // namespace branchline::drill

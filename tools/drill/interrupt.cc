#include "tools/drill/interrupt.h"

#include <unistd.h>

#include <utility>

namespace branchline::drill {
namespace {

constexpr int kExitByHand = 130;

}  // namespace

Interrupt::Interrupt(std::function<void()> asked) : asked_(std::move(asked)) {
  sigemptyset(&signals_);
  sigaddset(&signals_, SIGINT);
  sigaddset(&signals_, SIGTERM);
  sigaddset(&signals_, SIGHUP);
  pthread_sigmask(SIG_BLOCK, &signals_, &old_);
  thread_ = std::thread([this] { Loop(); });
}

Interrupt::~Interrupt() {
  over_ = true;
  thread_.join();
  pthread_sigmask(SIG_SETMASK, &old_, nullptr);
}

void Interrupt::Loop() {
  bool asked = false;
  const timespec look_every = {.tv_sec = 0, .tv_nsec = 100'000'000};
  while (!over_) {
    if (sigtimedwait(&signals_, nullptr, &look_every) < 0) continue;
    if (asked) _exit(kExitByHand);
    asked = true;
    asked_();
  }
}

}  // namespace branchline::drill

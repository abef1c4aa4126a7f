#pragma once

#include <signal.h>

#include <atomic>
#include <functional>
#include <thread>

namespace branchline::drill {

// While it lives, Ctrl-C and SIGTERM call `asked` instead of ending the
// program; a second one ends it at once, and the kernel its children. Made
// before any other thread.
class Interrupt {
 public:
  explicit Interrupt(std::function<void()> asked);
  ~Interrupt();
  Interrupt(const Interrupt&) = delete;
  Interrupt& operator=(const Interrupt&) = delete;

 private:
  void Loop();

  const std::function<void()> asked_;
  sigset_t signals_;
  sigset_t old_;
  std::atomic<bool> over_ = false;
  std::thread thread_;
};

}  // namespace branchline::drill

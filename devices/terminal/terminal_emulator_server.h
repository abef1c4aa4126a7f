#pragma once

#include <atomic>
#include <memory>
#include <string>
#include <thread>

#include "absl/base/thread_annotations.h"
#include "absl/functional/function_ref.h"
#include "absl/synchronization/mutex.h"
#include "devices/emulator/emulator_port.h"
#include "devices/terminal/terminal_emulator.h"
#include "sync/base/clock.h"

namespace branchline {

// An emulated card terminal at the end of a wire, on a thread of its own.
// Thread-safe.
class TerminalEmulatorServer {
 public:
  // `clock` outlives the server.
  TerminalEmulatorServer(std::unique_ptr<EmulatorPort> port, Clock* clock);
  ~TerminalEmulatorServer();

  std::string address() const { return port_->address(); }

  // Calls `use` while the terminal stands still.
  void With(absl::FunctionRef<void(TerminalEmulator&)> use);

 private:
  void Serve();

  const std::unique_ptr<EmulatorPort> port_;  // the thread's
  Clock* const clock_;
  std::atomic<bool> stop_ = false;
  absl::Mutex mutex_;
  TerminalEmulator emulator_ ABSL_GUARDED_BY(mutex_);
  std::thread thread_;
};

}  // namespace branchline

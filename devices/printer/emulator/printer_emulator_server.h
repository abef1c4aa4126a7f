#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <thread>

#include "absl/base/thread_annotations.h"
#include "absl/functional/function_ref.h"
#include "absl/synchronization/mutex.h"
#include "devices/emulator/emulator_port.h"
#include "devices/printer/emulator/printer_emulator.h"

namespace branchline {

// An emulated printer at the end of a wire, on a thread of its own.
// Thread-safe.
class PrinterEmulatorServer {
 public:
  PrinterEmulatorServer(PrinterEmulator emulator,
                        std::unique_ptr<EmulatorPort> port);
  ~PrinterEmulatorServer();

  std::string address() const { return port_->address(); }

  // Calls `use` while the printer stands still.
  void With(absl::FunctionRef<void(PrinterEmulator&)> use);

  // Off and on again, the connection cut.
  void PowerCycle();

 private:
  void Serve();

  const std::unique_ptr<EmulatorPort> port_;  // the thread's
  std::atomic<bool> stop_ = false;
  std::atomic<bool> hang_up_ = false;
  absl::Mutex mutex_;
  PrinterEmulator emulator_ ABSL_GUARDED_BY(mutex_);
  std::thread thread_;
};

}  // namespace branchline

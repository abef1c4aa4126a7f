#include "devices/printer/emulator/printer_emulator_server.h"

#include <algorithm>
#include <utility>

#include "absl/time/time.h"

namespace branchline {
namespace {

constexpr absl::Duration kTick = absl::Milliseconds(5);

}  // namespace

PrinterEmulatorServer::PrinterEmulatorServer(PrinterEmulator emulator,
                                             std::unique_ptr<EmulatorPort> port)
    : port_(std::move(port)),
      emulator_(std::move(emulator)),
      thread_([this] { Serve(); }) {}

PrinterEmulatorServer::~PrinterEmulatorServer() {
  stop_ = true;
  thread_.join();
}

void PrinterEmulatorServer::With(
    absl::FunctionRef<void(PrinterEmulator&)> use) {
  absl::MutexLock lock(&mutex_);
  use(emulator_);
}

void PrinterEmulatorServer::PowerCycle() {
  absl::MutexLock lock(&mutex_);
  emulator_.SetPower(false);
  emulator_.SetPower(true);
  hang_up_ = true;
}

void PrinterEmulatorServer::Serve() {
  char buffer[4096];
  while (!stop_) {
    if (hang_up_.exchange(false)) port_->HangUp();
    size_t room = 0;
    std::string replies;
    {
      absl::MutexLock lock(&mutex_);
      room = emulator_.is_on() ? emulator_.room() : sizeof(buffer);
      replies = emulator_.TakeReplies();
    }
    if (!replies.empty()) port_->Write(replies, kTick);
    if (room == 0) {
      // Full: nothing is read until somebody helps, as with a real one.
      absl::MutexLock lock(&mutex_);
      mutex_.AwaitWithTimeout(
          absl::Condition(
              +[](PrinterEmulator* emulator) { return emulator->room() > 0; },
              &emulator_),
          kTick);
      continue;
    }
    const absl::StatusOr<size_t> count =
        port_->Read(buffer, std::min(room, sizeof(buffer)), kTick);
    if (!count.ok() || *count == 0) continue;
    absl::MutexLock lock(&mutex_);
    emulator_.Accept(absl::string_view(buffer, *count));
    replies = emulator_.TakeReplies();
    if (!replies.empty()) port_->Write(replies, kTick);
  }
}

}  // namespace branchline

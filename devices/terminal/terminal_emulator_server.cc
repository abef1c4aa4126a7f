#include "devices/terminal/terminal_emulator_server.h"

#include <utility>

#include "absl/time/time.h"

namespace branchline {
namespace {

constexpr absl::Duration kTick = absl::Milliseconds(5);

}  // namespace

TerminalEmulatorServer::TerminalEmulatorServer(
    std::unique_ptr<EmulatorPort> port, Clock* clock)
    : port_(std::move(port)), clock_(clock), thread_([this] { Serve(); }) {}

TerminalEmulatorServer::~TerminalEmulatorServer() {
  stop_ = true;
  thread_.join();
}

void TerminalEmulatorServer::With(
    absl::FunctionRef<void(TerminalEmulator&)> use) {
  absl::MutexLock lock(&mutex_);
  use(emulator_);
}

void TerminalEmulatorServer::Serve() {
  char buffer[4096];
  while (!stop_) {
    const absl::StatusOr<size_t> count =
        port_->Read(buffer, sizeof(buffer), kTick);
    std::string replies;
    bool hang_up = false;
    {
      absl::MutexLock lock(&mutex_);
      const absl::Duration now = clock_->MonotonicNow();
      if (count.ok() && *count > 0) {
        emulator_.Accept(absl::string_view(buffer, *count), now);
      }
      emulator_.Tick(now);
      replies = emulator_.TakeReplies();
      hang_up = emulator_.TakeHangUp();
      if (hang_up) emulator_.OnDisconnected(now);
    }
    if (!replies.empty()) port_->Write(replies, kTick);
    if (hang_up) port_->HangUp();
  }
}

}  // namespace branchline

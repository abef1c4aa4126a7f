#pragma once

#include <algorithm>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "devices/payment/payment_book.h"
#include "devices/terminal/terminal_driver.h"
#include "devices/terminal/terminal_emulator.h"
#include "devices/transport/transport.h"
#include "sync/base/random.h"
#include "tests/devices/payment/payment_world.h"
#include "tests/support/fake_clock.h"

namespace branchline {

// A wire to an emulated terminal without threads or time, which a dead process
// cannot use. Reading nothing lets time pass.
class TerminalWire final : public Transport {
 public:
  TerminalWire(TerminalEmulator* terminal, FakeClock* clock, Process* process)
      : terminal_(*terminal), clock_(*clock), process_(*process) {}
  // The system closes a dead process's sockets.
  ~TerminalWire() override { Close(); }

  absl::Status Open() override {
    if (is_cut || process_.dead) return absl::UnavailableError("no answer");
    open_ = true;
    terminal_.OnConnected();
    return absl::OkStatus();
  }
  absl::StatusOr<size_t> Read(char* buffer, size_t size,
                              absl::Duration timeout) override {
    if (process_.dead) return absl::UnavailableError("killed");
    terminal_.Tick(clock_.MonotonicNow());
    replies_ += terminal_.TakeReplies();
    if (replies_.empty()) {
      if (terminal_.TakeHangUp()) return Gone();
      clock_.Advance(std::min(timeout, absl::Milliseconds(500)));
      return size_t{0};
    }
    // One byte, then the rest: messages come in pieces.
    const size_t count = replies_.copy(buffer, split_ ? 1 : size);
    split_ = !split_;
    replies_.erase(0, count);
    return count;
  }
  using Transport::Write;
  absl::Status Write(absl::string_view bytes, absl::Duration,
                     size_t* written) override {
    if (process_.dead) return absl::UnavailableError("killed");
    if (terminal_.TakeHangUp()) return Gone().status();
    ++writes;
    size_t count = bytes.size();
    if (writes == die_in_write) {
      count /= 2;
      process_.dead = true;
    }
    if (written != nullptr) *written = count;
    terminal_.Accept(bytes.substr(0, count), clock_.MonotonicNow());
    if (writes == die_after_write) process_.dead = true;
    if (process_.dead) return absl::UnavailableError("killed");
    return absl::OkStatus();
  }
  void Close() final {
    if (open_) terminal_.OnDisconnected(clock_.MonotonicNow());
    open_ = false;
    replies_.clear();
  }
  bool IsOpen() const override { return open_; }
  std::string name() const override { return "terminal"; }

  bool is_cut = false;
  int writes = 0;
  int die_in_write = 0;  // counted from 1
  int die_after_write = 0;

 private:
  absl::StatusOr<size_t> Gone() {
    return absl::UnavailableError("the line was cut");
  }

  TerminalEmulator& terminal_;
  FakeClock& clock_;
  Process& process_;
  bool open_ = false;
  bool split_ = false;
  std::string replies_;
};

// A till with one card terminal, whose process can be killed and started again.
class TerminalShop {
 public:
  TerminalShop() {
    store.process = &process;
    terminal.SetTime(1121, 90'000);
    Boot();
  }

  void Boot() {
    // A dead process's sockets are closed by the system.
    driver.reset();
    process.dead = false;
    book = std::make_unique<PaymentBook>(store.Load(), &store, &clock);
    std::vector<PaymentAttempt> unsettled;
    for (const PaymentAttempt& attempt : book->Unsettled()) {
      if (attempt.state != PaymentState::kOpen) unsettled.push_back(attempt);
    }
    TerminalSettings settings;
    settings.time_zone = absl::UTCTimeZone();
    auto made = std::make_unique<TerminalWire>(&terminal, &clock, &process);
    wire = made.get();
    driver = std::make_unique<TerminalDriver>(settings, std::move(unsettled),
                                              std::move(made), book.get(),
                                              &clock, &random);
  }

  void Step() {
    // A driver without a line waits in real time: let it not.
    driver->Step(wire->IsOpen() ? absl::Milliseconds(500)
                                : absl::ZeroDuration());
    if (!wire->IsOpen()) clock.Advance(absl::Milliseconds(500));
  }
  void Run(int steps = 200) {
    for (int i = 0; i < steps && !process.dead; ++i) Step();
  }
  // Until the terminal is ready.
  bool Greet() {
    for (int i = 0; i < 2'000 && !process.dead; ++i) {
      if (driver->Report().phase == ZvtMachine::Phase::kIdle) return true;
      Step();
    }
    return false;
  }

  static PaymentOrder Order(const std::string& id, int64_t amount_minor) {
    PaymentOrder order;
    order.id = id;
    order.sale_id = "sale";
    order.device = "card1";
    order.amount_minor = amount_minor;
    order.currency = "EUR";
    order.due_minor = 1'000'000;
    return order;
  }
  absl::StatusOr<PaymentAttempt> Begin(const PaymentOrder& order) {
    return book->Begin(order, {}, driver.get());
  }
  // Pays, and runs on until it is settled, open, or the process is dead.
  PaymentAttempt Pay(const std::string& id, int64_t amount_minor) {
    return Carry(Order(id, amount_minor));
  }
  PaymentAttempt Carry(const PaymentOrder& order) {
    (void)Begin(order);
    return Await(order.id);
  }
  PaymentAttempt Await(const std::string& id) {
    for (int i = 0; i < 3'000 && !process.dead; ++i) {
      const std::optional<PaymentAttempt> now = book->Find(id);
      if (!now.has_value() || IsFinal(now->state) ||
          now->state == PaymentState::kOpen) {
        break;
      }
      Step();
    }
    return book->Find(id).value_or(PaymentAttempt());
  }

  FakeClock clock;
  SeededRandom random{1};
  Process process;
  MemoryPaymentStore store;
  TerminalEmulator terminal;
  std::unique_ptr<PaymentBook> book;
  TerminalWire* wire = nullptr;
  std::unique_ptr<TerminalDriver> driver;
};

}  // namespace branchline

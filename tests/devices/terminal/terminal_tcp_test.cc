// The driver over a real TCP connection to the emulated terminal.

#include <gtest/gtest.h>

#include <atomic>
#include <memory>
#include <thread>

#include "devices/payment/payment_book.h"
#include "devices/terminal/terminal_driver.h"
#include "devices/terminal/terminal_emulator_server.h"
#include "devices/transport/device_address.h"
#include "sync/base/clock.h"
#include "sync/base/random.h"
#include "tests/devices/payment/payment_world.h"
#include "tests/support/status_matchers.h"

namespace branchline {
namespace {

TEST(TerminalTcpTest, PaysThroughADroppedLine) {
  auto port = OpenTcpPort();
  ASSERT_THAT(port, IsOk());
  TerminalEmulatorServer server(*std::move(port), &SystemClock());
  MemoryPaymentStore store;
  PaymentBook book({}, &store, &SystemClock());
  TerminalSettings settings;
  settings.time_zone = absl::UTCTimeZone();
  auto transport = MakeTransport(*ParseDeviceAddress(server.address()));
  TerminalDriver driver(settings, {}, std::move(transport), &book,
                        &SystemClock(), &SystemRandom());
  std::atomic<bool> stop = false;
  std::thread thread([&] {
    while (!stop) driver.Step(absl::Milliseconds(20));
  });
  const auto pay = [&](const char* id) {
    PaymentOrder order;
    order.id = id;
    order.sale_id = id;
    order.device = "card1";
    order.amount_minor = 500;
    order.currency = "EUR";
    order.due_minor = 500;
    absl::StatusOr<PaymentAttempt> attempt = book.Begin(order, {}, &driver);
    while (absl::IsUnavailable(attempt.status()) ||
           absl::IsFailedPrecondition(attempt.status())) {
      std::this_thread::yield();
      attempt = book.Begin(order, {}, &driver);
    }
    EXPECT_THAT(attempt, IsOk());
    return book.Await(id, absl::Seconds(30));
  };
  EXPECT_EQ(pay("p1")->state, PaymentState::kDone);
  server.With([](TerminalEmulator& terminal) {
    terminal.AddFault(TerminalEmulator::Fault::kDropAfterAck);
    // Its clock is not ours.
    terminal.SetTime(0, 0);
  });
  // The line goes, comes back, and the receipt is the one that was noted.
  EXPECT_EQ(pay("p2")->state, PaymentState::kDone);
  stop = true;
  thread.join();
  server.With([](TerminalEmulator& terminal) {
    EXPECT_EQ(terminal.taken_minor(), 1'000);
  });
}

}  // namespace
}  // namespace branchline

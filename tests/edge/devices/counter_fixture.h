#pragma once

#include <unistd.h>

#include <filesystem>
#include <functional>
#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/synchronization/notification.h"
#include "devices/counter/counter_emulator.h"
#include "edge/devices/receipt_source.h"
#include "sync/base/random.h"
#include "tests/edge/devices/sample_devices.h"
#include "tests/edge/edge_fixture.h"
#include "tests/support/status_matchers.h"

namespace branchline {

// A branch with an open day, and two emulated counters: the second lends its
// printer as a fallback.
class CounterFixture : public EdgeFixture {
 protected:
  CounterFixture() {
    std::string pattern = "/tmp/bl-devices-XXXXXX";
    dir_ = mkdtemp(pattern.data());
    std::filesystem::create_directory(dir_ + "/a");
    std::filesystem::create_directory(dir_ + "/b");
    counter_ = *CounterEmulator::Open({.dir = dir_ + "/a"});
    second_ = *CounterEmulator::Open(
        {.dir = dir_ + "/b", .printer_profile = "generic-58mm"});
    EXPECT_THAT(OpenDay(), IsOk());
    EXPECT_THAT(Run(PairTillCommand{"T2", "hash of T2's key"}, ""), IsOk());
  }
  ~CounterFixture() override { std::filesystem::remove_all(dir_); }

  v1::DevicesSet Devices() const {
    v1::DevicesSet set = SampleDevices();
    set.mutable_devices(0)->set_address(counter_->printer_address());
    set.mutable_devices(1)->set_address(second_->printer_address());
    set.mutable_devices(2)->set_address(counter_->scanner_address());
    set.mutable_devices(3)->set_address(counter_->scale_address());
    set.mutable_devices(4)->set_address(counter_->display_address());
    return set;
  }

  // Until `what` is so, or ten seconds have passed.
  static bool Within10s(const std::function<bool()>& what) {
    absl::Notification never;
    for (int i = 0; i < 1'000; ++i) {
      if (what()) return true;
      never.WaitForNotificationWithTimeout(absl::Milliseconds(10));
    }
    return what();
  }

  static std::string PaperOf(CounterEmulator& counter) {
    return *counter.Do("receipts");
  }
  static int CountOf(const std::string& text, const std::string& what) {
    int count = 0;
    for (size_t at = 0; (at = text.find(what, at)) != std::string::npos;
         at += what.size()) {
      ++count;
    }
    return count;
  }
  static int Pulses(CounterEmulator& counter) {
    int pulses = 0;
    counter.printer().With(
        [&](PrinterEmulator& printer) { pulses = printer.pulse_count(); });
    return pulses;
  }

  std::string dir_;
  std::unique_ptr<CounterEmulator> counter_;
  std::unique_ptr<CounterEmulator> second_;
};

}  // namespace branchline

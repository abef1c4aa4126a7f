#include "edge/devices/scanner_host.h"

#include <optional>
#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "devices/transport/device_address.h"
#include "sync/base/status_macros.h"

namespace branchline {

ScannerHost::ScannerHost(const v1::Device& device, const DeviceAddress& address,
                         Clock* clock, Random* random, OnScan on_scan)
    : DeviceHost(device),
      clock_(clock),
      on_scan_(std::move(on_scan)),
      driver_(address.kind == DeviceAddress::Kind::kInput
                  ? ScannerDriver::Kind::kKeyboard
                  : ScannerDriver::Kind::kSerial,
              MakeTransport(address), &inbox_, clock, random) {}

absl::StatusOr<std::unique_ptr<ScannerHost>> ScannerHost::Make(
    const v1::Device& device, Clock* clock, Random* random, OnScan on_scan) {
  BL_ASSIGN_OR_RETURN(const DeviceAddress address,
                      ParseDeviceAddress(device.address()));
  return std::unique_ptr<ScannerHost>(
      new ScannerHost(device, address, clock, random, std::move(on_scan)));
}

void ScannerHost::Step() {
  driver_.Step(kStepWait);
  while (const std::optional<Scan> scan = inbox_.Take(clock_->MonotonicNow())) {
    on_scan_(*scan);
    absl::MutexLock lock(&mutex_);
    last_ = absl::CHexEscape(scan->text);
    ++count_;
  }
}

v1::DeviceState ScannerHost::State() const {
  v1::DeviceState state = StateOf(driver_.status());
  absl::MutexLock lock(&mutex_);
  state.set_last_said(last_);
  state.set_last_said_number(count_);
  return state;
}

void ScannerHost::Test(absl::Duration wait, v1::TestDeviceResponse* response) {
  response->add_lines("scan any code");
  absl::MutexLock lock(&mutex_);
  const uint64_t before = count_;
  const auto came = [this, before]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    return count_ > before;
  };
  response->set_passed(mutex_.AwaitWithTimeout(absl::Condition(&came), wait));
  if (response->passed()) {
    response->add_lines(absl::StrCat("it read: ", last_));
    if (last_.empty() || last_[0] != ']') {
      response->add_lines(
          "without an AIM identifier in front: switch it on, with the code in "
          "the scanner's manual, or weights and lots cannot be told apart");
    }
  } else {
    response->add_lines(absl::StrCat(
        "nothing came within ", absl::FormatDuration(wait), "; the line is ",
        driver_.status().open
            ? "open: does it end a code with CR? is its speed the address's?"
            : "not open"));
  }
}

}  // namespace branchline

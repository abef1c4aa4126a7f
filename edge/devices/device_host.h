#pragma once

#include <atomic>
#include <functional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "branchline/v1/device.pb.h"
#include "branchline/v1/edge_admin.pb.h"
#include "devices/transport/link.h"

namespace branchline {

// How long a driver waits for its device before it looks about: soon, where
// somebody waits for paper or for money.
inline constexpr absl::Duration kStepWait = absl::Milliseconds(200);
inline constexpr absl::Duration kQuickStepWait = absl::Milliseconds(50);
// How often a trial looks whether the device has answered.
inline constexpr absl::Duration kTestPoll = absl::Milliseconds(50);

// One configured device at work: its driver, on a thread of its own that does
// nothing else and waits for nothing but its device, so that no broken device
// holds up another. Start() once; the destructor stops the thread and gives the
// port back. All else by any thread.
class DeviceHost {
 public:
  explicit DeviceHost(v1::Device device) : device_(std::move(device)) {}
  virtual ~DeviceHost() = default;

  void Start() {
    thread_ = std::thread([this] {
      while (!stop_) Step();
    });
  }

  // Something was plugged in: open now what waits for its next try.
  virtual void RetryNow() {}

  virtual v1::DeviceState State() const = 0;

  // Tries the device before a technician's eyes, waiting at most `wait` for
  // what a person must do. Adds to `response` what was done and what it said.
  virtual void Test(absl::Duration wait, v1::TestDeviceResponse* response) = 0;

  const v1::Device& device() const { return device_; }

 protected:
  // The thread's work: a few tenths of a second at most, but for a device that
  // hangs in the middle of a write.
  virtual void Step() = 0;

  // By every destructor of a subclass, first.
  void Stop() {
    stop_ = true;
    if (thread_.joinable()) thread_.join();
  }

  // What every kind has in common; "not there: <why>" while it is not open.
  v1::DeviceState StateOf(const LinkStatus& link) const;

 private:
  const v1::Device device_;
  std::atomic<bool> stop_ = false;
  std::thread thread_;
};

}  // namespace branchline

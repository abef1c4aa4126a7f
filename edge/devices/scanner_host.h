#pragma once

#include <functional>
#include <memory>
#include <string>

#include "absl/base/thread_annotations.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "devices/scanner/scan_inbox.h"
#include "devices/scanner/scanner_driver.h"
#include "devices/transport/device_address.h"
#include "edge/devices/device_host.h"

namespace branchline {

// One scanner at work. What it reads goes to `on_scan` at once, on its thread.
class ScannerHost final : public DeviceHost {
 public:
  using OnScan = std::function<void(const Scan&)>;

  // `clock` and `random` outlive the host.
  //   INVALID_ARGUMENT  the address
  static absl::StatusOr<std::unique_ptr<ScannerHost>> Make(
      const v1::Device& device, Clock* clock, Random* random, OnScan on_scan);
  ~ScannerHost() override { Stop(); }

  void RetryNow() override { driver_.RetryNow(); }
  v1::DeviceState State() const override ABSL_LOCKS_EXCLUDED(mutex_);
  void Test(absl::Duration wait, v1::TestDeviceResponse* response) override
      ABSL_LOCKS_EXCLUDED(mutex_);

 private:
  ScannerHost(const v1::Device& device, const DeviceAddress& address,
              Clock* clock, Random* random, OnScan on_scan);
  void Step() override;

  Clock* const clock_;
  const OnScan on_scan_;
  ScanInbox inbox_;
  ScannerDriver driver_;

  mutable absl::Mutex mutex_;
  std::string last_ ABSL_GUARDED_BY(mutex_);
  uint64_t count_ ABSL_GUARDED_BY(mutex_) = 0;
};

}  // namespace branchline

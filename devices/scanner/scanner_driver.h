#pragma once

#include <cstdint>
#include <memory>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "devices/scanner/line_framer.h"
#include "devices/scanner/scan_inbox.h"
#include "devices/scanner/wedge_decoder.h"
#include "devices/transport/link.h"

namespace branchline {

// One scanner: serial, USB serial or playing keyboard. It is only listened to;
// nothing is ever written. Step() by the device's thread; link status and inbox
// by any.
class ScannerDriver {
 public:
  enum class Kind { kSerial, kKeyboard };

  // `inbox`, `clock` and `random` outlive the driver.
  ScannerDriver(Kind kind, std::unique_ptr<Transport> transport,
                ScanInbox* inbox, Clock* clock, Random* random);

  // Waits at most `wait_max` for bytes and puts the scans that they complete
  // into the inbox.
  void Step(absl::Duration wait_max);

  // Something was plugged in: see Link::RetryNow().
  void RetryNow() { link_.RetryNow(); }

  LinkStatus status() const { return link_.status(); }

 private:
  const Kind kind_;
  ScanInbox* const inbox_;
  Clock* const clock_;
  Link link_;
  WedgeDecoder wedge_;
  LineFramer framer_;
  int64_t opened_count_ = 0;
};

}  // namespace branchline

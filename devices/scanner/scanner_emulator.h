#pragma once

#include <memory>
#include <string>

#include "absl/strings/string_view.h"
#include "devices/emulator/emulator_port.h"

namespace branchline {

// A serial scanner at the end of a wire. One thread.
class ScannerEmulator {
 public:
  explicit ScannerEmulator(std::unique_ptr<EmulatorPort> port)
      : port_(std::move(port)) {}

  std::string address() const { return port_->address(); }

  // `text` with its AIM identifier and CR, as a scanner is to be set up.
  void Scan(absl::string_view aim, absl::string_view text);
  // Any bytes: half a scan, noise, a stuck key.
  void Send(absl::string_view bytes);
  void Unplug() { port_->HangUp(); }

 private:
  const std::unique_ptr<EmulatorPort> port_;
};

}  // namespace branchline

#pragma once

#include <memory>
#include <string>

#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"
#include "devices/wallet/wallet_emulator.h"
#include "sync/base/clock.h"

namespace branchline {

// An emulated wallet behind HTTPS on a loopback port of the system's choice,
// on threads of its own, with a certificate that it makes for 127.0.0.1. A lost
// answer is a connection that is closed without one. Thread-safe.
class WalletEmulatorServer {
 public:
  // `clock` outlives the server.
  //   UNAVAILABLE  no port to be had
  static absl::StatusOr<std::unique_ptr<WalletEmulatorServer>> Start(
      WalletEmulator emulator, Clock* clock);
  ~WalletEmulatorServer();

  int port() const;
  // Its certificate in PEM: a merchant's `ca_file`.
  const std::string& certificate_pem() const;
  // What the merchant must show for refunds and reversals (/secapi/), in PEM:
  // his `certificate_file` and `certificate_key_file`.
  const std::string& merchant_certificate_pem() const;
  const std::string& merchant_key_pem() const;
  // Calls `use` while the wallet stands still.
  void With(absl::FunctionRef<void(WalletEmulator&)> use);

 private:
  class Impl;
  explicit WalletEmulatorServer(std::unique_ptr<Impl> impl);
  const std::unique_ptr<Impl> impl_;
};

}  // namespace branchline

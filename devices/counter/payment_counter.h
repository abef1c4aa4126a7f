#pragma once

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "devices/terminal/terminal_emulator_server.h"
#include "devices/wallet/wallet_emulator_server.h"

namespace branchline {

// An emulated card terminal and an emulated WeChat Pay, told by commands what
// goes wrong with the next payment. Thread-safe.
class PaymentCounter {
 public:
  // `dir`, which is there, gets the merchant's files: wallet.conf, what it
  // names, each of mode 0600. They go with the counter.
  //
  //   INVALID_ARGUMENT  no such currency
  //   ALREADY_EXISTS    the folder has a wallet.conf
  //   UNAVAILABLE       no socket to be had
  //   others            the folder cannot be written
  static absl::StatusOr<std::unique_ptr<PaymentCounter>> Open(
      const std::string& dir, const std::string& currency);
  ~PaymentCounter();

  std::string terminal_address() const { return terminal_->address(); }

  static absl::string_view Help();
  // "card decline", "wallet dark"; what the customers have paid so far.
  //   INVALID_ARGUMENT  no such command; says which there are
  absl::StatusOr<std::string> Do(absl::string_view what, absl::string_view how);

 private:
  PaymentCounter(std::string dir, std::string currency,
                 std::unique_ptr<TerminalEmulatorServer> terminal,
                 std::unique_ptr<WalletEmulatorServer> wallet)
      : dir_(std::move(dir)),
        currency_(std::move(currency)),
        terminal_(std::move(terminal)),
        wallet_(std::move(wallet)) {}
  std::string Paid();

  const std::string dir_;
  const std::string currency_;
  const std::unique_ptr<TerminalEmulatorServer> terminal_;
  const std::unique_ptr<WalletEmulatorServer> wallet_;
};

}  // namespace branchline

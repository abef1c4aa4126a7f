#include "devices/counter/payment_counter.h"

#include <unistd.h>

#include <filesystem>
#include <utility>

#include "absl/strings/str_cat.h"
#include "devices/terminal/currency_number.h"
#include "sync/base/clock.h"
#include "sync/base/money.h"
#include "sync/base/status_macros.h"
#include "sync/identity/secret_file.h"

namespace branchline {
namespace {

constexpr const char* kFiles[] = {"wallet.conf", "wallet-ca.pem", "wallet.pem",
                                  "wallet.key"};

struct CardFault {
  absl::string_view word;
  TerminalEmulator::Fault fault;
};
constexpr CardFault kCardFaults[] = {
    {"ok", TerminalEmulator::Fault::kNone},
    {"decline", TerminalEmulator::Fault::kDecline},
    {"nobody", TerminalEmulator::Fault::kAbort},
    {"partial", TerminalEmulator::Fault::kPartial},
    {"late", TerminalEmulator::Fault::kLateStatus},
    {"lost", TerminalEmulator::Fault::kDropBeforeStatus},
    {"busy", TerminalEmulator::Fault::kBusy},
    {"tip", TerminalEmulator::Fault::kTip},
};

struct WalletFault {
  absl::string_view word;
  WalletEmulator::Fault fault;
};
constexpr WalletFault kWalletFaults[] = {
    {"ok", WalletEmulator::Fault::kNone},
    {"lost", WalletEmulator::Fault::kLoseAnswer},
    {"error", WalletEmulator::Fault::kErrorDone},
    {"password", WalletEmulator::Fault::kPaying},
    {"never", WalletEmulator::Fault::kPayingNever},
    {"empty", WalletEmulator::Fault::kNotEnough},
    {"refuse", WalletEmulator::Fault::kCodeRefused},
};

WalletMerchant Merchant(const std::string& currency) {
  WalletMerchant merchant;
  merchant.means = PaymentMeans::kWeChatPay;
  merchant.app_id = "wx0000000000emulated";
  merchant.merchant_id = "1900000000";
  // Of an emulator that only this machine reaches; it guards nothing.
  merchant.key = "00000000000000000000000000000000";
  merchant.currency = currency;
  return merchant;
}

}  // namespace

absl::StatusOr<std::unique_ptr<PaymentCounter>> PaymentCounter::Open(
    const std::string& dir, const std::string& currency) {
  BL_ASSIGN_OR_RETURN(const int number, CurrencyNumber(currency));
  if (std::filesystem::exists(dir + "/wallet.conf")) {
    return absl::AlreadyExistsError(
        absl::StrCat(dir, "/wallet.conf is there already: move it away first"));
  }
  BL_ASSIGN_OR_RETURN(auto port, OpenTcpPort());
  auto terminal =
      std::make_unique<TerminalEmulatorServer>(std::move(port), &SystemClock());
  terminal->With([&](TerminalEmulator& emulator) {
    emulator.SetCurrency(number);
    emulator.SetTime(0, 0);  // it has no clock
  });
  const WalletMerchant merchant = Merchant(currency);
  BL_ASSIGN_OR_RETURN(
      auto wallet,
      WalletEmulatorServer::Start(WalletEmulator(merchant), &SystemClock()));
  std::unique_ptr<PaymentCounter> counter(new PaymentCounter(
      dir, currency, std::move(terminal), std::move(wallet)));
  const WalletEmulatorServer& server = *counter->wallet_;
  const std::string conf = absl::StrCat(
      "# Of an emulator; goes when it ends.\nwallet = wechat\napp_id = ",
      merchant.app_id, "\nmerchant_id = ", merchant.merchant_id,
      "\nkey = ", merchant.key, "\ncurrency = ", currency,
      "\nhost = 127.0.0.1\nport = ", server.port(), "\nca_file = ", dir,
      "/wallet-ca.pem\ncertificate_file = ", dir,
      "/wallet.pem\ncertificate_key_file = ", dir, "/wallet.key\n");
  BL_RETURN_IF_ERROR(
      WriteSecretFile(dir + "/wallet-ca.pem", server.certificate_pem()));
  BL_RETURN_IF_ERROR(
      WriteSecretFile(dir + "/wallet.pem", server.merchant_certificate_pem()));
  BL_RETURN_IF_ERROR(
      WriteSecretFile(dir + "/wallet.key", server.merchant_key_pem()));
  BL_RETURN_IF_ERROR(WriteSecretFile(dir + "/wallet.conf", conf));
  return counter;
}

PaymentCounter::~PaymentCounter() {
  for (const char* file : kFiles) {
    unlink(absl::StrCat(dir_, "/", file).c_str());
  }
}

absl::string_view PaymentCounter::Help() {
  return "card decline|nobody|partial|late|lost|busy|tip|ok\n"
         "                         what the terminal does with the next "
         "payment\n"
         "wallet password|never|empty|refuse|lost|error|ok\n"
         "                         what the wallet does with the next one\n"
         "wallet dark|light        its line\n"
         "paid                     what the customers have paid by both\n";
}

std::string PaymentCounter::Paid() {
  int64_t by_card_minor = 0;
  int64_t by_wallet_minor = 0;
  terminal_->With([&](TerminalEmulator& terminal) {
    by_card_minor = terminal.taken_minor();
  });
  wallet_->With(
      [&](WalletEmulator& wallet) { by_wallet_minor = wallet.taken_minor(); });
  const int digits = MinorDigits(currency_).value_or(0);
  return absl::StrCat("by card ", FormatMinor(by_card_minor, digits),
                      ", by wallet ", FormatMinor(by_wallet_minor, digits), " ",
                      currency_, "\n");
}

absl::StatusOr<std::string> PaymentCounter::Do(absl::string_view what,
                                               absl::string_view how) {
  if (what == "paid") return Paid();
  if (what == "card") {
    for (const CardFault& row : kCardFaults) {
      if (row.word != how) continue;
      terminal_->With([&](TerminalEmulator& terminal) {
        terminal.ClearFaults();
        terminal.AddFault(row.fault);
      });
      return std::string();
    }
  }
  if (what == "wallet" && (how == "dark" || how == "light")) {
    wallet_->With(
        [&](WalletEmulator& wallet) { wallet.SetConnected(how == "light"); });
    return std::string();
  }
  if (what == "wallet") {
    for (const WalletFault& row : kWalletFaults) {
      if (row.word != how) continue;
      wallet_->With([&](WalletEmulator& wallet) {
        wallet.ClearFaults();
        wallet.AddFault(WalletCallKind::kPay, row.fault);
      });
      return std::string();
    }
  }
  return absl::InvalidArgumentError(absl::StrCat(
      "'", what, " ", how, "' is no command; there are:\n", Help()));
}

}  // namespace branchline

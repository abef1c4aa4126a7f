#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "devices/payment/payment_device.h"
#include "devices/terminal/zvt_machine.h"
#include "devices/transport/link.h"
#include "sync/base/clock.h"
#include "sync/base/random.h"

namespace branchline {

// What a technician and the till may know of a card terminal.
struct TerminalReport {
  LinkStatus link;
  ZvtMachine::Phase phase = ZvtMachine::Phase::kDown;
  std::string terminal_id;  // empty until it has registered
  int shown_status = -1;    // its last intermediate status; -1: none
};

// For people: "ready", "paying".
std::string ToText(ZvtMachine::Phase phase);

// One ZVT terminal: its line and the talk over it. Step() is called by the
// device's thread, over and over; everything else by any thread.
class TerminalDriver final : public PaymentDevice {
 public:
  //   INVALID_ARGUMENT  the password is not of six digits
  static absl::Status Check(const TerminalSettings& settings);

  // `settings` have passed Check(). `unsettled`: what the book has for this
  // device in kStarted or kApproved; they are asked for when the line is up.
  // `transport` is TCP, or a serial line that carries plain messages. `store`,
  // `clock` and `random` outlive the driver.
  TerminalDriver(TerminalSettings settings,
                 std::vector<PaymentAttempt> unsettled,
                 std::unique_ptr<Transport> transport, PaymentStore* store,
                 Clock* clock, Random* random);

  // See PaymentDevice and ZvtMachine.
  absl::Status Prepare(const PaymentInput& input,
                       PaymentAttempt* attempt) override;
  void Start(const PaymentAttempt& attempt, const PaymentInput& input) override;
  void GiveUp(absl::string_view id) override;
  absl::Status AskAgain(const PaymentAttempt& attempt);

  // Begins `task`; TakeTaskReport() has what came of it, once.
  absl::Status Run(TerminalTask task);
  std::optional<TerminalTaskReport> TakeTaskReport();

  // Does what is due, waiting for the terminal's word at most `wait_max`.
  void Step(absl::Duration wait_max);

  TerminalReport Report() const;
  // What it printed for the payment that ended last, in UTF-8.
  std::vector<std::string> Slip() const;

 private:
  static constexpr absl::Duration kWriteTimeout = absl::Seconds(5);

  void KeepOpen();
  void Perform(const ZvtMachine::Action& action);

  const TerminalSettings settings_;
  PaymentStore* const store_;
  Clock* const clock_;
  Link link_;  // the device's thread only, status() apart
  bool was_open_ = false;

  // Never held over a call of the store: that calls Prepare() under its own.
  mutable absl::Mutex mutex_;
  absl::CondVar work_came_;
  ZvtMachine machine_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace branchline

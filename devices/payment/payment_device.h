#pragma once

#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "devices/payment/payment_attempt.h"

namespace branchline {

// What a payment needs beside its order and what is never written down.
struct PaymentInput {
  std::string code;  // wallets: what was scanned from the customer's phone
};

// Something that moves money: a card terminal, a wallet's gateway, a scripted
// fake. Safe for concurrent use. It tells what becomes of an attempt through
// the PaymentStore that it was made with, and holds no lock while it does:
// Prepare() is called under the store's.
class PaymentDevice {
 public:
  virtual ~PaymentDevice() = default;

  // Could `attempt` be started now? Puts what the device must remember into it.
  // Nothing is sent, and nothing is on disk yet.
  //
  //   UNAVAILABLE          the device or the line is not there; the message
  //                        says what else can be done
  //   FAILED_PRECONDITION  it is busy with another
  //   INVALID_ARGUMENT     not for this device, or the input is wrong
  virtual absl::Status Prepare(const PaymentInput& input,
                               PaymentAttempt* attempt) = 0;

  // `attempt`, prepared, is on disk: go. If it cannot any more, the device
  // fails the attempt through the store.
  virtual void Start(const PaymentAttempt& attempt,
                     const PaymentInput& input) = 0;

  // The cashier gives up: what is under way is to be ended or undone. What
  // became of it is told through the store.
  virtual void GiveUp(absl::string_view id) = 0;
};

}  // namespace branchline

#pragma once

#include <string>

#include "absl/strings/string_view.h"
#include "devices/payment/payment_attempt.h"

namespace branchline {

// What a cashier reads of an attempt: where it stands, why, and what to do
// next, in one or two sentences. `language`: "en", "zh-CN" or "zh-TW"; anything
// else reads English.
std::string PaymentWords(const PaymentAttempt& attempt,
                         absl::string_view language);

// For logs and status pages: "started", "done".
std::string ToText(PaymentState state);
std::string ToText(PaymentMeans means);

}  // namespace branchline

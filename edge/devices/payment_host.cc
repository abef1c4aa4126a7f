#include "edge/devices/payment_host.h"

namespace branchline {

std::vector<PaymentAttempt> UnsettledOf(
    const std::vector<PaymentAttempt>& attempts, const std::string& device) {
  std::vector<PaymentAttempt> unsettled;
  for (const PaymentAttempt& attempt : attempts) {
    const bool goes_on =
        !IsFinal(attempt.state) && attempt.state != PaymentState::kOpen;
    if (goes_on && attempt.device == device) unsettled.push_back(attempt);
  }
  return unsettled;
}

}  // namespace branchline

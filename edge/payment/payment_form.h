#pragma once

#include "branchline/v1/payment.pb.h"
#include "devices/payment/payment_attempt.h"

namespace branchline {

// An attempt as the ledger holds it, and back. What a newer program wrote, with
// a state or means that this one does not know, comes back open: a person must
// see to it.
v1::PaymentAttempt ToProto(const PaymentAttempt& attempt);
PaymentAttempt FromProto(const v1::PaymentAttempt& attempt);

}  // namespace branchline

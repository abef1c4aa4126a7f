#pragma once

#include <optional>

#include "absl/time/time.h"
#include "devices/payment/payment_attempt.h"
#include "devices/terminal/zvt_apdu.h"

namespace branchline {

// What a terminal's clock may be wrong by, and what a payment may take.
inline constexpr absl::Duration kTerminalTimeBefore = absl::Minutes(5);
inline constexpr absl::Duration kTerminalTimeAfter = absl::Minutes(30);

// `attempt` by what the terminal says to Repeat-Receipt; `said` absent: it says
// that it has none. Only what fits in every point settles it; all else leaves
// it open with the reason, since a terminal may forget, may show what another
// till or the customer did on it, and may have taken the money all the same.
//
//   - a receipt whose trace or number it had noted: as noted
//   - none noted yet: a receipt whose trace follows the earlier one's, of the
//     asked amount and currency, at about the time if it says that
//   - a receipt that takes the attempt's own back: reversed
PaymentAttempt SettledByReceipt(const PaymentAttempt& attempt,
                                const std::optional<ZvtStatus>& said,
                                int currency_number, absl::TimeZone time_zone);

// An approved attempt whose receipt stands: done, or open if another amount or
// currency was taken than may stand.
PaymentAttempt Concluded(PaymentAttempt attempt);

// Notes what an approving Status-Information says.
void NoteApproval(const ZvtStatus& status, int currency_number,
                  PaymentAttempt* attempt);

}  // namespace branchline

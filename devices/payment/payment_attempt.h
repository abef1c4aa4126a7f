#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace branchline {

// Numbers of all enums here are on disk: never change one.
enum class PaymentMeans : uint8_t {
  kTerminal = 1,  // cards
  kWeChatPay = 2,
  kAlipay = 3,
};

enum class PaymentKind : uint8_t {
  kPayment = 1,
  kRefund = 2,    // gives back a part or all of another attempt
  kReversal = 3,  // takes another attempt back whole, as if it never was
};

// Where an attempt to move money stands. Only the last three are final.
enum class PaymentState : uint8_t {
  kStarted = 1,    // on disk; a request may have gone out, nobody knows more
  kApproved = 2,   // the other side's yes is on disk; that it will stand is not
                   // proven yet
  kReversing = 3,  // given up, and being undone until that is proven
  kOpen = 4,       // what the other side says does not settle it: a person must
  kDone = 5,       // the money has moved: `done_minor`
  kFailed = 6,     // none has moved
  kReversed = 7,   // it had moved, or might have, and is back
};

// Why an attempt stands where it stands: for the till, in the cashier's
// language (payment_words.h). `PaymentAttempt::detail` says more to a
// technician.
enum class PaymentWhy : uint8_t {
  kNone = 0,
  kNotSent = 1,               // the request never left whole
  kRefused = 2,               // the terminal took no such command
  kBusy = 3,                  // the terminal was busy
  kDeclined = 4,              // by the card's bank, or the wallet
  kAborted = 5,               // at the terminal, or nobody showed a card
  kNoAnswer = 6,              // sent, and no word yet
  kTerminalForgot = 7,        // asked again, it shows no receipt
  kTerminalShowsOther = 8,    // it shows a receipt that is not this one
  kTerminalShowsEarlier = 9,  // nothing after what it had before this one
  kAmountDiffers = 10,        // taken, but not the amount that was asked
  kCurrencyDiffers = 11,
  kUndoneByTerminal = 12,  // it had not heard that we knew, and took it back
  kCustomerPaying = 13,    // the customer types the password
  kCodeRefused = 14,       // the customer's code: wrong, used or too old
  kNotEnough = 15,         // not enough money in the wallet
  kTimeUp = 16,            // the customer did not confirm in time
  kGivenUp = 17,           // by the cashier
  kSetUpWrong = 18,        // the wallet knows no such merchant, key or right
  kDark = 19,              // no line; goes on by itself when it is back
  kByHand = 20,            // a person settled it: `settled_by`
  kReversedAlready = 21,   // what was to be reversed had been
};

// One attempt to move money between a customer and the shop by a device or a
// gateway. It is on disk before the first byte of it goes out, and its outcome
// before anybody is told. Never holds a card number, a customer's code or a
// secret.
struct PaymentAttempt {
  std::string id;       // the caller's, 1 to kPaymentIdSizeMax
  std::string sale_id;  // what is paid, 1 to kPaymentIdSizeMax
  PaymentMeans means = PaymentMeans::kTerminal;
  PaymentKind kind = PaymentKind::kPayment;
  PaymentState state = PaymentState::kStarted;
  PaymentWhy why = PaymentWhy::kNone;
  std::string device;        // which terminal or merchant: "card1"
  std::string original_id;   // of a refund or reversal: what it is of
  int64_t amount_minor = 0;  // > 0; asked for
  int64_t done_minor = 0;    // kApproved, kDone: what moved
  std::string currency;      // ISO 4217, three letters
  absl::Time started_at;     // wall time, whole seconds; for people
  std::string detail;
  std::string settled_by;  // who settled it by hand, and on what ground

  // Of a refund or reversal: what its original had, so that it can be carried
  // out from this record alone.
  int64_t original_minor = 0;  // asked for
  std::string original_number;
  std::optional<int64_t> original_receipt;
  std::optional<int64_t> original_trace;

  // Card terminals: the receipt that it gave, and the last one that it had
  // given before.
  std::string terminal_id;
  std::optional<int64_t> receipt;
  std::optional<int64_t> trace;
  std::optional<int64_t> earlier_receipt;
  std::optional<int64_t> earlier_trace;
  std::string card_name;  // "girocard"

  // Wallets: our number there (its out_trade_no, or of a refund its
  // out_request_no), theirs, and a hash of the code that was scanned.
  std::string number;
  std::string trade_no;
  std::string code_hash;

  bool operator==(const PaymentAttempt&) const = default;
};

inline constexpr size_t kPaymentIdSizeMax = 64;     // bytes
inline constexpr size_t kPaymentTextSizeMax = 400;  // bytes of any other text
inline constexpr int64_t kPaymentMaxMinor = 999'999'999'999;  // a ZVT amount

bool IsFinal(PaymentState state);

// May an attempt go from one state to the other? To the same one: always, but
// nothing of a final one may change.
bool MayBecome(PaymentState from, PaymentState to);

// Money that came in (> 0) or went out (< 0) for certain. What an open attempt
// might have moved is not in it.
int64_t MovedMinor(const PaymentAttempt& attempt);

// An attempt as bytes, and back. Form: "BLPA", version 1, then the fields in
// the order above (enums one byte; texts with a length of four bytes; numbers
// and seconds since 1970 eight bytes, optional ones after a byte 0 or 1; all
// big-endian), then the FNV-1a hash of all that, eight bytes.
std::string EncodePaymentAttempt(const PaymentAttempt& attempt);
//   DATA_LOSS  damaged, cut, or of another version
absl::StatusOr<PaymentAttempt> DecodePaymentAttempt(absl::string_view bytes);

// Where attempts outlive the process. Safe for concurrent use.
class PaymentStore {
 public:
  virtual ~PaymentStore() = default;

  // Puts `attempt` in the place of the one with its id. OK: it is there after a
  // power cut.
  //
  //   RESOURCE_EXHAUSTED, DATA_LOSS  it may not be: tell nobody, send nothing
  virtual absl::Status Save(const PaymentAttempt& attempt) = 0;
};

}  // namespace branchline

#pragma once

#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "devices/payment/payment_attempt.h"
#include "devices/wallet/wallet_fields.h"
#include "devices/wallet/wallet_merchant.h"

namespace branchline {

enum class WalletCallKind {
  kPay,
  kQuery,
  kReverse,
  kRefund,
  kQueryRefund,
  kProbe,  // a query of an order that cannot be: is the line up, are we known?
};

struct WalletCall {
  WalletCallKind kind = WalletCallKind::kQuery;
  PaymentAttempt attempt;
  std::string code;   // kPay: the customer's; never kept
  std::string nonce;  // 32 hex digits, new for each call
  absl::Time wall_now;
};

// A POST over HTTPS.
struct HttpsCall {
  std::string path;
  std::string content_type;
  std::string body;
  bool with_certificate = false;                  // of the merchant
  size_t answer_size_max = kWalletAnswerSizeMax;  // bytes
};

// What the wallet's word means for an attempt. What is not proven, by signature
// and by number, is kUnknown.
enum class WalletWord {
  kPaid,     // `amount_minor`, `trade_no`
  kPaying,   // the customer types the password
  kNotPaid,  // the order is there and not paid
  kNoOrder,  // there is no such order
  kClosed,   // it never will be paid, or the money is back
  kRefused,  // this call did nothing, for certain: `why`
  kReversed,
  kAgain,     // a reversal must be asked for again
  kRefunded,  // `amount_minor`
  kRefundPending,
  kNoRefund,
  kNotSent,  // there was no connection: the call never left
  kUnknown,  // ask
};

struct WalletAnswer {
  WalletWord word = WalletWord::kUnknown;
  PaymentWhy why = PaymentWhy::kNoAnswer;
  int64_t amount_minor = 0;
  std::string trade_no;
  std::string detail;  // the wallet's own code and words; no secret
};

// A wallet's messages. Pure, and safe for concurrent use.
class WalletCodec {
 public:
  virtual ~WalletCodec() = default;
  virtual HttpsCall Encode(const WalletCall& call) const = 0;
  // Never fails: what cannot be believed is kUnknown, and says why.
  virtual WalletAnswer Decode(const WalletCall& call,
                              absl::string_view body) const = 0;
};

std::unique_ptr<WalletCodec> MakeWeChatCodec(WalletMerchant merchant);
std::unique_ptr<WalletCodec> MakeAlipayCodec(WalletMerchant merchant);
// The one of the merchant's wallet.
std::unique_ptr<WalletCodec> MakeWalletCodec(WalletMerchant merchant);

// Whose code was scanned: WeChat's have 18 digits from 10 to 15, Alipay's 16 to
// 24 from 25 to 30.
//   INVALID_ARGUMENT  neither's
absl::StatusOr<PaymentMeans> WalletOfCode(absl::string_view code);

// The number of a payment or refund at the wallet: 32 hex digits, the same for
// the same attempt, for ever.
std::string WalletNumber(absl::string_view device, absl::string_view id);

// WeChat's signature of `fields`.
std::string WeChatSign(const WalletFields& fields, absl::string_view key,
                       bool md5);

}  // namespace branchline

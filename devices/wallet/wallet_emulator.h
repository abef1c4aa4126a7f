#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "devices/wallet/wallet_codec.h"
#include "devices/wallet/wallet_fields.h"

namespace branchline {

// The gateway of a wallet byte for byte, with the customers' purses behind it,
// and with whatever a gateway does wrong when it is told to. Pure: time comes
// in. Not thread-safe.
class WalletEmulator {
 public:
  enum class Fault {
    kNone,
    kNoConnection,   // nothing gets through
    kLoseCall,       // it gets lost on its way, and nobody hears of it
    kLoseAnswer,     // it is carried out, and the answer is lost
    kLateCall,       // it comes in after kLateBy, long after anybody waits
    kErrorDone,      // "system error", and it was carried out
    kErrorNotDone,   // "system error", and it was not
    kBadSignature,   // carried out, and the answer cannot be believed
    kOtherNumber,    // carried out, and the answer is of another order
    kWrongAmount,    // carried out, of half the amount
    kTwice,          // the line delivers it twice
    kPaying,         // pay: the customer confirms after kConfirmAfter
    kPayingNever,    // pay: the customer never confirms
    kCodeRefused,    // pay: the code is too old
    kNotEnough,      // pay: the purse is too empty
    kNotPaidYet,     // query: says "not paid" of what is paid
    kAgain,          // reverse: does nothing and wants to be asked again
    kAgainDone,      // reverse: does it and wants to be asked again
    kPendingRefund,  // refund: done, but a query calls it pending, once
  };

  struct Refund {
    int64_t amount_minor = 0;
    int pending_answers = 0;
  };
  struct Order {
    enum class State { kPaying, kNotPaid, kPaid, kClosed };
    State state = State::kNotPaid;
    int64_t asked_minor = 0;
    int64_t taken_minor = 0;  // from the customer
    absl::Duration confirms_at = absl::InfiniteDuration();
    std::string trade_no;
    std::map<std::string, Refund> refunds;  // by their numbers
  };

  struct Reply {
    enum class Kind { kAnswer, kLost, kNotSent };
    Kind kind = Kind::kAnswer;
    std::string body;
  };

  static constexpr absl::Duration kLateBy = absl::Seconds(90);
  static constexpr absl::Duration kConfirmAfter = absl::Seconds(20);

  // The other side of `merchant`. `alipay_private`: Alipay's own key, of which
  // the merchant has the public half.
  explicit WalletEmulator(WalletMerchant merchant,
                          std::optional<RsaKey> alipay_private = std::nullopt);

  // For the next call of that kind; once each, in order. Probes are queries.
  void AddFault(WalletCallKind kind, Fault fault) {
    faults_[kind].push_back(fault);
  }
  void ClearFaults() { faults_.clear(); }
  void SetConnected(bool connected) { connected_ = connected; }

  Reply Handle(absl::string_view path, absl::string_view body,
               absl::Duration now);
  // What happens by itself: customers confirm, late calls come in.
  void Tick(absl::Duration now);

  // What the customers have lost, in minor units.
  int64_t taken_minor() const;
  // What they lost by one order; 0 if there is none.
  int64_t TakenBy(absl::string_view number) const;
  const std::map<std::string, Order>& orders() const { return orders_; }
  // A customer pays at this merchant in another way: only the bill knows.
  void PayBeside(const std::string& number, int64_t amount_minor);

  // A trade bill of the day, as WeChat Pay hands it out, or as the file in
  // Alipay's archive is (GB18030).
  std::string Bill() const;
  // Alipay's archive, and where it says that it is.
  std::string PackedBill() const;
  void SetBillUrl(std::string url) { bill_url_ = std::move(url); }

 private:
  struct Asked {
    WalletCallKind kind = WalletCallKind::kQuery;
    std::string number;
    std::string refund_number;
    int64_t amount_minor = 0;
  };
  struct Late {
    absl::Duration at;
    Asked asked;
  };

  bool is_alipay() const { return merchant_.means == PaymentMeans::kAlipay; }
  // A WeChat call that the merchant signed.
  bool IsSigned(absl::string_view body) const;
  // A question for Alipay's bill; signed.
  bool AsksForBill(absl::string_view body) const;
  std::string BillAnswer() const;
  std::string WeChatBill() const;
  std::string AlipayBill() const;
  std::optional<Asked> Understand(absl::string_view path,
                                  absl::string_view body) const;
  Fault TakeFault(WalletCallKind kind);
  // Carries it out; the answer's own fields.
  WalletFields Carry(const Asked& asked, Fault fault, absl::Duration now);
  WalletFields CarryPay(const Asked& asked, Fault fault, absl::Duration now);
  WalletFields CarryQuery(const Asked& asked, Fault fault) const;
  WalletFields CarryReverse(const Asked& asked, Fault fault);
  WalletFields CarryRefund(const Asked& asked, Fault fault);
  WalletFields CarryQueryRefund(const Asked& asked);
  WalletFields PaidFields(const std::string& number, const Order& order) const;
  WalletFields Error(const char* wechat, const char* alipay) const;
  std::string Answer(WalletCallKind kind, WalletFields fields,
                     bool bad_signature) const;

  const WalletMerchant merchant_;
  const std::optional<RsaKey> alipay_private_;
  bool connected_ = true;
  std::map<WalletCallKind, std::deque<Fault>> faults_;
  std::map<std::string, Order> orders_;  // by our number
  std::vector<Late> late_;
  int64_t next_trade_ = 1;
  std::string bill_url_;
};

}  // namespace branchline

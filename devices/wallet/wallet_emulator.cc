#include "devices/wallet/wallet_emulator.h"

#include <algorithm>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "sync/base/money.h"

namespace branchline {
namespace {

using Fault = WalletEmulator::Fault;

constexpr std::pair<const char*, WalletCallKind> kWeChatPaths[] = {
    {"/pay/micropay", WalletCallKind::kPay},
    {"/pay/orderquery", WalletCallKind::kQuery},
    {"/secapi/pay/reverse", WalletCallKind::kReverse},
    {"/secapi/pay/refund", WalletCallKind::kRefund},
    {"/pay/refundquery", WalletCallKind::kQueryRefund},
};
constexpr std::pair<const char*, WalletCallKind> kAlipayMethods[] = {
    {"alipay.trade.pay", WalletCallKind::kPay},
    {"alipay.trade.query", WalletCallKind::kQuery},
    {"alipay.trade.cancel", WalletCallKind::kReverse},
    {"alipay.trade.refund", WalletCallKind::kRefund},
    {"alipay.trade.fastpay.refund.query", WalletCallKind::kQueryRefund},
};

}  // namespace

WalletEmulator::WalletEmulator(WalletMerchant merchant,
                               std::optional<RsaKey> alipay_private)
    : merchant_(std::move(merchant)),
      alipay_private_(std::move(alipay_private)) {}

std::optional<WalletEmulator::Asked> WalletEmulator::Understand(
    absl::string_view path, absl::string_view body) const {
  Asked asked;
  WalletFields fields;
  if (!is_alipay()) {
    if (!IsSigned(body)) return std::nullopt;
    const absl::StatusOr<WalletFields> xml = ParseXml(body);
    for (const auto& [name, kind] : kWeChatPaths) {
      if (path == name) asked.kind = kind;
    }
    fields = *xml;
    const bool is_refund = asked.kind == WalletCallKind::kRefund;
    (void)absl::SimpleAtoi(Of(fields, is_refund ? "refund_fee" : "total_fee"),
                           &asked.amount_minor);
    asked.refund_number = Of(fields, "out_refund_no");
  } else {
    const absl::StatusOr<WalletFields> form = ParseForm(body);
    if (!form.ok() ||
        !merchant_.our_key->Verify(SignedText(*form), Of(*form, "sign"))) {
      return std::nullopt;
    }
    for (const auto& [name, kind] : kAlipayMethods) {
      if (Of(*form, "method") == name) asked.kind = kind;
    }
    const absl::StatusOr<WalletFields> content =
        ParseJson(Of(*form, "biz_content"));
    if (!content.ok()) return std::nullopt;
    fields = *content;
    const bool is_refund = asked.kind == WalletCallKind::kRefund;
    asked.amount_minor =
        ParseDecimal(Of(fields, is_refund ? "refund_amount" : "total_amount"),
                     2)
            .value_or(0);
    asked.refund_number = Of(fields, "out_request_no");
  }
  asked.number = Of(fields, "out_trade_no");
  return asked;
}

bool WalletEmulator::IsSigned(absl::string_view body) const {
  if (is_alipay()) return false;
  const absl::StatusOr<WalletFields> xml = ParseXml(body);
  return xml.ok() &&
         Of(*xml, "sign") == WeChatSign(*xml, merchant_.key, merchant_.md5);
}

Fault WalletEmulator::TakeFault(WalletCallKind kind) {
  std::deque<Fault>& faults = faults_[kind];
  if (faults.empty()) return Fault::kNone;
  const Fault fault = faults.front();
  faults.pop_front();
  return fault;
}

WalletEmulator::Reply WalletEmulator::Handle(absl::string_view path,
                                             absl::string_view body,
                                             absl::Duration now) {
  Tick(now);
  if (!connected_) return {Reply::Kind::kNotSent, ""};
  if (path == "/pay/downloadbill" && IsSigned(body)) {
    return {Reply::Kind::kAnswer, Bill()};
  }
  if (AsksForBill(body)) return {Reply::Kind::kAnswer, BillAnswer()};
  const std::optional<Asked> asked = Understand(path, body);
  if (!asked.has_value()) {
    return {Reply::Kind::kAnswer, is_alipay()
                                      ? R"({"error_response":{"code":"40002"}})"
                                      : XmlOf({{"return_code", "FAIL"},
                                               {"return_msg", "SIGNERROR"}})};
  }
  const Fault fault = TakeFault(asked->kind);
  switch (fault) {
    case Fault::kNoConnection:
      return {Reply::Kind::kNotSent, ""};
    case Fault::kLoseCall:
      return {Reply::Kind::kLost, ""};
    case Fault::kLateCall:
      late_.push_back({now + kLateBy, *asked});
      return {Reply::Kind::kLost, ""};
    case Fault::kErrorNotDone:
      return {
          Reply::Kind::kAnswer,
          Answer(asked->kind, Error("SYSTEMERROR", "ACQ.SYSTEM_ERROR"), false)};
    default:
      break;
  }
  WalletFields fields = Carry(*asked, fault, now);
  switch (fault) {
    case Fault::kTwice:
      fields = Carry(*asked, Fault::kNone, now);
      break;
    case Fault::kLoseAnswer:
      return {Reply::Kind::kLost, ""};
    case Fault::kErrorDone:
      fields = Error("SYSTEMERROR", "ACQ.SYSTEM_ERROR");
      break;
    case Fault::kOtherNumber:
      for (const char* name : {"out_trade_no", "out_refund_no",
                               "out_refund_no_0", "out_request_no"}) {
        if (fields.count(name) > 0) fields[name] = "another";
      }
      break;
    default:
      break;
  }
  return {Reply::Kind::kAnswer, Answer(asked->kind, std::move(fields),
                                       fault == Fault::kBadSignature)};
}

void WalletEmulator::Tick(absl::Duration now) {
  for (auto& [number, order] : orders_) {
    if (order.state == Order::State::kPaying && now >= order.confirms_at) {
      order.state = Order::State::kPaid;
      order.taken_minor = order.asked_minor;
    }
  }
  for (size_t i = 0; i < late_.size(); ++i) {
    if (now < late_[i].at) continue;
    const Asked asked = late_[i].asked;
    late_.erase(late_.begin() + static_cast<std::ptrdiff_t>(i--));
    (void)Carry(asked, Fault::kNone, now);
  }
}

WalletFields WalletEmulator::Carry(const Asked& asked, Fault fault,
                                   absl::Duration now) {
  switch (asked.kind) {
    case WalletCallKind::kPay:
      return CarryPay(asked, fault, now);
    case WalletCallKind::kQuery:
    case WalletCallKind::kProbe:
      return CarryQuery(asked, fault);
    case WalletCallKind::kReverse:
      return CarryReverse(asked, fault);
    case WalletCallKind::kRefund:
      return CarryRefund(asked, fault);
    case WalletCallKind::kQueryRefund:
      return CarryQueryRefund(asked);
  }
  return {};
}

WalletFields WalletEmulator::CarryPay(const Asked& asked, Fault fault,
                                      absl::Duration now) {
  if (fault == Fault::kCodeRefused) {
    return Error("AUTHCODEEXPIRE", "ACQ.PAYMENT_AUTH_CODE_INVALID");
  }
  if (fault == Fault::kNotEnough) {
    return Error("NOTENOUGH", "ACQ.BUYER_BALANCE_NOT_ENOUGH");
  }
  if (orders_.count(asked.number) > 0) {
    return Error("OUT_TRADE_NO_USED", "ACQ.TRADE_HAS_SUCCESS");
  }
  Order& order = orders_[asked.number];
  order.asked_minor = asked.amount_minor;
  order.trade_no = absl::StrCat("42000", next_trade_++);
  if (fault == Fault::kPaying || fault == Fault::kPayingNever) {
    order.state = Order::State::kPaying;
    if (fault == Fault::kPaying) order.confirms_at = now + kConfirmAfter;
    WalletFields fields = Error("USERPAYING", "");
    if (is_alipay()) {
      fields = {{"code", "10003"}, {"out_trade_no", asked.number}};
    }
    return fields;
  }
  order.state = Order::State::kPaid;
  order.taken_minor = fault == Fault::kWrongAmount ? asked.amount_minor / 2
                                                   : asked.amount_minor;
  return PaidFields(asked.number, order);
}

WalletFields WalletEmulator::PaidFields(const std::string& number,
                                        const Order& order) const {
  if (is_alipay()) {
    return {{"code", "10000"},
            {"out_trade_no", number},
            {"trade_no", order.trade_no},
            {"trade_status", "TRADE_SUCCESS"},
            {"total_amount", FormatMinor(order.taken_minor, 2)}};
  }
  return {{"result_code", "SUCCESS"},
          {"out_trade_no", number},
          {"transaction_id", order.trade_no},
          {"trade_type", "MICROPAY"},
          {"trade_state", "SUCCESS"},
          {"total_fee", absl::StrCat(order.taken_minor)}};
}

WalletFields WalletEmulator::CarryQuery(const Asked& asked, Fault fault) const {
  const auto found = orders_.find(asked.number);
  if (found == orders_.end()) {
    return Error("ORDERNOTEXIST", "ACQ.TRADE_NOT_EXIST");
  }
  const Order& order = found->second;
  Order::State state = order.state;
  if (state == Order::State::kPaid && fault == Fault::kNotPaidYet) {
    state = Order::State::kNotPaid;
  }
  if (state == Order::State::kPaid) return PaidFields(asked.number, order);
  WalletFields fields = {{"out_trade_no", asked.number}};
  if (is_alipay()) {
    fields["code"] = "10000";
    fields["trade_no"] = order.trade_no;
    fields["trade_status"] =
        state == Order::State::kClosed ? "TRADE_CLOSED" : "WAIT_BUYER_PAY";
  } else {
    fields["result_code"] = "SUCCESS";
    fields["trade_state"] = state == Order::State::kClosed   ? "REVOKED"
                            : state == Order::State::kPaying ? "USERPAYING"
                                                             : "NOTPAY";
  }
  return fields;
}

WalletFields WalletEmulator::CarryReverse(const Asked& asked, Fault fault) {
  const auto again = [&](const char* flag) {
    WalletFields fields = {{"out_trade_no", asked.number}};
    if (is_alipay()) {
      fields["code"] = "10000";
      fields["retry_flag"] = flag;
      fields["action"] = "close";
    } else {
      fields["result_code"] = "SUCCESS";
      fields["recall"] = flag;
    }
    return fields;
  };
  if (fault == Fault::kAgain) return again("Y");
  if (orders_.count(asked.number) == 0 && !is_alipay()) {
    return Error("ORDERNOTEXIST", "");
  }
  Order& order = orders_[asked.number];
  order.state = Order::State::kClosed;
  order.taken_minor = 0;
  return again(fault == Fault::kAgainDone ? "Y" : "N");
}

WalletFields WalletEmulator::CarryRefund(const Asked& asked, Fault fault) {
  const auto found = orders_.find(asked.number);
  if (found == orders_.end() || found->second.state != Order::State::kPaid) {
    return Error("ORDERNOTEXIST", "ACQ.TRADE_NOT_EXIST");
  }
  Order& order = found->second;
  if (order.refunds.count(asked.refund_number) == 0) {
    int64_t refunded = asked.amount_minor;
    for (const auto& [number, refund] : order.refunds) {
      refunded += refund.amount_minor;
    }
    if (refunded > order.taken_minor) {
      return Error("REFUND_FEE_MISMATCH", "ACQ.REASON_TRADE_REFUND_FEE_ERR");
    }
    order.refunds[asked.refund_number] = {
        asked.amount_minor, fault == Fault::kPendingRefund ? 1 : 0};
  }
  if (is_alipay()) {
    return {{"code", "10000"},
            {"out_trade_no", asked.number},
            {"trade_no", order.trade_no},
            {"fund_change", "Y"}};
  }
  return {{"result_code", "SUCCESS"},
          {"out_trade_no", asked.number},
          {"out_refund_no", asked.refund_number},
          {"refund_id", absl::StrCat("50", asked.refund_number)}};
}

WalletFields WalletEmulator::CarryQueryRefund(const Asked& asked) {
  for (auto& [number, order] : orders_) {
    const auto found = order.refunds.find(asked.refund_number);
    if (found == order.refunds.end()) continue;
    Refund& refund = found->second;
    const bool pending = refund.pending_answers > 0;
    refund.pending_answers -= pending ? 1 : 0;
    if (is_alipay()) {
      return {
          {"code", "10000"},
          {"out_request_no", asked.refund_number},
          {"trade_no", order.trade_no},
          {"refund_status", pending ? "REFUND_PROCESSING" : "REFUND_SUCCESS"},
          {"refund_amount", FormatMinor(refund.amount_minor, 2)}};
    }
    return {{"result_code", "SUCCESS"},
            {"out_refund_no_0", asked.refund_number},
            {"refund_id_0", absl::StrCat("50", asked.refund_number)},
            {"refund_status_0", pending ? "PROCESSING" : "SUCCESS"},
            {"refund_fee_0", absl::StrCat(refund.amount_minor)}};
  }
  if (is_alipay()) return {{"code", "10000"}};
  return Error("REFUNDNOTEXIST", "");
}

WalletFields WalletEmulator::Error(const char* wechat,
                                   const char* alipay) const {
  if (is_alipay()) {
    return {
        {"code", std::string(alipay) == "ACQ.SYSTEM_ERROR" ? "20000" : "40004"},
        {"sub_code", alipay},
        {"sub_msg", "emulated"}};
  }
  return {{"result_code", "FAIL"},
          {"err_code", wechat},
          {"err_code_des", "emulated"}};
}

std::string WalletEmulator::Answer(WalletCallKind kind, WalletFields fields,
                                   bool bad_signature) const {
  if (!is_alipay()) {
    fields["return_code"] = "SUCCESS";
    fields["appid"] = merchant_.app_id;
    fields["mch_id"] = merchant_.merchant_id;
    fields["nonce_str"] = "emulator";
    fields["sign"] = WeChatSign(
        fields, bad_signature ? "another key" : merchant_.key, merchant_.md5);
    return XmlOf(fields);
  }
  std::string name;
  for (const auto& [method, of] : kAlipayMethods) {
    if (of == kind) name = absl::StrCat(method, "_response");
  }
  std::replace(name.begin(), name.end(), '.', '_');
  const std::string inner = JsonOf(fields);
  const std::string sign =
      alipay_private_->Sign(bad_signature ? inner + " " : inner);
  return absl::StrCat("{\"", name, "\":", inner, ",\"sign\":\"", sign, "\"}");
}

}  // namespace branchline

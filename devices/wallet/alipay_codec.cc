// Alipay: forms with JSON in them, signed with RSA2; the answer's signature is
// over its inner object as it stands.
// https://global.alipay.com/docs/ac/barcode_cn

#include <array>
#include <utility>

#include "absl/strings/str_cat.h"
#include "devices/wallet/wallet_codec.h"
#include "devices/wallet/wallet_refusal.h"
#include "sync/base/check.h"
#include "sync/base/money.h"

namespace branchline {
namespace {

constexpr std::array<KnownRefusal, 8> kAlipayPayRefusals = {{
    {"ACQ.PAYMENT_AUTH_CODE_INVALID", PaymentWhy::kCodeRefused},
    {"ACQ.BUYER_BALANCE_NOT_ENOUGH", PaymentWhy::kNotEnough},
    {"ACQ.BUYER_BANKCARD_BALANCE_NOT_ENOUGH", PaymentWhy::kNotEnough},
    {"ACQ.PAYMENT_FAIL", PaymentWhy::kDeclined},
    {"ACQ.BUYER_PAYMENT_AMOUNT_DAY_LIMIT_ERROR", PaymentWhy::kDeclined},
    {"ACQ.INVALID_PARAMETER", PaymentWhy::kSetUpWrong},
    {"ACQ.ACCESS_FORBIDDEN", PaymentWhy::kSetUpWrong},
    {"ACQ.PARTNER_ERROR", PaymentWhy::kSetUpWrong},
}};
constexpr std::array<KnownRefusal, 4> kAlipayRefundRefusals = {{
    {"ACQ.TRADE_NOT_EXIST", PaymentWhy::kDeclined},
    {"ACQ.REASON_TRADE_REFUND_FEE_ERR", PaymentWhy::kAmountDiffers},
    {"ACQ.TRADE_HAS_FINISHED", PaymentWhy::kTimeUp},
    {"ACQ.REFUND_AMT_NOT_EQUAL_TOTAL", PaymentWhy::kAmountDiffers},
}};

const char* MethodOf(WalletCallKind kind) {
  switch (kind) {
    case WalletCallKind::kPay:
      return "alipay.trade.pay";
    case WalletCallKind::kQuery:
    case WalletCallKind::kProbe:
      return "alipay.trade.query";
    case WalletCallKind::kReverse:
      return "alipay.trade.cancel";
    case WalletCallKind::kRefund:
      return "alipay.trade.refund";
    case WalletCallKind::kQueryRefund:
      return "alipay.trade.fastpay.refund.query";
  }
  return "";
}

// "alipay_trade_pay_response"
std::string AnswerName(WalletCallKind kind) {
  std::string name = absl::StrCat(MethodOf(kind), "_response");
  for (char& c : name) c = c == '.' ? '_' : c;
  return name;
}

class AlipayCodec final : public WalletCodec {
 public:
  explicit AlipayCodec(WalletMerchant merchant)
      : merchant_(std::move(merchant)) {
    BL_CHECK(merchant_.our_key.has_value(), "an Alipay merchant has a key");
    BL_CHECK(merchant_.alipay_key.has_value(), "and knows Alipay's");
  }

  HttpsCall Encode(const WalletCall& call) const override {
    const PaymentAttempt& attempt = call.attempt;
    const std::string amount = FormatMinor(attempt.amount_minor, 2);
    WalletFields content;
    content["out_trade_no"] = attempt.number;
    switch (call.kind) {
      case WalletCallKind::kPay:
        content["scene"] = "bar_code";
        content["auth_code"] = call.code;
        content["subject"] = "Shop purchase";
        content["total_amount"] = amount;
        content["timeout_express"] = "3m";
        if (!merchant_.store_id.empty()) {
          content["store_id"] = merchant_.store_id;
        }
        break;
      case WalletCallKind::kQuery:
      case WalletCallKind::kProbe:
      case WalletCallKind::kReverse:
        break;
      case WalletCallKind::kRefund:
        content["out_trade_no"] = attempt.original_number;
        content["out_request_no"] = attempt.number;
        content["refund_amount"] = amount;
        break;
      case WalletCallKind::kQueryRefund:
        content["out_trade_no"] = attempt.original_number;
        content["out_request_no"] = attempt.number;
        break;
    }
    WalletFields fields;
    fields["app_id"] = merchant_.app_id;
    fields["method"] = MethodOf(call.kind);
    fields["format"] = "JSON";
    fields["charset"] = "utf-8";
    fields["sign_type"] = "RSA2";
    fields["version"] = "1.0";
    fields["timestamp"] = absl::FormatTime("%Y-%m-%d %H:%M:%S", call.wall_now,
                                           absl::FixedTimeZone(8 * 60 * 60));
    if (!merchant_.app_auth_token.empty()) {
      fields["app_auth_token"] = merchant_.app_auth_token;
    }
    std::string json = JsonOf(content);
    if (call.kind == WalletCallKind::kPay &&
        !merchant_.sub_merchant_id.empty()) {
      json.pop_back();
      absl::StrAppend(&json, ",\"sub_merchant\":",
                      JsonOf({{"merchant_id", merchant_.sub_merchant_id}}),
                      "}");
    }
    fields["biz_content"] = std::move(json);
    fields["sign"] = merchant_.our_key->Sign(SignedText(fields));
    HttpsCall https;
    https.path = "/gateway.do";
    https.content_type = "application/x-www-form-urlencoded;charset=utf-8";
    https.body = FormOf(fields);
    return https;
  }

  WalletAnswer Decode(const WalletCall& call,
                      absl::string_view body) const override {
    WalletAnswer answer;
    const std::optional<absl::string_view> inner =
        RawJsonValue(body, AnswerName(call.kind));
    const absl::StatusOr<WalletFields> outer = ParseJson(body);
    if (!inner.has_value() || !outer.ok()) {
      answer.why = PaymentWhy::kSetUpWrong;
      answer.detail = "it is no answer to the question; is the app set up?";
      return answer;
    }
    if (!merchant_.alipay_key->Verify(*inner, Of(*outer, "sign"))) {
      answer.detail = "the answer's signature is wrong: it is not believed";
      return answer;
    }
    const absl::StatusOr<WalletFields> fields = ParseJson(*inner);
    if (!fields.ok()) {
      answer.detail = std::string(fields.status().message());
      return answer;
    }
    const std::string sub_code = Of(*fields, "sub_code");
    answer.detail = absl::StrCat(Of(*fields, "code").substr(0, 10), " ",
                                 sub_code.substr(0, 60), " ",
                                 Of(*fields, "sub_msg").substr(0, 100));
    return Understand(call, *fields, Of(*fields, "code"), sub_code,
                      std::move(answer));
  }

 private:
  WalletAnswer Understand(const WalletCall& call, const WalletFields& fields,
                          const std::string& code, const std::string& sub_code,
                          WalletAnswer answer) const {
    const bool ok = code == "10000";
    if (code == "40001" || code == "40002" || code == "40006" ||
        code == "20001") {
      answer.why = PaymentWhy::kSetUpWrong;
      // Signed: the call was not let in.
      if (call.kind == WalletCallKind::kPay) answer.word = WalletWord::kRefused;
      return answer;
    }
    switch (call.kind) {
      case WalletCallKind::kPay:
        if (ok) return Paid(call, fields, std::move(answer));
        if (code == "10003") {
          answer.word = WalletWord::kPaying;
          answer.why = PaymentWhy::kCustomerPaying;
          return answer;
        }
        return Refusal(kAlipayPayRefusals, sub_code, std::move(answer));
      case WalletCallKind::kQuery:
      case WalletCallKind::kProbe:
        if (sub_code == "ACQ.TRADE_NOT_EXIST") {
          answer.word = WalletWord::kNoOrder;
          return answer;
        }
        return ok ? State(call, fields, std::move(answer)) : answer;
      case WalletCallKind::kReverse:
        answer.word = WalletWord::kAgain;
        if (ok && Of(fields, "retry_flag") == "N" &&
            Of(fields, "out_trade_no") == call.attempt.number) {
          answer.word = WalletWord::kReversed;
        }
        return answer;
      case WalletCallKind::kRefund:
        if (!ok)
          return Refusal(kAlipayRefundRefusals, sub_code, std::move(answer));
        // It says what was refunded of the order in all: asked for by number.
        answer.word = WalletWord::kRefundPending;
        answer.trade_no = Of(fields, "trade_no").substr(0, 64);
        return answer;
      case WalletCallKind::kQueryRefund:
        return Refund(call, fields, ok, sub_code, std::move(answer));
    }
    return answer;
  }

  static bool Amount(const WalletFields& fields, absl::string_view name,
                     WalletAnswer* answer) {
    const absl::StatusOr<int64_t> amount = ParseDecimal(Of(fields, name), 2);
    if (!amount.ok() || *amount <= 0 || *amount > kPaymentMaxMinor) {
      return false;
    }
    answer->amount_minor = *amount;
    return true;
  }

  static WalletAnswer Paid(const WalletCall& call, const WalletFields& fields,
                           WalletAnswer answer) {
    answer.trade_no = Of(fields, "trade_no").substr(0, 64);
    if (Of(fields, "out_trade_no") != call.attempt.number ||
        answer.trade_no.empty() || !Amount(fields, "total_amount", &answer)) {
      answer.detail =
          "it says paid, but not of this order or not how much: not believed";
      return answer;
    }
    answer.word = WalletWord::kPaid;
    answer.why = PaymentWhy::kNone;
    return answer;
  }

  static WalletAnswer State(const WalletCall& call, const WalletFields& fields,
                            WalletAnswer answer) {
    if (Of(fields, "out_trade_no") != call.attempt.number) {
      answer.detail = "the answer is for another order: not believed";
      return answer;
    }
    const std::string state = Of(fields, "trade_status");
    answer.detail = state.substr(0, 40);
    if (state == "TRADE_SUCCESS" || state == "TRADE_FINISHED") {
      return Paid(call, fields, std::move(answer));
    }
    if (state == "WAIT_BUYER_PAY") {
      answer.word = WalletWord::kPaying;
      answer.why = PaymentWhy::kCustomerPaying;
    } else if (state == "TRADE_CLOSED") {
      answer.word = WalletWord::kClosed;
    }
    return answer;
  }

  static WalletAnswer Refund(const WalletCall& call, const WalletFields& fields,
                             bool ok, const std::string& sub_code,
                             WalletAnswer answer) {
    if (sub_code == "ACQ.TRADE_NOT_EXIST") {
      answer.word = WalletWord::kNoRefund;
      return answer;
    }
    if (!ok) return answer;
    // Of a refund that is not there it answers with success and without it.
    if (Of(fields, "refund_status").empty()) {
      answer.word = WalletWord::kNoRefund;
      return answer;
    }
    if (Of(fields, "out_request_no") == call.attempt.number &&
        Of(fields, "refund_status") == "REFUND_SUCCESS" &&
        Amount(fields, "refund_amount", &answer)) {
      answer.word = WalletWord::kRefunded;
      answer.trade_no = Of(fields, "trade_no").substr(0, 64);
    }
    return answer;
  }

  const WalletMerchant merchant_;
};

}  // namespace

std::unique_ptr<WalletCodec> MakeAlipayCodec(WalletMerchant merchant) {
  return std::make_unique<AlipayCodec>(std::move(merchant));
}

}  // namespace branchline

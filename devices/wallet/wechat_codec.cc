// WeChat Pay v2: flat XML, signed with a shared key.
// https://pay.weixin.qq.com/doc/v2/merchant/4011937125

#include <algorithm>
#include <array>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "devices/wallet/wallet_codec.h"
#include "devices/wallet/wallet_refusal.h"

namespace branchline {
namespace {

// Errors of the pay call that say for certain that it took nothing. Every other
// one, named in the documents or not, is unknown.
constexpr std::array<KnownRefusal, 15> kWeChatPayRefusals = {{
    {"AUTHCODEEXPIRE", PaymentWhy::kCodeRefused},
    {"AUTH_CODE_INVALID", PaymentWhy::kCodeRefused},
    {"AUTH_CODE_ERROR", PaymentWhy::kCodeRefused},
    {"NOTENOUGH", PaymentWhy::kNotEnough},
    {"NOTSUPORTCARD", PaymentWhy::kDeclined},
    {"BUYER_MISMATCH", PaymentWhy::kDeclined},
    {"NOAUTH", PaymentWhy::kSetUpWrong},
    {"PARAM_ERROR", PaymentWhy::kSetUpWrong},
    {"SIGNERROR", PaymentWhy::kSetUpWrong},
    {"APPID_NOT_EXIST", PaymentWhy::kSetUpWrong},
    {"MCHID_NOT_EXIST", PaymentWhy::kSetUpWrong},
    {"APPID_MCHID_NOT_MATCH", PaymentWhy::kSetUpWrong},
    {"LACK_PARAMS", PaymentWhy::kSetUpWrong},
    {"XML_FORMAT_ERROR", PaymentWhy::kSetUpWrong},
    {"NOT_UTF8", PaymentWhy::kSetUpWrong},
}};
// The same of the refund call.
constexpr std::array<KnownRefusal, 5> kWeChatRefundRefusals = {{
    {"ORDERNOTEXIST", PaymentWhy::kDeclined},
    {"TRADE_OVERDUE", PaymentWhy::kTimeUp},
    {"REFUND_FEE_MISMATCH", PaymentWhy::kAmountDiffers},
    {"USER_ACCOUNT_ABNORMAL", PaymentWhy::kDeclined},
    {"INVALID_TRANSACTIONID", PaymentWhy::kDeclined},
}};

class WeChatCodec final : public WalletCodec {
 public:
  explicit WeChatCodec(WalletMerchant merchant)
      : merchant_(std::move(merchant)) {}

  HttpsCall Encode(const WalletCall& call) const override {
    const PaymentAttempt& attempt = call.attempt;
    WalletFields fields;
    fields["appid"] = merchant_.app_id;
    fields["mch_id"] = merchant_.merchant_id;
    fields["nonce_str"] = call.nonce;
    fields["sign_type"] = merchant_.md5 ? "MD5" : "HMAC-SHA256";
    if (!merchant_.sub_app_id.empty()) {
      fields["sub_appid"] = merchant_.sub_app_id;
    }
    if (!merchant_.sub_merchant_id.empty()) {
      fields["sub_mch_id"] = merchant_.sub_merchant_id;
    }
    fields["out_trade_no"] = attempt.number;
    HttpsCall https;
    switch (call.kind) {
      case WalletCallKind::kPay:
        https.path = "/pay/micropay";
        fields["body"] = "Shop purchase";
        fields["total_fee"] = absl::StrCat(attempt.amount_minor);
        fields["fee_type"] = merchant_.currency;
        fields["spbill_create_ip"] = merchant_.create_ip;
        fields["auth_code"] = call.code;
        break;
      case WalletCallKind::kQuery:
      case WalletCallKind::kProbe:
        https.path = "/pay/orderquery";
        break;
      case WalletCallKind::kReverse:
        https.path = "/secapi/pay/reverse";
        https.with_certificate = true;
        break;
      case WalletCallKind::kRefund:
        https.path = "/secapi/pay/refund";
        https.with_certificate = true;
        fields["out_trade_no"] = attempt.original_number;
        fields["out_refund_no"] = attempt.number;
        fields["total_fee"] = absl::StrCat(attempt.original_minor);
        fields["refund_fee"] = absl::StrCat(attempt.amount_minor);
        break;
      case WalletCallKind::kQueryRefund:
        https.path = "/pay/refundquery";
        fields["out_refund_no"] = attempt.number;
        fields.erase("out_trade_no");
        break;
    }
    fields["sign"] = WeChatSign(fields, merchant_.key, merchant_.md5);
    https.content_type = "text/xml; charset=utf-8";
    https.body = XmlOf(fields);
    return https;
  }

  WalletAnswer Decode(const WalletCall& call,
                      absl::string_view body) const override {
    WalletAnswer answer;
    const absl::StatusOr<WalletFields> parsed = ParseXml(body);
    if (!parsed.ok()) {
      answer.detail = std::string(parsed.status().message());
      return answer;
    }
    const WalletFields& fields = *parsed;
    if (Of(fields, "return_code") != "SUCCESS") {
      // Not signed, so it proves nothing; most often the set-up is wrong.
      answer.why = PaymentWhy::kSetUpWrong;
      answer.detail = absl::StrCat("WeChat Pay refuses to talk: ",
                                   Of(fields, "return_msg").substr(0, 100));
      return answer;
    }
    if (!SameSecret(Of(fields, "sign"),
                    WeChatSign(fields, merchant_.key, merchant_.md5))) {
      answer.detail = "the answer's signature is wrong: it is not believed";
      return answer;
    }
    if (Of(fields, "appid") != merchant_.app_id ||
        Of(fields, "mch_id") != merchant_.merchant_id) {
      answer.detail = "the answer is for another merchant: it is not believed";
      return answer;
    }
    const std::string code = Of(fields, "err_code");
    if (!code.empty()) {
      answer.detail = absl::StrCat(code.substr(0, 40), ": ",
                                   Of(fields, "err_code_des").substr(0, 100));
    }
    return Understand(call, fields, code, std::move(answer));
  }

 private:
  WalletAnswer Understand(const WalletCall& call, const WalletFields& fields,
                          const std::string& code, WalletAnswer answer) const {
    const bool ok = Of(fields, "result_code") == "SUCCESS";
    switch (call.kind) {
      case WalletCallKind::kPay:
        if (ok) return Paid(call, fields, std::move(answer));
        if (code == "USERPAYING") {
          answer.word = WalletWord::kPaying;
          answer.why = PaymentWhy::kCustomerPaying;
          return answer;
        }
        return Refusal(kWeChatPayRefusals, code, std::move(answer));
      case WalletCallKind::kQuery:
      case WalletCallKind::kProbe:
        if (code == "ORDERNOTEXIST") {
          answer.word = WalletWord::kNoOrder;
          return answer;
        }
        if (!ok) return answer;
        return State(call, fields, std::move(answer));
      case WalletCallKind::kReverse:
        // A failure is no proof: it is asked for again.
        answer.word = WalletWord::kAgain;
        if (ok && Of(fields, "recall") == "N") {
          answer.word = WalletWord::kReversed;
        } else if (code == "ORDERNOTEXIST") {
          answer.word = WalletWord::kNoOrder;
        }
        return answer;
      case WalletCallKind::kRefund:
        if (!ok) return Refusal(kWeChatRefundRefusals, code, std::move(answer));
        if (Of(fields, "out_refund_no") != call.attempt.number) {
          answer.detail = "the answer is for another refund: not believed";
          return answer;
        }
        answer.word = WalletWord::kRefundPending;  // taken on, not yet done
        answer.trade_no = Of(fields, "refund_id").substr(0, 64);
        return answer;
      case WalletCallKind::kQueryRefund:
        return Refund(call, fields, ok, code, std::move(answer));
    }
    return answer;
  }

  static bool Amount(const WalletFields& fields, absl::string_view name,
                     WalletAnswer* answer) {
    return absl::SimpleAtoi(Of(fields, name), &answer->amount_minor) &&
           answer->amount_minor > 0 && answer->amount_minor <= kPaymentMaxMinor;
  }

  static WalletAnswer Paid(const WalletCall& call, const WalletFields& fields,
                           WalletAnswer answer) {
    answer.trade_no = Of(fields, "transaction_id").substr(0, 64);
    if (Of(fields, "out_trade_no") != call.attempt.number ||
        answer.trade_no.empty() || !Amount(fields, "total_fee", &answer)) {
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
    const std::string state = Of(fields, "trade_state");
    if (Of(fields, "out_trade_no") != call.attempt.number) {
      answer.detail = "the answer is for another order: not believed";
      return answer;
    }
    answer.detail = state.substr(0, 40);
    if (state == "SUCCESS") return Paid(call, fields, std::move(answer));
    if (state == "USERPAYING") {
      answer.word = WalletWord::kPaying;
      answer.why = PaymentWhy::kCustomerPaying;
    } else if (state == "NOTPAY" || state == "PAYERROR") {
      answer.word = WalletWord::kNotPaid;
    } else if (state == "CLOSED" || state == "REVOKED" || state == "REFUND") {
      answer.word = WalletWord::kClosed;
    }
    return answer;
  }

  static WalletAnswer Refund(const WalletCall& call, const WalletFields& fields,
                             bool ok, const std::string& code,
                             WalletAnswer answer) {
    if (code == "REFUNDNOTEXIST") {
      answer.word = WalletWord::kNoRefund;
      return answer;
    }
    if (!ok || Of(fields, "out_refund_no_0") != call.attempt.number) {
      return answer;
    }
    const std::string state = Of(fields, "refund_status_0");
    answer.detail = state.substr(0, 40);
    answer.trade_no = Of(fields, "refund_id_0").substr(0, 64);
    if (state == "SUCCESS" && Amount(fields, "refund_fee_0", &answer)) {
      answer.word = WalletWord::kRefunded;
    } else if (state == "PROCESSING") {
      answer.word = WalletWord::kRefundPending;
    } else if (state == "REFUNDCLOSE") {
      answer.word = WalletWord::kNoRefund;
    }
    return answer;
  }

  const WalletMerchant merchant_;
};

}  // namespace

std::string WeChatSign(const WalletFields& fields, absl::string_view key,
                       bool md5) {
  const std::string text = absl::StrCat(SignedText(fields), "&key=", key);
  return md5 ? Md5Upper(text) : HmacSha256Upper(key, text);
}

std::unique_ptr<WalletCodec> MakeWeChatCodec(WalletMerchant merchant) {
  return std::make_unique<WeChatCodec>(std::move(merchant));
}

}  // namespace branchline

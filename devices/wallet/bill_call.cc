#include "devices/wallet/bill_call.h"

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "devices/wallet/bill.h"
#include "devices/wallet/wallet_codec.h"
#include "devices/wallet/wallet_fields.h"
#include "sync/base/bytes.h"
#include "sync/base/status_macros.h"

namespace branchline {

absl::StatusOr<std::string> FetchBill(const WalletMerchant& merchant,
                                      absl::CivilDay day,
                                      WalletGateway* gateway, Random* random) {
  if (merchant.means != PaymentMeans::kWeChatPay) {
    return absl::InvalidArgumentError(
        "Alipay hands out its bill on its merchant site only: download the "
        "day's detail file there, unpack it and give it with --file");
  }
  WalletFields fields;
  fields["appid"] = merchant.app_id;
  fields["mch_id"] = merchant.merchant_id;
  if (!merchant.sub_app_id.empty()) fields["sub_appid"] = merchant.sub_app_id;
  if (!merchant.sub_merchant_id.empty()) {
    fields["sub_mch_id"] = merchant.sub_merchant_id;
  }
  fields["nonce_str"] = Hex(random->Bytes(16));
  fields["sign_type"] = merchant.md5 ? "MD5" : "HMAC-SHA256";
  fields["bill_date"] =
      absl::StrFormat("%04d%02d%02d", day.year(), day.month(), day.day());
  fields["bill_type"] = "ALL";
  fields["sign"] = WeChatSign(fields, merchant.key, merchant.md5);
  HttpsCall call;
  call.path = "/pay/downloadbill";
  call.content_type = "text/xml; charset=utf-8";
  call.body = XmlOf(fields);
  call.answer_size_max = kBillSizeMax;
  BL_ASSIGN_OR_RETURN(std::string body, gateway->Post(call));
  if (!absl::StartsWith(body, "<xml>")) return body;
  std::string words = "an answer that cannot be read";
  if (const auto refused = ParseXml(body); refused.ok()) {
    words = absl::StrCat(Of(*refused, "error_code"), " ",
                         Of(*refused, "return_msg"));
  }
  return absl::FailedPreconditionError(absl::StrCat(
      "fetch the bill of ", fields["bill_date"], ": WeChat Pay says: ", words));
}

}  // namespace branchline

#include "devices/wallet/bill_call.h"

#include <optional>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "devices/wallet/bill.h"
#include "devices/wallet/bill_archive.h"
#include "devices/wallet/wallet_codec.h"
#include "devices/wallet/wallet_fields.h"
#include "sync/base/bytes.h"
#include "sync/base/status_macros.h"

namespace branchline {
namespace {

constexpr char kAlipayMethod[] =
    "alipay.data.dataservice.bill.downloadurl.query";
constexpr char kAlipayAnswer[] =
    "alipay_data_dataservice_bill_downloadurl_query_response";

absl::Status NoBill(absl::CivilDay day, absl::string_view wallet,
                    absl::string_view words) {
  return absl::FailedPreconditionError(
      absl::StrCat("fetch the bill of ", absl::FormatCivilTime(day), ": ",
                   wallet, " says: ", words));
}

// https://pay.weixin.qq.com/doc/v2/merchant/4011985447
absl::StatusOr<std::string> FetchWeChat(const WalletMerchant& merchant,
                                        absl::CivilDay day,
                                        WalletGateway* gateway,
                                        Random* random) {
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
  return NoBill(day, "WeChat Pay", words);
}

HttpsCall AlipayQuestion(const WalletMerchant& merchant, absl::CivilDay day,
                         absl::Time wall_now) {
  WalletFields fields;
  fields["app_id"] = merchant.app_id;
  fields["method"] = kAlipayMethod;
  fields["format"] = "JSON";
  fields["charset"] = "utf-8";
  fields["sign_type"] = "RSA2";
  fields["version"] = "1.0";
  fields["timestamp"] = absl::FormatTime("%Y-%m-%d %H:%M:%S", wall_now,
                                         absl::FixedTimeZone(8 * 60 * 60));
  if (!merchant.app_auth_token.empty()) {
    fields["app_auth_token"] = merchant.app_auth_token;
  }
  fields["biz_content"] = JsonOf(
      {{"bill_type", "trade"}, {"bill_date", absl::FormatCivilTime(day)}});
  fields["sign"] = merchant.our_key->Sign(SignedText(fields));
  HttpsCall call;
  call.path = "/gateway.do";
  call.content_type = "application/x-www-form-urlencoded;charset=utf-8";
  call.body = FormOf(fields);
  return call;
}

// https://opendocs.alipay.com/open/3c9f1bcf_alipay.data.dataservice.bill.downloadurl.query
absl::StatusOr<std::string> FetchAlipay(const WalletMerchant& merchant,
                                        absl::CivilDay day, absl::Time wall_now,
                                        WalletGateway* gateway) {
  BL_ASSIGN_OR_RETURN(const std::string body,
                      gateway->Post(AlipayQuestion(merchant, day, wall_now)));
  const std::optional<absl::string_view> inner =
      RawJsonValue(body, kAlipayAnswer);
  const absl::StatusOr<WalletFields> outer = ParseJson(body);
  if (!inner.has_value() || !outer.ok() ||
      !merchant.alipay_key->Verify(*inner, Of(*outer, "sign"))) {
    return NoBill(day, "Alipay",
                  "something that it has not signed; is the app set up?");
  }
  BL_ASSIGN_OR_RETURN(const WalletFields fields, ParseJson(*inner));
  const std::string url = Of(fields, "bill_download_url");
  if (Of(fields, "code") != "10000" || url.empty()) {
    return NoBill(day, "Alipay",
                  absl::StrCat(Of(fields, "sub_code").substr(0, 60), " ",
                               Of(fields, "sub_msg").substr(0, 100)));
  }
  BL_ASSIGN_OR_RETURN(const std::string packed,
                      gateway->Get(url, kBillSizeMax));
  BL_ASSIGN_OR_RETURN(std::vector<std::string> files,
                      UnpackZip(packed, kBillSizeMax));
  for (std::string& file : files) {
    if (ParseBill(file).ok()) return std::move(file);
  }
  return absl::InvalidArgumentError(
      absl::StrCat("fetch the bill of ", absl::FormatCivilTime(day), ": of ",
                   files.size(), " files none is a trade bill"));
}

}  // namespace

absl::StatusOr<std::string> FetchBill(const WalletMerchant& merchant,
                                      absl::CivilDay day, absl::Time wall_now,
                                      WalletGateway* gateway, Random* random) {
  return merchant.means == PaymentMeans::kAlipay
             ? FetchAlipay(merchant, day, wall_now, gateway)
             : FetchWeChat(merchant, day, gateway, random);
}

}  // namespace branchline

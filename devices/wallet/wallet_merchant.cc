#include "devices/wallet/wallet_merchant.h"

#include <algorithm>
#include <array>
#include <map>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "devices/wallet/wallet_fields.h"
#include "sync/base/money.h"
#include "sync/base/status_macros.h"
#include "sync/identity/secret_file.h"

namespace branchline {
namespace {

constexpr std::array<absl::string_view, 18> kNames = {
    "wallet",     "app_id",           "merchant_id",
    "sub_app_id", "sub_merchant_id",  "app_auth_token",
    "store_id",   "currency",         "key",
    "sign_type",  "certificate_file", "certificate_key_file",
    "key_file",   "public_key_file",  "host",
    "port",       "ca_file",          "create_ip"};

using Settings = WalletFields;

absl::StatusOr<Settings> ReadSettings(absl::string_view path) {
  BL_ASSIGN_OR_RETURN(const std::string text, ReadSecretFile(path));
  Settings settings;
  for (absl::string_view line : absl::StrSplit(text, '\n')) {
    line = absl::StripAsciiWhitespace(line);
    if (line.empty() || line[0] == '#') continue;
    const std::pair<absl::string_view, absl::string_view> pair =
        absl::StrSplit(line, absl::MaxSplits('=', 1));
    const absl::string_view name = absl::StripAsciiWhitespace(pair.first);
    if (std::find(kNames.begin(), kNames.end(), name) == kNames.end()) {
      // What stands there may be a secret that lost its name.
      return absl::InvalidArgumentError(
          absl::StrCat("read merchant ", path,
                       ": it has a line of a name that is not known"));
    }
    if (!settings
             .emplace(std::string(name),
                      std::string(absl::StripAsciiWhitespace(pair.second)))
             .second) {
      return absl::InvalidArgumentError(
          absl::StrCat("read merchant ", path, ": ", name, " comes twice"));
    }
  }
  return settings;
}

absl::Status Need(const Settings& settings, absl::string_view path,
                  std::initializer_list<absl::string_view> names) {
  for (const absl::string_view name : names) {
    if (Of(settings, name).empty()) {
      return absl::InvalidArgumentError(
          absl::StrCat("read merchant ", path, ": it lacks ", name));
    }
  }
  return absl::OkStatus();
}

absl::Status ReadWeChat(const Settings& settings, absl::string_view path,
                        WalletMerchant* merchant) {
  BL_RETURN_IF_ERROR(Need(settings, path,
                          {"app_id", "merchant_id", "key", "certificate_file",
                           "certificate_key_file"}));
  merchant->means = PaymentMeans::kWeChatPay;
  merchant->key = Of(settings, "key");
  const std::string sign_type = Of(settings, "sign_type");
  if (!sign_type.empty() && sign_type != "MD5" && sign_type != "HMAC-SHA256") {
    return absl::InvalidArgumentError(absl::StrCat(
        "read merchant ", path, ": sign_type is MD5 or HMAC-SHA256"));
  }
  merchant->md5 = sign_type == "MD5";
  merchant->certificate_file = Of(settings, "certificate_file");
  merchant->certificate_key_file = Of(settings, "certificate_key_file");
  const absl::StatusOr<std::string> key =
      ReadSecretFile(merchant->certificate_key_file);
  if (!key.ok()) return key.status();
  if (merchant->host.empty()) merchant->host = "api.mch.weixin.qq.com";
  return absl::OkStatus();
}

absl::Status ReadAlipay(const Settings& settings, absl::string_view path,
                        WalletMerchant* merchant) {
  BL_RETURN_IF_ERROR(
      Need(settings, path, {"app_id", "key_file", "public_key_file"}));
  merchant->means = PaymentMeans::kAlipay;
  BL_ASSIGN_OR_RETURN(const std::string ours,
                      ReadSecretFile(Of(settings, "key_file")));
  BL_ASSIGN_OR_RETURN(const std::string theirs,
                      ReadSecretFile(Of(settings, "public_key_file")));
  BL_ASSIGN_OR_RETURN(merchant->our_key, RsaKey::FromPrivatePem(ours));
  BL_ASSIGN_OR_RETURN(merchant->alipay_key, RsaKey::FromPublicPem(theirs));
  if (merchant->host.empty()) merchant->host = "openapi.alipay.com";
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<WalletMerchant> LoadWalletMerchant(absl::string_view path) {
  BL_ASSIGN_OR_RETURN(const Settings settings, ReadSettings(path));
  WalletMerchant merchant;
  merchant.app_id = Of(settings, "app_id");
  merchant.merchant_id = Of(settings, "merchant_id");
  merchant.sub_app_id = Of(settings, "sub_app_id");
  merchant.sub_merchant_id = Of(settings, "sub_merchant_id");
  merchant.app_auth_token = Of(settings, "app_auth_token");
  merchant.store_id = Of(settings, "store_id");
  merchant.host = Of(settings, "host");
  merchant.ca_file = Of(settings, "ca_file");
  if (const std::string ip = Of(settings, "create_ip"); !ip.empty()) {
    merchant.create_ip = ip;
  }
  const std::string currency = Of(settings, "currency");
  if (!currency.empty()) merchant.currency = currency;
  BL_ASSIGN_OR_RETURN(const int digits, MinorDigits(merchant.currency));
  if (digits != 2) {
    return absl::InvalidArgumentError(
        absl::StrCat("read merchant ", path, ": currency ", merchant.currency,
                     " has no hundredths"));
  }
  const std::string port = Of(settings, "port");
  if (!port.empty() && (!absl::SimpleAtoi(port, &merchant.port) ||
                        merchant.port < 1 || merchant.port > 65'535)) {
    return absl::InvalidArgumentError(
        absl::StrCat("read merchant ", path, ": its port is no port"));
  }
  const std::string wallet = Of(settings, "wallet");
  if (wallet == "wechat") {
    BL_RETURN_IF_ERROR(ReadWeChat(settings, path, &merchant));
  } else if (wallet == "alipay") {
    BL_RETURN_IF_ERROR(ReadAlipay(settings, path, &merchant));
  } else {
    return absl::InvalidArgumentError(absl::StrCat(
        "read merchant ", path, ": wallet must be wechat or alipay"));
  }
  return merchant;
}

}  // namespace branchline

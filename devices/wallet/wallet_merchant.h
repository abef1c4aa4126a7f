#pragma once

#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "devices/payment/payment_attempt.h"
#include "devices/wallet/wallet_crypto.h"

namespace branchline {

// Who a branch is at a wallet, and its secrets. Never put into a log.
struct WalletMerchant {
  PaymentMeans means = PaymentMeans::kWeChatPay;
  std::string app_id;
  std::string merchant_id;  // WeChat: mch_id
  // A chain that holds the contract for its branches: the branch's own.
  std::string sub_app_id;       // WeChat
  std::string sub_merchant_id;  // WeChat: sub_mch_id; Alipay: its merchant id
  std::string app_auth_token;   // Alipay: the branch's authorisation
  std::string store_id;
  std::string currency = "CNY";

  // WeChat v2.
  std::string key;                      // 32 characters
  bool md5 = false;                     // else HMAC-SHA256
  std::string create_ip = "127.0.0.1";  // the till's, as the wallet sees it
  std::string certificate_file;         // PEM; reversals and refunds need it
  std::string certificate_key_file;

  // Alipay.
  std::optional<RsaKey> our_key;
  std::optional<RsaKey> alipay_key;

  std::string host;  // "api.mch.weixin.qq.com"
  int port = 443;
  std::string ca_file;  // empty: the system's
};

// Reads a merchant's file of lines "name = value", # for comments:
//
//   wallet = wechat             wallet = alipay
//   app_id = wx...              app_id = 2021...
//   merchant_id = 1900...       key_file = /etc/branchline/alipay.pem
//   key = ...                   public_key_file = /etc/branchline/alipay.pub
//   certificate_file = ...      and where they are needed: sub_app_id,
//   certificate_key_file = ...  sub_merchant_id, app_auth_token, store_id,
//                               sign_type, create_ip, currency, host, port,
//                               ca_file
//
// It and the private keys that it names must be of mode 0600.
//
//   FAILED_PRECONDITION  others may read one of the files (chmod 600)
//   INVALID_ARGUMENT     a name that is not known or comes twice, or one that
//                        is lacking; names it, never its value
//   NOT_FOUND, PERMISSION_DENIED, DATA_LOSS  as ReadSecretFile()
absl::StatusOr<WalletMerchant> LoadWalletMerchant(absl::string_view path);

}  // namespace branchline

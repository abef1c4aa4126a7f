// What a wallet's codes and numbers look like.

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "devices/wallet/wallet_codec.h"
#include "sync/base/bytes.h"
#include "sync/identity/sha256.h"

namespace branchline {

absl::StatusOr<PaymentMeans> WalletOfCode(absl::string_view code) {
  const bool is_digits = std::all_of(
      code.begin(), code.end(), [](char c) { return absl::ascii_isdigit(c); });
  if (is_digits && code.size() >= 16 && code.size() <= 24) {
    const int head = (code[0] - '0') * 10 + (code[1] - '0');
    if (code.size() == 18 && head >= 10 && head <= 15) {
      return PaymentMeans::kWeChatPay;
    }
    if (head >= 25 && head <= 30) return PaymentMeans::kAlipay;
  }
  return absl::InvalidArgumentError(absl::StrCat(
      "read a payment code: ", code.size(),
      " characters that are neither WeChat Pay's (18 digits from 10 to 15) nor "
      "Alipay's (16 to 24 digits from 25 to 30). Let the customer open the "
      "payment page and show it again"));
}

std::string WalletNumber(absl::string_view device, absl::string_view id) {
  return Hex(Sha256(absl::StrCat("branchline wallet/1 ", device.size(), " ",
                                 device, " ", id)))
      .substr(0, 32);
}

std::unique_ptr<WalletCodec> MakeWalletCodec(WalletMerchant merchant) {
  return merchant.means == PaymentMeans::kAlipay
             ? MakeAlipayCodec(std::move(merchant))
             : MakeWeChatCodec(std::move(merchant));
}

}  // namespace branchline

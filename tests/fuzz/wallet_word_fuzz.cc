// An answer that the wallet's key has not signed proves nothing, whatever it
// says; and no bill makes a payment of nothing.

#include <cstddef>
#include <cstdint>
#include <memory>

#include "absl/strings/string_view.h"
#include "devices/wallet/bill.h"
#include "devices/wallet/wallet_codec.h"
#include "sync/base/check.h"

namespace {

using branchline::PaymentAttempt;
using branchline::PaymentMeans;
using branchline::WalletAnswer;
using branchline::WalletCall;
using branchline::WalletCallKind;
using branchline::WalletCodec;
using branchline::WalletMerchant;
using branchline::WalletWord;

WalletMerchant Merchant(PaymentMeans means) {
  WalletMerchant merchant;
  merchant.means = means;
  merchant.app_id = "wxd930ea5d5a258f4f";
  merchant.merchant_id = "10000100";
  // Nobody signs with a key that the fuzzer would have to guess.
  merchant.key = "192006250b4c09247ec02edce69f6a2d";
  if (means == PaymentMeans::kAlipay) {
    static const auto key = branchline::RsaKey::Generate();
    merchant.our_key = key;
    merchant.alipay_key = key;
  }
  return merchant;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const absl::string_view body(reinterpret_cast<const char*>(data), size);
  static const WalletCodec* const codecs[] = {
      branchline::MakeWalletCodec(Merchant(PaymentMeans::kWeChatPay)).release(),
      branchline::MakeWalletCodec(Merchant(PaymentMeans::kAlipay)).release()};
  WalletCall call;
  call.attempt.id = "p1";
  call.attempt.number = branchline::WalletNumber("wx", "p1");
  call.attempt.amount_minor = 500;
  call.attempt.currency = "CNY";
  for (const WalletCodec* codec : codecs) {
    for (const WalletCallKind kind :
         {WalletCallKind::kPay, WalletCallKind::kQuery,
          WalletCallKind::kReverse, WalletCallKind::kRefund,
          WalletCallKind::kQueryRefund}) {
      call.kind = kind;
      const WalletAnswer answer = codec->Decode(call, body);
      BL_CHECK(answer.word != WalletWord::kPaid &&
                   answer.word != WalletWord::kRefunded &&
                   answer.word != WalletWord::kReversed &&
                   answer.word != WalletWord::kClosed,
               "money moves by signed words only");
    }
  }
  const auto bill = branchline::ParseBill(body);
  if (!bill.ok()) return 0;
  for (const branchline::BillLine& line : *bill) {
    BL_CHECK(!line.number.empty() && line.amount_minor >= 0,
             "an entry has a number and an amount");
  }
  return 0;
}

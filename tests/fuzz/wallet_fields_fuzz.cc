// What the wallets' readers take is written and read again as it was; the part
// of a JSON object that a signature is over is a part of it and stands alone;
// and no foreign bytes are ever believed to be a payment.

#include <cstddef>
#include <cstdint>
#include <string>

#include "absl/strings/string_view.h"
#include "devices/wallet/bill.h"
#include "devices/wallet/wallet_codec.h"
#include "devices/wallet/wallet_fields.h"
#include "sync/base/check.h"

namespace {

using branchline::WalletCodec;

const WalletCodec& WeChat() {
  static const auto* const codec = [] {
    branchline::WalletMerchant merchant;
    merchant.key = "a key that the fuzzer does not have";
    return branchline::MakeWeChatCodec(merchant).release();
  }();
  return *codec;
}

const WalletCodec& Alipay() {
  static const auto* const codec = [] {
    branchline::WalletMerchant merchant;
    merchant.means = branchline::PaymentMeans::kAlipay;
    merchant.our_key = branchline::RsaKey::Generate();
    merchant.alipay_key = branchline::RsaKey::Generate();
    return branchline::MakeAlipayCodec(merchant).release();
  }();
  return *codec;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const absl::string_view bytes(reinterpret_cast<const char*>(data), size);
  const auto form = branchline::ParseForm(bytes);
  if (form.ok()) {
    const auto again = branchline::ParseForm(branchline::FormOf(*form));
    BL_CHECK(again.ok() || form->empty(), "a form is read again");
  }
  const auto json = branchline::ParseJson(bytes);
  if (json.ok()) {
    for (const auto& [name, value] : *json) {
      const auto raw = branchline::RawJsonValue(bytes, name);
      if (!raw.has_value()) continue;
      BL_CHECK(raw->data() >= bytes.data(), "the part begins inside");
      BL_CHECK(raw->data() + raw->size() <= bytes.data() + bytes.size(),
               "the part ends inside");
      BL_CHECK(raw->front() == '"', "a text stands in quotes");
    }
  }
  (void)branchline::ParseXml(bytes);
  (void)branchline::ParseBill(bytes);
  branchline::WalletCall call;
  for (int kind = 0;
       kind <= static_cast<int>(branchline::WalletCallKind::kProbe); ++kind) {
    call.kind = static_cast<branchline::WalletCallKind>(kind);
    for (const WalletCodec* const codec : {&WeChat(), &Alipay()}) {
      BL_CHECK(
          codec->Decode(call, bytes).word == branchline::WalletWord::kUnknown,
          "what nobody signed is not believed");
    }
  }
  return 0;
}

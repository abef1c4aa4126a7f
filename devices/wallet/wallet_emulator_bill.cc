// What the emulated wallet knows of the money, and the bill that it makes of
// it.

#include "absl/strings/str_cat.h"
#include "devices/text/charset.h"
#include "devices/text/utf8.h"
#include "devices/wallet/bill_archive.h"
#include "devices/wallet/wallet_emulator.h"
#include "sync/base/check.h"
#include "sync/base/money.h"

namespace branchline {
int64_t WalletEmulator::TakenBy(absl::string_view number) const {
  const auto found = orders_.find(std::string(number));
  if (found == orders_.end()) return 0;
  int64_t taken = found->second.taken_minor;
  for (const auto& [refund_number, refund] : found->second.refunds) {
    taken -= refund.amount_minor;
  }
  return taken;
}

int64_t WalletEmulator::taken_minor() const {
  int64_t taken = 0;
  for (const auto& [number, order] : orders_) taken += TakenBy(number);
  return taken;
}

void WalletEmulator::PayBeside(const std::string& number,
                               int64_t amount_minor) {
  Order& order = orders_[number];
  order.state = Order::State::kPaid;
  order.asked_minor = amount_minor;
  order.taken_minor = amount_minor;
  order.trade_no = absl::StrCat("42000", next_trade_++);
}

std::string WalletEmulator::WeChatBill() const {
  std::string bill =
      "\xEF\xBB\xBF"
      "交易时间,微信订单号,商户订单号,交易状态,订单金额,商户退款单号,"
      "申请退款金额,退款状态\r\n";
  size_t count = 0;
  const auto line = [&](const std::string& number, const Order& order,
                        const char* state, const std::string& refund_number,
                        int64_t refund_minor) {
    ++count;
    absl::StrAppend(&bill, "`2026-11-21 09:00:00,`", order.trade_no, ",`",
                    number, ",`", state, ",`",
                    FormatMinor(order.taken_minor, 2), ",`", refund_number,
                    ",`", FormatMinor(refund_minor, 2), ",`",
                    refund_number == "0" ? "" : "SUCCESS", "\r\n");
  };
  for (const auto& [number, order] : orders_) {
    if (order.state != Order::State::kPaid) continue;
    line(number, order, "SUCCESS", "0", 0);
    for (const auto& [refund_number, refund] : order.refunds) {
      line(number, order, "REFUND", refund_number, refund.amount_minor);
    }
  }
  absl::StrAppend(&bill, "总交易单数,应结订单总金额\r\n`", count, ",`0.00\r\n");
  return bill;
}

std::string WalletEmulator::AlipayBill() const {
  std::string bill =
      "#支付宝业务明细查询\r\n"
      "支付宝交易号,商户订单号,业务类型,商品名称,订单金额（元）,"
      "退款批次号/请求号,备注\r\n";
  for (const auto& [number, order] : orders_) {
    if (order.state != Order::State::kPaid) continue;
    absl::StrAppend(&bill, order.trade_no, "\t,", number, "\t,交易,Tea,",
                    FormatMinor(order.taken_minor, 2), ",,\r\n");
    for (const auto& [refund_number, refund] : order.refunds) {
      absl::StrAppend(&bill, order.trade_no, "\t,", number, "\t,退款,Tea,-",
                      FormatMinor(refund.amount_minor, 2), ",", refund_number,
                      ",\r\n");
    }
  }
  absl::StrAppend(&bill, "#业务明细列表结束\r\n");
  absl::StatusOr<Charset> charset = Charset::Open("GB18030");
  BL_CHECK(charset.ok(), "there is GB18030");
  std::string bytes;
  for (const char32_t c : CodePoints(bill)) {
    bytes += charset->Encode(c).value_or("?");
  }
  return bytes;
}

std::string WalletEmulator::Bill() const {
  return is_alipay() ? AlipayBill() : WeChatBill();
}

std::string WalletEmulator::PackedBill() const {
  return PackZip("20881_20261121_业务明细.csv", Bill());
}

bool WalletEmulator::AsksForBill(absl::string_view body) const {
  if (!is_alipay()) return false;
  const absl::StatusOr<WalletFields> form = ParseForm(body);
  return form.ok() &&
         Of(*form, "method") ==
             "alipay.data.dataservice.bill.downloadurl.query" &&
         merchant_.our_key->Verify(SignedText(*form), Of(*form, "sign"));
}

std::string WalletEmulator::BillAnswer() const {
  const std::string inner = JsonOf({{"code", "10000"},
                                    {"msg", "Success"},
                                    {"bill_download_url", bill_url_}});
  return absl::StrCat(
      "{\"alipay_data_dataservice_bill_downloadurl_query_response\":", inner,
      ",\"sign\":\"", alipay_private_->Sign(inner), "\"}");
}

}  // namespace branchline

#include "devices/wallet/bill.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "devices/text/charset.h"
#include "devices/text/utf8.h"
#include "tests/devices/wallet/wallet_world.h"
#include "tests/support/status_matchers.h"

namespace branchline {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

// The columns of WeChat Pay's own bill.
const char kWeChatBill[] =
    "\xEF\xBB\xBF交易时间,公众账号ID,商户号,特约商户号,设备号,微信订单号,"
    "商户订单号,用户标识,交易类型,交易状态,付款银行,货币种类,应结订单金额,"
    "代金券金额,微信退款单号,商户退款单号,退款金额,充值券退款金额,退款类型,"
    "退款状态,商品名称,商户数据包,手续费,费率,订单金额,申请退款金额,费率备注"
    "\r\n"
    "`2026-11-21 09:00:00,`wx1,`19,`0,`,`4200001,`n1,`o,`MICROPAY,`SUCCESS,"
    "`CFT,`CNY,`12.50,`0.00,`0,`0,`0.00,`0.00,`,`,`Tea,`,`0.08,`0.60%,`12.50,"
    "`0.00,`\r\n"
    "`2026-11-21 09:05:00,`wx1,`19,`0,`,`4200001,`n1,`o,`MICROPAY,`REFUND,"
    "`CFT,`CNY,`0.00,`0.00,`50001,`r1,`2.50,`0.00,`ORIGINAL,`SUCCESS,`Tea,`,"
    "`-0.02,`0.60%,`12.50,`2.50,`\r\n"
    "总交易单数,应结订单总金额,退款总金额\r\n`2,`12.50,`2.50\r\n";

const char kAlipayBill[] =
    "#支付宝业务明细查询\r\n#账号：[2088]\r\n"
    "支付宝交易号,商户订单号,业务类型,商品名称,创建时间,完成时间,门店编号,"
    "订单金额（元）,商家实收（元）,退款批次号/请求号,备注\r\n"
    "2026112122\t,n1\t,交易,Tea,2026-11-21 09:00:00,2026-11-21 09:00:01,,12.50,"
    "12.50,,\r\n"
    "2026112122\t,n1\t,退款,Tea,2026-11-21 09:05:00,2026-11-21 09:05:01,,-2.50,"
    "-2.50,r1,\r\n"
    "#业务明细列表结束\r\n";

void ExpectBoth(const absl::StatusOr<std::vector<BillLine>>& lines) {
  ASSERT_THAT(lines, IsOk());
  ASSERT_THAT(*lines, SizeIs(2));
  EXPECT_EQ((*lines)[0].number, "n1");
  EXPECT_EQ((*lines)[0].amount_minor, 1'250);
  EXPECT_FALSE((*lines)[0].is_refund);
  EXPECT_EQ((*lines)[1].number, "r1");
  EXPECT_EQ((*lines)[1].amount_minor, 250);
  EXPECT_TRUE((*lines)[1].is_refund);
}

TEST(ParseBillTest, ReadsBothWallets) {
  ExpectBoth(ParseBill(kWeChatBill));
  ExpectBoth(ParseBill(kAlipayBill));
}

TEST(ParseBillTest, ReadsGb18030) {
  absl::StatusOr<Charset> charset = Charset::Open("GB18030");
  ASSERT_THAT(charset, IsOk());
  std::string bytes;
  for (const char32_t c : CodePoints(kAlipayBill)) {
    bytes += charset->Encode(c).value_or("?");
  }
  ExpectBoth(ParseBill(bytes));
}

TEST(ParseBillTest, NamesTheLineThatItCannotRead) {
  EXPECT_THAT(ParseBill("hello\n"), StatusIs(absl::StatusCode::kInvalidArgument,
                                             HasSubstr("headings")));
  std::string bad(kAlipayBill);
  bad.replace(bad.find("12.50"), 5, "12.5x");
  EXPECT_THAT(ParseBill(bad), StatusIs(absl::StatusCode::kInvalidArgument,
                                       HasSubstr("line 4")));
}

class BillTest : public ::testing::Test {
 protected:
  const absl::Time from_ = absl::FromUnixSeconds(1'700'000'000);
  const absl::Time to_ = from_ + absl::Hours(24);
  PaymentAttempt Ours(const char* number, PaymentState state, int64_t amount) {
    PaymentAttempt attempt;
    attempt.id = std::string("id-") + number;
    attempt.number = number;
    attempt.state = state;
    attempt.amount_minor = amount;
    attempt.done_minor = state == PaymentState::kDone ? amount : 0;
    attempt.started_at = from_ + absl::Hours(1);
    return attempt;
  }
  static BillLine Theirs(const char* number, int64_t amount) {
    BillLine line;
    line.number = number;
    line.trade_no = "t";
    line.amount_minor = amount;
    return line;
  }
};

TEST_F(BillTest, WhatAgreesIsNotListed) {
  PaymentAttempt refund = Ours("r", PaymentState::kDone, 20);
  refund.kind = PaymentKind::kRefund;
  BillLine back = Theirs("r", 20);
  back.is_refund = true;
  BillLine undone = Theirs("u", 30);
  undone.is_undone = true;
  EXPECT_THAT(CompareWithBill({Theirs("a", 10), back, Theirs("u", 30), undone},
                              {Ours("a", PaymentState::kDone, 10), refund,
                               Ours("u", PaymentState::kReversed, 30),
                               Ours("f", PaymentState::kFailed, 5)},
                              from_, to_),
              IsEmpty());
}

TEST_F(BillTest, EveryDifferenceBothWaysIsListed) {
  using Kind = BillDifference::Kind;
  BillLine as_refund = Theirs("k", 10);
  as_refund.is_refund = true;
  PaymentAttempt old = Ours("old", PaymentState::kDone, 10);
  old.started_at = from_ - absl::Hours(1);
  const std::vector<BillDifference> found = CompareWithBill(
      {Theirs("b", 11), Theirs("c", 10), Theirs("d", 10), Theirs("e", 10),
       Theirs("e", 10), as_refund, Theirs("o", 7)},
      {Ours("a", PaymentState::kDone, 10), Ours("b", PaymentState::kDone, 10),
       Ours("d", PaymentState::kFailed, 10), Ours("e", PaymentState::kDone, 10),
       Ours("k", PaymentState::kDone, 10), Ours("o", PaymentState::kOpen, 7),
       old},
      from_, to_);
  std::vector<std::pair<std::string, Kind>> got;
  for (const BillDifference& d : found) {
    got.emplace_back(d.number, d.kind);
    EXPECT_THAT(ToText(d), HasSubstr(d.number));
  }
  EXPECT_EQ(got, (std::vector<std::pair<std::string, Kind>>{
                     {"a", Kind::kOnlyOurs},
                     {"b", Kind::kAmountDiffers},
                     {"c", Kind::kOnlyTheirs},
                     {"d", Kind::kNotDoneHere},
                     {"e", Kind::kTwice},
                     {"k", Kind::kAmountDiffers},
                     {"o", Kind::kNotDoneHere}}));
}

TEST_F(BillTest, ADayOfTheEmulatorAgreesButForWhatNobodyKnew) {
  WalletShop shop(PaymentMeans::kWeChatPay);
  const absl::Time from = shop.clock.WallNow();
  ASSERT_EQ(shop.Pay("p1", 1'000).state, PaymentState::kDone);
  ASSERT_EQ(shop.Carry(shop.Refund("r1", "p1", 250)).state,
            PaymentState::kDone);
  shop.wallet.AddFault(WalletCallKind::kPay,
                       WalletEmulator::Fault::kPayingNever);
  ASSERT_EQ(shop.Pay("p2", 700).state, PaymentState::kReversed);
  auto bill = ParseBill(shop.wallet.Bill());
  ASSERT_THAT(bill, IsOk());
  const absl::Time to = shop.clock.WallNow() + absl::Hours(1);
  EXPECT_THAT(CompareWithBill(*bill, shop.book->All(), from, to), IsEmpty());
  shop.wallet.PayBeside("beside", 500);
  bill = ParseBill(shop.wallet.Bill());
  ASSERT_THAT(bill, IsOk());
  const auto found = CompareWithBill(*bill, shop.book->All(), from, to);
  ASSERT_THAT(found, SizeIs(1));
  EXPECT_EQ(found[0].kind, BillDifference::Kind::kOnlyTheirs);
}

}  // namespace
}  // namespace branchline

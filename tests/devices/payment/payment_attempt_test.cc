#include "devices/payment/payment_attempt.h"

#include <gtest/gtest.h>

#include "absl/strings/escaping.h"
#include "devices/payment/payment_words.h"
#include "tests/support/status_matchers.h"

namespace branchline {
namespace {

using ::testing::HasSubstr;

PaymentAttempt Whole() {
  PaymentAttempt a;
  a.id = "p1";
  a.sale_id = "s1";
  a.means = PaymentMeans::kAlipay;
  a.kind = PaymentKind::kRefund;
  a.state = PaymentState::kReversing;
  a.why = PaymentWhy::kTimeUp;
  a.device = "alipay";
  a.original_id = "p0";
  a.amount_minor = 1'999;
  a.done_minor = 999;
  a.currency = "CNY";
  a.started_at = absl::FromUnixSeconds(1'700'000'000);
  a.detail = "d";
  a.settled_by = "Ann: saw the slip";
  a.original_minor = 2'500;
  a.original_number = "n0";
  a.original_receipt = 16;
  a.original_trace = 17;
  a.terminal_id = "12345678";
  a.receipt = 18;
  a.earlier_trace = 0;
  a.card_name = "girocard";
  a.number = "n1";
  a.trade_no = "t1";
  a.code_hash = "c0ffee";
  return a;
}

// A form that was released is read for ever.
TEST(PaymentAttemptTest, BytesAreAsWrittenDown) {
  EXPECT_EQ(absl::BytesToHexString(EncodePaymentAttempt(Whole())),
            "424c50410100000002703100000002733103020310" /*enums*/
            "00000006616c697061790000000270300000"
            "00000000"
            "07cf00000000000003e700000003434e59"
            "000000006553f1000000000164"
            "00000011416e6e3a207361772074686520736c6970"
            "00000000000009c4000000026e30"
            "010000000000000010010000000000000011"
            "000000083132333435363738"
            "01000000000000001200" /* no trace */
            "00010000000000000000"
            "000000086769726f63617264"
            "000000026e31000000027431"
            "00000006633066666565"
            "4e74b28a7595751d");
}

TEST(PaymentAttemptTest, IsReadAsItWasWritten) {
  const absl::StatusOr<PaymentAttempt> read =
      DecodePaymentAttempt(EncodePaymentAttempt(Whole()));
  ASSERT_THAT(read, IsOk());
  EXPECT_TRUE(*read == Whole());
}

TEST(PaymentAttemptTest, EveryDamageIsFound) {
  const std::string bytes = EncodePaymentAttempt(Whole());
  for (size_t i = 0; i < bytes.size(); ++i) {
    std::string damaged = bytes;
    damaged[i] = static_cast<char>(damaged[i] ^ 0x20);
    EXPECT_THAT(DecodePaymentAttempt(damaged),
                StatusIs(absl::StatusCode::kDataLoss, HasSubstr("payment")))
        << i;
    EXPECT_EQ(DecodePaymentAttempt(bytes.substr(0, i)).status().code(),
              absl::StatusCode::kDataLoss);
  }
}

TEST(PaymentAttemptTest, AFinalStateIsFinalAndWhatIsUndoneIsNeverPaid) {
  for (int from = 1; from <= 7; ++from) {
    for (int to = 1; to <= 7; ++to) {
      const auto f = static_cast<PaymentState>(from);
      const auto t = static_cast<PaymentState>(to);
      if (IsFinal(f)) {
        EXPECT_EQ(MayBecome(f, t), f == t);
      }
      if (t == PaymentState::kStarted && f != t) {
        EXPECT_FALSE(MayBecome(f, t));
      }
    }
  }
  EXPECT_FALSE(MayBecome(PaymentState::kReversing, PaymentState::kDone));
  EXPECT_FALSE(MayBecome(PaymentState::kApproved, PaymentState::kFailed));
}

TEST(PaymentAttemptTest, OnlyWhatIsCertainMoved) {
  PaymentAttempt a = Whole();
  EXPECT_EQ(MovedMinor(a), 0);
  a.state = PaymentState::kDone;
  EXPECT_EQ(MovedMinor(a), -999);
  a.kind = PaymentKind::kPayment;
  EXPECT_EQ(MovedMinor(a), 999);
}

TEST(PaymentWordsTest, EveryReasonHasWordsInThreeLanguages) {
  for (int why = 1; why <= static_cast<int>(PaymentWhy::kReversedAlready);
       ++why) {
    PaymentAttempt a = Whole();
    a.why = static_cast<PaymentWhy>(why);
    PaymentAttempt bare = a;
    bare.why = PaymentWhy::kNone;
    for (const char* language : {"en", "zh-CN", "zh-TW"}) {
      EXPECT_GT(PaymentWords(a, language).size(),
                PaymentWords(bare, language).size())
          << why << " " << language;
    }
    EXPECT_NE(PaymentWords(a, "en"), PaymentWords(a, "zh-CN"));
    EXPECT_EQ(PaymentWords(a, "en"), PaymentWords(a, "de"));
  }
}

TEST(PaymentWordsTest, SayWhatToDo) {
  PaymentAttempt a = Whole();
  a.kind = PaymentKind::kPayment;
  a.state = PaymentState::kOpen;
  a.why = PaymentWhy::kTerminalForgot;
  EXPECT_THAT(PaymentWords(a, "en"), HasSubstr("Do not hand out the goods"));
  EXPECT_THAT(PaymentWords(a, "zh-CN"), HasSubstr("请勿交付商品"));
  EXPECT_THAT(PaymentWords(a, "zh-TW"), HasSubstr("請勿交付商品"));
}

}  // namespace
}  // namespace branchline

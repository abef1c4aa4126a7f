#include "devices/wallet/wallet_codec.h"

#include <gtest/gtest.h>

#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "devices/wallet/wallet_fields.h"
#include "tests/devices/wallet/wallet_world.h"
#include "tests/support/status_matchers.h"

namespace branchline {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Pair;

// The example of WeChat Pay's documents.
TEST(WeChatSignTest, IsAsPublished) {
  const WalletFields fields = {{"appid", "wxd930ea5d5a258f4f"},
                               {"body", "test"},
                               {"device_info", "1000"},
                               {"mch_id", "10000100"},
                               {"nonce_str", "ibuaiVcKdpRxkhJA"},
                               {"empty", ""},
                               {"sign", "not of it"}};
  const char* const key = "192006250b4c09247ec02edce69f6a2d";
  EXPECT_EQ(WeChatSign(fields, key, true), "9A0A8659F005D6984697E2CA0A9CF3B7");
  EXPECT_EQ(WeChatSign(fields, key, false),
            "6A9AE1657590FD6257D693A078E1C3E4BB6BA4DC30B23E0EE2496E54170DACD6");
}

TEST(WalletXmlTest, IsWrittenAndRead) {
  const WalletFields fields = {{"a", "1<2 & \"3\" > 0"}, {"b", "茶"}};
  EXPECT_EQ(XmlOf(fields),
            "<xml><a>1&lt;2 &amp; \"3\" &gt; 0</a><b>茶</b></xml>");
  EXPECT_EQ(*ParseXml(XmlOf(fields)), fields);
  EXPECT_THAT(
      *ParseXml("<xml>\n<a><![CDATA[1<2]]></a>\n<b><![CDATA[]]></b></xml>"),
      ElementsAre(Pair("a", "1<2"), Pair("b", "")));
}

TEST(WalletXmlTest, RefusesWhatIsNotFlat) {
  for (const std::string bad :
       {"", "text", "<xml><a>1</a>", "<xml><a>1</a><a>2</a></xml>",
        "<xml><a><b>1</b></a></xml>", "<xml><a>\xFF</a></xml>",
        "<!DOCTYPE x [<!ENTITY e SYSTEM \"file:///etc/passwd\">]>"
        "<xml><a>&e;</a></xml>",
        "<!DOCTYPE x [<!ENTITY e \"aaaa\">]><xml><a>&e;</a></xml>"}) {
    EXPECT_EQ(ParseXml(bad).status().code(), absl::StatusCode::kInvalidArgument)
        << bad;
  }
  EXPECT_THAT(
      ParseXml("<xml><a>" + std::string(kWalletAnswerSizeMax, 'x') + "</a>"),
      StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("at most")));
  std::string many = "<xml>";
  for (size_t i = 0; i <= kWalletFieldsMax; ++i) {
    absl::StrAppend(&many, "<a", i, ">1</a", i, ">");
  }
  EXPECT_THAT(ParseXml(many + "</xml>"),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       HasSubstr("too many fields")));
}

TEST(WalletJsonTest, IsWrittenAndRead) {
  const WalletFields fields = {{"a", "1\"\\\n"}, {"b", "茶"}};
  EXPECT_EQ(JsonOf(fields), "{\"a\":\"1\\\"\\\\\\u000a\",\"b\":\"茶\"}");
  EXPECT_EQ(*ParseJson(JsonOf(fields)), fields);
  EXPECT_THAT(*ParseJson(R"({"a":"1","n":2,"o":{"x":"y"},"l":["z"]})"),
              ElementsAre(Pair("a", "1")));
  EXPECT_FALSE(ParseJson("[]").ok());
  EXPECT_FALSE(ParseJson("{\"a\":").ok());
  EXPECT_FALSE(ParseJson(std::string(100'000, '[')).ok());
}

TEST(WalletJsonTest, TheSignedPartIsTakenAsItStands) {
  const std::string text =
      "{ \"x\" : {\"a\":\"}\\\"\", \"n\": [1, {}]}  ,\"s\":\"q\",\"n\":12 }";
  EXPECT_EQ(RawJsonValue(text, "x"), "{\"a\":\"}\\\"\", \"n\": [1, {}]}");
  EXPECT_EQ(RawJsonValue(text, "s"), "\"q\"");
  EXPECT_EQ(RawJsonValue(text, "n"), "12");
  EXPECT_EQ(RawJsonValue(text, "a"), std::nullopt);
  EXPECT_EQ(RawJsonValue("{\"x\":1,\"x\":2}", "x"), std::nullopt);
  for (const char* bad : {"", "x", "{", "{\"x\"", "{\"x\":", "{\"x\":{",
                          "{\"x\":1", "{\"x\":\"}"}) {
    EXPECT_EQ(RawJsonValue(bad, "x"), std::nullopt) << bad;
  }
}

TEST(WalletFormTest, IsWrittenAndRead) {
  const WalletFields fields = {{"a", "1 &=+/%"}, {"b", "茶"}};
  EXPECT_EQ(FormOf(fields), "a=1%20%26%3D%2B%2F%25&b=%E8%8C%B6");
  EXPECT_EQ(*ParseForm(FormOf(fields)), fields);
  EXPECT_FALSE(ParseForm("a=%2").ok());
  EXPECT_FALSE(ParseForm("a=1&a=2").ok());
}

TEST(RsaKeyTest, SignsAndVerifies) {
  const RsaKey key = RsaKey::Generate();
  const std::string signature = key.Sign("text");
  EXPECT_TRUE(key.Verify("text", signature));
  EXPECT_FALSE(key.Verify("texT", signature));
  EXPECT_FALSE(key.Verify("text", "!"));
  EXPECT_FALSE(RsaKey::Generate().Verify("text", signature));
  EXPECT_EQ(RsaKey::FromPrivatePem("x").status().code(),
            absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(RsaKey::FromPublicPem("x").status().code(),
            absl::StatusCode::kInvalidArgument);
}

TEST(WalletCodeTest, TellsWhoseItIs) {
  EXPECT_EQ(*WalletOfCode("100000000000000000"), PaymentMeans::kWeChatPay);
  EXPECT_EQ(*WalletOfCode("159999999999999999"), PaymentMeans::kWeChatPay);
  EXPECT_EQ(*WalletOfCode("2500000000000000"), PaymentMeans::kAlipay);
  EXPECT_EQ(*WalletOfCode("309999999999999999999999"), PaymentMeans::kAlipay);
  for (const char* code :
       {"", "1", "160000000000000000", "10000000000000000",
        "240000000000000000", "310000000000000000", "250000000000000",
        "3099999999999999999999999", "10000000000000000a"}) {
    EXPECT_EQ(WalletOfCode(code).status().code(),
              absl::StatusCode::kInvalidArgument)
        << code;
  }
}

TEST(WalletNumberTest, IsOneForOneAttempt) {
  EXPECT_EQ(WalletNumber("a", "bc"), WalletNumber("a", "bc"));
  EXPECT_NE(WalletNumber("a", "bc"), WalletNumber("ab", "c"));
  EXPECT_NE(WalletNumber("a 1", "b"), WalletNumber("a", "1 b"));
}

class WalletCodecTest : public ::testing::TestWithParam<PaymentMeans> {
 protected:
  WalletCodecTest() {
    call_.kind = WalletCallKind::kPay;
    call_.attempt.amount_minor = 1'005;
    call_.attempt.number = WalletNumber("d", "p");
    call_.code = shop_.Code();
    call_.nonce = "n";
    call_.wall_now = absl::FromUnixSeconds(1'700'000'000);
  }
  WalletAnswer Ask(absl::string_view body) {
    return codec_->Decode(call_, body);
  }
  std::string Answer() {
    const HttpsCall https = codec_->Encode(call_);
    return shop_.wallet.Handle(https.path, https.body, absl::ZeroDuration())
        .body;
  }
  WalletShop shop_{GetParam()};
  std::unique_ptr<WalletCodec> codec_ = MakeWalletCodec(shop_.merchant);
  WalletCall call_;
};
INSTANTIATE_TEST_SUITE_P(Wallets, WalletCodecTest,
                         ::testing::Values(PaymentMeans::kWeChatPay,
                                           PaymentMeans::kAlipay));

TEST_P(WalletCodecTest, BelievesASignedAnswerOnly) {
  const std::string body = Answer();
  const WalletAnswer answer = Ask(body);
  EXPECT_EQ(answer.word, WalletWord::kPaid) << answer.detail;
  EXPECT_EQ(answer.amount_minor, 1'005);
  // Any byte of it changed: never paid with other figures.
  for (size_t i = 0; i < body.size(); ++i) {
    std::string changed = body;
    changed[i] = static_cast<char>(changed[i] ^ 1);
    const WalletAnswer doubted = Ask(changed);
    if (doubted.word == WalletWord::kPaid) {
      EXPECT_EQ(doubted.amount_minor, 1'005) << i;
    } else {
      EXPECT_EQ(doubted.word, WalletWord::kUnknown) << i << changed;
    }
  }
  for (const char* other : {"", "<xml>", "{}", "null", "<html>busy</html>"}) {
    EXPECT_EQ(Ask(other).word, WalletWord::kUnknown) << other;
  }
}

TEST(WeChatCodecTest, NamesMerchantAndSubMerchant) {
  WalletMerchant merchant = TestMerchant(PaymentMeans::kWeChatPay);
  merchant.sub_app_id = "wxsub";
  WalletCall call;
  call.kind = WalletCallKind::kPay;
  call.attempt.amount_minor = 1'005;
  call.attempt.number = "n1";
  call.code = "134512345678901234";
  const HttpsCall https = MakeWeChatCodec(merchant)->Encode(call);
  EXPECT_EQ(https.path, "/pay/micropay");
  EXPECT_FALSE(https.with_certificate);
  for (const char* part :
       {"<sub_appid>wxsub</sub_appid>", "<sub_mch_id>20000200</sub_mch_id>",
        "<mch_id>10000100</mch_id>", "<total_fee>1005</total_fee>",
        "<out_trade_no>n1</out_trade_no>"}) {
    EXPECT_THAT(https.body, HasSubstr(part));
  }
  EXPECT_EQ(https.body.find(merchant.key), std::string::npos);
  call.kind = WalletCallKind::kReverse;
  EXPECT_TRUE(MakeWeChatCodec(merchant)->Encode(call).with_certificate);
}

TEST(AlipayCodecTest, WritesYuanAndTheBranchsAuthorisation) {
  WalletMerchant merchant = TestMerchant(PaymentMeans::kAlipay);
  merchant.app_auth_token = "token";
  merchant.store_id = "S014";
  WalletCall call;
  call.kind = WalletCallKind::kPay;
  call.attempt.amount_minor = 1'005;
  call.attempt.number = "n1";
  call.code = "285012345678901234";
  call.wall_now = absl::FromUnixSeconds(1'700'000'000);
  const HttpsCall https = MakeAlipayCodec(merchant)->Encode(call);
  const WalletFields form = *ParseForm(https.body);
  EXPECT_EQ(form.at("timestamp"), "2023-11-15 06:13:20");
  EXPECT_EQ(form.at("app_auth_token"), "token");
  const std::string content = form.at("biz_content");
  for (const char* part :
       {"\"total_amount\":\"10.05\"", "\"store_id\":\"S014\"",
        "\"sub_merchant\":{\"merchant_id\":\"20000200\"}"}) {
    EXPECT_THAT(content, HasSubstr(part));
  }
  EXPECT_TRUE(merchant.our_key->Verify(SignedText(form), form.at("sign")));
}

struct WordCase {
  WalletCallKind kind;
  WalletFields fields;
  WalletWord word;
};

// One row per state and code of WeChat Pay; what is in no row is unknown.
TEST(WeChatCodecTest, UnderstandsItsCodes) {
  using K = WalletCallKind;
  using W = WalletWord;
  const auto fail = [](const char* code) {
    return WalletFields{{"result_code", "FAIL"}, {"err_code", code}};
  };
  const auto state = [](const char* name) {
    return WalletFields{{"result_code", "SUCCESS"},
                        {"out_trade_no", "n1"},
                        {"trade_state", name}};
  };
  const std::vector<WordCase> rows = {
      {K::kPay, fail("USERPAYING"), W::kPaying},
      {K::kPay, fail("SYSTEMERROR"), W::kUnknown},
      {K::kPay, fail("BANKERROR"), W::kUnknown},
      {K::kPay, fail("ORDERPAID"), W::kUnknown},
      {K::kPay, fail("OUT_TRADE_NO_USED"), W::kUnknown},
      {K::kPay, fail("A_NEW_ONE"), W::kUnknown},
      {K::kPay, fail("AUTHCODEEXPIRE"), W::kRefused},
      {K::kPay, fail("NOTENOUGH"), W::kRefused},
      {K::kPay, {{"result_code", "SUCCESS"}}, W::kUnknown},
      {K::kQuery, state("USERPAYING"), W::kPaying},
      {K::kQuery, state("NOTPAY"), W::kNotPaid},
      {K::kQuery, state("PAYERROR"), W::kNotPaid},
      {K::kQuery, state("CLOSED"), W::kClosed},
      {K::kQuery, state("REVOKED"), W::kClosed},
      {K::kQuery, state("REFUND"), W::kClosed},
      {K::kQuery, state("SUCCESS"), W::kUnknown},  // without an amount
      {K::kQuery, state("SOMETHING"), W::kUnknown},
      {K::kQuery, fail("ORDERNOTEXIST"), W::kNoOrder},
      {K::kQuery, fail("SYSTEMERROR"), W::kUnknown},
      {K::kReverse,
       {{"result_code", "SUCCESS"}, {"recall", "N"}},
       W::kReversed},
      {K::kReverse, {{"result_code", "SUCCESS"}, {"recall", "Y"}}, W::kAgain},
      {K::kReverse, fail("USERPAYING"), W::kAgain},
      {K::kReverse, fail("REVERSE_EXPIRE"), W::kAgain},
      {K::kRefund, fail("NOTENOUGH"), W::kUnknown},  // tried again later
      {K::kRefund, fail("TRADE_OVERDUE"), W::kRefused},
      {K::kQueryRefund, fail("REFUNDNOTEXIST"), W::kNoRefund},
      {K::kQueryRefund, fail("SYSTEMERROR"), W::kUnknown},
  };
  const WalletMerchant merchant = TestMerchant(PaymentMeans::kWeChatPay);
  const auto codec = MakeWeChatCodec(merchant);
  for (const WordCase& row : rows) {
    WalletCall call;
    call.kind = row.kind;
    call.attempt.number = "n1";
    WalletFields fields = row.fields;
    fields["return_code"] = "SUCCESS";
    fields["appid"] = merchant.app_id;
    fields["mch_id"] = merchant.merchant_id;
    fields["sign"] = WeChatSign(fields, merchant.key, merchant.md5);
    EXPECT_EQ(codec->Decode(call, XmlOf(fields)).word, row.word)
        << XmlOf(fields);
    fields["mch_id"] = "another";
    fields["sign"] = WeChatSign(fields, merchant.key, merchant.md5);
    EXPECT_EQ(codec->Decode(call, XmlOf(fields)).word, W::kUnknown);
  }
}

TEST(AlipayCodecTest, UnderstandsItsCodes) {
  using K = WalletCallKind;
  using W = WalletWord;
  const auto fail = [](const char* code, const char* sub) {
    return WalletFields{{"code", code}, {"sub_code", sub}};
  };
  const auto state = [](const char* name) {
    return WalletFields{
        {"code", "10000"}, {"out_trade_no", "n1"}, {"trade_status", name}};
  };
  const std::vector<WordCase> rows = {
      {K::kPay, fail("10003", ""), W::kPaying},
      {K::kPay, fail("20000", "ACQ.SYSTEM_ERROR"), W::kUnknown},
      {K::kPay, fail("40004", "ACQ.SYSTEM_ERROR"), W::kUnknown},
      {K::kPay, fail("40004", "ACQ.TRADE_HAS_SUCCESS"), W::kUnknown},
      {K::kPay, fail("40004", "ACQ.A_NEW_ONE"), W::kUnknown},
      {K::kPay, fail("40004", "ACQ.PAYMENT_AUTH_CODE_INVALID"), W::kRefused},
      {K::kPay, fail("40002", "isv.invalid-signature"), W::kRefused},
      {K::kPay, {{"code", "10000"}}, W::kUnknown},
      {K::kQuery, state("WAIT_BUYER_PAY"), W::kPaying},
      {K::kQuery, state("TRADE_CLOSED"), W::kClosed},
      {K::kQuery, state("TRADE_SUCCESS"), W::kUnknown},  // without an amount
      {K::kQuery, fail("40004", "ACQ.TRADE_NOT_EXIST"), W::kNoOrder},
      {K::kQuery, fail("20000", ""), W::kUnknown},
      {K::kReverse,
       {{"code", "10000"}, {"out_trade_no", "n1"}, {"retry_flag", "N"}},
       W::kReversed},
      {K::kReverse,
       {{"code", "10000"}, {"out_trade_no", "n1"}, {"retry_flag", "Y"}},
       W::kAgain},
      {K::kReverse, fail("20000", ""), W::kAgain},
      {K::kRefund, fail("40004", "ACQ.SELLER_BALANCE_NOT_ENOUGH"), W::kUnknown},
      {K::kRefund, fail("40004", "ACQ.TRADE_NOT_EXIST"), W::kRefused},
      {K::kQueryRefund, {{"code", "10000"}}, W::kNoRefund},
  };
  const WalletMerchant merchant = TestMerchant(PaymentMeans::kAlipay);
  const auto codec = MakeAlipayCodec(merchant);
  const std::map<K, std::string> names = {
      {K::kPay, "alipay_trade_pay_response"},
      {K::kQuery, "alipay_trade_query_response"},
      {K::kReverse, "alipay_trade_cancel_response"},
      {K::kRefund, "alipay_trade_refund_response"},
      {K::kQueryRefund, "alipay_trade_fastpay_refund_query_response"}};
  for (const WordCase& row : rows) {
    WalletCall call;
    call.kind = row.kind;
    call.attempt.number = "n1";
    const std::string inner = JsonOf(row.fields);
    const std::string body =
        absl::StrCat("{\"", names.at(row.kind), "\":", inner, ",\"sign\":\"",
                     AlipaysKey().Sign(inner), "\"}");
    EXPECT_EQ(codec->Decode(call, body).word, row.word) << body;
  }
}

}  // namespace
}  // namespace branchline

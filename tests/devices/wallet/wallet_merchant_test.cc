#include "devices/wallet/wallet_merchant.h"

#include <gtest/gtest.h>
#include <stdlib.h>
#include <sys/stat.h>

#include <fstream>
#include <string>

#include "tests/support/status_matchers.h"

namespace branchline {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

class WalletMerchantTest : public ::testing::Test {
 protected:
  WalletMerchantTest() {
    std::string pattern = ::testing::TempDir() + "merchantXXXXXX";
    dir_ = mkdtemp(pattern.data());
  }
  std::string Write(const std::string& name, const std::string& text,
                    mode_t mode = 0600) {
    const std::string path = dir_ + "/" + name;
    std::ofstream(path) << text;
    chmod(path.c_str(), mode);
    return path;
  }
  std::string WeChat() {
    return "wallet = wechat\n# a comment\napp_id = wx1\nmerchant_id = 19\n"
           "sub_merchant_id = 20\nkey = s3cr3t\ncertificate_file = /c.pem\n"
           "certificate_key_file = " +
           Write("key.pem", "k") + "\n";
  }
  std::string dir_;
};

TEST_F(WalletMerchantTest, IsRead) {
  const auto merchant = LoadWalletMerchant(Write("m", WeChat()));
  ASSERT_THAT(merchant, IsOk());
  EXPECT_EQ(merchant->means, PaymentMeans::kWeChatPay);
  EXPECT_EQ(merchant->key, "s3cr3t");
  EXPECT_EQ(merchant->sub_merchant_id, "20");
  EXPECT_EQ(merchant->host, "api.mch.weixin.qq.com");
  EXPECT_FALSE(merchant->md5);
}

TEST_F(WalletMerchantTest, MustBeForTheDaemonsEyesOnly) {
  EXPECT_THAT(
      LoadWalletMerchant(Write("m", WeChat(), 0640)),
      StatusIs(absl::StatusCode::kFailedPrecondition, HasSubstr("chmod 600")));
  const std::string good = Write("m2", WeChat());
  chmod((dir_ + "/key.pem").c_str(), 0644);
  EXPECT_THAT(
      LoadWalletMerchant(good),
      StatusIs(absl::StatusCode::kFailedPrecondition, HasSubstr("key.pem")));
  EXPECT_EQ(LoadWalletMerchant(dir_ + "/none").status().code(),
            absl::StatusCode::kNotFound);
}

TEST_F(WalletMerchantTest, WhatIsWrongIsNamedAndNoSecretShown) {
  const auto refused = [this](const std::string& text, const char* word) {
    EXPECT_THAT(
        LoadWalletMerchant(Write("m", text)),
        StatusIs(absl::StatusCode::kInvalidArgument,
                 ::testing::AllOf(HasSubstr(word), Not(HasSubstr("s3cr3t")))));
  };
  refused("", "wallet must be");
  refused("wallet = wechat\n", "lacks app_id");
  refused(WeChat() + "s3cr3t = 1\n", "a name that is not known");
  refused(WeChat() + "s3cr3t\n", "a name that is not known");
  refused(WeChat() + "key = s3cr3t\n", "key comes twice");
  refused(WeChat() + "port = 0\n", "port");
  refused(WeChat() + "sign_type = RSA\n", "sign_type");
  refused(WeChat() + "currency = JPY\n", "no hundredths");
  const std::string pem = Write("a.pem", "s3cr3t");
  refused("wallet = alipay\napp_id = 1\nkey_file = " + pem +
              "\npublic_key_file = " + pem + "\n",
          "private key");
}

}  // namespace
}  // namespace branchline

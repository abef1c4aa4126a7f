#include "sync/identity/pem.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "tests/sync/identity/status_matchers.h"

namespace branchline::identity_internal {
namespace {

using identity_testing::Fails;
using identity_testing::IsOk;
using identity_testing::kInvalid;

TEST(PemTest, BytesComeBack) {
  for (const size_t size : {1, 2, 3, 47, 48, 49, 5'000}) {
    const std::string bytes(size, '\xa5');
    const auto again =
        DecodePem(EncodePem(bytes, kPemCertificate), kPemCertificate, "it");
    ASSERT_THAT(again, IsOk()) << size;
    EXPECT_EQ(*again, bytes);
  }
}

TEST(PemTest, ReadsPastWordsAndLineEndsOfOtherSystems) {
  EXPECT_THAT(DecodePem("Our CA:\r\n-----BEGIN CERTIFICATE-----\r\nYWJj\r\n"
                        "-----END CERTIFICATE-----\r\n\r\n",
                        kPemCertificate, "it"),
              IsOk());
}

TEST(PemTest, WipesASecret) {
  std::string secret = "secret";
  WipeSecret(secret);
  EXPECT_EQ(secret, "");
}

struct RejectCase {
  const char* name;
  std::string pem;
  const char* message;
};

class DecodePemRejects : public ::testing::TestWithParam<RejectCase> {};

TEST_P(DecodePemRejects, WithTheReason) {
  EXPECT_THAT(DecodePem(GetParam().pem, kPemPrivateKey, "the key"),
              Fails(kInvalid, GetParam().message));
}

std::vector<RejectCase> RejectCases() {
  const std::string good = EncodePem("abc", kPemPrivateKey);
  return {
      {"TooLong", std::string(kPemSizeMax + 1, ' '),
       "reading the key: it has 65537 bytes, want at most 65536"},
      {"Empty", "", "no PEM block, want -----BEGIN PRIVATE KEY-----"},
      {"Der", std::string("\x30\x82\x00\x01", 4), "no PEM block"},
      {"CutOff", good.substr(0, good.size() - 12), "damaged or cut off"},
      {"NotBase64",
       "-----BEGIN PRIVATE KEY-----\n!!!!\n-----END PRIVATE KEY-----\n",
       "damaged or cut off"},
      {"OtherKind", EncodePem("abc", kPemCertificate),
       "found a PEM block \"CERTIFICATE\", want \"PRIVATE KEY\""},
      {"OldForm", EncodePem("abc", "EC PRIVATE KEY"),
       "found a PEM block \"EC PRIVATE KEY\""},
      {"Encrypted", EncodePem("abc", "ENCRYPTED PRIVATE KEY"),
       "it is encrypted, want it without a passphrase"},
      {"EncryptedOldWay",
       "-----BEGIN PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\n"
       "DEK-Info: AES-256-CBC,00000000000000000000000000000000\n\nYWJj\n"
       "-----END PRIVATE KEY-----\n",
       "it is encrypted"},
      {"Two", absl::StrCat(good, good), "more follows after the first"},
      {"SecondDamaged", absl::StrCat(good, good.substr(0, 40)),
       "more follows after the first"},
  };
}

INSTANTIATE_TEST_SUITE_P(Rules, DecodePemRejects,
                         ::testing::ValuesIn(RejectCases()),
                         [](const auto& param) {
                           return std::string(param.param.name);
                         });

}  // namespace
}  // namespace branchline::identity_internal

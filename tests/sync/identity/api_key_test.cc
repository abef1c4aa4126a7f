#include "sync/identity/api_key.h"

#include <gtest/gtest.h>

#include <set>
#include <string>

#include "sync/base/bytes.h"
#include "sync/identity/base32.h"
#include "sync/identity/constant_time.h"
#include "sync/identity/random_bytes.h"
#include "tests/sync/identity/status_matchers.h"

namespace branchline {
namespace {

using identity_testing::IsOk;

TEST(ApiKeyTest, HasItsPrefixAnd256Bits) {
  const auto key = GenerateApiKey();
  ASSERT_THAT(key, IsOk());
  EXPECT_EQ(key->substr(0, 4), "blt_");
  EXPECT_EQ(key->size(), 4 + 52);
  EXPECT_TRUE(IsBase32(absl::string_view(*key).substr(4)));
}

TEST(ApiKeyTest, EachIsNew) {
  std::set<std::string> keys;
  for (int i = 0; i < 100; ++i) keys.insert(*GenerateApiKey());
  EXPECT_EQ(keys.size(), 100);
}

TEST(ApiKeyTest, MatchesItsOwnHashOnly) {
  const std::string key = *GenerateApiKey();
  const std::string stored = ApiKeyHash(key);
  EXPECT_TRUE(ApiKeyMatches(key, stored));
  EXPECT_FALSE(ApiKeyMatches(*GenerateApiKey(), stored));
  EXPECT_FALSE(ApiKeyMatches("", stored));
  EXPECT_FALSE(ApiKeyMatches(key + "a", stored));
  EXPECT_FALSE(ApiKeyMatches(key, ""));
}

// A golden value: edges hold these for as long as a till is paired.
TEST(ApiKeyTest, HashIsWhatIsStored) {
  EXPECT_EQ(Hex(ApiKeyHash("blt_abc")),
            "7b9cacc4f606691e6e52e1be819ab4cedd6bb2442c635ce1b6e01aa4d94c0261");
}

TEST(ConstantTimeEqualTest, ComparesSizeAndEveryByte) {
  EXPECT_TRUE(ConstantTimeEqual("", ""));
  EXPECT_TRUE(ConstantTimeEqual("abc", "abc"));
  EXPECT_FALSE(ConstantTimeEqual("abc", "abd"));
  EXPECT_FALSE(ConstantTimeEqual("abc", "xbc"));
  EXPECT_FALSE(ConstantTimeEqual("abc", "ab"));
  EXPECT_FALSE(ConstantTimeEqual("", "a"));
}

// RFC 4648, section 10, in lower case and without padding.
TEST(Base32Test, KnowsTheVectorsOfTheRfc) {
  EXPECT_EQ(Base32Encode(""), "");
  EXPECT_EQ(Base32Encode("f"), "my");
  EXPECT_EQ(Base32Encode("fo"), "mzxq");
  EXPECT_EQ(Base32Encode("foo"), "mzxw6");
  EXPECT_EQ(Base32Encode("foob"), "mzxw6yq");
  EXPECT_EQ(Base32Encode("fooba"), "mzxw6ytb");
  EXPECT_EQ(Base32Encode("foobar"), "mzxw6ytboi");
  EXPECT_EQ(Base32Encode(std::string(5, '\xff')), "77777777");
}

TEST(Base32Test, KnowsItsAlphabet) {
  EXPECT_TRUE(IsBase32("az27"));
  for (const char* text : {"A", "1", "8", "a=", "a "}) {
    EXPECT_FALSE(IsBase32(text)) << text;
  }
}

TEST(RandomBytesTest, GivesAsManyAsAskedAndNewOnes) {
  EXPECT_EQ(RandomBytes(0)->size(), 0);
  EXPECT_EQ(RandomBytes(33)->size(), 33);
  EXPECT_NE(*RandomBytes(16), *RandomBytes(16));
}

}  // namespace
}  // namespace branchline

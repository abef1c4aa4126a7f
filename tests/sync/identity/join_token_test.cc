#include "sync/identity/join_token.h"

#include <gtest/gtest.h>

#include <set>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "sync/base/bytes.h"
#include "tests/sync/identity/status_matchers.h"

namespace branchline {
namespace {

using identity_testing::Fails;
using identity_testing::IsOk;
using identity_testing::kFailed;
using identity_testing::kInvalid;

const char kHash[] =
    "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
const char kSecret[] = "abcdefghijklmnopqrstuvwxyz234567";

std::string Text(absl::string_view hash, absl::string_view branch,
                 absl::string_view secret) {
  return absl::StrCat("BL1.", hash, ".", branch, ".", secret);
}

TEST(JoinTokenTest, ReadsItsParts) {
  const auto token = ParseJoinToken(Text(kHash, "S014", kSecret));
  ASSERT_THAT(token, IsOk());
  EXPECT_EQ(*token, (JoinToken{kHash, "S014", kSecret}));
}

TEST(JoinTokenTest, GeneratedComesBack) {
  const auto token = GenerateJoinToken(kHash, "S014");
  ASSERT_THAT(token, IsOk());
  EXPECT_EQ(token->ca_hash, kHash);
  EXPECT_EQ(token->branch, "S014");
  const auto again = ParseJoinToken(FormatJoinToken(*token));
  ASSERT_THAT(again, IsOk());
  EXPECT_EQ(*again, *token);
}

TEST(JoinTokenTest, EachSecretIsNew) {
  std::set<std::string> secrets;
  for (int i = 0; i < 100; ++i) {
    secrets.insert(GenerateJoinToken(kHash, "S014")->secret);
  }
  EXPECT_EQ(secrets.size(), 100);
}

TEST(JoinTokenTest, RefusesToGenerateFromABadHashOrBranch) {
  EXPECT_THAT(GenerateJoinToken("abc", "S014"),
              Fails(kInvalid, "CA hash has 3 characters"));
  EXPECT_THAT(GenerateJoinToken(kHash, "s014"),
              Fails(kInvalid, "making a join token: branch code \"s014\""));
}

// A golden value: the hub's store holds these for as long as a token lives.
TEST(JoinTokenTest, SecretHashIsWhatIsStored) {
  EXPECT_EQ(Hex(JoinSecretHash(kSecret)),
            "e3d9f2a9f9c298f03090c45d36532fde0b4743c56fdb14b595d84605939c9ae3");
}

struct RejectCase {
  const char* name;
  std::string text;
  absl::StatusCode code;
  const char* message;
};

class ParseJoinTokenRejects : public ::testing::TestWithParam<RejectCase> {};

TEST_P(ParseJoinTokenRejects, WithTheReason) {
  const auto token = ParseJoinToken(GetParam().text);
  EXPECT_THAT(token, Fails(GetParam().code, GetParam().message));
  EXPECT_EQ(token.status().message().find("abcdefgh"), absl::string_view::npos)
      << "shows the secret";
}

std::vector<RejectCase> RejectCases() {
  const std::string upper = "B" + std::string(kHash).substr(1);
  const std::string secret = kSecret;
  return {
      {"Newer", absl::StrCat("BL2.x.y.", secret), kFailed,
       "of version BL2, this program reads BL1: install a newer branchline"},
      {"MuchNewer", "BL17.whatever", kFailed, "of version BL17"},
      {"Empty", "", kInvalid, "text is not a join token"},
      {"SecretAlone", secret, kInvalid, "does not start with \"BL1.\""},
      {"LowerPrefix", "bl1.a.b.c", kInvalid, "does not start with"},
      {"NoVersion", "BL.a.b.c", kInvalid, "does not start with"},
      {"VersionZero", "BL0.a.b.c", kInvalid, "does not start with"},
      {"VersionNoNumber", "BL1x.a.b.c", kInvalid, "does not start with"},
      {"PrefixOnly", "BL1", kInvalid, "does not start with"},
      {"SpaceBefore", " " + Text(kHash, "S014", secret), kInvalid,
       "does not start with"},
      {"ThreeParts", absl::StrCat("BL1.", kHash, ".S014"), kInvalid,
       "join token has 3 parts between dots, want 4"},
      {"FiveParts", Text(kHash, "S014", secret) + ".x", kInvalid,
       "join token has 5 parts"},
      {"ShortHash", Text("abc123", "S014", secret), kInvalid,
       "CA hash has 6 characters, want 64 hex digits"},
      {"UpperHash", Text(upper, "S014", secret), kInvalid,
       "CA hash has a character that is not 0-9 or a-f"},
      {"BadBranch", Text(kHash, "s014", secret), kInvalid,
       "join token: branch code \"s014\" has 's'"},
      {"NoBranch", Text(kHash, "", secret), kInvalid,
       "join token: branch code is empty"},
      {"ShortSecret", Text(kHash, "S014", secret.substr(1)), kInvalid,
       "secret has 31 characters, want 32: was the end cut off?"},
      {"NewlineAfter", Text(kHash, "S014", secret + "\n"), kInvalid,
       "secret has 33 characters"},
      {"BadSecret", Text(kHash, "S014", "1" + secret.substr(1)), kInvalid,
       "secret has a character that is not a-z or 2-7"},
      // Two rules broken: the earlier one in the contract wins.
      {"HashBeforeBranch", Text("abc123", "s014", secret), kInvalid,
       "CA hash has 6"},
      {"BranchBeforeSecret", Text(kHash, "s014", "x"), kInvalid,
       "branch code \"s014\""},
  };
}

INSTANTIATE_TEST_SUITE_P(Rules, ParseJoinTokenRejects,
                         ::testing::ValuesIn(RejectCases()),
                         [](const auto& param) {
                           return std::string(param.param.name);
                         });

}  // namespace
}  // namespace branchline

#include "sync/identity/uuid.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/time/time.h"
#include "sync/base/bytes.h"
#include "sync/base/random.h"
#include "tests/sync/identity/status_matchers.h"

namespace branchline {
namespace {

using identity_testing::Fails;
using identity_testing::IsOk;
using identity_testing::kInvalid;

// RFC 9562, appendix A.6.
const char kRfcText[] = "017f22e2-79b0-7cc3-98c4-dc0c0c07398f";

TEST(UuidTest, IsTheOneOfTheRfc) {
  const std::string random("\x0c\xc3\x18\xc4\xdc\x0c\x0c\x07\x39\x8f", 10);
  const std::string uuid =
      NewUuidV7(absl::FromUnixMillis(0x017F22E279B0), random);
  EXPECT_EQ(*FormatUuid(uuid), kRfcText);
}

TEST(UuidTest, HasVersionAndVariantWhateverTheRandomBits) {
  for (const char byte : {'\x00', '\xff'}) {
    const std::string text =
        *FormatUuid(NewUuidV7(absl::FromUnixSeconds(1), std::string(10, byte)));
    EXPECT_EQ(text[14], '7') << text;
    EXPECT_NE(std::string("89ab").find(text[19]), std::string::npos) << text;
  }
}

TEST(UuidTest, LaterSortsLater) {
  const std::string high(10, '\xff');
  const std::string low(10, '\x00');
  const absl::Time now = absl::FromUnixSeconds(1'763'712'000);
  EXPECT_LT(NewUuidV7(now, high), NewUuidV7(now + absl::Milliseconds(1), low));
}

TEST(UuidTest, ATimeThatDoesNotFitCountsAsTheNearest) {
  const std::string random(10, '\x01');
  EXPECT_EQ(NewUuidV7(absl::InfinitePast(), random),
            NewUuidV7(absl::UnixEpoch(), random));
  EXPECT_EQ(Hex(NewUuidV7(absl::InfiniteFuture(), random)).substr(0, 12),
            "ffffffffffff");
}

TEST(UuidTest, TextComesBack) {
  SeededRandom random(7);
  for (int i = 0; i < 1'000; ++i) {
    const std::string uuid =
        NewUuidV7(absl::FromUnixMillis(i), random.Bytes(kUuidRandomSize));
    EXPECT_EQ(*ParseUuid(*FormatUuid(uuid)), uuid);
  }
}

TEST(UuidTest, ReadsUpperCase) {
  EXPECT_EQ(*ParseUuid(absl::AsciiStrToUpper(kRfcText)), *ParseUuid(kRfcText));
}

TEST(UuidTest, RefusesToFormatAnotherSize) {
  EXPECT_THAT(FormatUuid("abc"), Fails(kInvalid, "UUID has 3 bytes, want 16"));
  EXPECT_THAT(FormatUuid(""), Fails(kInvalid, "UUID has 0 bytes"));
}

struct RejectCase {
  const char* name;
  std::string text;
  const char* message;
};

class ParseUuidRejects : public ::testing::TestWithParam<RejectCase> {};

TEST_P(ParseUuidRejects, WithTheReason) {
  EXPECT_THAT(ParseUuid(GetParam().text), Fails(kInvalid, GetParam().message));
}

INSTANTIATE_TEST_SUITE_P(
    Rules, ParseUuidRejects,
    ::testing::ValuesIn(std::vector<RejectCase>{
        {"Empty", "", "UUID text has 0 characters, want 36"},
        {"NoDashes", "017f22e279b07cc398c4dc0c0c07398f", "has 32 characters"},
        {"Braces", "{017f22e2-79b0-7cc3-98c4-dc0c0c07398f}",
         "has 38 characters"},
        {"DashMissing", "017f22e2079b0-7cc3-98c4-dc0c0c07398f",
         "has '0' at character 9, want '-'"},
        {"DashTooMany", "017f22e--79b0-7cc3-98c4-dc0c0c07398f",
         "has '-' at character 8, want a hex digit"},
        {"NotHex", "017f22e2-79b0-7cc3-98c4-dc0c0c07398g",
         "has 'g' at character 36, want a hex digit"},
        {"Nul",
         std::string("\0"
                     "17f22e2-79b0-7cc3-98c4-dc0c0c07398f",
                     36),
         "has '\\x00' at character 1"},
    }),
    [](const auto& param) { return std::string(param.param.name); });

}  // namespace
}  // namespace branchline

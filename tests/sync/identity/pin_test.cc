#include "sync/identity/pin.h"

#include <gtest/gtest.h>

#include "tests/support/status_matchers.h"

namespace branchline {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

TEST(PinTest, OnlyThePinThatWasHashedIsRight) {
  const auto hash = HashPin("4711");
  ASSERT_THAT(hash, IsOk());
  EXPECT_THAT(*hash, StartsWith("$argon2id$v=19$m=19456,t=2,p=1$"));
  EXPECT_TRUE(PinIsRight(*hash, "4711"));
  EXPECT_FALSE(PinIsRight(*hash, "4712"));
  EXPECT_FALSE(PinIsRight(*hash, ""));
}

TEST(PinTest, TheSamePinHasAnotherHashEachTime) {
  EXPECT_NE(*HashPin("4711"), *HashPin("4711"));
}

TEST(PinTest, NoHashAndADamagedOneOpenNothing) {
  EXPECT_FALSE(PinIsRight("", ""));
  EXPECT_FALSE(PinIsRight("$argon2id$nonsense", "4711"));
  EXPECT_FALSE(PinIsRight(std::string(1'000, 'x'), "4711"));
}

TEST(PinTest, WhatMayBeAPin) {
  EXPECT_THAT(CheckPin("4711"), IsOk());
  EXPECT_THAT(CheckPin("471147114711"), IsOk());
  for (const char* bad : {"471", "4711471147114", "47a1", ""}) {
    EXPECT_THAT(CheckPin(bad), StatusIs(absl::StatusCode::kInvalidArgument,
                                        HasSubstr("4 to 12 digits")));
  }
  EXPECT_THAT(CheckPin("0000"), StatusIs(absl::StatusCode::kInvalidArgument,
                                         HasSubstr("one digit only")));
}

}  // namespace
}  // namespace branchline

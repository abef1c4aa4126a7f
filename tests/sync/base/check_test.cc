#include "sync/base/check.h"

#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"

namespace branchline {
namespace {

TEST(CheckTest, GoesOnWhenItHolds) {
  int evaluated = 0;
  int explained = 0;
  BL_CHECK(++evaluated == 1, absl::StrCat("because ", ++explained));
  EXPECT_EQ(evaluated, 1);
  EXPECT_EQ(explained, 0);
}

TEST(CheckDeathTest, SaysWhereWhatAndWhy) {
  const int balance = -1;
  EXPECT_DEATH(BL_CHECK(balance >= 0, absl::StrCat("it was ", balance)),
               "check_test\\.cc:[0-9]+: broken invariant: it was -1 "
               "\\(balance >= 0\\)");
}

}  // namespace
}  // namespace branchline

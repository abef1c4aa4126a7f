#include "sync/identity/branch_code.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/sync/identity/status_matchers.h"

namespace branchline {
namespace {

using identity_testing::Fails;
using identity_testing::IsOk;
using identity_testing::kInvalid;

TEST(ValidateBranchCodeTest, AcceptsTheShortestAndTheLongest) {
  for (const char* code :
       {"A", "0", "S014", "B-", "NORTH-WAREHOUSE", "ABCDEFGH-1234567"}) {
    EXPECT_THAT(ValidateBranchCode(code), IsOk()) << code;
  }
}

struct RejectCase {
  const char* name;
  std::string code;
  const char* message;
};

class ValidateBranchCodeRejects : public ::testing::TestWithParam<RejectCase> {
};

TEST_P(ValidateBranchCodeRejects, WithTheReason) {
  EXPECT_THAT(ValidateBranchCode(GetParam().code),
              Fails(kInvalid, GetParam().message));
}

INSTANTIATE_TEST_SUITE_P(
    Rules, ValidateBranchCodeRejects,
    ::testing::ValuesIn(std::vector<RejectCase>{
        {"Empty", "", "branch code is empty, want 1 to 16 characters"},
        {"TooLong", "ABCDEFGH-12345678",
         "branch code has 17 characters, want at most 16"},
        {"LowerCase", "s014", "branch code \"s014\" has 's'"},
        {"Dot", "S.14", "has '.', want only A-Z"},
        {"Slash", "../ETC", "has '.', want only A-Z"},
        {"Nul", std::string("S\0", 2), "has '\\x00'"},
        {"Umlaut", "M\xc3\x9cNCHEN", "has '\\xc3'"},
        {"DashFirst", "-S14", "starts with '-', want a letter or digit first"},
        // Two rules broken: the earlier one in the contract wins.
        {"CharacterBeforeDash", "-s14", "has 's'"},
    }),
    [](const auto& param) { return std::string(param.param.name); });

}  // namespace
}  // namespace branchline

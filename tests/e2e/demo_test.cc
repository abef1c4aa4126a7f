// `branchline demo --once`, as `tools/demo` runs it.

#include <gmock/gmock.h>

#include "tests/e2e/drill_fixture.h"

namespace branchline::drill {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

TEST_F(DrillFixture, DemoPlaysItsDayAndEndsByItself) {
  const Ended ended = Branchline({"demo", "--once", "--work-dir", work_dir()});
  ASSERT_FALSE(ended.exit.signalled) << ended.output;
  EXPECT_EQ(ended.exit.code, 0) << ended.output;
  EXPECT_THAT(ended.output, HasSubstr("the line of B02 is cut"));
  EXPECT_THAT(ended.output, HasSubstr("B03 is up again"));
  EXPECT_THAT(ended.output, HasSubstr("complete to 2026-03-02"));
  EXPECT_THAT(ended.output, HasSubstr("The hub's books are exact"));
  // No colours where there is no terminal.
  EXPECT_THAT(ended.output, Not(HasSubstr("\033[")));
  EXPECT_THAT(ProcessesLeft(), IsEmpty());
  EXPECT_THAT(OpenToOthers(), IsEmpty());
}

TEST_F(DrillFixture, DemoLeavesNoProcessWhenItIsInterrupted) {
  const std::unique_ptr<Process> demo =
      Launch({"demo", "--work-dir", work_dir()});
  const auto line = demo->WaitForLine("08:00", absl::Seconds(120));
  ASSERT_TRUE(line.ok()) << line.status();
  const auto exit = demo->Terminate(absl::Seconds(60));
  ASSERT_TRUE(exit.ok()) << exit.status();
  EXPECT_EQ(exit->code, 1);
  EXPECT_THAT(ProcessesLeft(), IsEmpty());
}

}  // namespace
}  // namespace branchline::drill

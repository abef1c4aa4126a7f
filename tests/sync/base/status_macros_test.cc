#include "sync/base/status_macros.h"

#include <gtest/gtest.h>

#include <memory>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace branchline {
namespace {

TEST(AnnotateTest, PutsContextBeforeAndKeepsTheCode) {
  EXPECT_EQ(Annotate(absl::UnavailableError("line is cut"), "push"),
            absl::UnavailableError("push: line is cut"));
  EXPECT_EQ(Annotate(absl::OkStatus(), "push"), absl::OkStatus());
}

absl::Status Twice(const absl::Status& first, int* calls) {
  BL_RETURN_IF_ERROR(first);
  ++*calls;
  BL_RETURN_IF_ERROR(absl::OkStatus());
  ++*calls;
  return absl::AbortedError("the end");
}

TEST(ReturnIfErrorTest, StopsAtTheFirst) {
  int calls = 0;
  EXPECT_EQ(Twice(absl::DataLossError("torn"), &calls),
            absl::DataLossError("torn"));
  EXPECT_EQ(calls, 0);
  EXPECT_EQ(Twice(absl::OkStatus(), &calls), absl::AbortedError("the end"));
  EXPECT_EQ(calls, 2);
}

absl::StatusOr<int> Sum(absl::StatusOr<std::unique_ptr<int>> a,
                        absl::StatusOr<int> b) {
  BL_ASSIGN_OR_RETURN(const std::unique_ptr<int> left, std::move(a));
  int right = 0;
  BL_ASSIGN_OR_RETURN(right, std::move(b));
  return *left + right;
}

TEST(AssignOrReturnTest, AssignsMovesOrReturns) {
  EXPECT_EQ(*Sum(std::make_unique<int>(2), 3), 5);
  EXPECT_EQ(Sum(absl::NotFoundError("a"), 3).status(),
            absl::NotFoundError("a"));
  EXPECT_EQ(Sum(std::make_unique<int>(2), absl::NotFoundError("b")).status(),
            absl::NotFoundError("b"));
}

}  // namespace
}  // namespace branchline

#include "sync/rpc/grpc_status.h"

#include <gtest/gtest.h>

#include <string>

namespace branchline {
namespace {

TEST(GrpcStatusTest, KeepsCodeAndMessageBothWays) {
  for (int code = 1; code <= 16; ++code) {
    const absl::Status status(static_cast<absl::StatusCode>(code),
                              "the disk is full");
    EXPECT_EQ(FromGrpc(ToGrpc(status)), status);
  }
  EXPECT_EQ(FromGrpc(ToGrpc(absl::OkStatus())), absl::OkStatus());
}

TEST(GrpcStatusTest, CutsWhatNoTrailerHolds) {
  const grpc::Status status =
      ToGrpc(absl::InternalError(std::string(100'000, 'x')));
  EXPECT_EQ(status.error_message().size(), 4096u);
}

}  // namespace
}  // namespace branchline

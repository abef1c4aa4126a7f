#include "sync/rpc/http/connect_code.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace branchline {
namespace {

struct CodeCase {
  absl::StatusCode code;
  const char* name;
  int http_status;
};

// https://connectrpc.com/docs/protocol#error-codes
const CodeCase kCodes[] = {
    {absl::StatusCode::kCancelled, "canceled", 499},
    {absl::StatusCode::kUnknown, "unknown", 500},
    {absl::StatusCode::kInvalidArgument, "invalid_argument", 400},
    {absl::StatusCode::kDeadlineExceeded, "deadline_exceeded", 504},
    {absl::StatusCode::kNotFound, "not_found", 404},
    {absl::StatusCode::kAlreadyExists, "already_exists", 409},
    {absl::StatusCode::kPermissionDenied, "permission_denied", 403},
    {absl::StatusCode::kResourceExhausted, "resource_exhausted", 429},
    {absl::StatusCode::kFailedPrecondition, "failed_precondition", 400},
    {absl::StatusCode::kAborted, "aborted", 409},
    {absl::StatusCode::kOutOfRange, "out_of_range", 400},
    {absl::StatusCode::kUnimplemented, "unimplemented", 501},
    {absl::StatusCode::kInternal, "internal", 500},
    {absl::StatusCode::kUnavailable, "unavailable", 503},
    {absl::StatusCode::kDataLoss, "data_loss", 500},
    {absl::StatusCode::kUnauthenticated, "unauthenticated", 401},
};

class ConnectCode : public ::testing::TestWithParam<CodeCase> {};

TEST_P(ConnectCode, ThereAndBack) {
  const auto [code, name, http_status] = GetParam();
  EXPECT_EQ(ConnectCodeOf(code).name, name);
  EXPECT_EQ(ConnectCodeOf(code).http_status, http_status);
  EXPECT_EQ(StatusCodeOfConnectName(name), code);
  const absl::Status status(code, "day 2026-11-21 is not open");
  EXPECT_EQ(StatusFromConnect(http_status, ConnectErrorBody(status)), status);
}

INSTANTIATE_TEST_SUITE_P(All, ConnectCode, ::testing::ValuesIn(kCodes),
                         [](const auto& param) {
                           return std::string(param.param.name);
                         });

TEST(ConnectCodeTest, ACodeOfTomorrowIsUnknown) {
  EXPECT_EQ(ConnectCodeOf(static_cast<absl::StatusCode>(99)).name, "unknown");
  EXPECT_EQ(StatusCodeOfConnectName("teapot"), absl::StatusCode::kUnknown);
  EXPECT_EQ(StatusCodeOfConnectName("cancelled"), absl::StatusCode::kUnknown);
}

TEST(ConnectCodeDeathTest, SuccessHasNoCode) {
  EXPECT_DEATH(ConnectCodeOf(absl::StatusCode::kOk), "no Connect code");
}

TEST(ConnectErrorBodyTest, EscapesTheMessage) {
  EXPECT_EQ(ConnectErrorBody(absl::NotFoundError("no SKU \"12\"\n\\ ü")),
            R"({"code":"not_found","message":"no SKU \"12\"\n\\ ü"})");
}

TEST(ConnectErrorBodyTest, IsJsonWhateverTheMessage) {
  const std::string body =
      ConnectErrorBody(absl::DataLossError("bad \xff\xfe bytes"));
  EXPECT_EQ(StatusFromConnect(500, body).code(), absl::StatusCode::kDataLoss)
      << body;
}

TEST(StatusFromConnectTest, AProxysAnswer) {
  const std::string page = "<html>Bad Gateway</html>";
  EXPECT_EQ(StatusFromConnect(502, page).code(),
            absl::StatusCode::kUnavailable);
  EXPECT_EQ(StatusFromConnect(401, "").code(),
            absl::StatusCode::kUnauthenticated);
  EXPECT_EQ(StatusFromConnect(403, "{}").code(),
            absl::StatusCode::kPermissionDenied);
  EXPECT_EQ(StatusFromConnect(404, page).code(),
            absl::StatusCode::kUnimplemented);
  EXPECT_EQ(StatusFromConnect(400, page).code(), absl::StatusCode::kInternal);
  EXPECT_EQ(StatusFromConnect(418, page).code(), absl::StatusCode::kUnknown);
  EXPECT_EQ(StatusFromConnect(200, "{}"), absl::OkStatus());
}

}  // namespace
}  // namespace branchline

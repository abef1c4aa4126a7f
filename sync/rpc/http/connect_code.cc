#include "sync/rpc/http/connect_code.h"

#include "absl/strings/str_cat.h"
#include "google/protobuf/struct.pb.h"
#include "google/protobuf/util/json_util.h"
#include "google/protobuf/wrappers.pb.h"
#include "sync/base/check.h"

namespace branchline {
namespace {

struct Row {
  absl::StatusCode code;
  ConnectCode connect;
};

// https://connectrpc.com/docs/protocol#error-codes
constexpr Row kRows[] = {
    {absl::StatusCode::kCancelled, {"canceled", 499}},
    {absl::StatusCode::kUnknown, {"unknown", 500}},
    {absl::StatusCode::kInvalidArgument, {"invalid_argument", 400}},
    {absl::StatusCode::kDeadlineExceeded, {"deadline_exceeded", 504}},
    {absl::StatusCode::kNotFound, {"not_found", 404}},
    {absl::StatusCode::kAlreadyExists, {"already_exists", 409}},
    {absl::StatusCode::kPermissionDenied, {"permission_denied", 403}},
    {absl::StatusCode::kResourceExhausted, {"resource_exhausted", 429}},
    {absl::StatusCode::kFailedPrecondition, {"failed_precondition", 400}},
    {absl::StatusCode::kAborted, {"aborted", 409}},
    {absl::StatusCode::kOutOfRange, {"out_of_range", 400}},
    {absl::StatusCode::kUnimplemented, {"unimplemented", 501}},
    {absl::StatusCode::kInternal, {"internal", 500}},
    {absl::StatusCode::kUnavailable, {"unavailable", 503}},
    {absl::StatusCode::kDataLoss, {"data_loss", 500}},
    {absl::StatusCode::kUnauthenticated, {"unauthenticated", 401}},
};

}  // namespace

ConnectCode ConnectCodeOf(absl::StatusCode code) {
  BL_CHECK(code != absl::StatusCode::kOk, "success has no Connect code");
  for (const Row& row : kRows) {
    if (row.code == code) return row.connect;
  }
  return {"unknown", 500};
}

absl::StatusCode StatusCodeOfConnectName(absl::string_view name) {
  for (const Row& row : kRows) {
    if (row.connect.name == name) return row.code;
  }
  return absl::StatusCode::kUnknown;
}

absl::StatusCode StatusCodeOfHttp(int http_status) {
  // https://connectrpc.com/docs/protocol#http-to-error-code
  switch (http_status) {
    case 400:
      return absl::StatusCode::kInternal;
    case 401:
      return absl::StatusCode::kUnauthenticated;
    case 403:
      return absl::StatusCode::kPermissionDenied;
    case 404:
      return absl::StatusCode::kUnimplemented;
    case 429:
    case 502:
    case 503:
    case 504:
      return absl::StatusCode::kUnavailable;
    default:
      return absl::StatusCode::kUnknown;
  }
}

std::string ConnectErrorBody(const absl::Status& status) {
  google::protobuf::StringValue message;
  message.set_value(std::string(status.message()));
  std::string quoted;
  // Protobuf knows how to escape; it also puts right what is not UTF-8.
  if (!google::protobuf::util::MessageToJsonString(message, &quoted).ok()) {
    quoted = "\"\"";
  }
  return absl::StrCat("{\"code\":\"", ConnectCodeOf(status.code()).name,
                      "\",\"message\":", quoted, "}");
}

absl::Status StatusFromConnect(int http_status, absl::string_view body) {
  if (http_status == 200) return absl::OkStatus();
  google::protobuf::Struct error;
  const bool is_json =
      google::protobuf::util::JsonStringToMessage(std::string(body), &error)
          .ok();
  const auto code = error.fields().find("code");
  if (!is_json || code == error.fields().end()) {
    return absl::Status(StatusCodeOfHttp(http_status),
                        absl::StrCat("HTTP status ", http_status,
                                     " without a Connect error in the body"));
  }
  const auto message = error.fields().find("message");
  return absl::Status(
      StatusCodeOfConnectName(code->second.string_value()),
      message == error.fields().end() ? "" : message->second.string_value());
}

}  // namespace branchline

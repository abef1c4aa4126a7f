#include "sync/rpc/http/connect_codec.h"

#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "google/protobuf/util/json_util.h"

namespace branchline {

std::optional<ConnectCodec> ConnectCodecOf(absl::string_view content_type) {
  const absl::string_view type = absl::StripAsciiWhitespace(
      content_type.substr(0, content_type.find(';')));
  for (const ConnectCodec codec : {ConnectCodec::kJson, ConnectCodec::kProto}) {
    if (absl::EqualsIgnoreCase(type, ContentTypeOf(codec))) return codec;
  }
  return std::nullopt;
}

absl::string_view ContentTypeOf(ConnectCodec codec) {
  return codec == ConnectCodec::kJson ? "application/json"
                                      : "application/proto";
}

absl::Status DecodeMessage(ConnectCodec codec, const std::string& body,
                           google::protobuf::Message* message) {
  const std::string what =
      absl::StrCat("body is not a ", message->GetDescriptor()->full_name(),
                   " in ", ContentTypeOf(codec));
  if (codec == ConnectCodec::kProto) {
    if (message->ParseFromString(body)) return absl::OkStatus();
    return absl::InvalidArgumentError(
        absl::StrCat(what, ": ", body.size(), " bytes that do not parse"));
  }
  // The parser takes nothing at all for an empty object; a till that lost its
  // body on the way must not ring an empty sale.
  if (absl::StripAsciiWhitespace(body).empty()) {
    return absl::InvalidArgumentError(
        absl::StrCat(what, ": it is empty, want at least {}"));
  }
  google::protobuf::util::JsonParseOptions options;
  options.ignore_unknown_fields = false;
  const auto status =
      google::protobuf::util::JsonStringToMessage(body, message, options);
  if (status.ok()) return absl::OkStatus();
  return absl::InvalidArgumentError(
      absl::StrCat(what, ": ", std::string(status.message())));
}

absl::Status EncodeMessage(ConnectCodec codec,
                           const google::protobuf::Message& message,
                           std::string* body) {
  body->clear();
  const std::string what =
      absl::StrCat("write a ", message.GetDescriptor()->full_name(), " as ",
                   ContentTypeOf(codec));
  if (codec == ConnectCodec::kProto) {
    if (message.SerializeToString(body)) return absl::OkStatus();
    return absl::InternalError(absl::StrCat(what, ": it does not serialise"));
  }
  const auto status =
      google::protobuf::util::MessageToJsonString(message, body);
  if (status.ok()) return absl::OkStatus();
  return absl::InternalError(
      absl::StrCat(what, ": ", std::string(status.message())));
}

}  // namespace branchline

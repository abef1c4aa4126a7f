#pragma once

#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "google/protobuf/message.h"

namespace branchline {

// The two forms a Connect unary body has.
enum class ConnectCodec { kJson, kProto };

// From a content-type, parameters and case aside; nullopt for any other.
std::optional<ConnectCodec> ConnectCodecOf(absl::string_view content_type);

absl::string_view ContentTypeOf(ConnectCodec codec);

// Fills `*message` from `body`.
//   INVALID_ARGUMENT  not of this type; for JSON, what the parser found and
//                     where, unknown fields included
absl::Status DecodeMessage(ConnectCodec codec, const std::string& body,
                           google::protobuf::Message* message);

//   INTERNAL  the message cannot be written, e.g. a string is not UTF-8
absl::Status EncodeMessage(ConnectCodec codec,
                           const google::protobuf::Message& message,
                           std::string* body);

}  // namespace branchline

#include "edge/commit/request_hash.h"

#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/io/zero_copy_stream_impl_lite.h>

#include <type_traits>

#include "absl/strings/str_cat.h"
#include "sync/identity/sha256.h"

namespace branchline {
namespace {

template <typename Request>
constexpr bool kHasHeader = requires(const Request& r) {
  r.header();
};

std::string Deterministic(const google::protobuf::Message& message) {
  std::string bytes;
  {
    google::protobuf::io::StringOutputStream stream(&bytes);
    google::protobuf::io::CodedOutputStream coded(&stream);
    coded.SetSerializationDeterministic(true);
    message.SerializePartialToCodedStream(&coded);
  }
  return bytes;
}

}  // namespace

const v1::CommandHeader* HeaderOf(const Command& command) {
  return std::visit(
      [](const auto& request) -> const v1::CommandHeader* {
        if constexpr (kHasHeader<std::decay_t<decltype(request)>>) {
          return &request.header();
        } else {
          return nullptr;
        }
      },
      command.request);
}

absl::string_view CommandIdOf(const Command& command) {
  const v1::CommandHeader* header = HeaderOf(command);
  if (header == nullptr) return "";
  return header->command_id();
}

std::string RequestHash(const Command& command) {
  return std::visit(
      [&](const auto& request) -> std::string {
        using Request = std::decay_t<decltype(request)>;
        if constexpr (kHasHeader<Request>) {
          const std::string name = absl::StrCat(
              command.till, "/", Request::descriptor()->name(), "/");
          const auto hash = [&](const Request& bare) {
            return Sha256(absl::StrCat(name, Deterministic(bare)))
                .substr(0, kRequestHashSize);
          };
          if (!request.header().has_last_seen()) return hash(request);
          Request bare = request;
          bare.mutable_header()->clear_last_seen();
          return hash(bare);
        } else {
          return "";
        }
      },
      command.request);
}

}  // namespace branchline

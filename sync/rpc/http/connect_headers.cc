#include "sync/rpc/http/connect_headers.h"

#include <algorithm>
#include <cstdint>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"

namespace branchline {
namespace {

constexpr size_t kTimeoutDigitsMax = 10;  // the protocol's own limit
constexpr size_t kEchoBytesMax = 100;     // of a name in a message

}  // namespace

std::string ShortPrintable(absl::string_view text) {
  return absl::CHexEscape(text.substr(0, kEchoBytesMax));
}

absl::StatusOr<absl::Duration> ConnectTimeoutOf(const HttpHeaders& headers) {
  const std::string* text = FindHeader(headers, "connect-timeout-ms");
  if (text == nullptr) return absl::InfiniteDuration();
  int64_t millis = 0;
  const bool is_digits =
      !text->empty() &&
      std::all_of(text->begin(), text->end(), absl::ascii_isdigit);
  if (!is_digits || text->size() > kTimeoutDigitsMax ||
      !absl::SimpleAtoi(*text, &millis)) {
    return absl::InvalidArgumentError(absl::StrCat("connect-timeout-ms is \"",
                                                   ShortPrintable(*text),
                                                   "\", want 1 to 10 digits"));
  }
  return absl::Milliseconds(millis);
}

absl::Status CheckConnectVersion(const HttpHeaders& headers) {
  const std::string* version = FindHeader(headers, "connect-protocol-version");
  if (version == nullptr || *version == "1") return absl::OkStatus();
  return absl::InvalidArgumentError(
      absl::StrCat("connect-protocol-version is \"", ShortPrintable(*version),
                   "\", want 1"));
}

absl::Status CheckFraming(const HttpHeaders& headers) {
  const int lengths = CountHeader(headers, "content-length");
  const int encodings = CountHeader(headers, "transfer-encoding");
  if (lengths + encodings > 1) {
    return absl::InvalidArgumentError(
        absl::StrCat("request has ", lengths, " content-length and ", encodings,
                     " transfer-encoding headers, want one of either"));
  }
  if (encodings == 1 &&
      !absl::EqualsIgnoreCase(*FindHeader(headers, "transfer-encoding"),
                              "chunked")) {
    return absl::InvalidArgumentError(
        absl::StrCat("transfer-encoding is \"",
                     ShortPrintable(*FindHeader(headers, "transfer-encoding")),
                     "\", want chunked"));
  }
  if (lengths == 1) {
    const std::string& length = *FindHeader(headers, "content-length");
    if (length.empty() ||
        !std::all_of(length.begin(), length.end(), absl::ascii_isdigit)) {
      return absl::InvalidArgumentError(absl::StrCat(
          "content-length is \"", ShortPrintable(length), "\", want a number"));
    }
  }
  return absl::OkStatus();
}

std::string BearerOf(const HttpHeaders& headers) {
  const std::string* value = FindHeader(headers, "authorization");
  if (value == nullptr) return "";
  const absl::string_view scheme = "bearer ";
  if (!absl::StartsWithIgnoreCase(*value, scheme)) return "";
  return std::string(absl::StripAsciiWhitespace(value->substr(scheme.size())));
}

}  // namespace branchline

#pragma once

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace branchline {

using HttpHeaders = std::vector<std::pair<std::string, std::string>>;

// The first value of header `name`, in any case; null if there is none.
inline const std::string* FindHeader(const HttpHeaders& headers,
                                     absl::string_view name) {
  for (const auto& [key, value] : headers) {
    if (absl::EqualsIgnoreCase(key, name)) return &value;
  }
  return nullptr;
}

// How often header `name` occurs.
inline int CountHeader(const HttpHeaders& headers, absl::string_view name) {
  int count = 0;
  for (const auto& [key, value] : headers) {
    if (absl::EqualsIgnoreCase(key, name)) ++count;
  }
  return count;
}

struct HttpRequest {
  std::string method;  // "POST"
  std::string path;    // percent-decoded, without the query
  HttpHeaders headers;
  std::string body;  // empty until it has been read
  std::string peer;  // "127.0.0.1:53412", "[::1]:53412"
  bool is_loopback = false;
  bool is_encrypted = false;
  absl::Duration started;  // when its first byte came; monotonic
};

struct HttpResponse {
  int status = 200;
  std::string content_type = "application/json";
  std::string body;
  HttpHeaders headers;
};

}  // namespace branchline

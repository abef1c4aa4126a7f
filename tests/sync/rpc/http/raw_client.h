#pragma once

#include <string>

#include "absl/strings/string_view.h"

namespace branchline::testing {

// A listener here gets a port of its own.
inline constexpr char kAnyPort[] = "127.0.0.1:0";

// A TCP connection to loopback that sends exactly what it is told.
class RawClient {
 public:
  explicit RawClient(int port);
  ~RawClient();

  bool connected() const { return fd_ >= 0; }
  // False once the peer has cut the connection.
  bool Send(absl::string_view bytes);
  void SendNoMore();
  // All that comes until the peer closes or cuts the connection.
  std::string ReadToEnd();

 private:
  int fd_ = -1;
};

// Sends `bytes` on a connection of its own, and the end; returns the answer.
std::string Exchange(int port, absl::string_view bytes);

// A POST of `body` to Ring with `headers` ("name: value\r\n" each) in place of
// the usual ones; content-type is added.
std::string RingPost(absl::string_view headers, absl::string_view body);

}  // namespace branchline::testing

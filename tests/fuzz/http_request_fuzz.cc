// Whatever an HTTP client sends: the session answers with whole HTTP messages
// or closes, within its limits, and a request is answered the same however its
// bytes are split over the line. Input: a byte that splits, then the bytes of
// the connection.

#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <string>
#include <thread>

#include "absl/strings/match.h"
#include "absl/strings/string_view.h"
#include "sync/base/check.h"
#include "sync/rpc/http/connect_handler.h"
#include "sync/rpc/http/connection.h"
#include "sync/rpc/http/http_session.h"
#include "sync/rpc/http/listener.h"
#include "tests/sync/rpc/http/fake_till.h"

namespace branchline {
namespace {

std::string Answer(absl::string_view request, size_t piece) {
  static const UnaryRegistry till = testing::FakeTill();
  static const ConnectHandler handler(&till, ConnectOptions());
  static const HttpLimits limits;
  static const Listener::Session session = MakeHttpSession(&handler, limits);
  int fds[2];
  BL_CHECK(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, fds) == 0,
           "a socket pair");
  std::thread server([fd = fds[1]] {
    Connection connection(fd, "127.0.0.1:1", true, nullptr, {}, limits);
    session(connection);
  });
  const int client = fds[0];
  while (!request.empty()) {
    const size_t size = std::min(piece, request.size());
    if (send(client, request.data(), size, MSG_NOSIGNAL) < 0) {
      if (errno != EAGAIN) break;
      std::this_thread::yield();
      continue;
    }
    request.remove_prefix(size);
  }
  shutdown(client, SHUT_WR);
  std::string answer;
  char buffer[4096];
  while (true) {
    const ssize_t got = recv(client, buffer, sizeof(buffer), 0);
    if (got > 0) {
      answer.append(buffer, static_cast<size_t>(got));
    } else if (got == 0 || errno != EAGAIN) {
      break;
    } else {
      std::this_thread::yield();
    }
  }
  server.join();
  close(client);
  return answer;
}

}  // namespace
}  // namespace branchline

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  // More answers than fit a socket's buffer would wait for a reader.
  if (size < 2 || size > 4'000) return 0;
  const absl::string_view bytes(reinterpret_cast<const char*>(data + 1),
                                size - 1);
  const std::string whole = branchline::Answer(bytes, bytes.size());
  BL_CHECK(whole.empty() || absl::StartsWith(whole, "HTTP/1.1 "),
           "an answer is HTTP");
  const std::string split = branchline::Answer(bytes, 1 + data[0]);
  BL_CHECK(split == whole, "the pieces of a request do not matter");
  return 0;
}

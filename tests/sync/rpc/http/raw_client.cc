#include "tests/sync/rpc/http/raw_client.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "absl/strings/str_cat.h"
#include "tests/sync/rpc/http/fake_till.h"

namespace branchline::testing {

RawClient::RawClient(int port) {
  sockaddr_in address = {};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  fd_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (connect(fd_, reinterpret_cast<sockaddr*>(&address), sizeof(address)) !=
      0) {
    close(fd_);
    fd_ = -1;
  }
}

RawClient::~RawClient() {
  if (fd_ >= 0) close(fd_);
}

bool RawClient::Send(absl::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t sent = send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) return false;
    bytes.remove_prefix(static_cast<size_t>(sent));
  }
  return true;
}

void RawClient::SendNoMore() { shutdown(fd_, SHUT_WR); }

std::string RawClient::ReadToEnd() {
  std::string all;
  char part[4096];
  while (true) {
    const ssize_t got = recv(fd_, part, sizeof(part), 0);
    if (got <= 0) return all;
    all.append(part, static_cast<size_t>(got));
  }
}

std::string Exchange(int port, absl::string_view bytes) {
  RawClient client(port);
  client.Send(bytes);
  client.SendNoMore();
  return client.ReadToEnd();
}

std::string RingPost(absl::string_view headers, absl::string_view body) {
  return absl::StrCat("POST ", kRingPath,
                      " HTTP/1.1\r\nHost: till\r\n"
                      "Content-Type: application/json\r\n",
                      headers, "\r\n", body);
}

}  // namespace branchline::testing

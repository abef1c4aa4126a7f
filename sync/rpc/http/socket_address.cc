#include "sync/rpc/http/socket_address.h"

#include <arpa/inet.h>
#include <netinet/in.h>

#include <cstring>

#include "absl/status/status.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"

namespace branchline {
namespace {

const sockaddr_in& V4(const sockaddr_storage& storage) {
  return reinterpret_cast<const sockaddr_in&>(storage);
}
const sockaddr_in6& V6(const sockaddr_storage& storage) {
  return reinterpret_cast<const sockaddr_in6&>(storage);
}

constexpr uint8_t kLoopbackNet = 127;

}  // namespace

int SocketAddress::port() const {
  return ntohs(storage.ss_family == AF_INET6 ? V6(storage).sin6_port
                                             : V4(storage).sin_port);
}

bool SocketAddress::is_loopback() const {
  if (storage.ss_family == AF_INET) {
    return ntohl(V4(storage).sin_addr.s_addr) >> 24 == kLoopbackNet;
  }
  if (storage.ss_family != AF_INET6) return false;
  const in6_addr& ip = V6(storage).sin6_addr;
  if (IN6_IS_ADDR_V4MAPPED(&ip)) return ip.s6_addr[12] == kLoopbackNet;
  return IN6_IS_ADDR_LOOPBACK(&ip);
}

std::string SocketAddress::ToString() const {
  char text[INET6_ADDRSTRLEN] = "?";
  if (storage.ss_family == AF_INET6) {
    inet_ntop(AF_INET6, &V6(storage).sin6_addr, text, sizeof(text));
    return absl::StrCat("[", text, "]:", port());
  }
  inet_ntop(AF_INET, &V4(storage).sin_addr, text, sizeof(text));
  return absl::StrCat(text, ":", port());
}

absl::StatusOr<SocketAddress> ParseSocketAddress(absl::string_view text) {
  const absl::Status bad = absl::InvalidArgumentError(absl::StrCat(
      "listen address is \"", text,
      "\", want an IP address and a port, as 127.0.0.1:8080 or [::1]:8080"));
  const size_t colon = text.rfind(':');
  if (colon == absl::string_view::npos) return bad;
  absl::string_view host = text.substr(0, colon);
  int port = 0;
  if (!absl::SimpleAtoi(text.substr(colon + 1), &port) || port < 0 ||
      port > UINT16_MAX) {
    return bad;
  }
  SocketAddress address;
  if (absl::ConsumePrefix(&host, "[") && absl::ConsumeSuffix(&host, "]")) {
    auto& v6 = reinterpret_cast<sockaddr_in6&>(address.storage);
    v6.sin6_family = AF_INET6;
    v6.sin6_port = htons(static_cast<uint16_t>(port));
    address.size = sizeof(v6);
    if (inet_pton(AF_INET6, std::string(host).c_str(), &v6.sin6_addr) != 1) {
      return bad;
    }
    return address;
  }
  auto& v4 = reinterpret_cast<sockaddr_in&>(address.storage);
  v4.sin_family = AF_INET;
  v4.sin_port = htons(static_cast<uint16_t>(port));
  address.size = sizeof(v4);
  if (inet_pton(AF_INET, std::string(host).c_str(), &v4.sin_addr) != 1) {
    return bad;
  }
  return address;
}

}  // namespace branchline

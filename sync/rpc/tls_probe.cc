#include "sync/rpc/tls_probe.h"

#include <netdb.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <memory>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"

namespace branchline {
namespace {

template <auto Free>
struct Deleter {
  template <typename T>
  void operator()(T* object) const {
    Free(object);
  }
};

class Socket {
 public:
  explicit Socket(int fd) : fd_(fd) {}
  Socket(Socket&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  Socket& operator=(Socket&&) = delete;
  ~Socket() {
    if (fd_ >= 0) close(fd_);
  }
  int fd() const { return fd_; }

 private:
  int fd_;
};

absl::StatusOr<std::pair<std::string, std::string>> SplitAddress(
    absl::string_view address) {
  const size_t colon = address.rfind(':');
  if (colon == absl::string_view::npos || colon == 0 ||
      colon + 1 == address.size()) {
    return absl::InvalidArgumentError(
        absl::StrCat("\"", address, "\" is not host:port"));
  }
  absl::string_view host = address.substr(0, colon);
  if (absl::ConsumePrefix(&host, "[")) absl::ConsumeSuffix(&host, "]");
  return std::make_pair(std::string(host),
                        std::string(address.substr(colon + 1)));
}

absl::StatusOr<Socket> ConnectTo(absl::string_view address,
                                 absl::Duration timeout) {
  auto split = SplitAddress(address);
  if (!split.ok()) return split.status();
  addrinfo hints = {};
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* list = nullptr;
  const int resolved =
      getaddrinfo(split->first.c_str(), split->second.c_str(), &hints, &list);
  if (resolved != 0) {
    return absl::UnavailableError(absl::StrCat("no address for ", split->first,
                                               ": ", gai_strerror(resolved)));
  }
  const std::unique_ptr<addrinfo, Deleter<freeaddrinfo>> owned(list);
  int last_errno = 0;
  for (const addrinfo* one = list; one != nullptr; one = one->ai_next) {
    Socket socket(::socket(one->ai_family, one->ai_socktype | SOCK_CLOEXEC,
                           one->ai_protocol));
    if (socket.fd() < 0) continue;
    // Linux bounds connect() by the send timeout too.
    const timeval wait = absl::ToTimeval(timeout);
    setsockopt(socket.fd(), SOL_SOCKET, SO_SNDTIMEO, &wait, sizeof(wait));
    setsockopt(socket.fd(), SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof(wait));
    if (connect(socket.fd(), one->ai_addr, one->ai_addrlen) == 0) {
      return socket;
    }
    last_errno = errno;
  }
  if (last_errno == EINPROGRESS || last_errno == ETIMEDOUT) {
    return absl::DeadlineExceededError(absl::StrCat(
        "no connection to ", address, " within ", absl::FormatDuration(timeout),
        ": is a firewall in between?"));
  }
  return absl::UnavailableError(absl::StrCat("cannot connect to ", address,
                                             ": ", std::strerror(last_errno)));
}

absl::StatusOr<std::string> ToPem(X509* certificate) {
  const std::unique_ptr<BIO, Deleter<BIO_free_all>> out(BIO_new(BIO_s_mem()));
  char* data = nullptr;
  if (PEM_write_bio_X509(out.get(), certificate) != 1) {
    return absl::UnavailableError("a certificate shown cannot be read");
  }
  const long size = BIO_get_mem_data(out.get(), &data);
  return std::string(data, static_cast<size_t>(size));
}

}  // namespace

absl::StatusOr<std::vector<std::string>> ProbeTlsChain(
    absl::string_view address, absl::Duration timeout) {
  absl::StatusOr<Socket> socket = ConnectTo(address, timeout);
  if (!socket.ok()) return socket.status();
  const std::unique_ptr<SSL_CTX, Deleter<SSL_CTX_free>> context(
      SSL_CTX_new(TLS_client_method()));
  SSL_CTX_set_verify(context.get(), SSL_VERIFY_NONE, nullptr);
  const std::unique_ptr<SSL, Deleter<SSL_free>> ssl(SSL_new(context.get()));
  // gRPC servers end a handshake that does not offer HTTP/2.
  static constexpr unsigned char kAlpn[] = {2, 'h', '2'};
  SSL_set_alpn_protos(ssl.get(), kAlpn, sizeof(kAlpn));
  SSL_set_tlsext_host_name(ssl.get(), "branchline-hub");
  SSL_set_fd(ssl.get(), socket->fd());
  ERR_clear_error();
  errno = 0;
  if (SSL_connect(ssl.get()) != 1) {
    const bool timed_out = errno == EAGAIN || errno == EWOULDBLOCK;
    ERR_clear_error();
    if (timed_out) {
      return absl::DeadlineExceededError(
          absl::StrCat(address,
                       " took the connection and then said nothing "
                       "for ",
                       absl::FormatDuration(timeout)));
    }
    return absl::UnavailableError(
        absl::StrCat(address,
                     " does not speak TLS: is this the hub's "
                     "enrolment port?"));
  }
  std::vector<std::string> chain;
  STACK_OF(X509)* shown = SSL_get_peer_cert_chain(ssl.get());
  for (int i = 0; shown != nullptr && i < sk_X509_num(shown); ++i) {
    absl::StatusOr<std::string> pem = ToPem(sk_X509_value(shown, i));
    if (!pem.ok()) return pem.status();
    chain.push_back(*std::move(pem));
  }
  return chain;
}

}  // namespace branchline

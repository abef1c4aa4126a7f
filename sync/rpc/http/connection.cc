#include "sync/rpc/http/connection.h"

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <climits>
#include <cstring>
#include <utility>

#include "sync/base/clock.h"

namespace branchline {
namespace {

// Takes the longest TLS record whole, so nothing readable is ever left inside
// OpenSSL, where poll() does not see it.
constexpr size_t kReadBufferBytes = 16 << 10;

absl::Duration Now() { return SystemClock().MonotonicNow(); }

// Rounded up: a poll() that returns early would only come round again.
int PollMillis(absl::Duration deadline) {
  const absl::Duration left = deadline - Now();
  if (left <= absl::ZeroDuration()) return 0;
  if (left >= absl::Milliseconds(INT_MAX)) return INT_MAX;
  return static_cast<int>(
      absl::ToInt64Milliseconds(absl::Ceil(left, absl::Milliseconds(1))));
}

bool IsReadable(int fd) {
  pollfd one = {fd, POLLIN, 0};
  return poll(&one, 1, 0) == 1;
}

}  // namespace

Connection::Connection(int fd, std::string peer, bool is_loopback,
                       std::shared_ptr<const TlsContext> tls, Wake wake,
                       const HttpLimits& limits)
    : fd_(fd),
      peer_(std::move(peer)),
      is_loopback_(is_loopback),
      tls_(std::move(tls)),
      wake_(wake),
      limits_(limits) {
  if (tls_ != nullptr) {
    ssl_ = SSL_new(tls_->get());
    if (ssl_ != nullptr) SSL_set_fd(ssl_, fd_);
  }
}

Connection::~Connection() {
  if (ssl_ != nullptr) {
    SayGoodbye();
    SSL_free(ssl_);
  }
  close(fd_);
}

bool Connection::Handshake() {
  if (tls_ == nullptr) return true;
  if (ssl_ == nullptr) return false;  // Out of memory.
  const absl::Duration deadline = Now() + limits_.read_timeout;
  while (true) {
    ERR_clear_error();
    const int result = SSL_accept(ssl_);
    if (result == 1) return true;
    if (!WaitAsTlsWants(result, deadline)) return false;
  }
}

bool Connection::AwaitRequest() {
  const absl::Duration deadline = Now() + limits_.idle_timeout;
  while (buffer_taken_ == buffer_.size()) {
    pollfd all[] = {{fd_, POLLIN, 0},
                    {wake_.stop_fd, POLLIN, 0},
                    {wake_.yield_fd, POLLIN, 0}};
    const int ready = poll(all, 3, PollMillis(deadline));
    if (ready < 0 && errno == EINTR) continue;
    if (ready <= 0) return false;
    if (all[1].revents != 0) return false;
    if (all[0].revents != 0) break;
    // Whoever takes the token goes; the others sleep on.
    eventfd_t token = 0;
    if (eventfd_read(wake_.yield_fd, &token) == 0) return false;
  }
  if (stopping()) return false;
  started_ = Now();
  read_deadline_ = started_ + limits_.read_timeout;
  budget_bytes_ = limits_.head_bytes_max;
  failure_ = Failure::kNone;
  return true;
}

int64_t Connection::Read(char* out, size_t size) {
  if (budget_bytes_ == 0) {
    failure_ = Failure::kTooLong;
    return -1;
  }
  if (buffer_taken_ == buffer_.size()) {
    buffer_.resize(kReadBufferBytes);
    buffer_taken_ = 0;
    const int64_t got =
        ReadSome(buffer_.data(), buffer_.size(), read_deadline_);
    buffer_.resize(static_cast<size_t>(std::max<int64_t>(got, 0)));
    if (got <= 0) return got;
  }
  const size_t take =
      std::min({size, buffer_.size() - buffer_taken_, budget_bytes_});
  memcpy(out, buffer_.data() + buffer_taken_, take);
  buffer_taken_ += take;
  budget_bytes_ -= take;
  return static_cast<int64_t>(take);
}

bool Connection::Write(absl::string_view bytes) {
  const absl::Duration deadline = Now() + limits_.write_timeout;
  while (!bytes.empty()) {
    const int64_t sent = WriteSome(bytes, deadline);
    if (sent <= 0) return false;
    bytes.remove_prefix(static_cast<size_t>(sent));
  }
  return true;
}

void Connection::Finish() {
  if (ssl_ != nullptr) SayGoodbye();
  if (shutdown(fd_, SHUT_WR) != 0) return;
  const absl::Duration deadline = Now() + limits_.linger_timeout;
  std::string dropped(kReadBufferBytes, '\0');
  for (size_t total = 0; total < limits_.linger_bytes_max;) {
    if (!WaitFor(POLLIN, deadline)) return;
    const ssize_t got = recv(fd_, dropped.data(), dropped.size(), 0);
    if (got == 0 || (got < 0 && errno != EAGAIN && errno != EINTR)) return;
    if (got > 0) total += static_cast<size_t>(got);
  }
}

// Without it a TLS peer cannot tell the end from a cut.
void Connection::SayGoodbye() {
  const bool said = (SSL_get_shutdown(ssl_) & SSL_SENT_SHUTDOWN) != 0;
  if (said || !SSL_is_init_finished(ssl_)) return;
  ERR_clear_error();
  SSL_shutdown(ssl_);
}

void Connection::Abort() { shutdown(fd_, SHUT_RDWR); }

bool Connection::stopping() const { return IsReadable(wake_.stop_fd); }

int64_t Connection::ReadSome(char* out, size_t size, absl::Duration deadline) {
  while (true) {
    if (ssl_ != nullptr) {
      ERR_clear_error();
      const int got = SSL_read(ssl_, out, static_cast<int>(size));
      if (got > 0) return got;
      if (SSL_get_error(ssl_, got) == SSL_ERROR_ZERO_RETURN) return 0;
      if (!WaitAsTlsWants(got, deadline)) return -1;
      continue;
    }
    const ssize_t got = recv(fd_, out, size, 0);
    if (got >= 0) return got;
    if (errno == EINTR) continue;
    if (errno != EAGAIN) {
      failure_ = Failure::kBroken;
      return -1;
    }
    if (!WaitFor(POLLIN, deadline)) return -1;
  }
}

int64_t Connection::WriteSome(absl::string_view bytes,
                              absl::Duration deadline) {
  const size_t size = std::min<size_t>(bytes.size(), INT_MAX);
  while (true) {
    if (ssl_ != nullptr) {
      ERR_clear_error();
      const int sent = SSL_write(ssl_, bytes.data(), static_cast<int>(size));
      if (sent > 0) return sent;
      if (!WaitAsTlsWants(sent, deadline)) return -1;
      continue;
    }
    const ssize_t sent = send(fd_, bytes.data(), size, MSG_NOSIGNAL);
    if (sent >= 0) return sent;
    if (errno == EINTR) continue;
    if (errno != EAGAIN || !WaitFor(POLLOUT, deadline)) return -1;
  }
}

bool Connection::WaitAsTlsWants(int result, absl::Duration deadline) {
  switch (SSL_get_error(ssl_, result)) {
    case SSL_ERROR_WANT_READ:
      return WaitFor(POLLIN, deadline);
    case SSL_ERROR_WANT_WRITE:
      return WaitFor(POLLOUT, deadline);
    default:
      failure_ = Failure::kBroken;
      return false;
  }
}

bool Connection::WaitFor(int16_t events, absl::Duration deadline) {
  while (true) {
    pollfd one = {fd_, events, 0};
    const int ready = poll(&one, 1, PollMillis(deadline));
    if (ready > 0) return true;
    if (ready < 0 && errno == EINTR) continue;
    failure_ = ready == 0 ? Failure::kTimedOut : Failure::kBroken;
    return false;
  }
}

}  // namespace branchline

#include "sync/rpc/http/listener.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "sync/base/check.h"
#include "sync/base/status_macros.h"
#include "sync/rpc/http/socket_address.h"

namespace branchline {
namespace {

constexpr int kAcceptBacklog = 128;  // in the kernel, before accept()
constexpr int kAcceptRetryMillis = 100;

// What to do about bind()'s `error`.
absl::string_view WhatToDo(int error) {
  switch (error) {
    case EADDRINUSE:
      return "stop the program that has it, or configure another port";
    case EADDRNOTAVAIL:
      return "this machine does not have the address: configure one it has";
    case EACCES:
      return "not permitted: configure a port from 1024";
    default:
      return "configure another address";
  }
}

}  // namespace

Listener::Fd::~Fd() {
  if (fd >= 0) close(fd);
}

Listener::Listener(std::shared_ptr<const TlsContext> tls,
                   const HttpLimits& limits, std::string busy_answer)
    : tls_(std::move(tls)),
      limits_(limits),
      busy_answer_(std::move(busy_answer)) {}

absl::StatusOr<std::unique_ptr<Listener>> Listener::Start(
    absl::string_view address, std::shared_ptr<const TlsContext> tls,
    const HttpLimits& limits, std::string busy_answer,
    const SessionFactory& factory) {
  std::unique_ptr<Listener> listener(
      new Listener(std::move(tls), limits, std::move(busy_answer)));
  BL_RETURN_IF_ERROR(listener->Bind(address));
  absl::MutexLock lock(&listener->stop_mutex_);
  for (int i = 0; i < limits.workers; ++i) {
    listener->workers_.emplace_back(
        [raw = listener.get(), session = factory()] { raw->Work(session); });
  }
  listener->acceptor_ = std::thread([raw = listener.get()] { raw->Accept(); });
  return listener;
}

Listener::~Listener() { Stop(absl::ZeroDuration()).IgnoreError(); }

absl::Status Listener::Bind(absl::string_view text) {
  BL_ASSIGN_OR_RETURN(const SocketAddress wanted, ParseSocketAddress(text));
  stop_fd_.fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  yield_fd_.fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK | EFD_SEMAPHORE);
  listen_fd_.fd = socket(wanted.storage.ss_family,
                         SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  const int fd = listen_fd_.fd;
  // A restarted node takes its port back at once. Not SO_REUSEPORT: with it two
  // nodes share a port, and half of the tills talk to the wrong one.
  const int yes = 1;
  if (stop_fd_.fd < 0 || yield_fd_.fd < 0 || fd < 0 ||
      setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes)) != 0 ||
      bind(fd, wanted.get(), wanted.size) != 0 ||
      listen(fd, kAcceptBacklog) != 0) {
    const int error = errno;
    return absl::FailedPreconditionError(absl::StrCat(
        "listen on ", text, ": ", strerror(error), ": ", WhatToDo(error)));
  }
  SocketAddress bound;
  bound.size = sizeof(bound.storage);
  const int named =
      getsockname(fd, reinterpret_cast<sockaddr*>(&bound.storage), &bound.size);
  BL_CHECK(named == 0, "a bound socket has a name");
  address_ = bound.ToString();
  port_ = bound.port();
  return absl::OkStatus();
}

void Listener::Accept() {
  while (true) {
    pollfd both[] = {{listen_fd_.fd, POLLIN, 0}, {stop_fd_.fd, POLLIN, 0}};
    if (poll(both, 2, -1) < 0) continue;  // EINTR
    if (both[1].revents != 0) return;
    SocketAddress peer;
    peer.size = sizeof(peer.storage);
    const int fd =
        accept4(listen_fd_.fd, reinterpret_cast<sockaddr*>(&peer.storage),
                &peer.size, SOCK_CLOEXEC | SOCK_NONBLOCK);
    if (fd < 0) {
      // Either this peer went away, or we are out of descriptors or memory:
      // then the next try would fail at once again, so wait a little.
      if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS ||
          errno == ENOMEM) {
        poll(&both[1], 1, kAcceptRetryMillis);
      }
      continue;
    }
    // An answer is two writes; with Nagle the second waits for an ack, 40 ms.
    const int yes = 1;
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof(yes));
    Enqueue(std::make_unique<Connection>(
        fd, peer.ToString(), peer.is_loopback(), tls_,
        Connection::Wake{stop_fd_.fd, yield_fd_.fd}, limits_));
    // Dropped here if the queue is full: the destructor closes it.
  }
}

void Listener::Enqueue(std::unique_ptr<Connection> connection) {
  absl::MutexLock lock(&mutex_);
  if (waiting_.size() >= limits_.connections_waiting_max) {
    // Fits the socket's buffer, so it does not wait.
    if (tls_ == nullptr) connection->Write(busy_answer_);
    return;
  }
  waiting_.push_back(std::move(connection));
  // Every worker may be asleep on an idle connection: ask for one.
  if (waiting_.size() > static_cast<size_t>(free_workers_)) {
    eventfd_write(yield_fd_.fd, 1);
  }
}

void Listener::Work(const Session& session) {
  while (true) {
    std::unique_ptr<Connection> connection;
    {
      absl::MutexLock lock(&mutex_);
      ++free_workers_;
      const auto has_work = [this]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
        return stopping_ || !waiting_.empty();
      };
      mutex_.Await(absl::Condition(&has_work));
      --free_workers_;
      if (stopping_) return;
      connection = std::move(waiting_.front());
      waiting_.pop_front();
      if (waiting_.empty()) {
        // Nobody needs to yield any more.
        eventfd_t token = 0;
        while (eventfd_read(yield_fd_.fd, &token) == 0) {
        }
      }
      in_work_.insert(connection.get());
    }
    if (connection->Handshake()) session(*connection);
    absl::MutexLock lock(&mutex_);
    in_work_.erase(connection.get());
  }
}

absl::Status Listener::Stop(absl::Duration grace) {
  absl::MutexLock stop_lock(&stop_mutex_);
  if (!acceptor_.joinable()) return absl::OkStatus();
  eventfd_write(stop_fd_.fd, 1);  // Never read: it stays readable.
  acceptor_.join();
  close(listen_fd_.fd);
  listen_fd_.fd = -1;

  size_t cut = 0;
  {
    absl::MutexLock lock(&mutex_);
    stopping_ = true;
    waiting_.clear();
    const auto is_quiet = [this]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
      return in_work_.empty();
    };
    if (!mutex_.AwaitWithTimeout(absl::Condition(&is_quiet), grace)) {
      cut = in_work_.size();
      for (Connection* connection : in_work_) connection->Abort();
    }
  }
  for (std::thread& worker : workers_) worker.join();
  if (cut == 0) return absl::OkStatus();
  return absl::DeadlineExceededError(
      absl::StrCat("stop listening on ", address_, ": ", cut,
                   " connections were still in work after ",
                   absl::FormatDuration(grace), " and were cut"));
}

}  // namespace branchline

#include "tools/drill/line_connection.h"

#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <utility>

#include "tools/drill/loopback.h"

namespace branchline::drill {
namespace {

constexpr size_t kReadSize = 16'384;

// False on an error that ends the connection.
bool Fill(const Fd& source, Stream* stream, absl::Duration now) {
  char buffer[kReadSize];
  while (!stream->ended && stream->line.Room() > 0) {
    const ssize_t size =
        recv(source.get(), buffer, std::min(kReadSize, stream->line.Room()), 0);
    if (size < 0 && errno == EINTR) continue;
    if (size < 0) return errno == EAGAIN || errno == EWOULDBLOCK;
    if (size == 0) {
      stream->ended = true;
    } else {
      stream->line.Push(absl::string_view(buffer, static_cast<size_t>(size)),
                        now);
    }
  }
  return true;
}

bool Drain(const Fd& sink, Stream* stream, absl::Duration now) {
  while (true) {
    const absl::string_view ready = stream->line.Ready(now);
    if (ready.empty()) break;
    const ssize_t size =
        send(sink.get(), ready.data(), ready.size(), MSG_NOSIGNAL);
    if (size < 0 && errno == EINTR) continue;
    if (size < 0) return errno == EAGAIN || errno == EWOULDBLOCK;
    stream->line.Pop(static_cast<size_t>(size));
    stream->passed += size;
  }
  if (stream->ended && stream->line.Empty() && !stream->shut) {
    stream->shut = true;
    if (shutdown(sink.get(), SHUT_WR) != 0) return false;
  }
  return true;
}

short Events(const Stream& in, const Stream& out, absl::Duration now) {
  short events = 0;
  if (!in.ended && in.line.Room() > 0) events |= POLLIN;
  if (!out.line.Ready(now).empty()) events |= POLLOUT;
  return events;
}

void Earliest(const Stream& stream, absl::Duration now,
              std::optional<absl::Duration>* at) {
  const std::optional<absl::Duration> next = stream.line.NextAt();
  // What is out already waits for its socket, not for time.
  if (!next.has_value() || *next <= now) return;
  if (!at->has_value() || *next < **at) *at = next;
}

}  // namespace

LineConnection::LineConnection(Fd client, Fd target, const Pace& pace,
                               absl::Duration now)
    : client_(std::move(client)), target_(std::move(target)) {
  SetPace(pace, now);
}

LineConnection::~LineConnection() {
  // After an orderly end there is nothing left to reset.
  if (from_target_.shut && to_target_.shut) return;
  CloseWithReset(&client_);
  CloseWithReset(&target_);
}

short LineConnection::ClientEvents(absl::Duration now) const {
  return connecting_ ? short{0} : Events(to_target_, from_target_, now);
}

short LineConnection::TargetEvents(absl::Duration now) const {
  return connecting_ ? short{POLLOUT} : Events(from_target_, to_target_, now);
}

std::optional<absl::Duration> LineConnection::NextAt(absl::Duration now) const {
  std::optional<absl::Duration> at;
  Earliest(to_target_, now, &at);
  Earliest(from_target_, now, &at);
  return at;
}

bool LineConnection::Move(absl::Duration now) {
  if (connecting_) {
    pollfd writable = {.fd = target_.get(), .events = POLLOUT, .revents = 0};
    if (poll(&writable, 1, 0) <= 0) return true;
    if (ConnectError(target_) != 0) return false;
    connecting_ = false;
  }
  if (!Fill(client_, &to_target_, now)) return false;
  if (!Fill(target_, &from_target_, now)) return false;
  if (!Drain(target_, &to_target_, now)) return false;
  if (!Drain(client_, &from_target_, now)) return false;
  return !(to_target_.shut && from_target_.shut);
}

void LineConnection::SetPace(const Pace& pace, absl::Duration now) {
  to_target_.line.SetPace(pace, now);
  from_target_.line.SetPace(pace, now);
}

int64_t LineConnection::TakeToTarget() {
  return std::exchange(to_target_.passed, 0);
}

int64_t LineConnection::TakeFromTarget() {
  return std::exchange(from_target_.passed, 0);
}

}  // namespace branchline::drill

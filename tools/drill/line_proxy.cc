#include "tools/drill/line_proxy.h"

#include <poll.h>
#include <sys/eventfd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <list>
#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "sync/base/check.h"
#include "sync/base/status_macros.h"
#include "tools/drill/line_connection.h"

namespace branchline::drill {

struct LineProxy::Line {
  ReservedPort reserved;
  uint16_t target_port = 0;
  Fd listener;  // invalid while connections are refused
  std::optional<CutKind> cut;
  Pace pace;
  LineCounters counters;
  std::list<LineConnection> connections;
};

struct LineProxy::Watch {
  int fd;
  short events;
};

absl::StatusOr<std::unique_ptr<LineProxy>> LineProxy::Start(
    const Clock* clock) {
  std::unique_ptr<LineProxy> proxy(new LineProxy(clock));
  if (!proxy->wake_.valid()) {
    return absl::UnavailableError(
        absl::StrCat("start the line proxy: ", std::strerror(errno)));
  }
  proxy->thread_ = std::thread([p = proxy.get()] { p->Run(); });
  return proxy;
}

LineProxy::LineProxy(const Clock* clock)
    : clock_(clock), wake_(eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)) {}

LineProxy::~LineProxy() {
  {
    absl::MutexLock lock(&mutex_);
    stopping_ = true;
  }
  Wake();
  if (thread_.joinable()) thread_.join();
}

absl::StatusOr<int> LineProxy::AddLine(uint16_t target_port) {
  auto line = std::make_unique<Line>();
  line->target_port = target_port;
  BL_ASSIGN_OR_RETURN(line->reserved, ReservePort());
  BL_ASSIGN_OR_RETURN(line->listener, Listen(line->reserved.port));
  absl::MutexLock lock(&mutex_);
  if (lines_.size() == kLineCountMax) {
    return absl::ResourceExhaustedError(
        absl::StrCat("add a line: there are ", kLineCountMax, " already"));
  }
  lines_.push_back(std::move(line));
  Wake();
  return static_cast<int>(lines_.size()) - 1;
}

uint16_t LineProxy::port(int line) const {
  absl::MutexLock lock(&mutex_);
  return At(line).reserved.port;
}

void LineProxy::SetTarget(int line, uint16_t target_port) {
  absl::MutexLock lock(&mutex_);
  At(line).target_port = target_port;
}

void LineProxy::Cut(int line, CutKind kind) {
  absl::MutexLock lock(&mutex_);
  Line& cut = At(line);
  cut.cut = kind;
  if (kind == CutKind::kReset) {
    StopListening(&cut.listener);
    cut.connections.clear();
  }
  Wake();
}

void LineProxy::Slow(int line, const Pace& pace) {
  absl::MutexLock lock(&mutex_);
  Line& slow = At(line);
  slow.pace = pace;
  for (LineConnection& connection : slow.connections) {
    connection.SetPace(pace, clock_->MonotonicNow());
  }
  Wake();
}

absl::Status LineProxy::Heal(int line) {
  Slow(line, Pace());
  absl::MutexLock lock(&mutex_);
  Line& healed = At(line);
  if (!healed.listener.valid()) {
    BL_ASSIGN_OR_RETURN(healed.listener, Listen(healed.reserved.port));
  }
  healed.cut = std::nullopt;
  Wake();
  return absl::OkStatus();
}

LineCounters LineProxy::Counters(int line) const {
  absl::MutexLock lock(&mutex_);
  return At(line).counters;
}

void LineProxy::Wake() {
  const uint64_t one = 1;
  // Full means that it will wake up anyway.
  [[maybe_unused]] const ssize_t n = write(wake_.get(), &one, sizeof(one));
}

LineProxy::Line& LineProxy::At(int line) {
  BL_CHECK(line >= 0, "no such line");
  BL_CHECK(static_cast<size_t>(line) < lines_.size(), "no such line");
  return *lines_[static_cast<size_t>(line)];
}

const LineProxy::Line& LineProxy::At(int line) const {
  BL_CHECK(line >= 0, "no such line");
  BL_CHECK(static_cast<size_t>(line) < lines_.size(), "no such line");
  return *lines_[static_cast<size_t>(line)];
}

absl::Duration LineProxy::Watches(std::vector<Watch>* watches) {
  const absl::Duration now = clock_->MonotonicNow();
  absl::Duration next = absl::InfiniteDuration();
  watches->assign(1, {.fd = wake_.get(), .events = POLLIN});
  for (const auto& line : lines_) {
    if (line->cut.has_value()) continue;
    watches->push_back({.fd = line->listener.get(), .events = POLLIN});
    for (const LineConnection& connection : line->connections) {
      watches->push_back({.fd = connection.client_fd(),
                          .events = connection.ClientEvents(now)});
      watches->push_back({.fd = connection.target_fd(),
                          .events = connection.TargetEvents(now)});
      next = std::min(
          next, connection.NextAt(now).value_or(absl::InfiniteDuration()));
    }
  }
  return next - now;
}

void LineProxy::Run() {
  std::vector<Watch> watches;
  std::vector<pollfd> polls;
  while (true) {
    int millis = -1;
    {
      absl::MutexLock lock(&mutex_);
      if (stopping_) return;
      const absl::Duration wait = Watches(&watches);
      if (wait != absl::InfiniteDuration()) {
        // Rounded up: woken too early it would only turn round.
        millis = static_cast<int>(std::clamp<int64_t>(
            absl::ToInt64Milliseconds(wait + absl::Microseconds(999)), 0,
            60'000));
      }
    }
    polls.clear();
    for (const Watch& watch : watches) {
      // Without events poll() would still report a hang-up, again and again.
      if (watch.events == 0) continue;
      polls.push_back({.fd = watch.fd, .events = watch.events, .revents = 0});
    }
    poll(polls.data(), polls.size(), millis);
    uint64_t woken = 0;
    [[maybe_unused]] const ssize_t n = read(wake_.get(), &woken, sizeof(woken));
    absl::MutexLock lock(&mutex_);
    if (stopping_) return;
    // A descriptor may be another connection's by now. All are non-blocking, so
    // each line is simply asked what it can do.
    Serve();
  }
}

void LineProxy::Serve() {
  const absl::Duration now = clock_->MonotonicNow();
  for (const auto& line : lines_) {
    if (line->cut.has_value()) continue;
    AcceptAll(line.get());
    for (auto it = line->connections.begin(); it != line->connections.end();) {
      const bool open = it->Move(now);
      line->counters.bytes_to_target += it->TakeToTarget();
      line->counters.bytes_from_target += it->TakeFromTarget();
      it = open ? std::next(it) : line->connections.erase(it);
    }
  }
}

void LineProxy::AcceptAll(Line* line) {
  while (true) {
    Fd client = Accept(line->listener);
    if (!client.valid()) return;
    absl::StatusOr<Fd> target = StartConnect(line->target_port);
    if (!target.ok() || line->connections.size() == kConnectionsPerLineMax) {
      CloseWithReset(&client);
      continue;
    }
    ++line->counters.connections;
    line->connections.emplace_back(std::move(client), *std::move(target),
                                   line->pace, clock_->MonotonicNow());
  }
}

}  // namespace branchline::drill

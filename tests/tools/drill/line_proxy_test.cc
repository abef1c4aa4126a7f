#include "tools/drill/line_proxy.h"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/time.h>

#include <cerrno>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "tools/drill/loopback.h"

namespace branchline::drill {
namespace {

constexpr int kLongMillis = 30'000;  // never waited out

bool Readable(const Fd& fd, int millis) {
  pollfd one = {.fd = fd.get(), .events = POLLIN, .revents = 0};
  return poll(&one, 1, millis) == 1;
}

bool Send(const Fd& fd, const std::string& text) {
  pollfd one = {.fd = fd.get(), .events = POLLOUT, .revents = 0};
  return poll(&one, 1, kLongMillis) == 1 &&
         send(fd.get(), text.data(), text.size(), MSG_NOSIGNAL) ==
             static_cast<ssize_t>(text.size());
}

// The next `size` bytes; fewer if the connection ends before; "!reset" if it
// was reset.
std::string Receive(const Fd& fd, size_t size) {
  std::string text;
  while (text.size() < size) {
    char buffer[4'096];
    if (!Readable(fd, kLongMillis)) return text + "!timeout";
    const ssize_t n =
        recv(fd.get(), buffer, std::min(sizeof(buffer), size - text.size()), 0);
    if (n == 0) return text;
    if (n < 0) return errno == ECONNRESET ? "!reset" : "!error";
    text.append(buffer, static_cast<size_t>(n));
  }
  return text;
}

// A target that listens, and connections to it through a line of its own.
class Target {
 public:
  explicit Target(LineProxy* proxy)
      : reserved_(ReservePort().value()),
        listener_(Listen(reserved_.port).value()),
        proxy_(proxy),
        line_(proxy->AddLine(reserved_.port).value()) {}

  struct Ends {
    Fd client;
    Fd target;
  };

  int line() const { return line_; }
  uint16_t port() const { return reserved_.port; }
  const Fd& listener() const { return listener_; }
  void StopListening() { drill::StopListening(&listener_); }

  // A client's socket to the line; invalid if it was refused.
  Fd Dial() {
    absl::StatusOr<Fd> fd = StartConnect(proxy_->port(line_));
    if (!fd.ok()) return Fd();
    pollfd one = {.fd = fd->get(), .events = POLLOUT, .revents = 0};
    poll(&one, 1, kLongMillis);
    return ConnectError(*fd) == 0 ? *std::move(fd) : Fd();
  }

  Ends Connect() {
    Ends ends;
    ends.client = Dial();
    EXPECT_TRUE(ends.client.valid());
    EXPECT_TRUE(Readable(listener_, kLongMillis));
    ends.target = Accept(listener_);
    EXPECT_TRUE(ends.target.valid());
    return ends;
  }

 private:
  const ReservedPort reserved_;
  Fd listener_;
  LineProxy* const proxy_;
  const int line_;
};

class LineProxyTest : public testing::Test {
 protected:
  // The proxy's thread serves all lines in each turn: once this line has passed
  // bytes to and fro, the others have been served too.
  void LetTheProxyTurn() {
    const Target::Ends ends = other_.Connect();
    EXPECT_TRUE(Send(ends.client, "ping"));
    EXPECT_EQ(Receive(ends.target, 4), "ping");
    EXPECT_TRUE(Send(ends.target, "pong"));
    EXPECT_EQ(Receive(ends.client, 4), "pong");
  }

  std::unique_ptr<LineProxy> proxy_ = LineProxy::Start(&SystemClock()).value();
  Target other_{proxy_.get()};
  Target hub_{proxy_.get()};
};

TEST_F(LineProxyTest, PassesBytesAndEndsBothWays) {
  const Target::Ends ends = hub_.Connect();
  ASSERT_TRUE(Send(ends.client, "sale"));
  EXPECT_EQ(Receive(ends.target, 4), "sale");
  shutdown(ends.client.get(), SHUT_WR);
  EXPECT_EQ(Receive(ends.target, 1), "");
  // The other direction is still open.
  ASSERT_TRUE(Send(ends.target, "ack"));
  shutdown(ends.target.get(), SHUT_WR);
  EXPECT_EQ(Receive(ends.client, 100), "ack");
  LetTheProxyTurn();
  const LineCounters counters = proxy_->Counters(hub_.line());
  EXPECT_EQ(counters.connections, 1);
  EXPECT_EQ(counters.bytes_to_target, 4);
  EXPECT_EQ(counters.bytes_from_target, 3);
}

TEST_F(LineProxyTest, PassesMuchMoreThanItHolds) {
  const Target::Ends ends = hub_.Connect();
  const std::string much(1'000'000, 'x');
  size_t sent = 0;
  size_t received = 0;
  while (received < 8 * much.size()) {
    const ssize_t n =
        send(ends.client.get(), much.data(),
             std::min(much.size(), 8 * much.size() - sent), MSG_NOSIGNAL);
    if (n > 0) sent += static_cast<size_t>(n);
    const std::string got = Receive(ends.target, 1);
    ASSERT_EQ(got, "x");
    char buffer[65'536];
    const ssize_t more = recv(ends.target.get(), buffer, sizeof(buffer), 0);
    received += 1 + static_cast<size_t>(std::max<ssize_t>(more, 0));
  }
  EXPECT_EQ(received, 8 * much.size());
}

TEST_F(LineProxyTest, ACutResetsAndRefusesUntilItIsHealed) {
  const Target::Ends ends = hub_.Connect();
  const uint16_t port = proxy_->port(hub_.line());
  proxy_->Cut(hub_.line(), CutKind::kReset);
  EXPECT_EQ(Receive(ends.client, 1), "!reset");
  EXPECT_EQ(Receive(ends.target, 1), "!reset");
  EXPECT_FALSE(hub_.Dial().valid());

  ASSERT_TRUE(proxy_->Heal(hub_.line()).ok());
  EXPECT_EQ(proxy_->port(hub_.line()), port);
  const Target::Ends again = hub_.Connect();
  ASSERT_TRUE(Send(again.client, "sale"));
  EXPECT_EQ(Receive(again.target, 4), "sale");
}

TEST_F(LineProxyTest, AStallPassesNothingAndTellsNobody) {
  const Target::Ends ends = hub_.Connect();
  proxy_->Cut(hub_.line(), CutKind::kStall);
  ASSERT_TRUE(Send(ends.client, "sale"));
  const Fd later = hub_.Dial();
  EXPECT_TRUE(later.valid()) << "the kernel takes the connection";
  LetTheProxyTurn();
  EXPECT_FALSE(Readable(ends.target, 0));
  EXPECT_FALSE(Readable(ends.client, 0));
  EXPECT_FALSE(Readable(hub_.listener(), 0)) << "but the hub hears nothing";

  ASSERT_TRUE(proxy_->Heal(hub_.line()).ok());
  EXPECT_EQ(Receive(ends.target, 4), "sale");
  EXPECT_TRUE(Readable(hub_.listener(), kLongMillis));
}

TEST_F(LineProxyTest, CutsCanFollowEachOther) {
  const Target::Ends ends = hub_.Connect();
  proxy_->Cut(hub_.line(), CutKind::kStall);
  proxy_->Cut(hub_.line(), CutKind::kReset);
  EXPECT_EQ(Receive(ends.client, 1), "!reset");
  EXPECT_FALSE(hub_.Dial().valid());
  proxy_->Cut(hub_.line(), CutKind::kStall);
  EXPECT_FALSE(hub_.Dial().valid()) << "nobody listens until it is healed";
  ASSERT_TRUE(proxy_->Heal(hub_.line()).ok());
  hub_.Connect();
}

TEST_F(LineProxyTest, ASlowLineDelaysEachWay) {
  const Target::Ends ends = hub_.Connect();
  const absl::Duration delay = absl::Milliseconds(40);
  proxy_->Slow(hub_.line(), {.delay = delay});
  const absl::Duration start = SystemClock().MonotonicNow();
  ASSERT_TRUE(Send(ends.client, "sale"));
  EXPECT_EQ(Receive(ends.target, 4), "sale");
  ASSERT_TRUE(Send(ends.target, "ack"));
  EXPECT_EQ(Receive(ends.client, 3), "ack");
  EXPECT_GE(SystemClock().MonotonicNow() - start, 2 * delay);
}

TEST_F(LineProxyTest, ASlowLineHoldsItsRate) {
  proxy_->Slow(hub_.line(), {.bytes_per_second = 50'000});
  const Target::Ends ends = hub_.Connect();  // also those that come later
  const absl::Duration start = SystemClock().MonotonicNow();
  ASSERT_TRUE(Send(ends.client, std::string(5'000, 'x')));
  EXPECT_EQ(Receive(ends.target, 5'000).size(), 5'000u);
  EXPECT_GE(SystemClock().MonotonicNow() - start, absl::Milliseconds(100));
}

TEST_F(LineProxyTest, HealingLetsOutWhatASlowLineHolds) {
  const Target::Ends ends = hub_.Connect();
  proxy_->Slow(hub_.line(), {.delay = absl::Hours(1)});
  ASSERT_TRUE(Send(ends.client, "sale"));
  LetTheProxyTurn();
  EXPECT_FALSE(Readable(ends.target, 0));
  ASSERT_TRUE(proxy_->Heal(hub_.line()).ok());
  EXPECT_EQ(Receive(ends.target, 4), "sale");
}

TEST_F(LineProxyTest, ATargetThatIsDownResetsTheClient) {
  hub_.StopListening();
  const Fd client = hub_.Dial();
  if (client.valid()) {
    EXPECT_EQ(Receive(client, 1), "!reset");
  }
}

TEST_F(LineProxyTest, ATargetMayMove) {
  Target moved(proxy_.get());
  proxy_->SetTarget(hub_.line(), moved.port());
  const Fd client = hub_.Dial();
  ASSERT_TRUE(Readable(moved.listener(), kLongMillis));
  const Fd target = Accept(moved.listener());
  ASSERT_TRUE(Send(client, "sale"));
  EXPECT_EQ(Receive(target, 4), "sale");
}

TEST_F(LineProxyTest, BoundsTheConnectionsOfALine) {
  std::vector<Target::Ends> all;
  for (size_t i = 0; i < LineProxy::kConnectionsPerLineMax; ++i) {
    all.push_back(hub_.Connect());
  }
  EXPECT_EQ(Receive(hub_.Dial(), 1), "!reset");
  all.pop_back();
  LetTheProxyTurn();
  ASSERT_TRUE(Send(all.front().client, "sale"));
  EXPECT_EQ(Receive(all.front().target, 4), "sale");
}

TEST_F(LineProxyTest, ResetsAllWhenItGoes) {
  const Target::Ends ends = hub_.Connect();
  proxy_.reset();
  EXPECT_EQ(Receive(ends.client, 1), "!reset");
  EXPECT_EQ(Receive(ends.target, 1), "!reset");
}

}  // namespace
}  // namespace branchline::drill

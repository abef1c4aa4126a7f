// The server over real sockets: what a well-behaved client sees.
#include "sync/rpc/http/connect_server.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

#include "absl/synchronization/barrier.h"
#include "absl/synchronization/notification.h"
#include "sync/rpc/http/connect_code.h"
#include "sync/rpc/http/httplib_debian.h"
#include "sync/rpc/http/metrics.h"
#include "tests/sync/rpc/http/fake_till.h"
#include "tests/sync/rpc/http/raw_client.h"

namespace branchline {
namespace {

using testing::EchoRing;
using testing::FakeTill;
using ::testing::HasSubstr;
using testing::kAnyPort;
using testing::kRingJson;
using testing::kRingPath;
using testing::kRungJson;
using testing::RawClient;

int Serve(ConnectServer& server) {
  const auto bound = server.AddListener(kAnyPort);
  EXPECT_TRUE(bound.ok()) << bound.status();
  return bound.ok() ? bound->port : 0;
}

httplib::Result Ring(int port, const httplib::Headers& headers = {}) {
  httplib::Client client("127.0.0.1", port);
  return client.Post(kRingPath, headers, kRingJson, "application/json");
}

std::string BodyOf(const httplib::Result& result) {
  return result ? result->body : httplib::to_string(result.error());
}

TEST(ConnectServerTest, RingsUpASale) {
  const UnaryRegistry till = FakeTill();
  ConnectServer server(&till, {});
  const auto response = Ring(Serve(server));
  ASSERT_TRUE(response);
  EXPECT_EQ(response->status, 200);
  EXPECT_EQ(response->get_header_value("Content-Type"), "application/json");
  EXPECT_EQ(response->body, kRungJson);
}

TEST(ConnectServerTest, OneConnectionServesManyRequests) {
  const UnaryRegistry till = FakeTill();
  ConnectServer server(&till, {});
  httplib::Client client("127.0.0.1", Serve(server));
  client.set_keep_alive(true);
  client.set_tcp_nodelay(true);
  for (int i = 0; i < 20; ++i) {
    const auto response = client.Post(kRingPath, kRingJson, "application/json");
    ASSERT_TRUE(response) << i;
    EXPECT_EQ(response->body, kRungJson);
  }
}

TEST(ConnectServerTest, TellsTheHandlerWhoCalls) {
  CallContext seen;
  const UnaryRegistry till =
      FakeTill([&seen](const CallContext& context, const auto&, auto*) {
        seen = context;
        return absl::OkStatus();
      });
  ConnectServer server(&till, {});
  ASSERT_TRUE(Ring(Serve(server), {{"Authorization", "Bearer till-7-key"}}));
  EXPECT_EQ(seen.bearer, "till-7-key");
  EXPECT_THAT(seen.peer, ::testing::StartsWith("127.0.0.1:"));
  EXPECT_TRUE(seen.is_loopback);
  EXPECT_FALSE(seen.is_encrypted);
}

TEST(ConnectServerTest, PassesEveryCodeOn) {
  absl::Status status;
  const UnaryRegistry till =
      FakeTill([&status](const auto&, const auto&, auto*) { return status; });
  ConnectServer server(&till, {});
  const int port = Serve(server);
  for (int code = 1; code <= 16; ++code) {
    status = absl::Status(static_cast<absl::StatusCode>(code), "the reason");
    const auto response = Ring(port);
    ASSERT_TRUE(response);
    EXPECT_EQ(response->status, ConnectCodeOf(status.code()).http_status);
    EXPECT_EQ(StatusFromConnect(response->status, response->body), status);
  }
}

TEST(ConnectServerTest, ServesTwoRequestsAtOnce) {
  absl::Barrier* both_inside = new absl::Barrier(2);
  const UnaryRegistry till = FakeTill(
      [both_inside](const auto& context, const auto& request, auto* response) {
        if (both_inside->Block()) delete both_inside;
        return EchoRing(context, request, response);
      });
  ConnectServer server(&till, {});
  const int port = Serve(server);
  std::thread other([port] { EXPECT_EQ(BodyOf(Ring(port)), kRungJson); });
  EXPECT_EQ(BodyOf(Ring(port)), kRungJson);
  other.join();
}

TEST(ConnectServerTest, ShowsHealthAndMetrics) {
  const UnaryRegistry till = FakeTill();
  Metrics metrics;
  absl::Status health;
  ConnectOptions options;
  options.healthy = [&health] { return health; };
  options.metrics_text = [&metrics] { return metrics.Text(); };
  options.observe = [&metrics](absl::string_view method, absl::StatusCode code,
                               absl::Duration) {
    metrics
        .Counter("branchline_edge_calls_total", "Calls.",
                 {{"method", std::string(method)},
                  {"code", absl::StatusCodeToString(code)}})
        ->Increment();
  };
  ConnectServer server(&till, options);
  const int port = Serve(server);
  ASSERT_TRUE(Ring(port));
  httplib::Client client("127.0.0.1", port);
  EXPECT_EQ(client.Get("/healthz")->status, 200);
  health = absl::FailedPreconditionError("disk is full: make room");
  const auto ill = client.Get("/healthz");
  EXPECT_EQ(ill->status, 503);
  EXPECT_THAT(ill->body, HasSubstr("disk is full: make room"));
  const auto shown = client.Get("/metrics");
  EXPECT_EQ(shown->status, 200);
  EXPECT_THAT(shown->get_header_value("Content-Type"),
              HasSubstr("text/plain; version=0.0.4"));
  EXPECT_THAT(shown->body,
              HasSubstr("branchline_edge_calls_total{code=\"OK\",method="
                        "\"branchline.v1.Till/Ring\"} 1\n"));
}

TEST(ConnectServerTest, AnIdleConnectionMakesRoom) {
  const UnaryRegistry till = FakeTill();
  HttpLimits limits;
  limits.workers = 1;
  limits.idle_timeout = absl::Hours(1);
  ConnectServer server(&till, {}, limits);
  const int port = Serve(server);
  httplib::Client idle("127.0.0.1", port);
  idle.set_keep_alive(true);
  ASSERT_TRUE(idle.Get("/healthz"));
  EXPECT_EQ(BodyOf(Ring(port)), kRungJson);
  EXPECT_TRUE(idle.Get("/healthz"));  // On a new connection.
}

TEST(ConnectServerTest, ListenersComeAndGo) {
  const UnaryRegistry till = FakeTill();
  ConnectServer server(&till, {});
  const auto first = server.AddListener(kAnyPort);
  const auto second = server.AddListener("[::1]:0");
  ASSERT_TRUE(first.ok());
  ASSERT_TRUE(second.ok()) << second.status();
  EXPECT_EQ(second->address, absl::StrCat("[::1]:", second->port));
  httplib::Client client("::1", second->port);
  EXPECT_EQ(client.Get("/healthz")->status, 200);

  EXPECT_EQ(server.RemoveListener(first->id, absl::Seconds(10)),
            absl::OkStatus());
  EXPECT_FALSE(RawClient(first->port).connected());
  EXPECT_EQ(server.RemoveListener(first->id, absl::Seconds(10)).code(),
            absl::StatusCode::kNotFound);
  EXPECT_EQ(client.Get("/healthz")->status, 200);
}

TEST(ConnectServerTest, SaysWhyItCannotListen) {
  const UnaryRegistry till = FakeTill();
  ConnectServer server(&till, {});
  const auto first = server.AddListener(kAnyPort);
  ASSERT_TRUE(first.ok());
  const auto error = [&server](absl::string_view address) {
    return server.AddListener(address).status();
  };
  EXPECT_EQ(error(first->address).code(),
            absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(std::string(error(first->address).message()),
              HasSubstr("Address already in use: stop the program"));
  EXPECT_EQ(error("0.0.0.0:0").code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(std::string(error("0.0.0.0:0").message()),
              HasSubstr("keys would cross the network in the clear"));
  for (const char* bad :
       {"", "localhost:80", "127.0.0.1", "127.0.0.1:", "127.0.0.1:65536",
        "127.0.0.1:-1", "[::1:80", ":80"}) {
    EXPECT_EQ(error(bad).code(), absl::StatusCode::kInvalidArgument) << bad;
  }
}

TEST(ConnectServerTest, StopLetsARunningRequestFinish) {
  absl::Notification inside, go_on;
  const UnaryRegistry till =
      FakeTill([&](const auto& context, const auto& request, auto* response) {
        inside.Notify();
        go_on.WaitForNotification();
        return EchoRing(context, request, response);
      });
  HttpLimits limits;
  limits.idle_timeout = absl::Hours(1);
  ConnectServer server(&till, {}, limits);
  const int port = Serve(server);
  RawClient idle(port);  // Does not hold Stop() up.
  std::thread client([port] {
    httplib::Client keeps_alive("127.0.0.1", port);
    keeps_alive.set_keep_alive(true);
    const auto response =
        keeps_alive.Post(kRingPath, kRingJson, "application/json");
    ASSERT_TRUE(response);
    EXPECT_EQ(response->body, kRungJson);
    EXPECT_EQ(response->get_header_value("Connection"), "close");
  });
  inside.WaitForNotification();
  absl::Status stopped = absl::UnknownError("not yet");
  std::thread stop([&] { stopped = server.Stop(absl::InfiniteDuration()); });
  EXPECT_EQ(idle.ReadToEnd(), "");  // Stop() has begun.
  go_on.Notify();
  client.join();
  stop.join();
  EXPECT_EQ(stopped, absl::OkStatus());
  EXPECT_EQ(server.Stop(absl::ZeroDuration()), absl::OkStatus());
  EXPECT_EQ(server.AddListener(kAnyPort).status().code(),
            absl::StatusCode::kFailedPrecondition);
}

TEST(ConnectServerTest, StopCutsWhatTakesTooLong) {
  absl::Notification inside, go_on;
  const UnaryRegistry till = FakeTill([&](const auto&, const auto&, auto*) {
    inside.Notify();
    go_on.WaitForNotification();
    return absl::OkStatus();
  });
  ConnectServer server(&till, {});
  const int port = Serve(server);
  std::thread client([&] {
    httplib::Client patient("127.0.0.1", port);
    patient.set_read_timeout(std::chrono::hours(1));
    // Cut while the handler still runs.
    EXPECT_FALSE(patient.Post(kRingPath, kRingJson, "application/json"));
    go_on.Notify();
  });
  inside.WaitForNotification();
  const absl::Status stopped = server.Stop(absl::Milliseconds(1));
  client.join();
  EXPECT_EQ(stopped.code(), absl::StatusCode::kDeadlineExceeded);
  EXPECT_THAT(std::string(stopped.message()),
              HasSubstr("1 connections were still in work after 1ms"));
}

}  // namespace
}  // namespace branchline

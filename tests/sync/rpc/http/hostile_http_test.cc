// What a broken or hostile peer gets, and that the next one is served anyway.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <optional>

#include "absl/strings/str_cat.h"
#include "absl/synchronization/notification.h"
#include "sync/rpc/http/connect_server.h"
#include "tests/sync/rpc/http/fake_till.h"
#include "tests/sync/rpc/http/raw_client.h"

namespace branchline {
namespace {

using ::testing::AllOf;
using testing::EchoRing;
using ::testing::EndsWith;
using testing::Exchange;
using testing::FakeTill;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::kRingJson;
using testing::kRungJson;
using ::testing::Not;
using testing::RawClient;
using testing::RingPost;
using ::testing::StartsWith;

std::string WithLength(absl::string_view body) {
  return RingPost(absl::StrCat("Content-Length: ", body.size(), "\r\n"), body);
}

int Count(absl::string_view text, absl::string_view part) {
  int count = 0;
  for (size_t at = text.find(part); at != absl::string_view::npos;
       at = text.find(part, at + part.size())) {
    ++count;
  }
  return count;
}

class HostileHttpTest : public ::testing::Test {
 protected:
  void Start() {
    server_.emplace(&till_, ConnectOptions{}, limits_);
    const auto bound = server_->AddListener("127.0.0.1:0");
    ASSERT_TRUE(bound.ok()) << bound.status();
    port_ = bound->port;
  }
  void TearDown() override {
    if (!server_.has_value()) return;
    EXPECT_THAT(Exchange(port_, WithLength(kRingJson)),
                AllOf(StartsWith("HTTP/1.1 200 "), EndsWith(kRungJson)))
        << "the next request";
    server_.reset();
  }

  // For handlers: declared first, they outlive the server.
  std::atomic<bool> first_ = true;
  absl::Notification inside_, go_on_;
  UnaryRegistry till_ = FakeTill();
  HttpLimits limits_;
  std::optional<ConnectServer> server_;
  int port_ = 0;
};

TEST_F(HostileHttpTest, NotHttpAtAll) {
  Start();
  EXPECT_THAT(Exchange(port_, "EHLO mail.example\r\n\r\n"),
              AllOf(StartsWith("HTTP/1.1 400 "),
                    HasSubstr("\"code\":\"invalid_argument\""),
                    HasSubstr("not well-formed HTTP/1.1")));
  EXPECT_THAT(Exchange(port_, std::string(64, '\0')), Not(HasSubstr("200 OK")));
  EXPECT_THAT(Exchange(port_, ""), IsEmpty());
}

TEST_F(HostileHttpTest, HttpLeftMidway) {
  Start();
  EXPECT_THAT(Exchange(port_, "POST /branchline.v1.Till/Ring HTTP/1.1\r\nHo"),
              Not(HasSubstr("200 OK")));
  EXPECT_THAT(Exchange(port_, RingPost("Content-Length: 900\r\n", "{}")),
              AllOf(StartsWith("HTTP/1.1 400 "), HasSubstr("cut short")));
}

TEST_F(HostileHttpTest, EndlessHeaders) {
  Start();
  std::string many = "GET /healthz HTTP/1.1\r\n";
  for (int i = 0; i < 3'000; ++i) absl::StrAppend(&many, "X-A: b\r\n");
  EXPECT_THAT(
      Exchange(port_, many),
      AllOf(StartsWith("HTTP/1.1 431 "), HasSubstr("longer than 16384 bytes")));
  const std::string one_line =
      absl::StrCat("GET /healthz HTTP/1.1\r\nX-A: ", std::string(1 << 20, 'x'));
  EXPECT_THAT(Exchange(port_, one_line), StartsWith("HTTP/1.1 431 "));
  // A request line without an end gets no answer, but an end.
  EXPECT_THAT(Exchange(port_, absl::StrCat("GET /", std::string(1 << 20, 'x'))),
              IsEmpty());
}

// The library matches this one header with std::regex, which recurses.
TEST_F(HostileHttpTest, ALongRangeHeader) {
  Start();
  for (const char* part : {"0-1,", "0-1, ", " ", "9"}) {
    std::string ranges = "bytes=0-0";
    while (ranges.size() < 8'000) absl::StrAppend(&ranges, part);
    EXPECT_THAT(Exchange(port_, absl::StrCat("GET /healthz HTTP/1.1\r\nRange: ",
                                             ranges, "\r\n\r\n")),
                StartsWith("HTTP/1.1 "));
  }
  EXPECT_THAT(
      Exchange(port_, "GET /healthz HTTP/1.1\r\nRange: bytes=0-1\r\n\r\n"),
      AllOf(StartsWith("HTTP/1.1 200 "), EndsWith("{\"status\":\"ok\"}")));
}

TEST_F(HostileHttpTest, BodyOverTheLimit) {
  Start();
  const std::string most = absl::StrCat(
      kRingJson, std::string(kBodyBytesMax - strlen(kRingJson), ' '));
  EXPECT_THAT(Exchange(port_, WithLength(most)), EndsWith(kRungJson));
  EXPECT_THAT(
      Exchange(port_, WithLength(absl::StrCat(most, " "))),
      AllOf(StartsWith("HTTP/1.1 413 "), HasSubstr("Connection: close"),
            HasSubstr("\"code\":\"resource_exhausted\""),
            HasSubstr("1048577 bytes, at most 1048576 bytes are taken")));
}

// Closing on a peer that still sends makes some kernels drop our answer.
TEST_F(HostileHttpTest, ARefusedPeerMaySendToItsEnd) {
  Start();
  RawClient client(port_);
  EXPECT_TRUE(client.Send(WithLength(std::string(7 << 20, ' '))));
  EXPECT_THAT(client.ReadToEnd(), StartsWith("HTTP/1.1 413 "));
}

TEST_F(HostileHttpTest, ARefusedPeerDoesNotSendForEver) {
  limits_.linger_bytes_max = 64 << 10;
  Start();
  RawClient client(port_);
  EXPECT_FALSE(client.Send(WithLength(std::string(64 << 20, ' '))));
}

TEST_F(HostileHttpTest, ARefusedPeerDoesNotHoldAWorker) {
  limits_.workers = 1;
  limits_.linger_timeout = absl::Milliseconds(50);
  Start();
  RawClient client(port_);
  ASSERT_TRUE(client.Send(RingPost("Content-Length: 9999999\r\n", "")));
  EXPECT_EQ(Count(Exchange(port_, WithLength(kRingJson)), " 200 OK"), 1);
}

TEST_F(HostileHttpTest, ChunkedBodies) {
  Start();
  const std::string header = "Transfer-Encoding: chunked\r\n";
  const auto chunk = [](absl::string_view bytes) {
    return absl::StrCat(absl::Hex(bytes.size()), "\r\n", bytes, "\r\n");
  };
  const absl::string_view json = kRingJson;
  EXPECT_THAT(
      Exchange(port_, RingPost(header, absl::StrCat(chunk(json.substr(0, 9)),
                                                    chunk(json.substr(9)),
                                                    "0\r\n\r\n"))),
      EndsWith(kRungJson));
  std::string long_body;
  for (int i = 0; i < 20; ++i) {
    absl::StrAppend(&long_body, chunk(std::string(64 << 10, ' ')));
  }
  EXPECT_THAT(
      Exchange(port_, RingPost(header, absl::StrCat(long_body, "0\r\n\r\n"))),
      AllOf(StartsWith("HTTP/1.1 413 "), HasSubstr("resource_exhausted")));
  std::string crumbs;  // Six bytes on the wire for one.
  for (size_t i = 0; i < kBodyBytesMax / 2; ++i) crumbs += chunk(" ");
  EXPECT_THAT(Exchange(port_, RingPost(header, crumbs)),
              StartsWith("HTTP/1.1 413 "));
  EXPECT_THAT(Exchange(port_, RingPost(header, "zz\r\n{}\r\n0\r\n\r\n")),
              StartsWith("HTTP/1.1 400 "));
}

TEST_F(HostileHttpTest, NoBodyDoesNotWaitForOne) {
  Start();
  RawClient client(port_);  // Keeps its side open.
  ASSERT_TRUE(client.Send(RingPost("Connection: close\r\n", "")));
  EXPECT_THAT(client.ReadToEnd(),
              AllOf(StartsWith("HTTP/1.1 400 "), HasSubstr("it is empty")));
}

TEST_F(HostileHttpTest, ARefusedBodyIsNotTakenForARequest) {
  Start();
  const std::string smuggled = WithLength(kRingJson);
  for (const std::string& headers :
       {absl::StrCat("Content-Length: ", smuggled.size(),
                     "\r\nContent-Encoding: gzip\r\n"),
        absl::StrCat("Content-Length: ", smuggled.size(),
                     "\r\nTransfer-Encoding: chunked\r\n"),
        absl::StrCat("Content-Length: 2\r\nContent-Length: ", smuggled.size(),
                     "\r\n")}) {
    const std::string answer = Exchange(port_, RingPost(headers, smuggled));
    EXPECT_EQ(Count(answer, "HTTP/1.1 "), 1) << answer;
    EXPECT_THAT(answer, Not(StartsWith("HTTP/1.1 200 ")));
  }
}

TEST_F(HostileHttpTest, RequestsInOneGoAreAnsweredInOrder) {
  Start();
  RawClient client(port_);  // Keeps its side open.
  ASSERT_TRUE(client.Send(
      absl::StrCat(WithLength(kRingJson), WithLength("{"),
                   "GET /healthz HTTP/1.1\r\nConnection: close\r\n\r\n")));
  const std::string answers = client.ReadToEnd();
  EXPECT_EQ(Count(answers, "HTTP/1.1 200 "), 2) << answers;
  EXPECT_EQ(Count(answers, "HTTP/1.1 400 "), 1) << answers;
  EXPECT_THAT(answers, EndsWith("{\"status\":\"ok\"}"));
}

TEST_F(HostileHttpTest, AConnectionEndsAfterItsRequests) {
  limits_.requests_per_connection_max = 2;
  Start();
  const std::string request = WithLength(kRingJson);
  const std::string answers =
      Exchange(port_, absl::StrCat(request, request, request));
  EXPECT_EQ(Count(answers, "HTTP/1.1 200 "), 2) << answers;
  EXPECT_EQ(Count(answers, "Connection: close"), 1) << answers;
}

TEST_F(HostileHttpTest, APeerThatStopsSending) {
  limits_.read_timeout = absl::Milliseconds(50);
  Start();
  RawClient in_head(port_);
  ASSERT_TRUE(in_head.Send("GET /healthz HTTP/1.1\r\nHost:"));
  RawClient in_body(port_);
  ASSERT_TRUE(in_body.Send(RingPost("Content-Length: 900\r\n", "{")));
  for (RawClient* client : {&in_head, &in_body}) {
    EXPECT_THAT(client->ReadToEnd(),
                AllOf(StartsWith("HTTP/1.1 408 "),
                      HasSubstr("did not arrive whole within 50ms")));
  }
}

TEST_F(HostileHttpTest, APeerThatSaysNothing) {
  limits_.idle_timeout = absl::Milliseconds(200);
  Start();
  RawClient silent(port_);
  EXPECT_THAT(silent.ReadToEnd(), IsEmpty());
}

TEST_F(HostileHttpTest, APeerThatIsGoneBeforeTheAnswer) {
  till_ = FakeTill(
      [this](const auto& context, const auto& request, auto* response) {
        if (first_) {
          first_ = false;
          inside_.Notify();
          go_on_.WaitForNotification();
          // More than the socket's buffer takes, so that the write must fail.
          response->mutable_sale()->set_member(std::string(8 << 20, 'x'));
        }
        return EchoRing(context, request, response);
      });
  Start();
  {
    RawClient leaves(port_);
    ASSERT_TRUE(leaves.Send(WithLength(kRingJson)));
    inside_.WaitForNotification();
  }
  go_on_.Notify();
}

TEST_F(HostileHttpTest, ACrowdIsToldToTryAgain) {
  limits_.workers = 1;
  limits_.connections_waiting_max = 1;
  till_ = FakeTill(
      [this](const auto& context, const auto& request, auto* response) {
        if (first_) {
          first_ = false;
          inside_.Notify();
          go_on_.WaitForNotification();
        }
        return EchoRing(context, request, response);
      });
  Start();
  RawClient in_work(port_);
  ASSERT_TRUE(in_work.Send(WithLength(kRingJson)));
  inside_.WaitForNotification();
  RawClient waits(port_);
  ASSERT_TRUE(waits.Send(WithLength(kRingJson)));
  RawClient one_too_many(port_);
  EXPECT_THAT(one_too_many.ReadToEnd(),
              AllOf(StartsWith("HTTP/1.1 503 "),
                    HasSubstr("\"code\":\"unavailable\"")));
  go_on_.Notify();
  in_work.SendNoMore();
  EXPECT_THAT(in_work.ReadToEnd(), EndsWith(kRungJson));
  waits.SendNoMore();
  EXPECT_THAT(waits.ReadToEnd(), EndsWith(kRungJson));
}

}  // namespace
}  // namespace branchline

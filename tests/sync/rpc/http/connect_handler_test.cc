#include "sync/rpc/http/connect_handler.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <stdexcept>

#include "tests/sync/rpc/http/fake_till.h"

namespace branchline {
namespace {

using ::testing::AllOf;
using testing::FakeTill;
using ::testing::Field;
using ::testing::HasSubstr;
using testing::kRingJson;
using testing::kRingPath;
using testing::kRungJson;

class StoppedClock final : public Clock {
 public:
  absl::Time WallNow() const override { return absl::UnixEpoch(); }
  absl::Duration MonotonicNow() const override { return absl::Seconds(100); }
};

HttpRequest GoodRing() {
  HttpRequest request;
  request.method = "POST";
  request.path = kRingPath;
  request.headers = {{"Content-Type", "application/json"}};
  request.body = kRingJson;
  request.started = absl::Seconds(100);
  return request;
}

class ConnectHandlerTest : public ::testing::Test {
 protected:
  ConnectHandlerTest() { options_.clock = &clock_; }

  HttpResponse Answer(const HttpRequest& request) {
    const ConnectHandler handler(&till_, options_);
    auto early = handler.BeforeBody(request);
    return early.has_value() ? *early : handler.Handle(request);
  }

  StoppedClock clock_;
  UnaryRegistry till_ = FakeTill();
  ConnectOptions options_;
};

auto Is(int status, const std::string& body_part) {
  return AllOf(Field(&HttpResponse::status, status),
               Field(&HttpResponse::body, HasSubstr(body_part)));
}

TEST_F(ConnectHandlerTest, RingsInJson) {
  const HttpResponse response = Answer(GoodRing());
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.content_type, "application/json");
  EXPECT_EQ(response.body, kRungJson);
}

TEST_F(ConnectHandlerTest, TakesTheNamesOfTheProtoToo) {
  HttpRequest request = GoodRing();
  request.body = R"({"header":{"command_id":"c2FsZS0x"},)"
                 R"("lines":[{"sku":"20","quantity_milli":1500}]})";
  EXPECT_EQ(Answer(request).body, kRungJson);
}

TEST_F(ConnectHandlerTest, RingsInProtobuf) {
  v1::RingRequest ring;
  ring.mutable_header()->set_command_id("sale-1");
  HttpRequest request = GoodRing();
  request.headers = {{"content-type", "application/proto"}};
  request.body = ring.SerializeAsString();
  const HttpResponse response = Answer(request);
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.content_type, "application/proto");
  v1::RingResponse rung;
  ASSERT_TRUE(rung.ParseFromString(response.body));
  EXPECT_EQ(rung.sale().receipt_no(), "sale-1");
}

TEST_F(ConnectHandlerTest, TakesWhatConnectClientsSend) {
  HttpRequest request = GoodRing();
  request.headers = {{"content-type", "Application/JSON; charset=utf-8"},
                     {"connect-protocol-version", "1"},
                     {"connect-timeout-ms", "5000"},
                     {"content-encoding", "identity"},
                     {"user-agent", "connect-es/2.0.0"}};
  EXPECT_EQ(Answer(request).body, kRungJson);
}

TEST_F(ConnectHandlerTest, TellsTheHandlerWhoCallsAndUntilWhen) {
  CallContext seen;
  till_ = FakeTill([&seen](const CallContext& context, const auto&, auto*) {
    seen = context;
    return absl::OkStatus();
  });
  HttpRequest request = GoodRing();
  request.headers.emplace_back("Accept-Language", "zh-TW, en;q=0.5");
  request.headers.emplace_back("Authorization", "bearer till-7-key");
  request.headers.emplace_back("Connect-Timeout-Ms", "2500");
  request.peer = "192.168.1.20:4711";
  request.is_encrypted = true;
  EXPECT_EQ(Answer(request).status, 200);
  EXPECT_EQ(seen.bearer, "till-7-key");
  EXPECT_EQ(seen.accept_language, "zh-TW, en;q=0.5");
  EXPECT_EQ(seen.peer, "192.168.1.20:4711");
  EXPECT_FALSE(seen.is_loopback);
  EXPECT_TRUE(seen.is_encrypted);
  EXPECT_EQ(seen.deadline, absl::Seconds(100) + absl::Milliseconds(2500));

  request.headers.pop_back();
  request.headers.back().second = "Basic dGlsbDpzZWNyZXQ=";
  EXPECT_EQ(Answer(request).status, 200);
  EXPECT_EQ(seen.bearer, "");
  EXPECT_EQ(seen.deadline, absl::InfiniteDuration());
}

TEST_F(ConnectHandlerTest, DoesNothingAfterTheDeadline) {
  bool called = false;
  till_ = FakeTill([&called](const auto&, const auto&, auto*) {
    called = true;
    return absl::OkStatus();
  });
  HttpRequest request = GoodRing();
  request.headers.emplace_back("connect-timeout-ms", "10");
  request.started = absl::Seconds(99);
  EXPECT_THAT(Answer(request), Is(504, "connect-timeout-ms of 10; nothing"));
  EXPECT_FALSE(called);
}

TEST_F(ConnectHandlerTest, PassesTheHandlersRefusalOn) {
  till_ = FakeTill([](const auto&, const auto&, auto*) {
    return absl::FailedPreconditionError("day is not open: open it first");
  });
  const HttpResponse response = Answer(GoodRing());
  EXPECT_EQ(response.status, 400);
  EXPECT_EQ(response.content_type, "application/json");
  EXPECT_EQ(response.body, R"({"code":"failed_precondition",)"
                           R"("message":"day is not open: open it first"})");
}

TEST_F(ConnectHandlerTest, AHandlerThatThrowsIsAnError) {
  till_ = FakeTill([](const auto&, const auto&, auto*) -> absl::Status {
    throw std::runtime_error("library trouble");
  });
  EXPECT_THAT(Answer(GoodRing()), Is(500, "library trouble"));
}

TEST_F(ConnectHandlerTest, ObservesCallsWithTheirCode) {
  std::string seen;
  options_.observe = [&seen](absl::string_view method, absl::StatusCode code,
                             absl::Duration) {
    seen = absl::StrCat(method, " ", absl::StatusCodeToString(code));
  };
  Answer(GoodRing());
  EXPECT_EQ(seen, "branchline.v1.Till/Ring OK");
}

struct RefusalCase {
  const char* name;
  void (*breakage)(HttpRequest&);
  int http_status;
  const char* code;
  const char* message;
};

class ConnectHandlerRefuses
    : public ConnectHandlerTest,
      public ::testing::WithParamInterface<RefusalCase> {};

TEST_P(ConnectHandlerRefuses, WithTheReason) {
  HttpRequest request = GoodRing();
  GetParam().breakage(request);
  const HttpResponse response = Answer(request);
  EXPECT_THAT(response, Is(GetParam().http_status, GetParam().message));
  EXPECT_THAT(response.body,
              HasSubstr(absl::StrCat("\"code\":\"", GetParam().code, "\"")));
}

template <int index>
void Body(HttpRequest& request) {
  static constexpr const char* kBodies[] = {
      R"({"header":)",
      R"({"linez":[]})",
      R"({"lines":[{"quantityMilli":"x"}]})",
      "",
      R"({"header":{"commandId":"!"}})",
      "[1]",
      "{} {}"};
  request.body = kBodies[index];
}

INSTANTIATE_TEST_SUITE_P(
    Rules, ConnectHandlerRefuses,
    ::testing::ValuesIn(std::vector<RefusalCase>{
        {"TwoLengths",
         [](HttpRequest& r) {
           r.headers.emplace_back("content-length", "3");
           r.headers.emplace_back("Content-Length", "4");
         },
         400, "invalid_argument", "2 content-length and 0 transfer-encoding"},
        {"LengthAndChunked",
         [](HttpRequest& r) {
           r.headers.emplace_back("content-length", "3");
           r.headers.emplace_back("transfer-encoding", "chunked");
         },
         400, "invalid_argument", "1 content-length and 1 transfer-encoding"},
        {"OddEncoding",
         [](HttpRequest& r) {
           r.headers.emplace_back("transfer-encoding", "gzip, chunked");
         },
         400, "invalid_argument", "transfer-encoding is \\\"gzip, chunked"},
        {"LengthNoNumber",
         [](HttpRequest& r) { r.headers.emplace_back("content-length", "-1"); },
         400, "invalid_argument",
         "content-length is \\\"-1\\\", want a number"},
        {"ForeignPage",
         [](HttpRequest& r) {
           r.headers.emplace_back("origin", "http://evil.example");
         },
         403, "permission_denied", "http://evil.example may not call"},
        {"OptionsWithoutOrigin", [](HttpRequest& r) { r.method = "OPTIONS"; },
         405, "unimplemented", "called with OPTIONS, it takes POST"},
        {"NoSuchMethod",
         [](HttpRequest& r) { r.path = "/branchline.v1.Till/Wring"; }, 404,
         "unimplemented", "no method /branchline.v1.Till/Wring"},
        {"NoSuchPath", [](HttpRequest& r) { r.path = "/a\xff\nb"; }, 404,
         "unimplemented", "no method /a\\\\xff\\\\nb"},
        {"WrongVerb", [](HttpRequest& r) { r.method = "GET"; }, 405,
         "unimplemented", "called with GET, it takes POST"},
        {"PostToHealth", [](HttpRequest& r) { r.path = "/healthz"; }, 405,
         "unimplemented", "it takes GET"},
        {"NoType", [](HttpRequest& r) { r.headers.clear(); }, 415,
         "invalid_argument", "want application/json or application/proto"},
        {"OtherType",
         [](HttpRequest& r) { r.headers[0].second = "application/grpc"; }, 415,
         "invalid_argument", "content-type is \\\"application/grpc\\\""},
        {"Compressed",
         [](HttpRequest& r) {
           r.headers.emplace_back("content-encoding", "gzip");
         },
         501, "unimplemented", "only identity is supported"},
        {"OtherProtocol",
         [](HttpRequest& r) {
           r.headers.emplace_back("connect-protocol-version", "2");
         },
         400, "invalid_argument", "connect-protocol-version is \\\"2\\\""},
        {"OddTimeout",
         [](HttpRequest& r) {
           r.headers.emplace_back("connect-timeout-ms", "5s");
         },
         400, "invalid_argument", "connect-timeout-ms is \\\"5s\\\""},
        {"LongTimeout",
         [](HttpRequest& r) {
           r.headers.emplace_back("connect-timeout-ms", "12345678901");
         },
         400, "invalid_argument", "want 1 to 10 digits"},
        {"TooLong",
         [](HttpRequest& r) {
           r.headers.emplace_back("content-length", "1048577");
         },
         413, "resource_exhausted", "1048577 bytes, at most 1048576"},
        {"TooLongToCount",
         [](HttpRequest& r) {
           r.headers.emplace_back("content-length", "99999999999999999999999");
         },
         413, "resource_exhausted", "at most 1048576"},
        {"CutJson", Body<0>, 400, "invalid_argument", "Unexpected end"},
        {"UnknownField", Body<1>, 400, "invalid_argument",
         "linez: Cannot find field"},
        {"NotANumber", Body<2>, 400, "invalid_argument",
         "(lines[0].quantity_milli): invalid value"},
        {"EmptyBody", Body<3>, 400, "invalid_argument", "it is empty"},
        {"NotBase64", Body<4>, 400, "invalid_argument",
         "(header.command_id): invalid value"},
        {"NotAnObject", Body<5>, 400, "invalid_argument", "RingRequest"},
        {"MoreAfterTheEnd", Body<6>, 400, "invalid_argument",
         "before end of input"},
        {"NotProtobuf",
         [](HttpRequest& r) { r.headers[0].second = "application/proto"; }, 400,
         "invalid_argument", "bytes that do not parse"},
        // Two rules broken: the earlier one wins.
        {"VerbBeforeType",
         [](HttpRequest& r) {
           r.method = "PUT";
           r.headers.clear();
         },
         405, "unimplemented", "called with PUT"},
    }),
    [](const auto& param) { return std::string(param.param.name); });

TEST_F(ConnectHandlerTest, LetsAllowedPagesIn) {
  options_.allowed_origins = {"https://till.example"};
  HttpRequest request = GoodRing();
  request.headers.emplace_back("Origin", "https://till.example");
  EXPECT_THAT(Answer(request).headers,
              ::testing::Contains(::testing::Pair("Access-Control-Allow-Origin",
                                                  "https://till.example")));
  request.method = "OPTIONS";
  EXPECT_EQ(Answer(request).status, 204);
  request.headers.back().second = "https://till.example.evil.example";
  EXPECT_EQ(Answer(request).status, 403);
}

TEST_F(ConnectHandlerTest, HealthSaysWhy) {
  HttpRequest request;
  request.method = "GET";
  request.path = "/healthz";
  EXPECT_THAT(Answer(request), Is(200, R"({"status":"ok"})"));
  options_.healthy = [] { return absl::DataLossError("journal is short"); };
  EXPECT_THAT(Answer(request), Is(503, "journal is short"));
}

TEST_F(ConnectHandlerTest, MetricsStayOnThisMachine) {
  HttpRequest request;
  request.method = "GET";
  request.path = "/metrics";
  request.is_loopback = true;
  EXPECT_THAT(Answer(request), Is(404, "keeps no metrics"));
  options_.metrics_text = [] { return "branchline_edge_sales_total 3\n"; };
  EXPECT_THAT(Answer(request), Is(200, "branchline_edge_sales_total 3"));
  request.is_loopback = false;
  EXPECT_THAT(Answer(request), Is(403, "this machine only"));
  options_.metrics_from_anywhere = true;
  EXPECT_THAT(Answer(request), Is(200, "branchline_edge_sales_total 3"));
}

}  // namespace
}  // namespace branchline

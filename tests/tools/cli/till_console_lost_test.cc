// Answers that do not come: the console asks again under the same id, also when
// the line is typed again, and no basket is lost in silence.

#include <sstream>
#include <string>

#include "absl/strings/str_split.h"
#include "edge/serve/call_context.h"
#include "sync/base/random.h"
#include "sync/rpc/grpc_status.h"
#include "tests/edge/till_fixture.h"
#include "tools/cli/till_console.h"

namespace branchline::cli {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

// The till service of a daemon that dies after it has committed, as often as it
// is told: what was asked is done, and the answer lost.
class LosingTill final : public v1::Till::Service {
 public:
  explicit LosingTill(TillApi* api) : api_(*api) {}

  int answers_to_lose = 0;
  std::string method_to_lose;  // empty: any

#define BL_DELEGATE(method, Req, Resp)                                        \
  grpc::Status method(grpc::ServerContext* context, const v1::Req* request,   \
                      v1::Resp* response) override {                          \
    const grpc::Status status =                                               \
        ToGrpc(api_.method(ContextOf(*context), *request, response));         \
    return IsLost(#method)                                                    \
               ? grpc::Status(grpc::StatusCode::UNAVAILABLE, "Socket closed") \
               : status;                                                      \
  }
  BL_DELEGATE(OpenDay, OpenDayRequest, OpenDayResponse)
  BL_DELEGATE(FindItem, FindItemRequest, FindItemResponse)
  BL_DELEGATE(Quote, RingRequest, QuoteResponse)
  BL_DELEGATE(Ring, RingRequest, RingResponse)
  BL_DELEGATE(SaveBasket, SaveBasketRequest, SaveBasketResponse)
  BL_DELEGATE(GetBasket, GetBasketRequest, Basket)
#undef BL_DELEGATE

 private:
  bool IsLost(absl::string_view method) {
    if (answers_to_lose == 0) return false;
    if (!method_to_lose.empty() && method != method_to_lose) return false;
    --answers_to_lose;
    return true;
  }

  TillApi& api_;
};

class TillConsoleLostTest : public TillFixture {
 protected:
  TillConsoleLostTest() {
    Serve();
    losing_ = std::make_unique<LosingTill>(api_.get());
    grpc::ServerBuilder builder;
    builder.RegisterService(losing_.get());
    losing_server_ = builder.BuildAndStart();
    losing_stub_ = v1::Till::NewStub(
        losing_server_->InProcessChannel(grpc::ChannelArguments()));
    console_ = std::make_unique<TillConsole>(
        losing_stub_.get(),
        TillConsole::Options{.key = kKey, .currency = "GBP"}, &clock_, &random_,
        &out_);
  }
  ~TillConsoleLostTest() override { losing_server_->Shutdown(); }

  std::string Do(const std::string& lines) {
    out_.str("");
    for (const auto line : absl::StrSplit(lines, '\n')) {
      EXPECT_THAT(console_->Do(std::string(line)), IsOk()) << line;
    }
    return out_.str();
  }
  void ExpectUnanswered(const std::string& line, const char* message) {
    EXPECT_THAT(console_->Do(line),
                StatusIs(absl::StatusCode::kUnavailable, HasSubstr(message)));
  }

  SeededRandom random_{7};
  std::ostringstream out_;
  std::unique_ptr<LosingTill> losing_;
  std::unique_ptr<grpc::Server> losing_server_;
  std::unique_ptr<v1::Till::Stub> losing_stub_;
  std::unique_ptr<TillConsole> console_;
};

TEST_F(TillConsoleLostTest, ASaleThatIsTypedAgainIsOneSale) {
  Do("open-day 2026-11-21\nadd PEN");
  const Cursor before = queue_->Head();
  losing_->answers_to_lose = 3;
  ExpectUnanswered("pay cash 5", "type it again as it was");
  EXPECT_EQ(queue_->Head().seq, before.seq + 1);
  // Something else in between that cannot be done twice either way.
  EXPECT_THAT(Do("basket"), HasSubstr("1.99"));
  EXPECT_THAT(Do("pay cash 5"), HasSubstr("receipt S014-T1-1-000001"));
  EXPECT_EQ(queue_->Head().seq, before.seq + 1);
  // The next one is the next one, though it asks the same.
  EXPECT_THAT(Do("add PEN\npay cash 5"), HasSubstr("receipt S014-T1-1-000002"));
}

TEST_F(TillConsoleLostTest, ARecalledBasketIsRungOnceToo) {
  Do("open-day 2026-11-21\nadd PEN\npark a\nrecall a");
  const Cursor before = queue_->Head();
  losing_->method_to_lose = "Ring";
  losing_->answers_to_lose = 3;
  ExpectUnanswered("pay", "type it again as it was");
  EXPECT_THAT(Do("pay"), HasSubstr("receipt S014-T1-1-000001"));
  EXPECT_EQ(queue_->Head().seq, before.seq + 1);
}

TEST_F(TillConsoleLostTest, WhatIsOnlyReadSaysWhoDoesNotAnswer) {
  Do("open-day 2026-11-21");
  losing_->answers_to_lose = 3;
  ExpectUnanswered("add PEN", "is branchline-edge at work?");
  EXPECT_THAT(Do("add PEN"), HasSubstr("1.99"));
}

TEST_F(TillConsoleLostTest, GoodsAreNotLostInSilence) {
  Do("open-day 2026-11-21\nadd PEN\npark a\nadd INK");
  EXPECT_THAT(console_->Do("recall a"),
              StatusIs(absl::StatusCode::kFailedPrecondition,
                       HasSubstr("the basket holds 1 lines: park it")));
  EXPECT_THAT(Do("basket"), HasSubstr("3.33"));
  Do("quit");
  EXPECT_TRUE(console_->done());
  out_.str("");
  EXPECT_TRUE(console_->StaysForGoods());
  EXPECT_FALSE(console_->done());
  EXPECT_THAT(out_.str(), HasSubstr("still holds goods"));
  Do("park b");
  EXPECT_FALSE(console_->StaysForGoods());
  EXPECT_THAT(console_->Do("park c"),
              StatusIs(absl::StatusCode::kFailedPrecondition,
                       HasSubstr("the basket is empty")));
}

TEST_F(TillConsoleLostTest, TheScreenShowsNotesAndTheCashThatWasGiven) {
  Do("open-day 2026-11-21\nadd PEN");
  EXPECT_THAT(
      Do("note 1 \"as a present\"\nnote all \"to table 4\""),
      AllOf(HasSubstr("\n  as a present\n"), HasSubstr("\nto table 4\n")));
  EXPECT_THAT(Do("pay cash 5"),
              AllOf(HasSubstr("cash                                  5.00"),
                    HasSubstr("change                                3.01")));
}

}  // namespace
}  // namespace branchline::cli

// Cards and phones at the console, by a terminal that follows a script.

#include <sstream>
#include <string>

#include "absl/strings/str_split.h"
#include "branchline/v1/till_payments.grpc.pb.h"
#include "sync/base/clock.h"
#include "sync/base/random.h"
#include "tests/tools/cli/console_fixture.h"
#include "tools/cli/till_console.h"

namespace branchline::cli {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

// A terminal that follows a script, with the ledger behind it.
class ScriptedPayments final : public v1::TillPaymentService::Service {
 public:
  explicit ScriptedPayments(CommitQueue* queue) : queue_(*queue) {}

  grpc::Status BeginPayment(grpc::ServerContext*,
                            const v1::BeginPaymentRequest* request,
                            v1::PaymentAnswer* answer) override {
    v1::PaymentAttempt& attempt = *answer->mutable_attempt();
    attempt.set_id(Hex(request->header().command_id()));
    attempt.set_sale_id(request->sale_id());
    attempt.set_means(request->code().empty() ? v1::PAYMENT_MEANS_TERMINAL
                                              : v1::PAYMENT_MEANS_WECHAT_PAY);
    attempt.set_kind(request->kind() == v1::PAYMENT_KIND_UNSPECIFIED
                         ? v1::PAYMENT_KIND_PAYMENT
                         : request->kind());
    attempt.set_original_id(request->original_id());
    attempt.set_state(v1::PAYMENT_STATE_STARTED);
    attempt.set_device("card1");
    attempt.set_amount_minor(request->amount_minor());
    attempt.set_currency("GBP");
    answer->set_words("Under way.");
    Record(attempt);
    last_ = attempt;
    return grpc::Status::OK;
  }
  grpc::Status AwaitPayment(grpc::ServerContext*,
                            const v1::AwaitPaymentRequest*,
                            v1::PaymentAnswer* answer) override {
    last_.set_state(next_);
    last_.set_done_minor(next_ == v1::PAYMENT_STATE_DONE ? last_.amount_minor()
                                                         : 0);
    Record(last_);
    *answer->mutable_attempt() = last_;
    answer->set_settled(next_ != v1::PAYMENT_STATE_OPEN);
    answer->set_needs_hand(next_ == v1::PAYMENT_STATE_OPEN);
    answer->set_words(answer->settled() ? "Settled." : "Nobody knows.");
    return grpc::Status::OK;
  }
  grpc::Status ListPayments(grpc::ServerContext*,
                            const v1::ListPaymentsRequest*,
                            v1::ListPaymentsResponse* list) override {
    *list->add_sales()->mutable_payments()->add_attempts() = last_;
    return grpc::Status::OK;
  }

  v1::PaymentState next_ = v1::PAYMENT_STATE_DONE;
  v1::PaymentAttempt last_;

 private:
  void Record(const v1::PaymentAttempt& attempt) {
    EXPECT_THAT(queue_.Execute({"T1", SystemClock().WallNow(),
                                RecordPaymentCommand{attempt, ""}}),
                IsOk());
  }
  CommitQueue& queue_;
};

class TillConsolePayTest : public ConsoleFixture {
 protected:
  TillConsolePayTest() {
    Serve();
    scripted_ = std::make_unique<ScriptedPayments>(queue_.get());
    grpc::ServerBuilder builder;
    builder.RegisterService(scripted_.get());
    payment_server_ = builder.BuildAndStart();
    payments_ = v1::TillPaymentService::NewStub(
        payment_server_->InProcessChannel(grpc::ChannelArguments()));
    TillConsole::Options options;
    options.key = kKey;
    options.currency = "GBP";
    options.payments = payments_.get();
    console_ = std::make_unique<TillConsole>(stub_.get(), options, &clock_,
                                             &random_, &out_);
  }
  ~TillConsolePayTest() override {
    console_.reset();  // before the stub that it uses
    payment_server_->Shutdown();
  }

  std::unique_ptr<ScriptedPayments> scripted_;
  std::unique_ptr<grpc::Server> payment_server_;
  std::unique_ptr<v1::TillPaymentService::Stub> payments_;
};

TEST_F(TillConsolePayTest, TakesCardsAndPhonesAndRingsThemUp) {
  Do("open-day 2026-11-21\nadd PEN 3");
  EXPECT_THAT(console_->Do("terminal x"),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("x")));
  EXPECT_THAT(Do("terminal 4.00"),
              AllOf(HasSubstr("Under way."), HasSubstr("Settled.")));
  const std::string first = scripted_->last_.id();
  EXPECT_THAT(console_->Do("park table-4"),
              StatusIs(absl::StatusCode::kFailedPrecondition,
                       HasSubstr("this basket was paid")));
  // The rest by phone, which fails once.
  scripted_->next_ = v1::PAYMENT_STATE_FAILED;
  Do("phone 134512345678901234");
  EXPECT_EQ(scripted_->last_.amount_minor(), 197);
  scripted_->next_ = v1::PAYMENT_STATE_DONE;
  Do("phone 134512345678901234");
  EXPECT_THAT(Do("payments"), HasSubstr("card1 takes 1.97"));
  const std::string receipt = Do("pay");
  EXPECT_THAT(receipt, AllOf(HasSubstr("card"), HasSubstr("4.00"),
                             HasSubstr("1.97"), HasSubstr("5.97")));
  EXPECT_THAT(console_->Do("pay"),
              StatusIs(absl::StatusCode::kFailedPrecondition,
                       HasSubstr("the basket is empty")));
}

TEST_F(TillConsolePayTest, AnOpenPaymentSellsNothing) {
  Do("open-day 2026-11-21\nadd PEN");
  scripted_->next_ = v1::PAYMENT_STATE_OPEN;
  EXPECT_THAT(Do("terminal"), HasSubstr("Nobody knows."));
  EXPECT_THAT(console_->Do("pay cash 1.99"),
              StatusIs(absl::StatusCode::kFailedPrecondition,
                       HasSubstr("nobody knows yet")));
}

}  // namespace
}  // namespace branchline::cli

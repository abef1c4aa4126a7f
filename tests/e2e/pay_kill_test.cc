// The branch's real daemon is killed at random moments while customers pay by
// card: what their cards lost is what the receipts say, to the penny, and what
// nobody can know is listed and sold against nothing.

#include <grpcpp/create_channel.h>

#include <fstream>
#include <functional>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/synchronization/notification.h"
#include "branchline/v1/till.grpc.pb.h"
#include "branchline/v1/till_payments.grpc.pb.h"
#include "devices/terminal/terminal_emulator_server.h"
#include "sync/base/bytes.h"
#include "sync/base/clock.h"
#include "tests/e2e/kill_fixture.h"

namespace branchline::drill {
namespace {

constexpr int kCustomers = 12;
constexpr int kPounds = 826;  // ISO 4217
constexpr int64_t kMinor = 1'250;

class PayKillTest : public KillFixture {
 protected:
  void SetUp() override {
    KillFixture::SetUp();
    auto port = OpenTcpPort();
    ASSERT_TRUE(port.ok()) << port.status();
    terminal_ = std::make_unique<TerminalEmulatorServer>(*std::move(port),
                                                         &SystemClock());
    terminal_->With([](TerminalEmulator& terminal) {
      terminal.SetCurrency(kPounds);
      terminal.SetTime(0, 0);
    });
    std::ofstream(rig_->edge_dir(0) + "/devices.json")
        << "{\"devices\":[{\"name\":\"card1\",\"kind\":\"terminal\","
           "\"address\":\""
        << terminal_->address()
        << "\"}],\"tills\":[{\"till\":\"T1\",\"terminal\":\"card1\"}]}";
    Connect();
  }

  void Connect() {
    const auto channel =
        grpc::CreateChannel(absl::StrCat("127.0.0.1:", rig_->till_port(0)),
                            grpc::InsecureChannelCredentials());
    payments_ = v1::TillPaymentService::NewStub(channel);
    till_ = v1::Till::NewStub(channel);
  }
  template <typename Stub, typename Method, typename Request, typename Response>
  grpc::Status Call(Stub& stub, Method method, const Request& request,
                    Response* response) {
    grpc::ClientContext context;
    context.AddMetadata("authorization",
                        absl::StrCat("Bearer ", tills_[0].key));
    context.set_deadline(
        absl::ToChronoTime(SystemClock().WallNow() + absl::Seconds(20)));
    return (stub.get()->*method)(&context, request, response);
  }
  static bool Within60s(const std::function<bool()>& what) {
    absl::Notification never;
    for (int i = 0; i < 600; ++i) {
      if (what()) return true;
      never.WaitForNotificationWithTimeout(absl::Milliseconds(100));
    }
    return what();
  }

  v1::OpenSale Standing(const std::string& sale_id) {
    v1::ListPaymentsRequest request;
    request.set_sale_id(sale_id);
    v1::ListPaymentsResponse response;
    const grpc::Status status =
        Call(payments_, &v1::TillPaymentService::Stub::ListPayments, request,
             &response);
    EXPECT_TRUE(status.ok()) << status.error_message();
    return response.sales_size() > 0 ? response.sales(0) : v1::OpenSale();
  }
  grpc::Status Begin(const std::string& sale_id) {
    v1::BeginPaymentRequest request;
    request.mutable_header()->set_command_id(
        absl::StrFormat("pay %12s", sale_id));
    request.set_sale_id(sale_id);
    request.set_amount_minor(kMinor);
    v1::PaymentAnswer answer;
    return Call(payments_, &v1::TillPaymentService::Stub::BeginPayment, request,
                &answer);
  }
  // What a till does that was switched off: asks, waits, sells if it may.
  // Returns what the receipt says was paid by card.
  int64_t Finish(const std::string& sale_id) {
    v1::OpenSale standing;
    EXPECT_TRUE(Within60s([&] {
      standing = Standing(sale_id);
      for (const auto& attempt : standing.payments().attempts()) {
        const bool ended = attempt.state() == v1::PAYMENT_STATE_DONE ||
                           attempt.state() == v1::PAYMENT_STATE_FAILED ||
                           attempt.state() == v1::PAYMENT_STATE_REVERSED ||
                           attempt.state() == v1::PAYMENT_STATE_OPEN;
        if (!ended) return false;
      }
      return true;
    })) << standing.DebugString();
    int64_t taken_minor = 0;
    v1::RingRequest ring;
    ring.set_payment_sale_id(sale_id);
    v1::RingLine* line = ring.add_lines();
    line->set_sku("PEN");
    line->set_quantity_milli(1'000);
    line->set_unit_price_minor_e4(kMinor * 10'000);
    for (v1::PaymentAttempt attempt : standing.payments().attempts()) {
      if (attempt.state() == v1::PAYMENT_STATE_OPEN) {
        ++open_;
        attempt = Settle(attempt);
      }
      if (attempt.state() != v1::PAYMENT_STATE_DONE) continue;
      taken_minor += attempt.done_minor();
      v1::Tender* tender = ring.add_tenders();
      tender->set_kind(v1::TENDER_KIND_CARD);
      tender->set_amount_minor(attempt.done_minor());
      tender->set_payment_id(attempt.id());
    }
    ring.mutable_header()->set_command_id(absl::StrFormat("ring%12s", sale_id));
    v1::RingResponse sold;
    const grpc::Status rung = Call(till_, &v1::Till::Stub::Ring, ring, &sold);
    EXPECT_TRUE(rung.ok()) << rung.error_message();
    return taken_minor;
  }
  // A person asks the customer's bank.
  v1::PaymentAttempt Settle(const v1::PaymentAttempt& attempt) {
    v1::SettlePaymentRequest request;
    request.mutable_header()->set_command_id(
        absl::StrFormat("hand%12s", attempt.sale_id()));
    request.mutable_header()->set_staff("ada");
    request.set_payment_id(attempt.id());
    request.set_done_minor(Taken() - settled_minor_);
    request.set_ground("the bank's list");
    v1::PaymentAnswer answer;
    const grpc::Status status =
        Call(payments_, &v1::TillPaymentService::Stub::SettlePayment, request,
             &answer);
    EXPECT_TRUE(status.ok()) << status.error_message();
    return answer.attempt();
  }
  int64_t Taken() {
    int64_t taken = 0;
    terminal_->With(
        [&](TerminalEmulator& terminal) { taken = terminal.taken_minor(); });
    return taken;
  }

  std::unique_ptr<TerminalEmulatorServer> terminal_;
  std::unique_ptr<v1::TillPaymentService::Stub> payments_;
  std::unique_ptr<v1::Till::Stub> till_;
  int64_t settled_minor_ = 0;  // by cards, on receipts so far
  int open_ = 0;
};

TEST_F(PayKillTest, WhatCardsLostIsWhatReceiptsSay) {
  int killed = 0;
  for (int customer = 0; customer < kCustomers && !HasFailure(); ++customer) {
    const std::string sale_id = absl::StrCat("sale", customer);
    grpc::Status begun;
    ASSERT_TRUE(Within60s([&] {
      begun = Begin(sale_id);
      return begun.ok();
    })) << begun.error_message();
    absl::Notification never;
    never.WaitForNotificationWithTimeout(
        absl::Milliseconds(random_.Below(250)));
    rig_->KillEdge(0);
    ++killed;
    const absl::Status started = rig_->RestartEdge(0);
    ASSERT_TRUE(started.ok()) << started;
    Connect();
    settled_minor_ += Finish(sale_id);
    EXPECT_EQ(Taken(), settled_minor_) << sale_id;
  }
  v1::ListPaymentsResponse open;
  EXPECT_TRUE(Call(payments_, &v1::TillPaymentService::Stub::ListPayments,
                   v1::ListPaymentsRequest(), &open)
                  .ok());
  EXPECT_EQ(open.sales_size(), 0);
  EXPECT_LT(open_, kCustomers);  // the terminal knew of some
  EXPECT_GT(settled_minor_, 0);
  std::printf("  %d kills, %d of %d payments settled by hand, %d sales\n",
              killed, open_, kCustomers,
              static_cast<int>(SalesOnDisk().size()));
}

}  // namespace
}  // namespace branchline::drill

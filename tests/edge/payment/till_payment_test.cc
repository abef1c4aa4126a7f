// What a till asks of its terminal and its wallet, through the ledger, the
// device threads and real lines: ZVT over TCP, WeChat Pay over HTTPS.

#include <sys/stat.h>

#include <filesystem>
#include <fstream>

#include "absl/strings/str_cat.h"
#include "absl/synchronization/notification.h"
#include "devices/terminal/terminal_emulator_server.h"
#include "devices/wallet/wallet_emulator_server.h"
#include "edge/payment/compare_bill.h"
#include "edge/serve/till_payment_api.h"
#include "sync/base/random.h"
#include "tests/devices/wallet/wallet_world.h"
#include "tests/edge/till_fixture.h"

namespace branchline {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr int kPounds = 826;  // ISO 4217

class TillPaymentTest : public TillFixture {
 protected:
  TillPaymentTest() {
    EXPECT_THAT(OpenDay(), IsOk());
    std::string pattern = "/tmp/bl-payments-XXXXXX";
    dir_ = mkdtemp(pattern.data());
    std::filesystem::create_directory(dir_ + "/dev");
    std::filesystem::create_directory(dir_ + "/payments");
    auto port = OpenTcpPort();
    EXPECT_THAT(port, IsOk());
    terminal_ = std::make_unique<TerminalEmulatorServer>(*std::move(port),
                                                         &SystemClock());
    terminal_->With([](TerminalEmulator& terminal) {
      terminal.SetCurrency(kPounds);
      terminal.SetTime(0, 0);
    });
    WalletMerchant merchant = TestMerchant(PaymentMeans::kWeChatPay);
    merchant.currency = "GBP";
    wallet_ =
        *WalletEmulatorServer::Start(WalletEmulator(merchant), &SystemClock());
    Write("ca.pem", wallet_->certificate_pem());
    Write("wx.pem", wallet_->merchant_certificate_pem());
    Write("wx.key", wallet_->merchant_key_pem());
    Write("wx.conf",
          absl::StrCat("wallet = wechat\napp_id = ", merchant.app_id,
                       "\nmerchant_id = ", merchant.merchant_id,
                       "\nsub_merchant_id = ", merchant.sub_merchant_id,
                       "\nkey = ", merchant.key,
                       "\ncurrency = GBP\nhost = 127.0.0.1\nport = ",
                       wallet_->port(), "\nca_file = ", File("ca.pem"),
                       "\ncertificate_file = ", File("wx.pem"),
                       "\ncertificate_key_file = ", File("wx.key"), "\n"));
    std::ofstream(dir_ + "/devices.json") << absl::StrCat(
        R"({"devices":[{"name":"card1","kind":"terminal","address":")",
        terminal_->address(), R"("},{"name":"wx","kind":"wallet"}],)",
        R"("tills":[{"till":"T1","terminal":"card1","wallets":["wx"]}]})");
    Serve();
    StartDesk();
  }
  ~TillPaymentTest() override {
    StopDesk();
    server_->Shutdown();
    queue_->Stop();
    std::filesystem::remove_all(dir_);
  }

  std::string File(const std::string& name) const {
    return dir_ + "/payments/" + name;
  }
  void Write(const std::string& name, const std::string& text) {
    std::ofstream(File(name)) << text;
    chmod(File(name).c_str(), 0600);
  }
  void StartDesk() {
    DeviceDesk::Options options;
    options.data_dir = dir_;
    options.branch = "S014";
    options.branch_name = "High Street";
    options.currency = "GBP";
    options.time_zone = absl::UTCTimeZone();
    options.store = &store_;
    options.books = &core_->books();
    options.queue = queue_.get();
    options.clock = &SystemClock();
    options.random = &SystemRandom();
    options.dev_dir = dir_ + "/dev";
    desk_ = std::make_unique<DeviceDesk>(std::move(options));
    payments_ = std::make_unique<TillPaymentApi>(api_.get(), desk_.get());
    desk_->Start();
    ASSERT_TRUE(Within30s([&] {
      for (const v1::DeviceState& state : desk_->manager().States()) {
        if (!state.ready()) return false;
      }
      return desk_->manager().States().size() == 2;
    })) << desk_->Troubles();
  }
  void StopDesk() {
    desk_->Stop();
    payments_.reset();
    desk_.reset();
  }
  static bool Within30s(const std::function<bool()>& what) {
    absl::Notification never;
    for (int i = 0; i < 3'000; ++i) {
      if (what()) return true;
      never.WaitForNotificationWithTimeout(absl::Milliseconds(10));
    }
    return what();
  }

  v1::BeginPaymentRequest Pay(const std::string& sale, int64_t minor,
                              const std::string& code = "") {
    v1::BeginPaymentRequest request;
    request.set_sale_id(sale);
    request.set_amount_minor(minor);
    request.set_code(code);
    return WithId(request);
  }
  // Begins, and waits for its end.
  v1::PaymentAnswer Carry(const v1::BeginPaymentRequest& request) {
    v1::PaymentAnswer answer;
    absl::Status begun;
    EXPECT_TRUE(Within30s([&] {
      begun = payments_->BeginPayment(WithKey(), request, &answer);
      return !absl::IsFailedPrecondition(begun) && !absl::IsUnavailable(begun);
    }));
    EXPECT_THAT(begun, IsOk());
    Within30s([&] {
      v1::AwaitPaymentRequest wait;
      wait.set_payment_id(answer.attempt().id());
      wait.set_wait_ms(1'000);
      v1::PaymentAnswer now;
      EXPECT_THAT(payments_->AwaitPayment(WithKey(), wait, &now), IsOk());
      answer = now;
      return now.settled() || now.needs_hand();
    });
    return answer;
  }
  v1::RingResponse Ring(const std::string& sale, v1::TenderKind kind,
                        const v1::PaymentAttempt& payment) {
    v1::RingRequest request;
    request.set_payment_sale_id(sale);
    v1::RingLine* line = request.add_lines();
    line->set_sku("PEN");
    line->set_quantity_milli(1'000);
    line->set_unit_price_minor_e4(payment.done_minor() * 10'000);
    v1::Tender* tender = request.add_tenders();
    tender->set_kind(kind);
    tender->set_amount_minor(payment.done_minor());
    tender->set_payment_id(payment.id());
    v1::RingResponse response;
    EXPECT_THAT(api_->Ring(WithKey(), WithId(request), &response), IsOk());
    return response;
  }
  v1::ListPaymentsResponse Open() {
    v1::ListPaymentsResponse open;
    EXPECT_THAT(payments_->ListPayments(WithKey(), {}, &open), IsOk());
    return open;
  }
  int64_t TakenByWallet() {
    int64_t taken = 0;
    wallet_->With(
        [&](WalletEmulator& wallet) { taken = wallet.taken_minor(); });
    return taken;
  }

  static constexpr char kWeChatCode[] = "134512345678901234";
  std::string dir_;
  std::unique_ptr<TerminalEmulatorServer> terminal_;
  std::unique_ptr<WalletEmulatorServer> wallet_;
  std::unique_ptr<DeviceDesk> desk_;
  std::unique_ptr<TillPaymentApi> payments_;
};

TEST_F(TillPaymentTest, ByCardThroughALostLine) {
  terminal_->With([](TerminalEmulator& terminal) {
    terminal.AddFault(TerminalEmulator::Fault::kDropAfterAck);
  });
  const v1::BeginPaymentRequest request = Pay("s1", 1'200);
  const v1::PaymentAnswer paid = Carry(request);
  ASSERT_EQ(paid.attempt().state(), v1::PAYMENT_STATE_DONE) << paid.words();
  EXPECT_EQ(Open().sales_size(), 1);
  // The same again begins nothing.
  EXPECT_EQ(Carry(request).attempt().id(), paid.attempt().id());
  const v1::RingResponse sold =
      Ring("s1", v1::TENDER_KIND_CARD, paid.attempt());
  EXPECT_THAT(sold.sale().tenders(0).reference(), HasSubstr("-"));
  EXPECT_THAT(Open().sales(), IsEmpty());
  int64_t taken = 0;
  terminal_->With(
      [&](TerminalEmulator& terminal) { taken = terminal.taken_minor(); });
  EXPECT_EQ(taken, 1'200);
}

TEST_F(TillPaymentTest, TheDaemonEndsWhileTheTerminalThinks) {
  terminal_->With([](TerminalEmulator& terminal) {
    terminal.AddFault(TerminalEmulator::Fault::kDropAfterStatus);
  });
  v1::PaymentAnswer begun;
  const v1::BeginPaymentRequest request = Pay("s1", 700);
  ASSERT_THAT(payments_->BeginPayment(WithKey(), request, &begun), IsOk());
  StopDesk();
  StartDesk();
  v1::ListPaymentsRequest of;
  of.set_sale_id("s1");
  v1::ListPaymentsResponse known;
  ASSERT_THAT(payments_->ListPayments(WithKey(), of, &known), IsOk());
  EXPECT_EQ(known.sales(0).payments().attempts(0).id(), begun.attempt().id());
  const v1::PaymentAnswer end = Carry(request);
  int64_t taken = 0;
  terminal_->With(
      [&](TerminalEmulator& terminal) { taken = terminal.taken_minor(); });
  EXPECT_TRUE(end.settled() || end.needs_hand());
  if (end.settled()) {
    const bool done = end.attempt().state() == v1::PAYMENT_STATE_DONE;
    EXPECT_EQ(taken, done ? end.attempt().done_minor() : 0)
        << end.DebugString();
  }
}

TEST_F(TillPaymentTest, AWalletGivesBackByItselfOverMutualTls) {
  const v1::PaymentAnswer paid = Carry(Pay("s1", 900, kWeChatCode));
  ASSERT_EQ(paid.attempt().state(), v1::PAYMENT_STATE_DONE) << paid.words();
  EXPECT_EQ(paid.attempt().device(), "wx");
  const v1::RingResponse sold =
      Ring("s1", v1::TENDER_KIND_WALLET, paid.attempt());
  EXPECT_EQ(TakenByWallet(), 900);
  // The code is nowhere in the journal, nor the merchant's key.
  std::string all;
  ASSERT_THAT(store_.Scan(Table::kJournal, "", "",
                          [&](absl::string_view, absl::string_view value) {
                            absl::StrAppend(&all, value);
                            return true;
                          }),
              IsOk());
  EXPECT_THAT(all, HasSubstr(paid.attempt().number()));
  EXPECT_THAT(all, Not(HasSubstr(kWeChatCode)));
  EXPECT_THAT(all, Not(HasSubstr("192006250b4c09247ec02edce69f6a2d")));

  // Dark when the goods come back: it waits, also over a restart.
  wallet_->With([](WalletEmulator& wallet) { wallet.SetConnected(false); });
  v1::ReturnGoodsRequest back;
  back.set_original_receipt_no(sold.sale().receipt_no());
  back.add_lines()->set_quantity_milli(1'000);
  v1::ReturnGoodsResponse returned;
  ASSERT_THAT(api_->ReturnGoods(WithKey(), WithId(back), &returned), IsOk());
  ASSERT_EQ(Open().sales_size(), 1);
  EXPECT_EQ(Open().sales(0).owed_minor(), 900);
  wallet_->With([](WalletEmulator& wallet) { wallet.SetConnected(true); });
  EXPECT_TRUE(Within30s([&] { return Open().sales().empty(); }));
  EXPECT_EQ(TakenByWallet(), 0);

  // The day's bill has both, and somebody's payment beside us.
  wallet_->With([](WalletEmulator& wallet) { wallet.PayBeside("other", 5); });
  v1::CompareBillRequest bill;
  bill.set_device("wx");
  bill.set_date(20261121);
  v1::CompareBillResponse compared;
  ASSERT_THAT(CompareBill(store_, "S014", absl::UTCTimeZone(), bill,
                          &desk_->manager(), &compared),
              IsOk());
  EXPECT_EQ(compared.matched(), 2u);
  ASSERT_EQ(compared.differences_size(), 1);
  EXPECT_THAT(compared.differences(0), HasSubstr("other"));
}

TEST_F(TillPaymentTest, RefusalsSayWhatElseCanBeDone) {
  v1::PaymentAnswer answer;
  EXPECT_THAT(payments_->BeginPayment(CallContext(), Pay("s1", 1), &answer),
              StatusIs(absl::StatusCode::kUnauthenticated, HasSubstr("key")));
  EXPECT_THAT(payments_->BeginPayment(WithKey(), Pay("s1", 1, "999"), &answer),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("code")));
  EXPECT_THAT(payments_->BeginPayment(
                  WithKey(), Pay("s1", 1, "285012345678901234"), &answer),
              StatusIs(absl::StatusCode::kNotFound, HasSubstr("nothing that")));
  v1::BeginPaymentRequest stranger = Pay("s1", 1);
  stranger.set_device("card9");
  EXPECT_THAT(payments_->BeginPayment(WithKey(), stranger, &answer),
              StatusIs(absl::StatusCode::kNotFound, HasSubstr("card9")));
  EXPECT_THAT(
      payments_->BeginPayment(WithKey(), Pay("s1", 0), &answer),
      StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("0.00 GBP")));
  // The line to the wallet is gone: the first one finds it out and fails, the
  // next is refused before there is an order.
  wallet_.reset();
  absl::Status dark;
  EXPECT_TRUE(Within30s([&] {
    dark =
        payments_->BeginPayment(WithKey(), Pay("s2", 5, kWeChatCode), &answer);
    return absl::IsUnavailable(dark);
  }));
  EXPECT_THAT(dark, StatusIs(absl::StatusCode::kUnavailable,
                             HasSubstr("cash or a card")));
  EXPECT_THAT(Open().sales(), IsEmpty());
}

TEST_F(TillPaymentTest, TheTerminalsEndOfDay) {
  ASSERT_TRUE(Carry(Pay("s1", 300)).settled());
  v1::RunTerminalRequest request;
  request.set_job(v1::TERMINAL_JOB_END_OF_DAY);
  request.set_wait_ms(10'000);
  v1::RunTerminalResponse done;
  ASSERT_THAT(payments_->RunTerminal(WithKey(), request, &done), IsOk());
  EXPECT_EQ(done.total_minor(), 300);
  request.set_job(v1::TERMINAL_JOB_UNSPECIFIED);
  EXPECT_THAT(payments_->RunTerminal(WithKey(), request, &done),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       HasSubstr("want end of day")));
}

}  // namespace
}  // namespace branchline

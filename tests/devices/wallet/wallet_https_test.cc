// The driver over real HTTPS to the emulated wallet.

#include <gtest/gtest.h>
#include <stdlib.h>

#include <atomic>
#include <fstream>
#include <memory>
#include <thread>

#include "devices/wallet/bill.h"
#include "devices/wallet/bill_archive.h"
#include "devices/wallet/bill_call.h"
#include "devices/wallet/https_gateway.h"
#include "devices/wallet/wallet_emulator_server.h"
#include "sync/base/clock.h"
#include "tests/devices/wallet/wallet_world.h"
#include "tests/support/status_matchers.h"

namespace branchline {
namespace {

class WalletHttpsTest : public ::testing::Test {
 protected:
  WalletHttpsTest() {
    std::string pattern = ::testing::TempDir() + "walletXXXXXX";
    dir_ = mkdtemp(pattern.data());
    merchant_.host = "127.0.0.1";
    auto server = WalletEmulatorServer::Start(
        WalletEmulator(merchant_, AlipaysKey()), &SystemClock());
    EXPECT_THAT(server, IsOk());
    server_ = *std::move(server);
    merchant_.port = server_->port();
    merchant_.ca_file = dir_ + "/ca.pem";
    std::ofstream(merchant_.ca_file) << server_->certificate_pem();
  }
  std::string dir_;
  WalletMerchant merchant_ = TestMerchant(PaymentMeans::kAlipay);
  std::unique_ptr<WalletEmulatorServer> server_;
};

TEST_F(WalletHttpsTest, PaysThroughALostAnswer) {
  HttpsGateway gateway(merchant_);
  MemoryPaymentStore store;
  PaymentBook book({}, &store, &SystemClock());
  WalletDriver driver(merchant_, {}, &gateway, &book, &SystemClock(),
                      &SystemRandom());
  driver.Step(absl::ZeroDuration());
  ASSERT_EQ(driver.Report().line, WalletReport::Line::kUp)
      << driver.Report().last_trouble;
  std::atomic<bool> stop = false;
  std::vector<std::thread> threads;
  for (int i = 0; i < 2; ++i) {
    threads.emplace_back([&] {
      while (!stop) driver.Step(absl::Milliseconds(20));
    });
  }
  PaymentOrder order;
  order.id = "p1";
  order.sale_id = "s1";
  order.means = PaymentMeans::kAlipay;
  order.device = "wallet";
  order.amount_minor = 500;
  order.currency = "CNY";
  order.due_minor = 500;
  server_->With([](WalletEmulator& wallet) {
    wallet.AddFault(WalletCallKind::kPay, WalletEmulator::Fault::kLoseAnswer);
  });
  ASSERT_THAT(book.Begin(order, {"285012345678901234"}, &driver), IsOk());
  const auto paid = book.Await("p1", absl::Seconds(60));
  EXPECT_EQ(paid->state, PaymentState::kDone) << paid->detail;
  stop = true;
  for (std::thread& thread : threads) thread.join();
  server_->With(
      [](WalletEmulator& wallet) { EXPECT_EQ(wallet.taken_minor(), 500); });
}

TEST_F(WalletHttpsTest, TellsWhatLeftFromWhatDidNot) {
  const HttpsCall call = {"/gateway.do", "text/plain", "x", false};
  HttpsGateway gateway(merchant_);
  EXPECT_THAT(gateway.Post(call), IsOk());
  server_->With([](WalletEmulator& wallet) { wallet.SetConnected(false); });
  EXPECT_EQ(gateway.Post(call).status().code(),
            absl::StatusCode::kDeadlineExceeded);
  // Nobody listens there.
  server_.reset();
  EXPECT_EQ(gateway.Post(call).status().code(), absl::StatusCode::kUnavailable);
}

TEST_F(WalletHttpsTest, ACertificateThatIsNotKnownGetsNothing) {
  merchant_.ca_file = "";
  HttpsGateway gateway(merchant_);
  EXPECT_EQ(
      gateway.Post({"/gateway.do", "text/plain", "x", false}).status().code(),
      absl::StatusCode::kUnavailable);
}

TEST_F(WalletHttpsTest, ItsBillIsFetchedAndUnpacked) {
  server_->With([](WalletEmulator& wallet) { wallet.PayBeside("n1", 1'250); });
  HttpsGateway gateway(merchant_);
  SeededRandom random(1);
  const absl::CivilDay day(2026, 11, 21);
  const absl::Time now = SystemClock().WallNow();
  const auto fetched = FetchBill(merchant_, day, now, &gateway, &random);
  ASSERT_THAT(fetched, IsOk());
  const auto bill = ParseBill(*fetched);
  ASSERT_THAT(bill, IsOk());
  ASSERT_EQ(bill->size(), 1u);
  EXPECT_EQ((*bill)[0].number, "n1");
  EXPECT_EQ((*bill)[0].amount_minor, 1'250);

  // An answer that another key has signed names no place.
  WalletMerchant stranger = merchant_;
  stranger.alipay_key = RsaKey::Generate();
  EXPECT_THAT(FetchBill(stranger, day, now, &gateway, &random),
              StatusIs(absl::StatusCode::kFailedPrecondition,
                       ::testing::HasSubstr("has not signed")));
  EXPECT_THAT(gateway.Get("nowhere", 100),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       ::testing::HasSubstr("names no place")));
}

TEST(BillArchiveTest, BadArchivesAreRefused) {
  const std::string good = PackZip("a", std::string(1'000, 'x'));
  ASSERT_THAT(UnpackZip(good, 1'000), IsOk());
  EXPECT_EQ((*UnpackZip(good, 1'000))[0], std::string(1'000, 'x'));
  EXPECT_THAT(UnpackZip(good, 999),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       ::testing::HasSubstr("more than 999 bytes")));
  EXPECT_THAT(UnpackZip("hello", 1'000),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       ::testing::HasSubstr("no ZIP archive")));
  for (size_t i = 0; i < good.size(); ++i) {
    EXPECT_FALSE(UnpackZip(good.substr(0, i), 1'000).ok()) << i;
  }
}

}  // namespace
}  // namespace branchline

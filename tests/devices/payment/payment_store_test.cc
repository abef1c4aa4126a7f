#include <gtest/gtest.h>
#include <stdlib.h>

#include <fstream>
#include <string>
#include <thread>

#include "devices/payment/file_payment_store.h"
#include "devices/payment/payment_book.h"
#include "sync/base/clock.h"
#include "tests/devices/payment/payment_world.h"
#include "tests/support/fake_clock.h"
#include "tests/support/status_matchers.h"

namespace branchline {
namespace {

using ::testing::HasSubstr;
using ::testing::SizeIs;

PaymentOrder Order(const char* id) {
  PaymentOrder order;
  order.id = id;
  order.sale_id = "sale";
  order.device = "card1";
  order.amount_minor = 500;
  order.currency = "EUR";
  order.due_minor = 500;
  return order;
}

class FilePaymentStoreTest : public ::testing::Test {
 protected:
  FilePaymentStoreTest() {
    std::string pattern = ::testing::TempDir() + "paymentsXXXXXX";
    dir_ = mkdtemp(pattern.data());
  }
  std::string dir_;
};

TEST_F(FilePaymentStoreTest, KeepsTheLastOfEachAttempt) {
  absl::StatusOr<FilePaymentStore> store =
      FilePaymentStore::Open(dir_ + "/pay");
  ASSERT_THAT(store, IsOk());
  PaymentAttempt attempt;
  attempt.id = "a/../b";  // an id is no path
  attempt.sale_id = "s";
  attempt.amount_minor = 5;
  ASSERT_THAT(store->Save(attempt), IsOk());
  attempt.state = PaymentState::kDone;
  ASSERT_THAT(store->Save(attempt), IsOk());
  std::ofstream(dir_ + "/pay/00.pay.tmp") << "half";
  absl::StatusOr<FilePaymentStore> next = FilePaymentStore::Open(dir_ + "/pay");
  ASSERT_THAT(next, IsOk());
  const auto loaded = next->Load();
  ASSERT_THAT(loaded, IsOk());
  ASSERT_THAT(*loaded, SizeIs(1));
  EXPECT_TRUE(loaded->front() == attempt);
  ASSERT_THAT(next->Remove(attempt.id), IsOk());
  EXPECT_THAT(*next->Load(), SizeIs(0));
}

TEST_F(FilePaymentStoreTest, NamesWhatItCannotRead) {
  absl::StatusOr<FilePaymentStore> store = FilePaymentStore::Open(dir_);
  ASSERT_THAT(store, IsOk());
  std::ofstream(dir_ + "/61.pay") << "torn";
  EXPECT_THAT(store->Load(),
              StatusIs(absl::StatusCode::kDataLoss, HasSubstr("61.pay")));
  EXPECT_EQ(FilePaymentStore::Open(dir_ + "/a/b").status().code(),
            absl::StatusCode::kNotFound);
}

// Does what its script says, as soon as it is started.
class ScriptedDevice final : public PaymentDevice {
 public:
  explicit ScriptedDevice(PaymentStore** store) : store_(store) {}
  absl::Status Prepare(const PaymentInput&, PaymentAttempt*) override {
    return prepare;
  }
  void Start(const PaymentAttempt& attempt, const PaymentInput&) override {
    ++started;
    PaymentAttempt done = attempt;
    done.state = state;
    done.done_minor = state == PaymentState::kDone ? attempt.amount_minor : 0;
    last = (*store_)->Save(done);
  }
  void GiveUp(absl::string_view) override {}

  absl::Status prepare;
  PaymentState state = PaymentState::kDone;
  int started = 0;
  absl::Status last;

 private:
  PaymentStore** store_;
};

class PaymentBookTest : public ::testing::Test {
 protected:
  FakeClock clock_;
  MemoryPaymentStore store_;
  PaymentBook book_{{}, &store_, &clock_};
  PaymentStore* as_store_ = &book_;
  ScriptedDevice device_{&as_store_};
};

TEST_F(PaymentBookTest, WritesBeforeItStarts) {
  const auto attempt = book_.Begin(Order("p1"), {}, &device_);
  ASSERT_THAT(attempt, IsOk());
  EXPECT_EQ(attempt->state, PaymentState::kDone);
  EXPECT_EQ(store_.saves, 2);
  EXPECT_EQ(store_.attempts.at("p1").state, PaymentState::kDone);
  // Again: nothing is started.
  EXPECT_THAT(book_.Begin(Order("p1"), {}, &device_), IsOk());
  EXPECT_EQ(device_.started, 1);
}

TEST_F(PaymentBookTest, WhatIsNotOnDiskIsNotStarted) {
  store_.next_save = absl::ResourceExhaustedError("disk full");
  EXPECT_EQ(book_.Begin(Order("p1"), {}, &device_).status().code(),
            absl::StatusCode::kResourceExhausted);
  EXPECT_EQ(device_.started, 0);
  EXPECT_FALSE(book_.Find("p1").has_value());
}

TEST_F(PaymentBookTest, ADeviceThatIsNotThereLeavesNoTrace) {
  device_.prepare = absl::UnavailableError("take cash");
  EXPECT_THAT(book_.Begin(Order("p1"), {}, &device_),
              StatusIs(absl::StatusCode::kUnavailable, HasSubstr("cash")));
  EXPECT_EQ(store_.saves, 0);
  EXPECT_THAT(book_.All(), SizeIs(0));
}

TEST_F(PaymentBookTest, WhatAPersonSettledStands) {
  device_.state = PaymentState::kOpen;
  ASSERT_THAT(book_.Begin(Order("p1"), {}, &device_), IsOk());
  EXPECT_THAT(book_.Unsettled(), SizeIs(1));
  ASSERT_THAT(book_.SettleByHand("p1", 0, "Ann", "no slip"), IsOk());
  PaymentAttempt late = *book_.Find("p1");
  late.state = PaymentState::kDone;
  EXPECT_EQ(book_.Save(late).code(), absl::StatusCode::kAborted);
  EXPECT_EQ(store_.attempts.at("p1").state, PaymentState::kFailed);
}

TEST_F(PaymentBookTest, WaitsUntilItIsSettled) {
  device_.state = PaymentState::kStarted;
  ASSERT_THAT(book_.Begin(Order("p1"), {}, &device_), IsOk());
  std::thread other([this] {
    PaymentAttempt done = *book_.Find("p1");
    done.state = PaymentState::kDone;
    EXPECT_THAT(book_.Save(done), IsOk());
  });
  const auto settled = book_.Await("p1", absl::Seconds(30));
  other.join();
  ASSERT_THAT(settled, IsOk());
  EXPECT_EQ(settled->state, PaymentState::kDone);
  EXPECT_EQ(book_.Await("p2", absl::Seconds(1)).status().code(),
            absl::StatusCode::kNotFound);
}

}  // namespace
}  // namespace branchline

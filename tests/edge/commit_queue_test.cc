#include "edge/commit/commit_queue.h"

#include <atomic>
#include <set>
#include <thread>

#include "absl/synchronization/notification.h"
#include "sync/base/clock.h"
#include "sync/journal/forwarding_store.h"
#include "tests/edge/edge_fixture.h"
#include "tests/support/status_matchers.h"

namespace branchline {
namespace {

using ::testing::HasSubstr;

class CommitQueueTest : public EdgeFixture {
 protected:
  CommitQueueTest() { BL_CHECK(OpenDay().ok(), "the day is open"); }

  std::unique_ptr<CommitQueue> Queue(CommitQueue::Options options = {}) {
    return std::make_unique<CommitQueue>(core_.get(), &SystemClock(),
                                         std::move(options));
  }
  static Command SaleOf(uint64_t id, std::string till = "T1") {
    v1::RingRequest request = Sale();
    std::string command_id(8, 'q');
    AppendU64(&command_id, id);
    request.mutable_header()->set_command_id(command_id);
    return {std::move(till), absl::UnixEpoch() + absl::Hours(400'000),
            std::move(request)};
  }
};

TEST_F(CommitQueueTest, OneThreadAloneIsOneSyncACommand) {
  const auto queue = Queue();
  const int before = store_.commits();
  for (uint64_t i = 0; i < 5; ++i) {
    ASSERT_THAT(queue->Execute(SaleOf(i)), IsOk());
  }
  EXPECT_EQ(store_.commits(), before + 5);
  EXPECT_EQ(queue->Head(), core_->state().head);
}

// Who reads while tills sell, reads sums that only grow, and at the end all.
TEST_F(CommitQueueTest, ReadersMeetWhatIsNotFoldedYet) {
  constexpr uint64_t kSales = 200;
  const auto queue = Queue();
  std::atomic<bool> selling = true;
  std::thread reader([&] {
    int64_t before = 0;
    while (selling) {
      const int64_t now = Balance(v1::ACCOUNT_KIND_SOLD, "sku:PEN");
      EXPECT_GE(now, before);
      before = now;
    }
  });
  std::vector<std::thread> tills;
  for (uint64_t t = 0; t < 3; ++t) {
    tills.emplace_back([&, t] {
      for (uint64_t i = 0; i < kSales; ++i) {
        ASSERT_THAT(queue->Execute(SaleOf(t * kSales + i)), IsOk());
      }
    });
  }
  for (std::thread& till : tills) till.join();
  selling = false;
  reader.join();
  EXPECT_EQ(Balance(v1::ACCOUNT_KIND_SOLD, "sku:PEN"),
            static_cast<int64_t>(3 * kSales * 1'000));
}

// Every answer is another receipt, none is lost, and what a thread was answered
// is in the head that it reads next.
TEST_F(CommitQueueTest, ManyThreadsShareSyncsAndLoseNothing) {
  constexpr uint64_t kThreads = 8;
  constexpr uint64_t kSales = 100;
  std::atomic<int> told = 0;
  CommitQueue::Options options;
  options.on_committed = [&] { ++told; };
  const auto queue = Queue(std::move(options));
  std::vector<std::set<std::string>> receipts(kThreads);
  std::vector<std::thread> threads;
  for (uint64_t t = 0; t < kThreads; ++t) {
    threads.emplace_back([&, t] {
      for (uint64_t i = 0; i < kSales; ++i) {
        const auto outcome = queue->Execute(SaleOf(t * kSales + i));
        ASSERT_THAT(outcome, IsOk());
        EXPECT_FALSE(queue->Head().IsBefore(outcome->at));
        receipts[t].insert(outcome->event.sale().receipt_no());
      }
    });
  }
  // Work of another kind, in between.
  for (int i = 0; i < 50; ++i) {
    ASSERT_THAT(queue->Run([](EdgeCore& core) { return core.WriteBooks(); }),
                IsOk());
  }
  for (std::thread& thread : threads) thread.join();
  std::set<std::string> all;
  for (const auto& of_thread : receipts) {
    all.insert(of_thread.begin(), of_thread.end());
  }
  EXPECT_EQ(all.size(), kThreads * kSales);
  EXPECT_EQ(Balance(v1::ACCOUNT_KIND_SOLD, "sku:PEN"),
            static_cast<int64_t>(kThreads * kSales * 1'000));
  EXPECT_GE(told, 50);
  EXPECT_EQ(queue->Snapshot().receipts.at("T1"), kThreads * kSales);
}

TEST_F(CommitQueueTest, WhoWaitsGoesTogetherWithOneSync) {
  const auto queue = Queue();
  absl::Notification started;
  absl::Notification go_on;
  std::thread leader([&] {
    ASSERT_THAT(queue->Run([&](EdgeCore&) {
      started.Notify();
      go_on.WaitForNotification();
      return absl::OkStatus();
    }),
                IsOk());
  });
  started.WaitForNotification();
  const int before = store_.commits();
  std::vector<std::thread> threads;
  for (uint64_t i = 0; i < 6; ++i) {
    threads.emplace_back(
        [&, i] { ASSERT_THAT(queue->Execute(SaleOf(i)), IsOk()); });
  }
  while (queue->Waiters() < 6) std::this_thread::yield();
  go_on.Notify();
  for (std::thread& thread : threads) thread.join();
  leader.join();
  EXPECT_EQ(store_.commits(), before + 1);
  EXPECT_EQ(Balance(v1::ACCOUNT_KIND_SOLD, "sku:PEN"), 6'000);
}

TEST_F(CommitQueueTest, AFailedWriteFailsAllThatWaitAndTellsOnce) {
  std::atomic<int> told = 0;
  CommitQueue::Options options;
  options.on_broken = [&](const absl::Status& why) {
    EXPECT_THAT(why, StatusIs(absl::StatusCode::kDataLoss, HasSubstr("gone")));
    ++told;
  };
  const auto queue = Queue(std::move(options));
  store_.FailAfter(3, absl::DataLossError("the disk is gone"));
  std::atomic<int> failed = 0;
  std::vector<std::thread> threads;
  for (uint64_t t = 0; t < 4; ++t) {
    threads.emplace_back([&, t] {
      for (uint64_t i = 0; i < 10; ++i) {
        const auto outcome = queue->Execute(SaleOf(t * 10 + i));
        if (!outcome.ok()) ++failed;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(told, 1);
  EXPECT_GE(failed, 4);
  EXPECT_THAT(queue->Execute(SaleOf(99)),
              StatusIs(absl::StatusCode::kUnavailable,
                       HasSubstr("a write to the disk failed")));
}

TEST_F(CommitQueueTest, StopAnswersWhatWaitsAndTakesNoMore) {
  const auto queue = Queue();
  std::atomic<bool> stop = false;
  std::atomic<int> answered = 0;
  std::vector<std::thread> threads;
  for (uint64_t t = 0; t < 4; ++t) {
    threads.emplace_back([&, t] {
      for (uint64_t i = 0; !stop; ++i) {
        const auto outcome = queue->Execute(SaleOf(t * 1'000'000 + i));
        if (outcome.ok()) {
          ++answered;
          continue;
        }
        EXPECT_THAT(outcome, StatusIs(absl::StatusCode::kUnavailable,
                                      HasSubstr("this node is stopping")));
        return;
      }
    });
  }
  while (answered < 50) std::this_thread::yield();
  queue->Stop();
  const Cursor end = core_->state().head;  // nobody uses the core any more
  stop = true;
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(core_->state().head, end);
  EXPECT_EQ(Balance(v1::ACCOUNT_KIND_SOLD, "sku:PEN"), answered * 1'000);
}

// The fixture's disk, whose commits, or whose reads, wait until they are let
// go.
class SlowStore final : public ForwardingStore {
 public:
  using ForwardingStore::ForwardingStore;

  void Hold() {
    absl::MutexLock lock(&mutex_);
    held_ = true;
  }
  void HoldReads(bool hold) {
    absl::MutexLock lock(&mutex_);
    reads_held_ = hold;
  }
  void LetGo(absl::Status result) {
    absl::MutexLock lock(&mutex_);
    result_ = std::move(result);
    held_ = false;
  }
  int commits() const { return commits_; }
  int reads() const { return reads_; }

  absl::StatusOr<std::optional<std::string>> Get(
      Table table, absl::string_view key) const override {
    ++reads_;
    absl::MutexLock lock(&mutex_);
    mutex_.Await(absl::Condition(
        +[](bool* held) { return !*held; }, &reads_held_));
    return ForwardingStore::Get(table, key);
  }
  absl::Status Commit(const WriteSet& writes) override {
    ++commits_;
    absl::MutexLock lock(&mutex_);
    mutex_.Await(absl::Condition(
        +[](bool* held) { return !*held; }, &held_));
    if (!result_.ok()) return result_;
    return ForwardingStore::Commit(writes);
  }

 private:
  mutable absl::Mutex mutex_;
  bool held_ = false;
  mutable bool reads_held_ = false;
  absl::Status result_;
  std::atomic<int> commits_ = 0;
  mutable std::atomic<int> reads_ = 0;
};

// What comes while one batch is synced goes to the disk together; nothing is
// answered, nor known as the journal's end, before its sync.
TEST_F(CommitQueueTest, WhatComesDuringASyncSharesTheNext) {
  constexpr int kMeanwhile = 5;
  for (const bool good : {true, false}) {
    core_.reset();
    ASSERT_THAT(RebuildIfNeeded(&store_), IsOk());
    SlowStore slow(&store_);
    auto core = EdgeCore::Open(Identity(), &slow, &clock_);
    ASSERT_THAT(core, IsOk());
    std::atomic<int> told = 0;
    CommitQueue::Options options;
    options.on_broken = [&](const absl::Status& why) {
      EXPECT_THAT(why, StatusIs(absl::StatusCode::kDataLoss, testing::_));
      ++told;
    };
    CommitQueue queue(core->get(), &SystemClock(), std::move(options));
    const Cursor before = queue.Head();
    const int commits_before = slow.commits();
    slow.Hold();
    std::atomic<int> answered = 0;
    std::atomic<int> failed = 0;
    std::atomic<int> asked_again = 0;
    const auto sell = [&](uint64_t id) {
      const absl::Status status =
          queue.Execute(SaleOf(id + (good ? 0 : 100))).status();
      if (status.ok()) ++answered;
      if (absl::IsDataLoss(status)) ++failed;
      if (absl::IsUnavailable(status)) ++asked_again;
    };
    std::vector<std::thread> tills;
    tills.emplace_back(sell, 1);
    while (slow.commits() == commits_before) std::this_thread::yield();
    for (int i = 0; i < kMeanwhile; ++i) tills.emplace_back(sell, 2 + i);
    while (queue.Waiters() < kMeanwhile) std::this_thread::yield();
    EXPECT_EQ(answered + failed + asked_again, 0);
    EXPECT_EQ(queue.Head(), before);
    slow.LetGo(good ? absl::OkStatus() : absl::DataLossError("the disk died"));
    for (std::thread& till : tills) till.join();
    EXPECT_EQ(answered, good ? 1 + kMeanwhile : 0);
    EXPECT_EQ(failed, good ? 0 : 1);
    EXPECT_EQ(asked_again, good ? 0 : kMeanwhile);
    EXPECT_EQ(slow.commits() - commits_before, good ? 2 : 1);
    EXPECT_EQ(told, good ? 0 : 1);
    EXPECT_EQ(queue.broken(), !good);
    EXPECT_EQ(queue.Head() == (*core)->state().head, good);
    EXPECT_EQ(queue.Head() == before, !good);
    queue.Stop();
    core->reset();
    store_.Crash();
    ASSERT_THAT(RebuildIfNeeded(&store_), IsOk());
    Open();
    EXPECT_EQ(Balance(v1::ACCOUNT_KIND_SOLD, "sku:PEN"),
              (1 + kMeanwhile) * 1'000);
  }
}

TEST_F(CommitQueueTest, WhatComesDuringADecisionSharesItsSync) {
  core_.reset();
  ASSERT_THAT(RebuildIfNeeded(&store_), IsOk());
  SlowStore slow(&store_);
  auto core = EdgeCore::Open(Identity(), &slow, &clock_);
  ASSERT_THAT(core, IsOk());
  CommitQueue queue(core->get(), &SystemClock(), {});
  const int commits_before = slow.commits();
  const int reads_before = slow.reads();
  slow.HoldReads(true);
  const auto sell = [&](uint64_t id) {
    EXPECT_THAT(queue.Execute(SaleOf(id)), IsOk());
  };
  std::vector<std::thread> tills;
  tills.emplace_back(sell, 1);
  while (slow.reads() == reads_before) std::this_thread::yield();
  for (const uint64_t id : {2, 3, 4}) tills.emplace_back(sell, id);
  while (queue.Waiters() < 3) std::this_thread::yield();
  slow.HoldReads(false);
  for (std::thread& till : tills) till.join();
  EXPECT_EQ(slow.commits(), commits_before + 1);
  queue.Stop();
}

TEST_F(CommitQueueTest, ATillIsFoundByTheHashOfItsKey) {
  const auto queue = Queue();
  EXPECT_EQ(queue->TillOf("hash of T1's key"), "T1");
  EXPECT_EQ(queue->TillOf("another"), "");
  ASSERT_THAT(queue->Execute(
                  {"", clock_.WallNow(), PairTillCommand{"T1", "a new key"}}),
              IsOk());
  EXPECT_EQ(queue->TillOf("hash of T1's key"), "");
  EXPECT_EQ(queue->TillOf("a new key"), "T1");
  ASSERT_THAT(queue->Execute({"", clock_.WallNow(), PairTillCommand{"T1", ""}}),
              IsOk());
  EXPECT_EQ(queue->TillOf("a new key"), "");
}

}  // namespace
}  // namespace branchline

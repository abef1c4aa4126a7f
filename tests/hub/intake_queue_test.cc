// Many branches at once, on real threads: group commit, and order in a branch.
// Over 400 lines: a store that is slow on purpose passes every read on.

#include "hub/intake/intake_queue.h"

#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/synchronization/blocking_counter.h"
#include "absl/synchronization/notification.h"
#include "sync/journal/record.h"
#include "tests/hub/test_chain.h"
#include "tests/support/status_matchers.h"

namespace branchline {
namespace {

using ::testing::HasSubstr;

constexpr Date kDay = 20261121;

// Commits wait until the gate is opened, as on a slow disk.
class GatedStore final : public HubStore {
 public:
  explicit GatedStore(KvHubStore* store) : store_(*store) {}

  void Close() ABSL_LOCKS_EXCLUDED(mutex_) {
    absl::MutexLock lock(&mutex_);
    open_ = false;
  }
  void Open() ABSL_LOCKS_EXCLUDED(mutex_) {
    absl::MutexLock lock(&mutex_);
    open_ = true;
  }
  // Until a commit waits at the gate.
  void AwaitCommit() ABSL_LOCKS_EXCLUDED(mutex_) {
    absl::MutexLock lock(&mutex_);
    mutex_.Await(absl::Condition(&waiting_));
  }

  absl::StatusOr<std::vector<HubApplied>> ApplyMany(
      const std::vector<HubApply*>& applies) override {
    {
      absl::MutexLock lock(&mutex_);
      waiting_ = true;
      mutex_.Await(absl::Condition(&open_));
      waiting_ = false;
    }
    return store_.ApplyMany(applies);
  }

  absl::StatusOr<std::vector<Cursor>> ReadCursors(
      const std::vector<std::string>& streams) const override {
    return store_.ReadCursors(streams);
  }
  absl::StatusOr<std::string> ReadHash(absl::string_view stream, uint64_t epoch,
                                       uint64_t seq) const override {
    return store_.ReadHash(stream, epoch, seq);
  }
  absl::StatusOr<std::vector<std::string>> ReadRecords(
      absl::string_view stream, const Cursor& after,
      size_t bytes_max) const override {
    return store_.ReadRecords(stream, after, bytes_max);
  }
  absl::StatusOr<std::vector<v1::Checkpoint>> ReadCheckpoints(
      absl::string_view stream, const Cursor& after,
      const Cursor& to) const override {
    return store_.ReadCheckpoints(stream, after, to);
  }
  absl::StatusOr<std::optional<v1::Checkpoint>> ReadLastCheckpoint(
      absl::string_view stream) const override {
    return store_.ReadLastCheckpoint(stream);
  }
  absl::StatusOr<std::vector<std::string>> ListStreams() const override {
    return store_.ListStreams();
  }
  absl::Status ReadDays(
      const std::vector<std::string>& branches, Date from, Date to,
      absl::FunctionRef<absl::Status(const DayFigures&)> visit) const override {
    return store_.ReadDays(branches, from, to, visit);
  }
  absl::Status ReadSkuDays(
      const std::vector<std::string>& branches, Date from, Date to,
      absl::FunctionRef<absl::Status(const DayFigures&)> visit) const override {
    return store_.ReadSkuDays(branches, from, to, visit);
  }
  absl::Status ReadStock(const std::vector<std::string>& branches,
                         absl::string_view sku,
                         absl::FunctionRef<absl::Status(const StockFigure&)>
                             visit) const override {
    return store_.ReadStock(branches, sku, visit);
  }
  absl::StatusOr<Cell> ReadBalance(absl::string_view owner,
                                   absl::string_view unit) const override {
    return store_.ReadBalance(owner, unit);
  }
  absl::StatusOr<std::vector<std::optional<v1::Item>>> ReadItems(
      const std::vector<std::string>& skus) const override {
    return store_.ReadItems(skus);
  }
  absl::StatusOr<std::vector<std::optional<v1::Price>>> ReadPrices(
      const std::vector<std::pair<std::string, std::string>>& keys)
      const override {
    return store_.ReadPrices(keys);
  }
  absl::StatusOr<std::vector<std::vector<std::string>>> ReadCodeSkus(
      const std::vector<std::string>& codes) const override {
    return store_.ReadCodeSkus(codes);
  }
  absl::StatusOr<std::vector<v1::Item>> ListItems(absl::string_view after_sku,
                                                  size_t max) const override {
    return store_.ListItems(after_sku, max);
  }
  absl::StatusOr<std::vector<v1::Price>> ListPricesOf(
      absl::string_view sku) const override {
    return store_.ListPricesOf(sku);
  }
  absl::StatusOr<std::vector<v1::Staff>> ListStaff(absl::string_view after_id,
                                                   size_t max) const override {
    return store_.ListStaff(after_id, max);
  }
  absl::StatusOr<std::vector<v1::UnknownCode>> ReadUnknownCodes(
      absl::string_view branch) const override {
    return store_.ReadUnknownCodes(branch);
  }
  absl::StatusOr<std::optional<v1::Branch>> ReadBranch(
      absl::string_view code) const override {
    return store_.ReadBranch(code);
  }
  absl::StatusOr<std::vector<v1::Branch>> ReadBranches() const override {
    return store_.ReadBranches();
  }
  absl::StatusOr<v1::StaffParts> ReadStaffParts(
      absl::string_view id) const override {
    return store_.ReadStaffParts(id);
  }
  absl::StatusOr<v1::PublishRequest> ReadPublished() const override {
    return store_.ReadPublished();
  }
  absl::StatusOr<std::vector<std::optional<v1::ListPrice>>> ReadListPrices(
      absl::string_view list_id,
      const std::vector<std::string>& skus) const override {
    return store_.ReadListPrices(list_id, skus);
  }
  absl::StatusOr<std::optional<v1::DevicesSet>> ReadDevices(
      absl::string_view branch) const override {
    return store_.ReadDevices(branch);
  }
  absl::StatusOr<std::optional<v1::Staff>> ReadStaff(
      absl::string_view id) const override {
    return store_.ReadStaff(id);
  }
  absl::StatusOr<DaysReached> ReadDaysReached(
      absl::string_view branch) const override {
    return store_.ReadDaysReached(branch);
  }
  absl::StatusOr<std::vector<v1::LateState>> ReadLate(
      absl::string_view branch) const override {
    return store_.ReadLate(branch);
  }
  absl::Status ReadRestated(
      const std::vector<std::string>& branches, Date from, Date to,
      absl::FunctionRef<absl::Status(const DayFigures&)> visit) const override {
    return store_.ReadRestated(branches, from, to, visit);
  }
  absl::StatusOr<std::vector<std::optional<v1::Member>>> ReadMembers(
      const std::vector<std::string>& ids) const override {
    return store_.ReadMembers(ids);
  }
  absl::StatusOr<std::vector<ReturnedAway>> ReadReturnedAway(
      absl::string_view branch, size_t max) const override {
    return store_.ReadReturnedAway(branch, max);
  }
  absl::StatusOr<std::vector<ExceptionRow>> ReadExceptions(
      absl::string_view branch, size_t max) const override {
    return store_.ReadExceptions(branch, max);
  }
  absl::Status ReadChainRegisters(
      absl::FunctionRef<absl::Status(absl::string_view, absl::string_view)>
          visit) const override {
    return store_.ReadChainRegisters(visit);
  }
  absl::StatusOr<std::optional<v1::BoxState>> ReadBox(
      absl::string_view branch) const override {
    return store_.ReadBox(branch);
  }
  absl::StatusOr<std::optional<v1::TokenState>> ReadToken(
      absl::string_view secret_hash) const override {
    return store_.ReadToken(secret_hash);
  }

 private:
  KvHubStore& store_;
  absl::Mutex mutex_;
  bool open_ ABSL_GUARDED_BY(mutex_) = true;
  bool waiting_ ABSL_GUARDED_BY(mutex_) = false;
};

struct Answer {
  absl::Notification there;
  absl::StatusOr<HubPort::Taken> taken = absl::UnknownError("no answer");

  const v1::Ack* ack() {
    there.WaitForNotification();
    return taken.ok() ? std::get_if<v1::Ack>(&*taken) : nullptr;
  }
  const v1::Refused* refused() {
    there.WaitForNotification();
    return taken.ok() ? std::get_if<v1::Refused>(&*taken) : nullptr;
  }
};

class IntakeQueueTest : public ::testing::Test {
 protected:
  IntakeQueueTest()
      : gate(hub.store.get()),
        core(&gate, hub.ledger.get()),
        queue(std::make_unique<IntakeQueue>(
            &core,
            [this](const absl::Status& why) { failures.push_back(why); })) {}

  TestBox& NewBox(const std::string& code, char seed) {
    boxes.push_back(std::make_unique<TestBox>(seed));
    EXPECT_THAT(boxes.back()->Join(&hub, hub.AddBranch(code)), IsOk());
    EXPECT_THAT(boxes.back()->PushTo(&hub), IsOk());
    return *boxes.back();
  }

  std::shared_ptr<Answer> Take(const TestBox& box, v1::Push push) {
    auto answer = std::make_shared<Answer>();
    queue->Take(box.peer(), std::move(push),
                [answer](absl::StatusOr<HubPort::Taken> taken) {
                  answer->taken = std::move(taken);
                  answer->there.Notify();
                });
    return answer;
  }

  // The record that `box` wrote last, alone.
  v1::Push Last(const TestBox& box) { return box.Push(box.records.size() - 1); }

  TestHub hub;
  GatedStore gate;
  IntakeCore core;
  std::vector<std::unique_ptr<TestBox>> boxes;
  std::vector<absl::Status> failures;
  std::unique_ptr<IntakeQueue> queue;
};

TEST_F(IntakeQueueTest, WhatComesDuringACommitGoesInWithTheNext) {
  TestBox& first = NewBox("S001", 'a');
  TestBox& second = NewBox("S002", 'b');
  gate.Close();
  std::vector<std::shared_ptr<Answer>> answers;
  first.Append(SaleOf("S001", kDay, 1, "PEN", 1'000, 100));
  answers.push_back(Take(first, Last(first)));
  gate.AwaitCommit();
  const int before = hub.disk.commits();
  // Several pushes of one branch are prepared on top of each other.
  for (uint64_t i = 2; i <= 5; ++i) {
    first.Append(SaleOf("S001", kDay, i, "PEN", 1'000, 100));
    answers.push_back(Take(first, Last(first)));
    second.Append(SaleOf("S002", kDay, i, "PEN", 1'000, 100));
    answers.push_back(Take(second, Last(second)));
  }
  EXPECT_FALSE(answers[0]->there.HasBeenNotified());  // no ack before the sync
  gate.Open();
  for (const auto& answer : answers) EXPECT_NE(answer->ack(), nullptr);
  EXPECT_EQ(hub.disk.commits(), before + 2);
  EXPECT_EQ(FromProto(answers[7]->ack()->at()), first.head);
  EXPECT_EQ((*hub.store->ReadCursors({"edge:S001"}))[0], first.head);
}

TEST_F(IntakeQueueTest, WhatIsInFlightIsNotDecidedUpon) {
  TestBox& box = NewBox("S001", 'a');
  TestBox clone = box;
  gate.Close();
  box.Append(SaleOf("S001", kDay, 1, "PEN", 1'000, 100));
  const auto first = Take(box, Last(box));
  gate.AwaitCommit();
  // The same place with another record: evidence only once the first is stored.
  clone.Append(SaleOf("S001", kDay, 1, "PEN", 1'000, 500));
  clone.Append(SaleOf("S001", kDay, 2, "PEN", 1'000, 500));
  std::shared_ptr<Answer> forked;
  std::thread other([&] { forked = Take(clone, Last(clone)); });
  // And the same record again: acked once it is there.
  std::shared_ptr<Answer> again;
  std::thread repeat([&] { again = Take(box, Last(box)); });
  gate.Open();
  other.join();
  repeat.join();
  EXPECT_NE(first->ack(), nullptr);
  ASSERT_NE(forked->refused(), nullptr);
  EXPECT_EQ(forked->refused()->code(), v1::REFUSAL_CODE_FORK);
  // In either order of the two.
  EXPECT_TRUE(again->ack() != nullptr ||
              again->refused()->code() == v1::REFUSAL_CODE_BRANCH_FENCED);
}

// Spends what the hub gave; the second time there is nothing left. Judged on
// the first being stored, not on what was there before it.
TEST_F(IntakeQueueTest, AFloorIsJudgedOnAllThatCameBefore) {
  TestBox& box = NewBox("S001", 'a');
  ASSERT_THAT(hub.ledger->Decide([&]() -> absl::StatusOr<HubDecision> {
    HubDecision decision;
    HubEvent& grant = decision.events.emplace_back();
    grant.stream = "branch:S001";
    grant.event.mutable_stock_slice_granted()->set_branch("S001");
    grant.event.add_units("sku:PEN");
    grant.event.add_accounts()->set_kind(v1::ACCOUNT_KIND_ISSUED);
    grant.event.mutable_accounts(0)->set_owner("HUB");
    grant.event.add_accounts()->set_kind(v1::ACCOUNT_KIND_STOCK_SLICE);
    grant.event.mutable_accounts(1)->set_owner("S001");
    v1::Posting& posting = *grant.event.add_postings();
    posting.set_destination(1);
    posting.set_amount(1'000);
    return decision;
  }),
              IsOk());
  v1::Event spend;
  spend.add_units("sku:PEN");
  spend.add_accounts()->set_kind(v1::ACCOUNT_KIND_STOCK_SLICE);
  spend.add_accounts()->set_kind(v1::ACCOUNT_KIND_SOLD);
  spend.mutable_accounts(0)->set_owner("S001");
  spend.mutable_accounts(1)->set_owner("S001");
  spend.add_postings()->set_destination(1);
  spend.mutable_postings(0)->set_amount(1'000);
  spend.mutable_stock_change();
  gate.Close();
  box.Append(spend);
  const auto first = Take(box, Last(box));
  gate.AwaitCommit();
  box.Append(spend);
  std::shared_ptr<Answer> second;
  std::thread other([&] { second = Take(box, Last(box)); });
  gate.Open();
  other.join();
  EXPECT_NE(first->ack(), nullptr);
  EXPECT_NE(second->ack(), nullptr);
  const auto rows = hub.store->ReadExceptions("S001", 10);
  ASSERT_EQ(rows->size(), 1u);
  EXPECT_EQ((*rows)[0].seq, 3u);
  EXPECT_THAT((*rows)[0].what, HasSubstr("stock_slice:S001 holds 0"));
}

TEST_F(IntakeQueueTest, APushOfABoxThatWasReplacedMeanwhileIsPreparedAnew) {
  TestBox& box = NewBox("S001", 'a');
  const std::string token = hub.Token("S001", true);
  gate.Close();
  box.Append(SaleOf("S001", kDay, 1, "PEN", 1'000, 100));
  const auto answer = Take(box, Last(box));
  gate.AwaitCommit();
  TestBox next('b');
  ASSERT_THAT(next.Join(&hub, token), IsOk());  // past the gate
  gate.Open();
  ASSERT_NE(answer->refused(), nullptr);
  EXPECT_EQ(answer->refused()->code(), v1::REFUSAL_CODE_OLD_EPOCH);
  EXPECT_EQ((*hub.store->ReadCursors({"edge:S001"}))[0].seq, 1u);
}

TEST_F(IntakeQueueTest, APushWhoseJournalMovedMeanwhileIsPreparedAnew) {
  TestBox& box = NewBox("S001", 'a');
  gate.Close();
  box.Append(SaleOf("S001", kDay, 1, "PEN", 1'000, 100));
  const auto answer = Take(box, Last(box));
  gate.AwaitCommit();
  ASSERT_THAT(box.PushTo(&hub), IsOk());  // past the gate, by another replica
  gate.Open();
  ASSERT_NE(answer->ack(), nullptr);
  EXPECT_EQ(FromProto(answer->ack()->at()), box.head);
  v1::SalesReportRequest request;
  request.set_by(v1::SALES_BY_BRANCH);
  EXPECT_EQ(hub.reports->Sales(request)->rows(0).net_minor(), 100);
}

TEST_F(IntakeQueueTest, AFailedDiskFailsEverythingOnce) {
  TestBox& box = NewBox("S001", 'a');
  gate.Close();
  std::vector<std::shared_ptr<Answer>> answers;
  for (uint64_t i = 1; i <= 3; ++i) {
    box.Append(SaleOf("S001", kDay, i, "PEN", 1'000, 100));
    answers.push_back(Take(box, Last(box)));
    if (i == 1) gate.AwaitCommit();
  }
  hub.disk.FailAfter(1, absl::ResourceExhaustedError("the disk is full"));
  gate.Open();
  for (const auto& answer : answers) {
    answer->there.WaitForNotification();
    EXPECT_THAT(answer->taken, StatusIs(absl::StatusCode::kResourceExhausted,
                                        HasSubstr("the disk is full")));
  }
  EXPECT_EQ(failures.size(), 1u);
  // Nothing is taken after that.
  box.Append(SaleOf("S001", kDay, 4, "PEN", 1'000, 100));
  const auto late = Take(box, box.Push(1));
  late->there.WaitForNotification();
  EXPECT_FALSE(late->taken.ok());
}

TEST_F(IntakeQueueTest, StoppingAnswersWhatWasTaken) {
  TestBox& box = NewBox("S001", 'a');
  gate.Close();
  box.Append(SaleOf("S001", kDay, 1, "PEN", 1'000, 100));
  const auto answer = Take(box, Last(box));
  gate.AwaitCommit();
  std::thread stop([&] { queue.reset(); });
  gate.Open();
  stop.join();
  EXPECT_NE(answer->ack(), nullptr);
}

// With room for a few pushes only, so that nearly every one waits for it. Once
// a push that waited for room held what the committer needed to make some.
TEST_F(IntakeQueueTest, ManyThreadsManyBranchesLittleRoom) {
  queue = std::make_unique<IntakeQueue>(
      &core, [](const absl::Status&) {}, /*bytes_max=*/2'000);
  constexpr int kBranches = 8;
  constexpr uint64_t kSales = 40;
  for (int b = 0; b < kBranches; ++b) {
    NewBox(absl::StrCat("S00", b), static_cast<char>('a' + b));
  }
  std::vector<std::thread> threads;
  for (int b = 0; b < kBranches; ++b) {
    threads.emplace_back([&, b] {
      TestBox& box = *boxes[b];
      std::vector<std::shared_ptr<Answer>> answers;
      for (uint64_t i = 1; i <= kSales; ++i) {
        box.Append(SaleOf(box.branch, kDay, i, "PEN", 1'000, 100));
        answers.push_back(Take(box, Last(box)));
      }
      for (const auto& answer : answers) EXPECT_NE(answer->ack(), nullptr);
    });
  }
  for (std::thread& thread : threads) thread.join();
  v1::SalesReportRequest request;
  request.set_by(v1::SALES_BY_DAY);
  const auto report = hub.reports->Sales(request);
  ASSERT_THAT(report, IsOk());
  EXPECT_EQ(report->rows(0).net_minor(), kBranches * kSales * 100);
}

}  // namespace
}  // namespace branchline

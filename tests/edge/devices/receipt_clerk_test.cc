// Receipts from the journal to the print queues: once each, whatever is cut.

#include "edge/devices/receipt_clerk.h"

#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <map>

#include "tests/edge/edge_fixture.h"
#include "tests/support/status_matchers.h"

namespace branchline {
namespace {

using ::testing::HasSubstr;

// A print queue as the clerk knows it: durable, knows what it was given.
class ReceiptClerkTest : public EdgeFixture {
 protected:
  ReceiptClerkTest() {
    std::string pattern = "/tmp/bl-clerk-XXXXXX";
    dir_ = mkdtemp(pattern.data());
    EXPECT_THAT(OpenDay(), IsOk());
  }
  ~ReceiptClerkTest() override { std::filesystem::remove_all(dir_); }

  ReceiptClerk::Options Options() {
    ReceiptClerk::Options options;
    options.store = &store_;
    options.stream = core_->stream();
    options.cursor_file = dir_ + "/cursor";
    options.clock = &clock_;
    options.head = [this] { return core_->state().head; };
    options.print = [this](const IssuedPaper& paper) {
      ++asked_;
      if (!refusal_.ok()) return refusal_;
      ++printed_[paper.id];  // a queue takes it once: see Has()
      return absl::OkStatus();
    };
    return options;
  }
  std::unique_ptr<ReceiptClerk> Start() {
    auto clerk = std::make_unique<ReceiptClerk>(Options());
    EXPECT_THAT(clerk->Start(), IsOk());
    return clerk;
  }
  static void RunDry(ReceiptClerk* clerk) {
    while (clerk->Step() == absl::ZeroDuration()) {
    }
  }
  void Sell(int count = 1) {
    for (int i = 0; i < count; ++i) ASSERT_THAT(Run(Sale()), IsOk());
  }

  std::string dir_;
  std::map<std::string, int> printed_;
  int asked_ = 0;
  absl::Status refusal_;
};

TEST_F(ReceiptClerkTest, ABoxThatGetsItsFirstPrinterDoesNotPrintLastYear) {
  Sell(3);
  auto clerk = Start();
  RunDry(clerk.get());
  EXPECT_TRUE(printed_.empty());
  Sell();
  RunDry(clerk.get());
  EXPECT_EQ(printed_, (std::map<std::string, int>{{"S014-T1-1-000004", 1}}));
}

TEST_F(ReceiptClerkTest, NoReceiptIsLostByACutBeforeItWasHandedIn) {
  auto clerk = Start();
  Sell(2);
  clerk.reset();  // the power goes
  clerk = Start();
  RunDry(clerk.get());
  EXPECT_EQ(printed_.size(), 2u);
}

// Killed after each number of steps: what is handed in again is never more than
// a print queue remembers, and nothing is missing.
TEST_F(ReceiptClerkTest, WhatIsHandedInAgainAfterACutIsAlwaysStillKnown) {
  auto clerk = Start();
  Sell(60);
  for (int cut = 1; cut <= 40; ++cut) {
    printed_.clear();
    ASSERT_TRUE(std::filesystem::copy_file(
        dir_ + "/cursor", dir_ + "/keep",
        std::filesystem::copy_options::overwrite_existing));
    ReceiptClerk::Options options = Options();
    int left = cut;
    options.print = [&](const IssuedPaper& paper) -> absl::Status {
      if (left == 0) return absl::UnavailableError("killed here");
      --left;
      ++printed_[paper.id];
      return absl::OkStatus();
    };
    ReceiptClerk killed(std::move(options));
    ASSERT_THAT(killed.Start(), IsOk());
    RunDry(&killed);  // without SaveOrSay(): as kill -9 leaves it
    asked_ = 0;
    auto next = Start();
    RunDry(next.get());
    EXPECT_EQ(printed_.size(), 60u) << cut;
    int again = 0;
    for (const auto& [number, times] : printed_) {
      EXPECT_LE(times, 2);
      again += times - 1;
    }
    EXPECT_LE(again, ReceiptClerk::kReceiptsPerSave) << cut;
    std::filesystem::copy_file(
        dir_ + "/keep", dir_ + "/cursor",
        std::filesystem::copy_options::overwrite_existing);
  }
}

TEST_F(ReceiptClerkTest, WaitsForAPrinterThatIsBeingSetUpAndSkipsWhatCannotBe) {
  auto clerk = Start();
  Sell();
  refusal_ = absl::UnavailableError("not yet");
  EXPECT_GT(clerk->Step(), absl::ZeroDuration());
  EXPECT_GT(clerk->Step(), absl::ZeroDuration());
  EXPECT_EQ(asked_, 2);
  EXPECT_EQ(clerk->skipped_count(), 0u);
  refusal_ = absl::InvalidArgumentError("never");
  RunDry(clerk.get());
  EXPECT_EQ(clerk->skipped_count(), 1u);
  refusal_ = absl::OkStatus();
  Sell();
  RunDry(clerk.get());
  EXPECT_EQ(printed_.size(), 1u);
}

TEST_F(ReceiptClerkTest, SavesWhenItIsIdleAndThenSleeps) {
  auto clerk = Start();
  Sell();
  RunDry(clerk.get());
  EXPECT_GT(clerk->Step(), absl::ZeroDuration());
  clock_.Advance(ReceiptClerk::kSaveWhenIdle);
  EXPECT_EQ(clerk->Step(), absl::InfiniteDuration());
  asked_ = 0;
  RunDry(Start().get());
  EXPECT_EQ(asked_, 0);
}

TEST_F(ReceiptClerkTest, WhatWasSoldWithoutAnyDeviceIsNeverPrinted) {
  auto clerk = Start();
  ASSERT_THAT(clerk->TurnOff(), IsOk());
  Sell(2);
  clerk = Start();  // restarted in between
  EXPECT_EQ(clerk->Step(), absl::InfiniteDuration());
  ASSERT_THAT(clerk->TurnOn(), IsOk());
  RunDry(clerk.get());
  EXPECT_TRUE(printed_.empty());
  Sell();
  RunDry(clerk.get());
  EXPECT_EQ(printed_.size(), 1u);
}

TEST_F(ReceiptClerkTest, ReturnsAreReceiptsAndOtherEventsAreNot) {
  auto clerk = Start();
  Sell();
  v1::ReturnGoodsRequest back;
  back.set_original_receipt_no("S014-T1-1-000001");
  v1::ReturnGoodsLine* line = back.add_lines();
  line->set_quantity_milli(1'000);
  ASSERT_THAT(Run(back), IsOk());
  ASSERT_THAT(CloseDay(20261121), IsOk());
  RunDry(clerk.get());
  EXPECT_EQ(asked_, 2);
}

TEST_F(ReceiptClerkTest, AZAndItsSettlementArePapersAndAnUncountedDropIsNot) {
  auto clerk = Start();
  ASSERT_THAT(Run(v1::OpenShiftRequest()), IsOk());
  ASSERT_THAT(Run(v1::CloseShiftRequest()), IsOk());
  v1::CountCashRequest count;
  count.set_place(v1::CASH_PLACE_TILL);
  count.add_counts()->set_amount_minor(0);
  ASSERT_THAT(Run(count, "T2"), IsOk());
  count.set_place(v1::CASH_PLACE_LAST_Z);
  const auto settled = Run(count);
  ASSERT_THAT(settled, IsOk());
  RunDry(clerk.get());
  EXPECT_EQ(printed_,
            (std::map<std::string, int>{
                {"S014-T1-1-Z000001", 1},
                {absl::StrCat("S014-T1-1-Z000001/1.", settled->at.seq), 1}}));
}

// A seal closes what was left open, at more tills than a print queue remembers:
// cut after each number of papers, each comes out, and what is handed in again
// is known there.
TEST_F(ReceiptClerkTest, ASealGivesOutAZForEachTillThatWasOpen) {
  constexpr int kTills = 60;
  auto clerk = Start();
  for (int till = 1; till <= kTills; ++till) {
    const std::string name = absl::StrCat("T", till);
    if (till > 1) {
      ASSERT_THAT(Run(PairTillCommand{name, absl::StrCat("key of ", till)}, ""),
                  IsOk());
    }
    ASSERT_THAT(Run(v1::OpenShiftRequest(), name), IsOk());
  }
  ASSERT_THAT(CloseDay(20261121), IsOk());
  std::filesystem::copy_file(dir_ + "/cursor", dir_ + "/keep");
  for (int cut = 1; cut <= kTills; ++cut) {
    printed_.clear();
    ReceiptClerk::Options options = Options();
    int left = cut;
    options.print = [&](const IssuedPaper& paper) -> absl::Status {
      if (left == 0) return absl::UnavailableError("killed here");
      --left;
      EXPECT_EQ(paper.till, TillOfPaper(paper.id));
      ++printed_[paper.id];
      return absl::OkStatus();
    };
    ReceiptClerk killed(std::move(options));
    ASSERT_THAT(killed.Start(), IsOk());
    RunDry(&killed);
    RunDry(Start().get());
    ASSERT_EQ(printed_.size(), static_cast<size_t>(kTills)) << cut;
    int again = 0;
    for (const auto& [number, times] : printed_) again += times - 1;
    EXPECT_LE(again, ReceiptClerk::kReceiptsPerSave) << cut;
    std::filesystem::copy_file(
        dir_ + "/keep", dir_ + "/cursor",
        std::filesystem::copy_options::overwrite_existing);
  }
}

TEST_F(ReceiptClerkTest, ADamagedFileIsSaid) {
  Start();
  std::ofstream(dir_ + "/cursor") << "seven\n";
  ReceiptClerk clerk(Options());
  EXPECT_THAT(clerk.Start(), StatusIs(absl::StatusCode::kDataLoss,
                                      HasSubstr("is damaged: delete it")));
}

}  // namespace
}  // namespace branchline

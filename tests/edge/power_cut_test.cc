// The power goes at every step between the first scan and the paper: the sale
// is absent and unprinted, or there once, with its number, and printed once.
#include <unistd.h>

#include <filesystem>
#include <map>

#include "edge/devices/receipt_clerk.h"
#include "sync/journal/journal.h"
#include "tests/edge/shop_fixture.h"

namespace branchline {
namespace {

constexpr int kStepsMax = 40;

// A till, its edge, and a print queue that keeps what it was given.
class PowerCut : public ShopFixture {
 protected:
  PowerCut() {
    std::string pattern = "/tmp/bl-cut-XXXXXX";
    dir_ = mkdtemp(pattern.data());
    ring_ = WithId(v1::RingRequest());
    ring_.set_basket_id("B1");
  }
  ~PowerCut() override { std::filesystem::remove_all(dir_); }

  std::unique_ptr<ReceiptClerk> StartClerk() {
    ReceiptClerk::Options options;
    options.store = &store_;
    options.stream = core_->stream();
    options.cursor_file = dir_ + "/cursor";
    options.clock = &clock_;
    options.head = [this] { return synced_head_; };
    options.print = [this](const IssuedPaper& paper) {
      // As the print queue does: what it has, it takes no second time.
      printed_.try_emplace(paper.id, 0).first->second = 1;
      if (cut_printing_in_ > 0 && --cut_printing_in_ == 0) {
        return absl::UnavailableError("the power went after this");
      }
      return absl::OkStatus();
    };
    auto clerk = std::make_unique<ReceiptClerk>(std::move(options));
    EXPECT_THAT(clerk->Start(), IsOk());
    return clerk;
  }

  // What the till does, from wherever it stands: a step that was answered is
  // not done again, one that was not is.
  absl::Status Work() {
    for (uint64_t revision = 0; revision < 2; ++revision) {
      if (saved_ > revision) continue;
      v1::SaveBasketRequest save;
      save.mutable_basket()->set_basket_id("B1");
      save.mutable_basket()->set_revision(revision);
      for (uint64_t i = 0; i <= revision; ++i) {
        *save.mutable_basket()->add_lines() = Sale().lines(0);
      }
      const auto saved = Run(save);
      // Saved before the cut, and the answer was lost.
      if (!saved.ok() && !absl::IsAborted(saved.status())) {
        return saved.status();
      }
      saved_ = revision + 1;
    }
    if (rung_ == 0) {
      const auto rung = Run(ring_);
      if (!rung.ok()) return rung.status();
      EXPECT_EQ(rung->event.sale().receipt_no(), "S014-T1-1-000001");
      EXPECT_EQ(rung->event.sale().total_minor(), 398);
      rung_ = 1;
    }
    synced_head_ = core_->state().head;
    return absl::OkStatus();
  }

  void Print() {
    auto clerk = StartClerk();
    for (int i = 0; i < 20; ++i) {
      if (clerk->Step() != absl::ZeroDuration()) break;
    }
  }

  // Events of the journal that `is` one.
  int Count(bool (*is)(const v1::Event&)) {
    int count = 0;
    for (uint64_t seq = 1; seq <= core_->state().head.seq; ++seq) {
      v1::Event event;
      const auto record = ReadRecord(store_, core_->stream(), 1, seq);
      EXPECT_TRUE(event.ParseFromString(record->payload()));
      if (is(event)) ++count;
    }
    return count;
  }
  int Sales() {
    return Count([](const v1::Event& event) { return event.has_sale(); });
  }

  std::string dir_;
  v1::RingRequest ring_;
  uint64_t saved_ = 0;
  int rung_ = 0;
  Cursor synced_head_;
  std::map<std::string, int> printed_;
  int cut_printing_in_ = 0;
};

class PowerCutTest : public PowerCut,
                     public ::testing::WithParamInterface<bool> {};

// `landed`: whether the write that failed had reached the disk all the same.
TEST_P(PowerCutTest, BetweenTheFirstScanAndThePaper) {
  const bool landed = GetParam();
  const auto before = store_.Image();
  int cuts = 0;
  for (int step = 1; step <= kStepsMax; ++step) {
    core_.reset();
    store_.Restore(before);
    std::filesystem::remove(dir_ + "/cursor");
    Open();
    saved_ = 0;
    rung_ = 0;
    printed_.clear();
    synced_head_ = core_->state().head;
    StartClerk();  // the printer was there before

    store_.FailAfter(step, absl::DataLossError("the power went"), landed);
    const absl::Status worked = Work();
    if (worked.ok()) Print();
    if (!worked.ok()) ++cuts;
    core_.reset();
    store_.Crash();
    Open();
    synced_head_ = core_->state().head;

    const int sales = Sales();
    ASSERT_LE(sales, 1) << step;
    ASSERT_GE(sales, rung_) << step << ": the till was told";
    ASSERT_LE(printed_.size(), static_cast<size_t>(sales)) << step;

    // The till comes back and goes on, the daemon prints what it finds.
    if (sales == 1 && rung_ == 0) saved_ = 2;  // the basket went with the sale
    ASSERT_THAT(Work(), IsOk()) << step;
    Print();
    Print();
    EXPECT_EQ(Sales(), 1) << step;
    EXPECT_EQ(printed_, (std::map<std::string, int>{{"S014-T1-1-000001", 1}}))
        << step;
    EXPECT_EQ(Drawer(), 398) << step;
    if (worked.ok()) break;
  }
  EXPECT_GE(cuts, 3) << "there were steps to be cut";
  ExpectVerified();
}

INSTANTIATE_TEST_SUITE_P(OnDisk, PowerCutTest, ::testing::Bool(),
                         [](const auto& info) {
                           return info.param ? "Landed" : "Lost";
                         });

// And between the close of a shift and its Z, and the Z's settlement.
TEST_P(PowerCutTest, BetweenTheCloseAndTheZ) {
  const bool landed = GetParam();
  ASSERT_THAT(Run(v1::OpenShiftRequest()), IsOk());
  ASSERT_THAT(Run(Sale()), IsOk());
  const v1::CloseShiftRequest close = WithId(v1::CloseShiftRequest());
  v1::CountCashRequest settle;
  settle.set_place(v1::CASH_PLACE_LAST_Z);
  settle.add_counts()->set_amount_minor(150);
  settle = WithId(settle);
  const auto work = [&]() -> absl::Status {
    if (const auto closed = Run(close); !closed.ok()) return closed.status();
    if (const auto count = Run(settle); !count.ok()) return count.status();
    synced_head_ = core_->state().head;
    return absl::OkStatus();
  };
  const auto before = store_.Image();
  int cuts = 0;
  for (int step = 1; step <= kStepsMax; ++step) {
    core_.reset();
    store_.Restore(before);
    std::filesystem::remove(dir_ + "/cursor");
    Open();
    printed_.clear();
    synced_head_ = core_->state().head;
    StartClerk();

    store_.FailAfter(step, absl::DataLossError("the power went"), landed);
    const absl::Status worked = work();
    if (worked.ok()) Print();
    if (!worked.ok()) ++cuts;
    core_.reset();
    store_.Crash();
    Open();
    synced_head_ = core_->state().head;
    const auto is_z = [](const v1::Event& event) {
      return event.has_shift_closed();
    };
    const auto is_count = [](const v1::Event& event) {
      return event.has_cash_counted();
    };
    ASSERT_LE(printed_.size(),
              static_cast<size_t>(Count(is_z) + Count(is_count)))
        << step;
    // The till asks again under the same ids, the daemon prints what it finds.
    ASSERT_THAT(work(), IsOk()) << step;
    Print();
    Print();
    EXPECT_EQ(Count(is_z), 1) << step;
    EXPECT_EQ(Count(is_count), 1) << step;
    ASSERT_EQ(printed_.size(), 2u) << step;
    EXPECT_EQ(printed_.begin()->first, "S014-T1-1-Z000001") << step;
    EXPECT_EQ(Drawer(), 150) << step;
    if (worked.ok()) break;
  }
  EXPECT_GE(cuts, 2) << "there were steps to be cut";
  ExpectVerified();
}

// Cut while it prints: handed in again, and the queue knows it.
TEST_F(PowerCut, InTheMiddleOfPrinting) {
  synced_head_ = core_->state().head;
  StartClerk();
  ASSERT_THAT(Work(), IsOk());
  cut_printing_in_ = 1;
  Print();
  cut_printing_in_ = 0;
  CrashAndOpen();
  Print();
  EXPECT_EQ(printed_, (std::map<std::string, int>{{"S014-T1-1-000001", 1}}));
}

}  // namespace
}  // namespace branchline

#include "edge/commit/unfolded.h"

#include "tests/edge/edge_fixture.h"
#include "tests/support/status_matchers.h"

namespace branchline {
namespace {

class UnfoldedTest : public EdgeFixture {
 protected:
  UnfoldedTest() { BL_CHECK(OpenDay().ok(), "the day is open"); }

  std::string Counter() {
    const auto row =
        core_->books().Get(Table::kDocs, docs::ReceiptCounter("S014", "T1", 1));
    BL_CHECK(row.ok(), "the books can be read");
    return row->value_or("none");
  }
  static std::string Number(uint64_t value) {
    std::string bytes;
    AppendU64(&bytes, value);
    return bytes;
  }
};

TEST_F(UnfoldedTest, PlainSalesWaitAndNothingElseDoes) {
  const auto sold = Run(Sale("PEN", 2'000));
  ASSERT_THAT(sold, IsOk());
  const v1::Event plain = sold->event;
  EXPECT_TRUE(FoldMayWait(plain));
  const auto with = [&](auto&& change) {
    v1::Event event = plain;
    change(event.mutable_sale());
    return FoldMayWait(event);
  };
  EXPECT_FALSE(with([](v1::Sale* sale) { sale->set_payment_sale_id("s"); }));
  EXPECT_FALSE(with([](v1::Sale* sale) { sale->set_voids_receipt_no("r"); }));
  EXPECT_FALSE(with([](v1::Sale* sale) { sale->mutable_open_payments(); }));
  EXPECT_FALSE(with([](v1::Sale* sale) {
    sale->mutable_lines(0)->set_unknown_code("4711");
  }));
  EXPECT_FALSE(with([](v1::Sale* sale) {
    sale->mutable_lines(0)->set_returns_receipt_no("S014-T1-1-000001");
  }));
  EXPECT_FALSE(with(
      [](v1::Sale* sale) { sale->mutable_tenders(0)->set_unconfirmed(true); }));
  EXPECT_FALSE(with([](v1::Sale* sale) { sale->set_receipt_no(""); }));
  v1::Event day;
  day.mutable_day_opened()->set_date(1);
  EXPECT_FALSE(FoldMayWait(day));
}

// A row that several records write says what the last of them says, whoever
// asks when.
TEST_F(UnfoldedTest, RowsKeepTheOrderOfTheRecords) {
  ASSERT_THAT(Run(Sale("PEN", 2'000)), IsOk());
  const auto second = Run(Sale("PEN", 1'000));
  ASSERT_THAT(second, IsOk());
  v1::ReturnGoodsRequest back;
  back.set_original_receipt_no(second->event.sale().receipt_no());
  back.add_lines()->set_quantity_milli(1'000);
  ASSERT_THAT(Run(back), IsOk());
  EXPECT_EQ(Counter(), Number(3));
  ASSERT_THAT(Run(Sale("PEN", 1'000)), IsOk());
  EXPECT_EQ(Counter(), Number(4));
  EXPECT_EQ(Balance(v1::ACCOUNT_KIND_SOLD, "sku:PEN"), 3'000);
  core_->books().Settle();
  core_->books().Settle();  // once is as good as twice
  EXPECT_EQ(Balance(v1::ACCOUNT_KIND_SOLD, "sku:PEN"), 3'000);
}

// Also where nobody read in between.
TEST_F(UnfoldedTest, WhatIsFoldedAtOnceComesBehindWhatWaits) {
  const auto sold = Run(Sale("PEN", 1'000));
  ASSERT_THAT(sold, IsOk());
  const MemoryStore empty;
  LaggingBooks books(&empty);
  books.Add({}, {{"edge:S014", sold->at.epoch, sold->at.seq,
                  sold->event.SerializeAsString()}});
  const std::string key = docs::ReceiptCounter("S014", "T1", 1);
  Folded later;
  later.effects.puts[key] = Number(9);
  books.Add(std::move(later), {});
  EXPECT_EQ(**books.Get(Table::kDocs, key), Number(9));
}

// What a command does counts for the next of its batch.
TEST_F(UnfoldedTest, ABatchReadsWhatItSold) {
  v1::RingRequest first = WithId(Sale("PEN", 5'000));
  std::vector<Command> batch;
  batch.push_back({"T1", clock_.WallNow(), first});
  batch.push_back({"T1", clock_.WallNow(), first});  // its answer was lost
  v1::ReturnGoodsRequest back;
  back.set_original_receipt_no("S014-T1-1-000001");
  back.add_lines()->set_quantity_milli(5'000);
  batch.push_back({"T1", clock_.WallNow(), WithId(back)});
  const auto outcomes = core_->Execute(batch);
  ASSERT_THAT(outcomes[0], IsOk());
  ASSERT_THAT(outcomes[1], IsOk());
  EXPECT_TRUE(outcomes[1]->repeated);
  EXPECT_THAT(outcomes[2], IsOk());
  EXPECT_EQ(Balance(v1::ACCOUNT_KIND_SOLD, "sku:PEN"), 0);
  EXPECT_EQ(Counter(), Number(2));
}

// What waited is in the books of the box that starts after a crash, once.
TEST_F(UnfoldedTest, ACrashLosesNoneOfWhatWaits) {
  for (int i = 0; i < 7; ++i) ASSERT_THAT(Run(Sale("INK", 1'000)), IsOk());
  CrashAndOpen();
  EXPECT_EQ(Balance(v1::ACCOUNT_KIND_SOLD, "sku:INK"), 7'000);
  EXPECT_EQ(Counter(), Number(7));
  ASSERT_THAT(core_->WriteBooks(), IsOk());
  CrashAndOpen();
  EXPECT_EQ(Balance(v1::ACCOUNT_KIND_SOLD, "sku:INK"), 7'000);
}

}  // namespace
}  // namespace branchline

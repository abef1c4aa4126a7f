// The figures of a chain that is small enough to add up by hand.

#include "hub/report/reports.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "hub/report/completeness.h"
#include "tests/hub/test_chain.h"
#include "tests/support/status_matchers.h"

namespace branchline {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

// "S001 GBP: 2 receipts, 2 lines, 3000 milli, -0, 597"
std::string Text(const v1::SalesRow& row) {
  return absl::StrCat(row.key(), row.name().empty() ? "" : "/", row.name(), " ",
                      row.currency(), ": ", row.receipts(), " receipts, ",
                      row.lines(), " lines, ", row.quantity_milli(), " milli, ",
                      row.net_minor());
}

template <typename Rows>
std::vector<std::string> Texts(const Rows& rows) {
  std::vector<std::string> texts;
  for (const auto& row : rows) texts.push_back(Text(row));
  return texts;
}

// S001 trades in pounds on the 20th and the 21st and sealed the 20th; S002 in
// pounds and euros on the 20th, which it sealed; S003 never opened a day.
class ReportsTest : public ::testing::Test {
 protected:
  ReportsTest() : first('a'), second('b') {
    EXPECT_THAT(first.Join(&hub, hub.AddBranch("S001")), IsOk());
    EXPECT_THAT(second.Join(&hub, hub.AddBranch("S002")), IsOk());
    hub.AddBranch("S003");
    first.Append(OpenDay(20261120));
    first.Append(SaleOf("S001", 20261120, 1, "PEN", 1'000, 199));
    first.Append(SaleOf("S001", 20261120, 2, "INK", 2'000, 398));
    first.Append(CloseDay(20261120));
    first.Append(OpenDay(20261121));
    first.Append(SaleOf("S001", 20261121, 3, "PEN", 1'000, 199));
    EXPECT_THAT(first.PushTo(&hub), IsOk());
    second.Append(OpenDay(20261120));
    second.Append(SaleOf("S002", 20261120, 1, "PEN", 500, 100));
    second.Append(SaleOf("S002", 20261120, 2, "PEN", 500, 120, "EUR"));
    second.Append(CloseDay(20261120));
    EXPECT_THAT(second.PushTo(&hub), IsOk());
  }

  absl::StatusOr<v1::SalesReport> Sales(v1::SalesBy by, Date from = 0,
                                        Date to = 0,
                                        const std::string& branch = "") {
    v1::SalesReportRequest request;
    request.set_by(by);
    request.set_from_date(from);
    request.set_to_date(to);
    request.set_branch(branch);
    return hub.reports->Sales(request);
  }

  TestHub hub;
  TestBox first;
  TestBox second;
};

TEST_F(ReportsTest, ByBranch) {
  const auto report = Sales(v1::SALES_BY_BRANCH);
  ASSERT_THAT(report, IsOk());
  EXPECT_THAT(
      Texts(report->rows()),
      ElementsAre("S001/Branch S001 GBP: 3 receipts, 3 lines, 0 milli, 796",
                  "S002/Branch S002 EUR: 1 receipts, 1 lines, 0 milli, 120",
                  "S002/Branch S002 GBP: 1 receipts, 1 lines, 0 milli, 100"));
  EXPECT_THAT(Texts(report->totals()),
              ElementsAre("total EUR: 1 receipts, 1 lines, 0 milli, 120",
                          "total GBP: 4 receipts, 4 lines, 0 milli, 896"));
}

TEST_F(ReportsTest, ByDayMonthAndSku) {
  EXPECT_THAT(Texts(Sales(v1::SALES_BY_DAY)->rows()),
              ElementsAre("2026-11-20 EUR: 1 receipts, 1 lines, 0 milli, 120",
                          "2026-11-20 GBP: 3 receipts, 3 lines, 0 milli, 697",
                          "2026-11-21 GBP: 1 receipts, 1 lines, 0 milli, 199"));
  EXPECT_THAT(Texts(Sales(v1::SALES_BY_MONTH)->rows()),
              ElementsAre("2026-11 EUR: 1 receipts, 1 lines, 0 milli, 120",
                          "2026-11 GBP: 4 receipts, 4 lines, 0 milli, 896"));
  EXPECT_THAT(Texts(Sales(v1::SALES_BY_SKU)->rows()),
              ElementsAre("INK GBP: 0 receipts, 1 lines, 2000 milli, 398",
                          "PEN EUR: 0 receipts, 1 lines, 500 milli, 120",
                          "PEN GBP: 0 receipts, 3 lines, 2500 milli, 498"));
}

TEST_F(ReportsTest, DatesAreBothIncluded) {
  EXPECT_THAT(Texts(Sales(v1::SALES_BY_DAY, 20261121, 20261121)->rows()),
              ElementsAre("2026-11-21 GBP: 1 receipts, 1 lines, 0 milli, 199"));
  EXPECT_THAT(Texts(Sales(v1::SALES_BY_SKU, 0, 20261120, "S001")->rows()),
              ElementsAre("INK GBP: 0 receipts, 1 lines, 2000 milli, 398",
                          "PEN GBP: 0 receipts, 1 lines, 1000 milli, 199"));
  EXPECT_THAT(Sales(v1::SALES_BY_DAY, 20261122)->rows(), IsEmpty());
}

// A receipt of the 20th that came on the 21st: the day as sealed, as it is now,
// and the difference.
TEST_F(ReportsTest, ShowsWhatCameAfterTheSeal) {
  v1::Event late = SaleOf("S001", 20261120, 4, "INK", 1'000, 250);
  late.set_restated_on_date(20261121);
  first.Append(late);
  ASSERT_THAT(first.PushTo(&hub), IsOk());
  const auto report = Sales(v1::SALES_BY_DAY, 0, 0, "S001");
  ASSERT_THAT(report, IsOk());
  ASSERT_EQ(report->rows_size(), 2);
  EXPECT_EQ(report->rows(0).key(), "2026-11-20");
  EXPECT_EQ(report->rows(0).net_minor(), 597 + 250);
  EXPECT_EQ(report->rows(0).restated_net_minor(), 250);
  EXPECT_EQ(report->rows(0).restated_receipts(), 1);
  EXPECT_EQ(report->rows(1).restated_net_minor(), 0);
  EXPECT_EQ(report->totals(0).restated_net_minor(), 250);
  EXPECT_EQ(Sales(v1::SALES_BY_BRANCH)->rows(0).restated_net_minor(), 250);
  EXPECT_EQ(Sales(v1::SALES_BY_MONTH)->totals(1).restated_net_minor(), 250);
  // Asked for a day alone, it is the day's own.
  EXPECT_EQ(Sales(v1::SALES_BY_DAY, 20261121, 20261121)
                ->totals(0)
                .restated_net_minor(),
            0);
  EXPECT_EQ(Sales(v1::SALES_BY_SKU)->totals(0).restated_net_minor(), 0);
}

TEST_F(ReportsTest, SaysWhatItCannotAnswer) {
  EXPECT_THAT(Sales(v1::SALES_BY_UNSPECIFIED),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       HasSubstr("by branch, day, month or SKU")));
  EXPECT_THAT(Sales(v1::SALES_BY_DAY, 20261131),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("")));
  EXPECT_THAT(Sales(v1::SALES_BY_DAY, 20261121, 20261120),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       HasSubstr("the first is after the last")));
  EXPECT_THAT(
      Sales(v1::SALES_BY_DAY, 0, 0, "S009"),
      StatusIs(absl::StatusCode::kNotFound, HasSubstr("no branch S009")));
}

TEST_F(ReportsTest, Stock) {
  v1::ImportCatalogueRequest import;
  const auto report = hub.reports->Stock({});
  ASSERT_THAT(report, IsOk());
  std::vector<std::string> rows;
  for (const v1::StockRow& row : report->rows()) {
    rows.push_back(
        absl::StrCat(row.branch(), " ", row.sku(), " ", row.on_hand_milli()));
  }
  EXPECT_THAT(
      rows, ElementsAre("S001 INK -2000", "S001 PEN -2000", "S002 PEN -1000"));
  v1::StockReportRequest request;
  request.set_sku("PEN");
  request.set_branch("S002");
  EXPECT_EQ(hub.reports->Stock(request)->rows_size(), 1);
}

TEST_F(ReportsTest, ASumBeyond64BitsIsAnErrorAndNotANumber) {
  constexpr int64_t kHuge = int64_t{1} << 60;
  for (uint64_t i = 10; i < 18; ++i) {
    first.Append(SaleOf("S001", 20261121, i, "GOLD", 1'000, kHuge));
  }
  ASSERT_THAT(first.PushTo(&hub), IsOk());
  EXPECT_THAT(Sales(v1::SALES_BY_BRANCH),
              StatusIs(absl::StatusCode::kOutOfRange,
                       HasSubstr("net of S001 in GBP does not fit 64 bits")));
  EXPECT_THAT(Sales(v1::SALES_BY_BRANCH, 0, 20261120), IsOk());
}

// --- Completeness ---

TEST_F(ReportsTest, AnOpenDayHoldsBackItself) {
  hub.clock.Advance(absl::Hours(3));
  const auto completeness = Sales(v1::SALES_BY_DAY)->completeness();
  EXPECT_EQ(completeness.complete_to_date(), 20261120u);
  EXPECT_THAT(completeness.missing(),
              ElementsAre("S001: day 2026-11-21 open, never heard",
                          "S002: sealed to 2026-11-20, never heard"));
}

TEST_F(ReportsTest, UpToTheLastSealNothingIsMissing) {
  const auto completeness =
      Sales(v1::SALES_BY_DAY, 0, 20261120)->completeness();
  EXPECT_EQ(completeness.complete_to_date(), 20261120u);
  EXPECT_THAT(completeness.missing(), IsEmpty());
}

TEST_F(ReportsTest, WhenABranchWasLastHeardIsSaid) {
  first.Greet(&hub);
  hub.clock.Advance(absl::Hours(3) + absl::Minutes(20));
  EXPECT_THAT(Sales(v1::SALES_BY_DAY, 0, 0, "S001")->completeness().missing(),
              ElementsAre("S001: day 2026-11-21 open, last heard 3 h ago"));
}

TEST_F(ReportsTest, AllSealedIsComplete) {
  first.Append(CloseDay(20261121));
  second.Append(OpenDay(20261121));
  second.Append(CloseDay(20261121));
  ASSERT_THAT(first.PushTo(&hub), IsOk());
  ASSERT_THAT(second.PushTo(&hub), IsOk());
  const auto completeness = Sales(v1::SALES_BY_DAY)->completeness();
  EXPECT_EQ(completeness.complete_to_date(), 20261121u);
  EXPECT_THAT(completeness.missing(), IsEmpty());
}

TEST_F(ReportsTest, ARetiredBranchHoldsNothingBack) {
  v1::RetireBranchRequest request;
  request.set_code("S002");
  ASSERT_THAT(hub.admin->RetireBranch(request), IsOk());
  first.Append(CloseDay(20261121));
  ASSERT_THAT(first.PushTo(&hub), IsOk());
  EXPECT_EQ(Sales(v1::SALES_BY_DAY)->completeness().complete_to_date(),
            20261121u);
}

TEST(CompletenessTest, ADayBeforeTheFirstOfAMonth) {
  TestHub hub;
  TestBox box;
  ASSERT_THAT(box.Join(&hub, hub.AddBranch("S001")), IsOk());
  box.Append(OpenDay(20260228));
  box.Append(CloseDay(20260228));
  box.Append(OpenDay(20260301));
  ASSERT_THAT(box.PushTo(&hub), IsOk());
  v1::SalesReportRequest request;
  request.set_by(v1::SALES_BY_DAY);
  EXPECT_EQ(hub.reports->Sales(request)->completeness().complete_to_date(),
            20260228u);
}

TEST(CompletenessTest, AChainWithoutTradeIsCompleteToNoDay) {
  TestHub hub;
  hub.AddBranch("S001");
  v1::SalesReportRequest request;
  request.set_by(v1::SALES_BY_DAY);
  const auto report = hub.reports->Sales(request);
  ASSERT_THAT(report, IsOk());
  EXPECT_EQ(report->completeness().complete_to_date(), 0u);
  EXPECT_THAT(report->completeness().missing(), IsEmpty());
}

TEST(CompletenessTest, RoughDurations) {
  EXPECT_EQ(RoughDuration(absl::Seconds(-5)), "0 s");
  EXPECT_EQ(RoughDuration(absl::Seconds(59)), "59 s");
  EXPECT_EQ(RoughDuration(absl::Seconds(3'599)), "59 min");
  EXPECT_EQ(RoughDuration(absl::Hours(47)), "47 h");
  EXPECT_EQ(RoughDuration(absl::Hours(49)), "2 d");
}

}  // namespace
}  // namespace branchline

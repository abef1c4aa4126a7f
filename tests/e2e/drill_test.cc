// `branchline drill` on the real programs: a chain trades through outages and
// kills, and its books are exact.

#include <gmock/gmock.h>

#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "tests/e2e/drill_fixture.h"
#include "tools/drill/exact.h"
#include "tools/drill/sales_file.h"

namespace branchline::drill {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;

// The totals that `file` comes to, as the drill's JSON has them.
void ExpectTotals(const google::protobuf::Struct& json,
                  const std::string& path) {
  const auto file = ReadSalesFile(path);
  ASSERT_TRUE(file.ok()) << file.status();
  const ExpectedBooks books = ComputeExpectedBooks(
      *file, [](absl::string_view) { return std::string("all"); });
  const google::protobuf::Struct& total = Object(json, "total");
  EXPECT_EQ(Number(total, "receipts"), books.receipts);
  EXPECT_EQ(Number(total, "lines"), books.lines);
  EXPECT_EQ(Number(total, "lost"), 0);
  EXPECT_EQ(Number(total, "doubled"), 0);
  for (const auto& [currency, totals] : books.by_currency) {
    EXPECT_EQ(Object(total, "net").fields().at(currency).string_value(),
              DecimalText(totals.net_minor, *CurrencyDigits(currency)));
  }
}

TEST_F(DrillFixture, BooksAreExactAfterOutagesAndKills) {
  const std::string file = WriteChain(/*days=*/2, /*receipts=*/12);
  const Ended ended =
      Branchline({"drill", "--file", file, "--branches", "3", "--seed", "5",
                  "--work-dir", work_dir(), "--format", "json"});
  ASSERT_FALSE(ended.exit.signalled) << ended.output;
  ASSERT_EQ(ended.exit.code, 0) << ended.output;
  const google::protobuf::Struct json = JsonIn(ended.output);
  ExpectTotals(json, file);
  EXPECT_EQ(json.fields().at("branches").list_value().values_size(), 3);
  EXPECT_GE(Number(Object(json, "total"), "outages"), 3);
  EXPECT_GE(Number(Object(json, "total"), "kills"), 4);  // the hub's too
  EXPECT_THAT(ProcessesLeft(), IsEmpty());
  EXPECT_THAT(OpenToOthers(), IsEmpty());

  // What it left behind can be read by others.
  const Ended verified =
      Branchline({"journal", "verify", "--data", work_dir() + "/hub"});
  EXPECT_EQ(verified.exit.code, 0) << verified.output;
  const Ended report =
      Branchline({"report", "sales", "--hub-data", work_dir() + "/hub", "--by",
                  "branch", "--format", "csv"});
  EXPECT_EQ(report.exit.code, 0) << report.output;
  EXPECT_THAT(report.output, HasSubstr("B03,"));
}

TEST_F(DrillFixture, ABranchWithoutStoresOpensAndClosesItsDays) {
  const std::string path = dir() + "/one.csv";
  std::ofstream(path)
      << "store,receipt_no,timestamp,sku,qty,unit_price,discount,currency,"
         "kind\n"
         "A,1,2024-01-02T09:00:00,tea,2,1.005,0,GBP,sale\n"
         "A,2,2024-01-02T09:01:00,tea,0,0,0.30,GBP,sale\n"
         "A,3,2024-01-02T09:02:00,tea,-1,1.005,0,GBP,return\n"
         "A,D,2024-01-03T09:02:00,tea,5,0,0,GBP,adjust\n"
         "A,D,2024-01-03T09:02:00,bad debt,1,-110.62,0,GBP,adjust\n"
         "A,4,2024-01-03T10:00:00,tea,3,100.5,0,JPY,sale\n"
         "A,4,2024-01-03T10:00:00,bag,1,0,0,JPY,adjust\n";
  const Ended ended =
      Branchline({"drill", "--file", path, "--branches", "2", "--no-faults",
                  "--work-dir", work_dir(), "--format", "json"});
  ASSERT_EQ(ended.exit.code, 0) << ended.output;
  const google::protobuf::Struct json = JsonIn(ended.output);
  ExpectTotals(json, path);
  EXPECT_EQ(Object(Object(json, "total"), "net").fields().size(), 2);
  EXPECT_EQ(Number(Object(json, "total"), "kills"), 0);
}

TEST_F(DrillFixture, RefusesWhatItWouldSpoil) {
  std::filesystem::create_directory(work_dir());
  std::ofstream(work_dir() + "/mine") << "keep";
  const std::string file = WriteChain(/*days=*/1, /*receipts=*/1);
  const Ended ended = Branchline(
      {"drill", "--file", file, "--branches", "1", "--work-dir", work_dir()});
  EXPECT_EQ(ended.exit.code, 1) << ended.output;
  EXPECT_THAT(ended.output, HasSubstr("is not an empty directory"));
  EXPECT_TRUE(std::filesystem::exists(work_dir() + "/mine"));
}

TEST_F(DrillFixture, NamesTheBrokenRowAndStartsNothing) {
  const std::string path = dir() + "/bad.csv";
  std::ofstream(path)
      << "store,receipt_no,timestamp,sku,qty,unit_price,currency,kind\n"
         "A,1,2024-01-02T09:00:00,tea,two,1,GBP,sale\n"
         "A,2,2024-01-02T09:00:00,tea,1,1,GBP,sale\n";
  Ended ended = Branchline(
      {"drill", "--file", path, "--branches", "1", "--work-dir", work_dir()});
  EXPECT_EQ(ended.exit.code, 1) << ended.output;
  EXPECT_THAT(ended.output, HasSubstr("row 2"));
  EXPECT_THAT(ended.output, HasSubstr("column qty"));
  EXPECT_FALSE(std::filesystem::exists(work_dir()));
  ended = Branchline({"drill", "--file", path, "--branches", "1", "--skip-bad",
                      "--no-faults", "--work-dir", work_dir()});
  EXPECT_EQ(ended.exit.code, 0) << ended.output;
  EXPECT_THAT(ended.output, HasSubstr("row 2 left out"));
}

TEST_F(DrillFixture, LeavesNoProcessWhenItIsInterrupted) {
  const std::string file = WriteChain(/*days=*/7, /*receipts=*/100);
  const std::unique_ptr<Process> drill = Launch(
      {"drill", "--file", file, "--branches", "2", "--work-dir", work_dir()});
  const auto line = drill->WaitForLine("ringing up", absl::Seconds(120));
  ASSERT_TRUE(line.ok()) << line.status();
  const auto exit = drill->Terminate(absl::Seconds(60));
  ASSERT_TRUE(exit.ok()) << exit.status();
  EXPECT_EQ(exit->code, 1);
  EXPECT_THAT(ProcessesLeft(), IsEmpty());
}

TEST_F(DrillFixture, HeadOfARealFileIsExact) {
  const char* const folder = std::getenv("BRANCHLINE_SALES_FILES");
  const std::string real =
      absl::StrCat(folder == nullptr ? "" : folder, "/journey.csv.gz");
  // Real files of a shop are not in this tree; the drill's own generated ones
  // are tested above.
  if (!std::filesystem::exists(real)) {
    GTEST_SKIP() << "BRANCHLINE_SALES_FILES names no folder with " << real;
  }
  const std::string file = WriteHead(real, /*lines=*/1'500);
  const Ended ended =
      Branchline({"drill", "--file", file, "--branches", "2", "--seed", "3",
                  "--work-dir", work_dir(), "--format", "json"});
  ASSERT_EQ(ended.exit.code, 0) << ended.output;
  ExpectTotals(JsonIn(ended.output), file);
}

}  // namespace
}  // namespace branchline::drill

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <string>

#include "absl/strings/str_cat.h"
#include "tests/tools/cli/cli_runner.h"
#include "tests/tools/cli/fake_hub.h"

namespace branchline::cli {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

class HubCommands : public ::testing::Test {
 protected:
  Ended Run(std::vector<std::string> arguments) {
    arguments.insert(arguments.end(), {"--hub-data", dir_.path()});
    return RunBranchline(arguments);
  }
  std::string Catalog(const std::string& rows) {
    const std::string path = dir_ / "items.csv";
    std::ofstream(path) << "sku,name,price,currency\n" << rows;
    return path;
  }

  ShortDir dir_;
  FakeHub hub_{dir_.path()};
};

TEST_F(HubCommands, ImportsACatalogueInBatchesOf500) {
  std::string rows;
  for (int i = 0; i < 1'201; ++i) {
    absl::StrAppend(&rows, "S", i, ",Pen ", i, ",1.99,GBP\n");
  }
  const Ended ended = Run({"catalog", "import", Catalog(rows)});
  EXPECT_EQ(ended.code, 0) << ended.err;
  EXPECT_EQ(ended.out, "1201 rows read, 1201 items and 1201 prices changed\n");
  ASSERT_EQ(hub_.imports.size(), 3u);
  EXPECT_EQ(hub_.imports[0].items_size(), 500);
  EXPECT_EQ(hub_.imports[2].items_size(), 201);
  EXPECT_EQ(hub_.imports[2].prices(200).price_minor_e4(), 1'990'000);
}

TEST_F(HubCommands, ImportsNothingOfABrokenFileUnlessToldToSkip) {
  const std::string file = Catalog("A,Pen,1,GBP\nB,Ink,x,GBP\n");
  const Ended refused = Run({"catalog", "import", file});
  EXPECT_EQ(refused.code, 1);
  EXPECT_THAT(refused.err,
              AllOf(HasSubstr("row 3, column price: 'x' is not a decimal"),
                    HasSubstr("branchline catalog import: "),
                    HasSubstr("nothing was imported")));
  EXPECT_TRUE(hub_.imports.empty());

  const Ended skipped = Run({"catalog", "import", file, "--skip-bad"});
  EXPECT_EQ(skipped.code, 0);
  EXPECT_THAT(skipped.err, HasSubstr("row 3, column price"));
  ASSERT_EQ(hub_.imports.size(), 1u);
  EXPECT_EQ(hub_.imports[0].items_size(), 1);
}

TEST_F(HubCommands, SaysHowFarABrokenImportCame) {
  hub_.refusal =
      grpc::Status(grpc::StatusCode::RESOURCE_EXHAUSTED, "disk full");
  const Ended ended = Run({"catalog", "import", Catalog("A,Pen,1,GBP\n")});
  EXPECT_EQ(ended.code, 5);
  EXPECT_THAT(ended.err,
              AllOf(HasSubstr("rows 2 to 2"), HasSubstr("disk full")));
}

TEST_F(HubCommands, AddsABranch) {
  const Ended ended =
      Run({"branch", "add", "S014", "--name", "High Street", "--time-zone",
           "Europe/London", "--currency", "GBP"});
  EXPECT_EQ(ended.code, 0) << ended.err;
  EXPECT_EQ(hub_.added.branch().code(), "S014");
  EXPECT_EQ(hub_.added.branch().time_zone(), "Europe/London");
}

TEST_F(HubCommands, RefusesABranchThatCannotBeBeforeAsking) {
  const auto add = [&](const char* code, const char* zone,
                       const char* currency) {
    return Run({"branch", "add", code, "--name", "x", "--time-zone", zone,
                "--currency", currency});
  };
  EXPECT_EQ(add("s014", "Europe/London", "GBP").code, 2);
  EXPECT_EQ(add("S014", "Europe/Lundun", "GBP").code, 2);
  EXPECT_EQ(add("S014", "Europe/London", "gbp").code, 2);
  EXPECT_EQ(hub_.added.branch().code(), "");
}

TEST_F(HubCommands, PrintsATokenAloneOnStdout) {
  const Ended ended = Run({"branch", "token", "S014"});
  EXPECT_EQ(ended.code, 0);
  EXPECT_EQ(ended.out, "BL1.hash.S014.secret\n");
  EXPECT_THAT(ended.err, HasSubstr("branchline edge join"));
}

TEST_F(HubCommands, ListsBranches) {
  v1::BranchInfo& info = *hub_.branches.add_branches();
  info.mutable_branch()->set_code("S014");
  info.mutable_branch()->set_name("High Street");
  info.mutable_branch()->set_status(v1::BRANCH_STATUS_ACTIVE);
  info.mutable_cursor()->set_epoch(1);
  info.mutable_cursor()->set_seq(57);
  info.set_open_date(20261121);
  const Ended table = Run({"branch", "list"});
  EXPECT_EQ(table.code, 0) << table.err;
  EXPECT_THAT(table.out, AllOf(HasSubstr("High Street"), HasSubstr("1/57"),
                               HasSubstr("2026-11-21"), HasSubstr("never")));
  EXPECT_THAT(Run({"branch", "list", "--format", "csv"}).out,
              HasSubstr("S014,High Street,active,1/57,2026-11-21,-,no,,0"));
  EXPECT_THAT(Run({"branch", "show", "S014", "--format", "json"}).out,
              HasSubstr("\"status\": \"BRANCH_STATUS_ACTIVE\""));
}

TEST_F(HubCommands, ReportsSalesWithWhatTheyAreCompleteTo) {
  v1::SalesRow& row = *hub_.sales.add_rows();
  row.set_key("2026-11");
  row.set_currency("GBP");
  row.set_receipts(2);
  row.set_lines(3);
  row.set_net_minor(123456);
  *hub_.sales.add_totals() = row;
  hub_.sales.mutable_completeness()->set_complete_to_date(20261120);
  hub_.sales.mutable_completeness()->add_missing("S014: day open");
  const Ended table = Run({"report", "sales", "--by", "month", "--from",
                           "2026-11-01", "--to", "20261130"});
  EXPECT_EQ(table.code, 0) << table.err;
  EXPECT_THAT(table.out,
              AllOf(HasSubstr("1,234.56"), HasSubstr("complete to 2026-11-20"),
                    HasSubstr("S014: day open"), HasSubstr("total")));
  EXPECT_THAT(table.out, Not(HasSubstr("as sealed")));
  EXPECT_EQ(hub_.sales_asked.by(), v1::SALES_BY_MONTH);
  EXPECT_EQ(hub_.sales_asked.from_date(), 20261101u);
  EXPECT_EQ(hub_.sales_asked.to_date(), 20261130u);

  const Ended csv =
      Run({"report", "sales", "--by", "month", "--format", "csv"});
  EXPECT_EQ(csv.out,
            "month,name,currency,receipts,lines,quantity,discount,net,sealed,"
            "restated\n"
            "2026-11,,GBP,2,3,,0.00,1234.56,,\n");
  EXPECT_THAT(csv.err, HasSubstr("complete to 2026-11-20"));
  EXPECT_THAT(Run({"report", "sales", "--format", "json"}).out,
              AllOf(HasSubstr("\"net\": \"1234.56\""),
                    HasSubstr("\"complete_to\": \"2026-11-20\"")));
}

TEST_F(HubCommands, ReportsSalesAsSealedWhereItDiffers) {
  v1::SalesRow& row = *hub_.sales.add_rows();
  row.set_key("2026-11-20");
  row.set_currency("GBP");
  row.set_net_minor(84'700);
  row.set_restated_net_minor(25'000);
  row.set_restated_receipts(1);
  EXPECT_THAT(
      Run({"report", "sales", "--by", "day"}).out,
      AllOf(HasSubstr("as sealed"), HasSubstr("after seal"),
            HasSubstr("847.00"), HasSubstr("597.00"), HasSubstr("250.00")));
}

TEST_F(HubCommands, RefusesDatesAndValuesThatAreNone) {
  EXPECT_EQ(Run({"report", "sales", "--from", "2026-02-30"}).code, 2);
  EXPECT_EQ(Run({"report", "sales", "--by", "week"}).code, 2);
  EXPECT_EQ(
      Run({"report", "sales", "--from", "2026-11-02", "--to", "2026-11-01"})
          .code,
      2);
  EXPECT_EQ(Run({"report", "sales", "--format", "xml"}).code, 2);
}

struct CodeCase {
  grpc::StatusCode grpc;
  int exit;
};

TEST_F(HubCommands, EndsWithTheDocumentedCode) {
  for (const CodeCase& c :
       std::vector<CodeCase>{{grpc::StatusCode::FAILED_PRECONDITION, 1},
                             {grpc::StatusCode::INVALID_ARGUMENT, 1},
                             {grpc::StatusCode::NOT_FOUND, 1},
                             {grpc::StatusCode::UNAVAILABLE, 3},
                             {grpc::StatusCode::DATA_LOSS, 4},
                             {grpc::StatusCode::RESOURCE_EXHAUSTED, 5}}) {
    hub_.refusal = grpc::Status(c.grpc, "because");
    const Ended ended = Run({"report", "sales"});
    EXPECT_EQ(ended.code, c.exit) << c.grpc;
    EXPECT_EQ(ended.err, "branchline report sales: because\n");
  }
}

}  // namespace
}  // namespace branchline::cli

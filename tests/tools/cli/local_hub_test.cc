// A hub without its daemon: the command opens the directory itself.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <string>

#include "sync/journal/rocks_store.h"
#include "tests/tools/cli/cli_runner.h"

namespace branchline::cli {
namespace {

using ::testing::AllOf;
using ::testing::ContainsRegex;
using ::testing::HasSubstr;

class LocalHub : public ::testing::Test {
 protected:
  void SetUp() override {
    const Ended ended =
        RunBranchline({"hub", "init", "--data", hub_, "--name", "Nord"});
    ASSERT_EQ(ended.code, 0) << ended.err;
  }
  Ended RunHub(std::vector<std::string> arguments) {
    arguments.insert(arguments.end(), {"--hub-data", hub_});
    return RunBranchline(arguments);
  }
  Ended AddBranch() {
    return RunHub({"branch", "add", "S014", "--name", "High Street",
                   "--time-zone", "Europe/London", "--currency", "GBP"});
  }

  ShortDir dir_;
  const std::string hub_ = dir_ / "hub";
};

TEST_F(LocalHub, HasAnEmptyChainAfterInit) {
  EXPECT_THAT(RunHub({"hub", "status"}).out,
              AllOf(HasSubstr("Nord"), HasSubstr("runs           no")));
  EXPECT_THAT(RunHub({"branch", "list"}).out, HasSubstr("no branches yet"));
  EXPECT_THAT(RunHub({"report", "sales"}).out, HasSubstr("no sales"));
  const Ended again =
      RunBranchline({"hub", "init", "--data", hub_, "--name", "Nord"});
  EXPECT_EQ(again.code, 1);
  EXPECT_THAT(again.err, HasSubstr("a hub was set up"));
}

TEST_F(LocalHub, ABranchsGroupsAreGivenAndChanged) {
  EXPECT_EQ(RunHub({"branch", "add", "S014", "--name", "High Street",
                    "--time-zone", "Europe/London", "--currency", "GBP",
                    "--group", "north", "--tax-region", "N"})
                .code,
            0);
  EXPECT_THAT(RunHub({"branch", "show", "S014"}).out,
              ContainsRegex("groups +north\n.*tax_region +N\n"));
  const Ended set = RunHub(
      {"branch", "set", "S014", "--group", "south", "--group", "airport"});
  EXPECT_EQ(set.out, "branch S014 is set; it pulls it\n") << set.err;
  EXPECT_THAT(RunHub({"branch", "show", "S014"}).out,
              ContainsRegex("groups +south airport\n.*tax_region +N\n"));
  EXPECT_EQ(RunHub({"branch", "set", "S014", "--group", "south", "--group",
                    "airport"})
                .out,
            "nothing differs\n");
  RunHub({"branch", "set", "S014", "--no-groups", "--tax-region", ""});
  EXPECT_THAT(
      RunHub({"branch", "show", "S014", "--format", "json"}).out,
      AllOf(HasSubstr("\"groups\": []"), HasSubstr("\"tax_region\": \"\"")));
  EXPECT_EQ(RunHub({"branch", "set", "S014"}).code, 2);
}

TEST_F(LocalHub, TakesChangesAndVerifiesThem) {
  EXPECT_EQ(AddBranch().code, 0);
  std::ofstream(dir_ / "items.csv")
      << "sku,name,price,currency\nPEN,Pen,1.99,GBP\nPEN,Pen,2.49,EUR\n";
  const Ended imported = RunHub({"catalog", "import", dir_ / "items.csv"});
  EXPECT_EQ(imported.out, "2 rows read, 1 items and 2 prices changed\n")
      << imported.err;
  EXPECT_THAT(RunHub({"staff", "list"}).out, HasSubstr("nobody yet"));
  EXPECT_EQ(RunHub({"staff", "set", "7", "--name", "Ada", "--role", "cashier",
                    "--branch", "S014"})
                .code,
            0);
  EXPECT_EQ(RunHub({"staff", "set", "7", "--name", "Ada L."}).code, 0);
  EXPECT_EQ(RunHub({"staff", "list", "--format", "csv"}).out,
            "id,name,role,branches,pin,left\n7,Ada L.,cashier,S014,no,no\n");
  EXPECT_EQ(RunHub({"staff", "set", "7", "--everywhere"}).code, 0);
  EXPECT_THAT(RunHub({"staff", "list", "--branch", "S099"}).out,
              HasSubstr("everywhere"));
  EXPECT_EQ(
      RunHub({"staff", "set", "7", "--everywhere", "--branch", "S014"}).code,
      2);
  EXPECT_THAT(RunHub({"branch", "list", "--format", "csv"}).out,
              HasSubstr("S014,High Street,planned,"));
  const Ended verified = RunBranchline({"journal", "verify", "--data", hub_});
  EXPECT_EQ(verified.code, 0) << verified.out;
  EXPECT_THAT(verified.out, HasSubstr("whole"));
  const Ended unknown = RunHub({"branch", "token", "S015"});
  EXPECT_EQ(unknown.code, 1);
  EXPECT_THAT(unknown.err, HasSubstr("S015"));
}

TEST_F(LocalHub, ReadsWhileAnotherHasItOpenAndRefusesToChange) {
  const auto held = OpenRocksStore({.dir = hub_ + "/ledger"});
  ASSERT_TRUE(held.ok()) << held.status();
  EXPECT_EQ(RunHub({"branch", "list"}).code, 0);
  const Ended refused = AddBranch();
  EXPECT_EQ(refused.code, 1);
  EXPECT_THAT(refused.err, HasSubstr("is in use by another process"));
}

TEST_F(LocalHub, IsNotWhereNoHubWasMade) {
  const Ended ended =
      RunBranchline({"branch", "list", "--hub-data", dir_ / "other"});
  EXPECT_EQ(ended.code, 1);
  EXPECT_THAT(ended.err, HasSubstr("branchline hub init"));
}

}  // namespace
}  // namespace branchline::cli

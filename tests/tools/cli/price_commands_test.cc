// Items, prices and promotions through the command, on a real hub's directory.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>
#include <string>

#include "tests/tools/cli/cli_runner.h"

namespace branchline::cli {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

class PriceCommands : public ::testing::Test {
 protected:
  void SetUp() override {
    const Ended ended =
        RunBranchline({"hub", "init", "--data", hub_, "--name", "Nord"});
    ASSERT_EQ(ended.code, 0) << ended.err;
    Write("items.csv",
          "sku,name,name_zh,barcode,codes,kind,price,currency\n"
          "COLA,Cola,可乐,036000291452,5000112576009*10=9.99/GBP,,1.20,GBP\n"
          "COLA,Cola,可乐,036000291452,5000112576009*10=9.99/GBP,,1.40,EUR\n"
          "DEPT1,Grocery,,,,open-department,,\n"
          "TEA,Tea,茶,12345,,,2.50,GBP\n");
    const Ended imported = Run({"catalog", "import", dir_ / "items.csv"});
    ASSERT_EQ(imported.code, 0) << imported.err;
  }
  Ended Run(std::vector<std::string> arguments) {
    arguments.insert(arguments.end(), {"--hub-data", hub_});
    return RunBranchline(arguments);
  }
  void Write(const std::string& name, const std::string& text) {
    std::ofstream(dir_ / name) << text;
  }
  std::string ReadBack(const std::string& name) {
    std::ostringstream text;
    text << std::ifstream(dir_ / name).rdbuf();
    return text.str();
  }
  void PublishSpring() {
    Write("book.json", R"({"priceBook": {"lists": [)"
                       R"({"id": "spring", "currency": "GBP",)"
                       R"( "kind": "PRICE_LIST_KIND_REGULAR"},)"
                       R"({"id": "april", "currency": "GBP",)"
                       R"( "kind": "PRICE_LIST_KIND_REGULAR"}]}})");
    const Ended published = Run({"rules", "publish", dir_ / "book.json"});
    ASSERT_EQ(published.code, 0) << published.err;
    EXPECT_THAT(published.err, HasSubstr("spring and april overlap"));
  }

  ShortDir dir_;
  const std::string hub_ = dir_ / "hub";
};

TEST_F(PriceCommands, WhatIsExportedImportsAsNoChange) {
  for (const char* name : {"out.csv", "out.xlsx"}) {
    const Ended exported = Run({"catalog", "export", dir_ / name});
    ASSERT_EQ(exported.code, 0) << exported.err;
    EXPECT_THAT(exported.out, HasSubstr("3 items written"));
    const Ended dry = Run({"catalog", "import", dir_ / name, "--dry-run"});
    EXPECT_EQ(dry.code, 0) << dry.err;
    EXPECT_THAT(dry.out,
                AllOf(HasSubstr("nothing differs"),
                      HasSubstr("4 rows read, 0 items and 0 prices would")));
  }
  EXPECT_THAT(ReadBack("out.csv"),
              HasSubstr("036000291452,5000112576009*10=9.99/GBP"));
}

TEST_F(PriceCommands, ADryRunShowsEachFieldAndChangesNothing) {
  Write("new.csv",
        "sku,name,price,currency\nCOLA,Cola light,1.25,GBP\nNEW,Bun,0.5,GBP\n");
  const Ended dry = Run(
      {"catalog", "import", dir_ / "new.csv", "--dry-run", "--format", "csv"});
  EXPECT_EQ(dry.out,
            "sku,field,before,after\n"
            "COLA,name,Cola,Cola light\n"
            "NEW,sku,,NEW\n"
            "NEW,name,,Bun\n"
            "COLA,price GBP,1.20,1.25\n"
            "NEW,price GBP,,0.50\n");
  EXPECT_THAT(dry.err, HasSubstr("2 items and 2 prices would change"));
  EXPECT_EQ(Run({"catalog", "export", dir_ / "a.csv"}).code, 0);
  EXPECT_THAT(ReadBack("a.csv"), Not(HasSubstr("Cola light")));
  // And for good; what the file has no column for stays.
  EXPECT_EQ(Run({"catalog", "import", dir_ / "new.csv"}).code, 0);
  EXPECT_EQ(Run({"catalog", "export", dir_ / "b.csv"}).code, 0);
  EXPECT_THAT(ReadBack("b.csv"), HasSubstr("COLA,Cola light,可乐,,,036000"));
}

TEST_F(PriceCommands, PricesOfAListInAndOut) {
  PublishSpring();
  Write("spring.csv", "sku,price,note\nCOLA,1.10,x\nTEA,2.2499,\n");
  const Ended dry = Run({"price", "import", dir_ / "spring.csv", "--list",
                         "spring", "--dry-run"});
  EXPECT_EQ(dry.code, 0) << dry.err;
  EXPECT_THAT(dry.out, AllOf(HasSubstr("list spring"), HasSubstr("2.2499"),
                             HasSubstr("2 would change")));
  EXPECT_THAT(
      Run({"price", "import", dir_ / "spring.csv", "--list", "spring"}).out,
      HasSubstr("2 prices read, 2 changed"));
  EXPECT_THAT(Run({"price", "set", "COLA", "1.05", "--list", "spring"}).out,
              HasSubstr("1 changed"));
  EXPECT_EQ(Run({"price", "export", dir_ / "s.csv", "--list", "spring"}).code,
            0);
  EXPECT_EQ(
      ReadBack("s.csv"),
      "sku,name,price,currency\nCOLA,Cola,1.05,GBP\nTEA,Tea,2.2499,GBP\n");
  const Ended history = Run({"price", "history", "COLA", "--format", "csv"});
  EXPECT_THAT(history.out,
              AllOf(HasSubstr(",,1.20,GBP,"), HasSubstr(",spring,1.10,GBP,"),
                    HasSubstr(",spring,1.05,GBP,")));
  const Ended lists = Run({"price", "lists"});
  EXPECT_THAT(lists.out, HasSubstr("spring"));
  EXPECT_THAT(lists.err, HasSubstr("overlap with one priority"));
}

TEST_F(PriceCommands, BrokenPricesAreNamed) {
  Write("bad.csv", "sku,price\nCOLA,1.x\nTEA,2\n");
  const Ended bad =
      Run({"price", "import", dir_ / "bad.csv", "--currency", "GBP"});
  EXPECT_EQ(bad.code, 1);
  EXPECT_THAT(bad.err, AllOf(HasSubstr("row 2, column price"),
                             HasSubstr("nothing was imported")));
  EXPECT_EQ(Run({"price", "import", dir_ / "bad.csv"}).code, 1);
  EXPECT_THAT(Run({"price", "import", dir_ / "bad.csv", "--list", "none"}).err,
              HasSubstr("there is no price list 'none'"));
  Write("who.csv", "sku,price\nWHO,1\n");
  EXPECT_THAT(
      Run({"price", "import", dir_ / "who.csv", "--currency", "GBP"}).err,
      HasSubstr("'WHO'"));
}

TEST_F(PriceCommands, PromotionsOneByOneAndNoneThatGivesMoney) {
  const std::string rule =
      R"({"promotions": {"promotions": [{"id": "ten", "name": "10 % off",)"
      R"( "scope": "PROMOTION_SCOPE_LINE", "offer": "OFFER_KIND_SIMPLE",)"
      R"( "stacking": "STACKING_STACKS", "timesPerBranchMax": "100",)"
      R"( "reward": {"percentOffBp": ")";
  Write("ten.json", rule + "1000\"}}]}}");
  Write("gift.json", rule + "12000\"}}]}}");
  EXPECT_EQ(RunBranchline({"promo", "check", dir_ / "ten.json"}).code, 0);
  const Ended gift = Run({"promo", "set", dir_ / "gift.json"});
  EXPECT_EQ(gift.code, 1);
  EXPECT_THAT(gift.err, HasSubstr("promotion ten"));
  EXPECT_EQ(Run({"rules", "publish", dir_ / "gift.json"}).code, 1);
  EXPECT_THAT(Run({"promo", "list"}).out, HasSubstr("no promotions"));
  EXPECT_THAT(Run({"promo", "set", dir_ / "ten.json"}).out,
              AllOf(HasSubstr("new: ten"), HasSubstr("published")));
  EXPECT_THAT(Run({"promo", "set", dir_ / "ten.json"}).out,
              HasSubstr("nothing differs"));
  EXPECT_THAT(Run({"promo", "list", "--format", "csv"}).out,
              HasSubstr("ten,10 % off,simple,,,,0,100"));
  EXPECT_THAT(Run({"promo", "show", "ten"}).out, HasSubstr("percentOffBp"));
  EXPECT_EQ(Run({"promo", "remove", "none"}).code, 1);
  EXPECT_EQ(Run({"promo", "remove", "ten"}).code, 0);
  EXPECT_THAT(Run({"promo", "list"}).out, HasSubstr("no promotions"));
}

TEST_F(PriceCommands, ALabelOfWhatIsCleared) {
  EXPECT_THAT(Run({"price", "label", "12345", "0.99"}).err,
              HasSubstr("no rule for labels"));
  Write("scan.json",
        R"({"scanRules": {"rules": [{"pattern": "29iiiiivvvvvc",)"
        R"( "kind": "MEASURE_CODE_KIND_REDUCED", "decimals": 2}]}})");
  ASSERT_EQ(Run({"rules", "publish", dir_ / "scan.json"}).code, 0);
  EXPECT_EQ(Run({"price", "label", "12345", "0.99"}).out, "2912345000998\n");
  EXPECT_EQ(Run({"price", "label", "123456", "0.99"}).code, 1);
  // The label itself: TEA has that number, at 2.50.
  EXPECT_THAT(
      Run({"price", "label", "12345", "0.99", "--text"}).out,
      AllOf(HasSubstr("REDUCED"), HasSubstr("Tea"), HasSubstr("Was 2.50 GBP"),
            HasSubstr("Now 0.99 GBP"), HasSubstr("[2912345000998]")));
  EXPECT_THAT(
      Run({"price", "label", "12345", "0.99", "--text", "--language", "zh-TW"})
          .out,
      AllOf(HasSubstr("出清特價"), HasSubstr("茶"),
            HasSubstr("原價 2.50 GBP")));
  const std::string png = dir_ / "label.png";
  EXPECT_EQ(Run({"price", "label", "12345", "0.99", "--png", png}).out,
            png + "\n");
  EXPECT_EQ(ReadBack("label.png").substr(1, 3), "PNG");
  EXPECT_THAT(Run({"price", "label", "54321", "0.99", "--text"}).err,
              HasSubstr("no item has the number 54321"));
  EXPECT_THAT(
      Run({"price", "label", "12345", "0.99", "--text", "--currency", "EUR"})
          .err,
      HasSubstr("has no price in EUR"));
  Write("bad.json", R"({"scanRules": {"rules": [{"pattern": "29iiiiivvvvvx",)"
                    R"( "kind": "MEASURE_CODE_KIND_PRICE"}]}})");
  EXPECT_EQ(Run({"rules", "publish", dir_ / "bad.json"}).code, 1);
}

TEST_F(PriceCommands, NothingUnknownWasSoldYet) {
  EXPECT_THAT(Run({"catalog", "unknown"}).out, HasSubstr("no unknown codes"));
  EXPECT_EQ(Run({"catalog", "unknown", "--branch", "S099"}).code, 1);
}

}  // namespace
}  // namespace branchline::cli

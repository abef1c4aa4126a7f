// A day at the till, typed: the console against the till service itself.
#include "tools/cli/till_console.h"

#include <fstream>
#include <sstream>
#include <string>

#include "absl/strings/str_split.h"
#include "edge/receipt/receipt_code.h"
#include "sync/base/random.h"
#include "sync/journal/journal.h"
#include "tests/tools/cli/console_fixture.h"

namespace branchline::cli {
namespace {

using ::testing::_;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

class TillConsoleTest : public ConsoleFixture {
 protected:
  void Open(TillConsole::Options options = {}) {
    Serve();
    options.key = kKey;
    options.currency = "GBP";
    console_ = std::make_unique<TillConsole>(stub_.get(), options, &clock_,
                                             &random_, &out_);
  }
};

TEST_F(TillConsoleTest, ADayFromOpeningToZ) {
  Open();
  EXPECT_EQ(Do("open-day 2026-11-21\nopen-shift 100.00\n# a comment\n"),
            "day opened 2026-11-21\nshift opened\n");
  EXPECT_THAT(Do("add 4006381333931 3"),
              AllOf(HasSubstr("1 One PEN x3"), HasSubstr("5.97")));
  EXPECT_THAT(Do("add INK"), HasSubstr("9.30"));
  EXPECT_THAT(Do("void 2"), AllOf(HasSubstr("voided"), HasSubstr("5.97")));
  EXPECT_THAT(Do("discount 1 0.47 \"torn box\""), HasSubstr("-0.47"));
  const std::string receipt = Do("pay card 3.00 4711 cash 5.00");
  EXPECT_THAT(receipt,
              AllOf(HasSubstr("receipt S014-T1-1-000001"),
                    HasSubstr("card 4711                             3.00"),
                    HasSubstr("change                                2.50")));
  EXPECT_THAT(Do("return S014-T1-1-000001 1 1"),
              AllOf(HasSubstr("return S014-T1-1-000002"),
                    HasSubstr("total GBP                            -1.83")));
  Do("pay-out 4.50 window\nno-sale change\ndrop 50");
  const std::string z = Do("close-shift 47.90 40");
  EXPECT_THAT(z,
              AllOf(HasSubstr("Z report S014-T1-1-Z000001 2026-11-21"),
                    HasSubstr("expected                             48.00"),
                    HasSubstr("over or short                        -0.10"),
                    HasSubstr("to the safe                           7.90"),
                    HasSubstr("grand sales                           5.50")));
  EXPECT_EQ(Do("z"), z);
  Do("close-day");
}

TEST_F(TillConsoleTest, ParksAndRecallsAtAnyTime) {
  Open();
  Do("open-day 2026-11-21\nadd PEN 2\npark table-4");
  EXPECT_EQ(Do("basket"), "the basket is empty\n");
  EXPECT_EQ(Do("parked"), "table-4  T1  lines: 1\n");
  EXPECT_THAT(Do("recall table-4\nadd INK"), HasSubstr("7.31"));
  EXPECT_THAT(Do("pay"), HasSubstr("S014-T1-1-000001"));
  EXPECT_EQ(Do("parked"), "");
}

TEST_F(TillConsoleTest, ARefusalLeavesTheBasketAsItWas) {
  Open();
  Do("open-day 2026-11-21\nadd PEN");
  EXPECT_THAT(console_->Do("discount 1 9.99 why"),
              StatusIs(absl::StatusCode::kOutOfRange, HasSubstr("9.99 GBP")));
  EXPECT_THAT(console_->Do("add NOPE"),
              StatusIs(absl::StatusCode::kNotFound, HasSubstr("NOPE")));
  EXPECT_THAT(console_->Do("pay cash 1.00"),
              StatusIs(absl::StatusCode::kFailedPrecondition,
                       HasSubstr("0.99 GBP short")));
  EXPECT_THAT(Do("pay cash 2.00"), HasSubstr("0.01"));
}

TEST_F(TillConsoleTest, AManagerApprovesTheNextCommand) {
  v1::Event policy;
  policy.mutable_till_policy_set()->mutable_policy()->set_sign_on_required(
      true);
  Publish(policy);
  AddStaff("7", "cashier", "4711");
  AddStaff("9", "manager", "0815");
  Open();
  Do("sign-on 9 0815\nopen-day 2026-11-21");
  EXPECT_EQ(Do("sign-on 7 4711"), "signed on: 7 Name of 7 cashier\n");
  EXPECT_THAT(console_->Do("no-sale change"),
              StatusIs(absl::StatusCode::kPermissionDenied,
                       HasSubstr("can approve it with his PIN")));
  EXPECT_EQ(Do("approve 9 0815 coins\nno-sale change"),
            "approval ready for the next command\ndone\n");
  // Once.
  EXPECT_THAT(console_->Do("no-sale change"),
              StatusIs(absl::StatusCode::kPermissionDenied, HasSubstr("7")));
}

TEST_F(TillConsoleTest, SpeaksThreeLanguagesAndJson) {
  Open();
  Do("open-day 2026-11-21");
  EXPECT_THAT(Do("lang zh-CN\nadd PEN"), HasSubstr("合计 GBP"));
  EXPECT_THAT(Do("lang zh-TW\nbasket"), HasSubstr("合計 GBP"));
  EXPECT_THAT(console_->Do("lang fr"),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("zh-TW")));
}

TEST_F(TillConsoleTest, JsonHasTheServicesAnswers) {
  Open({.key = "",
        .currency = "",
        .language = Language::kEnglish,
        .json = true});
  Do("open-day 2026-11-21");
  EXPECT_THAT(Do("add PEN"), HasSubstr("\"totalMinor\":\"199\""));
  const std::string rung = Do("pay");
  EXPECT_THAT(rung, HasSubstr("\"receiptNo\":\"S014-T1-1-000001\""));
  EXPECT_EQ(std::count(rung.begin(), rung.end(), '\n'), 1);
}

TEST_F(TillConsoleTest, TrainsAndShowsThatItDoes) {
  Open();
  Do("open-day 2026-11-21");
  EXPECT_EQ(console_->Prompt(), "till> ");
  EXPECT_EQ(Do("training on \"new colleague\""), "this till trains now\n");
  EXPECT_EQ(console_->Prompt(), "training> ");
  Do("add PEN");
  EXPECT_THAT(Do("pay"), AllOf(HasSubstr("training\n"),
                               HasSubstr("receipt S014-T1-1-T000001")));
  EXPECT_THAT(Do("paper S014-T1-1-T000001"),
              HasSubstr("TRAINING - NOT A RECEIPT"));
  EXPECT_THAT(console_->Do("no-sale change"),
              StatusIs(absl::StatusCode::kFailedPrecondition,
                       HasSubstr("end the training first")));
  // Another console at the same till learns it from the branch.
  TillConsole other(stub_.get(), {.key = kKey, .currency = "GBP"}, &clock_,
                    &random_, &out_);
  ASSERT_THAT(other.Do("status"), IsOk());
  EXPECT_EQ(other.Prompt(), "training> ");
  Do("training off\nadd PEN");
  EXPECT_THAT(Do("pay"), HasSubstr("receipt S014-T1-1-000001"));
}

TEST_F(TillConsoleTest, ExchangesAndMakesTheInvoiceOnce) {
  Open();
  Do("open-day 2026-11-21\nadd PEN 2\npay cash 10");
  EXPECT_THAT(Do("add INK\nexchange S014-T1-1-000001 1 1"),
              HasSubstr("1.34"));  // 3.33 - 1.99
  Do("pay");
  EXPECT_THAT(console_->Do("exchange S014-T1-1-000001 1 2"),
              StatusIs(absl::StatusCode::kFailedPrecondition,
                       HasSubstr("1 came back already")));
  EXPECT_EQ(Do("basket"), "the basket is empty\n");
  const std::string code = InvoiceCode(
      ReadRecord(store_, "edge:S014", 1, queue_->Head().seq)->hash());
  EXPECT_THAT(console_->Do("invoice S014-T1-1-000002 0000-0000"),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("code")));
  EXPECT_THAT(Do("invoice S014-T1-1-000002 " + code + " GB1 INV7"),
              HasSubstr("1.34"));
  EXPECT_THAT(console_->Do("invoice S014-T1-1-000002 " + code),
              StatusIs(absl::StatusCode::kFailedPrecondition,
                       HasSubstr("has its invoice already, INV7")));
}

TEST_F(TillConsoleTest, FindsUnconfirmedPaymentsInAFile) {
  v1::Event policy;
  policy.mutable_till_policy_set()->mutable_policy()->set_unconfirmed_max_minor(
      1'000);
  Publish(policy);
  Open();
  Do("open-day 2026-11-21\nadd PEN\npay code 1.99 4711\nadd INK\n"
     "pay code 3.33 0815");
  EXPECT_THAT(Do("unconfirmed"),
              AllOf(HasSubstr("...4711"), HasSubstr("...0815")));
  const std::string file = testing::TempDir() + "/bl-bill.csv";
  std::ofstream(file) << "20261121000004711,1.99\n999,5.00\n\n";
  EXPECT_EQ(Do("match bank " + file), "found on the bill: 1, still open: 1\n");
  EXPECT_THAT(Do("unconfirmed"), Not(HasSubstr("4711")));
  EXPECT_THAT(console_->Do("match bank " + file),
              StatusIs(absl::StatusCode::kNotFound, HasSubstr("0 entries")));
  // The other one never turns up; a bill that shows it later takes it back.
  EXPECT_THAT(console_->Do("write-off S014-T1-1-000001 \"never paid\""),
              StatusIs(absl::StatusCode::kFailedPrecondition,
                       HasSubstr("is on a bill")));
  EXPECT_THAT(Do("write-off S014-T1-1-000002 \"never paid\""),
              AllOf(HasSubstr("written off"), HasSubstr("3.33")));
  EXPECT_THAT(Do("unconfirmed"),
              AllOf(HasSubstr("S014-T1-1-000002 written off"),
                    Not(HasSubstr("...0815"))));
  std::ofstream(file) << "20261123000000815,3.33\n";
  EXPECT_EQ(Do("match bank " + file), "found on the bill: 1, still open: 0\n");
  EXPECT_EQ(Do("unconfirmed"), "");
  std::ofstream(file) << "nonsense\n";
  EXPECT_THAT(
      console_->Do("match bank " + file),
      StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("line 1 of")));
}

TEST_F(TillConsoleTest, DropsABasketWithItsRecordAndKeepsItsDiscounts) {
  Open();
  Do("open-day 2026-11-21\nadd PEN 2\ndiscount all 0.98 regular\npark a");
  EXPECT_THAT(Do("recall a"), HasSubstr("3.00"));
  Do("park a\nadd INK\npark b");
  const Cursor before = queue_->Head();
  EXPECT_EQ(Do("drop-basket b \"walked off\""), "basket cancelled\n");
  EXPECT_GT(queue_->Head().seq, before.seq);
  EXPECT_EQ(Do("parked"), "a  T1  lines: 1\n");
}

TEST_F(TillConsoleTest, ShowsPaperAsTextAndAsAPage) {
  Open();
  Do("open-day 2026-11-21\nopen-shift 10\nadd PEN\npay cash 5");
  const std::string paper = Do("paper S014-T1-1-000001");
  EXPECT_THAT(paper, AllOf(HasSubstr("S014-T1-1-000001"), HasSubstr("TOTAL"),
                           HasSubstr("Change")));
  EXPECT_THAT(Do("copy S014-T1-1-000001"), HasSubstr("*** COPY ***"));
  EXPECT_THAT(Do("paper x"), HasSubstr("X REPORT"));
  Do("close-shift 11.99");
  EXPECT_THAT(Do("paper z"), HasSubstr("S014-T1-1-Z000001"));
  EXPECT_THAT(Do("copy S014-T1-1-Z000001"), HasSubstr("*** COPY ***"));
  const std::string file = testing::TempDir() + "/bl-receipt.html";
  Do("paper S014-T1-1-000001 html " + file);
  std::ostringstream page;
  page << std::ifstream(file).rdbuf();
  EXPECT_THAT(page.str(), HasSubstr("<!doctype html>"));
  EXPECT_THAT(Do("lang zh-CN\npaper S014-T1-1-000001"), HasSubstr("合计"));
  EXPECT_THAT(console_->Do("paper S014-T1-1-000009"),
              StatusIs(absl::StatusCode::kNotFound, HasSubstr("000009")));
  EXPECT_THAT(console_->Do("paper x pdf"),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("html")));
}

TEST_F(TillConsoleTest, TellsTheCashierOfChangeThatIsNotThere) {
  Open();
  Do("open-day 2026-11-21\nadd PEN");
  EXPECT_THAT(Do("pay cash 50"),
              HasSubstr("! the drawer should hold 0.00 GBP, and 48.01 GBP goes "
                        "out"));
}

TEST_F(TillConsoleTest, CompletesCommandsTheirWordsAndBaskets) {
  Open();
  Do("open-day 2026-11-21\nadd PEN\npark table-4");
  EXPECT_THAT(console_->Complete("close"),
              ElementsAre("close-day", "close-shift"));
  EXPECT_THAT(console_->Complete("count "), ElementsAre("till", "safe", "z"));
  EXPECT_THAT(console_->Complete("count s"), ElementsAre("safe"));
  EXPECT_THAT(console_->Complete("pay card 3 w"), ElementsAre("wallet"));
  EXPECT_THAT(console_->Complete("recall t"), ElementsAre("table-4"));
  EXPECT_THAT(console_->Complete("help tra"), ElementsAre("training"));
  EXPECT_THAT(console_->Complete("nonsense "), IsEmpty());
  EXPECT_TRUE(TillConsole::IsSecret("  sign-on 7 4711"));
  EXPECT_TRUE(TillConsole::IsSecret("approve 9 0815 why"));
  EXPECT_FALSE(TillConsole::IsSecret("add PEN"));
}

// Every command has its help in every language.
TEST_F(TillConsoleTest, HelpKnowsEveryCommand) {
  Open();
  for (const char* language : {"en", "zh-CN", "zh-TW"}) {
    Do(std::string("lang ") + language);
    const std::vector<std::string> lines =
        absl::StrSplit(console_->Help("all"), '\n', absl::SkipEmpty());
    EXPECT_GT(lines.size(), 90u);
    for (size_t i = 0; i + 1 < lines.size(); i += 2) {
      EXPECT_GT(lines[i + 1].size(), 8u) << lines[i];
    }
  }
  Do("lang en");
  EXPECT_THAT(Do("help exchange"),
              HasSubstr("exchange RECEIPT LINE QUANTITY\n      Takes goods"));
  EXPECT_THAT(console_->Do("help dance"),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("dance")));
}

TEST_F(TillConsoleTest, RefusalsAreObjectsInJsonAndRedAtATerminal) {
  Open({.key = "", .currency = "", .json = true});
  EXPECT_EQ(console_->Refusal(absl::NotFoundError("no \"PEN\"")),
            "{\"error\":{\"code\":\"NOT_FOUND\",\"message\":\"no "
            "\\\"PEN\\\"\"}}");
  TillConsole red(stub_.get(),
                  {.key = kKey, .currency = "GBP", .colours = true}, &clock_,
                  &random_, &out_);
  EXPECT_EQ(red.Refusal(absl::NotFoundError("no")), "\x1b[31mno\x1b[0m");
}

TEST_F(TillConsoleTest, WrongWordsSendNothing) {
  Open();
  const Cursor before = queue_->Head();
  const std::pair<const char*, const char*> lines[] = {
      {"sing-on 7", "is no command; 'help' lists them"},
      {"add", "usage: add CODE [QUANTITY]"},
      {"add PEN one", "one"},
      {"void 1", "there is no line 1: the basket has 0"},
      {"float 1.234", "1.234"},
      {"note all \"open", "a quote is not closed"},
      {"count bank 1", "count till, safe or z"},
      {"return R 0 1", "lines are counted from 1"},
  };
  for (const auto& [line, message] : lines) {
    EXPECT_THAT(console_->Do(line), StatusIs(absl::StatusCode::kInvalidArgument,
                                             HasSubstr(message)))
        << line;
  }
  EXPECT_THAT(console_->Do(std::string(5'000, 'x')),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       HasSubstr("5000 bytes, at most 4096")));
  EXPECT_EQ(queue_->Head(), before);
  EXPECT_THAT(Do("help"), AllOf(HasSubstr("open-shift"),
                                HasSubstr("'help all' of every one")));
  EXPECT_LT(std::ranges::count(out_.str(), '\n'), 20);  // of a small window
  EXPECT_THAT(Do("help all"), HasSubstr("open-shift [FLOAT]"));
  EXPECT_FALSE(console_->done());
  Do("quit");
  EXPECT_TRUE(console_->done());
}

TEST_F(TillConsoleTest, ItemsByCodeByNameAndByDepartment) {
  v1::Event event;
  v1::Item* ink = event.mutable_items_set()->add_items();
  ink->set_sku("INK");
  ink->set_name("Ink, black");
  ink->set_name_zh("黑墨水");
  ink->add_barcodes("4006381333931");  // as the pen
  v1::ItemCode* ten = ink->add_codes();
  ten->set_code("TEN");
  ten->set_pieces(10);
  ten->set_price_minor(2'900);
  ten->set_currency("GBP");
  v1::Item* department = event.mutable_items_set()->add_items();
  department->set_sku("DEPT1");
  department->set_name("Grocery");
  department->set_kind(v1::ITEM_KIND_OPEN_DEPARTMENT);
  Publish(event);
  Open();
  Do("open-day 2026-11-21");
  out_.str("");
  EXPECT_THAT(console_->Do("add 4006381333931"),
              StatusIs(absl::StatusCode::kFailedPrecondition,
                       HasSubstr("2 items have this code")));
  EXPECT_EQ(out_.str(),
            "1  INK  Ink, black  3.33 GBP\n2  PEN  One PEN  1.99 GBP\n");
  EXPECT_THAT(Do("pick 2 2"), HasSubstr("3.98"));
  EXPECT_THAT(console_->Do("pick 3"),
              StatusIs(absl::StatusCode::kInvalidArgument, _));
  EXPECT_THAT(Do("add TEN 2"), HasSubstr("58.00"));
  EXPECT_THAT(Do("find ink bl"), HasSubstr("1  INK  Ink, black"));
  EXPECT_THAT(Do("find hms"), HasSubstr("INK"));  // 黑墨水
  EXPECT_EQ(Do("find nothing"), "nothing found\n");
  EXPECT_THAT(console_->Do("add NEWTEA"),
              StatusIs(absl::StatusCode::kNotFound, HasSubstr("DEPT1")));
  EXPECT_THAT(Do("open DEPT1 3.50 NEWTEA \"green tea\""), HasSubstr("3.50"));
  EXPECT_THAT(console_->Do("open PEN 3.50"),
              StatusIs(absl::StatusCode::kInvalidArgument, _));
  EXPECT_THAT(Do("why"),
              AllOf(HasSubstr("2 x 1.99 = 3.98"), HasSubstr("(carton"),
                    HasSubstr("(keyed, open department")));
  EXPECT_THAT(Do("pay"), HasSubstr("65.48"));
}

}  // namespace
}  // namespace branchline::cli

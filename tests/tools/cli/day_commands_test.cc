// `branchline day` and `branchline shift` as they are typed: from the parse of
// the line, over a socket, to the ledger.

#include <string>
#include <vector>

#include "tests/tools/cli/till_box_fixture.h"

namespace branchline::cli {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

class DayCommandsTest : public TillBoxFixture {
 protected:
  DayCommandsTest() { ServeOnPort(); }

  Ended Type(std::vector<std::string> words) {
    for (const std::string& word : OfBox()) words.push_back(word);
    return RunBranchline(words);
  }
  std::string Printed(std::vector<std::string> words) {
    const Ended ended = Type(std::move(words));
    EXPECT_EQ(ended.code, 0) << ended.err;
    EXPECT_EQ(ended.err, "");
    return ended.out;
  }
  void Sell() {
    v1::RingRequest request = Sale("PEN", 2'000);
    request.mutable_pricing();
    v1::RingResponse response;
    ASSERT_THAT(api_->Ring(WithKey(), WithId(request), &response), IsOk());
  }
};

TEST_F(DayCommandsTest, ADayOfCommands) {
  EXPECT_EQ(Printed({"day", "open", "2026-11-21"}), "day opened 2026-11-21\n");
  EXPECT_EQ(Printed({"shift", "open", "100.00"}), "shift opened\n");
  Sell();
  EXPECT_THAT(Printed({"shift", "x"}),
              AllOf(HasSubstr("X report T1 2026-11-21"),
                    HasSubstr("expected                            103.98")));
  const std::string z = Printed({"shift", "close", "103.90", "100"});
  EXPECT_THAT(z,
              AllOf(HasSubstr("Z report S014-T1-1-Z000001 2026-11-21"),
                    HasSubstr("over or short                        -0.08"),
                    HasSubstr("to the safe                           3.90"),
                    HasSubstr("left in the drawer                  100.00")));
  EXPECT_EQ(Printed({"shift", "z"}), z);
  EXPECT_EQ(Printed({"shift", "z", "S014-T1-1-Z000001"}), z);
  Printed({"shift", "open"});
  EXPECT_EQ(Printed({"day", "close"}),
            "day closed 2026-11-21\n"
            "receipts                                 1\n"
            "net GBP                               3.98\n"
            "closed uncounted S014-T1-1-Z000002\n");
}

TEST_F(DayCommandsTest, JsonIsTheServicesAnswer) {
  EXPECT_THAT(Printed({"day", "open", "2026-11-21", "--format", "json"}),
              HasSubstr("\"date\":20261121"));
  Printed({"shift", "open", "10", "--format", "json"});
  Sell();
  EXPECT_THAT(Printed({"shift", "x", "--format", "json"}),
              AllOf(HasSubstr("\"expectedMinor\":\"1398\""),
                    HasSubstr("\"open\":true")));
  EXPECT_THAT(Printed({"shift", "close", "--format", "json"}),
              HasSubstr("\"zNo\":\"S014-T1-1-Z000001\""));
  const std::string closed = Printed({"day", "close", "--format", "json"});
  EXPECT_THAT(closed, AllOf(HasSubstr("\"seal\":{\"date\":20261121"),
                            HasSubstr("\"netMinor\":\"398\"")));
  EXPECT_EQ(std::count(closed.begin(), closed.end(), '\n'), 1);
}

TEST_F(DayCommandsTest, SpeaksChineseToo) {
  EXPECT_EQ(Printed({"day", "open", "2026-11-21", "--lang", "zh-CN"}),
            "营业日已开始 2026-11-21\n");
  const Ended again = Type({"day", "open", "2026-11-22", "--lang", "zh-TW"});
  EXPECT_EQ(again.code, 1);
  EXPECT_EQ(again.out, "");
  EXPECT_EQ(again.err,
            "branchline day open: S014 的營業日 2026-11-21 尚未結束：請先結束，"
            "再開始 2026-11-22\n");
  EXPECT_THAT(Printed({"day", "close", "--lang", "zh-TW"}),
              HasSubstr("營業日已結束 2026-11-21\n收據數"));
}

TEST_F(DayCommandsTest, ARefusalEndsWithOneAndChangesNothing) {
  const Cursor before = queue_->Head();
  const std::pair<std::vector<std::string>, const char*> refused[] = {
      {{"day", "close"},
       "branchline day close: no business day is open in S014: open one "
       "first\n"},
      {{"day", "open", "yesterday"},
       "branchline day open: 'yesterday' is not a date; want 2026-11-21\n"},
      {{"shift", "close"},
       "branchline shift close: no shift is open on till T1\n"},
      {{"shift", "open", "ten"},
       "branchline shift open: 'ten' is not a decimal number\n"},
      // What stays is named, and what was counted is not: nobody guesses.
      {{"shift", "close", "", "100"},
       "branchline shift close: '' is not a decimal number\n"},
      // A word of two stays one.
      {{"shift", "z", "S014-T1-1-Z000001 x"},
       "branchline shift z: S014 has no Z 'S014-T1-1-Z000001 x'\n"},
      {{"shift", "z"}, "branchline shift z: till T1 made no Z yet\n"},
  };
  for (const auto& [words, message] : refused) {
    const Ended ended = Type(words);
    EXPECT_EQ(ended.code, 1) << message;
    EXPECT_EQ(ended.err, message);
    EXPECT_EQ(ended.out, "");
  }
  EXPECT_EQ(queue_->Head(), before);
}

TEST_F(DayCommandsTest, WrongUsageAndADaemonThatDoesNotAnswer) {
  EXPECT_EQ(Type({"day", "open", "2026-11-21", "more"}).code, 2);
  EXPECT_EQ(Type({"shift", "x", "--format", "csv"}).code, 2);
  EXPECT_EQ(Type({"shift", "x", "--lang", "fr"}).code, 2);
  EXPECT_EQ(RunBranchline({"day"}).code, 2);
  const Ended no_data = RunBranchline({"shift", "x", "--data", ""});
  EXPECT_EQ(no_data.code, 2);
  const Ended no_key = RunBranchline({"shift", "x", "--data", data()});
  EXPECT_EQ(no_key.code, 1);
  EXPECT_THAT(no_key.err, HasSubstr("there is no till key"));
  std::ofstream(dir_ / "T1.key") << "of another till\n";
  const Ended stranger = Type({"shift", "x"});
  EXPECT_EQ(stranger.code, 1);
  EXPECT_THAT(stranger.err, HasSubstr("no till of S014 is paired"));
  StopServing();
  const Ended nobody = Type({"shift", "x"});
  EXPECT_EQ(nobody.code, 3);
  EXPECT_THAT(nobody.err, HasSubstr("branchline shift x: "));
}

TEST_F(DayCommandsTest, HelpHasExamplesThatParse) {
  for (const std::vector<std::string>& command :
       std::vector<std::vector<std::string>>{{"day", "open"},
                                             {"day", "close"},
                                             {"shift", "open"},
                                             {"shift", "close"},
                                             {"shift", "x"},
                                             {"shift", "z"}}) {
    std::vector<std::string> words = command;
    words.push_back("--help");
    const Ended help = RunBranchline(words);
    EXPECT_EQ(help.code, 0);
    EXPECT_THAT(help.out,
                AllOf(HasSubstr("Examples:"), HasSubstr("--format"),
                      HasSubstr("branchline " + command[0] + " " + command[1]),
                      HasSubstr("Exit"), Not(HasSubstr("--json"))));
  }
}

}  // namespace
}  // namespace branchline::cli

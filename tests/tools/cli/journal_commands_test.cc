#include <gmock/gmock.h>
#include <google/protobuf/struct.pb.h>
#include <google/protobuf/util/json_util.h>
#include <gtest/gtest.h>

#include <string>

#include "sync/base/bytes.h"
#include "tests/support/journal_builder.h"
#include "tests/tools/cli/cli_runner.h"

namespace branchline::cli {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

const std::string& HubKeyHex() {
  static const std::string hex = Hex(JournalBuilder::HubKey().public_key());
  return hex;
}

class JournalCommands : public ::testing::Test {
 protected:
  JournalCommands() { chain_.BuildChain(); }

  Ended Run(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), "journal");
    arguments.insert(arguments.end(), {"--data", chain_.dir()});
    return RunBranchline(arguments);
  }
  Ended Verify(std::vector<std::string> more = {}) {
    more.insert(more.begin(), {"verify", "--hub-key", HubKeyHex()});
    return Run(more);
  }
  void FlipAByte() {
    v1::Record record = chain_.Read("edge:S001", 1, 3);
    record.mutable_payload()->back() ^= 1;
    chain_.Overwrite("edge:S001", record);
  }

  JournalBuilder chain_;
};

TEST_F(JournalCommands, VerifyPrintsWhatItFoundWhole) {
  const Ended ended = Verify();
  EXPECT_EQ(ended.code, 0) << ended.err;
  EXPECT_EQ(
      ended.out,
      "stream     records  epochs  signed  unsigned  aside  newer  erased  "
      "result\n"
      "---------  -------  ------  ------  --------  -----  -----  ------  "
      "------\n"
      "chain            2       1       1         0      0      0       0  "
      "whole\n"
      "edge:S001       10       2       2         1      0      0       0  "
      "whole\n"
      "edge:S002        4       1       1         0      0      0       0  "
      "whole\n"
      "\n"
      "books: equal to the journal's sums in all 8 cells\n"
      "docs: as the journal says in all 18 rows\n");
}

TEST_F(JournalCommands, VerifyEndsWith4AndSaysWhatIsWrong) {
  FlipAByte();
  const Ended ended = Verify();
  EXPECT_EQ(ended.code, 4);
  EXPECT_THAT(ended.out,
              HasSubstr("edge:S001: record 3 of epoch 1 was changed"));
  EXPECT_THAT(ended.err,
              StartsWith("branchline journal verify: the ledger in "));
  EXPECT_THAT(ended.err, HasSubstr("is not as it was written"));
}

TEST_F(JournalCommands, VerifyPrintsJsonAndCsv) {
  FlipAByte();
  const Ended json = Verify({"--format", "json"});
  EXPECT_EQ(json.code, 4);
  google::protobuf::Struct object;
  ASSERT_TRUE(
      google::protobuf::util::JsonStringToMessage(json.out, &object).ok())
      << json.out;
  EXPECT_FALSE(object.fields().at("whole").bool_value());
  EXPECT_THAT(Verify({"--format", "csv"}).out,
              AllOf(StartsWith("stream,records,epochs,"),
                    HasSubstr(",\"record 3 of epoch 1 was changed")));
}

TEST_F(JournalCommands, VerifyWantsAHubKeyToBelieve) {
  const Ended none = Run({"verify"});
  EXPECT_EQ(none.code, 1);
  EXPECT_THAT(none.err, HasSubstr("give --hub-key"));
  EXPECT_EQ(Run({"verify", "--hub-key", "abc"}).code, 2);
  const Ended other = Run({"verify", "--hub-key", std::string(64, 'a')});
  EXPECT_EQ(other.code, 4);
  EXPECT_THAT(other.out, HasSubstr("the hub did not grant"));
}

TEST_F(JournalCommands, VerifyOfNothingIsRefused) {
  ShortDir empty;
  const Ended ended = RunBranchline(
      {"journal", "verify", "--data", empty.path(), "--hub-key", HubKeyHex()});
  EXPECT_EQ(ended.code, 1);
  EXPECT_THAT(ended.err, HasSubstr("there is no ledger in"));
}

TEST_F(JournalCommands, ExportHasAHeaderAndEveryRecord) {
  const Ended ended = Run({"export", "--hub-key", HubKeyHex()});
  EXPECT_EQ(ended.code, 0) << ended.err;
  EXPECT_THAT(ended.out,
              StartsWith("{\"kind\":\"export\",\"format\":1,\"hub_public_key\":"
                         "\"" +
                         HubKeyHex() + "\"}\n{\"kind\":\"record\""));
  EXPECT_EQ(std::count(ended.out.begin(), ended.out.end(), '\n'),
            1 + 16 + 4);  // the header, records, checkpoints
}

TEST_F(JournalCommands, ExportStartsWhereItIsTold) {
  const Ended ended = Run({"export", "--stream", "edge:S001", "--from", "2/2"});
  EXPECT_EQ(ended.code, 0) << ended.err;
  EXPECT_THAT(ended.out, AllOf(HasSubstr("\"kind\":\"base\""),
                               HasSubstr("\"epoch\":2,\"seq\":2"),
                               Not(HasSubstr("\"epoch\":1"))));
  EXPECT_EQ(Run({"export", "--from", "2"}).code, 2);
  EXPECT_EQ(Run({"export", "--stream", "edge:S001", "--from", "2/x"}).code, 2);
  EXPECT_EQ(Run({"export", "--stream", "edge:S9"}).code, 1);
}

TEST_F(JournalCommands, TailShowsTheLastOfEachStream) {
  const Ended ended = Run({"tail", "--lines", "1"});
  EXPECT_EQ(ended.code, 0) << ended.err;
  EXPECT_EQ(ended.out,
            "chain 1/2    staff 8 set\n"
            "edge:S001 2/4    sale S001-T1-1-8, 1 line, GBP 1.99\n"
            "edge:S002 1/4    sale S002-T1-1-3, 1 line, GBP 1.99\n");
  EXPECT_THAT(Run({"tail", "-n", "1", "--json"}).out,
              HasSubstr("\"kind\":\"record\""));
  EXPECT_EQ(Run({"tail", "--stream", "edge:S9"}).code, 1);
  EXPECT_EQ(Run({"tail", "--lines", "0"}).code, 2);
}

}  // namespace
}  // namespace branchline::cli

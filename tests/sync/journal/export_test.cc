#include "sync/journal/export.h"

#include <gmock/gmock.h>
#include <google/protobuf/struct.pb.h>
#include <google/protobuf/util/json_util.h>
#include <gtest/gtest.h>

#include <array>
#include <cstdio>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "absl/strings/str_replace.h"
#include "sync/base/bytes.h"
#include "tests/support/journal_builder.h"

namespace branchline {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

std::vector<std::string> Export(JournalBuilder& chain,
                                const std::string& stream,
                                const Cursor& after = Cursor(),
                                const ExportOptions& options = {}) {
  std::vector<std::string> lines;
  const absl::Status status = ExportStream(chain.store(), stream, after,
                                           options, [&](const std::string& l) {
                                             lines.push_back(l);
                                             return true;
                                           });
  EXPECT_TRUE(status.ok()) << status;
  return lines;
}

TEST(ExportTest, WritesRecordsAndTheCheckpointsAfterThem) {
  JournalBuilder chain;
  chain.OpenEpoch("S001", 1);
  chain.Sell("S001", 1);
  chain.Sign("edge:S001", JournalBuilder::BranchKey("S001", 1));
  chain.Sell("S001", 2);
  EXPECT_THAT(
      Export(chain, "edge:S001"),
      ElementsAre(
          AllOf(StartsWith("{\"kind\":\"record\",\"stream\":\"edge:S001\","
                           "\"epoch\":1,\"seq\":1,\"prev_hash\":\"00"),
                HasSubstr("\"epoch_key\":\"")),
          HasSubstr("\"receipt_no\":\"S001-T1-1-1\""),
          AllOf(StartsWith("{\"kind\":\"checkpoint\",\"stream\":\"edge:S001\","
                           "\"epoch\":1,\"seq\":2,\"hash\":\""),
                HasSubstr("\"events_total\":2,\"signature\":\"")),
          HasSubstr("\"receipt_no\":\"S001-T1-1-2\"")));
}

TEST(ExportTest, EveryLineIsOneJsonObject) {
  JournalBuilder chain;
  chain.BuildChain();
  std::vector<std::string> lines = Export(chain, "edge:S001");
  lines.push_back(ExportHeader("key"));
  for (const std::string& line : lines) {
    google::protobuf::Struct object;
    EXPECT_TRUE(google::protobuf::util::JsonStringToMessage(line, &object).ok())
        << line;
    EXPECT_EQ(line.find('\n'), std::string::npos);
  }
}

TEST(ExportTest, NamesWhereItStartsIfThatIsNotTheBeginning) {
  JournalBuilder chain;
  chain.BuildChain();
  const v1::Record third = chain.Read("edge:S002", 1, 3);
  const auto lines = Export(chain, "edge:S002", {1, 2, third.prev_hash()});
  ASSERT_EQ(lines.size(), 4u);  // base, two records, a checkpoint
  EXPECT_EQ(
      lines[0],
      absl::StrCat("{\"kind\":\"base\",\"stream\":\"edge:S002\",\"epoch\":"
                   "1,\"seq\":2,\"hash\":\"",
                   Hex(third.prev_hash()), "\"}"));
}

TEST(ExportTest, KeepsPersonalDataBackUnlessAskedForIt) {
  JournalBuilder chain;
  chain.SetStaff("7", "Ada");
  EXPECT_THAT(Export(chain, "chain")[0],
              AllOf(HasSubstr("{\"name\":\"name\",\"withheld\":true}"),
                    Not(HasSubstr("QWRh"))));
  EXPECT_THAT(Export(chain, "chain", Cursor(), {.with_parts = true})[0],
              HasSubstr("\"data\":\"QWRh\""));
  v1::Record record = chain.Read("chain", 1, 1);
  record.mutable_parts(0)->Clear();
  record.mutable_parts(0)->set_name("name");
  record.mutable_parts(0)->set_erased(true);
  chain.Overwrite("chain", record);
  EXPECT_THAT(Export(chain, "chain")[0],
              HasSubstr("{\"name\":\"name\",\"erased\":true}"));
}

TEST(ExportTest, GivesThePayloadOfWhatItCannotDecode) {
  JournalBuilder chain;
  chain.AppendAt("chain", Cursor(), v1::Event());
  v1::Record record = chain.Read("chain", 1, 1);
  record.set_payload("\xff");
  EXPECT_THAT(
      ExportRecord("chain", record, {}),
      AllOf(HasSubstr("\"payload\":\"/w==\""), Not(HasSubstr("\"event\""))));
}

TEST(ExportTest, StopsWhenTheReaderDoesAndReportsWhatIsNotThere) {
  JournalBuilder chain;
  chain.BuildChain();
  int lines = 0;
  EXPECT_TRUE(ExportStream(chain.store(), "edge:S001", Cursor(), {},
                           [&](const std::string&) { return ++lines < 3; })
                  .ok());
  EXPECT_EQ(lines, 3);
  const auto nothing = [](const std::string&) { return true; };
  EXPECT_EQ(
      ExportStream(chain.store(), "edge:S9", Cursor(), {}, nothing).code(),
      absl::StatusCode::kNotFound);
  chain.Put(Table::kJournal, RecordKey("edge:S001", 1, 3), "\xff");
  EXPECT_EQ(
      ExportStream(chain.store(), "edge:S001", Cursor(), {}, nothing).code(),
      absl::StatusCode::kDataLoss);
}

// The program in docs/JOURNAL.md, run as a reader would run it.
class DocumentedProgram : public ::testing::Test {
 protected:
  void SetUp() override {
    // It is the reader's program, for the reader's python3; tools/test brings
    // both, a build by hand may have neither.
    if (std::system("python3 -c 'import hashlib' 2>/dev/null") != 0) {
      GTEST_SKIP() << "no python3 here";
    }
    std::ifstream page(std::string(BL_SOURCE_DIR) + "/docs/JOURNAL.md");
    std::stringstream text;
    text << page.rdbuf();
    const std::string begin = "```python\n";
    const size_t from = text.str().find(begin);
    ASSERT_NE(from, std::string::npos);
    const size_t to = text.str().find("\n```", from);
    std::ofstream(chain_.dir() + "/check.py")
        << text.str().substr(from + begin.size(), to - from - begin.size())
        << "\n";
    chain_.BuildChain();
  }

  std::string ExportAll() {
    std::string all =
        ExportHeader(JournalBuilder::HubKey().public_key()) + "\n";
    for (const char* stream : {"chain", "edge:S001", "edge:S002"}) {
      for (const std::string& line :
           Export(chain_, stream, Cursor(), {.with_parts = true})) {
        all += line + "\n";
      }
    }
    return all;
  }

  // What the program prints about `text`, on either of its outputs.
  std::string Check(const std::string& text) {
    std::ofstream(chain_.dir() + "/chain.jsonl") << text;
    const std::string command = "python3 " + chain_.dir() + "/check.py " +
                                chain_.dir() + "/chain.jsonl 2>&1";
    std::FILE* pipe = popen(command.c_str(), "r");
    std::string output;
    std::array<char, 256> buffer;
    while (std::fgets(buffer.data(), buffer.size(), pipe) != nullptr) {
      output += buffer.data();
    }
    pclose(pipe);
    return output;
  }

  JournalBuilder chain_;
};

TEST_F(DocumentedProgram, PassesAnExport) {
  EXPECT_THAT(Check(ExportAll()), StartsWith("3 streams are whole"));
}

TEST_F(DocumentedProgram, FindsAChangedPayload) {
  v1::Record record = chain_.Read("edge:S001", 1, 3);
  record.mutable_payload()->back() ^= 1;
  chain_.Overwrite("edge:S001", record);
  EXPECT_THAT(Check(ExportAll()), HasSubstr("edge:S001 1/3: was changed"));
}

TEST_F(DocumentedProgram, FindsAMissingRecord) {
  chain_.Delete(Table::kJournal, RecordKey("edge:S001", 1, 3));
  EXPECT_THAT(Check(ExportAll()),
              HasSubstr("edge:S001 1/4: does not follow 1/2"));
}

TEST_F(DocumentedProgram, FindsAChangedPart) {
  const std::string changed =
      absl::StrReplaceAll(ExportAll(), {{"QWRh", "QmVh"}});
  EXPECT_THAT(Check(changed), HasSubstr("part name was changed"));
}

TEST_F(DocumentedProgram, FindsACheckpointByAnotherKey) {
  // Without the package it checks hashes and says that it left signatures out.
  if (std::system("python3 -c 'import cryptography' 2>/dev/null") != 0) {
    GTEST_SKIP() << "python3 has no package cryptography here";
  }
  chain_.Sign("edge:S002", JournalBuilder::BranchKey("S001", 1));
  EXPECT_THAT(Check(ExportAll()), HasSubstr("not signed by the right key for "
                                            "'checkpoint'"));
}

TEST_F(DocumentedProgram, FindsAGrantThatIsNotTheHubs) {
  // Without the package it checks hashes and says that it left signatures out.
  if (std::system("python3 -c 'import cryptography' 2>/dev/null") != 0) {
    GTEST_SKIP() << "python3 has no package cryptography here";
  }
  chain_.OpenEpoch("S002", 2, JournalBuilder::BranchKey("S002", 1));
  EXPECT_THAT(Check(ExportAll()),
              HasSubstr("edge:S002 2/1: not signed by the right key for "
                        "'epoch'"));
}

}  // namespace
}  // namespace branchline

#include "devices/printer/print_job.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "devices/printer/file_print_job_store.h"
#include "devices/printer/print_queue.h"
#include "tests/support/status_matchers.h"

namespace branchline {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

PrintJob Job() {
  PrintJob job;
  job.id = "sale-17";
  job.number = 5;
  job.state = PrintState::kUnproven;
  job.attempts = 2;
  job.is_copy = true;
  job.original = std::string("a\0b", 3);
  job.copy = "c";
  return job;
}

TEST(PrintJobTest, IsWrittenAndRead) {
  EXPECT_EQ(*DecodePrintJob(EncodePrintJob(Job())), Job());
}

// What lies in queues of shops must be read for ever.
TEST(PrintJobTest, KeepsItsForm) {
  EXPECT_EQ(absl::BytesToHexString(EncodePrintJob(Job())),
            "424c504a01"
            "0000000000000005"
            "00000002"
            "00000002"
            "00000001"
            "0000000773616c652d3137"
            "00000003610062"
            "0000000163"
            "b5f1bafcd44105d7");
}

TEST(PrintJobTest, DamageIsNoticed) {
  const std::string good = EncodePrintJob(Job());
  for (size_t i = 0; i < good.size(); ++i) {
    std::string bad = good;
    bad[i] = static_cast<char>(bad[i] ^ 0x10);
    EXPECT_EQ(DecodePrintJob(bad).status().code(), absl::StatusCode::kDataLoss);
    EXPECT_EQ(DecodePrintJob(good.substr(0, i)).status().code(),
              absl::StatusCode::kDataLoss);
  }
}

class FilePrintJobStoreTest : public ::testing::Test {
 protected:
  void SetUp() override { std::filesystem::remove_all(dir_); }
  void TearDown() override { std::filesystem::remove_all(dir_); }
  const std::string dir_ =
      absl::StrCat(::testing::TempDir(), "print_jobs_", getpid());
};

TEST_F(FilePrintJobStoreTest, KeepsReplacesAndForgets) {
  auto store = FilePrintJobStore::Open(dir_);
  ASSERT_THAT(store, IsOk());
  PrintJob job = Job();
  ASSERT_THAT(store->Save(job), IsOk());
  job.state = PrintState::kPrinted;
  ASSERT_THAT(store->Save(job), IsOk());
  auto again = FilePrintJobStore::Open(dir_);
  EXPECT_THAT(*again->Load(), ElementsAre(job));
  ASSERT_THAT(again->Remove(job.number), IsOk());
  ASSERT_THAT(again->Remove(job.number), IsOk());
  EXPECT_THAT(*again->Load(), ElementsAre());
}

TEST_F(FilePrintJobStoreTest, ATornWriteIsPassedOverADamagedJobIsNot) {
  auto store = FilePrintJobStore::Open(dir_);
  ASSERT_THAT(store->Save(Job()), IsOk());
  std::ofstream(dir_ + "/6.job.tmp") << "torn";
  EXPECT_THAT(*store->Load(), ElementsAre(Job()));
  std::ofstream(dir_ + "/7.job") << "damaged, and long enough to be a job";
  EXPECT_THAT(store->Load(), StatusIs(absl::StatusCode::kDataLoss,
                                      HasSubstr("/7.job: read a print job")));
}

TEST_F(FilePrintJobStoreTest, SaysWhereItCannotBe) {
  EXPECT_THAT(FilePrintJobStore::Open("/nowhere/queue"),
              StatusIs(absl::StatusCode::kNotFound, HasSubstr("/nowhere")));
}

TEST(PrintQueueTest, HasRoomForSoMany) {
  PrintQueue queue(*FindProfile("plain"), {});
  for (size_t i = 0; i < PrintQueue::kWaitingMax; ++i) {
    ASSERT_THAT(queue.Add(absl::StrCat(i), "o", "c"), IsOk());
  }
  EXPECT_THAT(queue.Add("more", "o", "c"),
              StatusIs(absl::StatusCode::kResourceExhausted,
                       HasSubstr("200 wait already")));
  // One that is there already is no more than before.
  EXPECT_EQ(queue.Add("7", "o", "c")->number, 8u);
}

TEST(PrintQueueTest, RefusesWhatIsNoSlip) {
  PrintQueue queue(*FindProfile("plain"), {});
  const auto refused = [&](const char* message) {
    return StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr(message));
  };
  EXPECT_THAT(queue.Add("", "o", "c"), refused("id has 0"));
  EXPECT_THAT(queue.Add(std::string(65, 'x'), "o", "c"), refused("id has 65"));
  EXPECT_THAT(queue.Add("a", "", "c"), refused("original has 0"));
  EXPECT_THAT(queue.Add("a", "o", ""), refused("copy has 0"));
  EXPECT_THAT(queue.Add("a", std::string((1 << 20) + 1, 'x'), "c"),
              refused("original has 1048577"));
}

TEST(PrintQueueTest, KeepsTheLastOnesForReprints) {
  std::vector<PrintJob> loaded;
  for (uint64_t i = 1; i <= PrintQueue::kKeptMax + 10; ++i) {
    PrintJob job = Job();
    job.id = absl::StrCat(i);
    job.number = i;
    job.state = PrintState::kPrinted;
    loaded.push_back(job);
  }
  PrinterProfile profile = *FindProfile("plain");
  PrintQueue queue(profile, loaded);
  ASSERT_THAT(queue.Add("new", "o", "c"), IsOk());
  queue.OnLinkUp();
  absl::Duration now = absl::Seconds(1);
  std::vector<uint64_t> forgotten;
  for (int i = 0; i < 100; ++i, now += absl::Seconds(1)) {
    queue.OnStatus(PrinterStatus(), now);
    const PrintQueue::Action action = queue.Poll(now);
    if (action.kind == PrintQueue::ActionKind::kSave) {
      forgotten.insert(forgotten.end(), action.forget.begin(),
                       action.forget.end());
      queue.OnSaved(action.job.number, absl::OkStatus(), now);
    } else if (action.kind == PrintQueue::ActionKind::kSend) {
      queue.OnSent(now);
    }
  }
  EXPECT_EQ(queue.Jobs().size(), PrintQueue::kKeptMax);
  EXPECT_EQ(forgotten.size(), 11u);
  EXPECT_EQ(forgotten.front(), 1u);
  EXPECT_THAT(queue.Reprint("1"),
              StatusIs(absl::StatusCode::kNotFound, HasSubstr("journal")));
}

}  // namespace
}  // namespace branchline

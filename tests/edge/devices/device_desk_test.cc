// Devices, journal and configuration together, as the daemon runs them.

#include "edge/devices/device_desk.h"

#include <fstream>

#include "edge/commit/commit_queue.h"
#include "edge/devices/devices_file.h"
#include "sync/journal/journal.h"
#include "tests/edge/devices/counter_fixture.h"

namespace branchline {
namespace {

using ::testing::HasSubstr;

class DeviceDeskTest : public CounterFixture {
 protected:
  DeviceDeskTest() : branch_stream_("branch:S014", SeededKey('h')) { Start(); }
  ~DeviceDeskTest() override { Stop(); }

  void Start() {
    CommitQueue::Options options;
    options.on_committed = [this] {
      if (desk_ != nullptr) desk_->OnCommitted();
    };
    queue_ = std::make_unique<CommitQueue>(core_.get(), &SystemClock(),
                                           std::move(options));
    DeviceDesk::Options desk;
    desk.data_dir = dir_;
    desk.branch = "S014";
    desk.branch_name = "High Street";
    desk.time_zone = absl::UTCTimeZone();
    desk.store = &store_;
    desk.books = &core_->books();
    desk.queue = queue_.get();
    desk.clock = &SystemClock();
    desk.random = &SystemRandom();
    desk.dev_dir = dir_ + "/dev";
    std::filesystem::create_directories(desk.dev_dir);
    desk_ = std::make_unique<DeviceDesk>(std::move(desk));
    desk_->Start();
  }
  void Stop() {
    if (desk_ != nullptr) desk_->Stop();
    queue_->Stop();
    desk_.reset();
    queue_.reset();
  }

  // As EdgeApp puts them together: sold, then the drawer, then the answer.
  Outcome Sell() {
    auto sold = queue_->Execute({"T1", clock_.WallNow(), WithId(Sale())});
    EXPECT_THAT(sold, IsOk());
    desk_->manager().OnSold("T1", sold->event);
    return *std::move(sold);
  }
  void SetAtHub(const v1::DevicesSet& devices) {
    v1::Event event;
    *event.mutable_devices_set() = devices;
    const v1::StreamRecords records = branch_stream_.Append(event);
    ASSERT_THAT(
        queue_->Run([&](EdgeCore& core) { return core.TakeRecords(records); }),
        IsOk());
  }
  void WriteFile(const std::string& json) {
    std::ofstream(dir_ + "/new.json") << json;
    std::filesystem::rename(dir_ + "/new.json", dir_ + "/devices.json");
  }
  std::vector<v1::DrawerRecorded> DrawerEvents() {
    std::vector<v1::DrawerRecorded> events;
    Cursor start;
    EXPECT_THAT(ForEachRecord(store_, "edge:S014", start,
                              [&](const v1::Record& record) -> absl::Status {
                                v1::Event event;
                                event.ParseFromString(record.payload());
                                if (event.has_drawer_recorded()) {
                                  events.push_back(event.drawer_recorded());
                                }
                                return absl::OkStatus();
                              }),
                IsOk());
    return events;
  }

  FakeHubStream branch_stream_;
  std::unique_ptr<CommitQueue> queue_;
  std::unique_ptr<DeviceDesk> desk_;
};

TEST_F(DeviceDeskTest, WhatTheHubSetsIsAtWorkWithoutARestart) {
  SetAtHub(Devices());
  ASSERT_TRUE(Within10s([&] { return desk_->manager().States().size() == 6; }));
  const std::string receipt = Sell().event.sale().receipt_no();
  EXPECT_TRUE(
      Within10s([&] { return CountOf(PaperOf(*counter_), receipt) == 1; }));
  SetAtHub(v1::DevicesSet());
}

// A branch's receipts are the chain's to dress, each branch's by itself.
TEST_F(DeviceDeskTest, TheTemplateOfTheReceiptsIsPulledAndPrinted) {
  v1::DevicesSet devices = Devices();
  SetAtHub(devices);
  ASSERT_TRUE(Within10s([&] { return desk_->manager().States().size() == 6; }));
  const std::string first = Sell().event.sale().receipt_no();
  ASSERT_TRUE(
      Within10s([&] { return CountOf(PaperOf(*counter_), first) == 1; }));
  v1::ReceiptText* text = devices.mutable_receipt();
  text->set_title("SALES SLIP");
  text->set_legal_entity("High Street Ltd");
  text->clear_footer_lines();
  text->add_footer_lines("Goods may be brought back within 14 days");
  SetAtHub(devices);
  ASSERT_TRUE(Within10s(
      [&] { return desk_->manager().ReceiptText().title() == "SALES SLIP"; }));
  const std::string second = Sell().event.sale().receipt_no();
  ASSERT_TRUE(
      Within10s([&] { return CountOf(PaperOf(*counter_), second) == 1; }));
  const std::string paper = PaperOf(*counter_);
  EXPECT_EQ(CountOf(paper, "Corner Shops Ltd"), 1) << paper;
  EXPECT_EQ(CountOf(paper, "High Street Ltd"), 1) << paper;
  EXPECT_EQ(CountOf(paper, "SALES SLIP"), 1) << paper;
  EXPECT_EQ(CountOf(paper, "Thank you"), 1) << paper;
  EXPECT_EQ(CountOf(paper, "within 14 days"), 1) << paper;
}

TEST_F(DeviceDeskTest, AFileOfTheBoxCountsBeforeTheHub) {
  v1::DevicesSet set = Devices();
  WriteFile(DevicesAsJson(set));
  ASSERT_TRUE(Within10s([&] { return desk_->manager().States().size() == 6; }));
  SetAtHub(v1::DevicesSet());
  // One that is broken takes nothing away, and is said.
  WriteFile("{\"devices\": [");
  ASSERT_TRUE(Within10s([&] { return !desk_->Troubles().empty(); }));
  EXPECT_THAT(desk_->Troubles(), HasSubstr("devices.json"));
  EXPECT_EQ(desk_->manager().States().size(), 6u);
  WriteFile(DevicesAsJson(set));
  ASSERT_TRUE(Within10s([&] { return desk_->Troubles().empty(); }));
}

TEST_F(DeviceDeskTest, ACashSalePrintsOpensTheDrawerAndTellsTheJournal) {
  WriteFile(DevicesAsJson(Devices()));
  ASSERT_TRUE(Within10s([&] {
    for (const v1::DeviceState& state : desk_->manager().States()) {
      if (state.name() == "drawer-1") return state.says() == "closed";
    }
    return false;
  }));
  const std::string receipt = Sell().event.sale().receipt_no();
  ASSERT_TRUE(
      Within10s([&] { return CountOf(PaperOf(*counter_), receipt) == 1; }));
  ASSERT_TRUE(Within10s([&] { return DrawerEvents().size() >= 2; }));
  ASSERT_THAT(counter_->Do("drawer shut"), IsOk());
  ASSERT_TRUE(Within10s([&] { return DrawerEvents().size() >= 3; }));
  const auto events = DrawerEvents();
  EXPECT_EQ(events[0].reason(), v1::DRAWER_REASON_SALE);
  EXPECT_EQ(events[0].receipt_no(), receipt);
  EXPECT_EQ(events[1].kind(), v1::DRAWER_EVENT_KIND_OPENED);
  EXPECT_EQ(events[2].kind(), v1::DRAWER_EVENT_KIND_CLOSED);
  EXPECT_EQ(Pulses(*counter_), 1);
}

// The box is killed behind the commit, before anything was handed to a printer;
// then behind that, before the place was written down.
TEST_F(DeviceDeskTest, AReceiptComesOutOnceWhereverTheBoxWasKilled) {
  WriteFile(DevicesAsJson(Devices()));
  ASSERT_TRUE(Within10s([&] { return desk_->manager().States().size() == 6; }));
  const std::string cursor = dir_ + "/devices/receipts.cursor";
  std::filesystem::copy_file(cursor, dir_ + "/before");
  const std::string first = Sell().event.sale().receipt_no();
  ASSERT_TRUE(
      Within10s([&] { return CountOf(PaperOf(*counter_), first) == 1; }));
  for (int round = 0; round < 3; ++round) {
    Stop();
    std::filesystem::copy_file(
        dir_ + "/before", cursor,
        std::filesystem::copy_options::overwrite_existing);
    const std::string unprinted =
        Run(Sale())->event.sale().receipt_no();  // sold; no desk was there
    Start();
    ASSERT_TRUE(
        Within10s([&] { return CountOf(PaperOf(*counter_), unprinted) == 1; }));
  }
  const std::string paper = PaperOf(*counter_);
  EXPECT_EQ(CountOf(paper, first), 1) << paper;
  EXPECT_EQ(CountOf(paper, "COPY"), 0);
  EXPECT_EQ(CountOf(paper, "[cut]"), 4);
  // A drawer does not spring open for a sale of before.
  EXPECT_EQ(Pulses(*counter_), 1);
}

// The box is killed between the close of the shift and the paper, and after it
// was handed over and before that was written down.
TEST_F(DeviceDeskTest, AZComesOutByItselfAndOnceWhereverTheBoxWasKilled) {
  WriteFile(DevicesAsJson(Devices()));
  ASSERT_TRUE(Within10s([&] { return desk_->manager().States().size() == 6; }));
  const std::string cursor = dir_ + "/devices/receipts.cursor";
  std::filesystem::copy_file(cursor, dir_ + "/before");
  const auto out = [&](const std::string& z_no) {
    return CountOf(PaperOf(*counter_), z_no + "\n");
  };
  const auto close = [&] {
    EXPECT_THAT(Run(v1::OpenShiftRequest()), IsOk());
    const auto closed = Run(v1::CloseShiftRequest());
    EXPECT_THAT(closed, IsOk());
    return closed->event.shift_closed().z_no();
  };
  Stop();
  const std::string first = close();  // and killed
  Start();
  ASSERT_TRUE(Within10s([&] { return out(first) == 1; }));
  for (int round = 0; round < 2; ++round) {
    Stop();
    std::filesystem::copy_file(
        dir_ + "/before", cursor,
        std::filesystem::copy_options::overwrite_existing);
    const std::string unprinted = close();
    Start();
    ASSERT_TRUE(Within10s([&] { return out(unprinted) == 1; }));
  }
  const std::string paper = PaperOf(*counter_);
  EXPECT_EQ(out(first), 1) << paper;
  EXPECT_EQ(CountOf(paper, "Z REPORT"), 3) << paper;
  EXPECT_EQ(CountOf(paper, "COPY"), 0);
  EXPECT_EQ(CountOf(paper, "[cut]"), 3);
  EXPECT_EQ(Pulses(*counter_), 0);
}

TEST_F(DeviceDeskTest, ASealPrintsTheZOfEachTillThatWasLeftOpenAtItsPrinter) {
  v1::DevicesSet set = Devices();
  set.mutable_tills(1)->set_printer("printer-2");
  WriteFile(DevicesAsJson(set));
  ASSERT_TRUE(Within10s([&] { return desk_->manager().States().size() == 6; }));
  const auto run = [&](auto request, const char* till) {
    const auto done =
        queue_->Execute({till, clock_.WallNow(), WithId(request)});
    EXPECT_THAT(done, IsOk());
  };
  run(v1::OpenShiftRequest(), "T1");
  run(v1::OpenShiftRequest(), "T2");
  run(v1::CloseDayRequest(), "T1");
  ASSERT_TRUE(Within10s([&] {
    return CountOf(PaperOf(*counter_), "[cut]") == 1 &&
           CountOf(PaperOf(*second_), "CLOSED UNCOUNTED") == 1;
  }));
  EXPECT_EQ(CountOf(PaperOf(*counter_), "S014-T1-1-Z000001"), 1);
  EXPECT_EQ(CountOf(PaperOf(*second_), "S014-T2-1-Z000001"), 1);
  EXPECT_EQ(CountOf(PaperOf(*second_), "CLOSED UNCOUNTED"), 1);
}

TEST_F(DeviceDeskTest, ADeviceThatIsPluggedInIsOpenAtOnce) {
  v1::DevicesSet set = Devices();
  const std::string link = dir_ + "/dev/scanner";
  set.mutable_devices(2)->set_address("tty:" + link);
  WriteFile(DevicesAsJson(set));
  const auto ready = [&] {
    for (const v1::DeviceState& state : desk_->manager().States()) {
      if (state.name() == "scanner-1") return state.ready();
    }
    return false;
  };
  ASSERT_TRUE(Within10s([&] { return desk_->manager().States().size() == 6; }));
  // Long enough that the back-off alone would take its seconds.
  absl::Notification never;
  never.WaitForNotificationWithTimeout(absl::Milliseconds(1'600));
  EXPECT_FALSE(ready());
  const std::string target =
      counter_->scanner_address().substr(std::string("tty:").size());
  std::filesystem::create_symlink(target, link);
  const absl::Duration plugged_at = SystemClock().MonotonicNow();
  ASSERT_TRUE(Within10s(ready));
  EXPECT_LT(SystemClock().MonotonicNow() - plugged_at, absl::Seconds(1));
}

}  // namespace
}  // namespace branchline

// The devices of a branch against emulated ones: who prints what where, and
// what becomes of it when things break.

#include "edge/devices/device_manager.h"

#include <string>

#include "tests/edge/devices/counter_fixture.h"

namespace branchline {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

class DeviceManagerTest : public CounterFixture {
 protected:
  DeviceManagerTest()
      : receipts_(&store_, &core_->books(), "S014", "High Street",
                  absl::UTCTimeZone()) {
    Start();
  }
  ~DeviceManagerTest() override { manager_.reset(); }

  void Start() {
    manager_ = std::make_unique<DeviceManager>(DeviceManager::Options{
        dir_ + "/queues", &receipts_, &SystemClock(), &SystemRandom()});
  }
  IssuedPaper Sell(const char* till = "T1") {
    const auto sold = Run(Sale(), till);
    EXPECT_THAT(sold, IsOk());
    return *receipts_.Find(sold->event.sale().receipt_no());
  }
  v1::DeviceState StateOf(const std::string& name) {
    for (const v1::DeviceState& state : manager_->States()) {
      if (state.name() == name) return state;
    }
    return {};
  }
  bool Ready(const char* name) {
    return Within10s([&] { return StateOf(name).ready(); });
  }

  ReceiptSource receipts_;
  std::unique_ptr<DeviceManager> manager_;
};

TEST_F(DeviceManagerTest, PrintsAReceiptOnceAndCutsIt) {
  manager_->Apply(Devices());
  const IssuedPaper receipt = Sell();
  EXPECT_THAT(manager_->PrintPaper(receipt), IsOk());
  EXPECT_THAT(manager_->PrintPaper(receipt), IsOk());  // handed in again
  ASSERT_TRUE(Within10s([&] {
    return StateOf("printer-1").waiting_jobs() == 0 &&
           PaperOf(*counter_).find("[cut]") != std::string::npos;
  }));
  const std::string paper = PaperOf(*counter_);
  EXPECT_EQ(CountOf(paper, receipt.id), 1) << paper;
  EXPECT_THAT(paper, AllOf(HasSubstr("Corner Shops Ltd"), HasSubstr("One PEN"),
                           HasSubstr("1.99"), Not(HasSubstr("COPY"))));
}

TEST_F(DeviceManagerTest, TwoTillsShareAPrinter) {
  manager_->Apply(Devices());
  const std::string one = Sell("T1").id;
  const std::string two = Sell("T2").id;
  EXPECT_THAT(manager_->PrintPaper(*receipts_.Find(two)), IsOk());
  EXPECT_THAT(manager_->PrintPaper(*receipts_.Find(one)), IsOk());
  ASSERT_TRUE(Within10s([&] {
    const std::string paper = PaperOf(*counter_);
    return CountOf(paper, one) == 1 && CountOf(paper, two) == 1;
  }));
}

TEST_F(DeviceManagerTest, AReprintIsACopyOnceForEachRequestAndOpensNoDrawer) {
  manager_->Apply(Devices());
  ASSERT_TRUE(Ready("printer-1"));
  const IssuedPaper receipt = Sell();
  EXPECT_EQ(*manager_->Reprint("T1", "copy:1", receipt, ""), "printer-1");
  EXPECT_EQ(*manager_->Reprint("T1", "copy:1", receipt, ""), "printer-1");
  ASSERT_TRUE(
      Within10s([&] { return StateOf("printer-1").waiting_jobs() == 0; }));
  const std::string paper = PaperOf(*counter_);
  EXPECT_EQ(CountOf(paper, receipt.id), 1);
  EXPECT_EQ(CountOf(paper, "*** COPY ***"), 2);  // above and below
  EXPECT_EQ(Pulses(*counter_), 0);
  EXPECT_THAT(manager_->Reprint("T9", "copy:2", receipt, ""),
              StatusIs(absl::StatusCode::kNotFound,
                       HasSubstr("till T9 has no printer")));
}

TEST_F(DeviceManagerTest, WhatWaitsForPaperGoesToTheFallbackAndComesOutOnce) {
  manager_->Apply(Devices());
  ASSERT_TRUE(Ready("printer-1"));
  ASSERT_TRUE(Ready("printer-2"));
  ASSERT_THAT(counter_->Do("paper out"), IsOk());
  ASSERT_TRUE(Within10s([&] { return !StateOf("printer-1").ready(); }));
  EXPECT_THAT(StateOf("printer-1").says(), HasSubstr("paper out"));

  // What is sold now goes there at once.
  const std::string now = Sell().id;
  EXPECT_THAT(manager_->PrintPaper(*receipts_.Find(now)), IsOk());
  ASSERT_TRUE(Within10s([&] { return CountOf(PaperOf(*second_), now) == 1; }));

  // The other till has no fallback: its receipt waits for the paper.
  const std::string waits = Sell("T2").id;
  EXPECT_THAT(manager_->PrintPaper(*receipts_.Find(waits)), IsOk());
  EXPECT_EQ(StateOf("printer-1").waiting_jobs(), 1u);
  ASSERT_THAT(counter_->Do("paper ok"), IsOk());
  ASSERT_TRUE(
      Within10s([&] { return CountOf(PaperOf(*counter_), waits) == 1; }));
  EXPECT_EQ(CountOf(PaperOf(*counter_), now), 0);
  EXPECT_EQ(CountOf(PaperOf(*second_), waits), 0);
}

TEST_F(DeviceManagerTest, AZWaitsForPaperAndGoesToTheFallbackLikeAnyOther) {
  manager_->Apply(Devices());
  ASSERT_TRUE(Ready("printer-1"));
  ASSERT_TRUE(Ready("printer-2"));
  ASSERT_THAT(Run(v1::OpenShiftRequest()), IsOk());
  const auto closed = Run(v1::CloseShiftRequest());
  ASSERT_THAT(closed, IsOk());
  const std::string z_no = closed->event.shift_closed().z_no();
  v1::CountCashRequest count;
  count.set_place(v1::CASH_PLACE_LAST_Z);
  count.add_counts()->set_amount_minor(0);
  const auto settled = Run(count);
  ASSERT_THAT(settled, IsOk());
  // What is found again by its number is what was given out.
  const std::string settlement = absl::StrCat(z_no, "/1.", settled->at.seq);
  for (const std::string& id : {z_no, settlement}) {
    const auto paper = receipts_.Find(id);
    ASSERT_THAT(paper, IsOk());
    EXPECT_EQ(paper->id, id);
    EXPECT_EQ(paper->till, "T1");
  }
  EXPECT_THAT(receipts_.Find(z_no + "/1.1"),
              StatusIs(absl::StatusCode::kNotFound, HasSubstr(z_no)));
  ASSERT_THAT(counter_->Do("paper out"), IsOk());
  ASSERT_TRUE(Within10s([&] { return !StateOf("printer-1").ready(); }));
  EXPECT_THAT(manager_->PrintPaper(*receipts_.Find(z_no)), IsOk());
  EXPECT_THAT(manager_->PrintPaper(*receipts_.Find(settlement)), IsOk());
  ASSERT_TRUE(
      Within10s([&] { return CountOf(PaperOf(*second_), "SETTLEMENT") == 1; }));
  const std::string paper = PaperOf(*second_);
  EXPECT_EQ(CountOf(paper, "Z REPORT"), 1) << paper;
  EXPECT_EQ(CountOf(paper, "SETTLEMENT"), 1) << paper;
  EXPECT_EQ(CountOf(paper, z_no), 2) << paper;
  EXPECT_EQ(CountOf(paper, "COPY"), 0);
}

TEST_F(DeviceManagerTest, AMoveThatWasCutInTheMiddleIsFinishedAtTheStart) {
  // As a cut between the two queues leaves it: at both, begun at neither.
  v1::DevicesSet set = Devices();
  manager_->Apply(set);
  ASSERT_TRUE(Ready("printer-1"));
  ASSERT_THAT(counter_->Do("paper out"), IsOk());
  ASSERT_THAT(second_->Do("paper out"), IsOk());
  ASSERT_TRUE(Within10s([&] {
    return !StateOf("printer-1").ready() && !StateOf("printer-2").ready();
  }));
  const IssuedPaper receipt = Sell();
  ASSERT_THAT(manager_->PrintPaper(receipt), IsOk());
  manager_.reset();
  const std::string queues = dir_ + "/queues";
  for (const auto& file :
       std::filesystem::directory_iterator(queues + "/print-printer-1")) {
    std::filesystem::copy(file.path(), queues + "/print-printer-2/9.job");
    std::filesystem::rename(
        queues + "/print-printer-2/9.job",
        queues + "/print-printer-2/" + file.path().filename().string());
  }
  ASSERT_THAT(counter_->Do("paper ok"), IsOk());
  ASSERT_THAT(second_->Do("paper ok"), IsOk());
  Start();
  manager_->Apply(set);
  ASSERT_TRUE(
      Within10s([&] { return CountOf(PaperOf(*second_), receipt.id) == 1; }));
  ASSERT_TRUE(Ready("printer-1"));
  EXPECT_EQ(StateOf("printer-1").waiting_jobs(), 0u);
  EXPECT_EQ(CountOf(PaperOf(*counter_), receipt.id), 0);
}

TEST_F(DeviceManagerTest, ACashSaleOpensTheDrawerAndACardSaleDoesNot) {
  manager_->Apply(Devices());
  ASSERT_TRUE(
      Within10s([&] { return StateOf("drawer-1").says() == "closed"; }));
  v1::RingRequest by_card = Sale();
  v1::Tender* card = by_card.add_tenders();
  card->set_kind(v1::TENDER_KIND_CARD);
  card->set_amount_minor(199);
  manager_->OnSold("T1", Run(by_card)->event);
  const auto cash = Run(Sale());
  manager_->OnSold("T1", cash->event);
  ASSERT_TRUE(Within10s([&] { return Pulses(*counter_) == 1; }));
  ASSERT_TRUE(Within10s([&] {
    return StateOf("drawer-1").says().find("open") != std::string::npos;
  }));
  std::vector<v1::DrawerRecorded> events;
  ASSERT_TRUE(Within10s([&] {
    for (auto& taken : manager_->TakeDrawerEvents()) {
      EXPECT_EQ(taken.till, "T1");
      for (auto& event : taken.events) events.push_back(event);
    }
    return events.size() >= 2;
  }));
  EXPECT_EQ(events[0].kind(), v1::DRAWER_EVENT_KIND_COMMANDED);
  EXPECT_EQ(events[0].reason(), v1::DRAWER_REASON_SALE);
  EXPECT_EQ(events[0].user(), "till T1");
  EXPECT_EQ(events[0].receipt_no(), cash->event.sale().receipt_no());
  EXPECT_EQ(events[1].kind(), v1::DRAWER_EVENT_KIND_OPENED);
}

TEST_F(DeviceManagerTest, AScanIsReadAndGoesToItsTill) {
  manager_->Apply(Devices());
  ASSERT_TRUE(Ready("scanner-1"));
  uint64_t after = manager_->scans().last();
  const auto scan = [&](const char* command) {
    EXPECT_THAT(counter_->Do(command), IsOk());
    const auto scans = manager_->scans().Wait("T1", after, absl::Seconds(10));
    EXPECT_EQ(scans.size(), 1u);
    if (scans.empty()) return v1::ScanRead();
    after = scans[0].number();
    return scans[0];
  };
  v1::ScanRead read = scan("scan 4006381333931");
  EXPECT_EQ(read.gtin(), "04006381333931");
  EXPECT_EQ(read.scanner(), "scanner-1");
  EXPECT_EQ(read.error(), "");
  EXPECT_LT(read.age_micros(), 1'000'000);
  read = scan("scan 4006381333932");
  EXPECT_THAT(read.error(), HasSubstr("check digit"));
  EXPECT_EQ(read.gtin(), "");
  read = scan("scan 2112345015002");  // 1.500 kg of item 12345
  EXPECT_EQ(read.item(), "12345");
  EXPECT_EQ(read.weight_grams(), 1'500);
  read = scan("scan ]C1010400638133393117261231310300125010LOT7");
  EXPECT_EQ(read.gtin(), "04006381333931");
  EXPECT_EQ(read.expiry(), 20261231u);
  EXPECT_EQ(read.weight_grams(), 1'250);
  EXPECT_EQ(read.lot(), "LOT7");
  EXPECT_TRUE(manager_->scans().Wait("T2", 0, absl::ZeroDuration()).empty());
}

TEST_F(DeviceManagerTest, AWeightSellsOneItem) {
  manager_->Apply(Devices());
  ASSERT_THAT(counter_->Do("weigh 0.532"), IsOk());
  ASSERT_TRUE(
      Within10s([&] { return StateOf("scale-1").last_said() == "0.532 kg"; }));
  EXPECT_EQ(manager_->TakeWeight("T1")->weight_grams, 532);
  EXPECT_THAT(manager_->TakeWeight("T1"),
              StatusIs(absl::StatusCode::kFailedPrecondition, ::testing::_));
  EXPECT_THAT(
      manager_->TakeWeight("T2"),
      StatusIs(absl::StatusCode::kNotFound, HasSubstr("till T2 has no scale")));
  EXPECT_THAT(manager_->ZeroScale("T1"), IsOk());
}

TEST_F(DeviceManagerTest, TheDisplayShowsWhatTheTillSays) {
  manager_->Apply(Devices());
  EXPECT_THAT(manager_->Show("T1", {DisplayLine("Tea", "1.99"),
                                    DisplayLine("Total", "12.34")}),
              IsOk());
  EXPECT_TRUE(Within10s([&] {
    return *counter_->Do("show") ==
           "|Tea             1.99|\n|Total          12.34|\n";
  }));
  EXPECT_THAT(manager_->Show("T2", {}),
              StatusIs(absl::StatusCode::kNotFound, ::testing::_));
}

TEST_F(DeviceManagerTest, AnotherConfigurationNeedsNoRestart) {
  manager_->Apply(Devices());
  ASSERT_TRUE(Ready("scanner-1"));
  ASSERT_TRUE(Ready("printer-1"));
  v1::DevicesSet set = Devices();
  // The scanner goes to the other till, the printers change places, one scale
  // less, and a display with a fault in it.
  set.mutable_tills(0)->clear_scanners();
  set.mutable_tills(1)->add_scanners("scanner-1");
  set.mutable_devices(0)->set_address(second_->printer_address());
  set.mutable_devices(1)->set_address(counter_->printer_address());
  set.mutable_tills(0)->clear_scale();
  set.mutable_devices(3)->set_model("steelyard");
  manager_->Apply(set);
  EXPECT_THAT(manager_->Troubles(), HasSubstr("'steelyard' is no scale"));
  EXPECT_EQ(StateOf("scale-1").name(), "");
  EXPECT_EQ(StateOf("scanner-1").opened_count(), 1);  // it ran on

  uint64_t after = manager_->scans().last();
  EXPECT_THAT(counter_->Do("scan 4006381333931"), IsOk());
  EXPECT_EQ(manager_->scans().Wait("T2", after, absl::Seconds(10)).size(), 1u);
  const IssuedPaper receipt = Sell();
  EXPECT_THAT(manager_->PrintPaper(receipt), IsOk());
  EXPECT_TRUE(
      Within10s([&] { return CountOf(PaperOf(*second_), receipt.id) == 1; }));
}

TEST_F(DeviceManagerTest, WithEveryDeviceBrokenEverythingIsQueuedAndSaid) {
  v1::DevicesSet set = Devices();
  for (v1::Device& device : *set.mutable_devices()) {
    if (device.kind() == v1::DEVICE_KIND_DRAWER) continue;
    device.set_address(
        device.kind() == v1::DEVICE_KIND_PRINTER
            ? absl::StrCat("tcp:127.0.0.1:", device.name().substr(8))
            : "tty:" + dir_ + "/no/" + device.name());
  }
  manager_->Apply(set);
  ASSERT_TRUE(Within10s([&] {
    return StateOf("printer-1").says().find("not there") != std::string::npos;
  }));
  for (const v1::DeviceState& state : manager_->States()) {
    EXPECT_FALSE(state.ready()) << state.name();
    EXPECT_NE(state.says(), "") << state.name();
  }
  const auto sold = Run(Sale());
  ASSERT_THAT(sold, IsOk());
  manager_->OnSold("T1", sold->event);
  EXPECT_THAT(
      manager_->PrintPaper(*receipts_.Find(sold->event.sale().receipt_no())),
      IsOk());
  EXPECT_EQ(StateOf("printer-1").waiting_jobs(), 1u);
  EXPECT_THAT(manager_->OpenDrawer("drawer-1", v1::DRAWER_REASON_NO_SALE, "ada",
                                   "", false),
              StatusIs(absl::StatusCode::kUnavailable,
                       HasSubstr("open it by its key")));
  EXPECT_THAT(manager_->TakeWeight("T1"),
              StatusIs(absl::StatusCode::kUnavailable, ::testing::_));
}

TEST_F(DeviceManagerTest, ReceiptsOfAPrinterThatIsNoMoreAreNotForgotten) {
  manager_->Apply(Devices());
  ASSERT_TRUE(Ready("printer-1"));
  ASSERT_THAT(counter_->Do("cover open"), IsOk());
  ASSERT_TRUE(Within10s([&] { return !StateOf("printer-1").ready(); }));
  ASSERT_THAT(manager_->PrintPaper(Sell("T2")), IsOk());
  v1::DevicesSet none;
  manager_->Apply(none);
  EXPECT_THAT(manager_->Troubles(),
              HasSubstr("1 slips wait for printer printer-1"));
}

TEST_F(DeviceManagerTest, EachDeviceCanBeTried) {
  manager_->Apply(Devices());
  ASSERT_TRUE(Ready("printer-1"));
  ASSERT_TRUE(
      Within10s([&] { return StateOf("drawer-1").says() == "closed"; }));
  const auto test = [&](const char* device, absl::Duration wait) {
    v1::TestDeviceResponse response;
    EXPECT_THAT(manager_->Test(device, "tech", wait, &response), IsOk());
    std::string text = response.passed() ? "PASSED\n" : "FAILED\n";
    for (const std::string& line : response.lines()) {
      absl::StrAppend(&text, line, "\n");
    }
    return text;
  };
  EXPECT_THAT(test("printer-1", absl::Seconds(10)),
              AllOf(HasSubstr("PASSED"), HasSubstr("the slip is: printed")));
  EXPECT_THAT(PaperOf(*counter_), HasSubstr("PRINTER TEST"));
  EXPECT_THAT(test("drawer-1", absl::Seconds(10)),
              AllOf(HasSubstr("PASSED"), HasSubstr("from low to high")));
  EXPECT_THAT(test("display-1", absl::Seconds(10)), HasSubstr("PASSED"));
  ASSERT_THAT(counter_->Do("weigh 2.000"), IsOk());
  EXPECT_THAT(test("scale-1", absl::Seconds(10)),
              AllOf(HasSubstr("PASSED"), HasSubstr("2.000 kg")));
  EXPECT_THAT(test("scanner-1", absl::Milliseconds(1)),
              AllOf(HasSubstr("FAILED"), HasSubstr("nothing came within")));
  ASSERT_THAT(counter_->Do("paper out"), IsOk());
  ASSERT_TRUE(Within10s([&] { return !StateOf("printer-1").ready(); }));
  EXPECT_THAT(test("printer-1", absl::Milliseconds(100)),
              AllOf(HasSubstr("FAILED"), HasSubstr("paper out"),
                    HasSubstr("taken out of the queue again")));
  v1::TestDeviceResponse response;
  EXPECT_THAT(manager_->Test("p9", "tech", absl::ZeroDuration(), &response),
              StatusIs(absl::StatusCode::kNotFound,
                       HasSubstr("there is no device 'p9'")));
}

}  // namespace
}  // namespace branchline

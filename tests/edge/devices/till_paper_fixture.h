#pragma once

#include <fstream>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "edge/commit/commit_queue.h"
#include "edge/devices/device_desk.h"
#include "edge/devices/devices_file.h"
#include "edge/serve/till_device_api.h"
#include "sync/identity/api_key.h"
#include "sync/journal/verify.h"
#include "tests/edge/devices/counter_fixture.h"

namespace branchline {

// A till with a printer, and one without, as EdgeApp puts them together.
class TillPaperFixture : public CounterFixture {
 protected:
  TillPaperFixture() {
    BL_CHECK(Run(PairTillCommand{"T1", ApiKeyHash("key of T1")}, "").ok(),
             "the till has a key");
    BL_CHECK(Run(PairTillCommand{"T3", ApiKeyHash("key of T3")}, "").ok(),
             "so has one without a printer");
  }
  ~TillPaperFixture() override { Stop(); }

  void Publish(const v1::Event& event) {
    BL_CHECK(core_->TakeRecords(chain_.Append(event)).ok(), "it is taken");
  }

  void Serve() {
    CommitQueue::Options options;
    options.on_committed = [this] {
      if (desk_ != nullptr) desk_->OnCommitted();
    };
    queue_ =
        std::make_unique<CommitQueue>(core_.get(), &clock_, std::move(options));
    identity_ = std::make_unique<EdgeIdentity>(Identity());
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
    v1::DevicesSet devices = Devices();
    devices.mutable_receipt()->set_language(language_);
    std::ofstream(dir_ + "/devices.json") << DevicesAsJson(devices);
    desk_ = std::make_unique<DeviceDesk>(std::move(desk));
    api_ = std::make_unique<TillApi>(queue_.get(), &store_, &core_->books(),
                                     identity_.get(), &clock_, &metrics_,
                                     [](v1::EdgeStatus*) {});
    devices_ = std::make_unique<TillDeviceApi>(desk_.get(), queue_.get(),
                                               &clock_, api_.get());
    desk_->Start();
    // All are planned, and then made.
    ASSERT_TRUE(Within10s([&] {
      return desk_->manager().States().size() == 6 &&
             desk_->manager().CheckPrinter("T1").ok();
    }));
  }
  void Stop() {
    if (desk_ != nullptr) desk_->Stop();
    if (queue_ != nullptr) queue_->Stop();
    devices_.reset();
    api_.reset();
    desk_.reset();
    queue_.reset();
  }

  static CallContext Key(const char* till = "T1") {
    CallContext context;
    context.bearer = absl::StrCat("key of ", till);
    return context;
  }
  // Until that many slips have come out.
  bool Slips(int count) {
    return Within10s(
        [&] { return CountOf(PaperOf(*counter_), "[cut]") == count; });
  }
  template <typename Request>
  Outcome Execute(Request request) {
    auto done = queue_->Execute({"T1", clock_.WallNow(), WithId(request)});
    EXPECT_THAT(done, IsOk());
    return done.ok() ? *std::move(done) : Outcome();
  }
  v1::ReprintReceiptRequest CopyOf(const std::string& number) {
    v1::ReprintReceiptRequest request;
    request.set_receipt_no(number);
    return WithId(request);
  }
  int64_t Reprints() {
    v1::ShiftReport x;
    EXPECT_THAT(api_->GetShift(Key(), v1::GetShiftRequest(), &x), IsOk());
    return x.shift().money(0).figures().reprints();
  }
  void ExpectVerified() {
    Stop();
    BL_CHECK(core_->WriteBooks().ok(), "the books are written");
    const auto report = VerifyJournal(
        store_, {.hub_public_key = SeededKey('h').public_key(), .stream = ""});
    ASSERT_THAT(report, IsOk());
    EXPECT_EQ(report->books.faults.first, "");
    EXPECT_EQ(report->docs.faults.first, "");
  }

  std::string language_ = "en";
  Metrics metrics_;
  std::unique_ptr<CommitQueue> queue_;
  std::unique_ptr<EdgeIdentity> identity_;
  std::unique_ptr<DeviceDesk> desk_;
  std::unique_ptr<TillApi> api_;
  std::unique_ptr<TillDeviceApi> devices_;
};

}  // namespace branchline

// The branch's real daemon is killed at random moments while it prints: every
// receipt and every Z comes out, and whatever comes out again says that it is a
// copy.

#include <grpcpp/create_channel.h>

#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_split.h"
#include "absl/synchronization/notification.h"
#include "branchline/v1/till.grpc.pb.h"
#include "devices/counter/counter_emulator.h"
#include "sync/base/clock.h"
#include "sync/journal/journal.h"
#include "sync/journal/rocks_store.h"
#include "tests/e2e/kill_fixture.h"

namespace branchline::drill {
namespace {

constexpr int kKills = 8;

class PrintKillTest : public KillFixture {
 protected:
  void SetUp() override {
    KillFixture::SetUp();
    counter_ = *CounterEmulator::Open({.dir = dir_});
    std::string tills;
    for (size_t i = 0; i < tills_.size(); ++i) {
      absl::StrAppend(&tills, i == 0 ? "" : ",", "{\"till\":\"T", i + 1,
                      "\",\"printer\":\"p1\"}");
    }
    // The text of a receipt is English where nothing else is set.
    std::ofstream(rig_->edge_dir(0) + "/devices.json")
        << "{\"devices\":[{\"name\":\"p1\",\"kind\":\"printer\",\"model\":"
           "\"epson-80mm\",\"address\":\""
        << counter_->printer_address() << "\"}],\"tills\":[" << tills << "]}";
    ASSERT_TRUE(Within60s([&] {
      std::ostringstream cursor;
      cursor << std::ifstream(rig_->edge_dir(0) + "/devices/receipts.cursor")
                    .rdbuf();
      return !cursor.str().empty() && cursor.str() != "off\n";
    }));
  }

  static bool Within60s(const std::function<bool()>& what) {
    absl::Notification never;
    for (int i = 0; i < 600; ++i) {
      if (what()) return true;
      never.WaitForNotificationWithTimeout(absl::Milliseconds(100));
    }
    return what();
  }

  struct Out {
    int whole = 0;     // slips that say what was paid
    int unmarked = 0;  // slips, whole or broken off, that say nothing of a copy
  };
  // `last` is among the last of what such a slip says.
  Out OutOf(const std::string& number, const char* last = "TOTAL") {
    Out out;
    const std::string paper = *counter_->Do("receipts");
    for (const absl::string_view slip : absl::StrSplit(paper, "[cut]")) {
      if (!absl::StrContains(slip, number)) continue;
      out.whole += absl::StrContains(slip, last) ? 1 : 0;
      out.unmarked += absl::StrContains(slip, "COPY") ? 0 : 1;
    }
    return out;
  }

  // A command of T1 under `id`.
  template <typename Method, typename Request, typename Response>
  grpc::Status Call(Method method, const std::string& id, Request request,
                    Response* response) {
    const auto till = v1::Till::NewStub(
        grpc::CreateChannel(absl::StrCat("127.0.0.1:", rig_->till_port(0)),
                            grpc::InsecureChannelCredentials()));
    grpc::ClientContext context;
    context.AddMetadata("authorization",
                        absl::StrCat("Bearer ", tills_[0].key));
    context.set_deadline(
        absl::ToChronoTime(SystemClock().WallNow() + absl::Seconds(20)));
    request.mutable_header()->set_command_id(id);
    return (till.get()->*method)(&context, request, response);
  }
  // Numbers of the Z in the journal on the disk, in its order.
  std::vector<std::string> ZsOnDisk() const {
    std::vector<std::string> numbers;
    constexpr int kLooksMax = 50;  // the daemon may delete a file meanwhile
    auto store = OpenRocksStore({.dir = ledger_dir(), .read_only = true});
    for (int look = 1; !store.ok() && look < kLooksMax; ++look) {
      store = OpenRocksStore({.dir = ledger_dir(), .read_only = true});
    }
    EXPECT_TRUE(store.ok()) << store.status();
    if (!store.ok()) return numbers;
    const absl::Status read =
        ForEachRecord(**store, "edge:B01", Cursor(),
                      [&](const v1::Record& record) -> absl::Status {
                        v1::Event event;
                        EXPECT_TRUE(event.ParseFromString(record.payload()));
                        if (event.has_shift_closed()) {
                          numbers.push_back(event.shift_closed().z_no());
                        }
                        return absl::OkStatus();
                      });
    EXPECT_TRUE(read.ok()) << read;
    return numbers;
  }

  std::unique_ptr<CounterEmulator> counter_;
};

TEST_F(PrintKillTest, EachReceiptComesOutOnceOrSaysThatItIsACopy) {
  for (int kill = 0; kill < kKills && !HasFailure(); ++kill) {
    RingUntilKilled(static_cast<int>(1 + random_.Below(6)));
    const absl::Status started = rig_->RestartEdge(0);
    ASSERT_TRUE(started.ok()) << started;
  }
  const auto sales = SalesOnDisk();
  ASSERT_FALSE(sales.empty());
  int copies = 0;
  for (const auto& [id, sale] : sales) {
    ASSERT_TRUE(Within60s([&, number = sale.receipt_no] {
      return OutOf(number).whole > 0;
    })) << sale.receipt_no
        << *counter_->Do("receipts");
    const Out out = OutOf(sale.receipt_no);
    EXPECT_LE(out.unmarked, 1) << sale.receipt_no;
    copies += out.whole - out.unmarked;
  }
  std::printf("  %d kills, %zu receipts, %d of them came out as copies too\n",
              kKills, sales.size(), copies);
}

// Killed before, while and after it takes a Z and prints it. The till asks
// again under the same id, as it does when nobody answered.
TEST_F(PrintKillTest, AZIsTakenOnceAndComesOut) {
  absl::Notification never;
  int answered = 0;
  for (int kill = 1; kill <= kKills && !HasFailure(); ++kill) {
    v1::OpenShiftResponse opened;
    const grpc::Status open =
        Call(&v1::Till::Stub::OpenShift, absl::StrFormat("open %11d", kill),
             v1::OpenShiftRequest(), &opened);
    ASSERT_TRUE(open.ok()) << open.error_message();
    ASSERT_TRUE(Ring(0, absl::StrFormat("sale %11d", kill)).ok());
    v1::CloseShiftRequest close;
    close.add_counts()->set_amount_minor(100 * kill);
    const std::string id = absl::StrFormat("close %10d", kill);
    v1::CloseShiftResponse closed;
    grpc::Status first;
    std::thread closing(
        [&] { first = Call(&v1::Till::Stub::CloseShift, id, close, &closed); });
    never.WaitForNotificationWithTimeout(
        absl::Microseconds(random_.Below(kill % 2 == 0 ? 12'000 : 200'000)));
    rig_->KillEdge(0);
    closing.join();
    const absl::Status started = rig_->RestartEdge(0);
    ASSERT_TRUE(started.ok()) << started;
    v1::CloseShiftResponse again;
    const grpc::Status asked =
        Call(&v1::Till::Stub::CloseShift, id, close, &again);
    ASSERT_TRUE(asked.ok()) << asked.error_message();
    EXPECT_EQ(again.report().shift().number(), static_cast<uint64_t>(kill));
    EXPECT_EQ(again.report().shift().money(0).counted_minor(), 100 * kill);
    answered += first.ok() ? 1 : 0;
    if (first.ok()) {
      EXPECT_TRUE(again.landed().repeated());
      EXPECT_EQ(closed.report().shift().SerializeAsString(),
                again.report().shift().SerializeAsString());
    }
  }
  const std::vector<std::string> numbers = ZsOnDisk();
  ASSERT_EQ(numbers.size(), static_cast<size_t>(kKills));
  int copies = 0;
  for (int i = 0; i < kKills; ++i) {
    const std::string number = absl::StrFormat("B01-T1-1-Z%06d", i + 1);
    EXPECT_EQ(numbers[static_cast<size_t>(i)], number);
    ASSERT_TRUE(Within60s([&] {
      return OutOf(number, "Grand sales").whole > 0;
    })) << number
        << *counter_->Do("receipts");
    const Out out = OutOf(number, "Grand sales");
    EXPECT_LE(out.unmarked, 1) << number;
    copies += out.whole - out.unmarked;
  }
  std::printf(
      "  %d kills, %d behind the answer, %d of the Z came out as "
      "copies too\n",
      kKills, answered, copies);
}

}  // namespace
}  // namespace branchline::drill

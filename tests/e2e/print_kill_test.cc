// The branch's real daemon is killed at random moments while it prints: every
// receipt comes out, and whatever comes out again says that it is a copy.

#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/synchronization/notification.h"
#include "devices/counter/counter_emulator.h"
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
  Out OutOf(const std::string& receipt_no) {
    Out out;
    const std::string paper = *counter_->Do("receipts");
    for (const absl::string_view slip : absl::StrSplit(paper, "[cut]")) {
      if (!absl::StrContains(slip, receipt_no)) continue;
      out.whole += absl::StrContains(slip, "TOTAL") ? 1 : 0;
      out.unmarked += absl::StrContains(slip, "COPY") ? 0 : 1;
    }
    return out;
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

}  // namespace
}  // namespace branchline::drill

// The branch's real daemon is killed at random moments, and its disk's newest
// log is torn: whatever a till was told stays, once, or the box says in plain
// words that it may not be sold from.

#include <filesystem>
#include <fstream>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "tests/e2e/kill_fixture.h"

namespace branchline::drill {
namespace {

constexpr int kKills = 30;

class KillTest : public KillFixture {
 protected:
  uint64_t Below(uint64_t n) { return random_.Below(n); }

  // Starts the box on a damaged disk, in the dark, and asks it for a sale at
  // every till. OK: it sells.
  absl::Status StartAndSell(int number) {
    const absl::Status started = rig_->RestartEdge(0);
    if (!started.ok()) return started;
    for (size_t till = 0; till < tills_.size(); ++till) {
      const auto sold =
          Ring(till, absl::StrFormat("torn %d  %08d", till, number));
      if (!sold.ok()) return sold.status();
    }
    return absl::OkStatus();
  }

  // On the damaged disk: all that was answered, or plain words.
  void ExpectAllOrRefused(const absl::Status& sold) {
    if (sold.ok()) {
      CheckAgainstFile();
      return;
    }
    std::printf("  refused: %s\n", std::string(sold.message()).c_str());
    // What a shopkeeper can act on, not what the storage library said.
    const std::string said(sold.message());
    EXPECT_TRUE(said.find("disk") != std::string::npos ||
                said.find("journal") != std::string::npos ||
                said.find("ledger") != std::string::npos)
        << said;
    EXPECT_TRUE(said.find("recover") != std::string::npos) << said;
  }
};

TEST_F(KillTest, ThirtyKillsLoseAndDoubleNothing) {
  for (int kill = 0; kill < kKills && !HasFailure(); ++kill) {
    RingUntilKilled(static_cast<int>(1 + Below(25)));
    const absl::Status started = rig_->RestartEdge(0);
    ASSERT_TRUE(started.ok()) << started;
    CheckAgainstFile();
  }
  // Who asks again gets the first answer.
  const auto sales = SalesOnDisk();
  ASSERT_FALSE(sales.empty());
  for (const auto& [id, sale] : {*sales.begin(), *sales.rbegin()}) {
    const size_t till = static_cast<size_t>(sale.receipt_no[5] - '1');
    const auto again = Ring(till, id);  // "B01-T1-1-000001"
    ASSERT_TRUE(again.ok()) << again.status();
    EXPECT_TRUE(again->landed().repeated());
    EXPECT_EQ(again->sale().receipt_no(), sale.receipt_no);
  }
  CheckAgainstFile();
  std::printf("  %d kills, %zu sales\n", kKills, SalesOnDisk().size());
}

TEST_F(KillTest, ATornOrFlippedLogIsNoticed) {
  RingUntilKilled(40);
  const std::string intact = dir_ + "/intact";
  std::filesystem::copy(ledger_dir(), intact,
                        std::filesystem::copy_options::recursive);
  const std::vector<TillClient::Till> tills = tills_;
  std::filesystem::copy(dir_ + "/expected", dir_ + "/expected.intact");
  // What is sold on a torn disk must not meet the sound one at the hub.
  rig_->CutLine(0, CutKind::kReset);
  const auto restore = [&] {
    rig_->KillEdge(0);
    tills_ = tills;
    std::filesystem::copy_file(
        dir_ + "/expected.intact", dir_ + "/expected",
        std::filesystem::copy_options::overwrite_existing);
    std::filesystem::remove_all(ledger_dir());
    std::filesystem::copy(intact, ledger_dir(),
                          std::filesystem::copy_options::recursive);
  };
  const std::string log = NewestLog();
  const uint64_t size = ContentSize(log);
  ASSERT_GT(size, 2'000u);

  for (const uint64_t cut : {uint64_t{1}, 1 + Below(60), 1 + Below(size / 2)}) {
    SCOPED_TRACE(absl::StrCat("cut by ", cut));
    std::filesystem::resize_file(log, size - cut);
    ExpectAllOrRefused(StartAndSell(static_cast<int>(cut)));
    restore();
  }
  for (int flip = 0; flip < 3; ++flip) {
    const uint64_t at = Below(size - 1'000);
    SCOPED_TRACE(absl::StrCat("byte ", at, " of ", size));
    std::fstream file(log, std::ios::in | std::ios::out | std::ios::binary);
    file.seekg(static_cast<int64_t>(at));
    const char byte = static_cast<char>(file.get() ^ 0x10);
    file.seekp(static_cast<int64_t>(at));
    file.put(byte);
    file.close();
    ExpectAllOrRefused(StartAndSell(static_cast<int>(at)));
    restore();
  }
  // And the disk as it was is sound.
  const absl::Status sold = StartAndSell(99'999'999);
  EXPECT_TRUE(sold.ok()) << sold;
  CheckAgainstFile();
}

}  // namespace
}  // namespace branchline::drill

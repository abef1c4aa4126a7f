#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "branchline/v1/till.pb.h"
#include "gtest/gtest.h"
#include "sync/base/random.h"
#include "tools/drill/chain_rig.h"

namespace branchline::drill {

// A hub, one branch as real daemons, and tills that ring while the branch is
// killed. What a till was told goes to a file before it rings again: the
// expected state, which shares nothing with the ledger.
class KillFixture : public ::testing::Test {
 protected:
  struct Sale {
    std::string receipt_no;
    int64_t total_minor = 0;
    bool operator==(const Sale&) const = default;
  };

  KillFixture();
  ~KillFixture() override;
  void SetUp() override;

  // Every till rings, one sale after the other, until `answers` more were
  // answered; then the branch is killed, in the middle of whatever it did.
  void RingUntilKilled(int answers);

  // Rings one sale at `till`; told: it is in the file.
  absl::StatusOr<v1::RingResponse> Ring(size_t till, const std::string& id);

  // All sales in the journal on the branch's disk, by command id.
  std::multimap<std::string, Sale> SalesOnDisk() const;
  // Every answered sale is there once and as it was told, nothing is there
  // twice or unasked, and numbers have no gap.
  void CheckAgainstFile() const;
  // Answered sales that the disk does not have.
  size_t Missing() const;

  std::string ledger_dir() const { return rig_->edge_dir(0) + "/ledger"; }
  // The log that RocksDB wrote to last.
  std::string NewestLog() const;
  // Up to the zeros behind its end, bytes.
  static uint64_t ContentSize(const std::string& log);

  SeededRandom random_{20261122};
  std::string dir_;
  std::unique_ptr<ChainRig> rig_;
  std::vector<TillClient::Till> tills_;

 private:
  std::map<std::string, Sale> ReadFile() const;
  void RingAtTill(size_t till);

  mutable absl::Mutex mutex_;
  int answers_ ABSL_GUARDED_BY(mutex_) = 0;
  bool stop_ ABSL_GUARDED_BY(mutex_) = false;
  uint64_t ids_ ABSL_GUARDED_BY(mutex_) = 0;
  std::map<std::string, bool> asked_ ABSL_GUARDED_BY(mutex_);  // by id
};

}  // namespace branchline::drill

#pragma once

#include <map>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "sync/replication/ports.h"
#include "tests/sync/replication/fake_journal.h"

namespace branchline {

// An edge core in memory. It keeps the contract of EdgePort; what it has is its
// disk. Safe for concurrent use, so that a test can sell while the sync thread
// pushes.
class FakeEdge final : public EdgePort {
 public:
  // What is on the disk. A copy of it is an image.
  struct Disk {
    FakeJournal journal;
    std::string secret;
    v1::Ack last_ack;
    std::map<std::string, FakeJournal> pulled;
    std::map<std::string, uint64_t> snapshot_chunks;  // of one under way
  };

  explicit FakeEdge(std::string branch) : branch_(std::move(branch)) {}

  void Sell(int count, size_t payload_bytes = 20);
  void SetBox(char box);
  void OpenEpoch(uint64_t epoch);
  Disk Image() const;
  void Restore(const Disk& disk);
  Cursor PulledOf(const std::string& stream) const;
  Cursor StoredAck() const;
  std::vector<v1::RefusalCode> refusals() const;
  int welcomes() const;
  void FailTakeWith(absl::Status status);

  // EdgePort:
  absl::StatusOr<v1::Hello> MakeHello() override;
  Cursor Head() const override;
  absl::StatusOr<std::string> HashAt(uint64_t epoch, uint64_t seq) override;
  absl::StatusOr<v1::Push> ReadPush(const Cursor& after,
                                    size_t bytes_max) override;
  absl::Status StoreAck(const v1::Ack& ack) override;
  absl::Status StoreSecret(absl::string_view secret) override;
  absl::Status TakeRecords(const v1::StreamRecords& records) override;
  absl::Status TakeSnapshot(const v1::SnapshotChunk& chunk) override;
  absl::StatusOr<std::vector<v1::StreamCursor>> Pulled() override;
  absl::StatusOr<v1::ReturnedRecords> ReadBack(const v1::WantBack& want,
                                               size_t bytes_max) override;
  void OnWelcome(const v1::Welcome& welcome) override;
  void OnRefused(const v1::Refused& refused) override;

 private:
  const std::string branch_;
  mutable absl::Mutex mutex_;
  Disk disk_ ABSL_GUARDED_BY(mutex_);
  char box_ ABSL_GUARDED_BY(mutex_) = 'a';
  uint64_t epoch_ ABSL_GUARDED_BY(mutex_) = 1;
  absl::Status take_error_ ABSL_GUARDED_BY(mutex_);
  std::vector<v1::RefusalCode> refusals_ ABSL_GUARDED_BY(mutex_);
  int welcomes_ ABSL_GUARDED_BY(mutex_) = 0;
};

}  // namespace branchline

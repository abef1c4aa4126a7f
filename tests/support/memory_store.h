#pragma once

#include <array>
#include <cstddef>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"
#include "sync/journal/store.h"

namespace branchline {

// A Store in memory with a simulated disk under it: what was committed without
// a sync is lost in Crash(), the whole disk can be imaged and put back, and any
// commit can be made to fail. Deterministic: the same calls give the same
// answers.
//
// Thread-safety as Store says. A Scan() sees the table as it was when it began,
// whatever is committed meanwhile, also by its own visitor.
class MemoryStore final : public Store {
 private:
  using Rows = std::map<std::string, std::string, std::less<>>;
  struct Sheet {
    Rows rows;
    uint64_t commit_number = 0;
    // The journal's: of all tables.
    std::array<uint64_t, kTableCount> commit_numbers{};
    int readers = 0;      // scans that look at it just now
    bool shared = false;  // an image or the disk's state has it too
  };
  using Sheets = std::array<std::shared_ptr<Sheet>, kTableCount>;

 public:
  // A copy of the disk. Cheap; never changes.
  class DiskImage {
   public:
    DiskImage() = default;

   private:
    friend class MemoryStore;
    Sheets sheets_;
  };

  MemoryStore();

  // The power goes: back to the last synced commit. A store whose commit had
  // failed works again, as after opening it anew.
  void Crash();

  // What is on the disk now, without what is not synced.
  DiskImage Image() const;
  // The whole disk, or one table of it, as it was in `image`.
  void Restore(const DiskImage& image);
  void RestoreTable(Table table, const DiskImage& image);

  // The `n`-th commit from now (1 is the next; synced or not) returns `status`,
  // and so does every one after it until Crash() or Restore(). Whether the
  // failed commit itself reached the disk is `landed`. 0: none fails.
  void FailAfter(int n, absl::Status status, bool landed = false);

  // Puts `value` in the place of a key behind the store's back, as a flipped
  // byte would; nullopt takes the key away.
  void Damage(Table table, absl::string_view key,
              std::optional<std::string> value);

  // All rows of a table, in order: for comparing two stores.
  std::vector<std::pair<std::string, std::string>> Dump(Table table) const;

  int commits() const;  // that returned OK, synced
  int unsynced_commits() const;

  absl::Status Commit(const WriteSet& writes) override;
  absl::Status CommitUnsynced(const WriteSet& writes) override;
  absl::StatusOr<std::optional<std::string>> Get(
      Table table, absl::string_view key) const override;
  absl::StatusOr<std::vector<std::optional<std::string>>> MultiGet(
      Table table, const std::vector<std::string>& keys) const override;
  absl::Status Scan(
      Table table, absl::string_view from, absl::string_view to,
      absl::FunctionRef<bool(absl::string_view key, absl::string_view value)>
          visit) const override;
  absl::StatusOr<std::optional<std::pair<std::string, std::string>>> Last(
      Table table, absl::string_view from, absl::string_view to) const override;
  absl::Status Clear(Table table) override;
  absl::StatusOr<CommitNumbers> ReadCommitNumbers() const override;
  absl::Status AlignCommitNumbers() override;

 private:
  absl::Status Write(const WriteSet& writes, bool sync,
                     bool all_tables = false);
  absl::Status Apply(const WriteSet& writes, bool all_tables)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  // The sheet of `table`, for one's own: a copy if somebody else has it too.
  Sheet& Mutable(Table table) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  Sheets Share() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  mutable absl::Mutex mutex_;
  mutable Sheets live_ ABSL_GUARDED_BY(mutex_);
  // What a crash leaves, if it is not what is live.
  std::optional<Sheets> synced_ ABSL_GUARDED_BY(mutex_);
  uint64_t commit_number_ ABSL_GUARDED_BY(mutex_) = 0;
  int commits_ ABSL_GUARDED_BY(mutex_) = 0;
  int unsynced_commits_ ABSL_GUARDED_BY(mutex_) = 0;
  int fail_in_ ABSL_GUARDED_BY(mutex_) = 0;
  absl::Status fail_with_ ABSL_GUARDED_BY(mutex_);
  bool fail_landed_ ABSL_GUARDED_BY(mutex_) = false;
  bool broken_ ABSL_GUARDED_BY(mutex_) = false;
};

}  // namespace branchline

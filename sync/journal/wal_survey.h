#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace branchline {

// What stands at the end of every batch in the write-ahead log.
struct WalMark {
  uint64_t commit = 0;          // the batch's own number
  uint64_t synced = 0;          // up to here a sync had returned by then
  bool first_of_store = false;  // the first that was written since the open

  friend bool operator==(const WalMark&, const WalMark&) = default;
};

constexpr size_t kWalMarkSize = 25;  // bytes

std::string ToBytes(const WalMark& mark);
// nullopt: these are no mark.
std::optional<WalMark> WalMarkFrom(absl::string_view bytes);

// Looks through RocksDB's write-ahead logs for their end. Zeros stand behind it
// (see NewWalFileSystem), so after a power cut any sector (512 bytes) that no
// sync had covered may be zeros, too. RocksDB alone would take such a hole
// for damage, or, where a record's header is zeros, pass over the rest of a
// block in silence.
//
// So: the first record that is not as written is the end, if one of its sectors
// is zeros or missing and no mark behind it says that it had been synced.
// Anything else is damage. Format of the log: RocksDB wiki, "Write Ahead Log
// File Format"; logs are not recycled.
class WalSurvey {
 public:
  static constexpr size_t kBlockSize = 32 << 10;  // bytes

  // The next log, in the order of their numbers. `name` is for messages.
  void StartFile(std::string name);
  // Its next kBlockSize bytes; at its end, what is left.
  void Add(absl::string_view block);

  // For each file how many bytes, from its start, hold whole records.
  //   DATA_LOSS  what had been synced is not there any more: says where
  absl::StatusOr<std::vector<uint64_t>> Finish();

 private:
  void EndFile();
  // A record, whole and as it was written, that ends with `tail`.
  void Take(absl::string_view tail, uint64_t end);
  // The record in `block` at `at` is not as it was written.
  void Broken(absl::string_view block, size_t at);
  // Records ended in an earlier log: whether this one, which begins with
  // `mark`, counts all the same. It does if it was begun after that end was
  // found, or follows it, or if those between had been synced and their log, no
  // longer needed, is gone.
  bool GoesOn(const WalMark& mark) const;
  // Records ended before: what is said behind the end of what had been synced.
  void LookForMarks(absl::string_view bytes);
  void Weigh(const WalMark& mark);
  void Damaged(absl::string_view what);

  absl::Status damage_;
  std::vector<std::string> names_;
  std::vector<uint64_t> intact_bytes_;  // by file
  uint64_t file_bytes_ = 0;             // seen of this file

  // The record under way in this file, in up to many fragments.
  bool in_record_ = false;
  std::string tail_;  // its last kWalMarkSize bytes so far

  bool ended_ = false;         // a torn record was met, or zeros
  bool only_zeros_ = false;    // there and behind it
  bool nothing_taken_ = true;  // of this file
  std::optional<uint64_t> last_commit_;
  std::string end_;  // where the torn record is, for messages
};

}  // namespace branchline

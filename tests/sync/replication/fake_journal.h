#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "branchline/v1/record.pb.h"
#include "sync/base/cursor.h"

namespace branchline {

// A stream in memory, with hashes a person can read: the box that wrote the
// record, its epoch and its seq ("a1010005..." is box a, epoch 1, record 5).
// The sessions compare hashes and never compute them. Copying it is taking an
// image of the disk.
class FakeJournal {
 public:
  // The record that `box` writes next in `epoch`.
  void Append(char box, uint64_t epoch, size_t payload_bytes);
  // As it came from a peer, which has been checked to follow.
  void AppendBytes(const std::string& record);
  void Truncate(size_t size) { records_.resize(size); }
  // Everything up to here is known only by a snapshot.
  void StartAt(const Cursor& base) { base_ = base; }

  Cursor head() const;
  const Cursor& base() const { return base_; }
  size_t size() const { return records_.size(); }

  //   NOT_FOUND  no such place
  absl::StatusOr<std::string> HashAt(uint64_t epoch, uint64_t seq) const;

  // Serialised, after `after`, until `bytes_max`; at least one if there is one.
  std::vector<std::string> ReadAfter(const Cursor& after,
                                     size_t bytes_max) const;

 private:
  Cursor base_;
  std::vector<v1::Record> records_;
};

Cursor CursorOfBytes(const std::string& record);
std::string FakeHash(char box, uint64_t epoch, uint64_t seq);

}  // namespace branchline

#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace branchline {

// Small records as files of one directory that survive a power cut whole: each
// is replaced by rename, and file and directory are synced. For print jobs and
// payments. One thread at a time, one user per directory.
class RecordFolder {
 public:
  static constexpr size_t kRecordSizeMax = 4 << 20;  // bytes

  // Files are called <name><suffix>; `suffix` is ".job".
  RecordFolder(std::string dir, std::string suffix)
      : dir_(std::move(dir)), suffix_(std::move(suffix)) {}

  // Makes the directory if it is not there; the one above it must be.
  //
  //   NOT_FOUND, PERMISSION_DENIED  it cannot be made
  absl::Status Make() const;

  // Calls `on_record` with each file's path and bytes, in any order; ends with
  // the first error, its own or `on_record`'s. What a crash left of an
  // unfinished write is passed over.
  //
  //   DATA_LOSS  a file cannot be read or is longer than kRecordSizeMax
  absl::Status Load(absl::FunctionRef<absl::Status(const std::string& path,
                                                   const std::string& bytes)>
                        on_record) const;

  // OK: it is on disk, whole.
  //   RESOURCE_EXHAUSTED, DATA_LOSS  it may not be; the one before may stand
  absl::Status Save(absl::string_view name, absl::string_view bytes) const;

  // Does nothing if there is none.
  absl::Status Remove(absl::string_view name) const;

 private:
  std::string PathOf(absl::string_view name) const;
  absl::Status SyncDir() const;

  std::string dir_;
  std::string suffix_;
};

}  // namespace branchline

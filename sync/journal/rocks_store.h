#pragma once

#include <cstddef>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "sync/journal/store.h"

namespace rocksdb {
class Env;
}  // namespace rocksdb

namespace branchline {

// A Store on RocksDB: one column family a table. Settings and why they are as
// they are: docs/ON_DISK.md.
struct RocksStoreOptions {
  std::string dir;         // made if it is not there, mode 0700
  bool read_only = false;  // may be open in a daemon at the same time
  size_t cache_bytes = 24 << 20;
  size_t write_buffer_bytes = 24 << 20;
  // Not owned, must outlive the store; nullptr: the machine's. Tests pass one
  // that fails.
  rocksdb::Env* env = nullptr;
};

//   FAILED_PRECONDITION  open in another process, or written by a newer version
//   NOT_FOUND            read_only, and there is nothing
//   DATA_LOSS            damaged: names the file and what to do
//   RESOURCE_EXHAUSTED   the disk is full
absl::StatusOr<std::unique_ptr<Store>> OpenRocksStore(
    const RocksStoreOptions& options);

}  // namespace branchline

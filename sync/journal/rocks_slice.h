#pragma once

#include <rocksdb/slice.h>

#include "absl/strings/string_view.h"

namespace branchline {

// RocksDB's view of bytes as ours. Owned by whoever owns the slice's bytes.
inline absl::string_view View(const rocksdb::Slice& slice) {
  return absl::string_view(slice.data(), slice.size());
}

}  // namespace branchline

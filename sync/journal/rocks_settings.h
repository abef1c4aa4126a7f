#pragma once

#include <rocksdb/options.h>

#include <cstddef>
#include <memory>

#include "sync/journal/store.h"

namespace branchline {

// How RocksDB is set up. Why it is so: docs/ON_DISK.md.
std::shared_ptr<rocksdb::Cache> RocksCache(size_t bytes);
rocksdb::ColumnFamilyOptions RocksTableOptions(
    Table table, const std::shared_ptr<rocksdb::Cache>& cache);
// `env` must outlive the database.
rocksdb::DBOptions RocksDbOptions(size_t write_buffer_bytes, rocksdb::Env* env);

}  // namespace branchline

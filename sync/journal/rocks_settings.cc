#include "sync/journal/rocks_settings.h"

#include <rocksdb/cache.h>
#include <rocksdb/filter_policy.h>
#include <rocksdb/slice_transform.h>
#include <rocksdb/table.h>

#include "sync/journal/cell_merge.h"

namespace branchline {

std::shared_ptr<rocksdb::Cache> RocksCache(size_t bytes) {
  // In few shards: one that is smaller than the filter of a file never keeps
  // it, and then every look-up reads a megabyte.
  constexpr int kShardBits = 2;
  return rocksdb::NewLRUCache(bytes, kShardBits);
}

rocksdb::ColumnFamilyOptions RocksTableOptions(
    Table table, const std::shared_ptr<rocksdb::Cache>& cache) {
  rocksdb::BlockBasedTableOptions block;
  block.block_cache = cache;
  block.cache_index_and_filter_blocks = true;
  block.format_version = 5;
  if (table != Table::kJournal) {  // whose keys are looked up to be found
    block.filter_policy.reset(rocksdb::NewBloomFilterPolicy(10));
  }
  rocksdb::ColumnFamilyOptions options;
  options.table_factory.reset(rocksdb::NewBlockBasedTableFactory(block));
  options.compression = rocksdb::kLZ4Compression;
  options.write_buffer_size = 8 << 20;
  options.max_write_buffer_number = 3;
  if (table == Table::kLocal) {
    // Every sale asks for its command id, which is nearly always new.
    options.memtable_whole_key_filtering = true;
    options.memtable_prefix_bloom_size_ratio = 0.05;
  }
  if (table == Table::kBooks) {
    options.merge_operator = NewCellMergeOperator();
  }
  // Records, command ids and receipt numbers grow, and the sums of many sales
  // are written in the order of their keys: the next key of a kind goes beside
  // the last one.
  options.memtable_insert_with_hint_prefix_extractor.reset(
      rocksdb::NewFixedPrefixTransform(1));
  return options;
}

rocksdb::DBOptions RocksDbOptions(size_t write_buffer_bytes,
                                  rocksdb::Env* env) {
  rocksdb::DBOptions db;
  db.env = env;
  db.create_if_missing = true;
  db.create_missing_column_families = true;
  // The default opened "OK" with half of the synced batches after one flipped
  // byte; absolute consistency does not open after an ordinary torn tail.
  db.wal_recovery_mode =
      rocksdb::WALRecoveryMode::kTolerateCorruptedTailRecords;
  db.track_and_verify_wals_in_manifest = false;  // races in 7.8
  db.db_write_buffer_size = write_buffer_bytes;
  db.max_total_wal_size = 64 << 20;
  db.max_background_jobs = 2;
  db.max_open_files = 256;
  db.allow_concurrent_memtable_write = false;  // one committer; takes no hints
  db.keep_log_file_num = 2;
  db.info_log_level = rocksdb::WARN_LEVEL;
  db.max_log_file_size = 1 << 20;
  return db;
}

}  // namespace branchline

#pragma once

#include <memory>

namespace rocksdb {
class MergeOperator;
}  // namespace rocksdb

namespace branchline {

// Adds cells (see Cell) field by field inside RocksDB, so that a sale writes
// its sums without reading them first. Associative and commutative.
std::shared_ptr<rocksdb::MergeOperator> NewCellMergeOperator();

}  // namespace branchline

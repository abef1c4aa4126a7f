#include "sync/journal/cell_merge.h"

#include <rocksdb/merge_operator.h>
#include <rocksdb/slice.h>

#include <string>

#include "sync/journal/rocks_slice.h"
#include "sync/ledger/cell.h"

namespace branchline {
namespace {

// RocksDB takes `false` as corruption of the key, and reads of it fail.
class CellMergeOperator final : public rocksdb::MergeOperator {
 public:
  bool FullMergeV2(const MergeOperationInput& input,
                   MergeOperationOutput* output) const override {
    Cell sum;
    if (input.existing_value != nullptr &&
        !Cell::Decode(View(*input.existing_value), &sum).ok()) {
      return false;
    }
    for (const rocksdb::Slice& operand : input.operand_list) {
      Cell delta;
      if (!Cell::Decode(View(operand), &delta).ok()) return false;
      sum.Merge(delta);
    }
    output->new_value = sum.Encode();
    return true;
  }

  bool PartialMergeMulti(const rocksdb::Slice&,
                         const std::deque<rocksdb::Slice>& operands,
                         std::string* merged, rocksdb::Logger*) const override {
    Cell sum;
    for (const rocksdb::Slice& operand : operands) {
      Cell delta;
      if (!Cell::Decode(View(operand), &delta).ok()) return false;
      sum.Merge(delta);
    }
    *merged = sum.Encode();
    return true;
  }

  const char* Name() const override { return "branchline.cell.1"; }
};

}  // namespace

std::shared_ptr<rocksdb::MergeOperator> NewCellMergeOperator() {
  return std::make_shared<CellMergeOperator>();
}

}  // namespace branchline

#pragma once

#include <memory>

namespace rocksdb {
class FileSystem;
}  // namespace rocksdb

namespace branchline {

// `base` with write-ahead logs that have zeros behind their end. A batch is
// then written over them, and its sync need not also write what the file system
// keeps of the file, new blocks and a new size, which takes as long again.
//
// The logs that are there are surveyed once, when the first of them is opened
// to be read; they are shown without what stands behind the last whole record,
// and a damaged one is not opened at all. So one of these serves one open of a
// ledger. `beside_a_writer`: another process may be writing them meanwhile.
std::shared_ptr<rocksdb::FileSystem> NewWalFileSystem(
    std::shared_ptr<rocksdb::FileSystem> base, bool beside_a_writer);

}  // namespace branchline

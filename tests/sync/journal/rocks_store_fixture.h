#pragma once

#include <gtest/gtest.h>
#include <stdlib.h>

#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "sync/journal/rocks_store.h"

namespace branchline {

namespace fs = std::filesystem;

// A store in a directory of its own, and what is done to its files behind its
// back.
class RocksStoreTest : public ::testing::Test {
 protected:
  RocksStoreTest() {
    std::string name = (fs::temp_directory_path() / "bl_store_XXXXXX").string();
    root_ = mkdtemp(name.data());
    dir_ = root_;
  }
  ~RocksStoreTest() override {
    store_.reset();
    fs::remove_all(root_);
  }

  absl::Status Open(rocksdb::Env* env = nullptr) {
    store_.reset();
    RocksStoreOptions options;
    options.dir = dir_;
    options.env = env;
    auto store = OpenRocksStore(options);
    if (!store.ok()) return store.status();
    store_ = *std::move(store);
    return absl::OkStatus();
  }

  // One commit that touches every table.
  absl::Status Put(const std::string& key) {
    WriteSet writes;
    writes.Put(Table::kJournal, "j" + key, std::string(500, 'r'));
    writes.Put(Table::kDocs, "i" + key, "doc");
    writes.Put(Table::kLocal, "b" + key, "local");
    Cell cell;
    cell.Add("q", 1);
    writes.Add("k", cell);
    return store_->Commit(writes);
  }

  std::vector<fs::path> Files(const std::string& extension) const {
    std::vector<fs::path> files;
    for (const auto& entry : fs::directory_iterator(dir_)) {
      if (entry.path().extension() == extension &&
          fs::file_size(entry.path()) > 0) {
        files.push_back(entry.path());
      }
    }
    return files;
  }

  static void FlipByte(const fs::path& path, uintmax_t at) {
    std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
    file.seekg(static_cast<std::streamoff>(at));
    const int byte = file.get();
    file.seekp(static_cast<std::streamoff>(at));
    file.put(static_cast<char>(byte ^ 0x10));
  }

  std::string root_;
  std::string dir_;  // of the store
  std::unique_ptr<Store> store_;
};

}  // namespace branchline

#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "sync/journal/store.h"

namespace branchline {

// Hands every call on to another Store, which outlives it: the base of those
// that count, slow down or fail some of them.
class ForwardingStore : public Store {
 public:
  explicit ForwardingStore(Store* store) : store_(*store) {}

  absl::Status Commit(const WriteSet& writes) override {
    return store_.Commit(writes);
  }
  absl::Status CommitUnsynced(const WriteSet& writes) override {
    return store_.CommitUnsynced(writes);
  }
  absl::StatusOr<std::optional<std::string>> Get(
      Table table, absl::string_view key) const override {
    return store_.Get(table, key);
  }
  absl::StatusOr<std::vector<std::optional<std::string>>> MultiGet(
      Table table, const std::vector<std::string>& keys) const override {
    return store_.MultiGet(table, keys);
  }
  absl::Status Scan(
      Table table, absl::string_view from, absl::string_view to,
      absl::FunctionRef<bool(absl::string_view, absl::string_view)> visit)
      const override {
    return store_.Scan(table, from, to, visit);
  }
  absl::StatusOr<std::optional<std::pair<std::string, std::string>>> Last(
      Table table, absl::string_view from,
      absl::string_view to) const override {
    return store_.Last(table, from, to);
  }
  absl::Status Clear(Table table) override { return store_.Clear(table); }
  absl::StatusOr<CommitNumbers> ReadCommitNumbers() const override {
    return store_.ReadCommitNumbers();
  }
  absl::Status AlignCommitNumbers() override {
    return store_.AlignCommitNumbers();
  }

 private:
  Store& store_;
};

}  // namespace branchline

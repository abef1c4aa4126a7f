#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"
#include "hub/storage/hub_store.h"
#include "sync/journal/store.h"

namespace branchline {

// The chain in one key-value store on this machine's disk: the hub's default.
// Streams, books and docs as in sync/journal and sync/ledger; beside them in
// the local table:
//
//   B <branch>            v1::BoxState
//   T <secret's hash:32>  v1::TokenState
//
// A stream's end is read from its last record. Those of streams that were
// written since the start are remembered, from one commit to the next, and
// forgotten when a commit fails.
//
// Safe for concurrent use; ApplyMany() calls wait for each other. `store` has
// been through RebuildIfNeeded(), outlives this, and is written by nobody else.
class KvHubStore final : public HubStore {
 public:
  explicit KvHubStore(Store* store) : store_(*store) {}

  absl::StatusOr<std::vector<HubApplied>> ApplyMany(
      const std::vector<HubApply*>& applies) override
      ABSL_LOCKS_EXCLUDED(commit_mutex_);

  absl::StatusOr<std::vector<Cursor>> ReadCursors(
      const std::vector<std::string>& streams) const override;
  absl::StatusOr<std::string> ReadHash(absl::string_view stream, uint64_t epoch,
                                       uint64_t seq) const override;
  absl::StatusOr<std::vector<std::string>> ReadRecords(
      absl::string_view stream, const Cursor& after,
      size_t bytes_max) const override;
  absl::StatusOr<std::vector<v1::Checkpoint>> ReadCheckpoints(
      absl::string_view stream, const Cursor& after,
      const Cursor& to) const override;
  absl::StatusOr<std::optional<v1::Checkpoint>> ReadLastCheckpoint(
      absl::string_view stream) const override;
  absl::StatusOr<std::vector<std::string>> ListStreams() const override;

  absl::Status ReadDays(
      const std::vector<std::string>& branches, Date from, Date to,
      absl::FunctionRef<absl::Status(const DayFigures&)> visit) const override;
  absl::Status ReadSkuDays(
      const std::vector<std::string>& branches, Date from, Date to,
      absl::FunctionRef<absl::Status(const DayFigures&)> visit) const override;
  absl::Status ReadStock(
      const std::vector<std::string>& branches, absl::string_view sku,
      absl::FunctionRef<absl::Status(const StockFigure&)> visit) const override;
  absl::StatusOr<Cell> ReadBalance(absl::string_view owner,
                                   absl::string_view unit) const override;

  absl::StatusOr<std::vector<std::optional<v1::Item>>> ReadItems(
      const std::vector<std::string>& skus) const override;
  absl::StatusOr<std::vector<std::optional<v1::Price>>> ReadPrices(
      const std::vector<std::pair<std::string, std::string>>& keys)
      const override;
  absl::StatusOr<std::vector<std::vector<std::string>>> ReadCodeSkus(
      const std::vector<std::string>& codes) const override;
  absl::StatusOr<std::vector<v1::Item>> ListItems(absl::string_view after_sku,
                                                  size_t max) const override;
  absl::StatusOr<std::vector<v1::Price>> ListPricesOf(
      absl::string_view sku) const override;
  absl::StatusOr<std::vector<v1::Staff>> ListStaff(absl::string_view after_id,
                                                   size_t max) const override;
  absl::StatusOr<std::vector<v1::UnknownCode>> ReadUnknownCodes(
      absl::string_view branch) const override;
  absl::StatusOr<std::optional<v1::Branch>> ReadBranch(
      absl::string_view code) const override;
  absl::StatusOr<std::vector<v1::Branch>> ReadBranches() const override;
  absl::StatusOr<v1::StaffParts> ReadStaffParts(
      absl::string_view id) const override;
  absl::StatusOr<v1::PublishRequest> ReadPublished() const override;
  absl::StatusOr<std::vector<std::optional<v1::ListPrice>>> ReadListPrices(
      absl::string_view list_id,
      const std::vector<std::string>& skus) const override;
  absl::StatusOr<std::optional<v1::DevicesSet>> ReadDevices(
      absl::string_view branch) const override;
  absl::StatusOr<std::optional<v1::Staff>> ReadStaff(
      absl::string_view id) const override;
  absl::StatusOr<DaysReached> ReadDaysReached(
      absl::string_view branch) const override;
  absl::StatusOr<std::vector<v1::LateState>> ReadLate(
      absl::string_view branch) const override;
  absl::Status ReadRestated(
      const std::vector<std::string>& branches, Date from, Date to,
      absl::FunctionRef<absl::Status(const DayFigures&)> visit) const override;
  absl::StatusOr<std::vector<std::optional<v1::Member>>> ReadMembers(
      const std::vector<std::string>& ids) const override;
  absl::StatusOr<std::vector<ReturnedAway>> ReadReturnedAway(
      absl::string_view branch, size_t max) const override;
  absl::StatusOr<std::vector<ExceptionRow>> ReadExceptions(
      absl::string_view branch, size_t max) const override;
  absl::Status ReadChainRegisters(
      absl::FunctionRef<absl::Status(absl::string_view key,
                                     absl::string_view value)>
          visit) const override;

  absl::StatusOr<std::optional<v1::BoxState>> ReadBox(
      absl::string_view branch) const override;
  absl::StatusOr<std::optional<v1::TokenState>> ReadToken(
      absl::string_view secret_hash) const override;

 private:
  struct Batch;

  absl::StatusOr<Cursor> ReadCursor(absl::string_view stream) const
      ABSL_LOCKS_EXCLUDED(cursors_mutex_);
  // What `apply` expects and does not find, in words; empty: all holds.
  absl::StatusOr<std::string> Check(const HubApply& apply, Batch* batch) const;
  void Take(HubApply* apply, Batch* batch) const;

  Store& store_;

  absl::Mutex commit_mutex_;  // before cursors_mutex_
  mutable absl::Mutex cursors_mutex_;
  absl::flat_hash_map<std::string, Cursor> cursors_
      ABSL_GUARDED_BY(cursors_mutex_);
};

}  // namespace branchline

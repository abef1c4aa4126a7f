#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "branchline/v1/chain.pb.h"
#include "branchline/v1/device.pb.h"
#include "branchline/v1/event.pb.h"
#include "branchline/v1/master.pb.h"
#include "branchline/v1/record.pb.h"
#include "branchline/v1/state.pb.h"
#include "hub/storage/hub_apply.h"
#include "sync/base/cursor.h"
#include "sync/base/date.h"
#include "sync/ledger/cell.h"

namespace branchline {

// A day's figures of a branch, or of one SKU there; fields as in
// books::Field().
struct DayFigures {
  std::string branch;
  Date date = 0;
  std::string sku;  // empty: the whole day
  Cell cell;
};

struct StockFigure {
  std::string branch;
  std::string sku;
  __int128 on_hand_milli = 0;
};

// A record that was put aside or is newer than this program.
// A receipt of which goods came back elsewhere.
struct ReturnedAway {
  std::string sold_by;
  std::string receipt_no;
  std::optional<v1::Sale> sale;  // not there: it has not come here yet
  uint64_t epoch = 0;            // where it stands
  uint64_t seq = 0;
  // Branches that took goods back, the seller among them if it did, in order
  // of their codes, and how much of each line: in thousandths, by its index.
  std::vector<std::pair<std::string, std::map<uint32_t, int64_t>>> returned;
};

struct ExceptionRow {
  std::string stream;
  uint64_t epoch = 0;
  uint64_t seq = 0;
  std::string what;  // starts with kAsidePrefix or kNewerPrefix
};

// How far a branch's business days have come.
struct DaysReached {
  Date open_date = 0;    // 0: no day is open
  Date sealed_date = 0;  // the last sealed; 0: none
};

// Where the hub keeps the chain: streams, sums, registers, boxes and tokens.
// The one place with authority; nothing above it remembers what it could not
// read here again. Every call is one round trip that a database could serve, so
// that several hubs can share one later.
//
// Safe for concurrent use. Any call:
//
//   DATA_LOSS           storage is damaged: stop
//   RESOURCE_EXHAUSTED  (ApplyMany) it is full: stop
//   UNAVAILABLE         storage cannot be reached: try again
class HubStore {
 public:
  virtual ~HubStore() = default;

  // --- Changes ---

  // Does all of `applies` in one synced transaction, in order, each as if it
  // were alone: one whose expectations do not hold is left out and reported,
  // with its contents untouched; those that were applied are used up. After an
  // error nobody knows which of them are stored: stop, and look again.
  virtual absl::StatusOr<std::vector<HubApplied>> ApplyMany(
      const std::vector<HubApply*>& applies) = 0;

  // --- Streams ---

  // Where each of `streams` ends.
  virtual absl::StatusOr<std::vector<Cursor>> ReadCursors(
      const std::vector<std::string>& streams) const = 0;
  // The hash of the record at a place; seq 0: with which the epoch starts.
  //   NOT_FOUND  no such record here
  virtual absl::StatusOr<std::string> ReadHash(absl::string_view stream,
                                               uint64_t epoch,
                                               uint64_t seq) const = 0;
  // Stored bytes after `after`, across epochs, until `bytes_max` is passed (at
  // least one record, if there is one).
  virtual absl::StatusOr<std::vector<std::string>> ReadRecords(
      absl::string_view stream, const Cursor& after,
      size_t bytes_max) const = 0;
  // Those after `after` up to and at `to`.
  virtual absl::StatusOr<std::vector<v1::Checkpoint>> ReadCheckpoints(
      absl::string_view stream, const Cursor& after,
      const Cursor& to) const = 0;
  virtual absl::StatusOr<std::optional<v1::Checkpoint>> ReadLastCheckpoint(
      absl::string_view stream) const = 0;
  virtual absl::StatusOr<std::vector<std::string>> ListStreams() const = 0;

  // --- Sums. Visited in order of branch, date and SKU. ---

  virtual absl::Status ReadDays(
      const std::vector<std::string>& branches, Date from, Date to,
      absl::FunctionRef<absl::Status(const DayFigures&)> visit) const = 0;
  virtual absl::Status ReadSkuDays(
      const std::vector<std::string>& branches, Date from, Date to,
      absl::FunctionRef<absl::Status(const DayFigures&)> visit) const = 0;
  // `sku` empty: all.
  virtual absl::Status ReadStock(
      const std::vector<std::string>& branches, absl::string_view sku,
      absl::FunctionRef<absl::Status(const StockFigure&)> visit) const = 0;
  virtual absl::StatusOr<Cell> ReadBalance(absl::string_view owner,
                                           absl::string_view unit) const = 0;

  // --- Registers. nullopt where there is none. ---

  virtual absl::StatusOr<std::vector<std::optional<v1::Item>>> ReadItems(
      const std::vector<std::string>& skus) const = 0;
  // By (SKU, currency).
  virtual absl::StatusOr<std::vector<std::optional<v1::Price>>> ReadPrices(
      const std::vector<std::pair<std::string, std::string>>& keys) const = 0;
  // The SKUs that each code was ever given to, in any of its forms; whether an
  // item still has it, the item says.
  virtual absl::StatusOr<std::vector<std::vector<std::string>>> ReadCodeSkus(
      const std::vector<std::string>& codes) const = 0;
  // The catalogue after `after_sku`, in order, at most `max` items.
  virtual absl::StatusOr<std::vector<v1::Item>> ListItems(
      absl::string_view after_sku, size_t max) const = 0;
  // The catalogue's own prices of a SKU.
  virtual absl::StatusOr<std::vector<v1::Price>> ListPricesOf(
      absl::string_view sku) const = 0;
  // Sold under an open department; `branch` empty: by all.
  virtual absl::StatusOr<std::vector<v1::UnknownCode>> ReadUnknownCodes(
      absl::string_view branch) const = 0;
  virtual absl::StatusOr<std::optional<v1::Branch>> ReadBranch(
      absl::string_view code) const = 0;
  virtual absl::StatusOr<std::vector<v1::Branch>> ReadBranches() const = 0;
  // A page in the order of their numbers, `after_id` excluded.
  virtual absl::StatusOr<std::vector<v1::Staff>> ListStaff(
      absl::string_view after_id, size_t max) const = 0;
  // Name and PIN hash; empty if there is nobody, or they were erased.
  virtual absl::StatusOr<v1::StaffParts> ReadStaffParts(
      absl::string_view id) const = 0;
  // What the branches sell by, as it was published last; without list prices.
  virtual absl::StatusOr<v1::PublishRequest> ReadPublished() const = 0;
  // In the order of `skus`; nullopt: the list has none.
  virtual absl::StatusOr<std::vector<std::optional<v1::ListPrice>>>
  ReadListPrices(absl::string_view list_id,
                 const std::vector<std::string>& skus) const = 0;
  // In the order of `ids`; nullopt: there is none.
  virtual absl::StatusOr<std::vector<std::optional<v1::Member>>> ReadMembers(
      const std::vector<std::string>& ids) const = 0;
  virtual absl::StatusOr<std::optional<v1::DevicesSet>> ReadDevices(
      absl::string_view branch) const = 0;
  virtual absl::StatusOr<std::optional<v1::Staff>> ReadStaff(
      absl::string_view id) const = 0;
  virtual absl::StatusOr<DaysReached> ReadDaysReached(
      absl::string_view branch) const = 0;
  // As the branch told them, in order of epoch; `approved` says what the hub
  // decided since, `taken_in` how many of the records came.
  virtual absl::StatusOr<std::vector<v1::LateState>> ReadLate(
      absl::string_view branch) const = 0;
  // Of one branch, or of every stream if `branch` is empty; at most `max`.
  virtual absl::StatusOr<std::vector<ExceptionRow>> ReadExceptions(
      absl::string_view branch, size_t max) const = 0;

  // What reached days of [from, to] after their seals, a cell for each date and
  // date of posting; fields as in books::Field(), `sku` empty.
  virtual absl::Status ReadRestated(
      const std::vector<std::string>& branches, Date from, Date to,
      absl::FunctionRef<absl::Status(const DayFigures&)> visit) const = 0;

  // Receipts of which goods came back at another branch than sold them, with
  // `branch` as either (empty: any): at most `max`.
  virtual absl::StatusOr<std::vector<ReturnedAway>> ReadReturnedAway(
      absl::string_view branch, size_t max) const = 0;

  // Every register that `chain` has written, as a follower installs them.
  // Consistent with a cursor only while nobody appends to `chain`.
  virtual absl::Status ReadChainRegisters(
      absl::FunctionRef<absl::Status(absl::string_view key,
                                     absl::string_view value)>
          visit) const = 0;

  // --- Boxes and tokens ---

  virtual absl::StatusOr<std::optional<v1::BoxState>> ReadBox(
      absl::string_view branch) const = 0;
  virtual absl::StatusOr<std::optional<v1::TokenState>> ReadToken(
      absl::string_view secret_hash) const = 0;
};

}  // namespace branchline

#pragma once

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "branchline/v1/device.pb.h"
#include "branchline/v1/event.pb.h"
#include "branchline/v1/record.pb.h"
#include "branchline/v1/till.pb.h"
#include "edge/commit/lagging_books.h"
#include "edge/receipt/paper.h"
#include "edge/receipt/receipt_code.h"
#include "edge/receipt/receipt_model.h"
#include "sync/journal/store.h"

namespace branchline {

// One paper that a record of the journal gives out by itself: a receipt, real
// or of training; a Z; the settlement of a Z.
struct IssuedPaper {
  v1::Event event;   // of its record
  std::string hash;  // of its record
  // What the print queues know it by: the number of the receipt or of the Z; of
  // a settlement "<Z number>/<epoch>.<seq>" of the count.
  std::string id;
  std::string till;  // whose printer it is for
};

// The papers of a record, in the order in which they are handed out: of a
// seal, the Z of each shift that it closed; of most records, none. Not of late
// ones: their papers came out at the box that was lost. Pure.
std::vector<IssuedPaper> PapersOf(const v1::Record& record);

// Papers from a branch's journal. Any thread; `store` and `books`, which
// knows where each stands, outlive it.
class ReceiptSource {
 public:
  // Whether `staff` is to be shown no expected figures.
  using CountsBlind =
      std::function<absl::StatusOr<bool>(const std::string& staff)>;

  // `signer` makes the receipts' codes; null: they are number and hash alone.
  ReceiptSource(const Store* store, const LaggingBooks* books,
                std::string branch, std::string branch_name,
                absl::TimeZone time_zone, const ReceiptSigner* signer = nullptr,
                CountsBlind counts_blind = nullptr)
      : store_(*store),
        books_(*books),
        branch_(std::move(branch)),
        branch_name_(std::move(branch_name)),
        time_zone_(time_zone),
        signer_(signer),
        counts_blind_(std::move(counts_blind)) {}

  // By what the queues know it by.
  //
  //   NOT_FOUND  this branch gave out no such paper
  //   DATA_LOSS  the journal cannot be read
  absl::StatusOr<IssuedPaper> Find(absl::string_view id) const;

  // Of a receipt. See BuildReceipt().
  absl::StatusOr<ReceiptModel> Build(const IssuedPaper& receipt,
                                     const v1::ReceiptText& text) const;

  // What goes to a printer. A Z says no more than `reader` may see.
  absl::StatusOr<DrawnPaper> Draw(const IssuedPaper& paper,
                                  const v1::ReceiptText& text,
                                  const std::string& reader) const;
  // An X, a Z or a settlement of this branch.
  absl::StatusOr<DrawnPaper> DrawShift(const v1::ShiftReport& report,
                                       const v1::ReceiptText& text,
                                       absl::Time at) const;

  // What the item is called in `language`; its SKU if nobody knows it.
  std::string NameOf(const std::string& sku, absl::string_view language) const;

  absl::TimeZone time_zone() const { return time_zone_; }

 private:
  // The record at a row that says where a paper stands, of a late one the
  // original.
  absl::StatusOr<v1::Record> RecordAt(absl::string_view row,
                                      absl::string_view id) const;
  absl::StatusOr<v1::Record> RecordOf(absl::string_view id) const;

  const Store& store_;
  const LaggingBooks& books_;
  const std::string branch_;
  const std::string branch_name_;
  const absl::TimeZone time_zone_;
  const ReceiptSigner* const signer_;
  const CountsBlind counts_blind_;
};

// The till of "S014-T2-1-000123" or "S014-T2-1-Z000007": a branch's name may
// hold dashes, a till's may not. Empty if it is no such number.
absl::string_view TillOfPaper(absl::string_view id);

}  // namespace branchline

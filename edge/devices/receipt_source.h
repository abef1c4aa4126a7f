#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "branchline/v1/device.pb.h"
#include "branchline/v1/event.pb.h"
#include "edge/commit/lagging_books.h"
#include "edge/receipt/receipt_code.h"
#include "edge/receipt/receipt_model.h"
#include "sync/journal/store.h"

namespace branchline {

// A sale or return, real or of training, as the journal has it.
struct IssuedReceipt {
  v1::Event event;
  std::string hash;  // of its record

  const std::string& receipt_no() const {
    const v1::TrainingReceipt& training = event.training_receipt();
    if (training.has_sale()) return training.sale().receipt_no();
    if (training.has_return_()) return training.return_().receipt_no();
    return event.has_sale() ? event.sale().receipt_no()
                            : event.return_().receipt_no();
  }
};

// Receipts from a branch's journal. Any thread; `store` and `books`, which
// knows where each stands, outlive it.
class ReceiptSource {
 public:
  // `signer` makes the receipts' codes; null: they are number and hash alone.
  ReceiptSource(const Store* store, const LaggingBooks* books,
                std::string branch, std::string branch_name,
                absl::TimeZone time_zone, const ReceiptSigner* signer = nullptr)
      : store_(*store),
        books_(*books),
        branch_(std::move(branch)),
        branch_name_(std::move(branch_name)),
        time_zone_(time_zone),
        signer_(signer) {}

  //   NOT_FOUND  no such receipt of this branch
  //   DATA_LOSS  the journal cannot be read
  absl::StatusOr<IssuedReceipt> Find(absl::string_view receipt_no) const;

  // See BuildReceipt().
  absl::StatusOr<ReceiptModel> Build(const IssuedReceipt& receipt,
                                     const v1::ReceiptText& text) const;

  absl::TimeZone time_zone() const { return time_zone_; }

 private:
  const Store& store_;
  const LaggingBooks& books_;
  const std::string branch_;
  const std::string branch_name_;
  const absl::TimeZone time_zone_;
  const ReceiptSigner* const signer_;
};

// The till of "S014-T2-1-000123": a branch's name may hold dashes, a till's may
// not. Empty if it is no receipt number.
absl::string_view TillOfReceipt(absl::string_view receipt_no);

}  // namespace branchline

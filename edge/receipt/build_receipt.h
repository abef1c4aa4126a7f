#pragma once

#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "branchline/v1/device.pb.h"
#include "branchline/v1/event.pb.h"
#include "branchline/v1/master.pb.h"
#include "edge/receipt/receipt_code.h"
#include "edge/receipt/receipt_model.h"

namespace branchline {

// What stands on a receipt beside the event.
struct ReceiptContext {
  absl::string_view branch_name;
  absl::TimeZone time_zone;
  const v1::ReceiptText& text;
  absl::string_view record_hash;  // of the event's record, for the code
  // The item of a SKU, or null if the catalogue has lost it since.
  absl::FunctionRef<const v1::Item*(absl::string_view sku)> item;
  // Signs the code; null: the code is the number and the hash alone.
  const ReceiptSigner* signer = nullptr;
};

// What an item is called in a language: its SKU if it has no name.
std::string ItemNameIn(const v1::Item& item, absl::string_view language);

// The receipt of `event`, a sale or a return, real or of training, from what it
// holds alone: printed next year it says the same. Names of goods are as the
// catalogue has them now. Pure.
//
//   INVALID_ARGUMENT  neither a sale nor a return, or of no known currency
absl::StatusOr<ReceiptModel> BuildReceipt(const v1::Event& event,
                                          const ReceiptContext& context);

}  // namespace branchline

#include "edge/devices/receipt_source.h"

#include <map>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "branchline/v1/state.pb.h"
#include "edge/receipt/build_receipt.h"
#include "sync/base/status_macros.h"
#include "sync/journal/journal.h"
#include "sync/ledger/keys.h"

namespace branchline {

absl::StatusOr<IssuedReceipt> ReceiptSource::Find(
    absl::string_view receipt_no) const {
  BL_ASSIGN_OR_RETURN(
      auto row, books_.Get(Table::kDocs, docs::Receipt(branch_, receipt_no)));
  if (!row.has_value()) {
    BL_ASSIGN_OR_RETURN(
        row,
        store_.Get(Table::kDocs, docs::TrainingReceipt(branch_, receipt_no)));
  }
  if (!row.has_value()) {
    return absl::NotFoundError(
        absl::StrCat("no receipt ", receipt_no.substr(0, 64), " of ", branch_));
  }
  v1::ReceiptAt at;
  if (!at.ParseFromString(*row)) {
    return absl::DataLossError(
        absl::StrCat("the row of receipt ", receipt_no, " is damaged"));
  }
  BL_ASSIGN_OR_RETURN(
      const v1::Record record,
      ReadRecord(store_, EdgeStream(branch_), at.epoch(), at.seq()));
  IssuedReceipt receipt;
  receipt.hash = record.hash();
  if (!receipt.event.ParseFromString(record.payload())) {
    return absl::DataLossError(
        absl::StrCat("the record of receipt ", receipt_no, " is damaged"));
  }
  if (receipt.event.has_late_record()) {
    // A copy of the original, which was given out under its own hash.
    const v1::Record late = receipt.event.late_record().record();
    receipt.hash = late.hash();
    if (!receipt.event.ParseFromString(late.payload())) {
      return absl::DataLossError(absl::StrCat("the late record of receipt ",
                                              receipt_no, " is damaged"));
    }
  }
  return receipt;
}

absl::StatusOr<ReceiptModel> ReceiptSource::Build(
    const IssuedReceipt& receipt, const v1::ReceiptText& text) const {
  std::map<std::string, v1::Item> items;
  const auto item = [&](absl::string_view sku) -> const v1::Item* {
    const auto [it, is_new] = items.try_emplace(std::string(sku));
    if (is_new) {
      const auto bytes = store_.Get(Table::kDocs, docs::Item(sku));
      if (bytes.ok() && bytes->has_value()) it->second.ParseFromString(**bytes);
    }
    return it->second.sku().empty() ? nullptr : &it->second;
  };
  return BuildReceipt(receipt.event, {branch_name_, time_zone_, text,
                                      receipt.hash, item, signer_});
}

absl::string_view TillOfReceipt(absl::string_view receipt_no) {
  const std::vector<absl::string_view> parts = absl::StrSplit(receipt_no, '-');
  if (parts.size() < 4) return "";
  return parts[parts.size() - 3];
}

}  // namespace branchline

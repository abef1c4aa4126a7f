#include "edge/commit/ledger_view.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "sync/base/bytes.h"
#include "sync/base/status_macros.h"
#include "sync/journal/journal.h"
#include "sync/journal/record.h"
#include "sync/ledger/keys.h"

namespace branchline {
namespace {

// A step over a receipt may leave out a line or a few.
constexpr size_t kFoundAhead = 4;

template <typename Message>
absl::StatusOr<std::optional<Message>> Read(const Pending& pending, Table table,
                                            absl::string_view key,
                                            absl::string_view what) {
  BL_ASSIGN_OR_RETURN(const auto bytes, pending.Get(table, key));
  if (!bytes.has_value()) return std::optional<Message>();
  std::optional<Message> message(std::in_place);
  if (!message->ParseFromString(*bytes)) {
    return absl::DataLossError(absl::StrCat(what, " is damaged in the ledger"));
  }
  return message;
}

}  // namespace

absl::StatusOr<v1::Event> OriginalOf(v1::Event event) {
  if (event.has_training_receipt()) {
    v1::TrainingReceipt training = std::move(*event.mutable_training_receipt());
    if (training.has_sale()) {
      *event.mutable_sale() = std::move(*training.mutable_sale());
    } else if (training.has_return_()) {
      *event.mutable_return_() = std::move(*training.mutable_return_());
    } else {
      *event.mutable_basket_cancelled() = training.basket_cancelled();
    }
    return event;
  }
  if (!event.has_late_record()) return event;
  v1::Event original;
  if (!original.ParseFromString(event.late_record().record().payload())) {
    return absl::DataLossError("a late record cannot be read");
  }
  return original;
}

absl::StatusOr<const v1::Item*> LedgerView::FindItem(
    absl::string_view sku) const {
  if (next_found_ >= found_.size()) next_found_ = 0;
  const size_t end = std::min(found_.size(), next_found_ + kFoundAhead);
  for (size_t i = next_found_; i < end; ++i) {
    if (found_[i].first != sku) continue;
    next_found_ = i + 1;
    return found_[i].second;
  }
  BL_ASSIGN_OR_RETURN(const v1::Item* item, items_.FindItem(pending_, sku));
  found_.emplace_back(sku, item);
  return item;
}

v1::Position LedgerView::first_after_seal() const {
  v1::Position first;
  first.set_epoch(state_.sealed_epoch == 0 ? 1 : state_.sealed_epoch);
  first.set_seq(state_.sealed_seq + 1);
  return first;
}

v1::Position LedgerView::head() const { return ToProto(state_.head); }

uint64_t LedgerView::receipts_of(absl::string_view till) const {
  if (training_) {
    const auto count = pending_.Get(
        Table::kDocs, docs::TrainingCounter(branch(), till, epoch()));
    return count.ok() && count->has_value() && (*count)->size() == 8
               ? U64FromBytes(**count)
               : 0;
  }
  const auto it = state_.receipts.find(till);
  return it == state_.receipts.end() ? 0 : it->second;
}

absl::StatusOr<std::optional<DecideView::Document>> LedgerView::FindReceipt(
    absl::string_view receipt_no) const {
  BL_ASSIGN_OR_RETURN(
      const auto at, Read<v1::ReceiptAt>(
                         pending_, Table::kDocs,
                         training_ ? docs::TrainingReceipt(branch(), receipt_no)
                                   : docs::Receipt(branch(), receipt_no),
                         "a receipt"));
  if (!at.has_value()) return std::optional<Document>();
  BL_ASSIGN_OR_RETURN(
      auto record,
      Read<v1::Record>(pending_, Table::kJournal,
                       RecordKey(EdgeStream(branch()), at->epoch(), at->seq()),
                       "a record"));
  if (!record.has_value()) {
    return absl::DataLossError(
        absl::StrCat("receipt ", receipt_no, " is listed at record ", at->seq(),
                     " of epoch ", at->epoch(), ", which the journal lacks"));
  }
  Document document;
  document.at = *at;
  if (!document.event.ParseFromString(record->payload())) {
    return absl::DataLossError(
        absl::StrCat("receipt ", receipt_no, " cannot be read"));
  }
  document.hash = document.event.has_late_record()
                      ? document.event.late_record().record().hash()
                      : record->hash();
  BL_ASSIGN_OR_RETURN(document.event, OriginalOf(std::move(document.event)));
  return std::optional<Document>(std::move(document));
}

absl::StatusOr<std::optional<v1::Sale>> LedgerView::FindSale(
    absl::string_view receipt_no) const {
  BL_ASSIGN_OR_RETURN(auto found, FindReceipt(receipt_no));
  if (!found.has_value() || !found->event.has_sale()) {
    return std::optional<v1::Sale>();
  }
  return std::optional<v1::Sale>(std::move(*found->event.mutable_sale()));
}

absl::StatusOr<v1::ShiftState> LedgerView::Shift(absl::string_view till) const {
  BL_ASSIGN_OR_RETURN(
      auto shift, Read<v1::ShiftState>(pending_, Table::kDocs,
                                       docs::Shift(branch(), till), "a shift"));
  return shift.has_value() ? *std::move(shift) : v1::ShiftState();
}

absl::StatusOr<std::optional<v1::ShiftClosed>> LedgerView::LastZ(
    absl::string_view till) const {
  return Read<v1::ShiftClosed>(pending_, Table::kDocs,
                               docs::LastZ(branch(), till), "a Z");
}

absl::StatusOr<std::optional<v1::CashCounted>> LedgerView::Settled(
    absl::string_view z_no) const {
  return Read<v1::CashCounted>(pending_, Table::kDocs,
                               docs::Settled(branch(), z_no), "a settlement");
}

absl::StatusOr<v1::SalePayments> LedgerView::PaymentsOf(
    absl::string_view sale_id) const {
  BL_ASSIGN_OR_RETURN(auto payments,
                      Read<v1::SalePayments>(pending_, Table::kDocs,
                                             docs::Payments(branch(), sale_id),
                                             "what was paid of a sale"));
  if (payments.has_value()) return *std::move(payments);
  v1::SalePayments none;
  none.set_sale_id(std::string(sale_id));
  return none;
}

absl::StatusOr<std::string> LedgerView::PaidReceipt(
    absl::string_view sale_id) const {
  BL_ASSIGN_OR_RETURN(
      auto receipt_no,
      pending_.Get(Table::kDocs, docs::PaidReceipt(branch(), sale_id)));
  return receipt_no.value_or("");
}

absl::StatusOr<v1::OpenPayments> LedgerView::OpenPayments() const {
  BL_ASSIGN_OR_RETURN(
      auto open,
      Read<v1::OpenPayments>(pending_, Table::kDocs,
                             docs::OpenPayments(branch()), "what is open"));
  return open.value_or(v1::OpenPayments());
}

absl::StatusOr<std::string> LedgerView::SignedOn(absl::string_view till) const {
  BL_ASSIGN_OR_RETURN(
      auto session,
      Read<v1::SessionState>(pending_, Table::kDocs,
                             docs::Session(branch(), till), "a session"));
  return session.has_value() ? session->staff() : std::string();
}

absl::StatusOr<v1::PinState> LedgerView::PinOf(absl::string_view staff) const {
  BL_ASSIGN_OR_RETURN(
      auto pin, Read<v1::PinState>(pending_, Table::kDocs,
                                   docs::Pin(branch(), staff), "a PIN count"));
  return pin.has_value() ? *std::move(pin) : v1::PinState();
}

absl::StatusOr<std::optional<v1::Branch>> LedgerView::FindBranch(
    absl::string_view code) const {
  return Read<v1::Branch>(pending_, Table::kDocs, docs::Branch(code),
                          "a branch");
}

absl::StatusOr<std::optional<v1::Member>> LedgerView::FindMember(
    absl::string_view id) const {
  return Read<v1::Member>(pending_, Table::kDocs, docs::Member(id), "a member");
}

absl::StatusOr<std::optional<v1::InvoiceRequested>> LedgerView::InvoiceOf(
    absl::string_view receipt_no) const {
  return Read<v1::InvoiceRequested>(pending_, Table::kDocs,
                                    docs::Invoice(branch(), receipt_no),
                                    "an invoice");
}

absl::StatusOr<std::optional<v1::UnconfirmedTender>>
LedgerView::FindUnconfirmed(absl::string_view receipt_no,
                            uint32_t tender) const {
  return Read<v1::UnconfirmedTender>(
      pending_, Table::kDocs, docs::Unconfirmed(branch(), receipt_no, tender),
      "a payment");
}

absl::StatusOr<std::optional<v1::MatchedTender>> LedgerView::FindMatched(
    absl::string_view receipt_no, uint32_t tender) const {
  return Read<v1::MatchedTender>(pending_, Table::kDocs,
                                 docs::Matched(branch(), receipt_no, tender),
                                 "a matched payment");
}

absl::StatusOr<std::optional<v1::TenderWrittenOff>> LedgerView::FindWrittenOff(
    absl::string_view receipt_no, uint32_t tender) const {
  return Read<v1::TenderWrittenOff>(
      pending_, Table::kDocs, docs::WrittenOff(branch(), receipt_no, tender),
      "a payment that was written off");
}

absl::StatusOr<bool> LedgerView::HasZ(absl::string_view z_no) const {
  BL_ASSIGN_OR_RETURN(const auto at,
                      pending_.Get(Table::kDocs, docs::Z(branch(), z_no)));
  return at.has_value();
}

absl::StatusOr<uint64_t> LedgerView::ReprintsOf(
    absl::string_view document_no) const {
  BL_ASSIGN_OR_RETURN(
      const auto last,
      Read<v1::PaperReprinted>(pending_, Table::kDocs,
                               docs::Reprinted(branch(), document_no),
                               "the count of copies"));
  return last.has_value() ? last->times() : 0;
}

absl::StatusOr<std::optional<v1::Basket>> LedgerView::FindBasket(
    absl::string_view basket_id) const {
  return Read<v1::Basket>(pending_, Table::kLocal, local::BasketKey(basket_id),
                          "a basket");
}

}  // namespace branchline

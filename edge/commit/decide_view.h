#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "branchline/v1/event.pb.h"
#include "branchline/v1/master.pb.h"
#include "branchline/v1/state.pb.h"
#include "branchline/v1/till.pb.h"
#include "sync/base/date.h"
#include "sync/ledger/cell.h"

namespace branchline {

struct PricingBook;  // edge/till/pricing_book.h

// What a decision may look at: this branch's own accounts and documents and the
// streams it follows, with everything already decided in the same batch. No
// clock, no chance, no input beside.
class DecideView {
 public:
  virtual ~DecideView() = default;

  virtual const std::string& branch() const = 0;
  virtual const std::string& currency() const = 0;  // the branch's own
  virtual const absl::TimeZone& time_zone() const = 0;
  virtual uint64_t epoch() const = 0;

  virtual Date open_date() const = 0;    // 0: no day is open
  virtual Date sealed_date() const = 0;  // the last sealed; 0: none yet
  virtual v1::Position first_after_seal() const = 0;
  virtual v1::Position head() const = 0;

  // Receipts numbered by `till` in this epoch.
  virtual uint64_t receipts_of(absl::string_view till) const = 0;

  // DATA_LOSS if the store cannot be read; nullopt if there is no such thing.
  // nullptr if there is no such item or price; valid for this decision.
  virtual absl::StatusOr<const v1::Item*> FindItem(
      absl::string_view sku) const = 0;
  virtual absl::StatusOr<const v1::Price*> FindPrice(
      absl::string_view sku, absl::string_view currency) const = 0;
  // nullptr if the list has no price for it.
  virtual absl::StatusOr<const v1::ListPrice*> FindListPrice(
      absl::string_view sku, absl::string_view list_id) const = 0;
  // The hub's price lists, promotions and taxes; never null. Valid for this
  // decision.
  virtual absl::StatusOr<const PricingBook*> Book() const = 0;
  virtual absl::StatusOr<std::optional<v1::Sale>> FindSale(
      absl::string_view receipt_no) const = 0;
  virtual absl::StatusOr<std::optional<v1::Basket>> FindBasket(
      absl::string_view basket_id) const = 0;
  virtual absl::StatusOr<Cell> BookCell(absl::string_view key) const = 0;

  // A sale or return of this branch, whole, and where it stands.
  struct Document {
    v1::ReceiptAt at;
    v1::Event event;
    std::string hash;  // of the record that the receipt was printed from
  };
  virtual absl::StatusOr<std::optional<Document>> FindReceipt(
      absl::string_view receipt_no) const = 0;

  // Tills whose shift is open, in order.
  virtual std::vector<std::string> open_shifts() const = 0;
  // Not open if the till never had one.
  virtual absl::StatusOr<v1::ShiftState> Shift(
      absl::string_view till) const = 0;
  virtual absl::StatusOr<std::optional<v1::ShiftClosed>> LastZ(
      absl::string_view till) const = 0;
  // The last settlement of a Z.
  virtual absl::StatusOr<std::optional<v1::CashCounted>> Settled(
      absl::string_view z_no) const = 0;

  // How this branch's tills are run; never null. Valid for this decision, as
  // are the next two.
  virtual absl::StatusOr<const v1::TillPolicy*> Policy() const = 0;
  // nullptr: there is nobody of that id.
  virtual absl::StatusOr<const v1::Staff*> FindStaff(
      absl::string_view id) const = 0;
  // The chain's own, or a built-in one; nullptr: neither.
  virtual absl::StatusOr<const v1::Role*> FindRole(
      absl::string_view id) const = 0;
  // Who is signed on to `till`; empty: nobody.
  virtual absl::StatusOr<std::string> SignedOn(
      absl::string_view till) const = 0;
  virtual absl::StatusOr<v1::PinState> PinOf(absl::string_view staff) const = 0;

  // Whether the decision is of a till that trains: then receipts are those of
  // its training series.
  virtual bool training() const = 0;
  // Any branch of the chain, as last pulled.
  virtual absl::StatusOr<std::optional<v1::Branch>> FindBranch(
      absl::string_view code) const = 0;
  virtual absl::StatusOr<std::optional<v1::Member>> FindMember(
      absl::string_view id) const = 0;
  // The invoice that a receipt of this branch has.
  virtual absl::StatusOr<std::optional<v1::InvoiceRequested>> InvoiceOf(
      absl::string_view receipt_no) const = 0;
  virtual absl::StatusOr<std::optional<v1::UnconfirmedTender>> FindUnconfirmed(
      absl::string_view receipt_no, uint32_t tender) const = 0;
  virtual absl::StatusOr<std::optional<v1::MatchedTender>> FindMatched(
      absl::string_view receipt_no, uint32_t tender) const = 0;

  virtual absl::StatusOr<std::optional<v1::TenderWrittenOff>> FindWrittenOff(
      absl::string_view receipt_no, uint32_t tender) const = 0;
  // Whether a till of this branch made that Z.
  virtual absl::StatusOr<bool> HasZ(absl::string_view z_no) const = 0;
  // Copies of a receipt or Z that were asked for.
  virtual absl::StatusOr<uint64_t> ReprintsOf(
      absl::string_view document_no) const = 0;

  // What was tried to be paid of a sale; none of it: no attempts.
  virtual absl::StatusOr<v1::SalePayments> PaymentsOf(
      absl::string_view sale_id) const = 0;
  // The receipt that it became; empty: none yet.
  virtual absl::StatusOr<std::string> PaidReceipt(
      absl::string_view sale_id) const = 0;
  virtual absl::StatusOr<v1::OpenPayments> OpenPayments() const = 0;
};

}  // namespace branchline

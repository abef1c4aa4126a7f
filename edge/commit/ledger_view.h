#pragma once

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "edge/commit/decide_view.h"
#include "edge/commit/edge_state.h"
#include "edge/commit/item_cache.h"
#include "edge/commit/pending.h"

namespace branchline {

// The committer's DecideView: its state, what the batch has pending, the store.
// Lives for one command, on one thread; all of them outlive it.
class LedgerView final : public DecideView {
 public:
  // `training`: for what a till that trains does.
  LedgerView(const EdgeIdentity& identity, const EdgeState& state,
             const Pending& pending, ItemCache* items, bool training = false)
      : identity_(identity),
        state_(state),
        pending_(pending),
        items_(*items),
        training_(training) {}

  const std::string& branch() const override { return identity_.node.branch(); }
  const std::string& currency() const override {
    return identity_.node.currency();
  }
  const absl::TimeZone& time_zone() const override {
    return identity_.time_zone;
  }
  uint64_t epoch() const override { return identity_.node.epoch(); }
  Date open_date() const override { return state_.open_date; }
  Date sealed_date() const override { return state_.sealed_date; }
  v1::Position first_after_seal() const override;
  v1::Position head() const override;
  uint64_t receipts_of(absl::string_view till) const override;

  absl::StatusOr<const v1::Item*> FindItem(
      absl::string_view sku) const override;
  absl::StatusOr<const v1::Price*> FindPrice(
      absl::string_view sku, absl::string_view currency) const override {
    return items_.FindPrice(pending_, sku, currency);
  }
  absl::StatusOr<const v1::ListPrice*> FindListPrice(
      absl::string_view sku, absl::string_view list_id) const override {
    return items_.FindListPrice(pending_, sku, list_id);
  }
  absl::StatusOr<const PricingBook*> Book() const override {
    return items_.Book(pending_, branch());
  }
  absl::StatusOr<std::optional<v1::Sale>> FindSale(
      absl::string_view receipt_no) const override;
  absl::StatusOr<std::optional<v1::Basket>> FindBasket(
      absl::string_view basket_id) const override;
  absl::StatusOr<Cell> BookCell(absl::string_view key) const override {
    return pending_.BookCell(key);
  }
  absl::StatusOr<std::optional<Document>> FindReceipt(
      absl::string_view receipt_no) const override;

  std::vector<std::string> open_shifts() const override {
    return {state_.open_shifts.begin(), state_.open_shifts.end()};
  }
  absl::StatusOr<v1::ShiftState> Shift(absl::string_view till) const override;
  absl::StatusOr<std::optional<v1::ShiftClosed>> LastZ(
      absl::string_view till) const override;
  absl::StatusOr<std::optional<v1::CashCounted>> Settled(
      absl::string_view z_no) const override;

  absl::StatusOr<const v1::TillPolicy*> Policy() const override {
    return items_.Policy(pending_, branch());
  }
  absl::StatusOr<const v1::Staff*> FindStaff(
      absl::string_view id) const override {
    return items_.FindStaff(pending_, id);
  }
  absl::StatusOr<const v1::Role*> FindRole(
      absl::string_view id) const override {
    return items_.FindRole(pending_, id);
  }
  absl::StatusOr<std::string> SignedOn(absl::string_view till) const override;
  absl::StatusOr<v1::PinState> PinOf(absl::string_view staff) const override;
  absl::StatusOr<v1::SalePayments> PaymentsOf(
      absl::string_view sale_id) const override;
  absl::StatusOr<std::string> PaidReceipt(
      absl::string_view sale_id) const override;
  absl::StatusOr<v1::OpenPayments> OpenPayments() const override;

  bool training() const override { return training_; }
  absl::StatusOr<std::optional<v1::Branch>> FindBranch(
      absl::string_view code) const override;
  absl::StatusOr<std::optional<v1::Member>> FindMember(
      absl::string_view id) const override;
  absl::StatusOr<std::optional<v1::InvoiceRequested>> InvoiceOf(
      absl::string_view receipt_no) const override;
  absl::StatusOr<std::optional<v1::UnconfirmedTender>> FindUnconfirmed(
      absl::string_view receipt_no, uint32_t tender) const override;
  absl::StatusOr<std::optional<v1::MatchedTender>> FindMatched(
      absl::string_view receipt_no, uint32_t tender) const override;
  absl::StatusOr<std::optional<v1::TenderWrittenOff>> FindWrittenOff(
      absl::string_view receipt_no, uint32_t tender) const override;
  absl::StatusOr<bool> HasZ(absl::string_view z_no) const override;
  absl::StatusOr<uint64_t> ReprintsOf(
      absl::string_view document_no) const override;

 private:
  const EdgeIdentity& identity_;
  const EdgeState& state_;
  const Pending& pending_;
  ItemCache& items_;
  const bool training_;
  // A decision goes over a receipt's lines again and again: what was found, in
  // the order of the first time, and where the next one probably stands.
  mutable std::vector<std::pair<std::string, const v1::Item*>> found_;
  mutable size_t next_found_ = 0;
};

// The document of `event`, or of the original that a late record holds. Of a
// training receipt: the sale or return in it.
absl::StatusOr<v1::Event> OriginalOf(v1::Event event);

}  // namespace branchline

#include "edge/till/queries.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "branchline/v1/state.pb.h"
#include "edge/commit/edge_state.h"
#include "edge/commit/ledger_view.h"
#include "sync/base/status_macros.h"
#include "sync/journal/journal.h"
#include "sync/journal/record.h"
#include "sync/ledger/keys.h"

namespace branchline {
namespace {

template <typename Message>
bool Parse(absl::string_view bytes, Message* message) {
  return message->ParseFromArray(bytes.data(), static_cast<int>(bytes.size()));
}

absl::Status ReadReturned(const LaggingBooks& books, absl::string_view branch,
                          const v1::Sale& sale,
                          v1::GetReceiptResponse* response) {
  BL_ASSIGN_OR_RETURN(const Cell returned,
                      books.Read(books::Returned(branch, sale.receipt_no())));
  for (int i = 0; i < sale.lines_size(); ++i) {
    BL_ASSIGN_OR_RETURN(
        const int64_t milli,
        Narrow(returned.Get(books::ReturnedField(static_cast<uint32_t>(i))),
               "returned goods"));
    response->add_returned_milli(milli);
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status ReadZ(const Store& store, absl::string_view branch,
                   absl::string_view till, absl::string_view z_no,
                   v1::ShiftReport* report) {
  std::string number(z_no);
  if (number.empty()) {
    BL_ASSIGN_OR_RETURN(const auto last,
                        store.Get(Table::kDocs, docs::LastZ(branch, till)));
    v1::ShiftClosed z;
    if (last.has_value() && !Parse(*last, &z)) {
      return absl::DataLossError("the last Z of a till is damaged");
    }
    number = z.z_no();
  }
  BL_ASSIGN_OR_RETURN(const auto row,
                      store.Get(Table::kDocs, docs::Z(branch, number)));
  if (number.empty() || !row.has_value()) {
    return absl::NotFoundError(absl::StrCat(
        z_no.empty()
            ? absl::StrCat("till ", till, " made no Z yet")
            : absl::StrCat(branch, " has no Z '", z_no.substr(0, 64), "'")));
  }
  v1::ReceiptAt at;
  if (!Parse(*row, &at)) {
    return absl::DataLossError(
        absl::StrCat("the place of Z ", number, " is damaged"));
  }
  BL_ASSIGN_OR_RETURN(
      const v1::Record record,
      ReadRecord(store, EdgeStream(branch), at.epoch(), at.seq()));
  v1::Event event;
  if (!event.ParseFromString(record.payload())) {
    return absl::DataLossError(absl::StrCat("Z ", number, " cannot be read"));
  }
  BL_ASSIGN_OR_RETURN(event, OriginalOf(std::move(event)));
  *report->mutable_at() = ToProto(CursorOf(record));
  *report->mutable_shift() = event.shift_closed();
  for (const v1::ShiftClosed& shift : event.day_closed().closed_shifts()) {
    if (shift.z_no() == number) *report->mutable_shift() = shift;
  }
  BL_ASSIGN_OR_RETURN(const auto settled,
                      store.Get(Table::kDocs, docs::Settled(branch, number)));
  if (settled.has_value() && !Parse(*settled, report->mutable_settled())) {
    return absl::DataLossError(
        absl::StrCat("the settlement of Z ", number, " is damaged"));
  }
  return absl::OkStatus();
}

absl::Status ReadReceipt(const Store& store, const LaggingBooks& books,
                         absl::string_view branch, absl::string_view receipt_no,
                         v1::GetReceiptResponse* response) {
  BL_ASSIGN_OR_RETURN(
      auto row, books.Get(Table::kDocs, docs::Receipt(branch, receipt_no)));
  if (!row.has_value()) {
    BL_ASSIGN_OR_RETURN(row, store.Get(Table::kDocs, docs::TrainingReceipt(
                                                         branch, receipt_no)));
  }
  if (!row.has_value()) {
    return absl::NotFoundError(absl::StrCat(branch, " has no receipt '",
                                            receipt_no.substr(0, 64), "'"));
  }
  v1::ReceiptAt at;
  if (!at.ParseFromString(*row)) {
    return absl::DataLossError(
        absl::StrCat("the place of receipt ", receipt_no, " is damaged"));
  }
  BL_ASSIGN_OR_RETURN(
      const v1::Record record,
      ReadRecord(store, EdgeStream(branch), at.epoch(), at.seq()));
  v1::Event event;
  if (!event.ParseFromString(record.payload())) {
    return absl::DataLossError(
        absl::StrCat("receipt ", receipt_no, " cannot be read"));
  }
  BL_ASSIGN_OR_RETURN(event, OriginalOf(std::move(event)));
  *response->mutable_at() = ToProto(CursorOf(record));
  if (event.has_sale()) {
    BL_RETURN_IF_ERROR(ReadReturned(books, branch, event.sale(), response));
    *response->mutable_sale() = std::move(*event.mutable_sale());
  } else if (event.has_return_()) {
    *response->mutable_return_() = std::move(*event.mutable_return_());
  }
  return absl::OkStatus();
}

absl::Status ReadBasket(const Store& store, absl::string_view basket_id,
                        v1::Basket* basket) {
  BL_ASSIGN_OR_RETURN(const auto bytes,
                      store.Get(Table::kLocal, local::BasketKey(basket_id)));
  if (!bytes.has_value()) {
    return absl::NotFoundError(absl::StrCat("there is no basket '",
                                            basket_id.substr(0, 64),
                                            "'; it was rung up or dropped"));
  }
  if (!basket->ParseFromString(*bytes)) {
    return absl::DataLossError(
        absl::StrCat("basket ", basket_id, " is damaged"));
  }
  return absl::OkStatus();
}

absl::Status ReadBaskets(const Store& store,
                         v1::ListBasketsResponse* response) {
  absl::Status damaged;
  BL_RETURN_IF_ERROR(store.Scan(
      Table::kLocal, local::BasketKey(""), PrefixEnd(local::BasketKey("")),
      [&](absl::string_view, absl::string_view value) {
        if (!Parse(value, response->add_baskets())) {
          damaged = absl::DataLossError("a basket is damaged");
        }
        return damaged.ok();
      }));
  return damaged;
}

absl::StatusOr<uint64_t> CountItems(const Store& store) {
  uint64_t items = 0;
  const std::string prefix = docs::Item("");
  BL_RETURN_IF_ERROR(store.Scan(Table::kDocs, prefix, PrefixEnd(prefix),
                                [&](absl::string_view, absl::string_view) {
                                  ++items;
                                  return true;
                                }));
  return items;
}

}  // namespace branchline

#include "edge/devices/receipt_source.h"

#include <map>
#include <utility>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "branchline/v1/state.pb.h"
#include "edge/receipt/build_receipt.h"
#include "edge/receipt/shift_slip.h"
#include "edge/till/shift_report.h"
#include "sync/base/status_macros.h"
#include "sync/journal/journal.h"
#include "sync/ledger/keys.h"

namespace branchline {
namespace {

std::string ReceiptNoOf(const v1::Event& event) {
  const v1::TrainingReceipt& training = event.training_receipt();
  if (training.has_sale()) return training.sale().receipt_no();
  if (training.has_return_()) return training.return_().receipt_no();
  return event.has_sale()      ? event.sale().receipt_no()
         : event.has_return_() ? event.return_().receipt_no()
                               : std::string();
}

bool IsSettlement(const v1::Event& event) {
  return event.has_cash_counted() &&
         event.cash_counted().place() == v1::CASH_PLACE_LAST_Z;
}

// The Z of that number; null: the event made none such.
const v1::ShiftClosed* ZOf(const v1::Event& event, absl::string_view z_no) {
  if (event.has_shift_closed() && event.shift_closed().z_no() == z_no) {
    return &event.shift_closed();
  }
  for (const v1::ShiftClosed& closed : event.day_closed().closed_shifts()) {
    if (closed.z_no() == z_no) return &closed;
  }
  return nullptr;
}

// The count that "S014-T1-1-Z000007/1.345" is.
bool ParsePlace(absl::string_view place, uint64_t* epoch, uint64_t* seq) {
  const std::vector<absl::string_view> parts = absl::StrSplit(place, '.');
  return parts.size() == 2 && absl::SimpleAtoi(parts[0], epoch) &&
         absl::SimpleAtoi(parts[1], seq);
}

}  // namespace

std::vector<IssuedPaper> PapersOf(const v1::Record& record) {
  std::vector<IssuedPaper> papers;
  v1::Event event;
  if (!event.ParseFromString(record.payload())) return papers;
  const auto add = [&](std::string id, const std::string& till) {
    papers.push_back({event, record.hash(), std::move(id), till});
  };
  if (std::string receipt_no = ReceiptNoOf(event); !receipt_no.empty()) {
    add(std::move(receipt_no), event.till());
  } else if (event.has_shift_closed()) {
    add(event.shift_closed().z_no(), event.shift_closed().till());
  } else if (event.has_day_closed()) {
    for (const v1::ShiftClosed& closed : event.day_closed().closed_shifts()) {
      add(closed.z_no(), closed.till());
    }
  } else if (IsSettlement(event)) {
    add(absl::StrCat(event.cash_counted().z_no(), "/", record.epoch(), ".",
                     record.seq()),
        event.till());
  }
  return papers;
}

absl::StatusOr<v1::Record> ReceiptSource::RecordAt(absl::string_view row,
                                                   absl::string_view id) const {
  v1::ReceiptAt at;
  if (!at.ParseFromArray(row.data(), static_cast<int>(row.size()))) {
    return absl::DataLossError(
        absl::StrCat("the row of paper ", id, " is damaged"));
  }
  BL_ASSIGN_OR_RETURN(v1::Record record, ReadRecord(store_, EdgeStream(branch_),
                                                    at.epoch(), at.seq()));
  v1::Event event;
  if (!event.ParseFromString(record.payload())) {
    return absl::DataLossError(
        absl::StrCat("the record of paper ", id, " is damaged"));
  }
  // A copy of the original, which was given out under its own hash.
  if (event.has_late_record()) return event.late_record().record();
  return record;
}

absl::StatusOr<v1::Record> ReceiptSource::RecordOf(absl::string_view id) const {
  uint64_t epoch = 0;
  uint64_t seq = 0;
  if (const size_t slash = id.find('/'); slash != absl::string_view::npos) {
    if (!ParsePlace(id.substr(slash + 1), &epoch, &seq)) {
      return absl::NotFoundError(
          absl::StrCat("no paper ", id.substr(0, 64), " of ", branch_));
    }
    return ReadRecord(store_, EdgeStream(branch_), epoch, seq);
  }
  BL_ASSIGN_OR_RETURN(auto row,
                      books_.Get(Table::kDocs, docs::Receipt(branch_, id)));
  for (const std::string& key :
       {docs::TrainingReceipt(branch_, id), docs::Z(branch_, id)}) {
    if (row.has_value()) break;
    BL_ASSIGN_OR_RETURN(row, store_.Get(Table::kDocs, key));
  }
  if (!row.has_value()) {
    return absl::NotFoundError(
        absl::StrCat("no receipt or Z ", id.substr(0, 64), " of ", branch_));
  }
  return RecordAt(*row, id);
}

absl::StatusOr<IssuedPaper> ReceiptSource::Find(absl::string_view id) const {
  BL_ASSIGN_OR_RETURN(const v1::Record record, RecordOf(id));
  for (IssuedPaper& paper : PapersOf(record)) {
    if (paper.id == id) return std::move(paper);
  }
  return absl::NotFoundError(
      absl::StrCat("no paper ", id.substr(0, 64), " of ", branch_));
}

absl::StatusOr<ReceiptModel> ReceiptSource::Build(
    const IssuedPaper& receipt, const v1::ReceiptText& text) const {
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

absl::StatusOr<DrawnPaper> ReceiptSource::DrawShift(
    const v1::ShiftReport& report, const v1::ReceiptText& text,
    absl::Time at) const {
  BL_ASSIGN_OR_RETURN(
      ReceiptDocument document,
      LayOutShift(report, {branch_name_, time_zone_, text, at}));
  return PaperOf(std::move(document), text.language());
}

absl::StatusOr<DrawnPaper> ReceiptSource::Draw(
    const IssuedPaper& paper, const v1::ReceiptText& text,
    const std::string& reader) const {
  const v1::ShiftClosed* z = ZOf(paper.event, paper.id);
  const bool is_settlement = IsSettlement(paper.event);
  if (z == nullptr && !is_settlement) {
    BL_ASSIGN_OR_RETURN(ReceiptModel model, Build(paper, text));
    return PaperOf(std::move(model));
  }
  v1::ShiftReport report;
  if (z != nullptr) *report.mutable_shift() = *z;
  bool blind = false;
  if (counts_blind_ != nullptr) {
    BL_ASSIGN_OR_RETURN(blind, counts_blind_(reader));
  }
  const absl::Time at =
      absl::FromUnixMicros(paper.event.recorded_at_unix_micros());
  if (is_settlement) {
    *report.mutable_settled() = paper.event.cash_counted();
    report.mutable_shift()->set_till(paper.till);
    report.mutable_shift()->set_date(paper.event.business_date());
  }
  if (blind) MakeBlind(&report);
  if (z != nullptr) return DrawShift(report, text, at);
  BL_ASSIGN_OR_RETURN(
      ReceiptDocument document,
      LayOutSettlement(report, {branch_name_, time_zone_, text, at}));
  return PaperOf(std::move(document), text.language());
}

std::string ReceiptSource::NameOf(const std::string& sku,
                                  absl::string_view language) const {
  const auto bytes = store_.Get(Table::kDocs, docs::Item(sku));
  v1::Item item;
  if (!bytes.ok() || !bytes->has_value() || !item.ParseFromString(**bytes)) {
    return sku;
  }
  return ItemNameIn(item, language);
}

absl::string_view TillOfPaper(absl::string_view id) {
  const std::vector<absl::string_view> parts = absl::StrSplit(id, '-');
  if (parts.size() < 4) return "";
  return parts[parts.size() - 3];
}

}  // namespace branchline

#include "edge/enrol/late_suffix.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/time/time.h"
#include "branchline/v1/event.pb.h"
#include "sync/base/date.h"
#include "sync/base/money.h"
#include "sync/base/status_macros.h"
#include "sync/journal/journal.h"
#include "sync/journal/record.h"
#include "sync/ledger/keys.h"

namespace branchline {
namespace {

absl::StatusOr<bool> SameAt(const Store& a, const Store& b,
                            absl::string_view stream, uint64_t epoch,
                            uint64_t seq) {
  const absl::StatusOr<v1::Record> in_a = ReadRecord(a, stream, epoch, seq);
  const absl::StatusOr<v1::Record> in_b = ReadRecord(b, stream, epoch, seq);
  for (const auto* record : {&in_a, &in_b}) {
    if (!record->ok() && !absl::IsNotFound(record->status())) {
      return record->status();
    }
  }
  return in_a.ok() && in_b.ok() && in_a->hash() == in_b->hash();
}

std::string Amount(int64_t amount_minor, const std::string& currency) {
  const auto digits = MinorDigits(currency);
  return absl::StrCat(GroupedMinor(amount_minor, digits.ok() ? *digits : 2),
                      " ", currency);
}

}  // namespace

absl::StatusOr<LateSuffix> FindLateSuffix(const Store& store,
                                          const Store& old_store,
                                          absl::string_view stream) {
  BL_ASSIGN_OR_RETURN(const Cursor old_head, ReadHead(old_store, stream));
  if (old_head.seq == 0) {
    return absl::NotFoundError(
        absl::StrCat("the old ledger holds no journal of ", stream));
  }
  // Hash chains: if two journals agree at a record, they agree before it.
  uint64_t common = 0;
  uint64_t differs = old_head.seq + 1;
  while (common + 1 < differs) {
    const uint64_t middle = common + (differs - common) / 2;
    BL_ASSIGN_OR_RETURN(const bool same, SameAt(store, old_store, stream,
                                                old_head.epoch, middle));
    (same ? common : differs) = middle;
  }
  LateSuffix suffix;
  if (common == 0) {
    BL_ASSIGN_OR_RETURN(const v1::Record first,
                        ReadRecord(old_store, stream, old_head.epoch, 1));
    suffix.common = {old_head.epoch, 0, first.prev_hash()};
  } else {
    BL_ASSIGN_OR_RETURN(const v1::Record last,
                        ReadRecord(old_store, stream, old_head.epoch, common));
    suffix.common = CursorOf(last);
  }
  const absl::string_view branch = stream.substr(stream.find(':') + 1);
  BL_RETURN_IF_ERROR(ForEachRecord(
      old_store, stream, suffix.common,
      [&](const v1::Record& record) -> absl::Status {
        BL_ASSIGN_OR_RETURN(
            const auto taken,
            store.Get(Table::kDocs,
                      docs::LateTaken(branch, record.epoch(), record.seq(),
                                      record.hash())));
        if (taken.has_value()) {
          suffix.common = CursorOf(record);
          suffix.records.clear();
        } else {
          suffix.records.push_back(record);
        }
        return absl::OkStatus();
      }));
  return suffix;
}

std::string DescribeRecord(const v1::Record& record) {
  v1::Event event;
  if (!event.ParseFromString(record.payload())) {
    return absl::StrCat(record.seq(), "  cannot be read");
  }
  std::string what;
  switch (event.body_case()) {
    case v1::Event::kSale:
      what = absl::StrCat(
          "sale ", event.sale().receipt_no(), "  ",
          Amount(event.sale().total_minor(), event.sale().currency()));
      break;
    case v1::Event::kReturn:
      what = absl::StrCat(
          "return ", event.return_().receipt_no(), "  ",
          Amount(event.return_().total_minor(), event.return_().currency()));
      break;
    case v1::Event::kStockChange:
      what = absl::StrCat("stock change of ", event.stock_change().lines_size(),
                          " lines");
      break;
    case v1::Event::kDayOpened:
      what = absl::StrCat("day ", FormatDate(event.day_opened().date()),
                          " opened");
      break;
    case v1::Event::kDayClosed:
      what = absl::StrCat("day ", FormatDate(event.day_closed().date()),
                          " closed");
      break;
    default:
      what = "another event";
  }
  return absl::StrFormat(
      "%6d  %s  %s", record.seq(),
      absl::FormatTime("%Y-%m-%d %H:%M",
                       absl::FromUnixMicros(event.recorded_at_unix_micros()),
                       absl::UTCTimeZone()),
      what);
}

}  // namespace branchline

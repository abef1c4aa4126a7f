#include "edge/devices/receipt_clerk.h"

#include <spdlog/spdlog.h>

#include <utility>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "sync/base/status_macros.h"
#include "sync/identity/secret_file.h"
#include "sync/journal/journal.h"
#include "sync/journal/record.h"

namespace branchline {
namespace {

constexpr absl::string_view kOff = "off\n";
constexpr size_t kReadBytes = 256 << 10;
constexpr uint64_t kRecordsPerSave = 2'000;  // that a start reads again at most
constexpr absl::Duration kTryAgain = absl::Milliseconds(500);

}  // namespace

ReceiptClerk::ReceiptClerk(Options options) : o_(std::move(options)) {}

absl::Status ReceiptClerk::Start() {
  const absl::StatusOr<std::string> text = ReadSecretFile(o_.cursor_file);
  if (absl::IsNotFound(text.status())) {
    cursor_ = o_.head();
    return Save();
  }
  BL_RETURN_IF_ERROR(text.status());
  off_ = *text == kOff;
  if (off_) return absl::OkStatus();
  const std::vector<std::string> parts =
      absl::StrSplit(absl::StripSuffix(*text, "\n"), ' ');
  if (parts.size() != 2 || !absl::SimpleAtoi(parts[0], &cursor_.epoch) ||
      !absl::SimpleAtoi(parts[1], &cursor_.seq)) {
    return absl::DataLossError(
        absl::StrCat(o_.cursor_file,
                     " is damaged: delete it, and look at the journal for "
                     "receipts that were not printed"));
  }
  return absl::OkStatus();
}

absl::Status ReceiptClerk::Save() {
  BL_RETURN_IF_ERROR(WriteSecretFile(
      o_.cursor_file,
      off_ ? std::string(kOff)
           : absl::StrCat(cursor_.epoch, " ", cursor_.seq, "\n")));
  unsaved_receipts_ = 0;
  unsaved_records_ = 0;
  return absl::OkStatus();
}

absl::Duration ReceiptClerk::Step() {
  if (off_) return absl::InfiniteDuration();
  const Cursor head = o_.head();
  const auto records = ReadAfter(*o_.store, o_.stream, cursor_, kReadBytes);
  if (!records.ok()) {
    spdlog::error("receipts: {}", std::string(records.status().message()));
    return kTryAgain;
  }
  bool any = false;
  for (const std::string& bytes : *records) {
    v1::Record record;
    if (!record.ParseFromString(bytes)) return kTryAgain;  // told by verify
    // Before the next one is handed in: the queues must know all of them.
    if ((unsaved_receipts_ >= kReceiptsPerSave ||
         unsaved_records_ >= kRecordsPerSave) &&
        !SaveOrSay()) {
      return kTryAgain;
    }
    const Cursor at = CursorOf(record);
    if (head.IsBefore(at)) break;  // not synced yet
    IssuedReceipt receipt;
    receipt.hash = record.hash();
    const bool is_receipt =
        receipt.event.ParseFromString(record.payload()) &&
        (receipt.event.has_sale() || receipt.event.has_return_() ||
         receipt.event.training_receipt().has_sale() ||
         receipt.event.training_receipt().has_return_());
    if (is_receipt) {
      const absl::Status printed = o_.print(receipt);
      if (absl::IsUnavailable(printed)) return kTryAgain;
      if (!printed.ok()) {
        ++skipped_count_;
        spdlog::warn("receipt {} is not printed: {}", receipt.receipt_no(),
                     std::string(printed.message()));
      }
      ++unsaved_receipts_;
    }
    cursor_ = at;
    ++unsaved_records_;
    last_change_ = o_.clock->MonotonicNow();
    any = true;
  }
  if (any) return absl::ZeroDuration();
  if (unsaved_receipts_ == 0) return absl::InfiniteDuration();
  const absl::Duration due =
      last_change_ + kSaveWhenIdle - o_.clock->MonotonicNow();
  if (due > absl::ZeroDuration()) return due;
  return SaveOrSay() ? absl::InfiniteDuration() : kTryAgain;
}

absl::Status ReceiptClerk::TurnOff() {
  if (off_) return absl::OkStatus();
  off_ = true;
  const absl::Status saved = Save();
  if (!saved.ok()) off_ = false;
  return saved;
}

absl::Status ReceiptClerk::TurnOn() {
  if (!off_) return absl::OkStatus();
  off_ = false;
  cursor_ = o_.head();
  const absl::Status saved = Save();
  if (!saved.ok()) off_ = true;
  return saved;
}

bool ReceiptClerk::SaveOrSay() {
  const absl::Status saved = Save();
  if (!saved.ok()) {
    spdlog::error("receipts: {}", std::string(saved.message()));
  }
  return saved.ok();
}

}  // namespace branchline

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
  const bool whole = parts.size() == 2 || parts.size() == 3;
  if (!whole || !absl::SimpleAtoi(parts[0], &cursor_.epoch) ||
      !absl::SimpleAtoi(parts[1], &cursor_.seq) ||
      (parts.size() == 3 && !absl::SimpleAtoi(parts[2], &handed_in_))) {
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
           : absl::StrCat(cursor_.epoch, " ", cursor_.seq,
                          handed_in_ == 0 ? "" : absl::StrCat(" ", handed_in_),
                          "\n")));
  unsaved_receipts_ = 0;
  unsaved_records_ = 0;
  return absl::OkStatus();
}

absl::Status ReceiptClerk::HandIn(const v1::Record& record) {
  const std::vector<IssuedPaper> papers = PapersOf(record);
  while (handed_in_ < papers.size()) {
    // Before the next one is handed in: the queues must know all of them.
    if (unsaved_receipts_ >= kReceiptsPerSave && !SaveOrSay()) {
      return absl::UnavailableError("where it stands cannot be written");
    }
    const IssuedPaper& paper = papers[handed_in_];
    const absl::Status printed = o_.print(paper);
    if (absl::IsUnavailable(printed)) return printed;
    if (!printed.ok()) {
      ++skipped_count_;
      spdlog::warn("{} is not printed: {}", paper.id,
                   std::string(printed.message()));
    }
    ++handed_in_;
    ++unsaved_receipts_;
    last_change_ = o_.clock->MonotonicNow();
  }
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
    if (unsaved_records_ >= kRecordsPerSave && !SaveOrSay()) return kTryAgain;
    const Cursor at = CursorOf(record);
    if (head.IsBefore(at)) break;  // not synced yet
    if (!HandIn(record).ok()) return kTryAgain;
    cursor_ = at;
    handed_in_ = 0;
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
  handed_in_ = 0;
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

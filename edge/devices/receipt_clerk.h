#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "edge/devices/receipt_source.h"
#include "sync/base/clock.h"
#include "sync/base/cursor.h"
#include "sync/journal/store.h"

namespace branchline {

// Takes every paper that the journal gives out (PapersOf()) to its till's
// printer, once: off the path of the sale, in the journal's order, and across
// power cuts. Where it stands is a file that may be up to kReceiptsPerSave
// papers behind the print queues, each of which knows a paper by its number and
// takes it once.
//
// One thread.
class ReceiptClerk {
 public:
  // Fewer than a print queue keeps of what it has printed (PrintQueue::
  // kKeptMax): whatever is handed in again is known there.
  static constexpr int kReceiptsPerSave = 16;
  static constexpr absl::Duration kSaveWhenIdle = absl::Seconds(1);

  struct Options {
    const Store* store = nullptr;  // outlives the clerk
    std::string stream;
    std::string cursor_file;
    const Clock* clock = nullptr;
    // The end of what is on disk for certain.
    std::function<Cursor()> head;
    // Puts one paper into the queue it belongs to.
    //   UNAVAILABLE  not now: it is handed in again
    //   others       never: it is skipped and counted
    std::function<absl::Status(const IssuedPaper&)> print;
  };

  explicit ReceiptClerk(Options options);

  // Reads where it stood. Without a file it begins at the journal's end: a box
  // that gets its first printer does not print last year.
  //
  //   DATA_LOSS           the file cannot be read
  //   RESOURCE_EXHAUSTED  the disk is full
  absl::Status Start();

  // Hands in what is new, if it is on. How long to wait, unless the journal
  // grows: zero if there is more, infinite if all is done and saved.
  absl::Duration Step();

  // There is nothing to print on: what is sold until TurnOn() is not printed,
  // also not later. Both do nothing if it is so already. OK: it is written
  // down.
  absl::Status TurnOff();
  absl::Status TurnOn();

  // Writes down where it stands. False: it could not be, and the log says why.
  bool SaveOrSay();

  const Cursor& cursor() const { return cursor_; }
  uint64_t skipped_count() const { return skipped_count_; }

 private:
  absl::Status Save();
  // Hands in what `record` gives out, from handed_in_ on. OK: all of it.
  //   UNAVAILABLE  not now: the rest is handed in again
  absl::Status HandIn(const v1::Record& record);

  const Options o_;
  Cursor cursor_;  // hash unset
  // Of the record behind cursor_: a seal gives out a Z for each till that was
  // still open, which may be more than a queue remembers.
  uint64_t handed_in_ = 0;
  bool off_ = false;  // the file says so
  int unsaved_receipts_ = 0;
  uint64_t unsaved_records_ = 0;
  absl::Duration last_change_ = -absl::InfiniteDuration();
  uint64_t skipped_count_ = 0;
};

}  // namespace branchline

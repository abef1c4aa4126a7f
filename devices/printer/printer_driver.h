#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "devices/printer/print_job.h"
#include "devices/printer/print_queue.h"
#include "devices/printer/printer_profile.h"
#include "devices/printer/printer_reply.h"
#include "devices/printer/receipt_document.h"
#include "devices/transport/link.h"
#include "devices/transport/transport.h"
#include "sync/base/clock.h"
#include "sync/base/random.h"

namespace branchline {

// What a technician and the till may know of a printer.
struct PrinterReport {
  LinkStatus link;
  std::optional<PrinterStatus> status;  // absent: off, or it says nothing
  size_t waiting_jobs = 0;
  size_t failed_jobs = 0;
  std::string last_trouble;  // of the queue's disk; empty if none
};

// One receipt printer: its queue, its line and its drawer socket. Step() is
// called by the device's thread, over and over; everything else by any thread.
class PrinterDriver {
 public:
  // Loads the queue. `store`, `clock` and `random` outlive the driver.
  //
  //   DATA_LOSS  the store cannot be read
  static absl::StatusOr<std::unique_ptr<PrinterDriver>> Make(
      const PrinterProfile& profile, std::unique_ptr<Transport> transport,
      PrintJobStore* store, Clock* clock, Random* random);

  // Puts a slip into the queue; both forms come from a ReceiptEncoder. OK: it
  // is on disk, and will come out once, or again marked as a copy, whatever
  // happens. The same id again changes nothing.
  //
  //   INVALID_ARGUMENT, RESOURCE_EXHAUSTED  see PrintQueue::Add()
  //   DATA_LOSS                             the store failed: not queued
  absl::Status Print(absl::string_view id, std::string original,
                     std::string copy);

  // See PrintQueue.
  absl::Status Reprint(absl::string_view id);
  absl::Status GiveUp(absl::string_view id);

  absl::Status Hold(absl::string_view id);
  void Release(absl::string_view id);
  absl::Status Withdraw(absl::string_view id);

  // Something was plugged in: a line that waits for its next try tries now.
  void RetryNow() { link_.RetryNow(); }

  // Opens the cash drawer with the next Step(), before any slip, and also when
  // there is no paper where the model can do that. One that could not be sent
  // within kPulseMaxAge is dropped: a drawer must not spring open later.
  //
  //   INVALID_ARGUMENT  see CheckDrawer()
  //   UNAVAILABLE       the printer is not there; open the drawer by its key
  absl::Status OpenDrawer(const DrawerBlock& pulse);
  static constexpr absl::Duration kPulseMaxAge = absl::Seconds(2);

  // Does what is due, waiting for the printer's word at most `wait_max`.
  void Step(absl::Duration wait_max);

  PrinterReport Report() const;
  std::vector<PrintJob> Jobs() const;

 private:
  struct Pulse {
    DrawerBlock block;
    absl::Duration since;
  };

  PrinterDriver(const PrinterProfile& profile,
                std::unique_ptr<Transport> transport, PrintJobStore* store,
                Clock* clock, Random* random, std::vector<PrintJob> loaded);

  void KeepOpen();
  void Perform(const PrintQueue::Action& action);
  void SendPulse();
  void WriteShort(absl::string_view bytes);
  void Ask();
  void ReadReplies(absl::Duration wait_max);
  void Handle(const PrinterReply& reply);
  absl::Status Save(const PrintJob& job) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  const PrinterProfile profile_;
  PrintJobStore* const store_;
  Clock* const clock_;
  // The device's thread only, status() apart.
  Link link_;
  PrinterReplyParser parser_;
  bool was_open_ = false;
  int next_answer_ = 0;  // which DLE EOT the next real-time reply answers
  PrinterStatus gathered_;

  mutable absl::Mutex mutex_;
  absl::CondVar work_came_;
  PrintQueue queue_ ABSL_GUARDED_BY(mutex_);
  std::optional<Pulse> pulse_ ABSL_GUARDED_BY(mutex_);
  std::string last_trouble_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace branchline

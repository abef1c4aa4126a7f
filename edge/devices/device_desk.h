#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <thread>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "edge/commit/commit_queue.h"
#include "edge/devices/device_manager.h"
#include "edge/devices/hot_plug.h"
#include "edge/devices/receipt_clerk.h"
#include "edge/devices/receipt_source.h"
#include "edge/payment/payment_ledger.h"
#include "edge/payment/refund_clerk.h"
#include "sync/base/clock.h"
#include "sync/base/random.h"
#include "sync/journal/store.h"

namespace branchline {

// The devices of the daemon, whole: the manager, and the two threads that feed
// it. One reads what is configured (DATA/devices.json, else what the hub has
// set) and opens what was plugged in; the other takes receipts from the journal
// to the printers and what drawers did to the journal.
class DeviceDesk {
 public:
  struct Options {
    std::string data_dir;
    std::string branch;
    std::string branch_name;
    std::string currency;  // the branch's
    absl::TimeZone time_zone;
    const ReceiptSigner* signer = nullptr;  // of receipts' codes; null: none
    const Store* store = nullptr;
    const LaggingBooks* books = nullptr;
    CommitQueue* queue = nullptr;
    Clock* clock = nullptr;
    Random* random = nullptr;
    std::string dev_dir = "/dev";  // where devices appear
  };

  // What the options name outlives the desk.
  explicit DeviceDesk(Options options);
  ~DeviceDesk();  // Stop()

  // From here on receipts come out. Without devices nothing runs but the two
  // threads, asleep. What goes wrong is in Troubles(): a branch sells without a
  // printer.
  void Start();
  void Stop();

  // The journal may have grown. Any thread, quick.
  void OnCommitted();

  DeviceManager& manager() { return manager_; }
  const ReceiptSource& receipts() const { return receipts_; }
  PaymentBook& payments() { return payments_; }
  PaymentLedger& payment_ledger() { return ledger_; }
  const std::string& currency() const { return o_.currency; }

  // Of the configuration, for people; empty: none.
  std::string Troubles() ABSL_LOCKS_EXCLUDED(mutex_);
  // Receipts that could not be printed since the start; see the log.
  uint64_t skipped_receipts() const { return skipped_; }

 private:
  // Whether `staff` is to be shown no expected figures.
  absl::StatusOr<bool> IsBlind(const std::string& staff);
  // Brings what the ledger has of open payments into the book.
  absl::Status LoadPayments();
  absl::Status OpenClerk() ABSL_LOCKS_EXCLUDED(clerk_mutex_);
  void WatchDevices();
  void WakeAll() ABSL_LOCKS_EXCLUDED(mutex_);
  void ClerkWork() ABSL_LOCKS_EXCLUDED(mutex_, clerk_mutex_);
  // Applies the configuration if it is another one.
  void Configure() ABSL_LOCKS_EXCLUDED(mutex_, clerk_mutex_);
  void RecordDrawers();

  const Options o_;
  const std::string dir_;  // DATA/devices
  const ReceiptSource receipts_;
  PaymentLedger ledger_;
  PaymentBook payments_;
  absl::Status payments_loaded_;       // set by Start()
  std::unique_ptr<HotPlug> hot_plug_;  // null: the system has none
  std::atomic<uint64_t> skipped_ = 0;
  std::string start_trouble_;  // why no receipt is printed; set by Start()
  std::string configured_;     // what was applied; the watching thread's
  bool is_configured_ = false;

  absl::Mutex mutex_;
  bool work_ ABSL_GUARDED_BY(mutex_) = false;  // for the clerk
  uint64_t pulls_seen_ = 0;                    // the clerk's thread
  std::atomic<bool> has_devices_ = true;       // until it is known
  std::atomic<bool> stop_ = false;
  std::string file_trouble_ ABSL_GUARDED_BY(mutex_);

  DeviceManager manager_;  // may call back into all of the above
  RefundClerk refunds_;    // the watching thread's
  absl::Mutex clerk_mutex_;
  ReceiptClerk clerk_ ABSL_GUARDED_BY(clerk_mutex_);
  std::thread watcher_;
  std::thread clerk_thread_;
};

}  // namespace branchline

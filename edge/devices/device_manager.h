#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "branchline/v1/device.pb.h"
#include "branchline/v1/edge_admin.pb.h"
#include "branchline/v1/till_devices.pb.h"
#include "devices/payment/payment_book.h"
#include "devices/scale/scale_reading.h"
#include "edge/devices/device_host.h"
#include "edge/devices/device_plan.h"
#include "edge/devices/display_host.h"
#include "edge/devices/drawer_keeper.h"
#include "edge/devices/payment_host.h"
#include "edge/devices/printer_host.h"
#include "edge/devices/receipt_source.h"
#include "edge/devices/scale_host.h"
#include "edge/devices/scan_feed.h"
#include "edge/devices/scanner_host.h"
#include "sync/base/clock.h"
#include "sync/base/random.h"

namespace branchline {

// The devices of a branch: which till has what, each device at work on its own
// thread, and what a till may do with them. Nothing here is on the path of a
// sale: every device may be broken, and the till sells.
//
// Safe for concurrent use, but for Apply(), which one thread calls.
class DeviceManager {
 public:
  // How long a printer may be out of order before what waits for it goes to the
  // fallback: long enough to put in a roll.
  static constexpr absl::Duration kFallbackAfter = absl::Seconds(15);

  struct Options {
    std::string dir;  // of the print queues; made if it is not there
    const ReceiptSource* receipts = nullptr;
    Clock* clock = nullptr;
    Random* random = nullptr;
    // There are drawer events to take; any thread, quick.
    std::function<void()> on_drawer_event = [] {};
    // Terminals and wallets. `payments` has what they began before; their files
    // are NAME.conf, or NAME.password, in `payments_dir`. Without a book there
    // are none.
    PaymentBook* payments = nullptr;
    std::string payments_dir = {};
    std::string currency = {};  // the branch's
    // Not OK: what was begun cannot be read, so nothing is.
    std::function<absl::Status()> payments_ready = [] {
      return absl::OkStatus();
    };
  };

  // What the options name outlives the manager.
  explicit DeviceManager(Options options);
  ~DeviceManager();  // stops every device

  // From now on these devices. Those that stay as they are run on; what is
  // wrong is left out and shown in State(). Waits for the threads of those that
  // go.
  void Apply(const v1::DevicesSet& devices) ABSL_LOCKS_EXCLUDED(mutex_);

  // A device was plugged in, or its name appeared.
  void RetryNow() ABSL_LOCKS_EXCLUDED(mutex_);

  // --- Paper and drawers ---

  // Into the queue of the till's printer, or of its fallback while the first
  // cannot print; once. OK too if the till has no printer.
  //
  //   UNAVAILABLE         its printer is just being set up: again in a moment
  //   RESOURCE_EXHAUSTED  both have more waiting than a queue takes
  //   others              it cannot be printed
  absl::Status PrintPaper(const IssuedPaper& paper) ABSL_LOCKS_EXCLUDED(mutex_);
  // Again, marked as a copy, at the printer of `till`, whose name it returns.
  // The same `id` prints nothing more. A Z says no more than `reader` may see.
  //
  //   NOT_FOUND  the till has no printer
  absl::StatusOr<std::string> Reprint(absl::string_view till,
                                      const std::string& id,
                                      const IssuedPaper& paper,
                                      const std::string& reader)
      ABSL_LOCKS_EXCLUDED(mutex_);
  // Likewise, of what the journal does not give out by itself: an X, a label.
  absl::StatusOr<std::string> PrintAt(absl::string_view till,
                                      const std::string& id,
                                      const DrawnPaper& paper, bool as_copy)
      ABSL_LOCKS_EXCLUDED(mutex_);
  // OK if `till` has a printer at work.
  //   NOT_FOUND  it has none
  absl::Status CheckPrinter(absl::string_view till) const
      ABSL_LOCKS_EXCLUDED(mutex_);
  // What stands on every receipt beside the sale, as the devices were set up.
  v1::ReceiptText ReceiptText() const ABSL_LOCKS_EXCLUDED(mutex_) {
    return Plan()->receipt;
  }
  // What waits at a printer that has been out of order for kFallbackAfter goes
  // to the fallback of its till. Call it every second or so.
  void MoveStuckReceipts() ABSL_LOCKS_EXCLUDED(mutex_);

  // A sale or return of `till` is on disk just now: opens its drawer if cash
  // went in or out. Never waits for the device.
  void OnSold(absl::string_view till, const v1::Event& event)
      ABSL_LOCKS_EXCLUDED(mutex_);
  // The drawer of `till`.
  //   NOT_FOUND  it has none
  absl::StatusOr<std::string> DrawerOf(absl::string_view till) const
      ABSL_LOCKS_EXCLUDED(mutex_);
  // Sends the pulse. `recorded`: the command stands in the journal already.
  //
  //   NOT_FOUND    no such drawer
  //   UNAVAILABLE  its printer is not there: open it by its key
  absl::Status OpenDrawer(const std::string& drawer, v1::DrawerReason reason,
                          absl::string_view user, absl::string_view receipt_no,
                          bool recorded) ABSL_LOCKS_EXCLUDED(mutex_);
  // What drawers have done since, for the journal, with the till of each (empty
  // where several share it). Give back what could not be written.
  struct DrawerEvents {
    std::string drawer;
    std::string till;
    std::vector<v1::DrawerRecorded> events;
  };
  std::vector<DrawerEvents> TakeDrawerEvents() ABSL_LOCKS_EXCLUDED(mutex_);
  void GiveBack(DrawerEvents events) ABSL_LOCKS_EXCLUDED(mutex_);

  // --- The till's other devices ---

  ScanFeed& scans() { return scans_; }
  //   NOT_FOUND  the till has no scale; others: see ScaleDriver::Take(), Zero()
  absl::StatusOr<ScaleReading> TakeWeight(absl::string_view till)
      ABSL_LOCKS_EXCLUDED(mutex_);
  absl::Status ZeroScale(absl::string_view till) ABSL_LOCKS_EXCLUDED(mutex_);
  //   NOT_FOUND  the till has no display
  absl::Status Show(absl::string_view till, const DisplayText& text)
      ABSL_LOCKS_EXCLUDED(mutex_);

  // --- Payments ---

  // Null if it is not at work, or moves no money.
  std::shared_ptr<PaymentHost> FindPayer(const std::string& device) const
      ABSL_LOCKS_EXCLUDED(mutex_);
  // The device that pays at `till`: `device` if it is its own; else its
  // terminal, or, with a code, its wallet of the code's kind.
  //
  //   NOT_FOUND         the till has none, or not that one
  //   UNAVAILABLE       it is not at work; see States()
  //   INVALID_ARGUMENT  nobody's code
  absl::StatusOr<std::shared_ptr<PaymentHost>> PayerOf(
      absl::string_view till, const std::string& device,
      absl::string_view code) const ABSL_LOCKS_EXCLUDED(mutex_);

  // --- For people ---

  // Of all devices, or of one till's.
  std::vector<v1::DeviceState> States(absl::string_view till = "") const
      ABSL_LOCKS_EXCLUDED(mutex_);
  // What of the configuration was left out; empty: nothing.
  std::string Troubles() const ABSL_LOCKS_EXCLUDED(mutex_);
  bool HasDrawerAlarm() const ABSL_LOCKS_EXCLUDED(mutex_);
  // See DeviceHost::Test(). A drawer is opened, which goes into the journal
  // under `user`.
  //   NOT_FOUND  no such device
  absl::Status Test(const std::string& device, absl::string_view user,
                    absl::Duration wait, v1::TestDeviceResponse* response)
      ABSL_LOCKS_EXCLUDED(mutex_);

 private:
  using Printers = std::vector<std::shared_ptr<PrinterHost>>;

  absl::StatusOr<std::shared_ptr<DeviceHost>> MakeHost(
      const v1::Device& device);
  absl::StatusOr<std::unique_ptr<DeviceHost>> MakePayer(
      const v1::Device& device);
  // Stops and forgets what `plan` does not have as it is.
  void DropOld(const DevicePlan& plan) ABSL_LOCKS_EXCLUDED(mutex_);
  void MakeDrawers(const DevicePlan& plan) ABSL_LOCKS_EXCLUDED(mutex_);
  void OnScan(const std::string& scanner, const Scan& scan)
      ABSL_LOCKS_EXCLUDED(mutex_);
  void OnPin(const std::string& printer, std::optional<bool> high)
      ABSL_LOCKS_EXCLUDED(mutex_);
  // What a cut in the middle of MoveStuckReceipts() left at two printers.
  void ForgetMoved(const std::vector<std::shared_ptr<DeviceHost>>& fresh)
      ABSL_LOCKS_EXCLUDED(mutex_);
  // Receipts that wait for a printer that is no more.
  std::vector<std::string> Orphans(const DevicePlan& plan) const;

  std::shared_ptr<const DevicePlan> Plan() const ABSL_LOCKS_EXCLUDED(mutex_);
  // Null if it is not at work.
  template <typename Host>
  std::shared_ptr<Host> Find(const std::string& name) const
      ABSL_LOCKS_EXCLUDED(mutex_);
  // The printer of `till` and its fallback, as far as they are at work, the one
  // that can print first.
  Printers PrintersOf(const v1::TillDevices& till) const
      ABSL_LOCKS_EXCLUDED(mutex_);
  absl::StatusOr<Printers> PrintersAt(absl::string_view till) const
      ABSL_LOCKS_EXCLUDED(mutex_);
  void MoveFrom(PrinterHost& from, PrinterHost& to, absl::string_view till,
                const v1::ReceiptText& text);
  absl::Status TestDrawer(const std::string& drawer, absl::string_view user,
                          absl::Duration wait, v1::TestDeviceResponse* response)
      ABSL_LOCKS_EXCLUDED(mutex_);

  const Options o_;
  ScanFeed scans_;

  mutable absl::Mutex mutex_;
  std::shared_ptr<const DevicePlan> plan_ ABSL_GUARDED_BY(mutex_);
  std::map<std::string, std::shared_ptr<DeviceHost>> hosts_
      ABSL_GUARDED_BY(mutex_);
  std::map<std::string, std::shared_ptr<DrawerKeeper>> drawers_
      ABSL_GUARDED_BY(mutex_);
  std::vector<std::string> troubles_ ABSL_GUARDED_BY(mutex_);
  bool applying_ ABSL_GUARDED_BY(mutex_) = true;  // until the first Apply()
  // Since when a printer cannot print; not there: it can.
  std::map<std::string, absl::Duration> stuck_since_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace branchline

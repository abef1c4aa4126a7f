#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "branchline/v1/device.pb.h"
#include "devices/drawer/cash_drawer.h"
#include "devices/printer/receipt_document.h"
#include "sync/base/clock.h"

namespace branchline {

// One cash drawer: what it was told and what its switch says, as events for the
// journal. The pulse itself is its printer's. Safe for concurrent use.
class DrawerKeeper {
 public:
  // `on_event` is called, on the thread that brought it about, when there is
  // something to take. `clock` outlives the keeper.
  DrawerKeeper(const v1::Device& drawer, const Clock* clock,
               std::function<void()> on_event);

  // The pulse is about to be sent. `recorded`: the command stands in the
  // journal already. See CashDrawer::OnCommand() for errors.
  absl::Status OnCommand(v1::DrawerReason reason, absl::string_view user,
                         absl::string_view receipt_no, bool recorded)
      ABSL_LOCKS_EXCLUDED(mutex_);
  // The level of its switch, or nothing while its printer says nothing. To be
  // called often: it also tells the time.
  void OnPin(std::optional<bool> high) ABSL_LOCKS_EXCLUDED(mutex_);

  // What is to be put into the journal, oldest first.
  std::vector<v1::DrawerRecorded> TakeEvents() ABSL_LOCKS_EXCLUDED(mutex_);
  // Back to the front of what waits: it could not be written.
  void GiveBack(std::vector<v1::DrawerRecorded> events)
      ABSL_LOCKS_EXCLUDED(mutex_);

  // Of the drawer alone; its printer decides whether it is ready.
  v1::DeviceState State() const ABSL_LOCKS_EXCLUDED(mutex_);
  bool IsOpenTooLong() const ABSL_LOCKS_EXCLUDED(mutex_);
  std::optional<bool> pin() const ABSL_LOCKS_EXCLUDED(mutex_);

  const v1::Device& device() const { return device_; }
  DrawerBlock pulse() const;

 private:
  // Moves what the machine has to say into ready_. True: there was something.
  bool Collect(bool without_command) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  const v1::Device device_;
  const Clock& clock_;
  const std::function<void()> on_event_;

  mutable absl::Mutex mutex_;
  CashDrawer machine_ ABSL_GUARDED_BY(mutex_);
  std::vector<v1::DrawerRecorded> ready_ ABSL_GUARDED_BY(mutex_);
  std::string receipt_no_ ABSL_GUARDED_BY(mutex_);  // of the last command
  std::optional<bool> pin_ ABSL_GUARDED_BY(mutex_);
  std::optional<absl::Duration> open_since_ ABSL_GUARDED_BY(mutex_);
  bool too_long_ ABSL_GUARDED_BY(mutex_) = false;
};

}  // namespace branchline

#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "devices/printer/file_print_job_store.h"
#include "devices/printer/glyph_source.h"
#include "devices/printer/printer_driver.h"
#include "devices/printer/receipt_encoder.h"
#include "devices/transport/device_address.h"
#include "edge/devices/device_host.h"
#include "edge/receipt/paper.h"

namespace branchline {

// One receipt printer at work, with its queue in a folder of its own.
class PrinterHost final : public DeviceHost {
 public:
  // Called on the printer's thread after each step: the level of the drawer's
  // switch, or nothing while the printer says nothing.
  using OnPin = std::function<void(std::optional<bool> high)>;

  // Loads the queue of `queue_dir`, which is made if it is not there. `clock`
  // and `random` outlive the host.
  //
  //   NOT_FOUND, PERMISSION_DENIED, DATA_LOSS  the queue's folder
  static absl::StatusOr<std::unique_ptr<PrinterHost>> Make(
      const v1::Device& device, const std::string& queue_dir, Clock* clock,
      Random* random, OnPin on_pin);
  ~PrinterHost() override { Stop(); }

  // Puts the paper into the queue, on disk, once for each id: an original, or
  // from the start a copy.
  //
  //   RESOURCE_EXHAUSTED  too many wait; look after the printer
  //   INVALID_ARGUMENT    it cannot be printed at all
  //   DATA_LOSS           the disk: not queued
  absl::Status Print(const std::string& id, const DrawnPaper& paper,
                     bool as_copy) ABSL_LOCKS_EXCLUDED(encoder_mutex_);

  bool Has(absl::string_view id) const;
  // Whether a slip that is sent now can come out, as far as it has said.
  bool CanPrint() const;

  // It says that it cannot print, or could not be reached. Not while it has
  // only not been asked yet: a fallback is not for the second of a
  // reconnection.
  bool IsOutOfOrder() const;

  PrinterDriver& driver() { return *driver_; }
  const PrinterDriver& driver() const { return *driver_; }

  void RetryNow() override { driver_->RetryNow(); }
  v1::DeviceState State() const override;
  void Test(absl::Duration wait, v1::TestDeviceResponse* response) override;

 private:
  PrinterHost(const v1::Device& device, const PrinterProfile& profile,
              FilePrintJobStore store, Clock* clock, OnPin on_pin);
  void Step() override;
  absl::Status Encode(const DrawnPaper& paper, std::string* original,
                      std::string* copy) ABSL_LOCKS_EXCLUDED(encoder_mutex_);

  const PrinterProfile profile_;
  FilePrintJobStore store_;
  Clock* const clock_;
  const OnPin on_pin_;
  std::unique_ptr<PrinterDriver> driver_;

  absl::Mutex encoder_mutex_;
  std::unique_ptr<GlyphSource> glyphs_ ABSL_GUARDED_BY(encoder_mutex_);
  std::optional<ReceiptEncoder> encoder_ ABSL_GUARDED_BY(encoder_mutex_);
};

}  // namespace branchline

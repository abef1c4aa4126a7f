#include "edge/devices/printer_host.h"

#include <spdlog/spdlog.h>

#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/synchronization/notification.h"
#include "sync/base/status_macros.h"

namespace branchline {
namespace {

// How long a slip or a pulse may wait behind the printer's silence: a person
// does not notice, and an idle printer costs next to nothing.

ReceiptModel TestReceipt(const v1::Device& device) {
  ReceiptModel receipt;
  receipt.language = "en";
  receipt.copy_mark = "*** COPY ***";
  receipt.head = {"PRINTER TEST", device.name(), device.model(),
                  device.address()};
  receipt.receipt_no = "0123456789";
  receipt.lines = {{"Plain letters", "", "1.00", "", {}},
                   {"Café crème, Grüße", "", "2.00", "", {}},
                   {"中文 繁體 日本語", "", "3.00", "", {}},
                   {"Signs: € £ ¥", "", "4.00", "", {}}};
  receipt.total = {"TOTAL", "10.00"};
  receipt.foot = {"If every amount ends in one column and this",
                  "slip is cut, the printer is set up right."};
  receipt.qr = "branchline printer test";
  return receipt;
}

}  // namespace

PrinterHost::PrinterHost(const v1::Device& device,
                         const PrinterProfile& profile, FilePrintJobStore store,
                         Clock* clock, OnPin on_pin)
    : DeviceHost(device),
      profile_(profile),
      store_(std::move(store)),
      clock_(clock),
      on_pin_(std::move(on_pin)) {}

absl::StatusOr<std::unique_ptr<PrinterHost>> PrinterHost::Make(
    const v1::Device& device, const std::string& queue_dir, Clock* clock,
    Random* random, OnPin on_pin) {
  BL_ASSIGN_OR_RETURN(const PrinterProfile profile,
                      FindProfile(device.model()));
  BL_ASSIGN_OR_RETURN(const DeviceAddress address,
                      ParseDeviceAddress(device.address()));
  BL_ASSIGN_OR_RETURN(FilePrintJobStore store,
                      FilePrintJobStore::Open(queue_dir));
  std::unique_ptr<PrinterHost> host(new PrinterHost(
      device, profile, std::move(store), clock, std::move(on_pin)));
  BL_ASSIGN_OR_RETURN(host->driver_,
                      PrinterDriver::Make(profile, MakeTransport(address),
                                          &host->store_, clock, random));
  return host;
}

absl::Status PrinterHost::Encode(const DrawnPaper& paper, std::string* original,
                                 std::string* copy) {
  absl::MutexLock lock(&encoder_mutex_);
  if (!encoder_.has_value()) {
    auto fonts = OpenFonts(DefaultFontFiles());
    if (fonts.ok()) {
      glyphs_ = *std::move(fonts);
    } else {
      spdlog::warn("printer {}: what it has no character for prints as ?: {}",
                   device().name(), std::string(fonts.status().message()));
    }
    BL_ASSIGN_OR_RETURN(ReceiptEncoder made,
                        ReceiptEncoder::Make(profile_, glyphs_.get()));
    encoder_.emplace(std::move(made));
  }
  const ReceiptDocument document = paper.draw(profile_.columns);
  BL_ASSIGN_OR_RETURN(*original, encoder_->Encode(document));
  BL_ASSIGN_OR_RETURN(*copy, encoder_->EncodeCopy(document, paper.copy_mark));
  return absl::OkStatus();
}

absl::Status PrinterHost::Print(const std::string& id, const DrawnPaper& paper,
                                bool as_copy) {
  std::string original;
  std::string copy;
  BL_RETURN_IF_ERROR(Encode(paper, &original, &copy));
  return driver_->Print(id, as_copy ? copy : std::move(original), copy);
}

bool PrinterHost::Has(absl::string_view id) const {
  for (const PrintJob& job : driver_->Jobs()) {
    if (job.id == id) return true;
  }
  return false;
}

bool PrinterHost::CanPrint() const {
  const PrinterReport report = driver_->Report();
  return report.link.open && report.status.has_value() &&
         report.status->CanPrint();
}

bool PrinterHost::IsOutOfOrder() const {
  const PrinterReport report = driver_->Report();
  if (!report.link.open) return !report.link.last_error.empty();
  return report.status.has_value() && !report.status->CanPrint();
}

void PrinterHost::Step() {
  driver_->Step(kQuickStepWait);
  if (on_pin_ == nullptr) return;
  const PrinterReport report = driver_->Report();
  on_pin_(report.link.open && report.status.has_value()
              ? std::optional(report.status->drawer_pin_high)
              : std::nullopt);
}

v1::DeviceState PrinterHost::State() const {
  const PrinterReport report = driver_->Report();
  v1::DeviceState state = StateOf(report.link);
  state.set_waiting_jobs(static_cast<uint32_t>(report.waiting_jobs));
  state.set_failed_jobs(static_cast<uint32_t>(report.failed_jobs));
  if (report.link.open) {
    state.set_ready(report.status.has_value() && report.status->CanPrint());
    state.set_says(report.status.has_value() ? ToText(*report.status)
                                             : "asked, no answer yet");
  }
  if (!report.last_trouble.empty()) {
    state.set_says(
        absl::StrCat(state.says(), "; its queue: ", report.last_trouble));
  }
  return state;
}

void PrinterHost::Test(absl::Duration wait, v1::TestDeviceResponse* response) {
  const absl::Duration now = clock_->MonotonicNow();
  const std::string id = absl::StrCat("test:", absl::ToInt64Nanoseconds(now));
  const absl::Status queued =
      Print(id, PaperOf(TestReceipt(device())), /*as_copy=*/false);
  if (!queued.ok()) {
    response->add_lines(std::string(queued.message()));
    return;
  }
  response->add_lines("a test slip is in the queue");
  PrintState state = PrintState::kWaiting;
  absl::Notification never;
  while (clock_->MonotonicNow() - now < wait) {
    for (const PrintJob& job : driver_->Jobs()) {
      if (job.id == id) state = job.state;
    }
    if (state == PrintState::kPrinted || state == PrintState::kFailed) break;
    never.WaitForNotificationWithTimeout(kTestPoll);
  }
  response->add_lines(absl::StrCat("the slip is: ", ToText(state)));
  response->add_lines(absl::StrCat("the printer says: ", State().says()));
  response->set_passed(state == PrintState::kPrinted);
  if (state == PrintState::kWaiting && driver_->Hold(id).ok() &&
      driver_->Withdraw(id).ok()) {
    response->add_lines("taken out of the queue again: nothing was sent");
  }
}

}  // namespace branchline

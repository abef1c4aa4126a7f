// DeviceManager's paper and drawers.

#include <spdlog/spdlog.h>

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/synchronization/notification.h"
#include "edge/devices/device_manager.h"
#include "sync/base/status_macros.h"

namespace branchline {
namespace {

// Whether money went into the drawer, or out of it.
template <typename Document>
bool HasCash(const Document& document) {
  return std::any_of(document.tenders().begin(), document.tenders().end(),
                     [](const v1::Tender& tender) {
                       return tender.kind() == v1::TENDER_KIND_CASH &&
                              tender.amount_minor() != 0;
                     });
}

// Nobody signs on yet at every till; somebody stood there all the same.
std::string UserOf(absl::string_view till, const v1::Event& event) {
  return event.staff().empty() ? absl::StrCat("till ", till) : event.staff();
}

}  // namespace

DeviceManager::Printers DeviceManager::PrintersOf(
    const v1::TillDevices& till) const {
  Printers printers;
  for (const std::string& name : {till.printer(), till.fallback_printer()}) {
    if (auto printer = Find<PrinterHost>(name); printer != nullptr) {
      printers.push_back(std::move(printer));
    }
  }
  if (printers.size() == 2 && printers[0]->IsOutOfOrder() &&
      printers[1]->CanPrint()) {
    std::swap(printers[0], printers[1]);
  }
  return printers;
}

absl::Status DeviceManager::PrintPaper(const IssuedPaper& paper) {
  const std::shared_ptr<const DevicePlan> plan = Plan();
  const v1::TillDevices& till = plan->Of(paper.till);
  {
    absl::MutexLock lock(&mutex_);
    if (applying_) {
      return absl::UnavailableError("the devices are just being set up");
    }
  }
  if (till.printer().empty() && till.fallback_printer().empty()) {
    return absl::OkStatus();
  }
  const Printers printers = PrintersOf(till);
  if (printers.empty()) {
    return absl::FailedPreconditionError(absl::StrCat(
        "printer ", till.printer(), " of till ", till.till(),
        " could not be set up; mend its configuration, then reprint"));
  }
  for (const auto& printer : printers) {
    if (printer->Has(paper.id)) return absl::OkStatus();
  }
  BL_ASSIGN_OR_RETURN(
      const DrawnPaper drawn,
      o_.receipts->Draw(paper, plan->receipt, paper.event.staff()));
  absl::Status status;
  for (const auto& printer : printers) {
    status = printer->Print(paper.id, drawn, /*as_copy=*/false);
    if (!absl::IsResourceExhausted(status)) break;
  }
  return status;
}

absl::StatusOr<DeviceManager::Printers> DeviceManager::PrintersAt(
    absl::string_view till) const {
  Printers printers = PrintersOf(Plan()->Of(till));
  if (!printers.empty()) return printers;
  return absl::NotFoundError(
      absl::StrCat("till ", till, " has no printer; ask at another till"));
}

absl::Status DeviceManager::CheckPrinter(absl::string_view till) const {
  return PrintersAt(till).status();
}

absl::StatusOr<std::string> DeviceManager::PrintAt(absl::string_view till,
                                                   const std::string& id,
                                                   const DrawnPaper& paper,
                                                   bool as_copy) {
  BL_ASSIGN_OR_RETURN(const Printers printers, PrintersAt(till));
  for (const auto& printer : printers) {
    if (printer->Has(id)) return printer->device().name();
  }
  BL_RETURN_IF_ERROR(printers[0]->Print(id, paper, as_copy));
  return printers[0]->device().name();
}

absl::StatusOr<std::string> DeviceManager::Reprint(absl::string_view till,
                                                   const std::string& id,
                                                   const IssuedPaper& paper,
                                                   const std::string& reader) {
  BL_ASSIGN_OR_RETURN(const DrawnPaper drawn,
                      o_.receipts->Draw(paper, ReceiptText(), reader));
  return PrintAt(till, id, drawn, /*as_copy=*/true);
}

void DeviceManager::MoveStuckReceipts() {
  const std::shared_ptr<const DevicePlan> plan = Plan();
  const absl::Duration now = o_.clock->MonotonicNow();
  for (const auto& [name, till] : plan->tills) {
    const auto from = Find<PrinterHost>(till.printer());
    const auto to = Find<PrinterHost>(till.fallback_printer());
    if (from == nullptr || to == nullptr) continue;
    bool stuck = false;
    {
      const bool can = from->CanPrint();
      absl::MutexLock lock(&mutex_);
      if (can) {
        stuck_since_.erase(till.printer());
        continue;
      }
      stuck =
          now - stuck_since_.try_emplace(till.printer(), now).first->second >=
          kFallbackAfter;
    }
    if (stuck && to->CanPrint()) MoveFrom(*from, *to, name, plan->receipt);
  }
}

void DeviceManager::MoveFrom(PrinterHost& from, PrinterHost& to,
                             absl::string_view till,
                             const v1::ReceiptText& text) {
  for (const PrintJob& job : from.driver().Jobs()) {
    if (job.state != PrintState::kWaiting || job.is_copy ||
        TillOfPaper(job.id) != till) {
      continue;
    }
    // From here on it does not begin there. A cut before Withdraw() leaves it
    // at both, and ForgetMoved() takes it from the first at the next start.
    if (!from.driver().Hold(job.id).ok()) continue;
    absl::Status moved;
    if (const auto issued = o_.receipts->Find(job.id); issued.ok()) {
      const auto paper =
          o_.receipts->Draw(*issued, text, issued->event.staff());
      moved = paper.ok() ? to.Print(job.id, *paper, /*as_copy=*/false)
                         : paper.status();
    } else {
      moved = issued.status();
    }
    if (!moved.ok()) {
      from.driver().Release(job.id);
      spdlog::warn("paper {} stays at printer {}: {}", job.id,
                   from.device().name(), std::string(moved.message()));
      return;
    }
    if (moved = from.driver().Withdraw(job.id); !moved.ok()) {
      spdlog::error("printer {}: {}", from.device().name(),
                    std::string(moved.message()));
    }
    spdlog::info("paper {} goes to printer {}: {} cannot print", job.id,
                 to.device().name(), from.device().name());
  }
}

void DeviceManager::OnSold(absl::string_view till, const v1::Event& event) {
  const bool is_sale = event.has_sale();
  if (!(is_sale ? HasCash(event.sale()) : HasCash(event.return_()))) return;
  const std::string drawer = Plan()->Of(till).drawer();
  if (drawer.empty()) return;
  const absl::Status opened = OpenDrawer(
      drawer, is_sale ? v1::DRAWER_REASON_SALE : v1::DRAWER_REASON_RETURN,
      UserOf(till, event),
      is_sale ? event.sale().receipt_no() : event.return_().receipt_no(),
      /*recorded=*/false);
  if (!opened.ok()) {
    spdlog::warn("drawer {}: {}", drawer, std::string(opened.message()));
  }
}

absl::StatusOr<std::string> DeviceManager::DrawerOf(
    absl::string_view till) const {
  std::string drawer = Plan()->Of(till).drawer();
  if (drawer.empty()) {
    return absl::NotFoundError(absl::StrCat("till ", till, " has no drawer"));
  }
  return drawer;
}

absl::Status DeviceManager::OpenDrawer(const std::string& drawer,
                                       v1::DrawerReason reason,
                                       absl::string_view user,
                                       absl::string_view receipt_no,
                                       bool recorded) {
  std::shared_ptr<DrawerKeeper> keeper;
  {
    absl::MutexLock lock(&mutex_);
    const auto it = drawers_.find(drawer);
    if (it == drawers_.end()) {
      return absl::NotFoundError(
          absl::StrCat("there is no drawer '", drawer, "'"));
    }
    keeper = it->second;
  }
  BL_RETURN_IF_ERROR(keeper->OnCommand(reason, user, receipt_no, recorded));
  const auto printer = Find<PrinterHost>(keeper->device().printer());
  if (printer == nullptr) {
    return absl::UnavailableError(
        absl::StrCat("printer ", keeper->device().printer(),
                     ", which opens it, is not at work; open it by its key"));
  }
  return printer->driver().OpenDrawer(keeper->pulse());
}

void DeviceManager::OnPin(const std::string& printer,
                          std::optional<bool> high) {
  std::vector<std::shared_ptr<DrawerKeeper>> drawers;
  {
    absl::MutexLock lock(&mutex_);
    for (const auto& [name, drawer] : drawers_) {
      if (drawer->device().printer() == printer) drawers.push_back(drawer);
    }
  }
  for (const auto& drawer : drawers) drawer->OnPin(high);
}

std::vector<DeviceManager::DrawerEvents> DeviceManager::TakeDrawerEvents() {
  std::vector<DrawerEvents> all;
  absl::MutexLock lock(&mutex_);
  for (const auto& [name, drawer] : drawers_) {
    DrawerEvents taken;
    taken.drawer = name;
    taken.events = drawer->TakeEvents();
    if (taken.events.empty()) continue;
    int tills = 0;
    for (const auto& [till, devices] : plan_->tills) {
      if (devices.drawer() != name) continue;
      taken.till = till;
      ++tills;
    }
    if (tills != 1) taken.till.clear();
    all.push_back(std::move(taken));
  }
  return all;
}

void DeviceManager::GiveBack(DrawerEvents events) {
  absl::MutexLock lock(&mutex_);
  const auto it = drawers_.find(events.drawer);
  if (it != drawers_.end()) it->second->GiveBack(std::move(events.events));
}

absl::Status DeviceManager::Test(const std::string& device,
                                 absl::string_view user, absl::Duration wait,
                                 v1::TestDeviceResponse* response) {
  std::shared_ptr<DeviceHost> host;
  bool is_drawer = false;
  {
    absl::MutexLock lock(&mutex_);
    is_drawer = drawers_.count(device) > 0;
    if (const auto it = hosts_.find(device); it != hosts_.end()) {
      host = it->second;
    }
  }
  if (is_drawer) return TestDrawer(device, user, wait, response);
  if (host == nullptr) {
    return absl::NotFoundError(
        absl::StrCat("there is no device '", device,
                     "' at work; 'branchline devices list' shows them"));
  }
  host->Test(wait, response);
  return absl::OkStatus();
}

absl::Status DeviceManager::TestDrawer(const std::string& drawer,
                                       absl::string_view user,
                                       absl::Duration wait,
                                       v1::TestDeviceResponse* response) {
  std::shared_ptr<DrawerKeeper> keeper;
  {
    absl::MutexLock lock(&mutex_);
    if (const auto it = drawers_.find(drawer); it != drawers_.end()) {
      keeper = it->second;
    }
  }
  if (keeper == nullptr) return absl::OkStatus();  // configured away just now
  const std::optional<bool> before = keeper->pin();
  BL_RETURN_IF_ERROR(OpenDrawer(drawer, v1::DRAWER_REASON_TEST, user, "",
                                /*recorded=*/false));
  response->add_lines("the pulse is sent, and stands in the journal");
  const absl::Duration until = o_.clock->MonotonicNow() + wait;
  absl::Notification never;
  while (keeper->pin() == before && o_.clock->MonotonicNow() < until) {
    never.WaitForNotificationWithTimeout(kTestPoll);
  }
  const std::optional<bool> after = keeper->pin();
  if (!before.has_value() || !after.has_value()) {
    response->add_lines("its printer says nothing about a switch");
  } else if (*before == *after) {
    response->add_lines(
        absl::StrCat("its switch stayed ", *after ? "high" : "low",
                     ": it did not open, was open already, or has no switch"));
    // A drawer without a switch can do no better.
    response->set_passed(keeper->device().open_level().empty());
  } else {
    response->add_lines(absl::StrCat("its switch went from ",
                                     *before ? "high" : "low", " to ",
                                     *after ? "high" : "low"));
    response->set_passed(true);
    const std::string level = *after ? "high" : "low";
    if (keeper->device().open_level() != level) {
      response->add_lines(
          absl::StrCat("if it was shut before, its open_level is ", level));
    }
  }
  return absl::OkStatus();
}

}  // namespace branchline

// DeviceManager's devices: what is configured, at work, and seen.

#include "edge/devices/device_manager.h"

#include <spdlog/spdlog.h>

#include <filesystem>
#include <system_error>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/strip.h"
#include "devices/barcode/scan_code.h"
#include "sync/base/status_macros.h"
#include "sync/identity/secret_file.h"

namespace branchline {
namespace {

constexpr absl::string_view kQueuePrefix = "print-";

// One scan as the till is told of it. `today` decides a date's century.
v1::ScanRead ReadScanFor(const std::string& scanner, const Scan& scan,
                         const MeasureRules& rules, absl::CivilDay today) {
  v1::ScanRead read;
  read.set_scanner(scanner);
  const absl::StatusOr<ScanCode> code = ReadScan(scan.text, rules, today);
  if (!code.ok()) {
    read.set_text(scan.text);
    read.set_error(std::string(code.status().message()));
    return read;
  }
  read.set_text(code->text);
  read.set_aim(code->aim);
  read.set_gtin(code->content.gtin);
  read.set_lot(code->content.lot);
  read.set_serial(code->content.serial);
  if (code->content.expiry.has_value()) {
    const absl::CivilDay day = *code->content.expiry;
    read.set_expiry(static_cast<uint32_t>(day.year() * 10'000 +
                                          day.month() * 100 + day.day()));
  }
  if (code->content.quantity_milli.has_value()) {
    // Kilograms in thousandths are grams.
    if (code->content.quantity_is_weight) {
      read.set_weight_grams(*code->content.quantity_milli);
    } else {
      read.set_count(*code->content.quantity_milli / 1'000);
    }
  }
  if (code->content.price_minor.has_value()) {
    read.set_price_minor(*code->content.price_minor);
  }
  if (code->measure.has_value()) {
    read.set_item(code->measure->item);
    switch (code->measure->kind) {
      case MeasureKind::kWeight:
        read.set_weight_grams(code->measure->value);
        break;
      case MeasureKind::kPrice:
      case MeasureKind::kReduced:
        read.set_price_minor(code->measure->value);
        break;
      case MeasureKind::kPieces:
        read.set_count(code->measure->value / 1'000);
        break;
    }
  }
  return read;
}

}  // namespace

DeviceManager::DeviceManager(Options options)
    : o_(std::move(options)),
      scans_(o_.clock),
      plan_(std::make_shared<DevicePlan>()) {}

DeviceManager::~DeviceManager() {
  scans_.Stop();
  std::map<std::string, std::shared_ptr<DeviceHost>> hosts;
  {
    absl::MutexLock lock(&mutex_);
    hosts.swap(hosts_);
  }
  hosts.clear();  // joins their threads, which may still call back
}

std::shared_ptr<const DevicePlan> DeviceManager::Plan() const {
  absl::MutexLock lock(&mutex_);
  return plan_;
}

template <typename Host>
std::shared_ptr<Host> DeviceManager::Find(const std::string& name) const {
  absl::MutexLock lock(&mutex_);
  const auto it = hosts_.find(name);
  return it == hosts_.end() ? nullptr
                            : std::dynamic_pointer_cast<Host>(it->second);
}
template std::shared_ptr<PrinterHost> DeviceManager::Find<PrinterHost>(
    const std::string&) const;
template std::shared_ptr<PaymentHost> DeviceManager::Find<PaymentHost>(
    const std::string&) const;

void DeviceManager::DropOld(const DevicePlan& plan) {
  std::vector<std::shared_ptr<DeviceHost>> old;
  {
    absl::MutexLock lock(&mutex_);
    for (auto it = hosts_.begin(); it != hosts_.end();) {
      const auto planned = plan.devices.find(it->first);
      const bool stays = planned != plan.devices.end() &&
                         planned->second.SerializeAsString() ==
                             it->second->device().SerializeAsString();
      if (stays) {
        ++it;
        continue;
      }
      old.push_back(std::move(it->second));
      it = hosts_.erase(it);
    }
  }
  // Here their threads end and their ports are free, unless somebody is just
  // using one, for a moment more.
  old.clear();
}

void DeviceManager::MakeDrawers(const DevicePlan& plan) {
  absl::MutexLock lock(&mutex_);
  std::map<std::string, std::shared_ptr<DrawerKeeper>> drawers;
  for (const auto& [name, device] : plan.devices) {
    if (device.kind() != v1::DEVICE_KIND_DRAWER) continue;
    const auto known = drawers_.find(name);
    const bool stays = known != drawers_.end() &&
                       known->second->device().SerializeAsString() ==
                           device.SerializeAsString();
    drawers[name] = stays ? known->second
                          : std::make_shared<DrawerKeeper>(device, o_.clock,
                                                           o_.on_drawer_event);
  }
  drawers_ = std::move(drawers);
}

absl::StatusOr<std::shared_ptr<DeviceHost>> DeviceManager::MakeHost(
    const v1::Device& device) {
  const std::string& name = device.name();
  std::unique_ptr<DeviceHost> host;
  switch (device.kind()) {
    case v1::DEVICE_KIND_PRINTER: {
      BL_ASSIGN_OR_RETURN(
          host,
          PrinterHost::Make(
              device, absl::StrCat(o_.dir, "/", kQueuePrefix, name), o_.clock,
              o_.random,
              [this, name](std::optional<bool> high) { OnPin(name, high); }));
      break;
    }
    case v1::DEVICE_KIND_SCANNER: {
      BL_ASSIGN_OR_RETURN(
          host, ScannerHost::Make(
                    device, o_.clock, o_.random,
                    [this, name](const Scan& scan) { OnScan(name, scan); }));
      break;
    }
    case v1::DEVICE_KIND_SCALE: {
      BL_ASSIGN_OR_RETURN(host, ScaleHost::Make(device, o_.clock, o_.random));
      break;
    }
    case v1::DEVICE_KIND_DISPLAY: {
      BL_ASSIGN_OR_RETURN(host, DisplayHost::Make(device, o_.clock, o_.random));
      break;
    }
    case v1::DEVICE_KIND_TERMINAL:
    case v1::DEVICE_KIND_WALLET: {
      BL_ASSIGN_OR_RETURN(host, MakePayer(device));
      break;
    }
    default:
      break;  // a drawer is its printer's
  }
  return std::shared_ptr<DeviceHost>(std::move(host));
}

void DeviceManager::Apply(const v1::DevicesSet& devices) {
  auto plan = std::make_shared<const DevicePlan>(MakeDevicePlan(devices));
  std::vector<std::string> troubles = plan->troubles;
  {
    absl::MutexLock lock(&mutex_);
    applying_ = true;
    plan_ = plan;
  }
  DropOld(*plan);
  MakeDrawers(*plan);
  if (absl::Status made = MakeSecretDir(o_.dir); !made.ok()) {
    troubles.push_back(std::string(made.message()));
  }
  std::vector<std::shared_ptr<DeviceHost>> fresh;
  for (const auto& [name, device] : plan->devices) {
    {
      absl::MutexLock lock(&mutex_);
      if (hosts_.count(name) > 0) continue;
    }
    absl::StatusOr<std::shared_ptr<DeviceHost>> host = MakeHost(device);
    if (!host.ok()) {
      troubles.push_back(
          absl::StrCat("device ", name, ": ", host.status().message()));
    } else if (*host != nullptr) {
      fresh.push_back(*std::move(host));
    }
  }
  ForgetMoved(fresh);
  for (const std::string& orphan : Orphans(*plan)) troubles.push_back(orphan);
  for (const std::string& trouble : troubles) {
    spdlog::warn("devices: {}", trouble);
  }
  absl::MutexLock lock(&mutex_);
  for (std::shared_ptr<DeviceHost>& host : fresh) {
    host->Start();
    hosts_[host->device().name()] = std::move(host);
  }
  troubles_ = std::move(troubles);
  applying_ = false;
}

void DeviceManager::ForgetMoved(
    const std::vector<std::shared_ptr<DeviceHost>>& fresh) {
  Printers printers;
  for (const auto& host : fresh) {
    if (auto printer = std::dynamic_pointer_cast<PrinterHost>(host)) {
      printers.push_back(std::move(printer));
    }
  }
  const std::shared_ptr<const DevicePlan> plan = Plan();
  for (const auto& [name, till] : plan->tills) {
    for (const auto& from : printers) {
      if (from->device().name() != till.printer()) continue;
      for (const auto& to : printers) {
        if (to->device().name() != till.fallback_printer()) continue;
        for (const PrintJob& job : from->driver().Jobs()) {
          if (TillOfPaper(job.id) != name || !to->Has(job.id)) continue;
          if (!from->driver().Hold(job.id).ok()) continue;
          if (const auto gone = from->driver().Withdraw(job.id); !gone.ok()) {
            spdlog::error("printer {}: {}", from->device().name(),
                          std::string(gone.message()));
          }
        }
      }
    }
  }
}

std::vector<std::string> DeviceManager::Orphans(const DevicePlan& plan) const {
  std::vector<std::string> orphans;
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(o_.dir, error)) {
    std::string name = entry.path().filename().string();
    if (!absl::StartsWith(name, kQueuePrefix)) continue;
    name = name.substr(kQueuePrefix.size());
    const auto it = plan.devices.find(name);
    if (it != plan.devices.end() &&
        it->second.kind() == v1::DEVICE_KIND_PRINTER) {
      continue;
    }
    auto store = FilePrintJobStore::Open(entry.path().string());
    if (!store.ok()) continue;
    const auto jobs = store->Load();
    if (!jobs.ok()) continue;
    int waiting = 0;
    for (const PrintJob& job : *jobs) {
      waiting +=
          job.state == PrintState::kPrinted || job.state == PrintState::kFailed
              ? 0
              : 1;
    }
    if (waiting > 0) {
      orphans.push_back(absl::StrCat(
          waiting, " slips wait for printer ", name,
          ", which is configured no more; configure it again, or reprint them "
          "and delete ",
          entry.path().string()));
    }
  }
  return orphans;
}

void DeviceManager::RetryNow() {
  absl::MutexLock lock(&mutex_);
  for (const auto& [name, host] : hosts_) host->RetryNow();
}

void DeviceManager::OnScan(const std::string& scanner, const Scan& scan) {
  const std::shared_ptr<const DevicePlan> plan = Plan();
  for (const auto& [name, till] : plan->tills) {
    for (const std::string& own : till.scanners()) {
      if (own != scanner) continue;
      const absl::CivilDay today =
          absl::ToCivilDay(o_.clock->WallNow(), o_.receipts->time_zone());
      return scans_.Put(name,
                        ReadScanFor(scanner, scan, plan->measure_rules, today),
                        scan.at);
    }
  }
}

absl::StatusOr<ScaleReading> DeviceManager::TakeWeight(absl::string_view till) {
  const auto scale = Find<ScaleHost>(Plan()->Of(till).scale());
  if (scale == nullptr) {
    return absl::NotFoundError(absl::StrCat("till ", till, " has no scale"));
  }
  return scale->driver().Take();
}

absl::Status DeviceManager::ZeroScale(absl::string_view till) {
  const auto scale = Find<ScaleHost>(Plan()->Of(till).scale());
  if (scale == nullptr) {
    return absl::NotFoundError(absl::StrCat("till ", till, " has no scale"));
  }
  return scale->driver().Zero();
}

absl::Status DeviceManager::Show(absl::string_view till,
                                 const DisplayText& text) {
  const auto display = Find<DisplayHost>(Plan()->Of(till).display());
  if (display == nullptr) {
    return absl::NotFoundError(absl::StrCat("till ", till, " has no display"));
  }
  display->Show(text);
  return absl::OkStatus();
}

std::vector<v1::DeviceState> DeviceManager::States(
    absl::string_view till) const {
  std::map<std::string, v1::DeviceState> states;
  absl::MutexLock lock(&mutex_);
  for (const auto& [name, host] : hosts_) states[name] = host->State();
  for (const auto& [name, drawer] : drawers_) {
    v1::DeviceState state = drawer->State();
    const auto printer = states.find(drawer->device().printer());
    // It opens with the paper out too, as long as the printer is there.
    state.set_ready(printer != states.end() &&
                    hosts_.count(printer->first) > 0 &&
                    !absl::StartsWith(printer->second.says(), "not there"));
    states[name] = state;
  }
  for (const auto& [name, device] : plan_->devices) {
    if (states.count(name) > 0) continue;
    v1::DeviceState& state = states[name];
    state.set_name(name);
    state.set_kind(device.kind());
    state.set_address(device.address());
    state.set_says("not at work; see what is wrong with the configuration");
  }
  for (const auto& [name, owner] : plan_->tills) {
    std::set<std::string> has = {owner.printer(), owner.fallback_printer(),
                                 owner.drawer(),  owner.scale(),
                                 owner.display(), owner.terminal()};
    has.insert(owner.scanners().begin(), owner.scanners().end());
    has.insert(owner.wallets().begin(), owner.wallets().end());
    for (const std::string& device : has) {
      if (states.count(device) > 0) states[device].add_tills(name);
    }
  }
  std::vector<v1::DeviceState> list;
  for (auto& [name, state] : states) {
    const bool asked =
        till.empty() ||
        std::count(state.tills().begin(), state.tills().end(), till) > 0;
    if (asked) list.push_back(std::move(state));
  }
  return list;
}

std::string DeviceManager::Troubles() const {
  absl::MutexLock lock(&mutex_);
  return absl::StrJoin(troubles_, "; ");
}

bool DeviceManager::HasDrawerAlarm() const {
  absl::MutexLock lock(&mutex_);
  for (const auto& [name, drawer] : drawers_) {
    if (drawer->IsOpenTooLong()) return true;
  }
  return false;
}

}  // namespace branchline

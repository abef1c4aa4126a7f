#include "edge/devices/device_desk.h"

#include <spdlog/spdlog.h>

#include <filesystem>
#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "devices/transport/device_address.h"
#include "edge/devices/devices_file.h"
#include "edge/payment/payment_form.h"
#include "edge/till/shift_report.h"
#include "sync/base/status_macros.h"
#include "sync/identity/secret_file.h"
#include "sync/ledger/keys.h"

namespace branchline {
namespace {

// At the latest; a change wakes the threads before that.
constexpr absl::Duration kLookAgain = absl::Seconds(5);
constexpr absl::Duration kClerkPace = absl::Seconds(2);  // for the fallback
// A node appears, then its owner, then its links: one look for all of them.
constexpr absl::Duration kSettle = absl::Milliseconds(100);

}  // namespace

DeviceDesk::DeviceDesk(Options options)
    : o_(std::move(options)),
      dir_(o_.data_dir + "/devices"),
      receipts_(o_.store, o_.books, o_.branch, o_.branch_name, o_.time_zone,
                o_.signer,
                [this](const std::string& staff) { return IsBlind(staff); }),
      ledger_(o_.queue, o_.clock),
      payments_({}, &ledger_, o_.clock),
      manager_(DeviceManager::Options{dir_, &receipts_, o_.clock, o_.random,
                                      [this] { OnCommitted(); }, &payments_,
                                      o_.data_dir + "/payments", o_.currency,
                                      [this] { return payments_loaded_; }}),
      refunds_(
          &ledger_, &payments_,
          [this](const std::string& name) { return manager_.FindPayer(name); }),
      clerk_(ReceiptClerk::Options{o_.store, EdgeStream(o_.branch),
                                   dir_ + "/receipts.cursor", o_.clock,
                                   [this] { return o_.queue->Head(); },
                                   [this](const IssuedPaper& paper) {
                                     return manager_.PrintPaper(paper);
                                   }}) {}

DeviceDesk::~DeviceDesk() { Stop(); }

absl::StatusOr<bool> DeviceDesk::IsBlind(const std::string& staff) {
  bool blind = false;
  BL_RETURN_IF_ERROR(o_.queue->Run([&](EdgeCore& core) {
    return core.Look([&](const DecideView& view) -> absl::Status {
      BL_ASSIGN_OR_RETURN(blind, CountsBlind(view, staff));
      return absl::OkStatus();
    });
  }));
  return blind;
}

absl::Status DeviceDesk::LoadPayments() {
  BL_ASSIGN_OR_RETURN(const std::vector<SaleStanding> open, ledger_.Open());
  std::vector<PaymentAttempt> stored;
  for (const SaleStanding& standing : open) {
    for (const v1::PaymentAttempt& attempt : standing.payments.attempts()) {
      stored.push_back(FromProto(attempt));
    }
  }
  payments_.Adopt(stored);
  return absl::OkStatus();
}

absl::Status DeviceDesk::OpenClerk() {
  BL_RETURN_IF_ERROR(MakeSecretDir(dir_));
  absl::MutexLock lock(&clerk_mutex_);
  return clerk_.Start();
}

void DeviceDesk::Start() {
  if (const absl::Status opened = OpenClerk(); !opened.ok()) {
    start_trouble_ = absl::StrCat("no receipt is printed: ", opened.message());
    spdlog::error("{}", start_trouble_);
  }
  payments_loaded_ = LoadPayments();
  if (!payments_loaded_.ok()) {
    spdlog::error("payments: {}", std::string(payments_loaded_.message()));
  }
  auto hot_plug = HotPlug::Make();
  if (hot_plug.ok()) {
    hot_plug_ = *std::move(hot_plug);
    hot_plug_->Watch(o_.dev_dir);
    hot_plug_->Watch(o_.data_dir);
  } else {
    spdlog::warn("{}", std::string(hot_plug.status().message()));
  }
  watcher_ = std::thread([this] { WatchDevices(); });
  if (start_trouble_.empty()) {
    clerk_thread_ = std::thread([this] { ClerkWork(); });
  }
}

void DeviceDesk::Stop() {
  if (stop_.exchange(true)) return;
  manager_.scans().Stop();
  WakeAll();
  if (watcher_.joinable()) watcher_.join();
  if (clerk_thread_.joinable()) clerk_thread_.join();
}

void DeviceDesk::OnCommitted() {
  // A branch without devices pays nothing for them.
  if (!has_devices_) return;
  absl::MutexLock lock(&mutex_);
  work_ = true;
}

void DeviceDesk::WakeAll() {
  if (hot_plug_ != nullptr) hot_plug_->Wake();
  absl::MutexLock lock(&mutex_);
  work_ = true;
}

void DeviceDesk::Configure() {
  absl::StatusOr<v1::DevicesSet> devices =
      ReadDevicesFile(o_.data_dir + "/devices.json");
  const bool has_file = !absl::IsNotFound(devices.status());
  if (!has_file) devices = ReadDevices(*o_.store, o_.branch);
  {
    absl::MutexLock lock(&mutex_);
    const std::string trouble(devices.status().message());
    if (!devices.ok() && trouble != file_trouble_) {
      spdlog::error("devices stay as they are: {}", trouble);
    }
    file_trouble_ = trouble;
  }
  // A file that is half written, or wrong, takes nothing away from the tills.
  if (!devices.ok() && is_configured_) return;
  std::string configured = devices.ok() ? devices->SerializeAsString() : "";
  if (is_configured_ && configured == configured_) return;
  const bool has_devices = devices.ok() && devices->devices_size() > 0;
  if (start_trouble_.empty()) {
    // Before the first device is seen: what is sold from then on is printed.
    absl::MutexLock lock(&clerk_mutex_);
    const absl::Status turned =
        has_devices ? clerk_.TurnOn() : clerk_.TurnOff();
    if (!turned.ok()) {
      spdlog::error("devices: {}", std::string(turned.message()));
      return;  // it is tried again in a moment
    }
  }
  has_devices_ = has_devices;
  manager_.Apply(devices.value_or(v1::DevicesSet()));
  configured_ = std::move(configured);
  is_configured_ = true;
  if (hot_plug_ == nullptr || !devices.ok()) return;
  for (const v1::Device& device : devices->devices()) {
    const auto address = ParseDeviceAddress(device.address());
    if (!address.ok() || address->kind == DeviceAddress::Kind::kTcp) continue;
    hot_plug_->Watch(
        std::filesystem::path(address->target).parent_path().string());
  }
}

void DeviceDesk::WatchDevices() {
  Configure();
  WakeAll();
  while (!stop_) {
    if (hot_plug_ == nullptr) {
      absl::MutexLock lock(&mutex_);
      const auto stopped = [this] { return stop_.load(); };
      mutex_.AwaitWithTimeout(absl::Condition(&stopped), kLookAgain);
    } else {
      std::set<std::string> changed = hot_plug_->Wait(kLookAgain);
      changed.erase(o_.data_dir);
      if (!changed.empty() && !stop_) {
        hot_plug_->Wait(kSettle);
        manager_.RetryNow();
      }
    }
    if (stop_) break;
    Configure();
    if (has_devices_ && payments_loaded_.ok()) refunds_.Step();
  }
}

void DeviceDesk::RecordDrawers() {
  for (DeviceManager::DrawerEvents& taken : manager_.TakeDrawerEvents()) {
    while (!taken.events.empty()) {
      RecordDrawerCommand command{taken.events.front()};
      if (command.what.kind() == v1::DRAWER_EVENT_KIND_OPEN_TOO_LONG) {
        spdlog::warn("drawer {} is open too long", taken.drawer);
      }
      const auto recorded = o_.queue->Execute(
          {taken.till, o_.clock->WallNow(), std::move(command)});
      if (!recorded.ok()) {
        spdlog::warn("drawer {}: not in the journal yet: {}", taken.drawer,
                     std::string(recorded.status().message()));
        manager_.GiveBack(std::move(taken));
        return;
      }
      taken.events.erase(taken.events.begin());
    }
  }
}

void DeviceDesk::ClerkWork() {
  absl::Duration wait = absl::ZeroDuration();
  while (!stop_) {
    {
      absl::MutexLock lock(&mutex_);
      const auto work = [this]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
        return work_ || stop_;
      };
      mutex_.AwaitWithTimeout(absl::Condition(&work),
                              std::min(wait, kClerkPace));
      work_ = false;
    }
    if (stop_) break;
    // What the hub has set may be among what was pulled.
    const uint64_t pulls = o_.queue->Snapshot().pulls;
    if (std::exchange(pulls_seen_, pulls) != pulls && hot_plug_ != nullptr) {
      hot_plug_->Wake();
    }
    {
      absl::MutexLock lock(&clerk_mutex_);
      wait = clerk_.Step();
      skipped_ = clerk_.skipped_count();
    }
    RecordDrawers();
    manager_.MoveStuckReceipts();
  }
  absl::MutexLock lock(&clerk_mutex_);
  clerk_.SaveOrSay();
}

std::string DeviceDesk::Troubles() {
  std::vector<std::string> troubles = {start_trouble_, manager_.Troubles()};
  {
    absl::MutexLock lock(&mutex_);
    troubles.push_back(file_trouble_);
  }
  std::erase(troubles, "");
  return absl::StrJoin(troubles, "; ");
}

}  // namespace branchline

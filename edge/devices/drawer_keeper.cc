#include "edge/devices/drawer_keeper.h"

#include <utility>

#include "absl/strings/str_cat.h"

namespace branchline {
namespace {

// Openings that wait while the journal takes nothing. More are not kept: the
// box has stopped by then.
constexpr size_t kWaitingMax = 1'024;
constexpr int kAlarmSecondsDefault = 60;

CashDrawer::Options OptionsOf(const v1::Device& drawer) {
  CashDrawer::Options options;
  if (!drawer.open_level().empty()) {
    options.open_is_high = drawer.open_level() == "high";
  }
  options.alarm_after =
      absl::Seconds(drawer.alarm_seconds() == 0 ? kAlarmSecondsDefault
                                                : drawer.alarm_seconds());
  return options;
}

DrawerReason ReasonOf(v1::DrawerReason reason) {
  switch (reason) {
    case v1::DRAWER_REASON_SALE:
      return DrawerReason::kSale;
    case v1::DRAWER_REASON_RETURN:
      return DrawerReason::kReturn;
    case v1::DRAWER_REASON_PAID_IN:
      return DrawerReason::kPaidIn;
    case v1::DRAWER_REASON_PAID_OUT:
      return DrawerReason::kPaidOut;
    case v1::DRAWER_REASON_PICKUP:
      return DrawerReason::kPickup;
    case v1::DRAWER_REASON_COUNT:
      return DrawerReason::kCount;
    case v1::DRAWER_REASON_TEST:
      return DrawerReason::kTest;
    default:
      return DrawerReason::kNoSale;
  }
}

v1::DrawerReason ToProto(DrawerReason reason) {
  switch (reason) {
    case DrawerReason::kSale:
      return v1::DRAWER_REASON_SALE;
    case DrawerReason::kReturn:
      return v1::DRAWER_REASON_RETURN;
    case DrawerReason::kNoSale:
      return v1::DRAWER_REASON_NO_SALE;
    case DrawerReason::kPaidIn:
      return v1::DRAWER_REASON_PAID_IN;
    case DrawerReason::kPaidOut:
      return v1::DRAWER_REASON_PAID_OUT;
    case DrawerReason::kPickup:
      return v1::DRAWER_REASON_PICKUP;
    case DrawerReason::kCount:
      return v1::DRAWER_REASON_COUNT;
    case DrawerReason::kTest:
      return v1::DRAWER_REASON_TEST;
  }
  return v1::DRAWER_REASON_UNSPECIFIED;
}

v1::DrawerEventKind ToProto(DrawerEvent::Kind kind) {
  switch (kind) {
    case DrawerEvent::Kind::kCommanded:
      return v1::DRAWER_EVENT_KIND_COMMANDED;
    case DrawerEvent::Kind::kOpened:
      return v1::DRAWER_EVENT_KIND_OPENED;
    case DrawerEvent::Kind::kOpenedByHand:
      return v1::DRAWER_EVENT_KIND_OPENED_BY_HAND;
    case DrawerEvent::Kind::kClosed:
      return v1::DRAWER_EVENT_KIND_CLOSED;
    case DrawerEvent::Kind::kOpenTooLong:
      return v1::DRAWER_EVENT_KIND_OPEN_TOO_LONG;
    case DrawerEvent::Kind::kStuck:
      return v1::DRAWER_EVENT_KIND_STUCK;
  }
  return v1::DRAWER_EVENT_KIND_UNSPECIFIED;
}

}  // namespace

DrawerKeeper::DrawerKeeper(const v1::Device& drawer, const Clock* clock,
                           std::function<void()> on_event)
    : device_(drawer),
      clock_(*clock),
      on_event_(std::move(on_event)),
      machine_(OptionsOf(drawer)) {}

DrawerBlock DrawerKeeper::pulse() const {
  DrawerBlock pulse;
  if (device_.pin() != 0) pulse.pin = static_cast<int>(device_.pin());
  return pulse;
}

bool DrawerKeeper::Collect(bool without_command) {
  bool any = false;
  for (const DrawerEvent& event : machine_.TakeEvents()) {
    const bool commanded = event.kind == DrawerEvent::Kind::kCommanded;
    if (event.kind == DrawerEvent::Kind::kOpenTooLong) too_long_ = true;
    if ((commanded && without_command) || ready_.size() >= kWaitingMax) {
      continue;
    }
    v1::DrawerRecorded& recorded = ready_.emplace_back();
    recorded.set_drawer(device_.name());
    recorded.set_kind(ToProto(event.kind));
    recorded.set_user(event.user);
    if (event.reason.has_value()) {
      recorded.set_reason(ToProto(*event.reason));
      if (*event.reason == DrawerReason::kSale ||
          *event.reason == DrawerReason::kReturn) {
        recorded.set_receipt_no(receipt_no_);
      }
    }
    any = true;
  }
  return any;
}

absl::Status DrawerKeeper::OnCommand(v1::DrawerReason reason,
                                     absl::string_view user,
                                     absl::string_view receipt_no,
                                     bool recorded) {
  bool any = false;
  {
    absl::MutexLock lock(&mutex_);
    receipt_no_ = std::string(receipt_no);
    const absl::Status status =
        machine_.OnCommand(ReasonOf(reason), user, clock_.MonotonicNow());
    if (!status.ok()) return status;
    any = Collect(recorded);
  }
  if (any) on_event_();
  return absl::OkStatus();
}

void DrawerKeeper::OnPin(std::optional<bool> high) {
  bool any = false;
  {
    absl::MutexLock lock(&mutex_);
    const absl::Duration now = clock_.MonotonicNow();
    pin_ = high;
    if (high.has_value()) {
      machine_.OnPin(*high, now);
    } else {
      machine_.OnLost();
    }
    machine_.OnTick(now);
    any = Collect(/*without_command=*/false);
    if (machine_.state() != DrawerState::kOpen) {
      open_since_.reset();
      too_long_ = false;
    } else if (!open_since_.has_value()) {
      open_since_ = now;
    }
  }
  if (any) on_event_();
}

std::vector<v1::DrawerRecorded> DrawerKeeper::TakeEvents() {
  absl::MutexLock lock(&mutex_);
  return std::exchange(ready_, {});
}

void DrawerKeeper::GiveBack(std::vector<v1::DrawerRecorded> events) {
  absl::MutexLock lock(&mutex_);
  for (v1::DrawerRecorded& later : ready_) events.push_back(std::move(later));
  ready_ = std::move(events);
}

v1::DeviceState DrawerKeeper::State() const {
  v1::DeviceState state;
  state.set_name(device_.name());
  state.set_kind(device_.kind());
  state.set_address(
      absl::StrCat("printer ", device_.printer(), ", pin ", pulse().pin));
  state.set_ready(true);
  absl::MutexLock lock(&mutex_);
  switch (machine_.state()) {
    case DrawerState::kUnknown:
      state.set_says(device_.open_level().empty() ? "it has no switch"
                                                  : "its printer is silent");
      break;
    case DrawerState::kClosed:
      state.set_says("closed");
      break;
    case DrawerState::kOpen: {
      const int64_t seconds = absl::ToInt64Seconds(
          clock_.MonotonicNow() - open_since_.value_or(clock_.MonotonicNow()));
      state.set_says(too_long_ ? absl::StrCat("OPEN TOO LONG: ", seconds, " s")
                               : absl::StrCat("open for ", seconds, " s"));
      break;
    }
  }
  return state;
}

bool DrawerKeeper::IsOpenTooLong() const {
  absl::MutexLock lock(&mutex_);
  return too_long_;
}

std::optional<bool> DrawerKeeper::pin() const {
  absl::MutexLock lock(&mutex_);
  return pin_;
}

}  // namespace branchline

#include "devices/drawer/cash_drawer.h"

#include <utility>

#include "absl/strings/str_cat.h"

namespace branchline {

std::optional<bool> CashDrawer::LearnOpenIsHigh(bool high_when_closed,
                                                bool high_when_open) {
  if (high_when_closed == high_when_open) return std::nullopt;
  return high_when_open;
}

void CashDrawer::Add(DrawerEvent::Kind kind, absl::Duration now) {
  if (events_.size() >= kEventsMax) return;
  DrawerEvent event;
  event.kind = kind;
  event.at = now;
  const bool of_command = kind == DrawerEvent::Kind::kCommanded ||
                          kind == DrawerEvent::Kind::kStuck;
  const std::optional<Command>& cause = of_command ? command_ : opened_by_;
  if (cause.has_value() && kind != DrawerEvent::Kind::kClosed) {
    event.reason = cause->reason;
    event.user = cause->user;
  }
  events_.push_back(std::move(event));
}

absl::Status CashDrawer::OnCommand(DrawerReason reason, absl::string_view user,
                                   absl::Duration now) {
  if (user.empty() || user.size() > kUserSizeMax) {
    return absl::InvalidArgumentError(
        absl::StrCat("open the drawer: the user has ", user.size(),
                     " characters, want 1 to ", kUserSizeMax));
  }
  if (events_.size() >= kEventsMax) {
    return absl::ResourceExhaustedError(absl::StrCat(
        "open the drawer: ", kEventsMax, " openings are not recorded yet"));
  }
  command_ = Command{reason, std::string(user), now};
  Add(DrawerEvent::Kind::kCommanded, now);
  // One that is open already opens no further.
  if (state_ != DrawerState::kClosed) command_.reset();
  return absl::OkStatus();
}

void CashDrawer::OnPin(bool high, absl::Duration now) {
  if (!options_.open_is_high.has_value()) return;
  const DrawerState next = high == *options_.open_is_high
                               ? DrawerState::kOpen
                               : DrawerState::kClosed;
  const DrawerState before = std::exchange(state_, next);
  if (next == before) return;
  if (next == DrawerState::kClosed) {
    if (before == DrawerState::kOpen) Add(DrawerEvent::Kind::kClosed, now);
    opened_by_.reset();
    opened_at_ = absl::InfiniteDuration();
    return;
  }
  const bool is_ours =
      command_.has_value() && now - command_->at <= kOpensWithin;
  opened_by_ = is_ours ? std::exchange(command_, std::nullopt) : std::nullopt;
  opened_at_ = now;
  if (is_ours) {
    Add(DrawerEvent::Kind::kOpened, now);
  } else if (before == DrawerState::kClosed) {
    Add(DrawerEvent::Kind::kOpenedByHand, now);
  }
}

void CashDrawer::OnTick(absl::Duration now) {
  if (command_.has_value() && now - command_->at > kOpensWithin) {
    if (state_ == DrawerState::kClosed) Add(DrawerEvent::Kind::kStuck, now);
    command_.reset();
  }
  if (state_ == DrawerState::kOpen &&
      now - opened_at_ >= options_.alarm_after) {
    Add(DrawerEvent::Kind::kOpenTooLong, now);
    opened_at_ = absl::InfiniteDuration();
  }
}

std::vector<DrawerEvent> CashDrawer::TakeEvents() {
  return std::exchange(events_, {});
}

}  // namespace branchline

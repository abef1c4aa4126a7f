#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace branchline {

enum class DrawerState { kUnknown, kClosed, kOpen };

enum class DrawerReason {
  kSale,
  kReturn,
  kNoSale,
  kPaidIn,
  kPaidOut,
  kPickup,
  kCount,
  kTest,
};

// What the journal is to hold.
struct DrawerEvent {
  enum class Kind {
    kCommanded,     // we sent the pulse: `reason` and `user` say why and who
    kOpened,        // it opened, soon after a command
    kOpenedByHand,  // it opened, and nobody had commanded it: by its key
    kClosed,
    kOpenTooLong,  // once per opening
    kStuck,        // commanded, and it did not open
  };
  Kind kind = Kind::kClosed;
  absl::Duration at;  // monotonic
  // kCommanded, kOpened, kStuck, kOpenTooLong: of the command, if there was
  // one.
  std::optional<DrawerReason> reason;
  std::string user;

  bool operator==(const DrawerEvent&) const = default;
};

// A cash drawer behind a printer, as a state machine: commands and the level of
// the drawer's switch (pin 3 of the socket) in, events for the journal out.
// Which level means open is the drawer's own affair, and is configured, or
// learned by having a person open it; without that, and for a drawer without a
// switch, the state is unknown and only commands are recorded.
//
// Pure; not thread-safe.
class CashDrawer {
 public:
  static constexpr absl::Duration kOpensWithin = absl::Seconds(3);
  static constexpr size_t kEventsMax = 256;
  static constexpr size_t kUserSizeMax = 64;  // bytes

  struct Options {
    std::optional<bool> open_is_high;
    absl::Duration alarm_after = absl::Minutes(1);
  };

  explicit CashDrawer(const Options& options) : options_(options) {}

  // The pulse is about to be sent.
  //
  //   INVALID_ARGUMENT    `user` is empty or too long: nobody opens it unnamed
  //   RESOURCE_EXHAUSTED  kEventsMax events wait to be recorded
  absl::Status OnCommand(DrawerReason reason, absl::string_view user,
                         absl::Duration now);
  // The printer says the level of pin 3.
  void OnPin(bool high, absl::Duration now);
  // The printer says nothing any more.
  void OnLost() { state_ = DrawerState::kUnknown; }
  // Time passes.
  void OnTick(absl::Duration now);

  // Events since the last call. More than kEventsMax: the later ones are lost.
  std::vector<DrawerEvent> TakeEvents();

  DrawerState state() const { return state_; }

  // Which level is open, of two levels that a technician was asked to produce.
  // Nothing if they are the same: the drawer has no switch.
  static std::optional<bool> LearnOpenIsHigh(bool high_when_closed,
                                             bool high_when_open);

 private:
  struct Command {
    DrawerReason reason;
    std::string user;
    absl::Duration at;
  };
  void Add(DrawerEvent::Kind kind, absl::Duration now);

  const Options options_;
  DrawerState state_ = DrawerState::kUnknown;
  std::optional<Command> command_;  // not followed by an opening yet
  std::optional<Command> opened_by_;
  absl::Duration opened_at_ = absl::InfiniteDuration();
  std::vector<DrawerEvent> events_;
};

}  // namespace branchline

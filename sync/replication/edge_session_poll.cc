// EdgeSession::Poll() and what only it calls: everything that needs the time.

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "sync/base/check.h"
#include "sync/replication/edge_session.h"
#include "sync/replication/limits.h"
#include "sync/replication/position.h"

namespace branchline {

EdgeSession::Actions EdgeSession::Poll(absl::Duration now) {
  now_ = now;
  if (state_ == State::kLive && !drop_.has_value()) StoreAck();
  if (state_ == State::kLive && !drop_.has_value()) Push();
  CheckDeadlines(now);

  Actions actions;
  if (drop_.has_value()) {
    actions.disconnect = std::exchange(drop_, std::nullopt);
    problem_ = *actions.disconnect;
    frames_.clear();
    state_ = State::kDown;
    state_is_new_ = true;
  }
  if (state_ == State::kDown) {
    Schedule(now);
    // Not in one answer with a disconnect: the shell first lets go of the line.
    if (!actions.disconnect.has_value() && now >= *retry_at_) {
      state_ = State::kConnecting;
      step_deadline_ = now + kConnectTimeout;
      actions.connect = true;
    }
  }
  actions.frames = std::exchange(frames_, {});
  actions.wake_at = WakeAt();
  return actions;
}

// Entering kDown sets when to try again; what belonged to the line is gone.
void EdgeSession::Schedule(absl::Duration now) {
  if (!std::exchange(state_is_new_, false)) return;
  unstored_ack_.reset();
  ack_deadline_.reset();
  pull_deadline_.reset();
  heard_ = false;
  acks_moved_ = false;
  pull_moved_ = false;
  if (std::exchange(first_try_, false)) {
    retry_at_ = now;
  } else {
    retry_at_ =
        now + (retry_ == Retry::kSlow ? kRefusedRetry : backoff_.Next());
  }
}

void EdgeSession::StoreAck() {
  if (!unstored_ack_.has_value()) return;
  const absl::Status stored = port_->StoreAck(*unstored_ack_);
  unstored_ack_.reset();
  if (!stored.ok()) {
    return Drop(absl::StrCat("storing the hub's ack: ", stored.message()),
                Retry::kSlow);
  }
  acked_ = window_.acked();
}

void EdgeSession::Push() {
  const Cursor head = port_->Head();
  while (window_.MayPush() && window_.next_after().IsBefore(head)) {
    absl::StatusOr<v1::Push> push =
        port_->ReadPush(window_.next_after(), window_.push_bytes_max());
    if (!push.ok()) {
      return Drop(absl::StrCat("reading the own journal after ",
                               ToText(window_.next_after()), ": ",
                               push.status().message()));
    }
    if (push->records().empty()) return;
    const absl::StatusOr<Cursor> end = EndOf(push->records(), "the push");
    if (!end.ok()) return Drop(std::string(end.status().message()));
    window_.OnPushed(*end, BytesOf(push->records()));
    *NewFrame().mutable_push() = *std::move(push);
  }
}

void EdgeSession::CheckDeadlines(absl::Duration now) {
  if (state_ == State::kDown || drop_.has_value()) return;
  if (state_ == State::kConnecting) {
    if (now >= step_deadline_) {
      Drop(absl::StrCat("no connection within ",
                        absl::FormatDuration(kConnectTimeout)));
    }
    return;
  }
  if (std::exchange(state_is_new_, false)) {
    heard_ = true;
    if (state_ == State::kGreeting) {
      step_deadline_ = now + kWelcomeTimeout;
      beat_at_ = now + kHeartbeatEvery;
    }
  }
  if (std::exchange(heard_, false)) heard_at_ = now;
  if (now - heard_at_ >= kSilenceMax) {
    return Drop(absl::StrCat("the hub was silent for ",
                             absl::FormatDuration(now - heard_at_)));
  }
  if (state_ == State::kGreeting) {
    if (now >= step_deadline_) {
      Drop(absl::StrCat("the hub did not answer the greeting within ",
                        absl::FormatDuration(kWelcomeTimeout)));
    }
    return;
  }
  CheckProgress(now);
  if (!drop_.has_value()) Beat(now);
}

// Heartbeats alone do not show that the hub stores or sends anything.
void EdgeSession::CheckProgress(absl::Duration now) {
  // Whether `*deadline`, which is kept while `waits`, has passed.
  const auto passed = [now](bool waits, bool moved, absl::Duration timeout,
                            std::optional<absl::Duration>* deadline) {
    if (!waits) {
      deadline->reset();
    } else if (!deadline->has_value() || moved) {
      *deadline = now + timeout;
    }
    return deadline->has_value() && now >= **deadline;
  };
  if (passed(window_.waiting(), std::exchange(acks_moved_, false),
             kAckProgressTimeout, &ack_deadline_)) {
    return Drop(absl::StrCat("the hub acked nothing for ",
                             absl::FormatDuration(kAckProgressTimeout)));
  }
  if (passed(pull_.waiting(), std::exchange(pull_moved_, false),
             kPullProgressTimeout, &pull_deadline_)) {
    Drop(absl::StrCat("the hub has ", pull_.WaitsFor(),
                      " and sent nothing of it for ",
                      absl::FormatDuration(kPullProgressTimeout)));
  }
}

void EdgeSession::Beat(absl::Duration now) {
  if (now < beat_at_) return;
  beat_at_ = now + kHeartbeatEvery;
  NewFrame().mutable_heartbeat()->set_number(++beat_number_);
}

absl::Duration EdgeSession::WakeAt() const {
  switch (state_) {
    case State::kDown:
      return *retry_at_;
    case State::kConnecting:
      return step_deadline_;
    case State::kGreeting:
      return std::min(step_deadline_, heard_at_ + kSilenceMax);
    case State::kLive:
      return std::min({beat_at_, heard_at_ + kSilenceMax,
                       ack_deadline_.value_or(absl::InfiniteDuration()),
                       pull_deadline_.value_or(absl::InfiniteDuration())});
  }
  return absl::InfiniteDuration();
}

std::string EdgeSession::StateText() const {
  switch (state_) {
    case State::kDown: {
      if (!retry_at_.has_value()) return "not started";
      const absl::Duration wait = std::max(
          absl::Ceil(*retry_at_ - now_, absl::Seconds(1)), absl::Seconds(0));
      if (refused_.has_value() && retry_ == Retry::kSlow) {
        return absl::StrCat("refused: ", problem_, " (asking again in ",
                            absl::FormatDuration(wait), ")");
      }
      return absl::StrCat("retrying in ", absl::FormatDuration(wait), ": ",
                          problem_);
    }
    case State::kConnecting:
    case State::kGreeting:
      if (problem_.empty()) return "connecting";
      return absl::StrCat("connecting; last time: ", problem_);
    case State::kLive:
      if (pull_stopped_.has_value()) {
        return absl::StrCat("connected, but takes nothing from the hub: ",
                            *pull_stopped_);
      }
      return "connected";
  }
  return std::string();
}

}  // namespace branchline

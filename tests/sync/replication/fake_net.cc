#include "tests/sync/replication/fake_net.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "sync/base/check.h"
#include "sync/replication/refusal.h"
#include "tests/sync/replication/frame_text.h"

namespace branchline {

FakeNet::FakeNet(std::function<void(std::string)> say)
    : say_(std::move(say)), edge_("S014"), peer_{"S014", 1} {
  hub_.AddBranch("S014");
  RestartEdge();
}

void FakeNet::RestartEdge() {
  CloseHub();
  to_edge_.clear();
  to_hub_.clear();
  edge_session_ = std::make_unique<EdgeSession>(&edge_, &random_);
  edge_wake_at_ = now_;
}

std::string FakeNet::Status() const {
  return absl::StrCat("S014: ", edge_session_->StateText(), "; head ",
                      edge_.Head().seq, ", acked ", edge_session_->acked().seq);
}

void FakeNet::Settle() {
  edge_wake_at_ = now_;  // the journal may have grown
  if (hub_session_ != nullptr) {
    hub_session_->OnChanged();
    hub_wake_at_ = now_;
  }
  constexpr int kStepsMax = 10'000;
  for (int i = 0; Step(); ++i) {
    BL_CHECK(i < kStepsMax, "the sessions come to rest");
  }
}

void FakeNet::Advance(absl::Duration duration) {
  const absl::Duration end = now_ + duration;
  while (Step()) {
  }
  for (;;) {
    const absl::Duration next = std::min(edge_wake_at_, hub_wake_at_);
    if (next > end) break;
    now_ = std::max(now_, next);
    while (Step()) {
    }
  }
  now_ = end;
  edge_wake_at_ = now_;  // the text of the state counts seconds
  while (Step()) {
  }
}

bool FakeNet::Step() {
  if (!dead_ && !to_hub_.empty() && hub_session_ != nullptr) {
    v1::EdgeFrame frame = std::move(to_hub_.front());
    to_hub_.pop_front();
    hub_session_->OnFrame(std::move(frame));
    PollHub();
    return true;
  }
  if (!dead_ && !to_edge_.empty()) {
    const v1::HubFrame frame = std::move(to_edge_.front());
    to_edge_.pop_front();
    edge_session_->OnFrame(frame);
    PollEdge();
    return true;
  }
  if (!dead_ && hub_closes_) {
    CloseHub();
    edge_session_->OnDisconnected(absl::UnavailableError(hub_close_reason_));
    PollEdge();
    return true;
  }
  if (edge_wake_at_ <= now_) {
    PollEdge();
    return true;
  }
  if (hub_session_ != nullptr && hub_wake_at_ <= now_) {
    PollHub();
    return true;
  }
  return false;
}

void FakeNet::PollEdge() {
  const EdgeSession::Actions actions = edge_session_->Poll(now_);
  edge_wake_at_ = actions.wake_at;
  BL_CHECK(actions.wake_at > now_ || actions.connect ||
               actions.disconnect.has_value(),
           "a session that did its work does not ask to be polled again");
  for (const v1::EdgeFrame& frame : actions.frames) {
    const bool shown = !frame.has_heartbeat() || show_heartbeats_;
    const bool lost = loss_to_hub_ || dead_;
    if (shown) {
      say_(absl::StrCat("S014 -> hub: ", FrameText(frame),
                        lost ? " (lost)" : ""));
    }
    if (!lost) to_hub_.push_back(frame);
  }
  if (actions.disconnect.has_value()) {
    say_(absl::StrCat("S014 hangs up: ", *actions.disconnect));
    to_edge_.clear();
    if (!dead_) CloseHub();
  }
  if (!actions.connect) return;
  if (!reachable_) {
    say_("S014 calls: connection refused");
    edge_session_->OnDisconnected(absl::UnavailableError("connection refused"));
  } else if (dead_) {
    say_("S014 calls: no answer");
  } else {
    say_("S014 calls");
    if (hub_session_ != nullptr) hub_session_->OnReplaced();
    CloseHub();
    ++line_number_;
    hub_session_ = std::make_unique<HubSession>(peer_, &hub_);
    PollHub();
    edge_session_->OnConnected();
  }
  PollEdge();
}

void FakeNet::PollHub() {
  HubSession::Actions actions = hub_session_->Poll(now_);
  hub_wake_at_ = actions.wake_at;
  for (const v1::HubFrame& frame : actions.frames) {
    const bool shown = !frame.has_heartbeat() || show_heartbeats_;
    const bool lost = loss_to_edge_ || dead_;
    if (shown) {
      say_(absl::StrCat("hub -> S014: ", FrameText(frame),
                        lost ? " (lost)" : ""));
    }
    if (!lost) to_edge_.push_back(frame);
  }
  for (HubSession::Take& take : actions.takes) {
    hub_.Take(peer_, std::move(take.push),
              [this, line = line_number_,
               number = take.number](absl::StatusOr<HubPort::Taken> taken) {
                if (hub_session_ == nullptr || line != line_number_) return;
                hub_session_->OnTaken(number, std::move(taken));
                hub_wake_at_ = now_;
              });
  }
  if (actions.close.has_value()) {
    hub_closes_ = true;
    hub_close_reason_ = actions.close->ok()
                            ? "the hub closed the line"
                            : std::string(actions.close->message());
    if (!actions.close->ok()) {
      say_(absl::StrCat("hub hangs up: ", hub_close_reason_));
    }
    if (dead_) CloseHub();  // nobody hears it
  }
}

void FakeNet::CloseHub() {
  if (hub_session_ != nullptr) hub_session_->OnClosed();
  hub_session_.reset();
  to_hub_.clear();
  hub_closes_ = false;
  hub_wake_at_ = absl::InfiniteDuration();
}

void FakeNet::Cut(absl::string_view why) {
  to_edge_.clear();
  CloseHub();
  edge_session_->OnDisconnected(absl::UnavailableError(why));
  edge_wake_at_ = now_;
}

void FakeNet::InjectToEdge(const v1::HubFrame& frame) {
  say_(absl::StrCat("hub -> S014: ", FrameText(frame)));
  to_edge_.push_back(frame);
}

void FakeNet::InjectToHub(const v1::EdgeFrame& frame) {
  say_(absl::StrCat("S014 -> hub: ", FrameText(frame)));
  to_hub_.push_back(frame);
}

}  // namespace branchline

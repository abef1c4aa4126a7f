#include "sync/replication/hub_session.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "sync/replication/limits.h"
#include "sync/replication/position.h"
#include "sync/replication/refusal.h"

namespace branchline {

HubSession::HubSession(const PeerIdentity& peer, HubPort* port)
    : peer_(peer),
      port_(port),
      feed_(&peer_, port),
      greetings_at_open_(port->GreetingsTaken(peer)) {}

void HubSession::OnFrame(v1::EdgeFrame frame) {
  if (over_) return;
  heard_ = true;
  using Kind = v1::EdgeFrame::FrameCase;
  const Kind kind = frame.frame_case();
  if (!welcomed_ && kind != Kind::kHello) {
    return RefuseProtocol("the first frame must be a greeting");
  }
  if (welcomed_ && !IsLive()) return;
  port_->OnHeard(peer_);
  switch (kind) {
    case Kind::kHello:
      return OnHello(frame.hello());
    case Kind::kPush:
      return OnPush(std::move(*frame.mutable_push()));
    case Kind::kSecretConfirmed: {
      const absl::Status confirmed =
          port_->ConfirmSecret(peer_, frame.secret_confirmed().secret());
      if (!confirmed.ok()) Close(confirmed);
      return;
    }
    case Kind::kPulledTo: {
      const absl::Status reported = feed_.OnPulledTo();
      if (!reported.ok()) return RefuseProtocol(reported.message());
      return Feed();
    }
    case Kind::kHeartbeat:
      return;
    case Kind::kReturned: {
      const absl::Status taken = feed_.OnReturned(frame.returned());
      if (!taken.ok()) return RefuseProtocol(taken.message());
      return Feed();
    }
    case Kind::FRAME_NOT_SET:
      return RefuseProtocol("a frame that this hub does not know");
  }
}

void HubSession::OnHello(const v1::Hello& hello) {
  if (welcomed_) return RefuseProtocol("a second greeting on one line");
  if (hello.protocol() > kProtocolVersion) {
    return Refuse(MakeRefused(
        v1::REFUSAL_CODE_TOO_NEW,
        absl::StrFormat("branch %s speaks protocol %d, this hub at most %d: "
                        "install the newer version at the hub first",
                        peer_.branch, hello.protocol(), kProtocolVersion)));
  }
  if (hello.protocol() == 0) return RefuseProtocol("a greeting of protocol 0");
  if (hello.pulled_size() > kFollowedStreamsMax ||
      hello.session_secret().size() > kSecretBytesMax ||
      hello.version().size() > kVersionBytesMax) {
    return RefuseProtocol(absl::StrFormat(
        "a greeting with %d streams, a secret of %d bytes and a version of %d "
        "bytes, at most %d, %d and %d",
        hello.pulled_size(), hello.session_secret().size(),
        hello.version().size(), kFollowedStreamsMax, kSecretBytesMax,
        kVersionBytesMax));
  }
  if (hello.branch() != peer_.branch) {
    return Refuse(MakeRefused(
        v1::REFUSAL_CODE_WRONG_IDENTITY,
        absl::StrFormat("the box greets as branch %s, its certificate is that "
                        "of %s: join it to its branch again",
                        hello.branch().substr(0, 16), peer_.branch)));
  }
  if (const absl::Status started = feed_.Start(hello.pulled()); !started.ok()) {
    return RefuseProtocol(started.message());
  }
  if (!greetings_at_open_.ok()) return Close(greetings_at_open_.status());
  absl::StatusOr<HubPort::Greeting> greeting =
      port_->Greet(peer_, *greetings_at_open_, hello);
  if (!greeting.ok()) return Close(greeting.status());
  if (auto* refused = std::get_if<v1::Refused>(&*greeting)) {
    return Refuse(std::move(*refused));
  }
  v1::Welcome& welcome = std::get<v1::Welcome>(*greeting);
  if (welcome.credit_bytes() == 0) welcome.set_credit_bytes(kCreditBytes);
  credit_bytes_ = welcome.credit_bytes();
  welcomed_ = true;
  *NewFrame().mutable_welcome() = std::move(welcome);
  Feed();
}

void HubSession::OnPush(v1::Push push) {
  const size_t bytes = BytesOf(push.records());
  size_t record_bytes_max = 0;
  for (const std::string& record : push.records()) {
    record_bytes_max = std::max(record_bytes_max, record.size());
  }
  if (push.records().empty()) return RefuseProtocol("a push of no records");
  if (push.records_size() > kPushRecordsMax) {
    return RefuseProtocol(absl::StrFormat("a push of %d records, at most %d",
                                          push.records_size(),
                                          kPushRecordsMax));
  }
  if (record_bytes_max > kRecordBytesMax) {
    return RefuseProtocol(absl::StrFormat("a record of %d bytes, at most %d",
                                          record_bytes_max, kRecordBytesMax));
  }
  if (push.records_size() > 1 && bytes > kPushBytesMax) {
    return RefuseProtocol(
        absl::StrFormat("a push of %d records and %d bytes, at most %d bytes "
                        "or one record",
                        push.records_size(), bytes, kPushBytesMax));
  }
  // Credits stop a push from being begun: one that fitted when the edge began
  // it may go over by a record.
  if (owed_bytes_ >= credit_bytes_ || owed_.size() >= kHubPushesMax) {
    return RefuseProtocol(absl::StrFormat(
        "a push on top of %d unanswered ones of %d bytes, at most %d of %d "
        "bytes",
        owed_.size(), owed_bytes_, kHubPushesMax, credit_bytes_));
  }
  owed_.push_back({++take_number_, bytes, std::nullopt});
  owed_bytes_ += bytes;
  pending_.takes.push_back({take_number_, std::move(push)});
}

void HubSession::OnTaken(uint64_t number,
                         absl::StatusOr<HubPort::Taken> taken) {
  for (Owed& owed : owed_) {
    if (owed.number == number) owed.taken = std::move(taken);
  }
  Answer();
}

// Answers what can be answered in order.
void HubSession::Answer() {
  while (!over_ && !owed_.empty() && owed_.front().taken.has_value()) {
    const Owed owed = std::move(owed_.front());
    owed_.pop_front();
    owed_bytes_ -= owed.bytes;
    if (!owed.taken->ok()) return Close(owed.taken->status());
    if (const auto* ack = std::get_if<v1::Ack>(&**owed.taken)) {
      *NewFrame().mutable_ack() = *ack;
      continue;
    }
    const v1::Refused& refused = std::get<v1::Refused>(**owed.taken);
    if (refused.code() != v1::REFUSAL_CODE_GAP) return Refuse(refused);
    *NewFrame().mutable_refused() = refused;
  }
}

void HubSession::OnChanged() {
  if (over_ || !welcomed_ || !IsLive()) return;
  feed_.OnChanged();
  Feed();
}

void HubSession::Feed() {
  absl::StatusOr<std::vector<v1::HubFrame>> frames = feed_.Next();
  if (!frames.ok()) return Close(frames.status());
  for (v1::HubFrame& frame : *frames) NewFrame() = std::move(frame);
  if (std::optional<v1::WantBack> want = feed_.TakeWantBack()) {
    *NewFrame().mutable_want_back() = *std::move(want);
  }
}

bool HubSession::IsLive() {
  auto live = port_->CheckLive(peer_);
  if (!live.ok()) {
    Close(live.status());
    return false;
  }
  if (auto* refused = std::get_if<v1::Refused>(&*live)) {
    Refuse(std::move(*refused));
    return false;
  }
  return true;
}

void HubSession::Refuse(v1::Refused refused) {
  *NewFrame().mutable_refused() = std::move(refused);
  Close(absl::OkStatus());
}

void HubSession::RefuseProtocol(absl::string_view message) {
  Refuse(MakeRefused(v1::REFUSAL_CODE_PROTOCOL,
                     absl::StrCat("branch ", peer_.branch, " sent ", message,
                                  "; both ends log this, please report it")));
}

void HubSession::Close(absl::Status why) {
  if (over_) return;
  over_ = true;
  pending_.close = std::move(why);
}

void HubSession::OnReplaced() {
  replaced_ = true;
  Close(absl::OkStatus());
}

void HubSession::OnClosed() {
  over_ = true;
  if (welcomed_ && !replaced_ && !line_down_said_) {
    line_down_said_ = true;
    port_->OnLineDown(peer_);
  }
}

v1::HubFrame& HubSession::NewFrame() { return pending_.frames.emplace_back(); }

HubSession::Actions HubSession::Poll(absl::Duration now) {
  if (!heard_at_.has_value()) {
    heard_at_ = now;
    hello_deadline_ = now + kHelloTimeout;
    beat_at_ = now + kHeartbeatEvery;
  }
  if (std::exchange(heard_, false)) heard_at_ = now;
  if (!over_ && !welcomed_ && now >= hello_deadline_) {
    // No refusal: a slow line is nobody's fault, and the edge calls again soon.
    Close(absl::DeadlineExceededError(
        absl::StrCat("branch ", peer_.branch, " sent no greeting within ",
                     absl::FormatDuration(kHelloTimeout))));
  }
  if (!over_ && now - *heard_at_ >= kSilenceMax) {
    Close(absl::DeadlineExceededError(
        absl::StrCat("branch ", peer_.branch, " was silent for ",
                     absl::FormatDuration(now - *heard_at_))));
  }
  if (!over_ && welcomed_ && now >= beat_at_ && IsLive()) {
    beat_at_ = now + kHeartbeatEvery;
    NewFrame().mutable_heartbeat()->set_number(++beat_number_);
  }
  Actions actions = std::exchange(pending_, Actions{});
  if (!over_) {
    actions.wake_at = std::min(*heard_at_ + kSilenceMax,
                               welcomed_ ? beat_at_ : hello_deadline_);
  }
  return actions;
}

}  // namespace branchline

#include "sync/replication/edge_session.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "sync/base/check.h"
#include "sync/base/mutant.h"
#include "sync/replication/limits.h"
#include "sync/replication/position.h"
#include "sync/replication/refusal.h"

namespace branchline {

EdgeSession::EdgeSession(EdgePort* port, Random* random)
    : port_(port), backoff_(random) {}

void EdgeSession::OnConnected() {
  if (state_ != State::kConnecting) return;
  state_ = State::kGreeting;
  state_is_new_ = true;
  SendHello();
}

void EdgeSession::OnDisconnected(const absl::Status& why) {
  if (state_ == State::kDown || drop_.has_value()) return;
  state_ = State::kDown;
  state_is_new_ = true;
  retry_ = Retry::kBackoff;
  problem_ = std::string(why.message());
  frames_.clear();
}

void EdgeSession::OnReconnect() {
  first_try_ = true;
  if (state_ == State::kDown) {
    state_is_new_ = true;  // scheduled again
  } else {
    Drop("connecting anew");
  }
}

void EdgeSession::OnFrame(const v1::HubFrame& frame) {
  if (drop_.has_value()) return;
  if (state_ != State::kGreeting && state_ != State::kLive) return;
  heard_ = true;
  using Kind = v1::HubFrame::FrameCase;
  const Kind kind = frame.frame_case();
  const bool may_precede_welcome = kind == Kind::kWelcome ||
                                   kind == Kind::kRefused ||
                                   kind == Kind::kHeartbeat;
  if (state_ == State::kGreeting && !may_precede_welcome) {
    return Drop(absl::StrFormat("the hub sent frame %d before its welcome",
                                static_cast<int>(kind)));
  }
  switch (kind) {
    case Kind::kWelcome:
      return OnWelcome(frame.welcome());
    case Kind::kAck:
      return OnAck(frame.ack());
    case Kind::kRecords:
      if (pull_stopped_.has_value()) return;
      return OnPulled(frame, port_->TakeRecords(frame.records()));
    case Kind::kSnapshot:
      if (pull_stopped_.has_value()) return;
      return OnPulled(frame, port_->TakeSnapshot(frame.snapshot()));
    case Kind::kRefused:
      return OnRefused(frame.refused());
    case Kind::kHeartbeat:
      return;
    case Kind::kWantBack:
      return OnWantBack(frame.want_back());
    case Kind::FRAME_NOT_SET:
      return Drop("the hub sent a frame that this program does not know");
  }
}

void EdgeSession::OnWelcome(const v1::Welcome& welcome) {
  if (state_ != State::kGreeting) return Drop("the hub sent a second welcome");
  const absl::StatusOr<Cursor> held =
      CursorFromPeer(welcome.cursor(), "the hub's welcome");
  if (!held.ok()) return Drop(std::string(held.status().message()));
  if (!CheckOnJournal(*held, "the hub holds this branch's journal")) return;
  if (welcome.offered_secret().size() > kSecretBytesMax) {
    return Drop(absl::StrFormat(
        "the hub offers a session secret of %d bytes, at most %d",
        welcome.offered_secret().size(), kSecretBytesMax));
  }
  // Stored before it is confirmed, and confirmed before anything is pushed: a
  // copy of this disk that was made earlier is then known for a clone.
  if (!welcome.offered_secret().empty()) {
    const absl::Status stored = port_->StoreSecret(welcome.offered_secret());
    if (!stored.ok()) {
      return Drop(
          absl::StrCat("storing the session secret: ", stored.message()));
    }
    NewFrame().mutable_secret_confirmed()->set_secret(welcome.offered_secret());
  }
  window_.Start(*held, welcome.credit_bytes() == 0 ? kCreditBytes
                                                   : welcome.credit_bytes());
  const absl::StatusOr<std::vector<v1::StreamCursor>> pulled = port_->Pulled();
  const absl::Status watched =
      pulled.ok() ? pull_.Start(welcome.heads(), *pulled) : pulled.status();
  if (!watched.ok()) {
    return Drop(
        absl::StrCat("comparing the hub's streams with what was "
                     "pulled: ",
                     watched.message()));
  }
  acked_ = *held;
  state_ = State::kLive;
  state_is_new_ = true;
  refused_.reset();
  pull_stopped_.reset();
  problem_.clear();
  backoff_.Reset();
  port_->OnWelcome(welcome);
}

// Kept for Poll(): of many acks that came together only the last is stored.
void EdgeSession::OnAck(const v1::Ack& ack) {
  const absl::StatusOr<Cursor> at = CursorFromPeer(ack.at(), "the hub's ack");
  if (!at.ok()) return Drop(std::string(at.status().message()));
  // Compared now, while the push that it answers is still known.
  const std::string sent_hash = window_.HashInFlight(*at);
  const bool is_as_sent = !sent_hash.empty() && sent_hash == at->hash;
  if (!is_as_sent &&
      !CheckOnJournal(*at, "the hub acked this branch's journal"))
    return;
  if (window_.OnAck(*at)) {
    unstored_ack_ = ack;
    acks_moved_ = true;
  }
}

void EdgeSession::OnRefused(const v1::Refused& refused) {
  if (refused.code() == v1::REFUSAL_CODE_GAP) return OnGap(refused);
  Refuse(refused);
}

void EdgeSession::OnGap(const v1::Refused& refused) {
  if (state_ != State::kLive)
    return Drop("the hub sent a gap before its welcome");
  const absl::StatusOr<Cursor> held =
      CursorFromPeer(refused.ours(), "the hub's gap");
  if (!held.ok()) return Drop(std::string(held.status().message()));
  if (!CheckOnJournal(*held, "the hub asks for this branch's journal")) return;
  if (!window_.OnGap(*held)) {
    Drop(absl::StrCat("the hub sees a gap after ", ToText(*held),
                      ", and the push began right there"));
  }
}

void EdgeSession::OnPulled(const v1::HubFrame& frame,
                           const absl::Status& taken) {
  if (absl::IsDataLoss(taken)) {
    // What was sold here must still reach the hub: only the pull stops.
    pull_stopped_ = std::string(taken.message());
    pull_.Stop();
    return;
  }
  if (!taken.ok()) {
    const bool mends_itself = absl::IsOutOfRange(taken);
    return Drop(absl::StrCat("taking the hub's records: ", taken.message()),
                mends_itself ? Retry::kBackoff : Retry::kSlow);
  }
  absl::StatusOr<std::vector<v1::StreamCursor>> pulled = port_->Pulled();
  if (!pulled.ok()) {
    return Drop(absl::StrCat("reading how far the hub's streams were pulled: ",
                             pulled.status().message()));
  }
  pull_moved_ |= pull_.OnPulled(frame, *pulled);
  v1::PulledTo* report = NewFrame().mutable_pulled_to();
  for (v1::StreamCursor& cursor : *pulled) {
    *report->add_cursors() = std::move(cursor);
  }
}

void EdgeSession::OnWantBack(const v1::WantBack& want) {
  absl::StatusOr<v1::ReturnedRecords> returned =
      port_->ReadBack(want, kPushBytesMax);
  if (!returned.ok()) {
    return Drop(absl::StrCat("giving back records of ", want.stream(), ": ",
                             returned.status().message()),
                Retry::kSlow);
  }
  *NewFrame().mutable_returned() = *std::move(returned);
}

bool EdgeSession::CheckOnJournal(const Cursor& at, absl::string_view what) {
  const absl::StatusOr<std::string> hash = port_->HashAt(at.epoch, at.seq);
  if (absl::IsNotFound(hash.status())) {
    const Cursor head = port_->Head();
    Refuse(MakeRefused(
        v1::REFUSAL_CODE_BEHIND,
        absl::StrCat(what, " to ", ToText(at), ", this disk has it to ",
                     ToText(head),
                     ": the disk was replaced, or restored from an older copy. "
                     "Do not sell on it; rebuild it: branchline edge recover"),
        at, head));
    return false;
  }
  if (!hash.ok()) {
    Drop(absl::StrCat("reading the own journal: ", hash.status().message()));
    return false;
  }
  if (*hash != at.hash && !BL_MUTANT(kHashUnchecked)) {
    Cursor own = at;
    own.hash = *hash;
    Refuse(MakeRefused(
        v1::REFUSAL_CODE_FORK,
        absl::StrCat(what, " to ", ToText(at), ", this disk has ", ToText(own),
                     " there: two boxes sold as this branch, or one was "
                     "restored and sold on. Do not sell on this one; ask who "
                     "runs the hub which of them to keep"),
        at, own));
    return false;
  }
  return true;
}

void EdgeSession::Refuse(const v1::Refused& refused) {
  refused_ = refused;
  port_->OnRefused(refused);
  Drop(RefusalText(refused), Retry::kSlow);
}

void EdgeSession::Drop(std::string why, Retry retry) {
  if (drop_.has_value()) return;
  drop_ = std::move(why);
  retry_ = retry;
}

v1::EdgeFrame& EdgeSession::NewFrame() { return frames_.emplace_back(); }

void EdgeSession::SendHello() {
  absl::StatusOr<v1::Hello> hello = port_->MakeHello();
  if (!hello.ok()) {
    return Drop(
        absl::StrCat("making the greeting: ", hello.status().message()));
  }
  hello->set_protocol(kProtocolVersion);
  *NewFrame().mutable_hello() = *std::move(hello);
}

}  // namespace branchline

#include "hub/intake/greeting.h"

#include <optional>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "hub/intake/branch_gate.h"
#include "hub/intake/session_secret.h"
#include "hub/merge/fence.h"
#include "hub/storage/update_box.h"
#include "sync/base/bytes.h"
#include "sync/base/status_macros.h"
#include "sync/identity/branch_code.h"
#include "sync/journal/record.h"
#include "sync/ledger/keys.h"
#include "sync/replication/position.h"
#include "sync/replication/refusal.h"

namespace branchline {
namespace {

std::string Dated(const Clock& clock, absl::string_view what) {
  return absl::StrCat(absl::FormatTime("%Y-%m-%d %H:%M:%S UTC", clock.WallNow(),
                                       absl::UTCTimeZone()),
                      ": ", what);
}

class Greeter {
 public:
  Greeter(HubStore* store, HubLedger* ledger, const Clock& clock,
          const PeerIdentity& peer, uint64_t greetings_at_open,
          const v1::Hello& hello)
      : store_(*store),
        ledger_(*ledger),
        clock_(clock),
        peer_(peer),
        greetings_at_open_(greetings_at_open),
        hello_(hello),
        stream_(EdgeStream(peer.branch)) {}

  absl::StatusOr<HubPort::Greeting> Run() {
    if (hello_.protocol() > kProtocolVersion) {
      return HubPort::Greeting(MakeRefused(
          v1::REFUSAL_CODE_TOO_NEW,
          absl::StrCat("branch ", peer_.branch, " speaks protocol ",
                       hello_.protocol(), ", this hub at most ",
                       kProtocolVersion,
                       ": install the newer version at the hub first")));
    }
    if (hello_.branch() != peer_.branch) {
      return HubPort::Greeting(MakeRefused(
          v1::REFUSAL_CODE_WRONG_IDENTITY,
          absl::StrCat("the box greets as branch ",
                       hello_.branch().substr(0, kBranchCodeSizeMax),
                       ", its certificate is that of ", peer_.branch,
                       ": join it to its branch again")));
    }
    BL_ASSIGN_OR_RETURN(auto gate, CheckGate(store_, peer_));
    if (auto* refused = std::get_if<v1::Refused>(&gate)) {
      BL_RETURN_IF_ERROR(CheckNotLost(*refused));
      return HubPort::Greeting(std::move(*refused));
    }
    const absl::Status read = ReadGreeting();
    if (!read.ok()) {
      return HubPort::Greeting(MakeRefused(
          v1::REFUSAL_CODE_PROTOCOL,
          absl::StrCat("the greeting of ", peer_.branch, " cannot be used: ",
                       read.message(), "; update the box's program")));
    }
    BL_ASSIGN_OR_RETURN(const auto cursors, store_.ReadCursors({stream_}));
    cursor_ = cursors[0];
    BL_RETURN_IF_ERROR(LookAtOwnStreams());
    BL_ASSIGN_OR_RETURN(std::optional<v1::Refused> refused, JudgeHistory());
    if (!refused.has_value()) {
      BL_ASSIGN_OR_RETURN(refused, TakeSession());
    }
    if (refused.has_value()) return HubPort::Greeting(*std::move(refused));
    return MakeWelcome();
  }

 private:
  bool AckIsOurs() const {
    return VerifySignature(ledger_.key().public_key(), kAckPurpose,
                           AckBytes(peer_.branch, hello_.last_ack().at()),
                           hello_.last_ack().signature())
        .ok();
  }

  // A box that this hub once knew, and was restored to a time before, must not
  // be told for good that it is nobody.
  absl::Status CheckNotLost(const v1::Refused& refused) const {
    const bool unknown = refused.code() == v1::REFUSAL_CODE_UNKNOWN_BRANCH ||
                         refused.code() == v1::REFUSAL_CODE_WRONG_IDENTITY;
    if (!unknown || !hello_.has_last_ack() || !AckIsOurs()) {
      return absl::OkStatus();
    }
    return absl::UnavailableError(absl::StrCat(
        "greet ", peer_.branch, ", epoch ", peer_.epoch, ": ",
        refused.message(),
        " This hub signed for its journal before, so it was restored from an "
        "image older than this box. Let the other branches connect first"));
  }

  absl::Status ReadGreeting() {
    if (hello_.protocol() == 0) {
      return absl::InvalidArgumentError("protocol 0");
    }
    BL_ASSIGN_OR_RETURN(head_, CursorFromPeer(hello_.head(), "its head"));
    if (head_.epoch > peer_.epoch) {
      return absl::InvalidArgumentError(
          absl::StrCat("its journal is at ", ToText(head_),
                       ", its certificate is for epoch ", peer_.epoch));
    }
    if (!hello_.has_last_ack()) return absl::OkStatus();
    return CursorFromPeer(hello_.last_ack().at(), "its last ack").status();
  }

  // A branch that has more of our own streams than we do, or something else.
  absl::Status LookAtOwnStreams() {
    for (const v1::StreamCursor& pulled : hello_.pulled()) {
      const std::string& stream = pulled.stream();
      if (stream != kChainStream && stream != BranchStream(peer_.branch)) {
        continue;
      }
      const Cursor at = FromProto(pulled.at());
      BL_ASSIGN_OR_RETURN(const auto heads, store_.ReadCursors({stream}));
      if (heads[0].IsBefore(at)) {
        BL_RETURN_IF_ERROR(ledger_.NotePulled(peer_.branch, stream, at));
        note_ = absl::StrCat("has ", stream, " to ", ToText(at),
                             ", this hub to ", ToText(heads[0]),
                             ": the hub was restored from an older image");
        continue;
      }
      const auto ours = store_.ReadHash(stream, at.epoch, at.seq);
      if (absl::IsNotFound(ours.status())) continue;
      BL_RETURN_IF_ERROR(ours.status());
      if (*ours != at.hash) {
        note_ = absl::StrCat(
            "has another record at ", ToText(at), " of ", stream,
            " than this hub (", ShortHex(*ours),
            "): the hub was restored and decided something else there; set "
            "the box up anew with a token of 'branchline branch token "
            "--recover'");
      }
    }
    return absl::OkStatus();
  }

  absl::StatusOr<std::optional<v1::Refused>> JudgeHistory() {
    if (head_.IsBefore(cursor_)) return Behind();
    if (head_.SamePlace(cursor_) && head_.hash != cursor_.hash) {
      return Fork(cursor_, head_);
    }
    if (!hello_.has_last_ack() || hello_.last_ack().signature().empty()) {
      return std::optional<v1::Refused>();
    }
    const Cursor acked = FromProto(hello_.last_ack().at());
    if (!AckIsOurs()) {
      note_ = absl::StrCat("shows an ack for ", ToText(acked),
                           " that this hub did not sign");
      return std::optional<v1::Refused>();
    }
    if (cursor_.IsBefore(acked)) {
      note_ =
          absl::StrCat("has an ack that this hub signed for ", ToText(acked),
                       ", the hub holds its journal to ", ToText(cursor_),
                       ": the hub was restored from an older image");
      return std::optional<v1::Refused>();
    }
    const auto ours = store_.ReadHash(stream_, acked.epoch, acked.seq);
    if (absl::IsNotFound(ours.status())) return std::optional<v1::Refused>();
    BL_RETURN_IF_ERROR(ours.status());
    if (*ours == acked.hash) return std::optional<v1::Refused>();
    return Fork({acked.epoch, acked.seq, *ours}, acked);
  }

  absl::StatusOr<std::optional<v1::Refused>> Behind() {
    v1::Refused refused = MakeRefused(
        v1::REFUSAL_CODE_BEHIND,
        absl::StrCat("the journal of this box ends at ", ToText(head_),
                     ", the hub holds it to ", ToText(cursor_),
                     ": its disk or image went back in time, or it is a copy "
                     "of another box. Stop selling on it, and set it up anew "
                     "with a token of 'branchline branch token --recover'"),
        cursor_, head_);
    return Incident(std::move(refused));
  }

  absl::StatusOr<std::optional<v1::Refused>> Fork(const Cursor& ours,
                                                  const Cursor& theirs) {
    BL_RETURN_IF_ERROR(CheckNotStale());
    v1::Refused refused = MakeRefused(
        v1::REFUSAL_CODE_FORK,
        absl::StrCat("record ", ours.seq, " of epoch ", ours.epoch, " in ",
                     stream_, " has the hash ", Hex(theirs.hash),
                     " on this box and ", Hex(ours.hash),
                     " at the hub: two boxes have posted as this branch. Keep "
                     "the disks, stop selling on this box, and set one up anew "
                     "with a token of 'branchline branch token --recover'"),
        ours, theirs);
    const absl::Status fenced =
        FenceBranch(&store_, &ledger_, peer_.branch, refused.message());
    if (!fenced.ok() && !absl::IsUnavailable(fenced)) return fenced;
    return Incident(std::move(refused));
  }

  // A greeting that was long on its way may be wrong by now without any fault.
  // Judged by the order of lines and greetings alone: clocks are set back.
  absl::Status CheckNotStale() {
    BL_ASSIGN_OR_RETURN(const auto box, store_.ReadBox(peer_.branch));
    if (!box.has_value() || box->greetings() == greetings_at_open_) {
      return absl::OkStatus();
    }
    return absl::UnavailableError(absl::StrCat(
        "greet ", peer_.branch,
        ": another greeting was taken since the line of this one opened, and "
        "it does not fit any more: greet again"));
  }

  // Keeps what was found for 'branch show'.
  absl::StatusOr<std::optional<v1::Refused>> Incident(v1::Refused refused) {
    BL_RETURN_IF_ERROR(CheckNotStale());
    BL_RETURN_IF_ERROR(UpdateBox(
        &store_, peer_.branch, [&](v1::BoxState* box) -> absl::StatusOr<bool> {
          box->set_incident(Dated(clock_, RefusalText(refused)));
          return true;
        }));
    return std::optional<v1::Refused>(std::move(refused));
  }

  v1::Refused Clone(const v1::BoxState& box, SecretVerdict verdict) const {
    const auto number = [&](absl::string_view secret) {
      return SecretNumber(ledger_.key(), peer_.branch, peer_.epoch, secret)
          .value_or(0);
    };
    return MakeRefused(
        v1::REFUSAL_CODE_CLONE,
        absl::StrCat(
            verdict == SecretVerdict::kForeign
                ? std::string("this box has a session secret that this hub "
                              "never gave it")
                : absl::StrCat("this box has session secret ",
                               number(hello_.session_secret()), " of ",
                               peer_.branch,
                               ", but a box of this branch has "
                               "confirmed number ",
                               number(box.confirmed_secret()), " since"),
            ": it is a copy of another box's disk. Stop selling on it. The "
            "other box goes on; if this is the one to keep, set it up anew "
            "with a token of 'branchline branch token --recover'"),
        cursor_, head_);
  }

  // Judges the secret and stores the session, in one step.
  absl::StatusOr<std::optional<v1::Refused>> TakeSession() {
    std::optional<v1::Refused> refused;
    BL_RETURN_IF_ERROR(UpdateBox(
        &store_, peer_.branch, [&](v1::BoxState* box) -> absl::StatusOr<bool> {
          const std::string& secret = hello_.session_secret();
          const SecretVerdict verdict =
              JudgeSecret(ledger_.key(), *box, secret);
          refused.reset();
          if (verdict == SecretVerdict::kStale ||
              verdict == SecretVerdict::kForeign) {
            refused = Clone(*box, verdict);
            return false;
          }
          const int64_t now = absl::ToUnixMicros(clock_.WallNow());
          RollSecret(ledger_.key(), secret, box);
          offered_ = box->offered_secret();
          box->set_last_heard_unix_micros(now);
          box->set_clock_drift_micros(hello_.now_unix_micros() - now);
          box->set_greetings(box->greetings() + 1);
          box->set_version(hello_.version());
          if (verdict == SecretVerdict::kHubBehind) {
            note_ =
                "has a session secret that this hub made later than it "
                "remembers: the hub was restored from an older image";
          }
          if (!note_.empty()) {
            box->set_incident(Dated(clock_, absl::StrCat("the box ", note_)));
          }
          return true;
        }));
    if (!refused.has_value()) return refused;
    return Incident(*std::move(refused));
  }

  absl::StatusOr<HubPort::Greeting> MakeWelcome() const {
    v1::Welcome welcome;
    *welcome.mutable_cursor() = ToProto(cursor_);
    welcome.set_offered_secret(offered_);
    welcome.set_now_unix_micros(absl::ToUnixMicros(clock_.WallNow()));
    welcome.set_credit_bytes(kCreditBytes);
    BL_ASSIGN_OR_RETURN(const auto heads,
                        FollowedStreams(store_, peer_.branch));
    for (const v1::StreamCursor& head : heads) *welcome.add_heads() = head;
    return HubPort::Greeting(std::move(welcome));
  }

  HubStore& store_;
  HubLedger& ledger_;
  const Clock& clock_;
  const PeerIdentity& peer_;
  const uint64_t greetings_at_open_;
  const v1::Hello& hello_;
  const std::string stream_;

  Cursor head_;          // of the box's journal
  Cursor cursor_;        // how far the hub holds it
  std::string offered_;  // secret
  std::string note_;     // what is odd but no reason to refuse
};

}  // namespace

absl::StatusOr<HubPort::Greeting> GreetBox(HubStore* store, HubLedger* ledger,
                                           const Clock& clock,
                                           const PeerIdentity& peer,
                                           uint64_t greetings_at_open,
                                           const v1::Hello& hello) {
  return Greeter(store, ledger, clock, peer, greetings_at_open, hello).Run();
}

absl::StatusOr<std::vector<v1::StreamCursor>> FollowedStreams(
    const HubStore& store, absl::string_view branch) {
  const std::vector<std::string> streams = {std::string(kChainStream),
                                            BranchStream(branch)};
  BL_ASSIGN_OR_RETURN(const auto cursors, store.ReadCursors(streams));
  std::vector<v1::StreamCursor> followed(streams.size());
  for (size_t i = 0; i < streams.size(); ++i) {
    followed[i].set_stream(streams[i]);
    *followed[i].mutable_at() = ToProto(cursors[i]);
  }
  return followed;
}

}  // namespace branchline

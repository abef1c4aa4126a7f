#include "hub/intake/hub_node.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "hub/intake/branch_gate.h"
#include "hub/intake/greeting.h"
#include "hub/storage/update_box.h"
#include "sync/base/status_macros.h"
#include "sync/journal/record.h"
#include "sync/ledger/keys.h"

namespace branchline {
namespace {

absl::Status CheckFollows(const PeerIdentity& peer, absl::string_view stream) {
  if (stream == kChainStream || stream == BranchStream(peer.branch)) {
    return absl::OkStatus();
  }
  return absl::PermissionDeniedError(
      absl::StrCat("branch ", peer.branch, " does not follow ", stream));
}

}  // namespace

HubNode::HubNode(HubStore* store, HubLedger* ledger, const Clock* clock,
                 ChangeSignal* changed, HubNodeOptions options)
    : store_(*store),
      ledger_(*ledger),
      clock_(*clock),
      changed_(*changed),
      options_(std::move(options)),
      presence_(store, clock),
      reader_(store, ledger, options_.snapshots),
      core_(store, ledger) {
  if (options_.threaded) {
    queue_ = std::make_unique<IntakeQueue>(&core_, options_.on_failure);
  }
}

void HubNode::Watch(const absl::Status& status) {
  if (absl::IsDataLoss(status) || absl::IsResourceExhausted(status)) {
    options_.on_failure(status);
  }
}

absl::StatusOr<uint64_t> HubNode::GreetingsTaken(const PeerIdentity& peer) {
  BL_ASSIGN_OR_RETURN(const auto box, store_.ReadBox(peer.branch));
  return box.has_value() ? box->greetings() : 0;
}

absl::StatusOr<HubPort::Greeting> HubNode::Greet(const PeerIdentity& peer,
                                                 uint64_t greetings_at_open,
                                                 const v1::Hello& hello) {
  auto greeting =
      GreetBox(&store_, &ledger_, clock_, peer, greetings_at_open, hello);
  Watch(greeting.status());
  if (greeting.ok() && std::holds_alternative<v1::Refused>(*greeting)) {
    options_.on_refused(peer, std::get<v1::Refused>(*greeting));
  }
  return greeting;
}

void HubNode::Count(const PeerIdentity& peer,
                    const absl::StatusOr<Taken>& taken) {
  if (!taken.ok()) return;
  const auto* refused = std::get_if<v1::Refused>(&*taken);
  ++(refused == nullptr ? pushes_stored_ : pushes_refused_);
  if (refused != nullptr && refused->code() != v1::REFUSAL_CODE_GAP) {
    options_.on_refused(peer, *refused);
  }
}

void HubNode::Take(const PeerIdentity& peer, v1::Push push,
                   std::function<void(absl::StatusOr<Taken>)> done) {
  if (queue_ != nullptr) {
    queue_->Take(
        peer, std::move(push),
        [this, peer, done = std::move(done)](absl::StatusOr<Taken> taken) {
          Count(peer, taken);
          done(std::move(taken));
        });
    return;
  }
  auto taken = core_.TakeNow(peer, std::move(push));
  Watch(taken.status());
  Count(peer, taken);
  done(std::move(taken));
}

absl::Status HubNode::ConfirmSecret(const PeerIdentity& peer,
                                    absl::string_view secret) {
  const absl::Status stored = UpdateBox(
      &store_, peer.branch, [&](v1::BoxState* box) -> absl::StatusOr<bool> {
        if (secret == box->confirmed_secret()) return false;
        if (secret.empty() || secret != box->offered_secret() ||
            box->epoch() != peer.epoch) {
          return absl::FailedPreconditionError(
              absl::StrCat("branch ", peer.branch,
                           " confirms a session secret that it was not "
                           "offered: greet again"));
        }
        box->set_confirmed_secret(std::string(secret));
        box->clear_offered_secret();
        return true;
      });
  Watch(stored);
  return stored;
}

absl::StatusOr<std::vector<v1::StreamCursor>> HubNode::StreamsFor(
    const PeerIdentity& peer) {
  return FollowedStreams(store_, peer.branch);
}

absl::StatusOr<std::vector<v1::HubFrame>> HubNode::ReadStream(
    const PeerIdentity& peer, absl::string_view stream,
    const FollowerPlace& after, size_t bytes_max) {
  BL_RETURN_IF_ERROR(CheckFollows(peer, stream));
  return reader_.Read(stream, after, bytes_max);
}

absl::StatusOr<v1::FetchJournalChunk> HubNode::ReadJournal(
    const PeerIdentity& peer, absl::string_view branch, const Cursor& after,
    size_t bytes_max) {
  if (branch != peer.branch) {
    return absl::PermissionDeniedError(
        absl::StrCat("the journal of ", branch, " is not for ", peer.branch));
  }
  BL_ASSIGN_OR_RETURN(auto gate, CheckGate(store_, peer));
  if (const auto* refused = std::get_if<v1::Refused>(&gate)) {
    return absl::PermissionDeniedError(refused->message());
  }
  const std::string stream = EdgeStream(branch);
  if (after != Cursor()) {
    const auto ours = store_.ReadHash(stream, after.epoch, after.seq);
    if (!absl::IsNotFound(ours.status())) BL_RETURN_IF_ERROR(ours.status());
    if (!ours.ok() || *ours != after.hash) {
      return absl::InvalidArgumentError(absl::StrCat(
          "read ", stream, " after ", ToText(after),
          ": that place is not on the journal that this hub holds; fetch from "
          "the start"));
    }
  }
  v1::FetchJournalChunk chunk;
  BL_ASSIGN_OR_RETURN(std::vector<std::string> records,
                      store_.ReadRecords(stream, after, bytes_max));
  if (records.empty()) return chunk;
  v1::Record last;
  if (!last.ParseFromString(records.back())) {
    return absl::DataLossError(
        absl::StrCat("a record of ", stream, " is damaged"));
  }
  BL_ASSIGN_OR_RETURN(const std::vector<v1::Checkpoint> checkpoints,
                      store_.ReadCheckpoints(stream, after, CursorOf(last)));
  for (std::string& record : records) chunk.add_records(std::move(record));
  for (const v1::Checkpoint& checkpoint : checkpoints) {
    *chunk.add_checkpoints() = checkpoint;
  }
  return chunk;
}

absl::Status HubNode::TakeBack(const PeerIdentity& peer,
                               const v1::ReturnedRecords& records) {
  BL_RETURN_IF_ERROR(CheckFollows(peer, records.stream()));
  const absl::Status taken = ledger_.TakeBack(records);
  Watch(taken);
  return taken;
}

absl::StatusOr<std::variant<std::monostate, v1::Refused>> HubNode::CheckLive(
    const PeerIdentity& peer) {
  using Answer = std::variant<std::monostate, v1::Refused>;
  BL_ASSIGN_OR_RETURN(auto gate, CheckGate(store_, peer));
  if (auto* refused = std::get_if<v1::Refused>(&gate)) {
    return Answer(std::move(*refused));
  }
  return Answer(std::monostate());
}

void HubNode::OnHeard(const PeerIdentity& peer) {
  Watch(presence_.OnHeard(peer.branch));
}

void HubNode::OnLineDown(const PeerIdentity& peer) {
  Watch(presence_.OnLineDown(peer.branch));
}

void HubNode::SetChangeListener(std::function<void()> changed) {
  changed_.Listen(std::move(changed));
}

}  // namespace branchline

#include "edge/commit/edge_state.h"

#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "branchline/v1/event.pb.h"
#include "branchline/v1/replication.pb.h"
#include "sync/base/bytes.h"
#include "sync/base/status_macros.h"
#include "sync/journal/journal.h"
#include "sync/ledger/keys.h"

namespace branchline {
namespace {

absl::Status CheckOwner(const Store& store, absl::string_view own) {
  BL_ASSIGN_OR_RETURN(const auto streams, ListStreams(store));
  for (const std::string& stream : streams) {
    if (absl::StartsWith(stream, "edge:") && stream != own) {
      return absl::FailedPreconditionError(absl::StrCat(
          "this journal is ", stream, "'s, and the box's identity is ", own,
          ": the data directory belongs to another branch; give that branch's "
          "--data, or join into an empty directory"));
    }
  }
  return absl::OkStatus();
}

// The days of the branch, as the fold left them.
absl::Status LoadDays(const Store& store, const std::string& branch,
                      EdgeState* state) {
  absl::Status damaged;
  const std::string from = docs::Day(branch, 0);
  BL_RETURN_IF_ERROR(store.Scan(
      Table::kDocs, from, docs::Day(branch, ~Date{0}),
      [&](absl::string_view, absl::string_view value) {
        v1::DayState day;
        if (!day.ParseFromArray(value.data(), static_cast<int>(value.size()))) {
          damaged = absl::DataLossError("a day's register is damaged");
          return false;
        }
        if (day.sealed()) {
          state->sealed_date = day.date();
          state->sealed_epoch = day.sealed_epoch();
          state->sealed_seq = day.sealed_seq();
        } else {
          state->open_date = day.date();
        }
        return true;
      }));
  return damaged;
}

absl::Status LoadTills(const Store& store, const std::string& branch,
                       uint64_t epoch, EdgeState* state) {
  absl::Status damaged;
  const std::string prefix = docs::Till(branch, "");
  BL_RETURN_IF_ERROR(store.Scan(
      Table::kDocs, prefix, PrefixEnd(prefix),
      [&](absl::string_view, absl::string_view value) {
        v1::TillPaired till;
        if (!till.ParseFromArray(value.data(),
                                 static_cast<int>(value.size()))) {
          damaged = absl::DataLossError("a till's register is damaged");
          return false;
        }
        if (!till.key_hash().empty()) {
          state->key_hash[till.till()] = till.key_hash();
        }
        return true;
      }));
  BL_RETURN_IF_ERROR(damaged);
  // Of every till that ever numbered one, paired today or not: a number is
  // never given twice.
  const std::string counters =
      docs::ReceiptCounter(branch, "", 0).substr(0, 1 + branch.size() + 1);
  BL_RETURN_IF_ERROR(store.Scan(
      Table::kDocs, counters, PrefixEnd(counters),
      [&](absl::string_view key, absl::string_view value) {
        const absl::string_view rest = key.substr(counters.size());
        if (rest.size() < 9 || value.size() != 8) {
          damaged = absl::DataLossError("a till's receipt counter is damaged");
          return false;
        }
        if (U64FromBytes(rest.substr(rest.size() - 8)) == epoch) {
          state->receipts[std::string(rest.substr(0, rest.size() - 9))] =
              U64FromBytes(value);
        }
        return true;
      }));
  return damaged;
}

// The tills of which the rows under `prefix` say so.
template <typename State>
absl::Status LoadTills(const Store& store, const std::string& prefix,
                       bool (*says_so)(const State& state),
                       std::set<std::string, std::less<>>* tills) {
  absl::Status damaged;
  BL_RETURN_IF_ERROR(store.Scan(
      Table::kDocs, prefix, PrefixEnd(prefix),
      [&](absl::string_view key, absl::string_view value) {
        State state;
        if (!state.ParseFromArray(value.data(),
                                  static_cast<int>(value.size()))) {
          damaged = absl::DataLossError("a till's register is damaged");
          return false;
        }
        if (says_so(state)) tills->emplace(key.substr(prefix.size()));
        return true;
      }));
  return damaged;
}

absl::StatusOr<std::string> ReadStop(const Store& store,
                                     absl::string_view key) {
  BL_ASSIGN_OR_RETURN(const auto bytes, store.Get(Table::kLocal, key));
  if (!bytes.has_value()) return std::string();
  v1::Refused why;
  if (!why.ParseFromString(*bytes) || why.message().empty()) {
    return absl::DataLossError(
        "why this box was stopped is written down and cannot be read");
  }
  return why.message();
}

}  // namespace

namespace local {

std::string BasketKey(absl::string_view basket_id) {
  return absl::StrCat("b", basket_id);
}
std::string LateKey(uint64_t epoch, absl::string_view last_hash, uint64_t seq) {
  std::string key = "w";
  AppendU64(&key, epoch);
  absl::StrAppend(&key, last_hash);
  AppendU64(&key, seq);
  return key;
}

}  // namespace local

absl::StatusOr<EdgeState> EdgeState::Load(const Store& store,
                                          const EdgeIdentity& identity) {
  const std::string& branch = identity.node.branch();
  const std::string stream = EdgeStream(branch);
  BL_RETURN_IF_ERROR(CheckOwner(store, stream));
  EdgeState state;
  BL_ASSIGN_OR_RETURN(state.head, ReadHead(store, stream));
  BL_RETURN_IF_ERROR(LoadDays(store, branch, &state));
  BL_RETURN_IF_ERROR(LoadTills(store, branch, identity.node.epoch(), &state));
  BL_RETURN_IF_ERROR(LoadTills<v1::ShiftState>(
      store, docs::Shift(branch, ""),
      [](const v1::ShiftState& shift) { return shift.open(); },
      &state.open_shifts));
  BL_RETURN_IF_ERROR(LoadTills<v1::TrainingState>(
      store, docs::Training(branch, ""),
      [](const v1::TrainingState& training) { return training.on(); },
      &state.training));

  BL_ASSIGN_OR_RETURN(const auto checkpoint, LastCheckpoint(store, stream));
  Cursor from;
  // One without a total came with a push, and back in a recovery.
  if (checkpoint.has_value() && checkpoint->events_total() > 0) {
    from = {checkpoint->epoch(), checkpoint->seq(), checkpoint->hash()};
    state.events_total = checkpoint->events_total();
  }
  // Also checks the chain from the last signed checkpoint to the head.
  BL_RETURN_IF_ERROR(ForEachRecord(store, stream, from,
                                   [&](const v1::Record&) -> absl::Status {
                                     ++state.events_total;
                                     ++state.events_since_checkpoint;
                                     return absl::OkStatus();
                                   }));
  if (state.head.seq > 0) {
    BL_ASSIGN_OR_RETURN(
        const v1::Record last,
        ReadRecord(store, stream, state.head.epoch, state.head.seq));
    v1::Event event;
    if (!event.ParseFromString(last.payload())) {
      return absl::DataLossError(absl::StrCat("the last record of ", stream,
                                              " is no event that can be read"));
    }
    state.last_recorded_at =
        absl::FromUnixMicros(event.recorded_at_unix_micros());
  }
  BL_ASSIGN_OR_RETURN(const auto streams, ListStreams(store));
  for (const std::string& name : streams) {
    if (name == stream) continue;
    BL_ASSIGN_OR_RETURN(state.pulled[name], ReadHead(store, name));
  }
  BL_ASSIGN_OR_RETURN(state.refused_why, ReadStop(store, local::kRefusedKey));
  BL_ASSIGN_OR_RETURN(state.rolled_back_why,
                      ReadStop(store, local::kRolledBackKey));
  return state;
}

}  // namespace branchline

#include "hub/intake/presence.h"

#include <algorithm>

#include "hub/storage/update_box.h"

namespace branchline {

absl::Status Presence::Store(const std::string& branch,
                             int64_t heard_unix_micros) {
  const absl::Status stored = UpdateBox(
      &store_, branch, [&](v1::BoxState* box) -> absl::StatusOr<bool> {
        if (box->last_heard_unix_micros() >= heard_unix_micros) return false;
        box->set_last_heard_unix_micros(heard_unix_micros);
        return true;
      });
  return absl::IsNotFound(stored) ? absl::OkStatus() : stored;
}

absl::Status Presence::OnHeard(const std::string& branch) {
  const int64_t now = absl::ToUnixMicros(clock_.WallNow());
  const absl::Duration monotonic_now = clock_.MonotonicNow();
  {
    absl::MutexLock lock(&mutex_);
    State& state = states_[branch];
    // A greeting has just stored it.
    if (!state.seen.online) state.stored_at = monotonic_now;
    state.seen = {true, now};
    if (monotonic_now - state.stored_at < kHeardStoredEvery) {
      return absl::OkStatus();
    }
    state.stored_at = monotonic_now;
  }
  return Store(branch, now);
}

absl::Status Presence::OnLineDown(const std::string& branch) {
  int64_t heard = 0;
  {
    absl::MutexLock lock(&mutex_);
    State& state = states_[branch];
    state.seen.online = false;
    heard = state.seen.heard_unix_micros;
  }
  return Store(branch, heard);
}

Presence::Seen Presence::Of(absl::string_view branch) const {
  absl::MutexLock lock(&mutex_);
  const auto found = states_.find(branch);
  return found == states_.end() ? Seen() : found->second.seen;
}

int Presence::online() const {
  absl::MutexLock lock(&mutex_);
  return static_cast<int>(std::count_if(
      states_.begin(), states_.end(),
      [](const auto& entry) { return entry.second.seen.online; }));
}

}  // namespace branchline

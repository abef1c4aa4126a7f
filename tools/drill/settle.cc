#include "tools/drill/settle.h"

#include <unistd.h>

#include <map>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "sync/base/status_macros.h"

namespace branchline::drill {
namespace {

constexpr useconds_t kSettleLookMicros = 20'000;
// Without any progress: an edge asks again at least once a minute.
constexpr absl::Duration kSettlePatience = absl::Seconds(120);

bool Holds(const v1::Position& cursor, const v1::Position& head) {
  return cursor.epoch() == head.epoch() && cursor.seq() == head.seq() &&
         cursor.hash() == head.hash();
}

}  // namespace

absl::StatusOr<std::vector<Settled>> AwaitSettled(ChainRig* rig,
                                                  absl::Duration healed_at,
                                                  const Progress& progress,
                                                  const Clock& clock) {
  std::vector<Settled> settled(rig->branches());
  std::map<std::string, size_t> waiting;
  for (size_t i = 0; i < settled.size(); ++i) {
    BL_ASSIGN_OR_RETURN(const v1::EdgeStatus status, rig->EdgeStatus(i));
    settled[i].head = status.head();
    waiting[rig->code(i)] = i;
  }
  uint64_t held_before = 0;
  absl::Duration progress_at = clock.MonotonicNow();
  while (true) {
    if (progress.stop) return absl::CancelledError("interrupted");
    BL_ASSIGN_OR_RETURN(const std::vector<v1::BranchInfo> branches,
                        rig->HubBranches());
    const absl::Duration now = clock.MonotonicNow();
    uint64_t held = 0;
    for (const v1::BranchInfo& info : branches) {
      held += info.cursor().seq();
      const auto it = waiting.find(info.branch().code());
      if (it == waiting.end()) continue;
      if (!info.fenced_why().empty()) {
        return absl::FailedPreconditionError(
            absl::StrCat(it->first, " was fenced: ", info.fenced_why()));
      }
      if (!Holds(info.cursor(), settled[it->second].head)) continue;
      settled[it->second].caught_up_after = now - healed_at;
      waiting.erase(it);
    }
    if (waiting.empty()) return settled;
    if (held != held_before) progress_at = now;
    held_before = held;
    if (now - progress_at > kSettlePatience) {
      const auto& [code, branch] = *waiting.begin();
      BL_ASSIGN_OR_RETURN(const v1::EdgeStatus status, rig->EdgeStatus(branch));
      return absl::DeadlineExceededError(
          absl::StrCat(code, " has ", status.waiting_events(),
                       " events that the hub did not get in ",
                       absl::FormatDuration(kSettlePatience),
                       "; its line: ", status.line_state()));
    }
    usleep(kSettleLookMicros);
  }
}

}  // namespace branchline::drill

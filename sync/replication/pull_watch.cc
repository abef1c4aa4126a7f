#include "sync/replication/pull_watch.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "sync/base/status_macros.h"
#include "sync/replication/position.h"

namespace branchline {

absl::Status PullWatch::Start(
    const google::protobuf::RepeatedPtrField<v1::StreamCursor>& heads,
    const Cursors& pulled) {
  behind_.clear();
  std::map<std::string, Cursor> here;
  for (const v1::StreamCursor& cursor : pulled) {
    BL_ASSIGN_OR_RETURN(here[cursor.stream()],
                        CursorFromPeer(cursor.at(), cursor.stream()));
  }
  for (const v1::StreamCursor& head : heads) {
    BL_ASSIGN_OR_RETURN(
        Cursor at,
        CursorFromPeer(head.at(), absl::StrCat("the head of ", head.stream())));
    Cursor& own = here[head.stream()];
    if (own.IsBefore(at)) {
      behind_[head.stream()] = {std::move(own), std::move(at)};
    }
  }
  return absl::OkStatus();
}

bool PullWatch::OnPulled(const v1::HubFrame& frame, const Cursors& pulled) {
  bool progress = false;
  if (frame.has_snapshot()) {
    const auto it = behind_.find(frame.snapshot().stream());
    const uint64_t next = frame.snapshot().index() + 1;
    if (it != behind_.end() && it->second.chunk_next < next) {
      it->second.chunk_next = next;
      progress = true;
    }
  }
  for (const v1::StreamCursor& cursor : pulled) {
    const auto it = behind_.find(cursor.stream());
    if (it == behind_.end()) continue;
    const absl::StatusOr<Cursor> at =
        CursorFromPeer(cursor.at(), cursor.stream());
    if (!at.ok() || !it->second.pulled.IsBefore(*at)) continue;
    progress = true;
    it->second.pulled = *at;
    if (!at->IsBefore(it->second.head)) behind_.erase(it);
  }
  return progress;
}

std::string PullWatch::WaitsFor() const {
  if (behind_.empty()) return "nothing";
  return absl::StrCat(behind_.begin()->first, " to ",
                      ToText(behind_.begin()->second.head));
}

}  // namespace branchline

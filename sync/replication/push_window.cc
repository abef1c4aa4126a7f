#include "sync/replication/push_window.h"

#include <algorithm>

#include "sync/base/check.h"
#include "sync/replication/limits.h"

namespace branchline {

void PushWindow::Start(const Cursor& held, uint64_t credit_bytes) {
  credit_bytes_ = credit_bytes;
  acked_ = held;
  next_after_ = held;
  in_flight_.clear();
  in_flight_bytes_ = 0;
  stale_count_ = 0;
}

bool PushWindow::MayPush() const {
  if (stale_count_ > 0) return false;
  if (in_flight_.empty()) return true;
  if (in_flight_.size() >= kEdgePushesMax) return false;
  // Waits for a whole push of room, so that a full window does not turn into
  // pushes of one record.
  const uint64_t room_min =
      std::min<uint64_t>(kPushBytesMax, credit_bytes_ / 2);
  return in_flight_bytes_ < credit_bytes_ &&
         credit_bytes_ - in_flight_bytes_ >= room_min;
}

size_t PushWindow::push_bytes_max() const {
  const uint64_t room =
      credit_bytes_ > in_flight_bytes_ ? credit_bytes_ - in_flight_bytes_ : 1;
  return std::clamp<uint64_t>(room, 1, kPushBytesMax);
}

void PushWindow::OnPushed(const Cursor& end, size_t bytes) {
  BL_CHECK(next_after_.IsBefore(end), "a push goes forward");
  BL_CHECK(stale_count_ == 0, "nothing is pushed before a GAP is settled");
  in_flight_.push_back({next_after_, end, bytes});
  next_after_ = end;
  in_flight_bytes_ += bytes;
}

bool PushWindow::OnAck(const Cursor& at) {
  if (stale_count_ > 0) --stale_count_;
  if (!acked_.IsBefore(at)) return false;  // late, or said twice
  acked_ = at;
  while (!in_flight_.empty() && !at.IsBefore(in_flight_.front().end)) {
    in_flight_bytes_ -= in_flight_.front().bytes;
    in_flight_.pop_front();
  }
  // The hub can finish a push of the line before after it has greeted us on
  // this one: what it holds need not be sent.
  if (next_after_.IsBefore(at)) next_after_ = at;
  return true;
}

bool PushWindow::OnGap(const Cursor& held) {
  const bool began_there = !in_flight_.empty() && stale_count_ == 0 &&
                           in_flight_.front().after.SamePlace(held);
  if (began_there) return false;
  stale_count_ = in_flight_count() > 0 ? in_flight_count() - 1 : 0;
  in_flight_.clear();
  in_flight_bytes_ = 0;
  acked_ = held;
  next_after_ = held;
  return true;
}

std::string PushWindow::HashInFlight(const Cursor& at) const {
  for (const InFlight& push : in_flight_) {
    if (push.end.SamePlace(at)) return push.end.hash;
  }
  return std::string();
}

}  // namespace branchline

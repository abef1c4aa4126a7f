#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace branchline::drill {

// How slow a line is. Zero means as fast as it goes.
struct Pace {
  absl::Duration delay = {};     // from one end to the other
  int64_t bytes_per_second = 0;  // 0: no limit
};

// One direction of a line as a queue of bytes with the time at which each comes
// out. Pure: time comes in with each call and never goes back.
class DelayLine {
 public:
  static constexpr size_t kSizeMax = 262'144;  // bytes under way

  size_t Room() const { return kSizeMax - size_; }
  bool Empty() const { return size_ == 0; }

  // Takes `bytes`, of which there are at most Room().
  void Push(absl::string_view bytes, absl::Duration now);

  // The next bytes that have come out; empty if none have. Good until the next
  // call of anything else.
  absl::string_view Ready(absl::Duration now) const;

  // Drops the first `size` bytes of what Ready() gave.
  void Pop(size_t size);

  // When there will be bytes to take; nothing if there are none under way.
  std::optional<absl::Duration> NextAt() const;

  // For all bytes pushed from now on; what is under way comes out no later than
  // it would if it were pushed now.
  void SetPace(const Pace& pace, absl::Duration now);

 private:
  struct Piece {
    std::string bytes;
    absl::Duration out_at;
  };

  void PushPiece(absl::string_view bytes, absl::Duration now);

  Pace pace_;
  std::deque<Piece> pieces_;
  size_t front_taken_ = 0;  // bytes of the first piece that are gone
  size_t size_ = 0;
  absl::Duration free_at_;  // when the line has sent all that it was given
};

}  // namespace branchline::drill

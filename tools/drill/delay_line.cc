#include "tools/drill/delay_line.h"

#include <algorithm>
#include <utility>

#include "sync/base/check.h"

namespace branchline::drill {
namespace {

// A paced line hands out this many pieces a second: enough to flow, few enough
// not to wake up for every byte.
constexpr int64_t kPiecesPerSecond = 50;
constexpr size_t kPieceSizeMax = 16'384;

}  // namespace

void DelayLine::Push(absl::string_view bytes, absl::Duration now) {
  BL_CHECK(bytes.size() <= Room(), "pushed beyond the line's room");
  size_t piece_size = kPieceSizeMax;
  if (pace_.bytes_per_second > 0) {
    piece_size = static_cast<size_t>(
        std::clamp<int64_t>(pace_.bytes_per_second / kPiecesPerSecond, 1,
                            static_cast<int64_t>(kPieceSizeMax)));
  }
  while (!bytes.empty()) {
    PushPiece(bytes.substr(0, piece_size), now);
    bytes.remove_prefix(std::min(piece_size, bytes.size()));
  }
}

void DelayLine::PushPiece(absl::string_view bytes, absl::Duration now) {
  free_at_ = std::max(free_at_, now);
  if (pace_.bytes_per_second > 0) {
    free_at_ += absl::Seconds(static_cast<int64_t>(bytes.size())) /
                pace_.bytes_per_second;
  }
  pieces_.push_back(
      {.bytes = std::string(bytes), .out_at = free_at_ + pace_.delay});
  size_ += bytes.size();
}

absl::string_view DelayLine::Ready(absl::Duration now) const {
  if (pieces_.empty() || pieces_.front().out_at > now) return {};
  return absl::string_view(pieces_.front().bytes).substr(front_taken_);
}

void DelayLine::Pop(size_t size) {
  BL_CHECK(!pieces_.empty(), "popped from an empty line");
  BL_CHECK(size <= pieces_.front().bytes.size() - front_taken_,
           "popped more than was ready");
  front_taken_ += size;
  size_ -= size;
  if (front_taken_ == pieces_.front().bytes.size()) {
    pieces_.pop_front();
    front_taken_ = 0;
  }
}

std::optional<absl::Duration> DelayLine::NextAt() const {
  if (pieces_.empty()) return std::nullopt;
  return pieces_.front().out_at;
}

void DelayLine::SetPace(const Pace& pace, absl::Duration now) {
  pace_ = pace;
  free_at_ = now;
  const size_t taken = std::exchange(front_taken_, 0);
  std::deque<Piece> under_way;
  under_way.swap(pieces_);
  size_ = 0;
  bool first = true;
  for (const Piece& piece : under_way) {
    const absl::string_view bytes =
        absl::string_view(piece.bytes).substr(first ? taken : 0);
    first = false;
    PushPiece(bytes, now);
    pieces_.back().out_at = std::min(pieces_.back().out_at, piece.out_at);
  }
}

}  // namespace branchline::drill

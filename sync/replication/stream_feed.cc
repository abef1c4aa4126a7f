#include "sync/replication/stream_feed.h"

#include <iterator>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "sync/base/status_macros.h"
#include "sync/replication/limits.h"
#include "sync/replication/position.h"

namespace branchline {

StreamFeed::StreamFeed(const PeerIdentity* peer, HubPort* port)
    : peer_(peer), port_(port) {}

absl::Status StreamFeed::Start(
    const google::protobuf::RepeatedPtrField<v1::StreamCursor>& pulled) {
  for (const v1::StreamCursor& cursor : pulled) {
    BL_ASSIGN_OR_RETURN(
        Cursor at, CursorFromPeer(cursor.at(), absl::StrCat("the cursor of ",
                                                            cursor.stream())));
    pulled_[cursor.stream()] = std::move(at);
  }
  return absl::OkStatus();
}

// Reads what to follow. A stream that is new here starts where the branch said
// it is; one that is no longer to be followed is dropped.
absl::Status StreamFeed::Look() {
  BL_ASSIGN_OR_RETURN(const std::vector<v1::StreamCursor> streams,
                      port_->StreamsFor(*peer_));
  std::map<std::string, Followed> followed;
  for (const v1::StreamCursor& stream : streams) {
    BL_ASSIGN_OR_RETURN(
        const Cursor head,
        CursorFromPeer(stream.at(),
                       absl::StrCat("the head of ", stream.stream())));
    Followed& now = followed[stream.stream()];
    const auto known = followed_.find(stream.stream());
    if (known != followed_.end()) {
      now = std::move(known->second);
    } else if (const auto said = pulled_.find(stream.stream());
               said != pulled_.end()) {
      now.place.at = said->second;
      now.ask_back = head.IsBefore(now.place.at);
    }
    now.at_head = false;
    if (!head.IsBefore(now.place.at)) now.ask_back = false;
    if (now.ask_back && !now.given_up && !asked_back_.has_value()) {
      asked_back_ = stream.stream();
      want_back_.emplace();
      want_back_->set_stream(stream.stream());
      *want_back_->mutable_after() = PositionOf(head);
    }
  }
  followed_ = std::move(followed);
  look_again_ = false;
  return absl::OkStatus();
}

absl::Status StreamFeed::OnPulledTo() {
  if (unreported_bytes_.empty()) {
    return absl::FailedPreconditionError(
        "a report of pulled records, but none were sent that lack one");
  }
  unreported_bytes_total_ -= unreported_bytes_.front();
  unreported_bytes_.pop_front();
  return absl::OkStatus();
}

absl::StatusOr<std::vector<v1::HubFrame>> StreamFeed::Next() {
  if (look_again_) BL_RETURN_IF_ERROR(Look());
  std::vector<v1::HubFrame> frames;
  for (auto& [stream, followed] : followed_) {
    while (!followed.at_head && !followed.ask_back) {
      if (unreported_bytes_total_ >= kFeedBytesMax ||
          unreported_bytes_.size() >= kFeedFramesMax) {
        return frames;
      }
      BL_ASSIGN_OR_RETURN(
          std::vector<v1::HubFrame> read,
          port_->ReadStream(*peer_, stream, followed.place, kPushBytesMax));
      followed.at_head = read.empty();
      for (v1::HubFrame& frame : read) {
        BL_RETURN_IF_ERROR(Advance(stream, frame, &followed.place));
        unreported_bytes_.push_back(frame.ByteSizeLong());
        unreported_bytes_total_ += unreported_bytes_.back();
        frames.push_back(std::move(frame));
      }
    }
  }
  return frames;
}

absl::Status StreamFeed::Advance(absl::string_view stream,
                                 const v1::HubFrame& frame,
                                 FollowerPlace* place) {
  if (frame.has_records() && !frame.records().records().empty()) {
    BL_ASSIGN_OR_RETURN(Cursor end, EndOf(frame.records().records(), stream));
    *place = FollowerPlace{std::move(end), std::nullopt, 0};
    return absl::OkStatus();
  }
  if (frame.has_snapshot()) {
    BL_ASSIGN_OR_RETURN(
        Cursor at, CursorFromPeer(frame.snapshot().at(),
                                  absl::StrCat("the snapshot of ", stream)));
    if (frame.snapshot().last()) {
      *place = FollowerPlace{std::move(at), std::nullopt, 0};
    } else {
      place->snapshot_at = std::move(at);
      place->chunk_next = frame.snapshot().index() + 1;
    }
    return absl::OkStatus();
  }
  return absl::InternalError(
      absl::StrCat("reading ", stream, " gave a frame without records"));
}

std::optional<v1::WantBack> StreamFeed::TakeWantBack() {
  return std::exchange(want_back_, std::nullopt);
}

absl::Status StreamFeed::OnReturned(const v1::ReturnedRecords& returned) {
  if (!asked_back_.has_value() || *asked_back_ != returned.stream()) {
    return absl::FailedPreconditionError(absl::StrFormat(
        "records of %s came back that were not asked for", returned.stream()));
  }
  // A piece that the port could not take is not asked for again on this line,
  // and its stream is not fed until others have given it back; the line stays,
  // because what was sold at the branch must come in whatever became of the
  // hub's own streams.
  const bool taken = port_->TakeBack(*peer_, returned).ok();
  asked_back_.reset();
  if (const auto it = followed_.find(returned.stream());
      it != followed_.end()) {
    it->second.given_up = !taken;
    if (taken && returned.end()) it->second.ask_back = false;
  }
  look_again_ = true;  // the next piece, or the next stream
  return absl::OkStatus();
}

}  // namespace branchline

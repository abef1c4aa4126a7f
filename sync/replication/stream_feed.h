#pragma once

#include <deque>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "branchline/v1/replication.pb.h"
#include "sync/replication/ports.h"

namespace branchline {

// The hub's streams on their way to one branch: which follow, how far each was
// sent, and how much of that the branch has not yet reported as stored. Not
// thread-safe. The port and the peer outlive it.
class StreamFeed {
 public:
  StreamFeed(const PeerIdentity* peer, HubPort* port);

  // The branch greeted and has `pulled`. Streams it does not name start at the
  // beginning.
  //   INVALID_ARGUMENT  one of the cursors is not one
  absl::Status Start(
      const google::protobuf::RepeatedPtrField<v1::StreamCursor>& pulled);

  // A stream grew, or there is another one to follow.
  void OnChanged() { look_again_ = true; }

  // The branch has the oldest frame that it owed a report for on disk.
  //   FAILED_PRECONDITION  it owed none
  absl::Status OnPulledTo();

  // Frames to send now: none if the window is full or all is sent. Errors are
  // the port's.
  absl::StatusOr<std::vector<v1::HubFrame>> Next();

  // What to ask back: the hub was restored, and the branch has more of the
  // stream. At most one at a time; again after each answer until the end.
  std::optional<v1::WantBack> TakeWantBack();
  //   FAILED_PRECONDITION  it was not asked for
  absl::Status OnReturned(const v1::ReturnedRecords& returned);

 private:
  struct Followed {
    FollowerPlace place;
    bool at_head = false;
    bool ask_back = false;  // the branch has more of it than the hub
    bool given_up = false;  // what it gave back could not be taken
  };

  absl::Status Look();
  absl::Status Advance(absl::string_view stream, const v1::HubFrame& frame,
                       FollowerPlace* place);

  const PeerIdentity* const peer_;
  HubPort* const port_;
  std::map<std::string, Followed> followed_;
  std::map<std::string, Cursor> pulled_;  // as the branch said in its Hello
  bool look_again_ = true;
  std::deque<size_t> unreported_bytes_;  // of each frame sent
  size_t unreported_bytes_total_ = 0;
  std::optional<v1::WantBack> want_back_;
  std::optional<std::string> asked_back_;  // the stream, until it is answered
};

}  // namespace branchline

#pragma once

#include <map>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "branchline/v1/replication.pb.h"
#include "sync/base/cursor.h"

namespace branchline {

// Which of the hub's streams have not come down to where the hub said they end
// when it greeted. Heartbeats alone do not show that they will. Not
// thread-safe.
class PullWatch {
 public:
  using Cursors = std::vector<v1::StreamCursor>;

  // The hub said `heads` in its welcome; `pulled` is on disk here.
  //   INVALID_ARGUMENT  one of the cursors is not one
  absl::Status Start(
      const google::protobuf::RepeatedPtrField<v1::StreamCursor>& heads,
      const Cursors& pulled);

  // A frame of `stream` was taken, and `pulled` is on disk now. True if it
  // brought anything on: a cursor moved, or a snapshot came nearer to its end.
  bool OnPulled(const v1::HubFrame& frame, const Cursors& pulled);

  // Nothing is waited for any more.
  void Stop() { behind_.clear(); }

  bool waiting() const { return !behind_.empty(); }
  // "chain to epoch 1, record 57 (ab12cd34...)": the first that is waited for.
  std::string WaitsFor() const;

 private:
  struct Behind {
    Cursor pulled;
    Cursor head;
    uint64_t chunk_next = 0;  // of the snapshot on its way
  };
  std::map<std::string, Behind> behind_;
};

}  // namespace branchline

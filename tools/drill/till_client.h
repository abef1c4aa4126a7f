#pragma once

#include <grpcpp/grpcpp.h>

#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "branchline/v1/till.grpc.pb.h"
#include "sync/base/clock.h"
#include "tools/drill/till_request.h"

namespace branchline::drill {

// The tills of one edge: many commands under way at once, at most one of each
// till. A command whose answer was lost is sent again, the same bytes under the
// same id, until it is answered. Not thread-safe.
class TillClient {
 public:
  struct Till {
    std::string name;
    std::string key;
    v1::Position last_seen;  // what the till was shown last
  };

  struct Answer {
    Till* till = nullptr;
    // Whoever sent it knows by this what it was.
    const void* tag = nullptr;
    absl::Status status;    // a refusal; never "try again"
    bool repeated = false;  // it had been committed by an earlier try
    int tries = 1;
  };

  // `alive` says why there is nobody to ask again; it is called before a
  // command is repeated.
  TillClient(std::function<absl::Status()> alive, const Clock* clock);
  // Forgets what is under way.
  ~TillClient();

  // From now on commands, also repeated ones, go to this port of 127.0.0.1.
  void Connect(uint16_t port);

  // Sends it, with what the till was shown last; the till has nothing under way
  // and outlives the answer.
  void Send(Till* till, TillRequest request, const void* tag);

  size_t under_way() const { return under_way_; }

  // The next answer, repeating what has to be until there is one. There is
  // something under way.
  //   DEADLINE_EXCEEDED  none within `patience`
  //   others             what `alive` said, or a command found no answer at all
  absl::StatusOr<Answer> Next(absl::Duration patience);

 private:
  class Call;
  void Start(std::unique_ptr<Call> call);
  absl::Status RepeatWhatIsDue();

  const std::function<absl::Status()> alive_;
  const Clock& clock_;
  std::unique_ptr<v1::Till::Stub> stub_;
  grpc::CompletionQueue queue_;
  size_t under_way_ = 0;
  std::set<Call*> asked_;                      // the queue owns them
  std::deque<std::unique_ptr<Call>> waiting_;  // to be repeated, by when
};

}  // namespace branchline::drill

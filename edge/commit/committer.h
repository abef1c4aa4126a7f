#pragma once

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "edge/commit/edge_core.h"

namespace branchline {

// Runs work on the one thread that may use the core. Two implementations: the
// daemon's CommitQueue, and DirectCommitter where there is only one thread.
class Committer {
 public:
  virtual ~Committer() = default;

  // Calls `work` and waits for it.
  //   UNAVAILABLE  the node is stopping
  virtual absl::Status Run(absl::FunctionRef<absl::Status(EdgeCore&)> work) = 0;

  // The end of the journal, synced.
  virtual Cursor Head() const = 0;
};

class DirectCommitter final : public Committer {
 public:
  explicit DirectCommitter(EdgeCore* core) : core_(*core) {}
  absl::Status Run(absl::FunctionRef<absl::Status(EdgeCore&)> work) override {
    return work(core_);
  }
  Cursor Head() const override { return core_.state().head; }

 private:
  EdgeCore& core_;
};

}  // namespace branchline

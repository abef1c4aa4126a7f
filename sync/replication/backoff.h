#pragma once

#include "absl/time/time.h"
#include "sync/base/random.h"

namespace branchline {

// How long to wait before the next try: anything from kRetryMin to a ceiling
// that starts at twice kRetryMin, doubles with every try and stops at
// kRetryMax. Spread over the whole range, so that a thousand branches whose hub
// came back do not come at once. Not thread-safe.
class Backoff {
 public:
  explicit Backoff(Random* random) : random_(random) {}

  absl::Duration Next();
  void Reset() { tries_ = 0; }

 private:
  Random* const random_;
  int tries_ = 0;
};

}  // namespace branchline

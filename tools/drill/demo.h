#pragma once

#include <atomic>
#include <cstdint>
#include <iosfwd>
#include <string>

#include "absl/status/status.h"
#include "sync/base/clock.h"

namespace branchline::drill {

struct DemoOptions {
  uint64_t seed = 1;
  std::string work_dir;  // empty: a new one below /tmp
  bool once = false;     // end after the day
  bool colours = false;  // of a terminal
};

// Plays a day of a generated chain of four shops on real processes, in about
// half a minute: one branch's line is cut from ten to three, another's box is
// killed with -9 at noon. Says in plain words what goes on, ends with the books
// and with what to type next, and stays up until `stop`, or ends by itself.
// Stops every process that it started.
//
//   FAILED_PRECONDITION  the work directory; see PrepareWorkDir()
//   DATA_LOSS            the books are not exact; carries no details, the text
//                        has them
//   CANCELLED            `stop` before the end of the day
absl::Status RunDemo(const DemoOptions& options, std::ostream& out,
                     const std::atomic<bool>& stop, const Clock* clock);

}  // namespace branchline::drill

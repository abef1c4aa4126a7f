#pragma once

#include "absl/strings/string_view.h"

// BL_CHECK ends the process when an invariant of our own code is broken.
//
// It is on in every build. A node that stops is back in a minute; a ledger that
// went on with a wrong balance is not.
//
// Never use it on input. Bytes from a peer, a disk, a device or a person can be
// wrong without a bug of ours: answer those with an absl::Status.
#define BL_CHECK(condition, why)                                      \
  do {                                                                \
    if (!(condition)) [[unlikely]] {                                  \
      ::branchline::CheckFailed(__FILE__, __LINE__, #condition, why); \
    }                                                                 \
  } while (false)

namespace branchline {

[[noreturn]] void CheckFailed(const char* file, int line, const char* condition,
                              absl::string_view why);

}  // namespace branchline

#include "sync/base/check.h"

#include <cstdio>
#include <cstdlib>
#include <string>

namespace branchline {

void CheckFailed(const char* file, int line, const char* condition,
                 absl::string_view why) {
  std::fprintf(stderr, "%s:%d: broken invariant: %s (%s)\n", file, line,
               std::string(why).c_str(), condition);
  std::abort();
}

}  // namespace branchline

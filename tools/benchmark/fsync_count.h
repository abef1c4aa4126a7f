#pragma once

#include <cstdint>

namespace branchline::bench {

// How often this process has called fsync() and fdatasync() so far, whichever
// library did: both stand in this program before the C library's. Any thread.
int64_t FsyncCount();

}  // namespace branchline::bench

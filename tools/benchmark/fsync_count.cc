#include "tools/benchmark/fsync_count.h"

#include <sys/syscall.h>
#include <unistd.h>

#include <atomic>

namespace {

std::atomic<int64_t> count{0};

}  // namespace

extern "C" int fsync(int fd) {
  ++count;
  return static_cast<int>(syscall(SYS_fsync, fd));
}

extern "C" int fdatasync(int fd) {
  ++count;
  return static_cast<int>(syscall(SYS_fdatasync, fd));
}

namespace branchline::bench {

int64_t FsyncCount() { return count; }

}  // namespace branchline::bench

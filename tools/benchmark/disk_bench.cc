#include <fcntl.h>
#include <unistd.h>

#include <string>

#include "absl/strings/str_cat.h"
#include "sync/base/clock.h"
#include "tools/benchmark/benches.h"

namespace branchline::bench {

absl::Status BenchDisk(const BenchOptions& options, Results* results) {
  const std::string path = options.dir + "/fdatasync";
  const int fd = open(path.c_str(), O_CREAT | O_TRUNC | O_WRONLY, 0600);
  if (fd < 0) return absl::PermissionDeniedError("cannot write " + path);
  const std::string block(1'024, 'x');
  Latencies latencies;
  const int count = options.quick ? 50 : 500;
  for (int i = 0; i < count; ++i) {
    const absl::Duration start = SystemClock().MonotonicNow();
    if (write(fd, block.data(), block.size()) !=
            static_cast<ssize_t>(block.size()) ||
        fdatasync(fd) != 0) {
      close(fd);
      return absl::DataLossError("cannot write and sync " + path);
    }
    latencies.Add(SystemClock().MonotonicNow() - start);
  }
  close(fd);
  unlink(path.c_str());
  results->Tell("disk: append 1 KiB + fdatasync, p50",
                latencies.Percentile(500), "us");
  results->Tell("disk: append 1 KiB + fdatasync, p99",
                latencies.Percentile(990), "us");
  return absl::OkStatus();
}

}  // namespace branchline::bench

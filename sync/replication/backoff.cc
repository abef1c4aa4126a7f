#include "sync/replication/backoff.h"

#include <algorithm>

#include "sync/replication/limits.h"

namespace branchline {

absl::Duration Backoff::Next() {
  constexpr int kDoublingsMax = 6;  // 2^6 x 1 s is past kRetryMax
  const absl::Duration ceiling = std::min(
      kRetryMax, 2 * kRetryMin * (1 << std::min(tries_, kDoublingsMax)));
  ++tries_;
  const int64_t spread_micros = absl::ToInt64Microseconds(ceiling - kRetryMin);
  return kRetryMin + absl::Microseconds(static_cast<int64_t>(random_->Below(
                         static_cast<uint64_t>(spread_micros) + 1)));
}

}  // namespace branchline

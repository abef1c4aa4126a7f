#pragma once

#include <cstdint>

#include "branchline/v1/till.pb.h"
#include "sync/rpc/http/metrics.h"

namespace branchline {

// What of the devices is on /metrics. A device that is configured no more stays
// there with what it said last, until the daemon starts again.
void FillDeviceMetrics(const v1::EdgeStatus& status, uint64_t skipped_receipts,
                       int64_t dropped_scans, bool drawer_alarm,
                       Metrics* metrics);

}  // namespace branchline

#include "edge/devices/device_metrics.h"

#include <string>

#include "edge/devices/device_plan.h"

namespace branchline {

void FillDeviceMetrics(const v1::EdgeStatus& status, uint64_t skipped_receipts,
                       int64_t dropped_scans, bool drawer_alarm,
                       Metrics* metrics) {
  for (const v1::DeviceState& device : status.devices()) {
    const MetricLabels labels = {{"device", device.name()},
                                 {"kind", std::string(ToText(device.kind()))}};
    metrics
        ->Gauge("branchline_edge_device_ready",
                "1 while the device can do its work", labels)
        ->Set(device.ready() ? 1 : 0);
    metrics
        ->Gauge("branchline_edge_device_opened",
                "How often its line was opened since the start", labels)
        ->Set(device.opened_count());
    if (device.kind() != v1::DEVICE_KIND_PRINTER) continue;
    metrics
        ->Gauge("branchline_edge_print_jobs_waiting",
                "Slips that wait for the printer", labels)
        ->Set(device.waiting_jobs());
    metrics
        ->Gauge("branchline_edge_print_jobs_failed",
                "Slips that a person must look after", labels)
        ->Set(device.failed_jobs());
  }
  metrics
      ->Gauge("branchline_edge_receipts_skipped",
              "Receipts that could not be printed since the start")
      ->Set(static_cast<int64_t>(skipped_receipts));
  metrics
      ->Gauge("branchline_edge_scans_dropped",
              "Scans that nobody took in time since the start")
      ->Set(dropped_scans);
  metrics
      ->Gauge("branchline_edge_drawer_alarm",
              "1 while a cash drawer is open too long")
      ->Set(drawer_alarm ? 1 : 0);
}

}  // namespace branchline

#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace prometheus {
class Counter;
class Gauge;
class Histogram;
}  // namespace prometheus

namespace branchline {

// Goes up only: branchline_edge_sales_total. Safe for concurrent use.
class MetricCounter {
 public:
  explicit MetricCounter(prometheus::Counter* impl) : impl_(impl) {}
  void Increment(int64_t by = 1);  // by >= 0

 private:
  prometheus::Counter* const impl_;
};

// Goes either way: branchline_edge_waiting_events. Safe for concurrent use.
class MetricGauge {
 public:
  explicit MetricGauge(prometheus::Gauge* impl) : impl_(impl) {}
  void Set(int64_t value);

 private:
  prometheus::Gauge* const impl_;
};

// Times, in buckets: branchline_edge_commit_seconds. Safe for concurrent use.
class MetricHistogram {
 public:
  explicit MetricHistogram(prometheus::Histogram* impl) : impl_(impl) {}
  void Observe(absl::Duration elapsed);

 private:
  prometheus::Histogram* const impl_;
};

using MetricLabels = std::map<std::string, std::string>;

// Time series under one name. Past it, labels that grow without end (one series
// per receipt, say) are a leak: further ones are counted together, with every
// label value "other".
inline constexpr size_t kSeriesPerNameMax = 10'000;

// What a node shows on /metrics. Asking again for the same name and labels
// gives the same metric, so callers need not keep it. Pointers are valid as
// long as the Metrics. Safe for concurrent use.
//
// Names: branchline_<node>_<what>_<unit>, counters end in _total, times in
// _seconds. A name that Prometheus would not take, or one used for two kinds of
// metric, is a bug and ends the process.
class Metrics {
 public:
  Metrics();
  ~Metrics();

  MetricCounter* Counter(const std::string& name, const std::string& help,
                         const MetricLabels& labels = {});
  MetricGauge* Gauge(const std::string& name, const std::string& help,
                     const MetricLabels& labels = {});
  // Upper edges of the buckets, rising; those of the first call count.
  MetricHistogram* Histogram(const std::string& name, const std::string& help,
                             const std::vector<absl::Duration>& edges,
                             const MetricLabels& labels = {});

  // In Prometheus' text format 0.0.4.
  std::string Text() const;

 private:
  struct Impl;
  const std::unique_ptr<Impl> impl_;
};

}  // namespace branchline

// Prometheus counts in double; the figures here are statistics that never
// become money or stock, and int64 is exact in it up to 2^53. No other file
// sees one.
#include "sync/rpc/http/metrics.h"

#include <prometheus/check_names.h>
#include <prometheus/counter.h>
#include <prometheus/family.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "sync/base/check.h"

namespace branchline {
namespace {

// All series of one kind: by name the family, and in it by labels the metric.
template <typename Ours, typename Theirs>
struct Kind {
  struct Named {
    prometheus::Family<Theirs>* family = nullptr;
    std::map<MetricLabels, std::unique_ptr<Ours>> series;
  };
  std::map<std::string, Named> names;

  // `build` registers the family; `add` makes the series in it.
  template <typename Build, typename Add>
  Ours* Get(const std::string& name, MetricLabels labels, const Build& build,
            const Add& add) {
    Named& named = names[name];
    if (named.family == nullptr) named.family = build();
    if (named.series.size() >= kSeriesPerNameMax &&
        named.series.count(labels) == 0) {
      for (auto& [key, value] : labels) value = "other";
    }
    std::unique_ptr<Ours>& metric = named.series[labels];
    if (metric == nullptr) {
      metric = std::make_unique<Ours>(add(named.family, labels));
    }
    return metric.get();
  }
};

void CheckLabels(const std::string& name, const MetricLabels& labels) {
  for (const auto& [key, value] : labels) {
    BL_CHECK(prometheus::CheckLabelName(key),
             absl::StrCat("metric ", name, " has a bad label ", key));
  }
}

}  // namespace

struct Metrics::Impl {
  absl::Mutex mutex;
  prometheus::Registry registry;  // does its own locking
  std::map<std::string, int> kind_of_name ABSL_GUARDED_BY(mutex);
  Kind<MetricCounter, prometheus::Counter> counters ABSL_GUARDED_BY(mutex);
  Kind<MetricGauge, prometheus::Gauge> gauges ABSL_GUARDED_BY(mutex);
  Kind<MetricHistogram, prometheus::Histogram> histograms
      ABSL_GUARDED_BY(mutex);

  void CheckName(const std::string& name, const MetricLabels& labels, int kind)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex) {
    BL_CHECK(prometheus::CheckMetricName(name),
             absl::StrCat("Prometheus takes no metric called ", name));
    CheckLabels(name, labels);
    const int known = kind_of_name.emplace(name, kind).first->second;
    BL_CHECK(known == kind, absl::StrCat("metric ", name, " has two kinds"));
  }
};

void MetricCounter::Increment(int64_t by) {
  BL_CHECK(by >= 0, "a counter only goes up");
  impl_->Increment(by);
}

void MetricGauge::Set(int64_t value) { impl_->Set(value); }

void MetricHistogram::Observe(absl::Duration elapsed) {
  impl_->Observe(absl::ToDoubleSeconds(elapsed));
}

Metrics::Metrics() : impl_(std::make_unique<Impl>()) {}
Metrics::~Metrics() = default;

MetricCounter* Metrics::Counter(const std::string& name,
                                const std::string& help,
                                const MetricLabels& labels) {
  absl::MutexLock lock(&impl_->mutex);
  impl_->CheckName(name, labels, 1);
  BL_CHECK(absl::EndsWith(name, "_total"),
           absl::StrCat("counter ", name, " does not end in _total"));
  return impl_->counters.Get(
      name, labels,
      [&] {
        return &prometheus::BuildCounter().Name(name).Help(help).Register(
            impl_->registry);
      },
      [](auto* family, const MetricLabels& l) { return &family->Add(l); });
}

MetricGauge* Metrics::Gauge(const std::string& name, const std::string& help,
                            const MetricLabels& labels) {
  absl::MutexLock lock(&impl_->mutex);
  impl_->CheckName(name, labels, 2);
  return impl_->gauges.Get(
      name, labels,
      [&] {
        return &prometheus::BuildGauge().Name(name).Help(help).Register(
            impl_->registry);
      },
      [](auto* family, const MetricLabels& l) { return &family->Add(l); });
}

MetricHistogram* Metrics::Histogram(const std::string& name,
                                    const std::string& help,
                                    const std::vector<absl::Duration>& edges,
                                    const MetricLabels& labels) {
  absl::MutexLock lock(&impl_->mutex);
  impl_->CheckName(name, labels, 3);
  BL_CHECK(absl::EndsWith(name, "_seconds"),
           absl::StrCat("histogram ", name, " does not end in _seconds"));
  prometheus::Histogram::BucketBoundaries boundaries;
  for (size_t i = 0; i < edges.size(); ++i) {
    BL_CHECK(i == 0 || edges[i - 1] < edges[i],
             absl::StrCat("histogram ", name, ": edges do not rise"));
    boundaries.push_back(absl::ToDoubleSeconds(edges[i]));
  }
  return impl_->histograms.Get(
      name, labels,
      [&] {
        return &prometheus::BuildHistogram().Name(name).Help(help).Register(
            impl_->registry);
      },
      [&](auto* family, const MetricLabels& l) {
        return &family->Add(l, boundaries);
      });
}

std::string Metrics::Text() const {
  return prometheus::TextSerializer().Serialize(impl_->registry.Collect());
}

}  // namespace branchline

#include "sync/rpc/http/metrics.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"

namespace branchline {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

TEST(MetricsTest, ShowsAllKindsAsText) {
  Metrics metrics;
  metrics.Counter("branchline_edge_sales_total", "Sales committed.")
      ->Increment(3);
  metrics.Gauge("branchline_edge_waiting_events", "Not yet at the hub.")
      ->Set(-12);
  MetricHistogram* commit =
      metrics.Histogram("branchline_edge_commit_seconds", "One batch.",
                        {absl::Milliseconds(5), absl::Milliseconds(50)});
  commit->Observe(absl::Milliseconds(2));
  commit->Observe(absl::Milliseconds(20));
  commit->Observe(absl::Seconds(2));
  const std::string text = metrics.Text();
  for (const char* line :
       {"# HELP branchline_edge_sales_total Sales committed.\n",
        "# TYPE branchline_edge_sales_total counter\n",
        "branchline_edge_sales_total 3\n",
        "branchline_edge_waiting_events -12\n",
        "# TYPE branchline_edge_commit_seconds histogram\n",
        "branchline_edge_commit_seconds_count 3\n",
        "branchline_edge_commit_seconds_bucket{le=\"0.005\"} 1\n",
        "branchline_edge_commit_seconds_bucket{le=\"0.05\"} 2\n",
        "branchline_edge_commit_seconds_bucket{le=\"+Inf\"} 3\n"}) {
    EXPECT_THAT(text, HasSubstr(line));
  }
}

TEST(MetricsTest, LabelsMakeSeriesOfTheirOwn) {
  Metrics metrics;
  const auto calls = [&metrics](const char* method) {
    return metrics.Counter("branchline_edge_calls_total", "Calls.",
                           {{"method", method}});
  };
  calls("Ring")->Increment();
  calls("Ring")->Increment();
  calls("a\"b\\c\n")->Increment();
  EXPECT_EQ(calls("Ring"), calls("Ring"));
  EXPECT_THAT(metrics.Text(),
              HasSubstr("branchline_edge_calls_total{method=\"Ring\"} 2\n"));
  EXPECT_THAT(metrics.Text(), HasSubstr("{method=\"a\\\"b\\\\c\\n\"} 1\n"));
}

TEST(MetricsTest, LabelsWithoutEndAreCountedTogether) {
  Metrics metrics;
  for (size_t i = 0; i < kSeriesPerNameMax + 5; ++i) {
    metrics
        .Counter("branchline_hub_events_total", "Events.",
                 {{"branch", absl::StrCat("S", i)}})
        ->Increment();
  }
  const std::string text = metrics.Text();
  EXPECT_THAT(text, HasSubstr("{branch=\"other\"} 5\n"));
  EXPECT_THAT(text, HasSubstr(absl::StrCat("\"S", kSeriesPerNameMax - 1)));
  EXPECT_THAT(text, Not(HasSubstr(absl::StrCat("\"S", kSeriesPerNameMax))));
}

TEST(MetricsDeathTest, BadNamesAreBugs) {
  Metrics metrics;
  metrics.Counter("branchline_edge_sales_total", "Sales.");
  EXPECT_DEATH(metrics.Counter("edge sales_total", ""), "no metric called");
  EXPECT_DEATH(metrics.Counter("branchline_edge_sales", ""), "end in _total");
  EXPECT_DEATH(metrics.Histogram("branchline_edge_commit", "", {}),
               "end in _seconds");
  EXPECT_DEATH(metrics.Gauge("branchline_edge_sales_total", ""), "two kinds");
  EXPECT_DEATH(metrics.Gauge("branchline_edge_x", "", {{"a-b", "c"}}),
               "bad label a-b");
  EXPECT_DEATH(metrics.Histogram("branchline_edge_commit_seconds", "",
                                 {absl::Seconds(2), absl::Seconds(1)}),
               "edges do not rise");
  EXPECT_DEATH(
      metrics.Counter("branchline_edge_sales_total", "")->Increment(-1),
      "only goes up");
}

}  // namespace
}  // namespace branchline

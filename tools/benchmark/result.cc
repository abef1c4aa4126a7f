#include "tools/benchmark/result.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "sync/base/money.h"

namespace branchline::bench {
namespace {

// Ratios are kept in thousandths and shown as numbers.
std::string Shown(const Figure& figure) {
  return figure.unit == "x" ? FormatMilli(figure.value)
                            : absl::StrCat(figure.value);
}

std::string Bound(int64_t bound, absl::string_view unit) {
  return unit == "x" ? FormatMilli(bound) : absl::StrCat(bound);
}

}  // namespace

void Results::Tell(std::string name, int64_t value, std::string unit) {
  Add({std::move(name), value, std::move(unit), "", true});
}

void Results::AtLeast(std::string name, int64_t value, std::string unit,
                      int64_t bound) {
  std::string wanted = absl::StrCat(">= ", Bound(bound, unit));
  Add({std::move(name), value, std::move(unit), std::move(wanted),
       value >= bound});
}

void Results::AtMost(std::string name, int64_t value, std::string unit,
                     int64_t bound) {
  std::string wanted = absl::StrCat("<= ", Bound(bound, unit));
  Add({std::move(name), value, std::move(unit), std::move(wanted),
       value <= bound});
}

bool Results::AllGood() const {
  return std::all_of(figures_.begin(), figures_.end(),
                     [](const Figure& figure) { return figure.good; });
}

// At most 80 columns.
void Results::Add(Figure figure) {
  on_row_(absl::StrFormat("%-46s %10s %-6s %-10s %s", figure.name,
                          Shown(figure), figure.unit, figure.wanted,
                          figure.good ? "" : "MISSED"));
  figures_.push_back(std::move(figure));
}

std::string Results::Json() const {
  std::string text = "[\n";
  for (size_t i = 0; i < figures_.size(); ++i) {
    const Figure& figure = figures_[i];
    absl::StrAppendFormat(
        &text,
        "  {\"name\": \"%s\", \"value\": %s, \"unit\": \"%s\", \"wanted\": "
        "\"%s\", \"good\": %s}%s\n",
        figure.name, Shown(figure), figure.unit, figure.wanted,
        figure.good ? "true" : "false", i + 1 < figures_.size() ? "," : "");
  }
  return absl::StrCat(text, "]\n");
}

void Latencies::Merge(const Latencies& other) {
  micros_.insert(micros_.end(), other.micros_.begin(), other.micros_.end());
}

int64_t Latencies::Percentile(int per_mille) const {
  if (micros_.empty()) return 0;
  std::vector<int64_t> sorted = micros_;
  std::sort(sorted.begin(), sorted.end());
  const size_t at = sorted.size() * static_cast<size_t>(per_mille) / 1'000;
  return sorted[std::min(at, sorted.size() - 1)];
}

int64_t Rate(int64_t operations, absl::Duration took) {
  const int64_t micros = std::max<int64_t>(absl::ToInt64Microseconds(took), 1);
  return operations * 1'000'000 / micros;
}

int64_t Ratio(int64_t a, int64_t b) {
  return a * 1'000 / std::max<int64_t>(b, 1);
}

}  // namespace branchline::bench

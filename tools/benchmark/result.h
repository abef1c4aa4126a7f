#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace branchline::bench {

// One figure. Values are integers; `unit` says of what.
struct Figure {
  std::string name;
  int64_t value = 0;
  std::string unit;
  std::string wanted;  // "at least 10000"; empty: told for comparison only
  bool good = true;    // value is what was wanted
};

// All figures of a run, in order.
class Results {
 public:
  // `on_row` is given each figure as a line of the table, as soon as it is
  // known: a run takes minutes.
  explicit Results(std::function<void(const std::string& row)> on_row)
      : on_row_(std::move(on_row)) {}

  void Tell(std::string name, int64_t value, std::string unit);
  void AtLeast(std::string name, int64_t value, std::string unit,
               int64_t bound);
  void AtMost(std::string name, int64_t value, std::string unit, int64_t bound);

  bool AllGood() const;
  std::string Json() const;

 private:
  void Add(Figure figure);

  const std::function<void(const std::string&)> on_row_;
  std::vector<Figure> figures_;
};

// Times of single operations.
class Latencies {
 public:
  void Add(absl::Duration took) {
    micros_.push_back(absl::ToInt64Microseconds(took));
  }
  void Merge(const Latencies& other);
  // The `per_mille`-th part of the sorted times, in microseconds.
  int64_t Percentile(int per_mille) const;
  size_t count() const { return micros_.size(); }

 private:
  std::vector<int64_t> micros_;
};

// Operations a second.
int64_t Rate(int64_t operations, absl::Duration took);
// a / b in thousandths.
int64_t Ratio(int64_t a, int64_t b);

}  // namespace branchline::bench

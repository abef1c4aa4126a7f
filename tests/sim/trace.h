#pragma once

#include <cstdint>
#include <cstdio>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "tests/support/fake_clock.h"

namespace branchline {

// What happened, one line each, for people and for comparing two runs of a
// seed. Not thread-safe.
class SimTrace {
 public:
  SimTrace(const FakeClock* clock, bool print)
      : clock_(*clock), print_(print) {}

  template <typename... Args>
  void Add(const Args&... args) {
    const std::string line = absl::StrCat(
        absl::ToInt64Milliseconds(clock_.MonotonicNow()), " ms  ", args...);
    for (const char c : line) {
      hash_ = (hash_ ^ static_cast<uint8_t>(c)) * 1'099'511'628'211u;
    }
    if (print_) std::printf("%s\n", line.c_str());
  }

  // FNV-1a of every line so far.
  uint64_t hash() const { return hash_; }

 private:
  const FakeClock& clock_;
  const bool print_;
  uint64_t hash_ = 14'695'981'039'346'656'037u;
};

}  // namespace branchline

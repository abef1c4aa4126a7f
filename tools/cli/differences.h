#pragma once

#include <cstdint>

#include "branchline/v1/chain.pb.h"
#include "tools/cli/command.h"

namespace branchline::cli {

// What an import changes, gathered over its calls and shown at the end.
class Differences {
 public:
  static constexpr uint64_t kShownMax = 100'000;

  Differences();
  // Those beyond kShownMax are counted only.
  void Add(const google::protobuf::RepeatedPtrField<v1::Difference>& more);
  void Print(Format format, Run& run) const;
  uint64_t count() const { return count_; }

 private:
  Table table_;
  uint64_t count_ = 0;
};

}  // namespace branchline::cli

#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace branchline {

// A packed set of counters under one key: a few short fields, each a sum.
// Sums are 128 bits wide, so that no order and no number of additions of 64-bit
// amounts can overflow; a reader narrows with a check.
//
// Encoded: per field, in order of field, none with value 0:
//   length:1  field:length  value: LEB128 of the zigzagged sum
class Cell {
 public:
  static constexpr size_t kFieldSizeMax = 255;  // bytes

  // Adds `amount` to `field` (at most kFieldSizeMax bytes).
  void Add(absl::string_view field, __int128 amount);

  // Adds every field of `other`.
  void Merge(const Cell& other);

  // 0 if the field is not there.
  __int128 Get(absl::string_view field) const;

  std::string Encode() const;

  //   DATA_LOSS  `bytes` are not an encoded cell
  static absl::Status Decode(absl::string_view bytes, Cell* cell);

  const std::vector<std::pair<std::string, __int128>>& fields() const {
    return fields_;
  }

 private:
  std::vector<std::pair<std::string, __int128>> fields_;  // sorted by field
};

// A sum as 64 bits. `what` names it in the message.
//   OUT_OF_RANGE  it does not fit
absl::StatusOr<int64_t> Narrow(__int128 sum, absl::string_view what);

}  // namespace branchline

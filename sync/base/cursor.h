#pragma once

#include <cstdint>
#include <string>
#include <tuple>

#include "absl/strings/str_cat.h"
#include "sync/base/bytes.h"

namespace branchline {

inline constexpr size_t kHashSize = 32;  // SHA-256

// Position in a stream. Epochs count from 1, sequences from 1 inside an epoch
// with no gap; seq 0 is "before the first record", whose hash is that of the
// last record of the epoch before (zeros for epoch 1).
struct Cursor {
  uint64_t epoch = 1;
  uint64_t seq = 0;
  std::string hash = std::string(kHashSize, '\0');

  bool operator==(const Cursor&) const = default;
  // By position alone; two records at one position are a fork.
  bool IsBefore(const Cursor& other) const {
    return std::tie(epoch, seq) < std::tie(other.epoch, other.seq);
  }
  bool SamePlace(const Cursor& other) const {
    return epoch == other.epoch && seq == other.seq;
  }
};

// "epoch 1, record 57 (ab12cd34...)", for messages.
inline std::string ToText(const Cursor& cursor) {
  return absl::StrCat("epoch ", cursor.epoch, ", record ", cursor.seq, " (",
                      ShortHex(cursor.hash), ")");
}

}  // namespace branchline

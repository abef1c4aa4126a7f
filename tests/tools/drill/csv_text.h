#pragma once

#include <algorithm>
#include <cstring>
#include <memory>
#include <string>

#include "tools/drill/csv_reader.h"

namespace branchline::drill {

// A reader of `text`, which comes at most `piece` bytes at a time.
inline std::unique_ptr<CsvReader> CsvOf(std::string text,
                                        size_t piece = 1'000'000) {
  auto at = std::make_shared<size_t>(0);
  return std::make_unique<CsvReader>(
      [text = std::move(text), at, piece](
          char* buffer, size_t size) -> absl::StatusOr<size_t> {
        const size_t n = std::min({size, piece, text.size() - *at});
        std::memcpy(buffer, text.data() + *at, n);
        *at += n;
        return n;
      });
}

}  // namespace branchline::drill

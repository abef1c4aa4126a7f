#include "sync/ledger/cell.h"

#include <algorithm>
#include <limits>

#include "absl/strings/str_cat.h"
#include "sync/base/bytes.h"
#include "sync/base/check.h"

namespace branchline {

void Cell::Add(absl::string_view field, __int128 amount) {
  BL_CHECK(field.size() <= kFieldSizeMax, "a field's length fits one byte");
  const auto at =
      std::lower_bound(fields_.begin(), fields_.end(), field,
                       [](const auto& have, absl::string_view want) {
                         return have.first < want;
                       });
  if (at != fields_.end() && at->first == field) {
    at->second += amount;
  } else if (fields_.empty()) {
    fields_.reserve(4);  // as many as nearly every cell has
    fields_.emplace_back(std::string(field), amount);
  } else {
    fields_.emplace(at, std::string(field), amount);
  }
}

void Cell::Merge(const Cell& other) {
  for (const auto& [field, amount] : other.fields_) Add(field, amount);
}

__int128 Cell::Get(absl::string_view field) const {
  for (const auto& [have, amount] : fields_) {
    if (have == field) return amount;
  }
  return 0;
}

std::string Cell::Encode() const {
  std::string bytes;
  for (const auto& [field, amount] : fields_) {
    if (amount == 0) continue;
    bytes.push_back(static_cast<char>(field.size()));
    bytes.append(field);
    AppendVarint128(&bytes, amount);
  }
  return bytes;
}

absl::Status Cell::Decode(absl::string_view bytes, Cell* cell) {
  cell->fields_.clear();
  while (!bytes.empty()) {
    const size_t size = static_cast<uint8_t>(bytes[0]);
    if (bytes.size() < 1 + size + 1) {
      return absl::DataLossError("a cell of the books is cut short");
    }
    std::string field(bytes.substr(1, size));
    bytes.remove_prefix(1 + size);
    if (!cell->fields_.empty() && !(cell->fields_.back().first < field)) {
      return absl::DataLossError("a cell of the books is out of order");
    }
    __int128 amount = 0;
    if (!TakeVarint128(&bytes, &amount)) {
      return absl::DataLossError("a sum in a cell of the books is cut short");
    }
    cell->fields_.emplace_back(std::move(field), amount);
  }
  return absl::OkStatus();
}

absl::StatusOr<int64_t> Narrow(__int128 sum, absl::string_view what) {
  if (sum > std::numeric_limits<int64_t>::max() ||
      sum < std::numeric_limits<int64_t>::min()) {
    return absl::OutOfRangeError(
        absl::StrCat("the sum of ", what, " does not fit 64 bits"));
  }
  return static_cast<int64_t>(sum);
}

}  // namespace branchline

// A decimal number that is read, written and read again stays what it is, and
// the grouped form differs by its commas only.

#include <cstddef>
#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/string_view.h"
#include "sync/base/check.h"
#include "sync/base/money.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size == 0) return 0;
  const int digits = data[0] % 8;
  const absl::string_view text(reinterpret_cast<const char*>(data) + 1,
                               size - 1);
  const absl::StatusOr<int64_t> value = branchline::ParseDecimal(text, digits);
  if (!value.ok()) return 0;

  const std::string plain = branchline::FormatMinor(*value, digits);
  const absl::StatusOr<int64_t> again = branchline::ParseDecimal(plain, digits);
  BL_CHECK(again.ok(), "what was written can be read");
  BL_CHECK(*again == *value, "what was written is the same number");
  const std::string grouped = branchline::GroupedMinor(*value, digits);
  BL_CHECK(absl::StrReplaceAll(grouped, {{",", ""}}) == plain,
           "grouping adds commas only");
  return 0;
}

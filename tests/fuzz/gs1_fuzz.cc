// A GS1 element string that is read, written again with a separator behind
// every element, and read again says the same; and whatever a scanner sends,
// reading it ends.

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"
#include "devices/barcode/gs1.h"
#include "devices/barcode/scan_code.h"
#include "sync/base/check.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const absl::string_view bytes(reinterpret_cast<const char*>(data), size);
  static const auto& rules =
      *new branchline::MeasureRules(*branchline::MeasureRules::Make(
          {{"21iiiiivvvvvc", branchline::MeasureKind::kWeight, 3},
           {"28iiiiipvvvvc", branchline::MeasureKind::kPrice, 2}}));
  const absl::CivilDay today(2026, 11, 21);
  (void)branchline::ReadScan(bytes, rules, today);
  (void)branchline::ParseDigitalLink(bytes);

  const auto elements = branchline::ParseGs1(bytes);
  if (!elements.ok()) return 0;
  (void)branchline::ReadGs1(*elements, today);
  std::string written;
  for (const branchline::Gs1Element& element : *elements) {
    absl::StrAppend(&written, element.ai, element.value, "\x1D");
  }
  if (written.size() > branchline::kGs1SizeMax) return 0;
  const auto again = branchline::ParseGs1(written);
  BL_CHECK(again.ok(), "what was written can be read");
  BL_CHECK(*again == *elements, "what was written is the same");
  return 0;
}

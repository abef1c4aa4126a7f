#pragma once

#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"
#include "devices/barcode/gs1.h"
#include "devices/barcode/measure_rules.h"

namespace branchline {

// What a scan says, ready for the till to look up.
struct ScanCode {
  enum class Kind {
    kGtin,     // `content.gtin`, with what else the code says
    kMeasure,  // an in-store code with a weight, a price or a count
    kOther,    // any other code: `text` as it is (members, coupons, our own)
  };
  Kind kind = Kind::kOther;
  std::string text;  // without its AIM prefix
  std::string aim;   // "]E0", or empty if the scanner does not say
  Gs1Content content;
  std::optional<MeasureCode> measure;
};

// Reads one scan: its AIM identifier (ISO/IEC 15424) if it has one, then the
// code by that kind. Without an identifier, digits of a GTIN's length with a
// right check digit are one; everything else is kOther. In-store codes go by
// `rules` first.
//
//   INVALID_ARGUMENT  what the symbology promises is not there: a wrong check
//                     digit, an unknown or broken application identifier. The
//                     till shows it; nothing is sold.
absl::StatusOr<ScanCode> ReadScan(absl::string_view scan,
                                  const MeasureRules& rules,
                                  absl::CivilDay today);

}  // namespace branchline

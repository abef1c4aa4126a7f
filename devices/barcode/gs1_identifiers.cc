#include "devices/barcode/gs1_identifiers.h"

#include <array>

#include "absl/strings/match.h"
#include "sync/base/check_digit.h"

namespace branchline {
namespace {

constexpr bool kNumeric = true;
constexpr bool kFixed = true;
constexpr bool kCheckDigit = true;
constexpr bool kDate = true;

// Prefix, size of the identifier, least and most characters of the value.
constexpr std::array<Gs1Identifier, 42> kIdentifiers = {{
    {"00", 2, 18, 18, kNumeric, kFixed, kCheckDigit},
    {"01", 2, 14, 14, kNumeric, kFixed, kCheckDigit},
    {"02", 2, 14, 14, kNumeric, kFixed, kCheckDigit},
    {"10", 2, 1, 20},
    {"11", 2, 6, 6, kNumeric, kFixed, false, kDate},
    {"12", 2, 6, 6, kNumeric, kFixed, false, kDate},
    {"13", 2, 6, 6, kNumeric, kFixed, false, kDate},
    {"15", 2, 6, 6, kNumeric, kFixed, false, kDate},
    {"16", 2, 6, 6, kNumeric, kFixed, false, kDate},
    {"17", 2, 6, 6, kNumeric, kFixed, false, kDate},
    {"20", 2, 2, 2, kNumeric, kFixed},
    {"21", 2, 1, 20},
    {"22", 2, 1, 20},
    {"235", 3, 1, 28},
    {"240", 3, 1, 30},
    {"241", 3, 1, 30},
    {"242", 3, 1, 6, kNumeric},
    {"243", 3, 1, 20},
    {"250", 3, 1, 30},
    {"251", 3, 1, 30},
    {"253", 3, 14, 30},
    {"254", 3, 1, 20},
    {"255", 3, 14, 25, kNumeric},
    {"30", 2, 1, 8, kNumeric},
    {"31", 4, 6, 6, kNumeric, kFixed},  // 310n to 316n, measures
    {"32", 4, 6, 6, kNumeric, kFixed},
    {"33", 4, 6, 6, kNumeric, kFixed},
    {"34", 4, 6, 6, kNumeric, kFixed},
    {"35", 4, 6, 6, kNumeric, kFixed},
    {"36", 4, 6, 6, kNumeric, kFixed},
    {"37", 2, 1, 8, kNumeric},
    {"390", 4, 1, 15, kNumeric},
    {"391", 4, 4, 18, kNumeric},
    {"392", 4, 1, 15, kNumeric},
    {"393", 4, 4, 18, kNumeric},
    {"394", 4, 4, 4, kNumeric},
    {"395", 4, 6, 6, kNumeric},
    {"41", 3, 13, 13, kNumeric, kFixed, kCheckDigit},
    {"422", 3, 3, 3, kNumeric},
    {"8008", 4, 8, 12, kNumeric},
    {"8020", 4, 1, 25},
    {"9", 2, 1, 90},  // 90 to 99, a company's own; must be the last row
}};

}  // namespace

const Gs1Identifier* Gs1IdentifierAtFront(absl::string_view bytes) {
  for (const Gs1Identifier& known : kIdentifiers) {
    if (absl::StartsWith(bytes, known.prefix) &&
        bytes.size() >= known.ai_size &&
        AllDigits(bytes.substr(0, known.ai_size))) {
      return &known;
    }
  }
  return nullptr;
}

const Gs1Identifier* FindGs1Identifier(absl::string_view ai) {
  const Gs1Identifier* const known = Gs1IdentifierAtFront(ai);
  return known != nullptr && known->ai_size == ai.size() ? known : nullptr;
}

}  // namespace branchline

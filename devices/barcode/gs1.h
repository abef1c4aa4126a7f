#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"

namespace branchline {

// One application identifier and its value: {"10", "LOT7"}.
struct Gs1Element {
  std::string ai;
  std::string value;

  bool operator==(const Gs1Element&) const = default;
};

inline constexpr size_t kGs1SizeMax = 512;  // bytes of a whole code

// The elements of a GS1 element string (GS1-128, DataBar, DataMatrix, QR) as a
// scanner sends it: no brackets, FNC1 as the byte 1Dh after elements of
// variable length; one in front is passed over. Knows the identifiers that a
// till can meet, from GS1's syntax dictionary (Apache-2.0), with their lengths,
// characters, check digits and dates.
//
//   INVALID_ARGUMENT  an identifier that is not known, a value that is too
//                     short or too long, of wrong characters, with a wrong
//                     check digit, or no date; the message names the identifier
absl::StatusOr<std::vector<Gs1Element>> ParseGs1(absl::string_view bytes);

// The elements of a GS1 Digital Link in its plain form:
// https://host/01/<GTIN>/10/<lot>?17=<date>. Further path in front of the first
// key, and query parameters that are no identifiers, are passed over.
//
//   INVALID_ARGUMENT  no http(s) link with a GTIN, or a bad value, as above
absl::StatusOr<std::vector<Gs1Element>> ParseDigitalLink(
    absl::string_view link);

// What a till does with them. Absent: not in the code.
struct Gs1Content {
  std::string gtin;                       // 14 digits; empty if there is none
  std::optional<int64_t> quantity_milli;  // 30 in pieces, 310n in kilograms
  bool quantity_is_weight = false;
  std::optional<int64_t>
      price_minor;             // 392n, 393n: of the measured item, whole
  int price_digits = 0;        // decimals of price_minor
  std::string price_currency;  // "978" of 393n; empty: the shop's own
  std::string lot;             // 10
  std::string serial;          // 21
  std::optional<absl::CivilDay> expiry;  // 17, else 15
};

// `today` decides the century of a date: the one nearest to it.
// (GS1 General Specifications, 7.12.)
//
//   INVALID_ARGUMENT  two GTINs or weights that contradict each other, or a
//                     weight with more decimals than thousandths that are not 0
absl::StatusOr<Gs1Content> ReadGs1(const std::vector<Gs1Element>& elements,
                                   absl::CivilDay today);

}  // namespace branchline

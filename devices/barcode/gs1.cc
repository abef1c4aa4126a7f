#include "devices/barcode/gs1.h"

#include <algorithm>
#include <cstddef>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "devices/barcode/gs1_identifiers.h"
#include "sync/base/check_digit.h"
#include "sync/base/status_macros.h"

namespace branchline {
namespace {

constexpr char kFnc1 = 0x1D;
// GS1 General Specifications, figure 7.11-1.
constexpr absl::string_view kCharacters =
    "!\"%&'()*+,-./0123456789:;<=>?ABCDEFGHIJKLMNOPQRSTUVWXYZ_"
    "abcdefghijklmnopqrstuvwxyz";

absl::Status Wrong(absl::string_view ai, absl::string_view why) {
  return absl::InvalidArgumentError(absl::StrCat("GS1 (", ai, "): ", why));
}

bool IsDate(absl::string_view yymmdd) {
  int month = 0;
  int day = 0;
  if (!absl::SimpleAtoi(yymmdd.substr(2, 2), &month) ||
      !absl::SimpleAtoi(yymmdd.substr(4, 2), &day)) {
    return false;
  }
  // Day 00 is the last of its month. A leap year, so that 29 February passes:
  // ReadGs1() knows the year.
  if (month < 1 || month > 12 || day > 31) return false;
  return day == 0 || absl::CivilDay(2024, month, day).month() == month;
}

absl::Status CheckValue(const Gs1Identifier& known, absl::string_view ai,
                        absl::string_view value) {
  if (value.size() < known.size_min || value.size() > known.size_max) {
    return Wrong(ai, absl::StrCat(value.size(), " characters, want ",
                                  known.size_min, " to ", known.size_max));
  }
  if (known.is_numeric && !AllDigits(value)) {
    return Wrong(ai, absl::StrCat("'", value, "' is not of digits"));
  }
  if (value.find_first_not_of(kCharacters) != absl::string_view::npos) {
    return Wrong(ai, "a character that GS1 does not allow");
  }
  if (known.has_check_digit && !HasGs1CheckDigit(value)) {
    return Wrong(ai, absl::StrCat("the check digit of ", value,
                                  " is wrong; scan it again"));
  }
  if (known.is_date && !IsDate(value)) {
    return Wrong(ai, absl::StrCat("'", value, "' is no date"));
  }
  return absl::OkStatus();
}

absl::StatusOr<std::string> PercentDecoded(absl::string_view text) {
  std::string out;
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      out.push_back(text[i]);
      continue;
    }
    int byte = 0;
    if (i + 2 >= text.size()) {
      return absl::InvalidArgumentError("Digital Link: a broken % code");
    }
    if (!absl::SimpleHexAtoi(text.substr(i + 1, 2), &byte) ||
        text[i + 1] == '+' || text[i + 1] == '-' || text[i + 1] == ' ') {
      return absl::InvalidArgumentError("Digital Link: a broken % code");
    }
    out.push_back(static_cast<char>(byte));
    i += 2;
  }
  return out;
}

absl::Status AddElement(absl::string_view ai, absl::string_view encoded,
                        std::vector<Gs1Element>* elements) {
  BL_ASSIGN_OR_RETURN(const std::string value, PercentDecoded(encoded));
  const Gs1Identifier* const known = FindGs1Identifier(ai);
  if (known == nullptr) return Wrong(ai, "not an identifier that is known");
  BL_RETURN_IF_ERROR(CheckValue(*known, ai, value));
  elements->push_back({std::string(ai), value});
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<std::vector<Gs1Element>> ParseGs1(absl::string_view bytes) {
  if (bytes.size() > kGs1SizeMax) {
    return absl::InvalidArgumentError(absl::StrCat(
        "GS1 code of ", bytes.size(), " bytes, at most ", kGs1SizeMax));
  }
  if (!bytes.empty() && bytes[0] == kFnc1) bytes.remove_prefix(1);
  std::vector<Gs1Element> elements;
  while (!bytes.empty()) {
    const Gs1Identifier* const known = Gs1IdentifierAtFront(bytes);
    if (known == nullptr) {
      return Wrong(bytes.substr(0, 4), "not an identifier that is known");
    }
    const std::string ai(bytes.substr(0, known->ai_size));
    bytes.remove_prefix(known->ai_size);
    const size_t end = bytes.find(kFnc1);
    size_t size = end == absl::string_view::npos ? bytes.size() : end;
    // Elements of one length need nothing behind them.
    if (known->is_fixed) size = std::min(size, known->size_max);
    const absl::string_view value = bytes.substr(0, size);
    BL_RETURN_IF_ERROR(CheckValue(*known, ai, value));
    elements.push_back({ai, std::string(value)});
    bytes.remove_prefix(size);
    if (!bytes.empty() && bytes[0] == kFnc1) bytes.remove_prefix(1);
  }
  if (elements.empty()) {
    return absl::InvalidArgumentError("GS1 code: there is nothing in it");
  }
  return elements;
}

absl::StatusOr<std::vector<Gs1Element>> ParseDigitalLink(
    absl::string_view link) {
  const absl::Status wrong = absl::InvalidArgumentError(
      "Digital Link: want https://host/01/GTIN, with or without more behind");
  if (link.size() > kGs1SizeMax) return wrong;
  link = link.substr(0, link.find('#'));
  const size_t scheme = link.find("://");
  if (scheme == absl::string_view::npos ||
      (link.substr(0, scheme) != "https" && link.substr(0, scheme) != "http")) {
    return wrong;
  }
  link.remove_prefix(scheme + 3);
  const size_t query_at = link.find('?');
  const std::vector<absl::string_view> path =
      absl::StrSplit(link.substr(0, query_at), '/');
  std::vector<Gs1Element> elements;
  size_t i = 1;  // past the host
  while (i + 1 < path.size() && path[i] != "01") ++i;
  if (i + 1 >= path.size()) return wrong;
  for (; i + 1 < path.size(); i += 2) {
    // A GTIN may be of 8, 12 or 13 digits here; the form is of 14.
    std::string value(path[i + 1]);
    if (path[i] == "01" && value.size() < 14 && AllDigits(value)) {
      value.insert(0, 14 - value.size(), '0');
    }
    BL_RETURN_IF_ERROR(AddElement(path[i], value, &elements));
  }
  if (query_at == absl::string_view::npos) return elements;
  for (const absl::string_view pair :
       absl::StrSplit(link.substr(query_at + 1), '&', absl::SkipEmpty())) {
    const size_t equals = pair.find('=');
    if (equals == absl::string_view::npos) continue;
    const absl::string_view ai = pair.substr(0, equals);
    if (FindGs1Identifier(ai) == nullptr) continue;  // the shop's own words
    BL_RETURN_IF_ERROR(AddElement(ai, pair.substr(equals + 1), &elements));
  }
  return elements;
}

namespace {

// Day of a checked YYMMDD, in the year nearest to `today`.
absl::CivilDay DayOf(absl::string_view yymmdd, absl::CivilDay today) {
  int yy = 0;
  int month = 0;
  int day = 0;
  (void)absl::SimpleAtoi(yymmdd.substr(0, 2), &yy);
  (void)absl::SimpleAtoi(yymmdd.substr(2, 2), &month);
  (void)absl::SimpleAtoi(yymmdd.substr(4, 2), &day);
  absl::civil_year_t year = today.year() / 100 * 100 + yy;
  if (year - today.year() > 50) year -= 100;
  if (today.year() - year > 49) year += 100;
  const absl::CivilDay last(absl::CivilDay(absl::CivilMonth(year, month) + 1) -
                            1);
  // 29 February of a year that has none is its 28th.
  if (day == 0 || day > last.day()) return last;
  return absl::CivilDay(year, month, day);
}

// `value` is of at most 15 digits.
int64_t NumberOf(absl::string_view value) {
  int64_t number = 0;
  (void)absl::SimpleAtoi(value, &number);
  return number;
}

absl::Status SetQuantity(absl::string_view ai, int64_t quantity_milli,
                         bool is_weight, Gs1Content* content) {
  if (content->quantity_milli.has_value() &&
      (*content->quantity_milli != quantity_milli ||
       content->quantity_is_weight != is_weight)) {
    return Wrong(ai, "a second quantity, which contradicts the first");
  }
  content->quantity_milli = quantity_milli;
  content->quantity_is_weight = is_weight;
  return absl::OkStatus();
}

absl::Status SetWeight(const Gs1Element& element, Gs1Content* content) {
  int64_t number = NumberOf(element.value);
  int decimals = element.ai[3] - '0';
  for (; decimals < 3; ++decimals) number *= 10;
  for (; decimals > 3; --decimals) {
    if (number % 10 != 0) {
      return Wrong(element.ai, "finer than a gram, which no price is made for");
    }
    number /= 10;
  }
  return SetQuantity(element.ai, number, true, content);
}

}  // namespace

absl::StatusOr<Gs1Content> ReadGs1(const std::vector<Gs1Element>& elements,
                                   absl::CivilDay today) {
  Gs1Content content;
  for (const Gs1Element& element : elements) {
    const std::string& ai = element.ai;
    if (ai == "01" || ai == "02") {
      if (!content.gtin.empty() && content.gtin != element.value) {
        return Wrong(ai, "a second GTIN, which contradicts the first");
      }
      content.gtin = element.value;
    } else if (ai == "30" || ai == "37") {
      BL_RETURN_IF_ERROR(
          SetQuantity(ai, NumberOf(element.value) * 1'000, false, &content));
    } else if (ai.substr(0, 3) == "310") {
      BL_RETURN_IF_ERROR(SetWeight(element, &content));
    } else if (ai.substr(0, 3) == "392") {
      content.price_minor = NumberOf(element.value);
      content.price_digits = ai[3] - '0';
    } else if (ai.substr(0, 3) == "393") {
      content.price_currency = element.value.substr(0, 3);
      content.price_minor = NumberOf(element.value.substr(3));
      content.price_digits = ai[3] - '0';
    } else if (ai == "10") {
      content.lot = element.value;
    } else if (ai == "21") {
      content.serial = element.value;
    } else if (ai == "17") {
      content.expiry = DayOf(element.value, today);
    } else if (ai == "15" && !content.expiry.has_value()) {
      content.expiry = DayOf(element.value, today);
    }
  }
  return content;
}

}  // namespace branchline

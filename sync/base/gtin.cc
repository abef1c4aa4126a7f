#include "sync/base/gtin.h"

#include "absl/strings/str_cat.h"
#include "sync/base/check_digit.h"

namespace branchline {
namespace {

constexpr size_t kGtinSize = 14;
constexpr size_t kShownMax = 40;  // characters of a bad code in a message

absl::Status Wrong(absl::string_view code, absl::string_view why) {
  return absl::InvalidArgumentError(
      absl::StrCat("code '", code.substr(0, kShownMax), "': ", why));
}

}  // namespace

absl::StatusOr<std::string> NormaliseGtin(absl::string_view code) {
  if (code.size() != 8 && code.size() != 12 && code.size() != 13 &&
      code.size() != kGtinSize) {
    return Wrong(code, absl::StrCat(code.size(),
                                    " characters, a GTIN has 8, 12, 13 or 14"));
  }
  if (!AllDigits(code)) return Wrong(code, "a GTIN is of digits");
  if (code.find_first_not_of('0') == absl::string_view::npos) {
    return Wrong(code, "nothing but zeros");
  }
  if (!HasGs1CheckDigit(code)) {
    return Wrong(code, absl::StrCat("its check digit is wrong, want ",
                                    std::string(1, Gs1CheckDigit(code.substr(
                                                       0, code.size() - 1))),
                                    "; scan it again"));
  }
  return absl::StrCat(std::string(kGtinSize - code.size(), '0'), code);
}

absl::StatusOr<std::string> ExpandUpcE(absl::string_view code) {
  if (!AllDigits(code) || code.size() < 6 || code.size() > 8) {
    return Wrong(code, "a UPC-E has 6 to 8 digits");
  }
  const char system = code.size() == 6 ? '0' : code[0];
  if (system > '1') {
    return Wrong(code, "a UPC-E is of number system 0 or 1");
  }
  const absl::string_view d = code.size() == 6 ? code : code.substr(1, 6);
  std::string body(1, system);
  if (d[5] <= '2') {
    absl::StrAppend(&body, d.substr(0, 2), d.substr(5, 1), "0000",
                    d.substr(2, 3));
  } else if (d[5] == '3') {
    absl::StrAppend(&body, d.substr(0, 3), "00000", d.substr(3, 2));
  } else if (d[5] == '4') {
    absl::StrAppend(&body, d.substr(0, 4), "00000", d.substr(4, 1));
  } else {
    absl::StrAppend(&body, d.substr(0, 5), "0000", d.substr(5, 1));
  }
  body.push_back(Gs1CheckDigit(body));
  if (code.size() == 8 && code[7] != body.back()) {
    return Wrong(code, "its check digit is wrong; scan it again");
  }
  return body;
}

}  // namespace branchline

#include "devices/barcode/scan_code.h"

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "sync/base/check_digit.h"
#include "sync/base/gtin.h"
#include "sync/base/status_macros.h"

namespace branchline {
namespace {

constexpr size_t kAimSize = 3;
constexpr size_t kScaleCodeSize = 18;  // of label scales in China

// The retail codes of a fixed length: ]E0 with 13 digits (12 or 8 from scanners
// set to send UPC-A and UPC-E as they are), ]E4 with 8.
absl::Status ReadRetail(absl::string_view digits, const MeasureRules& rules,
                        bool may_be_upc_e, ScanCode* code) {
  BL_ASSIGN_OR_RETURN(code->measure, rules.Read(digits));
  if (code->measure.has_value()) {
    code->kind = ScanCode::Kind::kMeasure;
    return absl::OkStatus();
  }
  absl::StatusOr<std::string> gtin = NormaliseGtin(digits);
  if (!gtin.ok() && may_be_upc_e && digits.size() <= 8) {
    absl::StatusOr<std::string> expanded = ExpandUpcE(digits);
    if (expanded.ok()) gtin = NormaliseGtin(*expanded);
  }
  if (!gtin.ok()) return gtin.status();
  code->kind = ScanCode::Kind::kGtin;
  code->content.gtin = *gtin;
  return absl::OkStatus();
}

absl::Status ReadElements(absl::StatusOr<std::vector<Gs1Element>> elements,
                          absl::CivilDay today, ScanCode* code) {
  if (!elements.ok()) return elements.status();
  BL_ASSIGN_OR_RETURN(code->content, ReadGs1(*elements, today));
  code->kind = code->content.gtin.empty() ? ScanCode::Kind::kOther
                                          : ScanCode::Kind::kGtin;
  return absl::OkStatus();
}

bool IsLink(absl::string_view text) {
  return absl::StartsWith(text, "https://") ||
         absl::StartsWith(text, "http://");
}

// A code whose symbology promises nothing.
absl::Status ReadFree(const MeasureRules& rules, absl::CivilDay today,
                      ScanCode* code) {
  const std::string& text = code->text;
  if (text.size() == kScaleCodeSize) {
    BL_ASSIGN_OR_RETURN(code->measure, rules.Read(text));
    if (code->measure.has_value()) code->kind = ScanCode::Kind::kMeasure;
    return absl::OkStatus();
  }
  if (AllDigits(text) && HasGs1CheckDigit(text) &&
      (text.size() == 8 || (text.size() >= 12 && text.size() <= 14))) {
    return ReadRetail(text, rules, /*may_be_upc_e=*/false, code);
  }
  if (IsLink(text)) {
    // Any other address is no error: it is somebody's advertisement.
    auto elements = ParseDigitalLink(text);
    if (elements.ok()) return ReadElements(std::move(elements), today, code);
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<ScanCode> ReadScan(absl::string_view scan,
                                  const MeasureRules& rules,
                                  absl::CivilDay today) {
  ScanCode code;
  if (scan.size() > kAimSize && scan[0] == ']') {
    code.aim = std::string(scan.substr(0, kAimSize));
    scan.remove_prefix(kAimSize);
  }
  code.text = std::string(scan);
  absl::Status status;
  if (code.aim == "]E0" || code.aim == "]E4") {
    status = ReadRetail(scan, rules, code.aim == "]E0", &code);
  } else if (code.aim == "]E3") {
    // EAN-13 with an add-on of 2 or 5 digits, which says a periodical's issue.
    status = ReadRetail(scan.substr(0, 13), rules, false, &code);
  } else if (code.aim == "]C1" || code.aim == "]e0" || code.aim == "]d2" ||
             code.aim == "]Q3") {
    status = IsLink(scan) ? ReadElements(ParseDigitalLink(scan), today, &code)
                          : ReadElements(ParseGs1(scan), today, &code);
  } else {
    status = ReadFree(rules, today, &code);
  }
  if (!status.ok()) return status;
  return code;
}

}  // namespace branchline

#include "edge/pricing/scan_line.h"

#include "absl/strings/str_cat.h"
#include "edge/pricing/spread.h"
#include "sync/base/status_macros.h"

namespace branchline {
namespace {

constexpr int64_t kPiecesMax = 1'000'000;
constexpr int64_t kScansMax = 1'000'000;

absl::Status ApplyLabel(const BarcodeMeaning& meaning, int64_t scans,
                        BasketLine* line) {
  if (scans != 1) {
    return absl::InvalidArgumentError(
        absl::StrCat("a label with an amount stands for one package, not for ",
                     scans, "; scan each"));
  }
  if (*meaning.label_amount_minor < 0 || meaning.label_quantity_milli < 0) {
    return absl::InvalidArgumentError(
        "a label's amount and weight are 0 or more");
  }
  line->quantity_milli =
      meaning.label_quantity_milli > 0 ? meaning.label_quantity_milli : 1'000;
  line->weighed = meaning.label_quantity_milli > 0;
  line->gross_minor = meaning.label_amount_minor;
  line->price_is_final = true;
  line->price.source = PriceSource::kLabel;
  BL_ASSIGN_OR_RETURN(line->price.unit_price_minor_e4,
                      MultiplyDivide(*meaning.label_amount_minor, 10'000'000,
                                     line->quantity_milli));
  return absl::OkStatus();
}

}  // namespace

absl::Status ApplyBarcode(const BarcodeMeaning& meaning, int64_t scans,
                          BasketLine* line) {
  if (scans < 1 || scans > kScansMax || meaning.pieces < 1 ||
      meaning.pieces > kPiecesMax) {
    return absl::InvalidArgumentError(
        absl::StrCat(scans, " scans of a code for ", meaning.pieces,
                     " pieces: want 1 to ", kScansMax, " of each"));
  }
  if (meaning.label_amount_minor.has_value()) {
    return ApplyLabel(meaning, scans, line);
  }
  line->quantity_milli = scans * meaning.pieces * 1'000;
  if (!meaning.price_minor.has_value()) return absl::OkStatus();
  if (*meaning.price_minor < 0) {
    return absl::InvalidArgumentError("a carton's price is 0 or more");
  }
  // A carton of three for 1.00 has no exact unit price; its amount is exact.
  BL_ASSIGN_OR_RETURN(line->gross_minor,
                      MultiplyDivide(*meaning.price_minor, scans, 1));
  line->price.source = PriceSource::kCarton;
  BL_ASSIGN_OR_RETURN(
      line->price.unit_price_minor_e4,
      MultiplyDivide(*meaning.price_minor, 10'000, meaning.pieces));
  return absl::OkStatus();
}

}  // namespace branchline

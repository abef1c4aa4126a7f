#include "tools/drill/sales_row.h"

#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "sync/base/status_macros.h"
#include "tools/drill/exact.h"

namespace branchline::drill {
namespace {

struct ColumnRule {
  absl::string_view name;
  bool required;
};

// In the order of Column.
constexpr std::array<ColumnRule, kColumnCount> kColumns = {{
    {"chain", false},
    {"store", true},
    {"receipt_no", true},
    {"timestamp", true},
    {"sku", true},
    {"description", false},
    {"category", false},
    {"qty", true},
    {"unit_price", true},
    {"discount", false},
    {"line_total", false},
    {"currency", true},
    {"member_id", false},
    {"kind", true},
}};

constexpr size_t kShownSizeMax = 40;  // bytes of a field in a message

// The fields of one row by column.
class Fields {
 public:
  Fields(const Header& header, const std::vector<std::string>& fields)
      : header_(header), fields_(fields) {}

  absl::string_view Get(Column column) const {
    const size_t at = header_.at[column];
    return at == Header::kAbsent ? absl::string_view()
                                 : absl::string_view(fields_[at]);
  }

  absl::Status Bad(Column column, absl::string_view want) const {
    return BadField(kColumns[column].name, Get(column), want);
  }

  absl::StatusOr<absl::string_view> Text(Column column) const {
    const absl::string_view text = Get(column);
    if (!IsUtf8(text)) return Bad(column, "text in UTF-8");
    return text;
  }

  absl::StatusOr<absl::string_view> Key(Column column) const {
    BL_ASSIGN_OR_RETURN(const absl::string_view text, Text(column));
    if (text.empty()) return Bad(column, "a text");
    if (text.size() > kKeySizeMax) {
      return Bad(column, absl::StrCat("at most ", kKeySizeMax, " bytes"));
    }
    return text;
  }

  absl::StatusOr<Decimal> Number(Column column) const {
    absl::StatusOr<Decimal> value = ReadDecimal(Get(column));
    if (!value.ok()) return Bad(column, value.status().message());
    return value;
  }

  // `count` if it is good, else why this column is not.
  absl::StatusOr<int64_t> Checked(Column column,
                                  const absl::StatusOr<int64_t>& count) const {
    if (!count.ok()) return Bad(column, count.status().message());
    return *count;
  }

 private:
  const Header& header_;
  const std::vector<std::string>& fields_;
};

// `text` as a number if it has `size` digits and nothing else, else -1.
int Digits(absl::string_view text, size_t at, size_t size) {
  if (text.size() < at + size) return -1;
  int value = 0;
  for (char c : text.substr(at, size)) {
    if (!absl::ascii_isdigit(c)) return -1;
    value = value * 10 + (c - '0');
  }
  return value;
}

absl::StatusOr<absl::CivilSecond> ReadTime(const Fields& fields) {
  const absl::string_view text = fields.Get(kTimestamp);
  const absl::Status wrong = fields.Bad(
      kTimestamp,
      "the shop's local time such as 2010-12-01T08:26:00, 2010-12-01T08:26 or "
      "2010-12-01, without a zone");
  const int year = Digits(text, 0, 4);
  const int month = Digits(text, 5, 2);
  const int day = Digits(text, 8, 2);
  if (year < 1970 || month < 1 || day < 1) return wrong;
  if (text[4] != '-' || text[7] != '-') return wrong;
  int hour = 0;
  int minute = 0;
  int second = 0;
  if (text.size() > 10) {
    if (text.size() != 16 && text.size() != 19) return wrong;
    hour = Digits(text, 11, 2);
    minute = Digits(text, 14, 2);
    if ((text[10] != 'T' && text[10] != ' ') || text[13] != ':') return wrong;
    if (text.size() == 19) {
      second = Digits(text, 17, 2);
      if (text[16] != ':') return wrong;
    }
    if (hour < 0 || minute < 0 || second < 0) return wrong;
  }
  const absl::CivilSecond time(year, month, day, hour, minute, second);
  // Civil times carry: 31 February would become 3 March.
  if (time.month() != month || time.day() != day || time.hour() != hour ||
      time.minute() != minute || time.second() != second) {
    return wrong;
  }
  return time;
}

absl::StatusOr<LineKind> ReadKind(const Fields& fields) {
  const absl::string_view text = fields.Get(kKind);
  if (text == "sale") return LineKind::kSale;
  if (text == "return") return LineKind::kReturn;
  if (text == "adjust") return LineKind::kAdjust;
  if (text == "unlinked") return LineKind::kUnlinked;
  return fields.Bad(kKind, "sale, return, adjust or unlinked");
}

// The source gives what the line came to, but not at which price: fuel, and
// goods weighed at the counter. Finds the price that gives it.
absl::Status DerivePrice(const Fields& fields, int64_t total_minor,
                         SalesLine* line) {
  line->price_derived = true;
  const int64_t gross_minor = total_minor + line->discount_minor;
  int64_t price = 0;
  if (line->quantity_milli != 0) {
    const __int128 nearest = DivideRounded(
        static_cast<__int128>(gross_minor) * kUnitPriceScale * kQuantityScale,
        line->quantity_milli);
    if (nearest >= kUnitPriceMinorE4Max || nearest <= -kUnitPriceMinorE4Max) {
      return fields.Bad(kQty, "a quantity that gives a price within limits");
    }
    price = static_cast<int64_t>(nearest);
    // Too much can be discounted; a discount below zero would be a surcharge.
    const int64_t came_to = GrossMinor(line->quantity_milli, price);
    if (gross_minor > 0 && came_to < gross_minor) {
      price += line->quantity_milli > 0 ? 1 : -1;
    } else if (gross_minor < 0 && came_to > gross_minor) {
      price -= line->quantity_milli > 0 ? 1 : -1;
    }
  } else if (total_minor != 0) {
    return fields.Bad(kQty, "a quantity other than 0 for this line_total");
  }
  line->unit_price_minor_e4 = price;
  line->discount_minor = GrossMinor(line->quantity_milli, price) - total_minor;
  return absl::OkStatus();
}

absl::Status ReadAmounts(const Fields& fields, int minor_digits,
                         SalesLine* line) {
  BL_ASSIGN_OR_RETURN(const Decimal quantity, fields.Number(kQty));
  BL_ASSIGN_OR_RETURN(line->quantity_milli,
                      fields.Checked(kQty, ExactCount(quantity, kQuantityDigits,
                                                      kLineQuantityMilliMax)));
  if (!fields.Get(kDiscount).empty()) {
    BL_ASSIGN_OR_RETURN(const Decimal discount, fields.Number(kDiscount));
    BL_ASSIGN_OR_RETURN(
        line->discount_minor,
        fields.Checked(kDiscount, RoundedCount(discount, minor_digits,
                                               kLineAmountMinorMax)));
  }
  const bool has_total = !fields.Get(kLineTotal).empty();
  int64_t total_minor = 0;
  if (has_total) {
    BL_ASSIGN_OR_RETURN(const Decimal total, fields.Number(kLineTotal));
    BL_ASSIGN_OR_RETURN(
        total_minor,
        fields.Checked(kLineTotal,
                       RoundedCount(total, minor_digits, kLineAmountMinorMax)));
  }
  if (fields.Get(kUnitPrice).empty()) {
    if (!has_total) return fields.Bad(kUnitPrice, "a price, or a line_total");
    return DerivePrice(fields, total_minor, line);
  }
  BL_ASSIGN_OR_RETURN(const Decimal price, fields.Number(kUnitPrice));
  BL_ASSIGN_OR_RETURN(
      line->unit_price_minor_e4,
      fields.Checked(kUnitPrice,
                     ExactCount(price, minor_digits + kUnitPriceExtraDigits,
                                kUnitPriceMinorE4Max)));
  const __int128 exact = static_cast<__int128>(line->quantity_milli) *
                         line->unit_price_minor_e4 / kUnitPriceScale /
                         kQuantityScale;
  if (exact > kLineAmountMinorMax || exact < -kLineAmountMinorMax) {
    return fields.Bad(kUnitPrice, absl::StrCat("a line amount of at most ",
                                               DecimalText(kLineAmountMinorMax,
                                                           minor_digits)));
  }
  const int64_t net_minor =
      GrossMinor(line->quantity_milli, line->unit_price_minor_e4) -
      line->discount_minor;
  if (has_total &&
      (total_minor > net_minor + 1 || total_minor < net_minor - 1)) {
    return fields.Bad(kLineTotal,
                      absl::StrCat("qty * unit_price - discount, which is ",
                                   DecimalText(net_minor, minor_digits)));
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status BadField(absl::string_view column, absl::string_view found,
                      absl::string_view want) {
  const bool utf8 = IsUtf8(found);
  absl::string_view shown = found.substr(0, kShownSizeMax);
  while (utf8 && !IsUtf8(shown)) shown.remove_suffix(1);
  return absl::InvalidArgumentError(absl::StrCat(
      "column ", column, ": found ",
      found.empty() ? "nothing"
                    : absl::StrCat("\"",
                                   utf8 ? absl::Utf8SafeCHexEscape(shown)
                                        : absl::CHexEscape(shown),
                                   "\""),
      found.size() > kShownSizeMax ? "..." : "", ", want ", want));
}

absl::StatusOr<Header> ReadHeader(const std::vector<std::string>& fields) {
  Header header;
  header.at.fill(Header::kAbsent);
  header.field_count = fields.size();
  for (size_t i = 0; i < fields.size(); ++i) {
    for (size_t column = 0; column < kColumnCount; ++column) {
      if (fields[i] != kColumns[column].name) continue;
      if (header.at[column] != Header::kAbsent) {
        return absl::InvalidArgumentError(
            absl::StrCat("column ", fields[i], " is there twice"));
      }
      header.at[column] = i;
    }
  }
  for (size_t column = 0; column < kColumnCount; ++column) {
    if (kColumns[column].required && header.at[column] == Header::kAbsent) {
      return absl::InvalidArgumentError(absl::StrCat(
          "no column ", kColumns[column].name,
          "; the first row must name the columns store, receipt_no, timestamp, "
          "sku, qty, unit_price, currency and kind"));
    }
  }
  return header;
}

absl::StatusOr<SalesRow> ReadRow(const Header& header,
                                 const std::vector<std::string>& values) {
  if (values.size() != header.field_count) {
    return absl::InvalidArgumentError(
        absl::StrCat("found ", values.size(), " fields, want ",
                     header.field_count, " as in the first row"));
  }
  const Fields fields(header, values);
  SalesRow row;
  BL_ASSIGN_OR_RETURN(row.chain, fields.Text(kChain));
  BL_ASSIGN_OR_RETURN(row.store, fields.Key(kStore));
  BL_ASSIGN_OR_RETURN(row.receipt_no, fields.Key(kReceiptNo));
  BL_ASSIGN_OR_RETURN(row.time, ReadTime(fields));
  BL_ASSIGN_OR_RETURN(row.line.sku, fields.Key(kSku));
  BL_ASSIGN_OR_RETURN(row.line.description, fields.Text(kDescription));
  BL_ASSIGN_OR_RETURN(row.line.category, fields.Text(kCategory));
  BL_ASSIGN_OR_RETURN(row.line.member_id, fields.Text(kMemberId));
  BL_ASSIGN_OR_RETURN(row.line.kind, ReadKind(fields));
  row.currency = fields.Get(kCurrency);
  const absl::StatusOr<int> minor_digits = CurrencyDigits(row.currency);
  if (!minor_digits.ok()) {
    return fields.Bad(kCurrency, minor_digits.status().message());
  }
  BL_RETURN_IF_ERROR(ReadAmounts(fields, *minor_digits, &row.line));
  return row;
}

}  // namespace branchline::drill

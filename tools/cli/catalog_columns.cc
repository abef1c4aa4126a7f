#include "tools/cli/catalog_columns.h"

#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "hub/merge/catalogue_import.h"
#include "sync/base/money.h"
#include "tools/drill/csv_reader.h"

namespace branchline::cli {
namespace {

std::string CheckText(absl::string_view text, size_t min, size_t max) {
  if (text.size() < min) return "is empty";
  if (text.size() > max) {
    return absl::StrCat("has ", text.size(), " bytes, at most ", max);
  }
  if (!drill::IsUtf8(text) || text.find('\0') != absl::string_view::npos) {
    return "is not UTF-8 text";
  }
  return "";
}

std::string ParseYes(absl::string_view text, bool* yes) {
  const std::string word = absl::AsciiStrToLower(text);
  *yes = word == "yes" || word == "true" || word == "1";
  if (*yes || word.empty() || word == "no" || word == "false" || word == "0") {
    return "";
  }
  return absl::StrCat("'", text.substr(0, 40), "' is neither yes nor no");
}

std::string ParseBarcodes(absl::string_view text, v1::Item* item) {
  for (const absl::string_view code :
       absl::StrSplit(text, ' ', absl::SkipEmpty())) {
    if (code.size() > kBarcodeSizeMax) {
      return absl::StrCat("one has ", code.size(), " bytes, at most ",
                          kBarcodeSizeMax);
    }
    item->add_barcodes(std::string(code));
  }
  if (item->barcodes_size() <= kBarcodesMax) return CheckText(text, 0, 8'192);
  return absl::StrCat("has ", item->barcodes_size(), " codes, at most ",
                      kBarcodesMax);
}

// CODE*10 or CODE*10=9.99/EUR
std::string ParseCode(absl::string_view text, v1::ItemCode* code) {
  const std::string wrong =
      absl::StrCat("'", text.substr(0, 80),
                   "' is no code with its pieces, as in 5000112576009*10 or "
                   "5000112576009*10=9.99/EUR");
  const size_t star = text.rfind('*');
  if (star == absl::string_view::npos || star == 0) return wrong;
  code->set_code(std::string(text.substr(0, star)));
  absl::string_view rest = text.substr(star + 1);
  const size_t equals = rest.find('=');
  int64_t pieces = 0;
  if (!absl::SimpleAtoi(rest.substr(0, equals), &pieces) || pieces < 1 ||
      pieces > kCodePiecesMax) {
    return wrong;
  }
  code->set_pieces(pieces);
  if (equals == absl::string_view::npos) return "";
  rest.remove_prefix(equals + 1);
  const size_t slash = rest.find('/');
  if (slash == absl::string_view::npos) return wrong;
  const std::string currency(rest.substr(slash + 1));
  const auto digits = MinorDigits(currency);
  if (!digits.ok()) return std::string(digits.status().message());
  const auto minor = ParseDecimal(rest.substr(0, slash), *digits);
  if (!minor.ok()) return std::string(minor.status().message());
  if (*minor < 0) return "a code's price is below 0";
  code->set_currency(currency);
  code->set_price_minor(*minor);
  return "";
}

std::string ParseCodes(absl::string_view text, v1::Item* item) {
  for (const absl::string_view one :
       absl::StrSplit(text, ' ', absl::SkipEmpty())) {
    std::string wrong = ParseCode(one, item->add_codes());
    if (!wrong.empty()) return wrong;
  }
  if (item->codes_size() <= kBarcodesMax) return CheckText(text, 0, 8'192);
  return absl::StrCat("has ", item->codes_size(), " codes, at most ",
                      kBarcodesMax);
}

std::string PrintCodes(const v1::Item& item) {
  return absl::StrJoin(
      item.codes(), " ", [](std::string* out, const v1::ItemCode& code) {
        absl::StrAppend(out, code.code(), "*",
                        code.pieces() == 0 ? 1 : code.pieces());
        if (!code.has_price_minor()) return;
        absl::StrAppend(out, "=",
                        FormatMinor(code.price_minor(),
                                    MinorDigits(code.currency()).value_or(0)),
                        "/", code.currency());
      });
}

constexpr std::pair<v1::ItemKind, absl::string_view> kKinds[] = {
    {v1::ITEM_KIND_STOCKED, "stocked"},
    {v1::ITEM_KIND_SERVICE, "service"},
    {v1::ITEM_KIND_FEE, "fee"},
    {v1::ITEM_KIND_DEPOSIT, "deposit"},
    {v1::ITEM_KIND_OPEN_DEPARTMENT, "open-department"},
};
constexpr std::pair<v1::NegativeStock, absl::string_view> kNegatives[] = {
    {v1::NEGATIVE_STOCK_ALLOW, "allow"},
    {v1::NEGATIVE_STOCK_WARN, "warn"},
    {v1::NEGATIVE_STOCK_BLOCK, "block"},
};

template <typename Names>
std::string WrongWord(absl::string_view text, const Names& names) {
  return absl::StrCat(
      "'", text.substr(0, 40), "' is none of ",
      absl::StrJoin(names, ", ", [](std::string* out, const auto& name) {
        absl::StrAppend(out, name.second);
      }));
}

std::string ParseKind(absl::string_view text, v1::Item* item) {
  if (text.empty()) return "";
  for (const auto& [kind, name] : kKinds) {
    if (name == text) item->set_kind(kind);
  }
  return item->kind() == v1::ITEM_KIND_UNSPECIFIED ? WrongWord(text, kKinds)
                                                   : "";
}
std::string PrintKind(const v1::Item& item) {
  for (const auto& [kind, name] : kKinds) {
    if (kind == item.kind()) return std::string(name);
  }
  return "";
}
std::string ParseNegative(absl::string_view text, v1::Item* item) {
  if (text.empty()) return "";
  for (const auto& [policy, name] : kNegatives) {
    if (name == text) item->set_negative_stock(policy);
  }
  return item->negative_stock() == v1::NEGATIVE_STOCK_UNSPECIFIED
             ? WrongWord(text, kNegatives)
             : "";
}
std::string PrintNegative(const v1::Item& item) {
  for (const auto& [policy, name] : kNegatives) {
    if (policy == item.negative_stock()) return std::string(name);
  }
  return "";
}

std::string ParseVariant(absl::string_view text, v1::Item* item) {
  for (const absl::string_view one :
       absl::StrSplit(text, ' ', absl::SkipEmpty())) {
    const size_t equals = one.find('=');
    if (equals == absl::string_view::npos || equals == 0) {
      return absl::StrCat("'", one.substr(0, 40),
                          "' is no NAME=VALUE, as in size=42");
    }
    v1::VariantValue* value = item->add_variant();
    value->set_name(std::string(one.substr(0, equals)));
    value->set_value(std::string(one.substr(equals + 1)));
  }
  return CheckText(text, 0, 2'000);
}
std::string PrintVariant(const v1::Item& item) {
  return absl::StrJoin(item.variant(), " ",
                       [](std::string* out, const v1::VariantValue& value) {
                         absl::StrAppend(out, value.name(), "=", value.value());
                       });
}

std::string ParseImages(absl::string_view text, v1::Item* item) {
  for (const absl::string_view one :
       absl::StrSplit(text, ' ', absl::SkipEmpty())) {
    if (one.size() > kImageSizeMax || item->images_size() == kImagesMax) {
      return absl::StrCat("has more than ", kImagesMax, " images, or one of ",
                          "more than ", kImageSizeMax, " bytes");
    }
    item->add_images(std::string(one));
  }
  return CheckText(text, 0, drill::kCsvFieldSizeMax);
}

std::string ParseAge(absl::string_view text, v1::Item* item) {
  uint32_t years = 0;
  if (!text.empty() && (!absl::SimpleAtoi(text, &years) || years > 150)) {
    return absl::StrCat("'", text.substr(0, 40), "' is no age in years");
  }
  item->set_age_limit(years);
  return "";
}
std::string ParseKeyedMax(absl::string_view text, v1::Item* item) {
  int64_t max = 0;
  if (!text.empty() &&
      (!absl::SimpleAtoi(text, &max) || max < 0 || max > kPriceMinorE4Max)) {
    return absl::StrCat("'", text.substr(0, 40),
                        "' is no whole number of ten-thousandths of a minor "
                        "unit");
  }
  item->set_keyed_price_max_minor_e4(max);
  return "";
}

std::string Number(int64_t number) {
  return number == 0 ? std::string() : absl::StrCat(number);
}

#define BL_TEXT(field, min, max)                             \
  [](absl::string_view text, v1::Item* item) {               \
    std::string wrong = CheckText(text, min, max);           \
    if (wrong.empty()) item->set_##field(std::string(text)); \
    return wrong;                                            \
  },                                                         \
      [](const v1::Item& item) { return std::string(item.field()); }
#define BL_YES(field)                                  \
  [](absl::string_view text, v1::Item* item) {         \
    bool yes = false;                                  \
    std::string wrong = ParseYes(text, &yes);          \
    item->set_##field(yes);                            \
    return wrong;                                      \
  },                                                   \
      [](const v1::Item& item) {                       \
        return std::string(item.field() ? "yes" : ""); \
      }

}  // namespace

const std::vector<CatalogColumn>& CatalogColumns() {
  static const auto& columns = *new std::vector<CatalogColumn>{
      {"sku", "sku", BL_TEXT(sku, 1, kSkuSizeMax)},
      {"name", "name", BL_TEXT(name, 1, kItemNameSizeMax)},
      {"name_zh", "name_zh", BL_TEXT(name_zh, 0, kItemNameSizeMax)},
      {"category", "category", BL_TEXT(category, 0, kCategorySizeMax)},
      {"tax_class", "tax_class", BL_TEXT(tax_class, 0, kSkuSizeMax)},
      {"barcode", "barcodes", ParseBarcodes,
       [](const v1::Item& item) {
         return absl::StrJoin(item.barcodes(), " ");
       }},
      {"codes", "codes", ParseCodes, PrintCodes},
      {"kind", "kind", ParseKind, PrintKind},
      {"deposit_sku", "deposit_sku", BL_TEXT(deposit_sku, 0, kSkuSizeMax)},
      {"variant_of", "variant_of", BL_TEXT(variant_of, 0, kSkuSizeMax)},
      {"variant", "variant", ParseVariant, PrintVariant},
      {"age_limit", "age_limit", ParseAge,
       [](const v1::Item& item) { return Number(item.age_limit()); }},
      {"negative_stock", "negative_stock", ParseNegative, PrintNegative},
      {"keyed_price_max", "keyed_price_max_minor_e4", ParseKeyedMax,
       [](const v1::Item& item) {
         return Number(item.keyed_price_max_minor_e4());
       }},
      {"weighed", "weighed", BL_YES(weighed)},
      {"no_discount", "no_discount", BL_YES(no_discount)},
      {"not_in_thresholds", "not_in_thresholds", BL_YES(not_in_thresholds)},
      {"no_points", "no_points", BL_YES(no_points)},
      {"delisted", "delisted", BL_YES(delisted)},
      {"images", "images", ParseImages,
       [](const v1::Item& item) { return absl::StrJoin(item.images(), " "); }},
  };
  return columns;
}

std::string CatalogColumnNames() {
  return absl::StrCat(
      absl::StrJoin(CatalogColumns(), ", ",
                    [](std::string* out, const CatalogColumn& column) {
                      absl::StrAppend(out, column.name);
                    }),
      ", price, currency");
}

#undef BL_TEXT
#undef BL_YES

}  // namespace branchline::cli

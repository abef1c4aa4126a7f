#include "tools/cli/catalog_file.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "hub/merge/catalogue_import.h"
#include "sync/base/money.h"
#include "sync/base/status_macros.h"
#include "tools/cli/catalog_columns.h"
#include "tools/cli/sheet_file.h"

namespace branchline::cli {
namespace {

bool IsColumn(absl::string_view name) {
  const std::vector<CatalogColumn>& columns = CatalogColumns();
  return name == "price" || name == "currency" ||
         std::any_of(columns.begin(), columns.end(),
                     [&](const auto& column) { return column.name == name; });
}

class Reader {
 public:
  explicit Reader(const CatalogReading& reading) : reading_(reading) {}

  absl::Status TakeHeader(const std::vector<std::string>& header) {
    for (size_t i = 0; i < header.size(); ++i) {
      const std::string name(
          absl::AsciiStrToLower(absl::StripAsciiWhitespace(header[i])));
      if (!IsColumn(name)) {
        if (reading_.prices_only) continue;
        return absl::InvalidArgumentError(absl::StrCat(
            "row 1, column ", i + 1, ": '", name,
            "' is no column of a catalogue; they are ", CatalogColumnNames()));
      }
      if (!columns_.emplace(name, i).second) {
        return absl::InvalidArgumentError(absl::StrCat(
            "row 1, column ", i + 1, ": '", name, "' is there twice"));
      }
    }
    for (const absl::string_view column :
         {"sku", "name", "price", "currency"}) {
      if (column == "name" && reading_.prices_only) continue;
      if (column == "currency" && !reading_.default_currency.empty()) continue;
      if (columns_.count(std::string(column)) == 0) {
        return absl::InvalidArgumentError(
            absl::StrCat("row 1: there is no column '", column, "'"));
      }
    }
    width_ = header.size();
    for (const CatalogColumn& column : CatalogColumns()) {
      if (columns_.count(column.name) != 0) {
        file_.item_fields.emplace_back(column.field);
      }
    }
    return absl::OkStatus();
  }

  void TakeRow(int64_t row, std::vector<std::string> fields) {
    row_ = row;
    fields_ = std::move(fields);
    const size_t broken_before = file_.broken.size();
    if (fields_.size() != width_) {
      Broken("", absl::StrCat("has ", fields_.size(), " fields, the header ",
                              width_));
      return;
    }
    CatalogRow parsed;
    parsed.row = row;
    for (const CatalogColumn& column : CatalogColumns()) {
      const bool is_sku = absl::string_view(column.name) == "sku";
      if (reading_.prices_only && !is_sku) continue;
      if (columns_.count(column.name) == 0) continue;
      std::string wrong = column.parse(Field(column.name), &parsed.item);
      if (!wrong.empty()) Broken(column.name, std::move(wrong));
    }
    TakePrice(&parsed);
    if (file_.broken.size() == broken_before) {
      CheckNotTwice(&parsed);
    }
    if (file_.broken.size() == broken_before) {
      file_.rows.push_back(std::move(parsed));
    }
  }

  void Broken(absl::string_view column, std::string why) {
    file_.broken.push_back({row_, std::string(column), std::move(why)});
  }
  void BrokenRow(int64_t row, absl::string_view why) {
    row_ = row;
    Broken("", std::string(why));
  }

  CatalogFile file_;

 private:
  std::string Field(absl::string_view column) const {
    const auto at = columns_.find(column);
    if (at == columns_.end()) return "";
    return std::string(absl::StripAsciiWhitespace(fields_[at->second]));
  }

  void TakePrice(CatalogRow* parsed) {
    const std::string price = Field("price");
    std::string currency = Field("currency");
    if (price.empty() && (currency.empty() || reading_.prices_only)) return;
    if (currency.empty()) currency = reading_.default_currency;
    const auto digits = MinorDigits(currency);
    if (!digits.ok()) {
      Broken("currency", std::string(digits.status().message()));
      return;
    }
    const auto minor_e4 = ParseDecimal(price, *digits + 4);
    if (!minor_e4.ok()) {
      Broken("price", std::string(minor_e4.status().message()));
      return;
    }
    if (*minor_e4 > kPriceMinorE4Max || *minor_e4 < -kPriceMinorE4Max) {
      Broken("price", absl::StrCat("'", price, "' is too large: at most ",
                                   FormatMinor(kPriceMinorE4Max, *digits + 4)));
      return;
    }
    parsed->price.emplace();
    parsed->price->set_sku(parsed->item.sku());
    parsed->price->set_currency(currency);
    parsed->price->set_price_minor_e4(*minor_e4);
  }

  // The same SKU again is another price of the same item, or a mistake.
  void CheckNotTwice(CatalogRow* parsed) {
    const std::string& sku = parsed->item.sku();
    const std::string currency =
        parsed->price.has_value() ? parsed->price->currency() : "";
    const auto [at, added] = seen_.emplace(std::pair(sku, currency), row_);
    if (!added) {
      Broken("sku", absl::StrCat("'", sku, "' with currency '", currency,
                                 "' is in row ", at->second, ", too"));
      return;
    }
    const std::string item = parsed->item.SerializeAsString();
    const auto [first, is_first] = items_.emplace(sku, std::pair(row_, item));
    parsed->item_repeated = !is_first;
    if (!is_first && first->second.second != item) {
      Broken("name", absl::StrCat("or another column of '", sku,
                                  "' is not as in row ", first->second.first));
    }
  }

  const CatalogReading& reading_;
  size_t width_ = 0;
  std::map<std::string, size_t, std::less<>> columns_;
  std::map<std::pair<std::string, std::string>, int64_t> seen_;
  std::map<std::string, std::pair<int64_t, std::string>> items_;  // first row
  int64_t row_ = 0;
  std::vector<std::string> fields_;
};

}  // namespace

absl::StatusOr<CatalogFile> ReadCatalogFile(const std::string& path,
                                            const CatalogReading& reading) {
  BL_ASSIGN_OR_RETURN(const auto csv, OpenRows(path));
  Reader reader(reading);
  std::vector<std::string> fields;
  BL_ASSIGN_OR_RETURN(const bool has_header, csv->Next(&fields));
  if (!has_header) {
    return absl::InvalidArgumentError(absl::StrCat(path, " is empty"));
  }
  BL_RETURN_IF_ERROR(Annotate(reader.TakeHeader(fields), path));
  while (true) {
    const auto more = csv->Next(&fields);
    if (absl::IsInvalidArgument(more.status())) {
      reader.BrokenRow(csv->row(), more.status().message());
      continue;
    }
    BL_RETURN_IF_ERROR(Annotate(more.status(), path));
    if (!*more) break;
    if (reader.file_.rows.size() + reader.file_.broken.size() >=
        kCatalogRowsMax) {
      return absl::ResourceExhaustedError(
          absl::StrCat(path, " has more than ", kCatalogRowsMax,
                       " rows: import it in parts"));
    }
    reader.TakeRow(csv->row(), std::move(fields));
  }
  return std::move(reader.file_);
}

}  // namespace branchline::cli

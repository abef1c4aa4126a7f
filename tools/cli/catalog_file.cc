#include "tools/cli/catalog_file.h"

#include <array>
#include <map>
#include <set>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "hub/merge/catalogue_import.h"
#include "sync/base/money.h"
#include "sync/base/status_macros.h"
#include "tools/drill/csv_reader.h"

namespace branchline::cli {
namespace {

constexpr std::array<absl::string_view, 7> kColumns = {
    "sku", "name", "price", "currency", "category", "name_zh", "barcode"};
constexpr std::array<absl::string_view, 4> kNeeded = {"sku", "name", "price",
                                                      "currency"};

class Reader {
 public:
  absl::Status TakeHeader(const std::vector<std::string>& header) {
    for (size_t i = 0; i < header.size(); ++i) {
      const std::string name(
          absl::AsciiStrToLower(absl::StripAsciiWhitespace(header[i])));
      bool known = false;
      for (const absl::string_view column : kColumns) known |= column == name;
      if (!known) {
        return absl::InvalidArgumentError(absl::StrCat(
            "row 1, column ", i + 1, ": '", name,
            "' is no column of a catalogue; they are sku, name, price, "
            "currency, category, name_zh, barcode"));
      }
      if (!columns_.emplace(name, i).second) {
        return absl::InvalidArgumentError(absl::StrCat(
            "row 1, column ", i + 1, ": '", name, "' is there twice"));
      }
    }
    for (const absl::string_view column : kNeeded) {
      if (columns_.count(std::string(column)) == 0) {
        return absl::InvalidArgumentError(
            absl::StrCat("row 1: there is no column '", column, "'"));
      }
    }
    return absl::OkStatus();
  }

  void TakeRow(int64_t row, std::vector<std::string> fields) {
    row_ = row;
    fields_ = std::move(fields);
    const size_t broken_before = file_.broken.size();
    if (fields_.size() != columns_.size()) {
      Broken("", absl::StrCat("has ", fields_.size(), " fields, the header ",
                              columns_.size()));
      return;
    }
    CatalogRow parsed;
    parsed.row = row;
    parsed.item.set_sku(Text("sku", 1, kSkuSizeMax));
    parsed.item.set_name(Text("name", 1, kItemNameSizeMax));
    parsed.item.set_category(Text("category", 0, kCategorySizeMax));
    parsed.item.set_name_zh(Text("name_zh", 0, kItemNameSizeMax));
    TakeBarcodes(&parsed.item);
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

  std::string Text(absl::string_view column, size_t min, size_t max) {
    std::string text = Field(column);
    if (text.size() < min) {
      Broken(column, "is empty");
    } else if (text.size() > max) {
      Broken(column,
             absl::StrCat("has ", text.size(), " bytes, at most ", max));
    } else if (!drill::IsUtf8(text) || text.find('\0') != std::string::npos) {
      Broken(column, "is not UTF-8 text");
      text.clear();
    }
    return text;
  }

  void TakeBarcodes(v1::Item* item) {
    const std::string all =
        Text("barcode", 0, kBarcodesMax * (kBarcodeSizeMax + 1));
    for (const absl::string_view barcode :
         absl::StrSplit(all, ' ', absl::SkipEmpty())) {
      if (barcode.size() > kBarcodeSizeMax) {
        Broken("barcode", absl::StrCat("one has ", barcode.size(),
                                       " bytes, at most ", kBarcodeSizeMax));
      }
      item->add_barcodes(std::string(barcode));
    }
    if (item->barcodes_size() > kBarcodesMax) {
      Broken("barcode", absl::StrCat("has ", item->barcodes_size(),
                                     " codes, at most ", kBarcodesMax));
    }
  }

  void TakePrice(CatalogRow* parsed) {
    const std::string price = Field("price");
    const std::string currency = Field("currency");
    if (price.empty() && currency.empty()) return;
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

  std::map<std::string, size_t, std::less<>> columns_;
  std::map<std::pair<std::string, std::string>, int64_t> seen_;
  std::map<std::string, std::pair<int64_t, std::string>> items_;  // first row
  int64_t row_ = 0;
  std::vector<std::string> fields_;
};

}  // namespace

absl::StatusOr<CatalogFile> ReadCatalogFile(const std::string& path) {
  BL_ASSIGN_OR_RETURN(const auto csv, drill::CsvReader::Open(path));
  Reader reader;
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

#include "tools/drill/catalogue.h"

#include <map>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "tools/drill/csv_reader.h"

namespace branchline::drill {
namespace {

constexpr int kRowsPerImport = 500;
constexpr size_t kSkuSizeMax = 64;        // bytes
constexpr size_t kNameSizeMax = 200;      // bytes
constexpr size_t kCategorySizeMax = 100;  // bytes

// As much of `text` as fits, whole characters.
std::string Fitting(absl::string_view text, size_t size_max) {
  absl::string_view part = text.substr(0, size_max);
  while (!IsUtf8(part)) part.remove_suffix(1);
  return std::string(part);
}

struct Facts {
  absl::string_view name;
  absl::string_view category;
  std::map<absl::string_view, int64_t> price_minor_e4;  // by currency
};

absl::StatusOr<std::map<absl::string_view, Facts>> FactsOf(
    const SalesFile& file) {
  std::map<absl::string_view, Facts> facts;
  for (const SalesDay& day : file.days) {
    for (const SalesReceipt& receipt : day.receipts) {
      for (const SalesLine& line : receipt.lines) {
        if (line.sku.size() > kSkuSizeMax) {
          return absl::InvalidArgumentError(absl::StrCat(
              "row ", line.row, ": column sku: found ", line.sku.size(),
              " bytes, the catalogue takes at most ", kSkuSizeMax));
        }
        Facts& fact = facts[line.sku];
        if (!line.description.empty()) fact.name = line.description;
        if (!line.category.empty()) fact.category = line.category;
        fact.price_minor_e4[receipt.currency] = line.unit_price_minor_e4;
      }
    }
  }
  return facts;
}

}  // namespace

absl::StatusOr<FileCatalogue> CatalogueOf(const SalesFile& file) {
  const auto facts = FactsOf(file);
  if (!facts.ok()) return facts.status();
  FileCatalogue catalogue;
  catalogue.items = facts->size();
  v1::ImportCatalogueRequest import;
  for (const auto& [sku, fact] : *facts) {
    const int prices = static_cast<int>(fact.price_minor_e4.size());
    if (import.items_size() == kRowsPerImport ||
        import.prices_size() + prices > kRowsPerImport) {
      catalogue.imports.push_back(std::exchange(import, {}));
    }
    v1::Item* item = import.add_items();
    item->set_sku(std::string(sku));
    item->set_name(Fitting(fact.name, kNameSizeMax));
    item->set_category(Fitting(fact.category, kCategorySizeMax));
    for (const auto& [currency, price_minor_e4] : fact.price_minor_e4) {
      v1::Price* price = import.add_prices();
      price->set_sku(std::string(sku));
      price->set_currency(std::string(currency));
      price->set_price_minor_e4(price_minor_e4);
    }
  }
  if (import.items_size() > 0) catalogue.imports.push_back(std::move(import));
  return catalogue;
}

}  // namespace branchline::drill

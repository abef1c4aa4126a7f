#include "tools/drill/demo_goods.h"

#include <algorithm>
#include <fstream>

#include "absl/strings/str_cat.h"
#include "sync/base/status_macros.h"
#include "tools/drill/demo_assortment.h"
#include "tools/drill/demo_chain.h"
#include "tools/drill/exact.h"

namespace branchline::drill {
namespace {

constexpr int kReceiptsPerShop = 110;
constexpr int kImportRows = 400;

}  // namespace

FileCatalogue DemoCatalogue() {
  FileCatalogue catalogue;
  for (const DemoItem& item : DemoAssortment()) {
    if (catalogue.imports.empty() ||
        catalogue.imports.back().items_size() >= kImportRows) {
      catalogue.imports.emplace_back();
    }
    v1::ImportCatalogueRequest& import = catalogue.imports.back();
    v1::Item* to = import.add_items();
    to->set_sku(item.sku);
    to->set_name(item.name_en);
    to->set_name_zh(item.name_zh);
    to->set_category(item.category_en);
    v1::Price* price = import.add_prices();
    price->set_sku(item.sku);
    price->set_currency("SGD");
    price->set_price_minor_e4(item.price_minor * kUnitPriceScale);
    ++catalogue.items;
  }
  return catalogue;
}

std::vector<std::string> DemoShopNames(size_t shops) {
  std::vector<std::string> names;
  for (const DemoBranch& branch : DemoBranches()) {
    if (names.size() == shops) break;
    names.push_back(absl::StrCat(branch.name_en, " ", branch.name_zh));
  }
  return names;
}

absl::StatusOr<SalesFile> MakeDemoDay(const std::string& path, uint64_t seed,
                                      absl::CivilDay day,
                                      const std::vector<std::string>& shops) {
  DemoChainOptions options;
  options.seed = seed;
  options.first_day = day;
  options.days = 1;
  options.receipts_per_branch_day = kReceiptsPerShop;
  std::ofstream csv(path, std::ios::binary);
  BL_RETURN_IF_ERROR(
      WriteDemoChain(options, [&](absl::string_view text) { csv << text; }));
  csv.close();
  if (!csv) {
    return absl::ResourceExhaustedError(absl::StrCat("cannot write ", path));
  }
  BL_ASSIGN_OR_RETURN(SalesFile file, ReadSalesFile(path));
  const auto elsewhere = [&](absl::string_view store) {
    return std::find(shops.begin(), shops.end(), std::string(store)) ==
           shops.end();
  };
  for (SalesDay& sales : file.days) {
    std::erase_if(sales.receipts, [&](const SalesReceipt& receipt) {
      return elsewhere(receipt.store);
    });
  }
  std::erase_if(file.stores, elsewhere);
  return file;
}

}  // namespace branchline::drill

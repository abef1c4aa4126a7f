#pragma once

#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "branchline/v1/master.pb.h"

namespace branchline::cli {

// One column of a catalogue's file that is about the item itself.
struct CatalogColumn {
  const char* name;   // in the file's first row
  const char* field;  // of v1::Item
  // Sets the item's field. Not empty: what is wrong with `text`.
  std::string (*parse)(absl::string_view text, v1::Item* item);
  std::string (*print)(const v1::Item& item);
};

// In the order in which an export writes them. Beside them stand `price` and
// `currency`.
//
//   sku, name, name_zh, category, tax_class
//   barcode        codes of one piece, with spaces between
//   codes          of several pieces: CODE*10, or CODE*10=9.99/EUR with the
//   price
//                  of one scan
//   kind           stocked, service, fee, deposit, open-department
//   deposit_sku, variant_of
//   variant        size=42 colour=red
//   age_limit      years
//   negative_stock allow, warn, block
//   keyed_price_max  of an open department, ten-thousandths of a minor unit
//   weighed, no_discount, not_in_thresholds, no_points, delisted: yes or no
//   images         addresses, with spaces between
const std::vector<CatalogColumn>& CatalogColumns();

// "sku, name, ..." for messages.
std::string CatalogColumnNames();

}  // namespace branchline::cli

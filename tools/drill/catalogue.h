#pragma once

#include <cstdint>
#include <vector>

#include "absl/status/statusor.h"
#include "branchline/v1/chain.pb.h"
#include "tools/drill/sales_file.h"

namespace branchline::drill {

// Every SKU of the file with the description, category and price that it had
// last, in as many imports as it takes. A price for each currency in which it
// was sold.
struct FileCatalogue {
  std::vector<v1::ImportCatalogueRequest> imports;
  uint64_t items = 0;
};

//   INVALID_ARGUMENT  a SKU is longer than the catalogue takes: names the row
absl::StatusOr<FileCatalogue> CatalogueOf(const SalesFile& file);

}  // namespace branchline::drill

#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/civil_time.h"
#include "tools/drill/catalogue.h"
#include "tools/drill/sales_file.h"

// What the demo sells, and what its shops ring up on one day.
namespace branchline::drill {

// The whole assortment, with names in English and Chinese and prices in SGD.
FileCatalogue DemoCatalogue();

// Names of the first `shops` branches of the generated chain, "Katong 加东".
std::vector<std::string> DemoShopNames(size_t shops);

// Writes one day of the generated chain to `path`, reads it, and leaves the
// receipts of `shops` alone.
//   RESOURCE_EXHAUSTED  it cannot be written
absl::StatusOr<SalesFile> MakeDemoDay(const std::string& path, uint64_t seed,
                                      absl::CivilDay day,
                                      const std::vector<std::string>& shops);

}  // namespace branchline::drill

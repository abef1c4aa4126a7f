#pragma once

#include <cstdint>
#include <vector>

#include "absl/strings/string_view.h"

// What the generated chain's goods are made of. Part of demo_assortment.
namespace branchline::drill {

// A product comes in every size and from every brand of its category.
struct DemoProduct {
  absl::string_view en;
  absl::string_view zh;
  absl::string_view sizes;  // "100 g|250 g"; empty: weighed, or the only size
  int64_t price_minor;      // of the first size, before the brand's percentage
};

struct DemoBrand {
  absl::string_view en;
  absl::string_view zh;
  int64_t price_percent;
};

struct DemoCategory {
  absl::string_view en;
  absl::string_view zh;
  std::vector<DemoBrand> brands;  // empty: no brand
  bool weighed;
  bool fresh;
  std::vector<DemoProduct> products;
};

const std::vector<DemoCategory>& DemoCategories();

}  // namespace branchline::drill

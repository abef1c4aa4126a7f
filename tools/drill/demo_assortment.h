#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace branchline::drill {

// What the generated chain sells and where. All of it is invented but the place
// names; the same on every call.

struct DemoItem {
  std::string
      sku;  // 13 digits, restricted circulation (20...), good check digit
  std::string name_en;  // "Golden Lantern Oolong Tea 100 g"
  std::string name_zh;
  std::string category_en;  // "Tea & Coffee"
  std::string category_zh;
  int64_t price_minor = 0;  // SGD; for a kilogram if it is weighed
  bool weighed = false;     // sold by the gram
  bool fresh = false;       // thrown away in the evening when it is not sold
};

struct DemoBranch {
  std::string name_en;
  std::string name_zh;
  int64_t trade_percent = 100;  // of an average branch
  int64_t tills = 2;
};

// About 1,200.
std::vector<DemoItem> DemoAssortment();

// Eight.
std::vector<DemoBranch> DemoBranches();

}  // namespace branchline::drill

#include "tools/drill/demo_assortment.h"

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "sync/base/check.h"
#include "tools/drill/demo_products.h"

namespace branchline::drill {
namespace {

struct Unit {
  absl::string_view en;
  absl::string_view zh;
};

constexpr Unit kUnits[] = {
    {"kg", "公斤"},   {"g", "克"},       {"ml", "毫升"},  {"L", "升"},
    {"m", "米"},      {"pcs", "个"},     {"packs", "包"}, {"bags", "包"},
    {"sticks", "条"}, {"rolls", "卷"},   {"boxes", "盒"}, {"eggs", "粒"},
    {"slices", "片"}, {"bottles", "瓶"},
};

// "6 x 1.5 L" in Chinese: "6x1.5升".
std::string ChineseSize(absl::string_view size) {
  const std::vector<absl::string_view> words = absl::StrSplit(size, ' ');
  std::string text;
  for (absl::string_view word : words) {
    absl::string_view shown = word;
    for (const Unit& unit : kUnits) {
      if (unit.en == word) shown = unit.zh;
    }
    absl::StrAppend(&text, shown);
  }
  return text;
}

// How much is in it, in thousandths of a gram, millilitre or piece: only for
// comparing sizes of one product.
int64_t Content(absl::string_view size) {
  const std::vector<absl::string_view> words = absl::StrSplit(size, ' ');
  int64_t content = 1;
  for (absl::string_view word : words) {
    const std::pair<absl::string_view, absl::string_view> number =
        absl::StrSplit(word, absl::MaxSplits('.', 1));
    int64_t whole = 0;
    int64_t tenths = 0;
    if (absl::SimpleAtoi(number.first, &whole)) {
      if (!number.second.empty()) {
        BL_CHECK(absl::SimpleAtoi(number.second, &tenths), "a size's decimal");
      }
      content *= whole * 10 + tenths;
    } else if (word == "kg" || word == "L") {
      content *= 1'000;
    }
  }
  return content;
}

// A shelf price: ends in 0 or 5 cents, or in 95 where it is close to it.
int64_t ShelfPrice(int64_t minor) {
  const int64_t rounded = (minor + 2) / 5 * 5;
  return rounded % 100 == 0 && rounded > 300 ? rounded - 5 : rounded;
}

// Bigger packs are cheaper by the gram.
int64_t SizePrice(const DemoProduct& product, absl::string_view first_size,
                  absl::string_view size) {
  if (size == first_size) return product.price_minor;
  // "6 x 250 ml" has a factor of ten more for its second number.
  const auto scale = [](absl::string_view s) {
    return s.find(" x ") == absl::string_view::npos ? Content(s) * 10
                                                    : Content(s);
  };
  const int64_t percent = scale(size) * 100 / scale(first_size);
  return product.price_minor * (percent * 88 + 1'200) / 10'000;
}

std::string WithCheckDigit(const std::string& digits12) {
  int sum = 0;
  for (size_t i = 0; i < digits12.size(); ++i) {
    sum += (digits12[i] - '0') * (i % 2 == 0 ? 1 : 3);
  }
  return absl::StrCat(digits12, (10 - sum % 10) % 10);
}

std::string Joined(absl::string_view a, absl::string_view b,
                   absl::string_view c) {
  std::string text(a);
  for (absl::string_view part : {b, c}) {
    if (!part.empty()) absl::StrAppend(&text, text.empty() ? "" : " ", part);
  }
  return text;
}

}  // namespace

std::vector<DemoItem> DemoAssortment() {
  std::vector<DemoItem> items;
  const DemoBrand no_brand = {"", "", 100};
  int64_t category_number = 0;
  for (const DemoCategory& category : DemoCategories()) {
    ++category_number;
    int64_t item_number = 0;
    for (const DemoProduct& product : category.products) {
      const std::vector<absl::string_view> sizes =
          absl::StrSplit(product.sizes, '|');
      for (absl::string_view size : sizes) {
        const size_t brand_count =
            category.brands.empty() ? 1 : category.brands.size();
        for (size_t b = 0; b < brand_count; ++b) {
          const DemoBrand& brand =
              category.brands.empty() ? no_brand : category.brands[b];
          DemoItem item;
          item.sku = WithCheckDigit(absl::StrFormat(
              "20%02d%08d", category_number, ++item_number * 10));
          item.name_en = Joined(brand.en, product.en, size);
          item.name_zh =
              Joined("", absl::StrCat(brand.zh, product.zh), ChineseSize(size));
          item.category_en = std::string(category.en);
          item.category_zh = std::string(category.zh);
          item.price_minor = ShelfPrice(SizePrice(product, sizes[0], size) *
                                        brand.price_percent / 100);
          item.weighed = category.weighed;
          item.fresh = category.fresh;
          items.push_back(std::move(item));
        }
      }
    }
  }
  return items;
}

std::vector<DemoBranch> DemoBranches() {
  return {
      {"Tiong Bahru", "中峇鲁", 110, 3}, {"Katong", "加东", 105, 3},
      {"Toa Payoh", "大巴窑", 125, 4},   {"Clementi", "金文泰", 100, 3},
      {"Bedok", "勿洛", 115, 3},         {"Jurong East", "裕廊东", 140, 4},
      {"Serangoon", "实龙岗", 90, 2},    {"Bukit Timah", "武吉知马", 65, 2}};
}

}  // namespace branchline::drill

// How many lines a second one core prices: 40-line baskets, 500 promotions that
// are in force, of each kind. The bound is 50,000 lines a second.

#include <algorithm>
#include <cstdio>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "edge/pricing/receipt.h"
#include "sync/base/check.h"
#include "sync/base/clock.h"
#include "sync/base/random.h"

namespace branchline {
namespace {

constexpr int kSkus = 5'000;
constexpr int kCategories = 200;
constexpr int kPromotions = 500;
constexpr int kLines = 40;
constexpr int kBaskets = 4'000;

std::string Sku(uint64_t number) { return absl::StrCat("SKU", number); }
std::string Category(uint64_t number) { return absl::StrCat("C", number); }

// A leaflet: mostly single items and shelves, a few rules for everything.
Promotion AnyPromotion(int number, SeededRandom& random) {
  Promotion rule;
  rule.id = absl::StrCat("P", 1'000 + number);
  rule.reward = {RewardKind::kPercentOff,
                 static_cast<int64_t>(500 + random.Below(3'000)), 0};
  rule.items.categories = {Category(random.Below(kCategories))};
  if (number % 100 == 0) {  // spend 100, save 5
    rule.scope = PromotionScope::kBasket;
    rule.items = {};
    rule.currency = "EUR";
    rule.offer = OfferKind::kEvery;
    rule.every_amount_minor = 10'000;
    rule.reward = {RewardKind::kAmountOff, 0, 500};
    rule.exclusion_group = "spend";
  } else if (number % 3 == 0) {
    rule.scope = PromotionScope::kGroup;
    rule.offer = OfferKind::kBuyGet;
    rule.buy_pieces = 1 + static_cast<int64_t>(random.Below(2));
    rule.get_pieces = 1;
  } else if (number % 3 == 1) {
    rule.items = {};
    for (int i = 0; i < 20; ++i) {
      rule.items.skus.push_back(Sku(random.Below(kSkus)));
    }
  }
  return rule;
}

Basket AnyBasket(SeededRandom& random) {
  Basket basket;
  basket.promotions.currency = "EUR";
  basket.promotions.at = absl::FromUnixSeconds(1'795'000'000);
  basket.promotions.zone = absl::UTCTimeZone();
  basket.tax_date = 20261121;
  for (int i = 0; i < kLines; ++i) {
    const uint64_t sku = random.Below(kSkus);
    BasketLine line;
    line.sku = Sku(sku);
    line.categories = {Category(sku % kCategories), "all"};
    line.quantity_milli = 1'000 * (1 + static_cast<int64_t>(random.Below(4)));
    line.price.unit_price_minor_e4 =
        10'000 * (50 + static_cast<int64_t>(sku * 7 % 2'000));
    line.tax_class = "A";
    basket.lines.push_back(std::move(line));
  }
  return basket;
}

int Main() {
  SeededRandom random(1);
  std::vector<Promotion> rules;
  for (int i = 0; i < kPromotions; ++i)
    rules.push_back(AnyPromotion(i, random));
  const auto promotions = PromotionSet::Build(std::move(rules));
  BL_CHECK(promotions.ok(), promotions.status().message());
  TaxRule vat;
  vat.id = "vat";
  vat.tax_class = "A";
  vat.components = {{"vat", TaxKind::kPercent, 190'000, 0, true, false}};
  const auto taxes = TaxTable::Build({vat});
  BL_CHECK(taxes.ok(), taxes.status().message());
  std::vector<Basket> baskets;
  for (int i = 0; i < kBaskets; ++i) baskets.push_back(AnyBasket(random));

  std::vector<int64_t> micros;
  int64_t saving_minor = 0;
  int64_t trials = 0;
  int64_t exact = 0;
  const absl::Duration start = SystemClock().MonotonicNow();
  for (const Basket& basket : baskets) {
    const absl::Duration before = SystemClock().MonotonicNow();
    const auto receipt = PriceBasket(basket, {&*promotions, &*taxes});
    BL_CHECK(receipt.ok(), receipt.status().message());
    micros.push_back(
        absl::ToInt64Microseconds(SystemClock().MonotonicNow() - before));
    saving_minor += receipt->discount_minor;
    trials += receipt->trials;
    exact += receipt->exact ? 1 : 0;
  }
  const absl::Duration took = SystemClock().MonotonicNow() - start;
  std::sort(micros.begin(), micros.end());
  const int64_t lines = int64_t{kBaskets} * kLines;
  std::printf(
      "pricing: %lld lines/s, basket of %d lines with %d promotions: p50 %lld "
      "us, p99 %lld us, max %lld us; %lld trials a basket, %lld of %d exact, "
      "%lld minor units saved a basket\n",
      static_cast<long long>(lines * 1'000'000 /
                             absl::ToInt64Microseconds(took)),
      kLines, kPromotions, static_cast<long long>(micros[micros.size() / 2]),
      static_cast<long long>(micros[micros.size() * 99 / 100]),
      static_cast<long long>(micros.back()),
      static_cast<long long>(trials / kBaskets), static_cast<long long>(exact),
      kBaskets, static_cast<long long>(saving_minor / kBaskets));
  return 0;
}

}  // namespace
}  // namespace branchline

int main() { return branchline::Main(); }

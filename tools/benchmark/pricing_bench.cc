// How many lines a second one core prices: 40-line baskets, 500 promotions that
// are in force, of each kind. The bound is 50,000 lines a second.

#include <algorithm>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "edge/pricing/receipt.h"
#include "sync/base/check.h"
#include "sync/base/clock.h"
#include "sync/base/random.h"
#include "tools/benchmark/benches.h"

namespace branchline::bench {
namespace {

constexpr int kEngineSkus = 5'000;
constexpr int kEngineCategories = 200;
constexpr int kEnginePromotions = 500;
constexpr int kEngineLines = 40;
constexpr int kEngineBaskets = 4'000;

std::string EngineSku(uint64_t number) { return absl::StrCat("SKU", number); }
std::string EngineCategory(uint64_t number) {
  return absl::StrCat("C", number);
}

// A leaflet: mostly single items and shelves, a few rules for everything.
Promotion AnyPromotion(int number, SeededRandom& random) {
  Promotion rule;
  rule.id = absl::StrCat("P", 1'000 + number);
  rule.reward = {RewardKind::kPercentOff,
                 static_cast<int64_t>(500 + random.Below(3'000)), 0};
  rule.items.categories = {EngineCategory(random.Below(kEngineCategories))};
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
      rule.items.skus.push_back(EngineSku(random.Below(kEngineSkus)));
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
  for (int i = 0; i < kEngineLines; ++i) {
    const uint64_t sku = random.Below(kEngineSkus);
    BasketLine line;
    line.sku = EngineSku(sku);
    line.categories = {EngineCategory(sku % kEngineCategories), "all"};
    line.quantity_milli = 1'000 * (1 + static_cast<int64_t>(random.Below(4)));
    line.price.unit_price_minor_e4 =
        10'000 * (50 + static_cast<int64_t>(sku * 7 % 2'000));
    line.tax_class = "A";
    basket.lines.push_back(std::move(line));
  }
  return basket;
}

}  // namespace

absl::Status BenchPricing(const BenchOptions& options, Results* results) {
  SeededRandom random(1);
  std::vector<Promotion> rules;
  for (int i = 0; i < kEnginePromotions; ++i)
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
  const int count = options.quick ? kEngineBaskets / 10 : kEngineBaskets;
  for (int i = 0; i < count; ++i) baskets.push_back(AnyBasket(random));

  Latencies all;
  int64_t saving_minor = 0;
  int64_t trials = 0;
  int64_t exact = 0;
  const absl::Duration start = SystemClock().MonotonicNow();
  for (const Basket& basket : baskets) {
    const absl::Duration before = SystemClock().MonotonicNow();
    const auto receipt = PriceBasket(basket, {&*promotions, &*taxes});
    BL_CHECK(receipt.ok(), receipt.status().message());
    all.Add(SystemClock().MonotonicNow() - before);
    saving_minor += receipt->discount_minor;
    trials += receipt->trials;
    exact += receipt->exact ? 1 : 0;
  }
  const absl::Duration took = SystemClock().MonotonicNow() - start;
  const int64_t lines = int64_t{count} * kEngineLines;
  results->AtLeast(absl::StrCat("engine alone: baskets of ", kEngineLines,
                                " lines, ", kEnginePromotions, " promotions"),
                   lines * 1'000'000 / absl::ToInt64Microseconds(took),
                   "lines/s", 50'000);
  results->Tell("engine alone: a basket, p50", all.Percentile(500), "us");
  results->Tell("engine alone: a basket, p99", all.Percentile(990), "us");
  results->Tell("engine alone: combinations tried, a basket", trials / count,
                "");
  results->Tell("engine alone: baskets known to be the best",
                exact * 100 / count, "%");
  results->Tell("engine alone: saved a basket", saving_minor / count,
                "minor units");
  return absl::OkStatus();
}

}  // namespace branchline::bench

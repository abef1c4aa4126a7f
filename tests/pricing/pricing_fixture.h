#pragma once

#include <string>
#include <utility>
#include <vector>

#include "edge/pricing/receipt.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "sync/base/check.h"
#include "tests/support/status_matchers.h"

namespace branchline {

// A line of whole pieces at a price in minor units.
inline BasketLine Goods(std::string sku, int64_t pieces, int64_t price_minor,
                        std::vector<std::string> categories = {}) {
  BasketLine line;
  line.sku = std::move(sku);
  line.quantity_milli = pieces * 1'000;
  line.price.unit_price_minor_e4 = price_minor * 10'000;
  line.categories = std::move(categories);
  return line;
}

inline absl::TimeZone Shanghai() {
  absl::TimeZone zone;
  BL_CHECK(absl::LoadTimeZone("Asia/Shanghai", &zone), "tzdata is there");
  return zone;
}

// Saturday 21 November 2026, 12:00 in the shop, in EUR, no member, no coupon.
inline Basket BasketOf(std::vector<BasketLine> lines) {
  Basket basket;
  basket.lines = std::move(lines);
  basket.promotions.currency = "EUR";
  basket.promotions.zone = Shanghai();
  basket.promotions.at = absl::FromCivil(
      absl::CivilSecond(2026, 11, 21, 12, 0, 0), basket.promotions.zone);
  basket.tax_date = 20261121;
  return basket;
}

inline Reward PercentOff(int64_t percent) {
  return {RewardKind::kPercentOff, percent * 100, 0};
}
inline Reward AmountOff(int64_t amount_minor) {
  return {RewardKind::kAmountOff, 0, amount_minor};
}
inline Reward FixedPrice(int64_t price_minor) {
  return {RewardKind::kFixedPrice, 0, price_minor};
}

// A rule on everything, valid as it is; the test changes what it is about.
inline Promotion Rule(std::string id, PromotionScope scope, Reward reward) {
  Promotion rule;
  rule.id = std::move(id);
  rule.version = 7;
  rule.scope = scope;
  rule.reward = reward;
  if (reward.kind != RewardKind::kPercentOff) rule.currency = "EUR";
  return rule;
}
inline Promotion OnLine(std::string id, Reward reward) {
  return Rule(std::move(id), PromotionScope::kLine, reward);
}
inline Promotion OnBasket(std::string id, Reward reward) {
  return Rule(std::move(id), PromotionScope::kBasket, reward);
}
inline Promotion BuyGet(std::string id, int64_t buy, int64_t get,
                        Reward reward = PercentOff(100)) {
  Promotion rule = Rule(std::move(id), PromotionScope::kGroup, reward);
  rule.offer = OfferKind::kBuyGet;
  rule.buy_pieces = buy;
  rule.get_pieces = get;
  return rule;
}
inline Promotion EveryPieces(std::string id, int64_t pieces, Reward reward) {
  Promotion rule = Rule(std::move(id), PromotionScope::kGroup, reward);
  rule.offer = OfferKind::kEvery;
  rule.every_pieces = pieces;
  return rule;
}
inline Promotion EveryAmount(std::string id, int64_t amount_minor,
                             int64_t off_minor) {
  Promotion rule = OnBasket(std::move(id), AmountOff(off_minor));
  rule.offer = OfferKind::kEvery;
  rule.every_amount_minor = amount_minor;
  return rule;
}

inline PricedReceipt Price(const Basket& basket, std::vector<Promotion> rules,
                           bool explain = false) {
  const auto set = PromotionSet::Build(std::move(rules));
  BL_CHECK(set.ok(), set.status().message());
  const auto receipt = PriceBasket(basket, {&*set, nullptr}, explain);
  BL_CHECK(receipt.ok(), receipt.status().message());
  return *receipt;
}

inline std::vector<int64_t> Amounts(const PricedReceipt& receipt) {
  std::vector<int64_t> amounts;
  for (const PricedLine& line : receipt.lines) {
    amounts.push_back(line.amount_minor);
  }
  return amounts;
}

inline std::vector<std::string> Fired(const PricedReceipt& receipt) {
  std::vector<std::string> fired;
  for (const RuleReport& rule : receipt.rules) {
    if (rule.why == NotFired::kNone) fired.push_back(rule.rule_id);
  }
  return fired;
}

inline NotFired Why(const PricedReceipt& receipt, const std::string& id) {
  for (const RuleReport& rule : receipt.rules) {
    if (rule.rule_id == id) return rule.why;
  }
  ADD_FAILURE() << "no report of " << id;
  return NotFired::kNone;
}

}  // namespace branchline

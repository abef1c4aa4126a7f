#include "edge/pricing/promotion_set.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "sync/base/status_macros.h"

namespace branchline {
namespace {

bool HasOneOf(const absl::flat_hash_set<std::string>& names,
              const std::vector<std::string>& had) {
  if (names.empty()) return false;
  return std::any_of(had.begin(), had.end(), [&](const std::string& name) {
    return names.contains(name);
  });
}

bool Meet(const std::vector<std::string>& wanted,
          const std::vector<std::string>& had) {
  return std::any_of(wanted.begin(), wanted.end(), [&](const auto& group) {
    return std::find(had.begin(), had.end(), group) != had.end();
  });
}

bool InHours(const std::vector<HourWindow>& hours,
             const absl::CivilSecond& local) {
  if (hours.empty()) return true;
  const int32_t second =
      local.hour() * 3'600 + local.minute() * 60 + local.second();
  return std::any_of(hours.begin(), hours.end(), [&](const HourWindow& w) {
    if (w.from_second < w.until_second) {
      return w.from_second <= second && second < w.until_second;
    }
    return second >= w.from_second || second < w.until_second;
  });
}

}  // namespace

ItemMatcher::ItemMatcher(const ItemFilter& filter)
    : skus_(filter.skus.begin(), filter.skus.end()),
      categories_(filter.categories.begin(), filter.categories.end()),
      except_skus_(filter.except_skus.begin(), filter.except_skus.end()),
      except_categories_(filter.except_categories.begin(),
                         filter.except_categories.end()) {}

bool ItemMatcher::Matches(const BasketLine& line) const {
  if (!names_nothing() && !skus_.contains(line.sku) &&
      !HasOneOf(categories_, line.categories)) {
    return false;
  }
  return !Excludes(line);
}

bool ItemMatcher::Excludes(const BasketLine& line) const {
  return (!except_skus_.empty() && except_skus_.contains(line.sku)) ||
         HasOneOf(except_categories_, line.categories);
}

absl::StatusOr<PromotionSet> PromotionSet::Build(
    std::vector<Promotion> promotions) {
  if (promotions.size() > kPromotionsMax) {
    return absl::OutOfRangeError(absl::StrCat("there are ", promotions.size(),
                                              " promotions, at most ",
                                              kPromotionsMax));
  }
  std::sort(promotions.begin(), promotions.end(),
            [](const Promotion& a, const Promotion& b) { return a.id < b.id; });
  PromotionSet set;
  for (Promotion& promotion : promotions) {
    BL_RETURN_IF_ERROR(Annotate(CheckPromotion(promotion),
                                absl::StrCat("promotion ", promotion.id)));
    if (!set.rules_.empty() && set.rules_.back().rule.id == promotion.id) {
      return absl::InvalidArgumentError(
          absl::StrCat("promotion ", promotion.id, " is there twice"));
    }
    const size_t index = set.rules_.size();
    CompiledPromotion compiled;
    compiled.items = ItemMatcher(promotion.items);
    if (promotion.get_items.has_value()) {
      compiled.get_items = ItemMatcher(*promotion.get_items);
    }
    for (const BundlePart& part : promotion.bundle) {
      compiled.bundle.push_back(ItemMatcher(part.items));
    }
    // A bundle is found by its first part: without it there is no bundle.
    set.Index(index, promotion.offer == OfferKind::kBundle
                         ? promotion.bundle.front().items
                         : promotion.items);
    compiled.rule = std::move(promotion);
    set.rules_.push_back(std::move(compiled));
  }
  return set;
}

void PromotionSet::Index(size_t rule, const ItemFilter& filter) {
  if (filter.skus.empty() && filter.categories.empty()) {
    of_everything_.push_back(rule);
    return;
  }
  for (const std::string& sku : filter.skus) by_sku_[sku].push_back(rule);
  for (const std::string& category : filter.categories) {
    by_category_[category].push_back(rule);
  }
}

std::vector<PromotionSet::Touch> PromotionSet::Touching(
    absl::Span<const BasketLine> lines) const {
  std::vector<std::pair<size_t, uint32_t>> hits;  // rule, line
  for (uint32_t i = 0; i < lines.size(); ++i) {
    const auto add = [&](const auto& index, const std::string& name) {
      const auto it = index.find(name);
      if (it == index.end()) return;
      for (const size_t rule : it->second) hits.emplace_back(rule, i);
    };
    add(by_sku_, lines[i].sku);
    for (const std::string& category : lines[i].categories) {
      add(by_category_, category);
    }
    for (const size_t rule : of_everything_) hits.emplace_back(rule, i);
  }
  std::sort(hits.begin(), hits.end());
  hits.erase(std::unique(hits.begin(), hits.end()), hits.end());
  std::vector<Touch> touching;
  for (const auto& [rule, line] : hits) {
    const CompiledPromotion& compiled = rules_[rule];
    const ItemMatcher& items = compiled.rule.offer == OfferKind::kBundle
                                   ? compiled.bundle.front()
                                   : compiled.items;
    if (items.Excludes(lines[line])) continue;
    if (touching.empty() || touching.back().rule != rule) {
      touching.push_back({rule, {}});
    }
    touching.back().lines.push_back(line);
  }
  return touching;
}

NotFired GateOf(const Promotion& promotion, const PromotionContext& context) {
  if (!promotion.currency.empty() && promotion.currency != context.currency) {
    return NotFired::kOtherCurrency;
  }
  const LocalSpan span{promotion.from, promotion.until};
  if (!LocalSpan{promotion.from}.Holds(context.at, context.zone)) {
    return NotFired::kNotYet;
  }
  if (!span.Holds(context.at, context.zone)) return NotFired::kExpired;
  const absl::CivilSecond local = absl::ToCivilSecond(context.at, context.zone);
  const int weekday = static_cast<int>(absl::GetWeekday(absl::CivilDay(local)));
  if (promotion.weekdays != 0 && (promotion.weekdays >> weekday & 1) == 0) {
    return NotFired::kOtherWeekday;
  }
  if (promotion.days_of_month != 0 &&
      (promotion.days_of_month >> local.day() & 1) == 0) {
    return NotFired::kOtherDayOfMonth;
  }
  if (!InHours(promotion.hours, local)) return NotFired::kOtherHour;
  if (!promotion.branch_groups.empty() &&
      !Meet(promotion.branch_groups, context.branch_groups)) {
    return NotFired::kOtherBranch;
  }
  if (promotion.members_only && !context.is_member) {
    return NotFired::kNotAMember;
  }
  if (!promotion.customer_groups.empty() &&
      !Meet(promotion.customer_groups, context.customer_groups)) {
    return NotFired::kOtherCustomerGroup;
  }
  if (!promotion.coupon.empty() &&
      std::find(context.coupons.begin(), context.coupons.end(),
                promotion.coupon) == context.coupons.end()) {
    return NotFired::kNoCoupon;
  }
  if (promotion.times_per_branch_max != 0) {
    const auto it = context.times_in_branch.find(promotion.id);
    if (it != context.times_in_branch.end() &&
        it->second >= promotion.times_per_branch_max) {
      return NotFired::kBranchCap;
    }
  }
  return NotFired::kNone;
}

}  // namespace branchline

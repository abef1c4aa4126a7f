#include "edge/till/pricing_book.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "sync/base/money.h"
#include "sync/base/status_macros.h"

namespace branchline {
namespace {

absl::Status Newer(absl::string_view what, int kind) {
  return absl::InvalidArgumentError(
      absl::StrCat("its ", what, " ", kind, " is not known to this program"));
}

template <typename Names>
std::vector<std::string> Strings(const Names& names) {
  return {names.begin(), names.end()};
}

LocalSpan SpanOf(int64_t from_seconds, int64_t until_seconds) {
  const absl::CivilSecond epoch(1970, 1, 1);
  LocalSpan span;
  if (from_seconds != 0) span.from = epoch + from_seconds;
  if (until_seconds != 0) span.until = epoch + until_seconds;
  return span;
}

ItemFilter FilterOf(const v1::ItemFilter& filter) {
  return {Strings(filter.skus()), Strings(filter.categories()),
          Strings(filter.except_skus()), Strings(filter.except_categories())};
}

// Exactly one of the three figures counts; CheckPromotion() sees to the rest.
Reward RewardOf(const v1::Reward& reward) {
  if (reward.has_fixed_price_minor()) {
    return {RewardKind::kFixedPrice, reward.percent_off_bp(),
            reward.fixed_price_minor()};
  }
  if (reward.amount_off_minor() != 0) {
    return {RewardKind::kAmountOff, reward.percent_off_bp(),
            reward.amount_off_minor()};
  }
  return {RewardKind::kPercentOff, reward.percent_off_bp(), 0};
}

absl::Status SetKinds(const v1::Promotion& from, Promotion* to) {
  switch (from.scope()) {
    case v1::PROMOTION_SCOPE_LINE:
      to->scope = PromotionScope::kLine;
      break;
    case v1::PROMOTION_SCOPE_GROUP:
      to->scope = PromotionScope::kGroup;
      break;
    case v1::PROMOTION_SCOPE_BASKET:
      to->scope = PromotionScope::kBasket;
      break;
    default:
      return Newer("scope", from.scope());
  }
  switch (from.offer()) {
    case v1::OFFER_KIND_SIMPLE:
      to->offer = OfferKind::kSimple;
      break;
    case v1::OFFER_KIND_EVERY:
      to->offer = OfferKind::kEvery;
      break;
    case v1::OFFER_KIND_TIERS:
      to->offer = OfferKind::kTiers;
      break;
    case v1::OFFER_KIND_BUY_GET:
      to->offer = OfferKind::kBuyGet;
      break;
    case v1::OFFER_KIND_BUNDLE:
      to->offer = OfferKind::kBundle;
      break;
    default:
      return Newer("kind of offer", from.offer());
  }
  switch (from.stacking()) {
    case v1::STACKING_STACKS:
      to->stacking = Stacking::kStacks;
      break;
    case v1::STACKING_ALONE_ON_LINE:
      to->stacking = Stacking::kAloneOnLine;
      break;
    case v1::STACKING_ALONE_ON_RECEIPT:
      to->stacking = Stacking::kAloneOnReceipt;
      break;
    default:
      return Newer("stacking", from.stacking());
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<PriceList> FromProto(const v1::PriceList& list,
                                    uint64_t book_version) {
  if (list.id().empty() || list.id().size() > 32) {
    return absl::InvalidArgumentError(
        absl::StrCat("its id has ", list.id().size(), " bytes, want 1 to 32"));
  }
  BL_RETURN_IF_ERROR(MinorDigits(list.currency()).status());
  PriceList plain;
  switch (list.kind()) {
    case v1::PRICE_LIST_KIND_REGULAR:
      plain.kind = PriceListKind::kRegular;
      break;
    case v1::PRICE_LIST_KIND_MARKDOWN:
      plain.kind = PriceListKind::kMarkdown;
      break;
    default:
      return Newer("kind", list.kind());
  }
  plain.id = list.id();
  plain.version = book_version;
  plain.currency = list.currency();
  plain.branch_groups = Strings(list.branch_groups());
  plain.customer_groups = Strings(list.customer_groups());
  plain.in_force =
      SpanOf(list.from_local_seconds(), list.until_local_seconds());
  plain.priority = list.priority();
  return plain;
}

absl::StatusOr<Promotion> FromProto(const v1::Promotion& promotion) {
  Promotion rule;
  rule.id = promotion.id();
  rule.version = promotion.version();
  rule.name = promotion.name();
  rule.currency = promotion.currency();
  rule.coupon = promotion.coupon();
  BL_RETURN_IF_ERROR(SetKinds(promotion, &rule));
  const LocalSpan span =
      SpanOf(promotion.from_local_seconds(), promotion.until_local_seconds());
  rule.from = span.from;
  rule.until = span.until;
  if (promotion.weekdays() > 0x7f) {
    return absl::InvalidArgumentError("weekdays has a bit beyond Sunday");
  }
  rule.weekdays = static_cast<uint8_t>(promotion.weekdays());
  rule.days_of_month = promotion.days_of_month();
  for (const v1::HourWindow& window : promotion.hours()) {
    rule.hours.push_back({window.from_second(), window.until_second()});
  }
  rule.branch_groups = Strings(promotion.branch_groups());
  rule.customer_groups = Strings(promotion.customer_groups());
  rule.members_only = promotion.members_only();
  rule.items = FilterOf(promotion.items());
  rule.min_amount_minor = promotion.min_amount_minor();
  rule.min_pieces = promotion.min_pieces();
  rule.reward = RewardOf(promotion.reward());
  rule.every_amount_minor = promotion.every_amount_minor();
  rule.every_pieces = promotion.every_pieces();
  for (const v1::PromotionTier& tier : promotion.tiers()) {
    rule.tiers.push_back({tier.from_amount_minor(), tier.from_pieces(),
                          RewardOf(tier.reward())});
  }
  rule.buy_pieces = promotion.buy_pieces();
  rule.get_pieces = promotion.get_pieces();
  if (promotion.has_get_items()) {
    rule.get_items = FilterOf(promotion.get_items());
  }
  rule.same_sku = promotion.same_sku();
  for (const v1::BundlePart& part : promotion.bundle()) {
    rule.bundle.push_back({FilterOf(part.items()), part.pieces()});
  }
  rule.on_free_item = promotion.on_free_item();
  rule.pieces_per_line_max = promotion.pieces_per_line_max();
  rule.times_per_receipt_max = promotion.times_per_receipt_max();
  rule.saving_per_receipt_max_minor = promotion.saving_per_receipt_max_minor();
  rule.times_per_branch_max = promotion.times_per_branch_max();
  rule.priority = promotion.priority();
  rule.exclusion_group = promotion.exclusion_group();
  BL_RETURN_IF_ERROR(CheckPromotion(rule));
  return rule;
}

absl::StatusOr<TaxRule> FromProto(const v1::TaxRule& rule) {
  TaxRule plain;
  plain.id = rule.id();
  plain.version = rule.version();
  plain.tax_class = rule.tax_class();
  plain.region = rule.region();
  switch (rule.consumption()) {
    case v1::CONSUMPTION_UNSPECIFIED:
      break;
    case v1::CONSUMPTION_TAKE_AWAY:
      plain.consumption = Consumption::kTakeAway;
      break;
    case v1::CONSUMPTION_EAT_IN:
      plain.consumption = Consumption::kEatIn;
      break;
    default:
      return Newer("consumption", rule.consumption());
  }
  plain.from_date = rule.from_date();
  plain.until_date = rule.until_date();
  for (const v1::TaxComponent& component : rule.components()) {
    plain.components.push_back(
        {component.code(),
         component.per_unit_minor_e4() != 0 ? TaxKind::kPerUnit
                                            : TaxKind::kPercent,
         component.rate_e6(), component.per_unit_minor_e4(),
         !component.on_top(), component.raises_base()});
  }
  return plain;
}

PricingBook MakePricingBook(const v1::PriceBookSet& book,
                            const v1::PromotionsSet& promotions,
                            const v1::TaxRulesSet& taxes) {
  PricingBook made;
  made.version = book.version();
  const auto leave_out = [&](absl::string_view what, const std::string& id,
                             const absl::Status& why) {
    made.left_out.push_back(absl::StrCat(what, " ", id, ": ", why.message()));
  };
  const absl::Status too_many =
      absl::OutOfRangeError("there are more than this program takes");
  for (const v1::PriceList& list : book.lists()) {
    auto plain = FromProto(list, book.version());
    const bool room = made.lists.size() < kPriceListsMax;
    if (plain.ok() && room) {
      made.lists.push_back(*std::move(plain));
    } else {
      leave_out("price list", list.id(), room ? plain.status() : too_many);
    }
  }
  std::vector<Promotion> rules;
  absl::flat_hash_set<std::string> ids;
  for (const v1::Promotion& promotion : promotions.promotions()) {
    auto plain = FromProto(promotion);
    const bool room = rules.size() < kPromotionsSetMax;
    if (plain.ok() && room && ids.insert(promotion.id()).second) {
      rules.push_back(*std::move(plain));
    } else {
      leave_out("promotion", promotion.id(),
                plain.ok() ? too_many : plain.status());
    }
  }
  auto set = PromotionSet::Build(std::move(rules));
  if (set.ok()) {
    made.promotions = *std::move(set);
  } else {
    leave_out("promotions", "", set.status());
  }
  std::vector<TaxRule> tax_rules;
  for (const v1::TaxRule& rule : taxes.rules()) {
    auto plain = FromProto(rule);
    const bool room = tax_rules.size() < kTaxRulesSetMax;
    if (plain.ok() && room) {
      tax_rules.push_back(*std::move(plain));
    } else {
      leave_out("tax rule", rule.id(), room ? plain.status() : too_many);
    }
  }
  made.taxed = !taxes.rules().empty();
  made.tax_rounding = taxes.rounded_per_line() ? TaxRounding::kPerLine
                                               : TaxRounding::kPerReceipt;
  auto table = TaxTable::Build(std::move(tax_rules));
  if (table.ok()) {
    made.taxes = *std::move(table);
  } else {
    leave_out("tax rules", "", table.status());
  }
  return made;
}

absl::flat_hash_map<std::string, std::vector<std::string>> CategoriesAbove(
    const v1::CategoriesSet& tree) {
  constexpr size_t kDepthMax = 20;
  absl::flat_hash_map<std::string, std::string> parents;
  for (const v1::Category& category : tree.categories()) {
    parents[category.id()] = category.parent();
  }
  absl::flat_hash_map<std::string, std::vector<std::string>> above;
  for (const v1::Category& category : tree.categories()) {
    std::vector<std::string>& way = above[category.id()];
    std::string at = category.parent();
    while (!at.empty() && at != category.id() && way.size() < kDepthMax) {
      const auto it = parents.find(at);
      way.push_back(at);
      at = it == parents.end() ? std::string() : it->second;
    }
  }
  return above;
}

v1::LineDiscount ToProto(const LineDiscount& discount) {
  v1::LineDiscount message;
  switch (discount.stage) {
    case DiscountStage::kLine:
      message.set_stage(v1::DISCOUNT_STAGE_LINE);
      break;
    case DiscountStage::kGroup:
      message.set_stage(v1::DISCOUNT_STAGE_GROUP);
      break;
    case DiscountStage::kBasket:
      message.set_stage(v1::DISCOUNT_STAGE_BASKET);
      break;
    case DiscountStage::kCoupon:
      message.set_stage(v1::DISCOUNT_STAGE_COUPON);
      break;
    case DiscountStage::kManual:
      message.set_stage(v1::DISCOUNT_STAGE_MANUAL);
      break;
  }
  message.set_rule_id(discount.rule_id);
  message.set_rule_version(discount.rule_version);
  message.set_amount_minor(discount.amount_minor);
  return message;
}

v1::LineTax ToProto(const LineTax& tax) {
  v1::LineTax message;
  message.set_code(tax.code);
  message.set_rate_e6(tax.rate_e6);
  message.set_on_top(!tax.included);
  message.set_base_minor(tax.base_minor);
  message.set_tax_minor(tax.tax_minor);
  return message;
}

v1::PriceSource ToProto(PriceSource source) {
  switch (source) {
    case PriceSource::kUnknown:
      return v1::PRICE_SOURCE_UNSPECIFIED;
    case PriceSource::kPriceList:
      return v1::PRICE_SOURCE_PRICE_LIST;
    case PriceSource::kMarkdown:
      return v1::PRICE_SOURCE_MARKDOWN;
    case PriceSource::kMemberPrice:
      return v1::PRICE_SOURCE_MEMBER_PRICE;
    case PriceSource::kCarton:
      return v1::PRICE_SOURCE_CARTON;
    case PriceSource::kLabel:
      return v1::PRICE_SOURCE_LABEL;
    case PriceSource::kOverride:
      return v1::PRICE_SOURCE_OVERRIDE;
    case PriceSource::kKeyed:
      return v1::PRICE_SOURCE_KEYED;
  }
  return v1::PRICE_SOURCE_UNSPECIFIED;
}

}  // namespace branchline

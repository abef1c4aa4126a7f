#include "absl/strings/str_cat.h"
#include "edge/pricing/promotion.h"
#include "edge/pricing/spread.h"
#include "sync/base/money.h"
#include "sync/base/status_macros.h"

namespace branchline {
namespace {

template <typename... Parts>
absl::Status Bad(const Parts&... parts) {
  return absl::InvalidArgumentError(absl::StrCat(parts...));
}

absl::Status CheckWhen(const Promotion& promotion) {
  if (promotion.until <= promotion.from) {
    return Bad("it ends at ", absl::FormatCivilTime(promotion.until),
               ", not after it starts");
  }
  if (promotion.weekdays > 0x7f) return Bad("weekdays has a bit beyond Sunday");
  if ((promotion.days_of_month & 1) != 0) {
    return Bad("days_of_month has bit 0, and no month has a day 0");
  }
  for (const HourWindow& window : promotion.hours) {
    if (window.from_second < 0 || window.from_second >= 86'400 ||
        window.until_second < 1 || window.until_second > 86'400 ||
        window.from_second == window.until_second) {
      return Bad("hours from second ", window.from_second, " until ",
                 window.until_second, " are not a part of a day");
    }
  }
  return absl::OkStatus();
}

absl::Status CheckFilter(const ItemFilter& filter) {
  const size_t names = filter.skus.size() + filter.categories.size() +
                       filter.except_skus.size() +
                       filter.except_categories.size();
  if (names > kFilterNamesMax) {
    return Bad("an item filter has ", names, " names, at most ",
               kFilterNamesMax, "; use a category");
  }
  return absl::OkStatus();
}

absl::Status CheckReward(const Reward& reward) {
  const bool amount_fits = reward.amount_minor >= 0 &&
                           reward.amount_minor <= kPromotionAmountMaxMinor;
  switch (reward.kind) {
    case RewardKind::kPercentOff:
      if (reward.percent_off_bp >= 1 && reward.percent_off_bp <= kBpPerWhole &&
          reward.amount_minor == 0) {
        return absl::OkStatus();
      }
      return Bad("it takes off ", reward.percent_off_bp,
                 " basis points, want 1 to ", kBpPerWhole, " and no amount");
    case RewardKind::kAmountOff:
      if (amount_fits && reward.amount_minor > 0 &&
          reward.percent_off_bp == 0) {
        return absl::OkStatus();
      }
      return Bad("it takes off ", reward.amount_minor,
                 " minor units, want 1 or more and no percentage");
    case RewardKind::kFixedPrice:
      if (amount_fits && reward.percent_off_bp == 0) return absl::OkStatus();
      return Bad("its fixed price is ", reward.amount_minor,
                 " minor units, want 0 or more and no percentage");
  }
  return Bad("its kind of reward is not known");
}

// Is `later` worth at least `earlier` on any basket? Else a customer who buys
// more would pay more than the price of it.
bool Rises(const Reward& earlier, const Reward& later) {
  if (earlier.kind != later.kind) return false;
  switch (earlier.kind) {
    case RewardKind::kPercentOff:
      return later.percent_off_bp >= earlier.percent_off_bp;
    case RewardKind::kAmountOff:
      return later.amount_minor >= earlier.amount_minor;
    case RewardKind::kFixedPrice:
      return later.amount_minor <= earlier.amount_minor;
  }
  return false;
}

absl::Status CheckTiers(const Promotion& promotion) {
  const std::vector<Tier>& tiers = promotion.tiers;
  if (tiers.empty() || tiers.size() > kTiersMax) {
    return Bad("it has ", tiers.size(), " tiers, want 1 to ", kTiersMax);
  }
  for (size_t i = 0; i < tiers.size(); ++i) {
    BL_RETURN_IF_ERROR(CheckReward(tiers[i].reward));
    if (promotion.scope != PromotionScope::kLine &&
        tiers[i].reward.kind == RewardKind::kFixedPrice) {
      return Bad("tier ", i + 1, " has a fixed price for any quantity");
    }
    if (tiers[i].from_amount_minor < 0 || tiers[i].from_pieces < 0) {
      return Bad("tier ", i + 1, " starts below 0");
    }
    if (i == 0) continue;
    if (tiers[i].from_amount_minor < tiers[i - 1].from_amount_minor ||
        tiers[i].from_pieces < tiers[i - 1].from_pieces ||
        !Rises(tiers[i - 1].reward, tiers[i].reward)) {
      return Bad("tier ", i + 1, " does not rise above tier ", i,
                 " in threshold and reward");
    }
  }
  return absl::OkStatus();
}

absl::Status CheckSets(const Promotion& promotion) {
  if (promotion.scope != PromotionScope::kGroup) {
    return Bad("sets of pieces belong to scope group");
  }
  if (promotion.offer == OfferKind::kBundle) {
    if (promotion.bundle.size() < 2 ||
        promotion.bundle.size() > kBundlePartsMax) {
      return Bad("the bundle has ", promotion.bundle.size(),
                 " parts, want 2 to ", kBundlePartsMax);
    }
    for (const BundlePart& part : promotion.bundle) {
      BL_RETURN_IF_ERROR(CheckFilter(part.items));
      if (part.pieces < 1 || part.pieces > kSetPiecesMax) {
        return Bad("a part of the bundle has ", part.pieces,
                   " pieces, want 1 to ", kSetPiecesMax);
      }
    }
  } else if (promotion.offer == OfferKind::kBuyGet) {
    if (promotion.buy_pieces < 0 || promotion.get_pieces < 1 ||
        promotion.buy_pieces + promotion.get_pieces < 2 ||
        promotion.buy_pieces > kSetPiecesMax ||
        promotion.get_pieces > kSetPiecesMax) {
      return Bad("buy ", promotion.buy_pieces, " get ", promotion.get_pieces,
                 " is no offer");
    }
    if (promotion.get_items.has_value()) {
      BL_RETURN_IF_ERROR(CheckFilter(*promotion.get_items));
      if (promotion.same_sku) return Bad("the same SKU and other goods");
      if (promotion.buy_pieces == 0) return Bad("it gives for nothing bought");
    }
  }
  return CheckReward(promotion.reward);
}

absl::Status CheckOffer(const Promotion& promotion) {
  if (promotion.on_free_item && promotion.offer != OfferKind::kBuyGet) {
    return Bad("on_free_item is for buy and get");
  }
  switch (promotion.offer) {
    case OfferKind::kSimple:
      return CheckReward(promotion.reward);
    case OfferKind::kTiers:
      return CheckTiers(promotion);
    case OfferKind::kBuyGet:
    case OfferKind::kBundle:
      return CheckSets(promotion);
    case OfferKind::kEvery:
      if ((promotion.every_amount_minor > 0) == (promotion.every_pieces > 0)) {
        return Bad("every X needs X as an amount or as pieces");
      }
      if (promotion.every_pieces > 0) {
        if (promotion.every_pieces > kSetPiecesMax) {
          return Bad("a set has ", promotion.every_pieces, " pieces, at most ",
                     kSetPiecesMax);
        }
        return CheckSets(promotion);
      }
      if (promotion.scope == PromotionScope::kLine) {
        return Bad("every X of amount belongs to scope group or basket");
      }
      BL_RETURN_IF_ERROR(CheckReward(promotion.reward));
      if (promotion.reward.kind != RewardKind::kAmountOff ||
          promotion.reward.amount_minor > promotion.every_amount_minor) {
        return Bad("every ", promotion.every_amount_minor,
                   " saves an amount, and not more than that");
      }
      return absl::OkStatus();
  }
  return Bad("its kind of offer is not known");
}

bool HasAmounts(const Promotion& promotion) {
  bool amounts = promotion.min_amount_minor != 0 ||
                 promotion.every_amount_minor != 0 ||
                 promotion.saving_per_receipt_max_minor != 0 ||
                 (promotion.offer != OfferKind::kTiers &&
                  promotion.reward.kind != RewardKind::kPercentOff);
  for (const Tier& tier : promotion.tiers) {
    amounts = amounts || tier.from_amount_minor != 0 ||
              tier.reward.kind != RewardKind::kPercentOff;
  }
  return amounts;
}

absl::Status CheckBounds(const Promotion& promotion) {
  for (const int64_t bound :
       {promotion.min_amount_minor, promotion.min_pieces,
        promotion.every_amount_minor, promotion.every_pieces,
        promotion.pieces_per_line_max, promotion.times_per_receipt_max,
        promotion.saving_per_receipt_max_minor,
        promotion.times_per_branch_max}) {
    if (bound < 0 || bound > kPromotionAmountMaxMinor) {
      return Bad("a cap or threshold is ", bound, ", want 0 to ",
                 kPromotionAmountMaxMinor);
    }
  }
  if (promotion.priority < 0 || promotion.priority > kPriorityMax) {
    return Bad("its priority is ", promotion.priority, ", want 0 to ",
               kPriorityMax);
  }
  if (promotion.pieces_per_line_max != 0 &&
      promotion.scope != PromotionScope::kLine) {
    return Bad("pieces_per_line_max is for scope line");
  }
  if (!HasAmounts(promotion)) {
    if (promotion.currency.empty()) return absl::OkStatus();
    return Bad("it has no amounts and therefore no currency");
  }
  return MinorDigits(promotion.currency).status();
}

}  // namespace

bool TakesPieces(const Promotion& promotion) {
  return promotion.offer == OfferKind::kBuyGet ||
         promotion.offer == OfferKind::kBundle ||
         (promotion.offer == OfferKind::kEvery && promotion.every_pieces > 0);
}

absl::Status CheckPromotion(const Promotion& promotion) {
  if (promotion.id.empty() || promotion.id.size() > 64 ||
      promotion.name.size() > 200) {
    return Bad("id has ", promotion.id.size(), " bytes, want 1 to 64; name ",
               promotion.name.size(), ", at most 200");
  }
  BL_RETURN_IF_ERROR(CheckWhen(promotion));
  BL_RETURN_IF_ERROR(CheckFilter(promotion.items));
  BL_RETURN_IF_ERROR(CheckOffer(promotion));
  return CheckBounds(promotion);
}

}  // namespace branchline

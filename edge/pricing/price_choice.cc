#include "edge/pricing/price_choice.h"

#include <algorithm>
#include <tuple>

#include "absl/strings/str_cat.h"

namespace branchline {
namespace {

// The instant at which the branch's clock shows `second` for the first time.
absl::Time FirstInstant(absl::CivilSecond second, const absl::TimeZone& zone) {
  const absl::TimeZone::TimeInfo info = zone.At(second);
  return info.kind == absl::TimeZone::TimeInfo::SKIPPED ? info.trans : info.pre;
}

bool Meet(const std::vector<std::string>& wanted,
          const std::vector<std::string>& had) {
  return std::any_of(wanted.begin(), wanted.end(), [&](const auto& group) {
    return std::find(had.begin(), had.end(), group) != had.end();
  });
}

bool ForBranch(const PriceList& list, const PriceContext& context) {
  return list.currency == context.currency &&
         (list.branch_groups.empty() ||
          Meet(list.branch_groups, context.branch_groups)) &&
         list.in_force.Holds(context.added_at, context.zone);
}

// Rule 1 of ChoosePrice(): does `a` come before `b`?
bool Before(const PriceCandidate& a, const PriceCandidate& b) {
  if (a.list->priority != b.list->priority) {
    return a.list->priority > b.list->priority;
  }
  if (a.list->in_force.from != b.list->in_force.from) {
    return a.list->in_force.from > b.list->in_force.from;
  }
  return std::tie(a.list->id, a.unit_price_minor_e4) <
         std::tie(b.list->id, b.unit_price_minor_e4);
}

bool Lower(const PriceCandidate& a, const PriceCandidate& b) {
  return std::tie(a.unit_price_minor_e4, a.list->id) <
         std::tie(b.unit_price_minor_e4, b.list->id);
}

template <typename Better>
void Keep(const PriceCandidate& candidate, Better better,
          const PriceCandidate** best) {
  if (*best == nullptr || better(candidate, **best)) *best = &candidate;
}

}  // namespace

bool LocalSpan::Holds(absl::Time at, const absl::TimeZone& zone) const {
  if (from != absl::CivilSecond::min() && at < FirstInstant(from, zone)) {
    return false;
  }
  return until == absl::CivilSecond::max() || at < FirstInstant(until, zone);
}

absl::StatusOr<PriceChoice> ChoosePrice(
    absl::Span<const PriceCandidate> candidates, const PriceContext& context) {
  if (candidates.size() > kPriceCandidatesMax) {
    return absl::OutOfRangeError(
        absl::StrCat("the item stands in ", candidates.size(),
                     " price lists, at most ", kPriceCandidatesMax));
  }
  const PriceCandidate* regular = nullptr;
  const PriceCandidate* markdown = nullptr;
  const PriceCandidate* member = nullptr;
  for (const PriceCandidate& candidate : candidates) {
    const PriceList& list = *candidate.list;
    if (candidate.unit_price_minor_e4 < 0) {
      return absl::InvalidArgumentError(
          absl::StrCat("price list ", list.id, " has a price of ",
                       candidate.unit_price_minor_e4,
                       " ten-thousandths of a minor unit, want 0 or more"));
    }
    if (!ForBranch(list, context)) continue;
    if (!list.customer_groups.empty()) {
      if (Meet(list.customer_groups, context.customer_groups)) {
        Keep(candidate, Lower, &member);
      }
    } else if (list.kind == PriceListKind::kMarkdown) {
      Keep(candidate, Lower, &markdown);
    } else {
      Keep(candidate, Before, &regular);
    }
  }
  PriceSource source = PriceSource::kPriceList;
  const PriceCandidate* best = regular;
  if (markdown != nullptr &&
      (best == nullptr ||
       markdown->unit_price_minor_e4 < best->unit_price_minor_e4)) {
    best = markdown;
    source = PriceSource::kMarkdown;
  }
  const PriceCandidate* everybody = best != nullptr ? best : member;
  if (member != nullptr && (best == nullptr || member->unit_price_minor_e4 <
                                                   best->unit_price_minor_e4)) {
    best = member;
    source = PriceSource::kMemberPrice;
  }
  if (best == nullptr) {
    return absl::NotFoundError(absl::StrCat(
        "no price list in force has a price in ", context.currency,
        " for it; have the office set one, or sell it by an open department"));
  }
  return PriceChoice{best->unit_price_minor_e4, source, best->list->id,
                     best->list->version, everybody->unit_price_minor_e4};
}

std::vector<std::string> OverlapsOf(
    absl::Span<const PriceCandidate> candidates) {
  std::vector<std::string> overlaps;
  for (size_t i = 0; i < candidates.size(); ++i) {
    for (size_t k = i + 1; k < candidates.size(); ++k) {
      const PriceList& a = *candidates[i].list;
      const PriceList& b = *candidates[k].list;
      const bool one_place = a.branch_groups.empty() ||
                             b.branch_groups.empty() ||
                             Meet(a.branch_groups, b.branch_groups);
      if (a.kind == PriceListKind::kRegular && b.kind == a.kind &&
          a.currency == b.currency && a.priority == b.priority &&
          a.customer_groups.empty() && b.customer_groups.empty() && one_place &&
          a.in_force.from < b.in_force.until &&
          b.in_force.from < a.in_force.until) {
        overlaps.push_back(
            absl::StrCat("price lists ", a.id, " and ", b.id,
                         " overlap with one priority; the later start counts"));
      }
    }
  }
  return overlaps;
}

}  // namespace branchline

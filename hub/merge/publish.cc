// Over 400 lines: one short check, and one short comparison, for each part that
// is published.

#include "hub/merge/publish.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "hub/merge/catalogue_diff.h"
#include "hub/merge/catalogue_import.h"
#include "sync/base/money.h"
#include "sync/base/status_macros.h"
#include "sync/ledger/keys.h"
#include "sync/ledger/roles.h"

namespace branchline {
namespace {

constexpr size_t kListIdSizeMax = 32;  // bytes
constexpr size_t kRuleIdSizeMax = 64;  // bytes

absl::Status CheckId(absl::string_view what, absl::string_view id,
                     size_t size_max, std::set<std::string>* seen) {
  if (id.empty() || id.size() > size_max ||
      id.find('\0') != absl::string_view::npos) {
    return absl::InvalidArgumentError(
        absl::StrCat("a ", what, " has an id of ", id.size(),
                     " bytes, want 1 to ", size_max, " and none of them zero"));
  }
  if (seen->insert(std::string(id)).second) return absl::OkStatus();
  return absl::InvalidArgumentError(
      absl::StrCat(what, " '", id, "' is given twice"));
}

absl::Status CheckCount(absl::string_view what, int count, int count_max) {
  if (count <= count_max) return absl::OkStatus();
  return absl::InvalidArgumentError(
      absl::StrCat(count, " ", what, " are given, at most ", count_max));
}

absl::Status CheckBook(const v1::PriceBookSet& book) {
  BL_RETURN_IF_ERROR(
      CheckCount("price lists", book.lists_size(), kListsPublishedMax));
  std::set<std::string> ids;
  for (const v1::PriceList& list : book.lists()) {
    BL_RETURN_IF_ERROR(CheckId("price list", list.id(), kListIdSizeMax, &ids));
    BL_RETURN_IF_ERROR(Annotate(MinorDigits(list.currency()).status(),
                                absl::StrCat("price list ", list.id())));
    if (list.kind() == v1::PRICE_LIST_KIND_UNSPECIFIED ||
        !v1::PriceListKind_IsValid(list.kind())) {
      return absl::InvalidArgumentError(
          absl::StrCat("price list ", list.id(), " has no kind that is known"));
    }
    if (list.until_local_seconds() != 0 &&
        list.until_local_seconds() <= list.from_local_seconds()) {
      return absl::InvalidArgumentError(
          absl::StrCat("price list ", list.id(), " ends before it starts"));
    }
  }
  return absl::OkStatus();
}

// No reward gives money. The branch's own check says more: the command runs it
// before it publishes.
absl::Status CheckReward(const v1::Reward& reward) {
  const bool is_legal =
      reward.percent_off_bp() >= 0 && reward.percent_off_bp() <= 10'000 &&
      reward.amount_off_minor() >= 0 && reward.fixed_price_minor() >= 0;
  if (is_legal) return absl::OkStatus();
  return absl::InvalidArgumentError(absl::StrCat(
      "takes off ", reward.percent_off_bp(), " basis points or ",
      reward.amount_off_minor(), " minor units, or sells at ",
      reward.fixed_price_minor(),
      ": more than everything or less than nothing, it would give money"));
}

absl::Status CheckCategories(const v1::CategoriesSet& set) {
  BL_RETURN_IF_ERROR(
      CheckCount("categories", set.categories_size(), kCategoriesPublishedMax));
  std::set<std::string> ids;
  std::map<std::string, std::string> parents;
  for (const v1::Category& category : set.categories()) {
    BL_RETURN_IF_ERROR(
        CheckId("category", category.id(), kCategorySizeMax, &ids));
    parents[category.id()] = category.parent();
  }
  for (const auto& [id, parent] : parents) {
    std::string at = parent;
    for (int depth = 0; !at.empty(); ++depth) {
      const auto it = parents.find(at);
      if (it == parents.end()) {
        return absl::InvalidArgumentError(
            absl::StrCat("category '", id, "' is below '", at,
                         "', which is not in the tree"));
      }
      if (depth == kCategoryDepthMax) {
        return absl::InvalidArgumentError(
            absl::StrCat("category '", id,
                         "' lies below itself, or deeper "
                         "than ",
                         kCategoryDepthMax));
      }
      at = it->second;
    }
  }
  return absl::OkStatus();
}

absl::Status CheckScanRules(const v1::ScanRulesSet& set) {
  BL_RETURN_IF_ERROR(
      CheckCount("scan rules", set.rules_size(), kScanRulesPublishedMax));
  for (const v1::MeasureCodeRule& rule : set.rules()) {
    const bool has_size =
        rule.pattern().size() == 13 || rule.pattern().size() == 18;
    if (has_size && rule.kind() != v1::MEASURE_CODE_KIND_UNSPECIFIED &&
        v1::MeasureCodeKind_IsValid(rule.kind()) && rule.decimals() <= 4 &&
        rule.weight_decimals() <= 4) {
      continue;
    }
    return absl::InvalidArgumentError(absl::StrCat(
        "scan rule '", rule.pattern().substr(0, 40),
        "': want 13 or 18 places, a kind, and at most 4 decimals"));
  }
  return absl::OkStatus();
}

absl::Status CheckPromotions(const v1::PromotionsSet& set) {
  BL_RETURN_IF_ERROR(
      CheckCount("promotions", set.promotions_size(), kRulesPublishedMax));
  std::set<std::string> ids;
  for (const v1::Promotion& promotion : set.promotions()) {
    BL_RETURN_IF_ERROR(
        CheckId("promotion", promotion.id(), kRuleIdSizeMax, &ids));
    if (promotion.scope() == v1::PROMOTION_SCOPE_UNSPECIFIED ||
        promotion.offer() == v1::OFFER_KIND_UNSPECIFIED ||
        promotion.stacking() == v1::STACKING_UNSPECIFIED) {
      return absl::InvalidArgumentError(
          absl::StrCat("promotion ", promotion.id(),
                       " lacks its scope, its offer or its stacking"));
    }
    BL_RETURN_IF_ERROR(Annotate(CheckReward(promotion.reward()),
                                absl::StrCat("promotion ", promotion.id())));
    for (const v1::PromotionTier& tier : promotion.tiers()) {
      BL_RETURN_IF_ERROR(Annotate(CheckReward(tier.reward()),
                                  absl::StrCat("promotion ", promotion.id())));
    }
  }
  return absl::OkStatus();
}

absl::Status CheckTaxes(const v1::TaxRulesSet& set) {
  BL_RETURN_IF_ERROR(
      CheckCount("tax rules", set.rules_size(), kRulesPublishedMax));
  std::set<std::string> ids;
  for (const v1::TaxRule& rule : set.rules()) {
    BL_RETURN_IF_ERROR(CheckId("tax rule", rule.id(), kRuleIdSizeMax, &ids));
    std::set<std::string> codes;
    for (const v1::TaxComponent& component : rule.components()) {
      BL_RETURN_IF_ERROR(
          Annotate(CheckId("tax", component.code(), kRuleIdSizeMax, &codes),
                   absl::StrCat("tax rule ", rule.id())));
      if (component.rate_e6() < 0 || component.per_unit_minor_e4() < 0) {
        return absl::InvalidArgumentError(absl::StrCat(
            "tax ", component.code(), " of rule ", rule.id(), " is below 0"));
      }
    }
  }
  return absl::OkStatus();
}

// What is decided in one go, and the words for it.
class Publication {
 public:
  Publication(const HubStore& store, const v1::PublishRequest& request)
      : store_(store), request_(request) {}

  absl::Status Make() {
    BL_ASSIGN_OR_RETURN(now_, store_.ReadPublished());
    if (request_.has_price_book()) BL_RETURN_IF_ERROR(Book());
    BL_RETURN_IF_ERROR(Prices());
    if (request_.has_promotions() &&
        Differs(request_.promotions(), now_.promotions())) {
      Say(absl::StrCat(request_.promotions().promotions_size(),
                       " promotions instead of ",
                       now_.promotions().promotions_size()));
      *Add()->mutable_promotions_set() = request_.promotions();
    }
    if (request_.has_taxes() && Differs(request_.taxes(), now_.taxes())) {
      Say(absl::StrCat(request_.taxes().rules_size(), " tax rules instead of ",
                       now_.taxes().rules_size()));
      *Add()->mutable_tax_rules_set() = request_.taxes();
    }
    if (request_.has_categories() &&
        Differs(request_.categories(), now_.categories())) {
      Say(absl::StrCat(request_.categories().categories_size(),
                       " categories instead of ",
                       now_.categories().categories_size()));
      *Add()->mutable_categories_set() = request_.categories();
    }
    if (request_.has_scan_rules() &&
        Differs(request_.scan_rules(), now_.scan_rules())) {
      Say(absl::StrCat(request_.scan_rules().rules_size(),
                       " scan rules instead of ",
                       now_.scan_rules().rules_size()));
      *Add()->mutable_scan_rules_set() = request_.scan_rules();
    }
    if (request_.has_roles() && Differs(request_.roles(), now_.roles())) {
      Say(absl::StrCat(request_.roles().roles_size(), " roles instead of ",
                       now_.roles().roles_size()));
      *Add()->mutable_roles_set() = request_.roles();
    }
    BL_RETURN_IF_ERROR(Members());
    return Policies();
  }

  std::vector<HubEvent> events;
  v1::PublishResponse response;

 private:
  template <typename Message>
  static bool Differs(const Message& a, const Message& b) {
    return a.SerializeAsString() != b.SerializeAsString();
  }
  void Say(std::string change) { response.add_changes(std::move(change)); }
  v1::Event* Add() {
    HubEvent& event = events.emplace_back();
    event.stream = std::string(kChainStream);
    return &event.event;
  }

  absl::Status Book() {
    v1::PriceBookSet book = request_.price_book();
    book.set_version(now_.price_book().version());
    if (!Differs(book, now_.price_book())) return absl::OkStatus();
    book.set_version(book.version() + 1);
    Say(absl::StrCat("price book ", book.version(), ": ", book.lists_size(),
                     " price lists instead of ",
                     now_.price_book().lists_size()));
    *Add()->mutable_price_book_set() = std::move(book);
    return absl::OkStatus();
  }

  const v1::PriceBookSet& BookThen() const {
    return request_.has_price_book() ? request_.price_book()
                                     : now_.price_book();
  }

  void AddDifference(const std::string& list_id,
                     const std::optional<v1::ListPrice>& before,
                     const v1::ListPrice& after) {
    std::string currency;
    for (const v1::PriceList& list : BookThen().lists()) {
      if (list.id() == list_id) currency = list.currency();
    }
    const auto text = [&](const v1::ListPrice& price) {
      return price.removed() ? std::string()
                             : PriceText(price.price_minor_e4(), currency);
    };
    v1::Difference* difference = response.add_differences();
    difference->set_sku(after.sku());
    difference->set_field(absl::StrCat("list ", list_id));
    if (before.has_value()) difference->set_before(text(*before));
    difference->set_after(text(after));
  }

  bool HasList(absl::string_view id) const {
    const auto& lists = BookThen().lists();
    return std::any_of(lists.begin(), lists.end(),
                       [&](const auto& list) { return list.id() == id; });
  }

  absl::Status Prices() {
    int count = 0;
    for (const v1::ListPricesSet& set : request_.list_prices()) {
      count += set.prices_size();
      BL_RETURN_IF_ERROR(
          CheckCount("list prices", count, kListPricesPublishedMax));
      BL_RETURN_IF_ERROR(PricesOf(set));
    }
    return absl::OkStatus();
  }

  absl::Status PricesOf(const v1::ListPricesSet& set) {
    if (!HasList(set.list_id())) {
      return absl::InvalidArgumentError(
          absl::StrCat("there is no price list '", set.list_id().substr(0, 40),
                       "' for these prices"));
    }
    std::vector<std::string> skus;
    std::set<std::string> seen;
    for (const v1::ListPrice& price : set.prices()) {
      BL_RETURN_IF_ERROR(CheckId("SKU", price.sku(), kSkuSizeMax, &seen));
      if (price.price_minor_e4() < 0 ||
          price.price_minor_e4() > kPriceMinorE4Max) {
        return absl::InvalidArgumentError(absl::StrCat(
            "the price of ", price.sku(), " in list ", set.list_id(),
            " is not between 0 and ", kPriceMinorE4Max));
      }
      skus.push_back(price.sku());
    }
    BL_ASSIGN_OR_RETURN(const auto items, store_.ReadItems(skus));
    BL_ASSIGN_OR_RETURN(const auto old,
                        store_.ReadListPrices(set.list_id(), skus));
    v1::ListPricesSet* out = nullptr;
    int changed = 0;
    for (int i = 0; i < set.prices_size(); ++i) {
      const auto at = static_cast<size_t>(i);
      if (!items[at].has_value()) {
        return absl::InvalidArgumentError(
            absl::StrCat("list ", set.list_id(), " prices SKU ", skus[at],
                         ", which is not in the catalogue"));
      }
      if (old[at].has_value() && !Differs(*old[at], set.prices(i))) continue;
      if (out == nullptr || out->prices_size() == kListPricesPerEventMax) {
        out = Add()->mutable_list_prices_set();
        out->set_list_id(set.list_id());
      }
      *out->add_prices() = set.prices(i);
      AddDifference(set.list_id(), old[at], set.prices(i));
      ++changed;
    }
    if (changed > 0) {
      Say(absl::StrCat(changed, " prices of list ", set.list_id()));
    }
    return absl::OkStatus();
  }

  absl::Status Members() {
    BL_RETURN_IF_ERROR(
        CheckCount("members", request_.members_size(), kMembersPublishedMax));
    std::vector<std::string> ids;
    std::set<std::string> seen;
    for (const v1::Member& member : request_.members()) {
      BL_RETURN_IF_ERROR(CheckId("member", member.id(), kRuleIdSizeMax, &seen));
      BL_RETURN_IF_ERROR(
          Annotate(CheckCount("groups", member.groups_size(), kMemberGroupsMax),
                   absl::StrCat("member ", member.id())));
      ids.push_back(member.id());
    }
    BL_ASSIGN_OR_RETURN(const auto old, store_.ReadMembers(ids));
    v1::MembersSet* out = nullptr;
    int changed = 0;
    for (int i = 0; i < request_.members_size(); ++i) {
      const auto& before = old[static_cast<size_t>(i)];
      if (before.has_value() && !Differs(*before, request_.members(i))) {
        continue;
      }
      if (out == nullptr || out->members_size() == kMembersPerEventMax) {
        out = Add()->mutable_members_set();
      }
      *out->add_members() = request_.members(i);
      ++changed;
    }
    if (changed > 0) Say(absl::StrCat(changed, " members"));
    return absl::OkStatus();
  }

  absl::Status Policies() {
    BL_RETURN_IF_ERROR(CheckCount("policies", request_.policies_size(),
                                  kPoliciesPublishedMax));
    std::set<std::string> seen;
    for (const v1::TillPolicy& policy : request_.policies()) {
      const std::string& branch = policy.branch();
      if (!seen.insert(branch).second) {
        return absl::InvalidArgumentError(absl::StrCat(
            "the policy of ", branch.empty() ? "the chain" : branch,
            " is given twice"));
      }
      if (policy.away_return_max_minor() < 0 ||
          policy.line_quantity_max_milli() < 0 ||
          !v1::TenderKind_IsValid(static_cast<int>(policy.default_tender()))) {
        return absl::InvalidArgumentError(
            "a policy's limit is below 0, or its default tender is not known");
      }
      if (policy.unconfirmed_max_minor() < 0) {
        return absl::InvalidArgumentError("a policy's cap is below 0");
      }
      if (!branch.empty()) {
        BL_ASSIGN_OR_RETURN(const auto known, store_.ReadBranch(branch));
        if (!known.has_value()) {
          return absl::NotFoundError(absl::StrCat(
              "a policy is given for branch ", branch.substr(0, 40),
              ", which this chain does not have"));
        }
      }
      const auto same = [&](const v1::TillPolicy& old) {
        return old.branch() == branch && !Differs(old, policy);
      };
      if (std::any_of(now_.policies().begin(), now_.policies().end(), same)) {
        continue;
      }
      Say(absl::StrCat("till policy of ",
                       branch.empty() ? "the chain" : branch));
      *Add()->mutable_till_policy_set()->mutable_policy() = policy;
    }
    return absl::OkStatus();
  }

  const HubStore& store_;
  const v1::PublishRequest& request_;
  v1::PublishRequest now_;
};

}  // namespace

absl::StatusOr<v1::PublishResponse> Publish(HubStore* store, HubLedger* ledger,
                                            const v1::PublishRequest& request) {
  BL_RETURN_IF_ERROR(CheckBook(request.price_book()));
  BL_RETURN_IF_ERROR(CheckPromotions(request.promotions()));
  BL_RETURN_IF_ERROR(CheckTaxes(request.taxes()));
  BL_RETURN_IF_ERROR(CheckRoles(request.roles()));
  BL_RETURN_IF_ERROR(CheckCategories(request.categories()));
  BL_RETURN_IF_ERROR(CheckScanRules(request.scan_rules()));
  v1::PublishResponse response;
  BL_RETURN_IF_ERROR(ledger->Decide([&]() -> absl::StatusOr<HubDecision> {
    Publication publication(*store, request);
    BL_RETURN_IF_ERROR(publication.Make());
    response = std::move(publication.response);
    HubDecision decision;
    if (!request.dry_run()) decision.events = std::move(publication.events);
    return decision;
  }));
  return response;
}

}  // namespace branchline

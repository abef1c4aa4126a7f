#include "edge/commit/item_cache.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "sync/base/status_macros.h"
#include "sync/ledger/keys.h"
#include "sync/ledger/roles.h"

namespace branchline {
namespace {

template <typename Message>
absl::StatusOr<const Message*> Find(
    const Pending& pending, std::string key, absl::string_view what,
    absl::flat_hash_map<std::string, std::unique_ptr<Message>>* known) {
  const auto it = known->find(key);
  if (it != known->end()) return it->second.get();
  BL_ASSIGN_OR_RETURN(const auto bytes, pending.Get(Table::kDocs, key));
  std::unique_ptr<Message> message;  // null is known, too
  if (bytes.has_value()) {
    message = std::make_unique<Message>();
    if (!message->ParseFromString(*bytes)) {
      return absl::DataLossError(
          absl::StrCat(what, " is damaged in the ledger"));
    }
  }
  return known->emplace(std::move(key), std::move(message)).first->second.get();
}

// Leaves `message` as it is if there is no such row.
absl::Status Read(const Pending& pending, const std::string& key,
                  absl::string_view what,
                  google::protobuf::MessageLite* message) {
  BL_ASSIGN_OR_RETURN(const auto bytes, pending.Get(Table::kDocs, key));
  if (bytes.has_value() && !message->ParseFromString(*bytes)) {
    return absl::DataLossError(absl::StrCat(what, " is damaged in the ledger"));
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<const v1::Item*> ItemCache::FindItem(const Pending& pending,
                                                    absl::string_view sku) {
  return Find(pending, docs::Item(sku), "an item", &items_);
}

absl::StatusOr<const v1::Price*> ItemCache::FindPrice(
    const Pending& pending, absl::string_view sku, absl::string_view currency) {
  return Find(pending, docs::Price(sku, currency), "a price", &prices_);
}

absl::StatusOr<const v1::ListPrice*> ItemCache::FindListPrice(
    const Pending& pending, absl::string_view sku, absl::string_view list_id) {
  return Find(pending, docs::ListPrice(sku, list_id), "a list price",
              &list_prices_);
}

absl::StatusOr<const PricingBook*> ItemCache::Book(const Pending& pending,
                                                   absl::string_view branch) {
  if (book_ != nullptr) return book_.get();
  v1::PriceBookSet lists;
  v1::PromotionsSet promotions;
  v1::TaxRulesSet taxes;
  v1::Branch own;
  v1::CategoriesSet categories;
  BL_RETURN_IF_ERROR(
      Read(pending, docs::Categories(), "the tree of categories", &categories));
  BL_RETURN_IF_ERROR(
      Read(pending, docs::PriceBook(), "the price book", &lists));
  BL_RETURN_IF_ERROR(
      Read(pending, docs::Promotions(), "the promotions", &promotions));
  BL_RETURN_IF_ERROR(Read(pending, docs::TaxRules(), "the tax rules", &taxes));
  BL_RETURN_IF_ERROR(Read(pending, docs::Branch(branch), "the branch", &own));
  auto book =
      std::make_unique<PricingBook>(MakePricingBook(lists, promotions, taxes));
  book->branch_groups = {own.groups().begin(), own.groups().end()};
  book->tax_region = own.tax_region();
  book->categories_above = CategoriesAbove(categories);
  book_ = std::move(book);
  return book_.get();
}

absl::StatusOr<const v1::TillPolicy*> ItemCache::Policy(
    const Pending& pending, absl::string_view branch) {
  if (policy_ != nullptr) return policy_.get();
  auto policy = std::make_unique<v1::TillPolicy>();
  BL_RETURN_IF_ERROR(
      Read(pending, docs::TillPolicy(""), "the till policy", policy.get()));
  v1::TillPolicy own;
  own.set_branch("-");  // none, unless the row says another
  BL_RETURN_IF_ERROR(
      Read(pending, docs::TillPolicy(branch), "the till policy", &own));
  if (own.branch() == branch) *policy = std::move(own);
  policy_ = std::move(policy);
  return policy_.get();
}

absl::StatusOr<const v1::Staff*> ItemCache::FindStaff(const Pending& pending,
                                                      absl::string_view id) {
  return Find(pending, docs::Staff(id), "a member of staff", &staff_);
}

absl::StatusOr<const v1::Role*> ItemCache::FindRole(const Pending& pending,
                                                    absl::string_view id) {
  if (roles_ == nullptr) {
    auto roles = std::make_unique<v1::RolesSet>();
    BL_RETURN_IF_ERROR(Read(pending, docs::Roles(), "the roles", roles.get()));
    roles_ = std::move(roles);
  }
  return RoleOf(*roles_, id);
}

void ItemCache::Trim() {
  if (items_.size() + prices_.size() + list_prices_.size() > kEntriesMax) {
    Drop();
  }
}

void ItemCache::Drop() {
  items_.clear();
  prices_.clear();
  list_prices_.clear();
  staff_.clear();
  book_.reset();
  policy_.reset();
  roles_.reset();
}

}  // namespace branchline

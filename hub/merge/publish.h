#pragma once

#include "absl/status/statusor.h"
#include "branchline/v1/chain.pb.h"
#include "hub/merge/hub_ledger.h"
#include "hub/storage/hub_store.h"

namespace branchline {

inline constexpr int kListsPublishedMax = 64;          // price lists
inline constexpr int kListPricesPublishedMax = 5'000;  // of one call
inline constexpr int kListPricesPerEventMax = 500;
inline constexpr int kRulesPublishedMax = 1'000;  // promotions; taxes likewise
inline constexpr int kPoliciesPublishedMax = 1'000;
inline constexpr int kCategoriesPublishedMax = 5'000;
inline constexpr int kCategoryDepthMax = 20;
inline constexpr int kScanRulesPublishedMax = 100;
inline constexpr int kMembersPublishedMax = 5'000;  // of one call
inline constexpr int kMembersPerEventMax = 500;
inline constexpr int kMemberGroupsMax = 16;

// Puts what branches sell by on `chain`: price lists and their prices,
// promotions, taxes, roles, how tills are run, the tree of categories, the
// rules of scales' codes. Whole or not at all, and only what differs from what
// is there: the same file twice writes nothing the second time. The price
// book's version is given by the hub: one more with each change. Answers with
// one line for each thing that changes, or, in a dry run, would change.
//
//   INVALID_ARGUMENT  the first thing that breaks a rule, by its id: an id that
//                     is empty, too long or there twice; a currency; a kind
//                     that is missing; a price of a list or SKU that is not
//                     there; a reward that would give money; a category below
//                     itself; a limit
//   NOT_FOUND         a policy for a branch that this chain does not have
//   and what HubLedger::Decide() may return
absl::StatusOr<v1::PublishResponse> Publish(HubStore* store, HubLedger* ledger,
                                            const v1::PublishRequest& request);

}  // namespace branchline

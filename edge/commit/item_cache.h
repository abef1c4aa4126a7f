#pragma once

#include <cstddef>
#include <memory>
#include <string>

#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "branchline/v1/master.pb.h"
#include "branchline/v1/pricing.pb.h"
#include "edge/commit/pending.h"
#include "edge/till/pricing_book.h"

namespace branchline {

// Items and prices as decisions read them, parsed once: a shop sells the same
// few thousand things all day. The core drops all of it when the hub's streams
// change what it was read from. Used by the core alone.
class ItemCache {
 public:
  static constexpr size_t kEntriesMax = 32'768;  // about 10 MiB

  // nullptr: there is no such item. Valid until Trim() or Drop().
  //   DATA_LOSS  the ledger cannot be read
  absl::StatusOr<const v1::Item*> FindItem(const Pending& pending,
                                           absl::string_view sku);
  absl::StatusOr<const v1::Price*> FindPrice(const Pending& pending,
                                             absl::string_view sku,
                                             absl::string_view currency);

  absl::StatusOr<const v1::ListPrice*> FindListPrice(const Pending& pending,
                                                     absl::string_view sku,
                                                     absl::string_view list_id);
  // The rules that `branch` sells by; an empty book if the hub sent none.
  absl::StatusOr<const PricingBook*> Book(const Pending& pending,
                                          absl::string_view branch);

  // Of `branch`, or the chain's, or one that asks for nothing; never null.
  absl::StatusOr<const v1::TillPolicy*> Policy(const Pending& pending,
                                               absl::string_view branch);
  absl::StatusOr<const v1::Staff*> FindStaff(const Pending& pending,
                                             absl::string_view id);
  absl::StatusOr<const v1::Role*> FindRole(const Pending& pending,
                                           absl::string_view id);

  // Between two batches: starts again if it has grown beyond kEntriesMax.
  void Trim();
  void Drop();

 private:
  // By key in docs. Pointers, so that what was found stays where it is.
  absl::flat_hash_map<std::string, std::unique_ptr<v1::Item>> items_;
  absl::flat_hash_map<std::string, std::unique_ptr<v1::Price>> prices_;
  absl::flat_hash_map<std::string, std::unique_ptr<v1::ListPrice>> list_prices_;
  absl::flat_hash_map<std::string, std::unique_ptr<v1::Staff>> staff_;
  std::unique_ptr<const PricingBook> book_;
  std::unique_ptr<const v1::TillPolicy> policy_;
  std::unique_ptr<const v1::RolesSet> roles_;
};

}  // namespace branchline

// KvHubStore's lists: items and staff in order, codes, what nobody knew.

#include <utility>

#include "absl/strings/str_cat.h"
#include "hub/storage/kv_hub_store.h"
#include "sync/base/status_macros.h"
#include "sync/journal/journal.h"
#include "sync/ledger/keys.h"

namespace branchline {
namespace {

// The rows under `prefix`, parsed, at most `max`.
template <typename Message>
absl::StatusOr<std::vector<Message>> ReadRows(const Store& store,
                                              absl::string_view what,
                                              const std::string& from,
                                              const std::string& prefix,
                                              size_t max) {
  std::vector<Message> rows;
  if (max == 0) return rows;
  bool damaged = false;
  BL_RETURN_IF_ERROR(
      store.Scan(Table::kDocs, from, PrefixEnd(prefix),
                 [&](absl::string_view, absl::string_view value) {
                   damaged = !rows.emplace_back().ParseFromArray(
                       value.data(), static_cast<int>(value.size()));
                   return !damaged && rows.size() < max;
                 }));
  if (damaged) {
    return absl::DataLossError(
        absl::StrCat("a row of kind ", what, " cannot be read"));
  }
  return rows;
}

constexpr size_t kAll = static_cast<size_t>(-1);

}  // namespace

absl::StatusOr<std::vector<std::vector<std::string>>> KvHubStore::ReadCodeSkus(
    const std::vector<std::string>& codes) const {
  std::vector<std::vector<std::string>> skus(codes.size());
  for (size_t i = 0; i < codes.size(); ++i) {
    const std::string prefix = docs::CodesOf(codes[i]);
    BL_RETURN_IF_ERROR(
        store_.Scan(Table::kDocs, prefix, PrefixEnd(prefix),
                    [&](absl::string_view key, absl::string_view) {
                      skus[i].emplace_back(key.substr(prefix.size()));
                      return true;
                    }));
  }
  return skus;
}

absl::StatusOr<std::vector<v1::Item>> KvHubStore::ListItems(
    absl::string_view after_sku, size_t max) const {
  std::string from = docs::Item(after_sku);
  if (!after_sku.empty()) from.push_back('\0');
  return ReadRows<v1::Item>(store_, "item", from, docs::Item(""), max);
}

absl::StatusOr<std::vector<v1::Price>> KvHubStore::ListPricesOf(
    absl::string_view sku) const {
  const std::string prefix = docs::Price(sku, "");
  return ReadRows<v1::Price>(store_, "price", prefix, prefix, kAll);
}

absl::StatusOr<std::vector<v1::UnknownCode>> KvHubStore::ReadUnknownCodes(
    absl::string_view branch) const {
  const std::string prefix = docs::UnknownCode(branch, "");
  return ReadRows<v1::UnknownCode>(store_, "unknown code", prefix, prefix,
                                   kAll);
}

absl::StatusOr<std::vector<v1::Staff>> KvHubStore::ListStaff(
    absl::string_view after_id, size_t max) const {
  std::string from = docs::Staff(after_id);
  if (!after_id.empty()) from.push_back('\0');
  return ReadRows<v1::Staff>(store_, "staff", from, docs::Staff(""), max);
}

}  // namespace branchline

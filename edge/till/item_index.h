#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/strings/string_view.h"
#include "branchline/v1/master.pb.h"

namespace branchline {

// Finds items as a person types: every word of the query begins a word of the
// item's name, category, SKU or codes, or any place of a name in Chinese or of
// its pinyin initials. In memory: of a million items about 150 MB. Add() each
// item, then Build() once; from then on immutable and safe for concurrent use.
class ItemIndex {
 public:
  static constexpr size_t kItemsMax = 4'000'000;
  static constexpr size_t kQuerySizeMax = 200;  // bytes
  // Places of the rarest word that are looked at, so that a query of common
  // words takes no longer than any other.
  static constexpr size_t kVisitsMax = 10'000;

  // Delisted items and those beyond kItemsMax, or 2 GiB of text, are left out.
  void Add(const v1::Item& item);
  void Build();

  struct Found {
    std::vector<std::string> skus;  // in the order of the text that matched
    bool more = false;              // there may be more than these
  };
  // `categories`: only items of one of these; null: of any. An empty query
  // finds every item of them.
  Found Search(absl::string_view query,
               const absl::flat_hash_set<std::string>* categories,
               size_t limit) const;

  size_t size() const { return sku_ends_.size(); }
  size_t bytes() const;

 private:
  // Places whose text begins with `word`: [first, second) of places_.
  std::pair<size_t, size_t> RangeOf(absl::string_view word) const;
  uint32_t ItemAt(uint32_t place) const;
  absl::string_view TextOf(uint32_t item) const;
  absl::string_view SkuOf(uint32_t item) const;
  bool Has(uint32_t item, absl::string_view word) const;
  void AddText(absl::string_view text, bool everywhere);

  std::string text_;                 // of all items, each ended by a newline
  std::vector<uint32_t> places_;     // where a word begins, by what follows
  std::vector<uint32_t> text_ends_;  // by item
  std::vector<uint32_t> item_at_block_;  // by 64 bytes of text_: its first item
  std::string skus_;
  std::vector<uint32_t> sku_ends_;     // by item
  std::vector<uint32_t> category_of_;  // by item: into categories_
  std::vector<std::string> categories_;
  absl::flat_hash_map<std::string, uint32_t> category_numbers_;
};

}  // namespace branchline

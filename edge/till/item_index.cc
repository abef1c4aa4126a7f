#include "edge/till/item_index.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "absl/strings/str_split.h"
#include "devices/text/search_text.h"

namespace branchline {
namespace {

// In front of a word of which every letter may begin a match: initials.
constexpr char kEverywhere = '\x01';
constexpr char kEnd = '\n';
constexpr size_t kSortedBytes = 10;  // of each place; beyond it any order
constexpr size_t kBlockBytes = 64;   // of text, for each its first item
constexpr size_t kTextMax = size_t{2} << 30;

bool IsLead(char c) { return static_cast<unsigned char>(c) >= 0xE0; }

// The eight bytes that follow the first two of a place, for comparing.
uint64_t KeyAt(const std::string& text, size_t at) {
  uint64_t key = 0;
  bool ended = text[at] == kEnd || text[at + 1] == kEnd;
  for (size_t i = 2; i < kSortedBytes; ++i) {
    const size_t from = at + i;
    ended = ended || from >= text.size() || text[from] == kEnd;
    key =
        key << 8 |
        (ended ? 0
               : static_cast<uint64_t>(static_cast<unsigned char>(text[from])));
  }
  return key;
}

uint32_t BucketAt(const std::string& text, size_t at) {
  const auto first = static_cast<unsigned char>(text[at]);
  const auto second = static_cast<unsigned char>(
      at + 1 < text.size() && text[at + 1] != kEnd ? text[at + 1] : 0);
  return static_cast<uint32_t>(first) << 8 | second;
}

}  // namespace

void ItemIndex::AddText(absl::string_view text, bool everywhere) {
  for (const absl::string_view word :
       absl::StrSplit(text, ' ', absl::SkipEmpty())) {
    text_.push_back(' ');
    if (everywhere) text_.push_back(kEverywhere);
    text_.append(word.data(), word.size());
  }
}

void ItemIndex::Add(const v1::Item& item) {
  if (item.delisted() || size() >= kItemsMax || text_.size() > kTextMax) return;
  const std::string sku = FoldForSearch(item.sku());
  AddText(sku, false);
  const std::string name = FoldForSearch(item.name());
  AddText(name, false);
  AddText(PinyinInitials(name), true);
  const std::string name_zh = FoldForSearch(item.name_zh());
  if (name_zh != name) {
    AddText(name_zh, false);
    AddText(PinyinInitials(name_zh), true);
  }
  for (const std::string& code : item.barcodes()) {
    AddText(FoldForSearch(code), false);
  }
  for (const v1::ItemCode& code : item.codes()) {
    AddText(FoldForSearch(code.code()), false);
  }
  AddText(FoldForSearch(item.category()), false);
  text_.push_back(kEnd);
  text_ends_.push_back(static_cast<uint32_t>(text_.size()));
  skus_ += item.sku();
  sku_ends_.push_back(static_cast<uint32_t>(skus_.size()));
  const auto [at, is_new] = category_numbers_.emplace(
      item.category(), static_cast<uint32_t>(categories_.size()));
  if (is_new) categories_.push_back(item.category());
  category_of_.push_back(at->second);
}

void ItemIndex::Build() {
  text_.shrink_to_fit();
  item_at_block_.reserve(text_.size() / kBlockBytes + 1);
  uint32_t first = 0;
  for (size_t at = 0; at < text_.size(); at += kBlockBytes) {
    while (text_ends_[first] <= at) ++first;
    item_at_block_.push_back(first);
  }
  // By the first two bytes first: counting needs no second copy of the places.
  std::vector<uint32_t> starts(65'537, 0);
  const auto each_place = [this](auto&& visit) {
    bool everywhere = false;
    for (size_t at = 0; at < text_.size(); ++at) {
      const char c = text_[at];
      if (c == ' ' || c == kEnd) {
        everywhere = false;
      } else if (c == kEverywhere) {
        everywhere = true;
      } else if (everywhere || IsLead(c) || at == 0 || text_[at - 1] == ' ') {
        // The second half of a character is no beginning.
        if ((static_cast<unsigned char>(c) & 0xC0) != 0x80) visit(at);
      }
    }
  };
  each_place([&](size_t at) { ++starts[BucketAt(text_, at) + 1]; });
  for (size_t i = 1; i < starts.size(); ++i) starts[i] += starts[i - 1];
  places_.resize(starts.back());
  std::vector<uint32_t> next(starts.begin(), starts.end() - 1);
  each_place([&](size_t at) {
    places_[next[BucketAt(text_, at)]++] = static_cast<uint32_t>(at);
  });
  std::vector<std::pair<uint64_t, uint32_t>> bucket;
  for (size_t i = 0; i + 1 < starts.size(); ++i) {
    if (starts[i + 1] - starts[i] < 2) continue;
    bucket.clear();
    for (uint32_t k = starts[i]; k < starts[i + 1]; ++k) {
      bucket.emplace_back(KeyAt(text_, places_[k]), places_[k]);
    }
    std::sort(bucket.begin(), bucket.end());
    for (size_t k = 0; k < bucket.size(); ++k) {
      places_[starts[i] + k] = bucket[k].second;
    }
  }
}

std::pair<size_t, size_t> ItemIndex::RangeOf(absl::string_view word) const {
  word = word.substr(0, kSortedBytes);
  // How what is at a place compares with `word`, as far as that goes.
  const auto compare = [&](uint32_t place) {
    for (size_t i = 0; i < word.size(); ++i) {
      const char c = text_[place + i];
      if (c == kEnd) return -1;
      const auto have = static_cast<unsigned char>(c);
      const auto want = static_cast<unsigned char>(word[i]);
      if (have != want) return have < want ? -1 : 1;
    }
    return 0;
  };
  const auto first =
      std::partition_point(places_.begin(), places_.end(),
                           [&](uint32_t p) { return compare(p) < 0; });
  const auto last = std::partition_point(
      first, places_.end(), [&](uint32_t p) { return compare(p) == 0; });
  return {static_cast<size_t>(first - places_.begin()),
          static_cast<size_t>(last - places_.begin())};
}

uint32_t ItemIndex::ItemAt(uint32_t place) const {
  uint32_t item = item_at_block_[place / kBlockBytes];
  while (text_ends_[item] <= place) ++item;
  return item;
}

absl::string_view ItemIndex::TextOf(uint32_t item) const {
  const uint32_t from = item == 0 ? 0 : text_ends_[item - 1];
  return absl::string_view(text_).substr(from, text_ends_[item] - from);
}

absl::string_view ItemIndex::SkuOf(uint32_t item) const {
  const uint32_t from = item == 0 ? 0 : sku_ends_[item - 1];
  return absl::string_view(skus_).substr(from, sku_ends_[item] - from);
}

bool ItemIndex::Has(uint32_t item, absl::string_view word) const {
  const absl::string_view text = TextOf(item);
  for (size_t at = text.find(word); at != absl::string_view::npos;
       at = text.find(word, at + 1)) {
    if (IsLead(text[at]) || at == 0 || text[at - 1] == ' ') return true;
    const size_t space = text.rfind(' ', at);
    if (space != absl::string_view::npos && text[space + 1] == kEverywhere) {
      return true;
    }
  }
  return false;
}

ItemIndex::Found ItemIndex::Search(
    absl::string_view query, const absl::flat_hash_set<std::string>* categories,
    size_t limit) const {
  Found found;
  std::vector<bool> wanted(categories_.size(), categories == nullptr);
  for (size_t i = 0; categories != nullptr && i < categories_.size(); ++i) {
    wanted[i] = categories->contains(categories_[i]);
  }
  const std::string folded = FoldForSearch(query.substr(0, kQuerySizeMax));
  const std::vector<absl::string_view> words =
      absl::StrSplit(folded, ' ', absl::SkipEmpty());
  if (words.empty()) {
    if (categories == nullptr || !query.empty()) return found;
    for (uint32_t item = 0; item < size(); ++item) {
      if (!wanted[category_of_[item]]) continue;
      found.more = found.skus.size() == limit;
      if (found.more) break;
      found.skus.emplace_back(SkuOf(item));
    }
    return found;
  }
  std::pair<size_t, size_t> rarest = {0, std::numeric_limits<size_t>::max()};
  absl::string_view by;
  for (const absl::string_view word : words) {
    const auto range = RangeOf(word);
    if (range.second - range.first >= rarest.second - rarest.first) continue;
    rarest = range;
    by = word;
  }
  absl::flat_hash_set<uint32_t> seen;
  for (size_t i = rarest.first; i < rarest.second; ++i) {
    found.more = found.skus.size() == limit || i - rarest.first == kVisitsMax;
    if (found.more) break;
    const uint32_t item = ItemAt(places_[i]);
    if (!wanted[category_of_[item]]) continue;
    const bool all =
        std::all_of(words.begin(), words.end(), [&](absl::string_view word) {
          // The places hold no more of a word than they are sorted by.
          return (word.data() == by.data() && word.size() <= kSortedBytes) ||
                 Has(item, word);
        });
    if (!all || !seen.insert(item).second) continue;
    found.skus.emplace_back(SkuOf(item));
  }
  return found;
}

size_t ItemIndex::bytes() const {
  return text_.capacity() + skus_.capacity() +
         sizeof(uint32_t) * (places_.capacity() + text_ends_.capacity() +
                             item_at_block_.capacity() + sku_ends_.capacity() +
                             category_of_.capacity());
}

}  // namespace branchline

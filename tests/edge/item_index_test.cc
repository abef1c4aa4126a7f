// Search as a person types.
#include "edge/till/item_index.h"

#include "devices/text/search_text.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace branchline {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using ::testing::UnorderedElementsAre;

TEST(SearchTextTest, Folds) {
  EXPECT_EQ(FoldForSearch("  Crème  BRÛLÉE, 2x100g "), "creme brulee 2x100g");
  EXPECT_EQ(FoldForSearch("ＡＢＣ１２"), "abc12");  // full width
  EXPECT_EQ(FoldForSearch("礦泉水"), "矿泉水");     // traditional
  EXPECT_EQ(FoldForSearch("Straße"), "strasse");
  EXPECT_EQ(FoldForSearch("\xff\xfe"), "");
}

TEST(SearchTextTest, Initials) {
  EXPECT_EQ(PinyinInitials("可口可乐 330"), "kkkl 330");
  EXPECT_EQ(PinyinInitials("cola"), "");
  EXPECT_EQ(PinyinInitials(FoldForSearch("礦泉水")), "kqs");
}

v1::Item Item(const std::string& sku, const std::string& name,
              const std::string& name_zh = "",
              const std::string& category = "") {
  v1::Item item;
  item.set_sku(sku);
  item.set_name(name);
  item.set_name_zh(name_zh);
  item.set_category(category);
  return item;
}

class ItemIndexTest : public ::testing::Test {
 protected:
  ItemIndexTest() {
    index_.Add(Item("A-1", "Green tea, loose", "绿茶", "drinks"));
    index_.Add(Item("A-2", "Black tea", "紅茶", "drinks"));
    index_.Add(Item("B-1", "Teapot of cast iron", "鑄鐵茶壺", "kitchen"));
    index_.Add(Item("C-1", "Coca-Cola 330 ml", "可口可乐", "drinks"));
    v1::Item gone = Item("D-1", "Green teacup", "", "kitchen");
    gone.set_delisted(true);
    index_.Add(gone);
    v1::Item coded = Item("E-1", "Crème fraîche", "", "dairy");
    coded.add_barcodes("4006381333931");
    index_.Add(coded);
    index_.Build();
  }
  std::vector<std::string> Found(absl::string_view query) {
    return index_.Search(query, nullptr, 20).skus;
  }
  ItemIndex index_;
};

TEST_F(ItemIndexTest, EveryWordBeginsAWord) {
  EXPECT_THAT(Found("tea"), UnorderedElementsAre("A-1", "A-2", "B-1"));
  EXPECT_THAT(Found("TEA gre"), ElementsAre("A-1"));
  EXPECT_THAT(Found("ea"), IsEmpty());  // not in the middle of a word
  EXPECT_THAT(Found("creme"), ElementsAre("E-1"));
  EXPECT_THAT(Found("tea nothing"), IsEmpty());
  EXPECT_THAT(Found(""), IsEmpty());
  EXPECT_THAT(Found("..."), IsEmpty());
}

TEST_F(ItemIndexTest, BySkuCodeAndCategory) {
  EXPECT_THAT(Found("c-1"), Contains("C-1"));  // two words: "c" and "1"
  EXPECT_THAT(Found("40063813"), ElementsAre("E-1"));
  EXPECT_THAT(Found("4006381333931"), ElementsAre("E-1"));
  EXPECT_THAT(Found("4006381333932"), IsEmpty());  // beyond the sorted bytes
  EXPECT_THAT(Found("kitch"), ElementsAre("B-1"));
}

TEST_F(ItemIndexTest, ChineseAtAnyPlaceInBothScripts) {
  EXPECT_THAT(Found("茶"), UnorderedElementsAre("A-1", "A-2", "B-1"));
  EXPECT_THAT(Found("红茶"), ElementsAre("A-2"));  // listed as 紅茶
  EXPECT_THAT(Found("茶壶"), ElementsAre("B-1"));  // likewise
  EXPECT_THAT(Found("綠茶"), ElementsAre("A-1"));
  EXPECT_THAT(Found("茶绿"), IsEmpty());
}

TEST_F(ItemIndexTest, ByPinyinInitials) {
  EXPECT_THAT(Found("kkkl"), ElementsAre("C-1"));
  EXPECT_THAT(Found("kl"), ElementsAre("C-1"));
  EXPECT_THAT(Found("hc"), ElementsAre("A-2"));
  EXPECT_THAT(Found("ch tea"), ElementsAre("B-1"));
}

TEST_F(ItemIndexTest, InACategoryAndUpToALimit) {
  const absl::flat_hash_set<std::string> drinks = {"drinks"};
  EXPECT_THAT(index_.Search("te", &drinks, 20).skus,
              UnorderedElementsAre("A-1", "A-2"));
  EXPECT_THAT(index_.Search("", &drinks, 20).skus,
              ElementsAre("A-1", "A-2", "C-1"));
  const ItemIndex::Found two = index_.Search("", &drinks, 2);
  EXPECT_THAT(two.skus, SizeIs(2));
  EXPECT_TRUE(two.more);
  EXPECT_FALSE(index_.Search("", &drinks, 3).more);
  EXPECT_TRUE(index_.Search("tea", nullptr, 1).more);
}

TEST(ItemIndexBigTest, CommonWordsAreBounded) {
  ItemIndex index;
  const int items = static_cast<int>(ItemIndex::kVisitsMax) + 5'000;
  for (int i = 0; i < items; ++i) {
    index.Add(Item("S" + std::to_string(i), "common thing"));
  }
  index.Add(Item("Z", "common rare thing"));
  index.Build();
  EXPECT_THAT(index.Search("common thing rare", nullptr, 20).skus,
              ElementsAre("Z"));
  // Nothing has both, and the rarest of them is everywhere.
  const ItemIndex::Found none = index.Search("common thing z9", nullptr, 20);
  EXPECT_THAT(none.skus, IsEmpty());
  const ItemIndex::Found cut = index.Search("common comm", nullptr, items);
  EXPECT_EQ(cut.skus.size(), ItemIndex::kVisitsMax);
  EXPECT_TRUE(cut.more);
}

TEST(ItemIndexBigTest, EmptyIsNoTrouble) {
  ItemIndex index;
  index.Build();
  EXPECT_THAT(index.Search("tea", nullptr, 20).skus, IsEmpty());
}

}  // namespace
}  // namespace branchline

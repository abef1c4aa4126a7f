// The tables of what a cashier reads, and how a sentence is found in them.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "edge/words/say.h"
#include "edge/words/sentence.h"

namespace branchline {
namespace {

// "$0 @1" of "quantity $0 is @1".
std::set<std::string> PlacesOf(absl::string_view text) {
  std::set<std::string> places;
  for (size_t i = 0; i + 1 < text.size(); ++i) {
    const bool marked = text[i] == '$' || text[i] == '@';
    if (marked && text[i + 1] >= '0' && text[i + 1] <= '9') {
      EXPECT_TRUE(places.emplace(text.substr(i, 2)).second)
          << text << " has a place twice";
    }
  }
  return places;
}

bool HasChinese(absl::string_view text) {
  for (const char c : text) {
    if (static_cast<unsigned char>(c) >= 0xE3) return true;
  }
  return false;
}

TEST(WordsTest, EveryRowHasThreeLanguagesAndTheSamePlaces) {
  std::set<absl::string_view> seen;
  for (const Sentence& row : AllSentences()) {
    EXPECT_TRUE(seen.insert(row.english).second) << row.english << ": twice";
    EXPECT_FALSE(HasChinese(row.english)) << row.english;
    EXPECT_EQ(PlacesOf(row.english), PlacesOf(row.simplified)) << row.english;
    EXPECT_EQ(PlacesOf(row.english), PlacesOf(row.traditional)) << row.english;
    for (const absl::string_view chinese : {row.simplified, row.traditional}) {
      EXPECT_TRUE(HasChinese(chinese)) << row.english;
    }
  }
  EXPECT_GT(seen.size(), 300u);
}

// Characters that the other script writes otherwise.
constexpr absl::string_view kSimplifiedAlone =
    "为业个书买优会伤传关写决减则务动单卖发变号员图处备复头实对导应开张录扫"
    "择损据断无时显机权条档检满现电签红级纸组结给缴网联获见规订认让训记讯设"
    "证诊话误说请读调购账货质贴费赠软输边达过还这进连选递错锁门闭间队顾项须"
    "预验额币码";
constexpr absl::string_view kTraditionalAlone =
    "為業個書買優會傷傳關寫決減則務動單賣發變號員圖處備復頭實對導應開張錄掃"
    "擇損據斷無時顯機權條檔檢滿現電簽紅級紙組結給繳網聯獲見規訂認讓訓記訊設"
    "證診話誤說請讀調購帳貨質貼費贈軟輸邊達過還這進連選遞錯鎖門閉間隊顧項須"
    "預驗額幣碼";

void ExpectNone(absl::string_view of, absl::string_view text) {
  constexpr size_t kSize = 3;  // bytes of a character here, in UTF-8
  for (size_t i = 0; i < of.size(); i += kSize) {
    EXPECT_EQ(text.find(of.substr(i, kSize)), absl::string_view::npos)
        << text << " has " << of.substr(i, kSize);
  }
}

TEST(WordsTest, EachScriptKeepsToItself) {
  for (const Sentence& row : AllSentences()) {
    ExpectNone(kTraditionalAlone, row.simplified);
    ExpectNone(kSimplifiedAlone, row.traditional);
  }
}

TEST(WordsTest, SaysWhatVariesAsItIs) {
  EXPECT_EQ(SayIn("quantity 0.5 is beyond 100000", "zh-CN"),
            "数量 0.5 超出范围 100000");
  EXPECT_EQ(SayIn("quantity 0.5 is beyond 100000", "zh-TW"),
            "數量 0.5 超出範圍 100000");
  EXPECT_EQ(SayIn("quantity 0.5 is beyond 100000", "en"),
            "quantity 0.5 is beyond 100000");
  EXPECT_EQ(SayIn("quantity 0.5 is beyond 100000", "fr"),
            "quantity 0.5 is beyond 100000");
}

TEST(WordsTest, SaysSentencesWithinSentences) {
  EXPECT_EQ(SayIn("line 2 (SKU A1): the item is delisted", "zh-CN"),
            "第 2 行（SKU A1）：该商品已下架");
  EXPECT_EQ(
      SayIn("staff 7 may not take goods back without a receipt: 60.00 GBP is "
            "above the limit of the role cashier, 50.00 GBP; somebody who may "
            "can approve it with his PIN",
            "zh-TW"),
      "員工 7 無權無收據退貨：60.00 GBP 超過角色 收銀員 的上限 50.00 GBP；"
      "可由有權限者用密碼授權");
  EXPECT_EQ(
      SayIn("line 3: line 1 (SKU X): the item has no price in GBP", "zh-CN"),
      "第 3 行：第 1 行（SKU X）：该商品没有 GBP 价格");
}

TEST(WordsTest, TheFormOfWhichMostIsKnownIsTaken) {
  EXPECT_EQ(SayIn("receipt R1 has its invoice already, INV7", "zh-CN"),
            "小票 R1 已开过发票，INV7");
  EXPECT_EQ(SayIn("no shift is open on till T1", "zh-CN"), "收银机 T1 未开班");
  EXPECT_EQ(SayIn("no shift is open on till T1: open one, with the float that "
                  "is in the drawer",
                  "zh-CN"),
            "收银机 T1 未开班：请先开班，并输入钱箱备用金");
  EXPECT_EQ(SayIn("2 x 1.99 = 3.98 (price list L1, price book 4)", "zh-CN"),
            "2 × 1.99 = 3.98（价目表 L1，价格本第 4 版）");
}

TEST(WordsTest, WhatNobodyTranslatedIsNotLost) {
  for (const char* text : {"", "no such thing", "a: b", "x, y; z", "$0 @1",
                           "第 1 行（SKU A1）：该商品已下架"}) {
    EXPECT_EQ(SayIn(text, "zh-CN"), text);
  }
  EXPECT_EQ(SayIn("line 2 (SKU A1): something new", "zh-CN"),
            "第 2 行（SKU A1）：something new");
  const std::string endless(5'000, 'x');
  EXPECT_EQ(SayIn(endless, "zh-CN"), endless);
}

// Whatever a person typed into a name: the work stays small, nothing is lost.
TEST(WordsTest, TextThatLooksLikeASentenceCostsNoMore) {
  std::string nested = "end";
  while (nested.size() < 4'000) nested = absl::StrCat("line 1: ", nested);
  EXPECT_THAT(SayIn(nested, "zh-CN"), ::testing::EndsWith("line 1: end"));
  std::string many;
  while (many.size() < 4'000) many += " may not : ; nor may ";
  EXPECT_THAT(SayIn(absl::StrCat("staff ", many), "zh-CN"),
              ::testing::HasSubstr(" may not "));
}

TEST(WordsTest, TheLanguageThatIsAskedForMost) {
  const std::pair<const char*, const char*> cases[] = {
      {"", ""},
      {"en", "en"},
      {"en-GB", "en"},
      {"zh", "zh-CN"},
      {"zh-CN", "zh-CN"},
      {"zh-Hans-SG", "zh-CN"},
      {"ZH-tw", "zh-TW"},
      {"zh-HK, en;q=0.5", "zh-TW"},
      {"zh-Hant", "zh-TW"},
      {"fr, de;q=0.9", ""},
      {"fr, zh-TW;q=0.1", "zh-TW"},
      {"en;q=0.4, zh-CN;q=0.45", "zh-CN"},
      {"en;q=1.0,zh", "en"},
      {"zh-CN;q=0, en;q=0.001", "en"},
      {"zh-CN;q=x, en;q=0.1", "en"},
      {"english, zhx", ""},
      {";;;,,,q=", ""},
  };
  for (const auto& [header, language] : cases) {
    EXPECT_EQ(LanguageWanted(header), language) << header;
  }
  EXPECT_EQ(LanguageWanted(std::string(300, ' ') + "zh-TW"), "");
}

}  // namespace
}  // namespace branchline

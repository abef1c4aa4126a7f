// What a cashier is refused and told, in Chinese: through the till service,
// from the real core.

#include <regex>
#include <sstream>
#include <string>
#include <vector>

#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "sync/base/random.h"
#include "tests/edge/till_fixture.h"
#include "tools/cli/till_console.h"

namespace branchline::cli {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

struct Refused {
  // The last is refused, those before it are done. Lines of a person who has
  // to look at the screen.
  const char* lines;
  // What must stand in the sentence as it was.
  std::vector<std::string> figures;
};

class TillConsoleWordsTest : public TillFixture {
 protected:
  TillConsoleWordsTest() {
    v1::Event policy;
    auto* tills = policy.mutable_till_policy_set()->mutable_policy();
    tills->set_sign_on_required(true);
    tills->set_shift_required(true);
    Publish(policy);
    AddStaff("7", "cashier", "4711");
    AddStaff("9", "manager", "0815");
    v1::Event items;
    Add("BEER", &items)->set_age_limit(18);
    Add("WINE", &items)->set_negative_stock(v1::NEGATIVE_STOCK_BLOCK);
    Add("RARE", &items)->set_negative_stock(v1::NEGATIVE_STOCK_WARN);
    v1::Item* department = Add("DEPT1", &items);
    department->set_kind(v1::ITEM_KIND_OPEN_DEPARTMENT);
    department->set_keyed_price_max_minor_e4(5'000'0000);
    Publish(items);
    v1::Event prices;
    for (const char* sku : {"BEER", "WINE", "RARE"}) {
      v1::Price* price = prices.mutable_prices_set()->add_prices();
      price->set_sku(sku);
      price->set_currency("GBP");
      price->set_price_minor_e4(300'0000);
    }
    Publish(prices);
    Serve();
    console_ = std::make_unique<TillConsole>(
        stub_.get(), TillConsole::Options{.key = kKey, .currency = "GBP"},
        &clock_, &random_, &out_);
  }

  static v1::Item* Add(const char* sku, v1::Event* event) {
    v1::Item* item = event->mutable_items_set()->add_items();
    item->set_sku(sku);
    item->set_name(sku);
    return item;
  }

  // What the lines print; each must be done.
  std::string Do(const std::string& lines) {
    out_.str("");
    for (const auto line : absl::StrSplit(lines, '\n')) {
      EXPECT_THAT(console_->Do(std::string(line)), IsOk()) << line;
    }
    return out_.str();
  }

  // Chinese, with its figures, and without a word of English beside them.
  static void ExpectChinese(std::string said,
                            const std::vector<std::string>& figures) {
    const std::string whole = said;
    EXPECT_TRUE(std::regex_search(said, std::regex("[\xE4-\xE9][\x80-\xBF]")))
        << whole;
    for (const std::string& figure : figures) {
      EXPECT_THAT(whole, HasSubstr(figure));
      said = absl::StrReplaceAll(said, {{figure, ""}});
    }
    EXPECT_FALSE(std::regex_search(said, std::regex("[a-z]{3}"))) << whole;
  }

  // In both scripts, which differ.
  void ExpectRefused(const std::vector<Refused>& table) {
    for (const Refused& row : table) {
      std::vector<std::string> lines = absl::StrSplit(row.lines, '\n');
      const std::string refused = lines.back();
      lines.pop_back();
      for (const char* language : {"zh-CN", "zh-TW"}) {
        Do(std::string("lang ") + language);
        for (const std::string& line : lines) Do(line);
        const absl::Status status = console_->Do(refused);
        EXPECT_FALSE(status.ok()) << refused;
        ExpectChinese(std::string(status.message()), row.figures);
      }
    }
  }

  SeededRandom random_{7};
  std::ostringstream out_;
  std::unique_ptr<TillConsole> console_;
};

TEST_F(TillConsoleWordsTest, BeforeAnythingIsOpen) {
  ExpectRefused({
      {"open-day", {"T1"}},
      {"sign-on 7 0000", {}},
      {"sign-off", {"T1"}},
      {"sign-on 9 0815\nclose-day", {"S014"}},
      {"open-day 2026-02-30", {"2026-02-30"}},
      {"close-shift", {"T1"}},
      {"z", {"T1"}},
      {"z S014-T1-1-Z000009", {"S014-T1-1-Z000009"}},
  });
  Do("open-day 2026-11-21");
  ExpectRefused({
      {"open-day 2026-11-22", {"2026-11-21", "2026-11-22", "S014"}},
      {"float 5", {"T1"}},
      {"add PEN\npay", {"T1"}},
  });
  Do("open-shift 100");
  ExpectRefused({{"open-shift 100", {"T1", "9"}}});
}

TEST_F(TillConsoleWordsTest, ItemsQuantitiesAndPrices) {
  Do("sign-on 9 0815\nopen-day 2026-11-21\nopen-shift 100\nsign-on 7 4711");
  ExpectRefused({
      {"add NOPE", {"NOPE", "S014", "DEPT1"}},
      {"add 4006381333932", {"4006381333932"}},
      {"add GONE", {"GONE"}},
      {"add CARD", {"CARD", "GBP"}},
      {"add PEN 0", {"PEN"}},
      {"add PEN 1000000", {"PEN", "1000000"}},
      {"add PEN one", {"one"}},
      {"open DEPT1 60", {"DEPT1"}},
      {"open PEN 3", {"PEN"}},
      {"why", {}},
      {"cancel", {}},
      {"pay", {}},
  });
  Do("add PEN");
  ExpectRefused({
      {"void 7", {"7"}},
      {"quantity 1 20000", {"20000", "10000"}},
      {"discount 1 9.99 torn", {"9.99 GBP", "1.99 GBP"}},
      {"discount 1 90% torn\npay", {"7"}},
      {"discount 1 0% torn", {}},
      {"discount all 90% torn\npay", {"7"}},
      {"price 1 0.50 torn\npay", {"7"}},
      {"cancel\nadd PEN\ndrop-change 1.50\npay", {"7"}},
      {"add PEN\nrecall nope", {}},
  });
  Do("cancel");
  ExpectRefused({{"recall nope", {"nope"}}});
}

TEST_F(TillConsoleWordsTest, PayingAndWhatAnItemWants) {
  Do("sign-on 9 0815\nopen-day 2026-11-21\nopen-shift 100\nsign-on 7 4711\n"
     "add PEN");
  ExpectRefused({
      {"pay cash 1.00", {"0.99 GBP", "1.99 GBP"}},
      {"pay card 5.00", {"5.00 GBP", "1.99 GBP", "3.01 GBP"}},
      {"pay code 1.99", {}},
      {"pay code 1.99 4711", {"1.99 GBP", "0.00 GBP"}},
      {"pay coins 3", {"coins", "cash", "card", "voucher", "wallet", "code"}},
      {"pay cash -1", {"-1.00 GBP"}},
      {"terminal", {}},
      {"add BEER\npay", {"BEER", "18"}},
  });
  Do("void 2\nvoid 3");
  ExpectRefused({{"add WINE 2\npay", {"WINE", "0"}}});
}

TEST_F(TillConsoleWordsTest, RightsPinsAndApproval) {
  Do("sign-on 9 0815\nopen-day 2026-11-21\nopen-shift 100\nsign-on 7 4711");
  ExpectRefused({
      {"no-sale change", {"7"}},
      {"approve 9 1111 coins\nno-sale change", {}},
      {"approve 7 4711 coins\nno-sale change", {"7"}},
      {"pay-out 5 window", {"7"}},
      {"pay-in 5 window", {"7"}},
      {"bank-sent 5 D1", {"7"}},
      {"float 5", {"7"}},
      {"count safe 5", {"7"}},
      {"training on", {"7"}},
      {"close-day", {"7"}},
      {"add PEN -1\npay", {"7"}},
      {"void-receipt S014-T1-1-000001 wrong", {"7"}},
  });
  for (int i = 0; i < 4; ++i) console_->Do("sign-on 9 1111").IgnoreError();
  ExpectRefused({{"sign-on 9 0815", {"9", "5"}}});
}

TEST_F(TillConsoleWordsTest, ReturnsVoidsInvoicesAndCodes) {
  Do("sign-on 9 0815\nopen-day 2026-11-21\nopen-shift 100\nadd PEN 2\n"
     "pay cash 5");
  const std::string receipt = "S014-T1-1-000001";
  ExpectRefused({
      {"return NOPE 1 1", {"NOPE", "S014"}},
      {"return S014-T1-1-000001 9 1", {receipt, "9", "1"}},
      {"return S014-T1-1-000001 1 5", {receipt, "PEN", "2", "5"}},
      {"return S014-T1-1-000001 1 0", {receipt, "0"}},
      {"return S014-T1-1-000001 0 1", {}},
      {"exchange S014-T1-1-000001 1 5", {receipt, "5"}},
      {"exchange NOPE 1 1", {"NOPE"}},
      {"receipt NOPE", {"NOPE", "S014"}},
      {"paper NOPE", {"NOPE", "S014"}},
      {"read-code ABC", {"3"}},
      {"invoice S014-T1-1-000001 0000-0000", {receipt}},
      {"invoice NOPE 0000-0000", {"NOPE", "S014"}},
      {"void-receipt NOPE wrong", {"NOPE", "S014"}},
  });
  Do("void-receipt S014-T1-1-000001 wrong");
  ExpectRefused({
      {"void-receipt S014-T1-1-000001 wrong", {receipt}},
      {"void-receipt S014-T1-1-000002 wrong", {receipt, "S014-T1-1-000002"}},
      {"return S014-T1-1-000002 1 1", {receipt, "S014-T1-1-000002"}},
  });
  Do("close-shift 100 100\nopen-shift");
  ExpectRefused({
      {"void-receipt S014-T1-1-000001 wrong", {receipt, "T1"}},
  });
}

// A person's role, a person's patience, and what stands in the way of a sale.
TEST_F(TillConsoleWordsTest, RolesWaitsAndWhatIsInTheWay) {
  EXPECT_EQ(Do("lang zh-CN\nsign-on 9 0815"), "已登录: 9 Name of 9 经理\n");
  Do("open-day 2026-11-21\nopen-shift 100");
  EXPECT_EQ(Do("lang zh-TW\nsign-on 7 4711"), "已登入: 7 Name of 7 收銀員\n");
  EXPECT_THAT(
      Do("add PEN 10\ndiscount 1 50% torn"),
      HasSubstr("尚不能結帳: 第 1 行（SKU PEN）：員工 7 無權給予此折扣：角色 "
                "收銀員 對單行最多可折扣 5 %"));
  const absl::Status no_right = console_->Do("no-sale change");
  EXPECT_THAT(std::string(no_right.message()),
              HasSubstr("角色 收銀員 沒有「不銷售開錢箱」權限"));
  for (int i = 0; i < 5; ++i) console_->Do("sign-on 9 1111").IgnoreError();
  Do("lang zh-CN");
  EXPECT_THAT(std::string(console_->Do("sign-on 9 0815").message()),
              HasSubstr("还要锁定 5 分钟"));
}

TEST_F(TillConsoleWordsTest, CashAndTraining) {
  Do("sign-on 9 0815\nopen-day 2026-11-21\nopen-shift 100");
  ExpectRefused({
      {"close-shift 50 60", {"60.00 GBP", "50.00 GBP"}},
      {"drop 0", {}},
      {"drop -1", {"-1.00 GBP"}},
      {"float 1.234", {"1.234"}},
      {"float much", {"much"}},
      {"bank-confirmed 5 D1", {"D1", "GBP"}},
      {"count bank 5", {"till", "safe"}},
      {"count z 5", {"T1"}},
      {"training off", {"T1"}},
      {"training perhaps", {"training on", "training off"}},
  });
  Do("bank-sent 50 D1");
  ExpectRefused({{"bank-sent 50 D1", {"D1", "50.00 GBP"}}});
  Do("training on");
  ExpectRefused({
      {"training on", {"T1"}},
      {"no-sale change", {"T1"}},
  });
}

TEST_F(TillConsoleWordsTest, WhatTheConsoleSaysItself) {
  ExpectRefused({
      {"dance", {"dance", "help"}},
      {"help dance", {"dance"}},
      {"add", {"add CODE [QUANTITY]"}},
      {"note all \"open", {}},
      {"lang fr", {}},
      {"paper x pdf", {"text", "html"}},
      {"pick 3", {"3", "0"}},
      {"match bank /nowhere/bill.csv", {"/nowhere/bill.csv"}},
  });
}

TEST_F(TillConsoleWordsTest, WarningsAndReasonsToo) {
  Do("sign-on 9 0815\nopen-day 2026-11-21\nopen-shift\nlang zh-CN\nadd RARE");
  EXPECT_THAT(Do("member M9"),
              HasSubstr("! 会员 M9 不在本店名单中：不享受会员组价格"));
  EXPECT_THAT(Do("why"), HasSubstr("1 × 3.00 = 3.00（商品目录价）"));
  EXPECT_THAT(Do("pay cash 50"),
              AllOf(HasSubstr("! 钱箱应有 0.00 GBP，而要付出 47.00 GBP"),
                    HasSubstr("! SKU RARE：账面库存 0，售出 1：请盘点")));
  Do("lang zh-TW\nadd RARE");
  EXPECT_THAT(Do("pay cash 50"),
              HasSubstr("! 錢箱應有 3.00 GBP，而要付出 47.00 GBP"));
}

}  // namespace
}  // namespace branchline::cli

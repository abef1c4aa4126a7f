// The basket, typed: whose yes is spent when, what goods are called, taxes,
// small change, notes and coins.
#include <sstream>
#include <string>

#include "absl/strings/str_split.h"
#include "sync/base/random.h"
#include "tests/tools/cli/console_fixture.h"
#include "tools/cli/till_console.h"

namespace branchline::cli {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

class TillConsoleBasketTest : public ConsoleFixture {
 protected:
  TillConsoleBasketTest() {
    v1::Event items;
    v1::Item* bottle = items.mutable_items_set()->add_items();
    bottle->set_sku("BOTTLE");
    bottle->set_name("Bottle deposit");
    bottle->set_name_zh("押金瓶");
    bottle->set_kind(v1::ITEM_KIND_DEPOSIT);
    v1::Item* cola = items.mutable_items_set()->add_items();
    cola->set_sku("COLA");
    cola->set_name("Cola");
    cola->set_name_zh("可乐");
    cola->set_tax_class("std");
    cola->set_deposit_sku("BOTTLE");
    Publish(items);
    v1::Event prices;
    for (const auto& [sku, minor] : {std::pair("BOTTLE", 25), {"COLA", 137}}) {
      v1::Price* price = prices.mutable_prices_set()->add_prices();
      price->set_sku(sku);
      price->set_currency("GBP");
      price->set_price_minor_e4(minor * int64_t{10'000});
    }
    Publish(prices);
  }
  void PublishTaxes() {
    v1::Event event;
    const auto add = [&](const char* id, const char* tax_class,
                         v1::Consumption consumption, int64_t rate_e6) {
      v1::TaxRule* rule = event.mutable_tax_rules_set()->add_rules();
      rule->set_id(id);
      rule->set_tax_class(tax_class);
      rule->set_consumption(consumption);
      rule->add_components()->set_code(id);
      rule->mutable_components(0)->set_rate_e6(rate_e6);
    };
    add("away", "std", v1::CONSUMPTION_UNSPECIFIED, 50'000);
    add("here", "std", v1::CONSUMPTION_EAT_IN, 200'000);
    add("none", "", v1::CONSUMPTION_UNSPECIFIED, 0);
    Publish(event);
  }
  void Open() {
    Serve();
    Restart();
  }
  // A till that knows nothing of what was typed before.
  void Restart() {
    console_ = std::make_unique<TillConsole>(
        stub_.get(), TillConsole::Options{.key = kKey, .currency = "GBP"},
        &clock_, &random_, &out_);
  }
};

// A look at the basket, with every line that is typed, does not use it up.
TEST_F(TillConsoleBasketTest, AnApprovalIsSpentByACommandAndNotByALook) {
  v1::Event policy;
  policy.mutable_till_policy_set()->mutable_policy()->set_sign_on_required(
      true);
  Publish(policy);
  AddStaff("7", "cashier", "4711");
  AddStaff("9", "manager", "0815");
  Open();
  Do("sign-on 9 0815\nopen-day 2026-11-21\nsign-on 7 4711\nadd PEN");
  EXPECT_THAT(Do("discount 1 50% torn"),
              AllOf(HasSubstr("not yet: line 1 (SKU PEN)"),
                    HasSubstr("a cashier may take 5 % off a line")));
  EXPECT_THAT(Do("approve 9 0815 \"torn badly\"\nbasket\nwhy\npay"),
              HasSubstr("receipt S014-T1-1-000001"));
  EXPECT_THAT(console_->Do("no-sale change"),
              StatusIs(absl::StatusCode::kPermissionDenied, HasSubstr("7")));
}

TEST_F(TillConsoleBasketTest, GoodsAreCalledByTheirNamesWhoeverAddedThem) {
  Open();
  EXPECT_THAT(Do("open-day 2026-11-21\nadd COLA 2"),
              AllOf(HasSubstr("1 Cola x2"), HasSubstr("2 Bottle deposit x2")));
  Do("park a");
  Restart();
  EXPECT_THAT(Do("recall a"), HasSubstr("1 Cola x2"));
  EXPECT_THAT(Do("lang zh-CN\nbasket"),
              AllOf(HasSubstr("1 可乐 x2"), HasSubstr("2 押金瓶 x2")));
  EXPECT_THAT(Do("why"), HasSubstr("1 可乐\n    2 × 1.37 = 2.74"));
  Do("pay\nlang en");
  Restart();
  EXPECT_THAT(Do("receipt S014-T1-1-000001"), HasSubstr("1 Cola x2"));
  // Lines of one receipt come back together, with the reason.
  EXPECT_THAT(Do("return S014-T1-1-000001 1 1 2 2 \"not cold\""),
              AllOf(HasSubstr("1 Cola x1"), HasSubstr("2 Bottle deposit x2"),
                    HasSubstr("total GBP                            -1.87")));
}

TEST_F(TillConsoleBasketTest, TaxesGoByWhereItIsEatenAndByReason) {
  PublishTaxes();
  Open();
  Do("open-day 2026-11-21\nadd COLA");
  EXPECT_THAT(Do("basket"), HasSubstr("tax away"));
  EXPECT_THAT(Do("eat-in"),
              AllOf(HasSubstr("tax here                              0.23"),
                    Not(HasSubstr("tax away"))));
  EXPECT_THAT(Do("take-away"), HasSubstr("tax away"));
  EXPECT_THAT(console_->Do("tax 1 unheard-of medicine"),
              StatusIs(absl::StatusCode::kNotFound, HasSubstr("unheard-of")));
  EXPECT_THAT(Do("basket"), HasSubstr("tax away"));
  // A tax in the price is taken out of it.
  EXPECT_THAT(Do("tax-exempt embassy"), HasSubstr("1.30"));
  EXPECT_THAT(Do("pay\npaper S014-T1-1-000001"), HasSubstr("embassy"));
}

// 2 x 1.62 are due.
TEST_F(TillConsoleBasketTest, SmallChangeIsDroppedDownToAStep) {
  Open();
  Do("open-day 2026-11-21\nadd COLA 2");
  EXPECT_THAT(Do("drop-change to 0.1"),
              HasSubstr("total GBP                             3.20"));
  EXPECT_THAT(Do("drop-change to 1"),
              HasSubstr("total GBP                             3.00"));
  EXPECT_THAT(Do("drop-change 0.04"),
              HasSubstr("total GBP                             3.20"));
  for (const char* wrong : {"drop-change down 1", "drop-change to 0"}) {
    EXPECT_THAT(
        console_->Do(wrong),
        StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("or to STEP")));
  }
  EXPECT_THAT(Do("why"), HasSubstr("small change"));
}

TEST_F(TillConsoleBasketTest, NotesAndCoinsAreAddedUp) {
  Open();
  Do("open-day 2026-11-21\ncount safe 500\nopen-shift 100");
  EXPECT_THAT(Do("count till 20x3+5x7+0.50x9"),
              AllOf(HasSubstr("counted                              99.50"),
                    HasSubstr("expected                            100.00"),
                    HasSubstr("over or short                        -0.50")));
  EXPECT_THAT(
      console_->Do("count till 20x3+5"),
      StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("VALUExCOUNT")));
  EXPECT_THAT(Do("drop 200"),
              HasSubstr("! the drawer should hold 99.50 GBP, and 200.00 GBP "
                        "goes out"));
  Do("bank-sent 300 B1");
  EXPECT_THAT(Do("bank-confirmed 299 B1"),
              HasSubstr("over or short                        -1.00"));
  EXPECT_THAT(Do("close-shift 20x4 50"),
              HasSubstr("counted                              80.00"));
}

}  // namespace
}  // namespace branchline::cli

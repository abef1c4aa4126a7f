// Sales that the branch prices itself, from the hub's facts to the books.
#include "edge/till/pricing_book.h"
#include "tests/edge/edge_fixture.h"
#include "tests/support/status_matchers.h"

namespace branchline {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class PricedSaleTest : public EdgeFixture {
 protected:
  PricedSaleTest() { BL_CHECK(OpenDay().ok(), "the day opens"); }

  void Publish(const v1::Event& event) {
    ASSERT_THAT(core_->TakeRecords(chain_.Append(event)), IsOk());
  }

  // The local second of the branch, which lies in UTC, `offset` from now.
  int64_t LocalSeconds(absl::Duration offset = absl::ZeroDuration()) {
    return absl::ToUnixSeconds(clock_.WallNow() + offset);
  }

  // List "spring": PEN at 1.50 from an hour from now; "gold": PEN at 1.20.
  void PublishPriceBook() {
    v1::Event book;
    book.mutable_price_book_set()->set_version(41);
    v1::PriceList* spring = book.mutable_price_book_set()->add_lists();
    spring->set_id("spring");
    spring->set_currency("GBP");
    spring->set_kind(v1::PRICE_LIST_KIND_REGULAR);
    spring->set_from_local_seconds(LocalSeconds(absl::Hours(1)));
    v1::PriceList* gold = book.mutable_price_book_set()->add_lists();
    *gold = *spring;
    gold->set_id("gold");
    gold->set_from_local_seconds(0);
    gold->add_customer_groups("gold");
    Publish(book);
    for (const auto& [list, minor] :
         {std::pair("spring", 150), std::pair("gold", 120)}) {
      v1::Event prices;
      prices.mutable_list_prices_set()->set_list_id(list);
      v1::ListPrice* price = prices.mutable_list_prices_set()->add_prices();
      price->set_sku("PEN");
      price->set_price_minor_e4(minor * 10'000);
      Publish(prices);
    }
  }

  // Three pens for the price of two; 10 % with coupon TEN.
  void PublishPromotions() {
    v1::Event event;
    v1::Promotion* three = event.mutable_promotions_set()->add_promotions();
    three->set_id("3for2");
    three->set_version(5);
    three->set_scope(v1::PROMOTION_SCOPE_GROUP);
    three->set_offer(v1::OFFER_KIND_BUY_GET);
    three->set_stacking(v1::STACKING_STACKS);
    three->set_buy_pieces(2);
    three->set_get_pieces(1);
    three->mutable_reward()->set_percent_off_bp(10'000);
    three->mutable_items()->add_skus("PEN");
    v1::Promotion* ten = event.mutable_promotions_set()->add_promotions();
    ten->set_id("ten");
    ten->set_scope(v1::PROMOTION_SCOPE_BASKET);
    ten->set_offer(v1::OFFER_KIND_SIMPLE);
    ten->set_stacking(v1::STACKING_STACKS);
    ten->set_coupon("TEN");
    ten->mutable_reward()->set_percent_off_bp(1'000);
    Publish(event);
  }

  // 20 % in the price, 5 % on top for what is eaten in.
  void PublishTaxes() {
    v1::Event event;
    v1::TaxRule* vat = event.mutable_tax_rules_set()->add_rules();
    vat->set_id("vat");
    v1::TaxComponent* component = vat->add_components();
    component->set_code("vat20");
    component->set_rate_e6(200'000);
    v1::TaxRule* eat_in = event.mutable_tax_rules_set()->add_rules();
    eat_in->set_id("service");
    eat_in->set_consumption(v1::CONSUMPTION_EAT_IN);
    component = eat_in->add_components();
    component->set_code("service");
    component->set_rate_e6(50'000);
    component->set_on_top(true);
    Publish(event);
  }

  static v1::RingRequest Priced(absl::string_view sku = "PEN",
                                int64_t quantity_milli = 1'000) {
    v1::RingRequest request = Sale(sku, quantity_milli);
    request.mutable_pricing();
    return request;
  }

  v1::Sale Rung(const v1::RingRequest& request) {
    const auto outcome = Run(request);
    EXPECT_THAT(outcome, IsOk());
    return outcome.ok() ? outcome->event.sale() : v1::Sale();
  }
};

TEST_F(PricedSaleTest, WithoutABookTheCatalogueSays) {
  const v1::Sale sale = Rung(Priced("PEN", 3'000));
  EXPECT_EQ(sale.total_minor(), 597);
  EXPECT_EQ(sale.lines(0).price_source(), v1::PRICE_SOURCE_PRICE_LIST);
  EXPECT_EQ(sale.lines(0).price_book_version(), 0u);
  EXPECT_THAT(sale.taxes(), IsEmpty());
}

TEST_F(PricedSaleTest, AStagedPriceFlipsAtItsSecond) {
  PublishPriceBook();
  v1::RingRequest request = Priced();
  EXPECT_EQ(Rung(request).total_minor(), 199);
  clock_.Advance(absl::Hours(1) - absl::Seconds(1));
  EXPECT_EQ(Rung(request).total_minor(), 199);
  clock_.Advance(absl::Seconds(1));
  const v1::Sale sale = Rung(request);
  EXPECT_EQ(sale.total_minor(), 150);
  EXPECT_EQ(sale.lines(0).price_list_id(), "spring");
  EXPECT_EQ(sale.lines(0).price_book_version(), 41u);
  // Added before, paid after: the price that the customer was shown.
  request.mutable_lines(0)->set_added_at_unix_micros(
      absl::ToUnixMicros(clock_.WallNow() - absl::Seconds(1)));
  EXPECT_EQ(Rung(request).total_minor(), 199);
}

// What the hub says of the branch itself: set anew, it counts at once.
TEST_F(PricedSaleTest, TheBranchsGroupsAndTaxRegionCount) {
  v1::Event book;
  book.mutable_price_book_set()->set_version(1);
  for (const char* group : {"north", "south"}) {
    v1::PriceList* list = book.mutable_price_book_set()->add_lists();
    list->set_id(group);
    list->set_currency("GBP");
    list->set_kind(v1::PRICE_LIST_KIND_REGULAR);
    list->add_branch_groups(group);
    v1::Event prices;
    prices.mutable_list_prices_set()->set_list_id(group);
    v1::ListPrice* price = prices.mutable_list_prices_set()->add_prices();
    price->set_sku("PEN");
    price->set_price_minor_e4(group[0] == 'n' ? 1'500'000 : 1'100'000);
    Publish(prices);
  }
  Publish(book);
  v1::Event promotions;
  v1::Promotion* ten = promotions.mutable_promotions_set()->add_promotions();
  ten->set_id("ten");
  ten->set_scope(v1::PROMOTION_SCOPE_LINE);
  ten->set_offer(v1::OFFER_KIND_SIMPLE);
  ten->set_stacking(v1::STACKING_STACKS);
  ten->mutable_reward()->set_percent_off_bp(1'000);
  ten->add_branch_groups("airport");
  Publish(promotions);
  v1::Event taxes;
  for (const char* region : {"", "N"}) {
    v1::TaxRule* rule = taxes.mutable_tax_rules_set()->add_rules();
    rule->set_id(absl::StrCat("rule", region));
    rule->set_region(region);
    rule->add_components()->set_code(*region == 0 ? "vat20" : "vat5");
    rule->mutable_components(0)->set_rate_e6(*region == 0 ? 200'000 : 50'000);
  }
  Publish(taxes);
  v1::Sale sale = Rung(Priced());
  EXPECT_EQ(sale.total_minor(), 199);  // of no group
  EXPECT_EQ(sale.taxes(0).code(), "vat20");

  v1::Event own;
  v1::Branch* branch = own.mutable_branch_set()->mutable_branch();
  branch->set_code("S014");
  branch->add_groups("north");
  branch->add_groups("airport");
  branch->set_tax_region("N");
  Publish(own);
  sale = Rung(Priced());
  EXPECT_EQ(sale.lines(0).price_list_id(), "north");
  EXPECT_EQ(sale.total_minor(), 135);
  EXPECT_EQ(sale.taxes(0).code(), "vat5");
  CrashAndOpen();
  EXPECT_EQ(Rung(Priced()).total_minor(), 135);
}

TEST_F(PricedSaleTest, MemberPriceIfLower) {
  PublishPriceBook();
  v1::RingRequest request = Priced();
  request.set_member("M1");
  request.mutable_pricing()->add_customer_groups("gold");
  const v1::Sale sale = Rung(request);
  EXPECT_EQ(sale.total_minor(), 120);
  EXPECT_EQ(sale.lines(0).price_source(), v1::PRICE_SOURCE_MEMBER_PRICE);
}

TEST_F(PricedSaleTest, PromotionsStandOnTheirLines) {
  PublishPromotions();
  v1::RingRequest request = Priced("PEN", 3'000);
  *request.add_lines() = Sale("INK").lines(0);
  request.mutable_pricing()->add_coupons("TEN");
  const v1::Sale sale = Rung(request);
  // 597 - 199 and 333; 10 % of 731.
  ASSERT_THAT(sale.lines(0).discounts(), SizeIs(2));
  EXPECT_EQ(sale.lines(0).discounts(0).rule_id(), "3for2");
  EXPECT_EQ(sale.lines(0).discounts(0).rule_version(), 5u);
  EXPECT_EQ(sale.lines(0).discounts(0).amount_minor(), 199);
  EXPECT_EQ(sale.lines(0).discounts(0).stage(), v1::DISCOUNT_STAGE_GROUP);
  EXPECT_EQ(sale.lines(0).discounts(1).stage(), v1::DISCOUNT_STAGE_COUPON);
  EXPECT_EQ(sale.lines(0).discount_minor(), 239);
  EXPECT_EQ(sale.total_minor(), 658);
  EXPECT_EQ(Balance(v1::ACCOUNT_KIND_REVENUE, "GBP"), -658);
  EXPECT_EQ(Balance(v1::ACCOUNT_KIND_TENDER, "GBP", "cash:T1"), 658);
}

TEST_F(PricedSaleTest, TaxesStandOnLinesAndReceipt) {
  PublishTaxes();
  v1::RingRequest request = Priced("PEN", 3'000);
  v1::Sale sale = Rung(request);
  EXPECT_EQ(sale.total_minor(), 597);
  ASSERT_THAT(sale.taxes(), SizeIs(1));
  EXPECT_EQ(sale.taxes(0).tax_minor(), 100);  // 99.5
  EXPECT_EQ(sale.taxes(0).base_minor(), 497);
  EXPECT_EQ(sale.lines(0).taxes(0).tax_minor(), 100);
  request.mutable_pricing()->set_consumption(v1::CONSUMPTION_EAT_IN);
  sale = Rung(request);
  EXPECT_EQ(sale.total_minor(), 627);  // 29.85 on top
  EXPECT_TRUE(sale.taxes(0).on_top());
  request.mutable_pricing()->set_tax_exempt(true);
  EXPECT_THAT(Run(request), StatusIs(absl::StatusCode::kInvalidArgument,
                                     HasSubstr("needs a reason")));
  request.mutable_pricing()->set_tax_exempt_reason("embassy");
  sale = Rung(request);
  EXPECT_EQ(sale.total_minor(), 597);
  EXPECT_EQ(sale.tax_exempt_reason(), "embassy");
}

TEST_F(PricedSaleTest, CashGivesChangeAndIsRounded) {
  v1::RingRequest request = Priced("PEN", 1'000);
  v1::Tender* cash = request.add_tenders();
  cash->set_kind(v1::TENDER_KIND_CASH);
  cash->set_amount_minor(500);
  v1::Sale sale = Rung(request);
  EXPECT_EQ(sale.change_minor(), 301);
  ASSERT_THAT(sale.tenders(), SizeIs(1));
  EXPECT_EQ(sale.tenders(0).amount_minor(), 199);

  v1::Event swiss;
  v1::Price* price = swiss.mutable_prices_set()->add_prices();
  price->set_sku("PEN");
  price->set_currency("CHF");
  price->set_price_minor_e4(1'972 * 1'000);  // 1.972
  Publish(swiss);
  request = Priced("PEN", 1'000);
  request.set_currency("CHF");
  sale = Rung(request);
  EXPECT_EQ(sale.total_minor(), 197);
  EXPECT_EQ(sale.cash_rounding_minor(), -2);
  EXPECT_EQ(sale.tenders(0).amount_minor(), 195);
  EXPECT_EQ(Balance(v1::ACCOUNT_KIND_CASH_ROUNDING, "CHF"), 2);
  EXPECT_EQ(Balance(v1::ACCOUNT_KIND_REVENUE, "CHF"), -197);
  cash = request.add_tenders();
  cash->set_kind(v1::TENDER_KIND_CASH);
  cash->set_amount_minor(190);
  EXPECT_THAT(Run(request), StatusIs(absl::StatusCode::kFailedPrecondition,
                                     HasSubstr("0.05 CHF short of 1.97 CHF")));
}

TEST_F(PricedSaleTest, LabelsOverridesAndHands) {
  PublishPromotions();
  v1::RingRequest request = Priced("PEN", 300);
  request.mutable_lines(0)->set_gross_minor(77);
  request.mutable_lines(0)->set_label(true);
  *request.add_lines() = Sale("PEN", 3'000).lines(0);
  request.mutable_lines(1)->set_unit_price_minor_e4(100 * 10'000);
  *request.add_lines() = Sale("INK").lines(0);
  request.mutable_lines(2)->mutable_discount()->set_amount_minor(33);
  request.mutable_lines(2)->mutable_discount()->set_reason("dented");
  *request.add_lines() = Sale("INK", 5'000).lines(0);
  request.mutable_lines(3)->set_voided(true);
  const v1::Sale sale = Rung(request);
  EXPECT_EQ(sale.lines(0).amount_minor(), 77);
  EXPECT_EQ(sale.lines(0).price_source(), v1::PRICE_SOURCE_LABEL);
  EXPECT_EQ(sale.lines(1).amount_minor(), 300);  // no promotion
  EXPECT_EQ(sale.lines(1).price_source(), v1::PRICE_SOURCE_OVERRIDE);
  EXPECT_EQ(sale.lines(2).amount_minor(), 300);
  EXPECT_EQ(sale.lines(2).discounts(0).rule_id(), "dented");
  EXPECT_TRUE(sale.lines(3).voided());
  EXPECT_EQ(sale.total_minor(), 677);
}

// A return gives back what stands on the line, never a price of today.
TEST_F(PricedSaleTest, ReturnsCopyTheDiscountedFigures) {
  PublishPromotions();
  const v1::Sale sale = Rung(Priced("PEN", 3'000));
  EXPECT_EQ(sale.total_minor(), 398);
  int64_t given_back = 0;
  for (int i = 0; i < 3; ++i) {
    v1::ReturnGoodsRequest request;
    request.set_original_receipt_no(sale.receipt_no());
    request.add_lines()->set_quantity_milli(1'000);
    const auto outcome = Run(request);
    ASSERT_THAT(outcome, IsOk());
    given_back -= outcome->event.return_().total_minor();
  }
  EXPECT_EQ(given_back, 398);
}

TEST_F(PricedSaleTest, Refusals) {
  v1::RingRequest request = Priced();
  request.mutable_lines(0)->set_discount_minor(1);
  EXPECT_THAT(Run(request),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       HasSubstr("line 1 (SKU PEN): the branch prices")));
  request = Priced("CARD");
  EXPECT_THAT(Run(request),
              StatusIs(absl::StatusCode::kNotFound,
                       HasSubstr("line 1 (SKU CARD): no price list")));
  request = Priced("NOPE");
  EXPECT_THAT(Run(request),
              StatusIs(absl::StatusCode::kNotFound, HasSubstr("no such SKU")));
  request = Priced("GONE");
  EXPECT_THAT(Run(request), StatusIs(absl::StatusCode::kFailedPrecondition,
                                     HasSubstr("delisted")));
  request = Priced();
  request.mutable_pricing()->set_shown_total_minor(198);
  EXPECT_THAT(Run(request), StatusIs(absl::StatusCode::kAborted,
                                     HasSubstr("the till showed 1.98 GBP")));
  request = Priced();
  for (int i = 0; i < 21; ++i) request.mutable_pricing()->add_coupons("C");
  EXPECT_THAT(Run(request),
              StatusIs(absl::StatusCode::kOutOfRange, HasSubstr("21 coupons")));
  request = Priced();
  request.mutable_lines(0)->set_gross_minor(-1);
  EXPECT_THAT(Run(request), StatusIs(absl::StatusCode::kInvalidArgument,
                                     HasSubstr("does not go with")));
}

TEST(PricingBookTest, LeavesOutWhatItCannotApply) {
  v1::PriceBookSet lists;
  lists.add_lists()->set_id("no kind");
  lists.mutable_lists(0)->set_currency("GBP");
  v1::PromotionsSet promotions;
  promotions.add_promotions()->set_id("no scope");
  v1::Promotion* money = promotions.add_promotions();
  money->set_id("gives money");
  money->set_scope(v1::PROMOTION_SCOPE_LINE);
  money->set_offer(v1::OFFER_KIND_SIMPLE);
  money->set_stacking(v1::STACKING_STACKS);
  money->mutable_reward()->set_percent_off_bp(10'001);
  v1::Promotion* good = promotions.add_promotions();
  *good = *money;
  good->set_id("good");
  good->mutable_reward()->set_percent_off_bp(10'000);
  const PricingBook book = MakePricingBook(lists, promotions, {});
  EXPECT_THAT(book.left_out,
              ElementsAre(HasSubstr("price list no kind: its kind 0"),
                          HasSubstr("promotion no scope: its scope 0"),
                          HasSubstr("promotion gives money: it takes off")));
  ASSERT_THAT(book.promotions.rules(), SizeIs(1));
  EXPECT_FALSE(book.taxed);
}

}  // namespace
}  // namespace branchline

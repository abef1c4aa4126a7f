// Over 400 lines: one scan, or one kind of item, a test.

// What scans mean, and what the kinds of items do to a sale.
#include "devices/barcode/measure_rules.h"
#include "edge/till/find_item.h"
#include "edge/till/pricing_book.h"
#include "sync/base/check_digit.h"
#include "sync/base/random.h"
#include "tests/edge/edge_fixture.h"
#include "tests/support/status_matchers.h"

namespace branchline {
namespace {

using ::testing::_;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class CatalogueSaleTest : public EdgeFixture {
 protected:
  CatalogueSaleTest() { BL_CHECK(OpenDay().ok(), "the day opens"); }

  void Publish(const v1::Event& event) {
    ASSERT_THAT(core_->TakeRecords(chain_.Append(event)), IsOk());
  }
  static v1::Item Item(const std::string& sku) {
    v1::Item item;
    item.set_sku(sku);
    item.set_name(absl::StrCat("One ", sku));
    return item;
  }
  void Add(const v1::Item& item, int64_t price_minor = 0) {
    v1::Event items;
    *items.mutable_items_set()->add_items() = item;
    Publish(items);
    if (price_minor == 0) return;
    v1::Event prices;
    v1::Price* price = prices.mutable_prices_set()->add_prices();
    price->set_sku(item.sku());
    price->set_currency("GBP");
    price->set_price_minor_e4(price_minor * 10'000);
    Publish(prices);
  }
  void AddRule(const std::string& pattern, v1::MeasureCodeKind kind,
               uint32_t decimals, uint32_t weight_decimals = 0) {
    v1::MeasureCodeRule* rule = rules_.mutable_scan_rules_set()->add_rules();
    rule->set_pattern(pattern);
    rule->set_kind(kind);
    rule->set_decimals(decimals);
    rule->set_weight_decimals(weight_decimals);
    Publish(rules_);
  }

  absl::StatusOr<v1::FindItemResponse> Find(absl::string_view code) {
    const ItemShelf shelf{&store_, &core_->books(), "S014", "GBP",
                          absl::CivilDay(2026, 11, 21)};
    v1::FindItemResponse response;
    const absl::Status found = FindItems(shelf, code, &response);
    if (!found.ok()) return found;
    return response;
  }
  // The one match, or one without an item.
  v1::ItemMatch One(absl::string_view code) {
    const auto found = Find(code);
    EXPECT_THAT(found, IsOk()) << code;
    if (!found.ok()) return v1::ItemMatch();
    EXPECT_THAT(found->matches(), SizeIs(1)) << code;
    return found->matches().empty() ? v1::ItemMatch() : found->matches(0);
  }

  static v1::RingRequest Priced(const v1::RingLine& line) {
    v1::RingRequest request;
    *request.add_lines() = line;
    request.mutable_pricing();
    return request;
  }
  static v1::RingRequest Priced(const std::string& sku,
                                int64_t quantity_milli = 1'000) {
    v1::RingLine line;
    line.set_sku(sku);
    line.set_quantity_milli(quantity_milli);
    return Priced(line);
  }
  v1::Sale Rung(const v1::RingRequest& request) {
    const auto outcome = Run(request);
    EXPECT_THAT(outcome, IsOk());
    return outcome.ok() ? outcome->event.sale() : v1::Sale();
  }

  v1::Event rules_;
};

TEST_F(CatalogueSaleTest, OneItemInEveryFormOfItsNumber) {
  v1::Item cola = Item("COLA");
  cola.add_barcodes("036000291452");  // UPC-A
  Add(cola, 120);
  v1::Item gum = Item("GUM");
  gum.add_barcodes("01234565");  // UPC-E of 012345000065
  Add(gum, 50);
  for (const char* code :
       {"036000291452", "0036000291452", "00036000291452", "COLA"}) {
    EXPECT_EQ(One(code).item().sku(), "COLA") << code;
  }
  for (const char* code : {"01234565", "012345000065", "0012345000065",
                           "123456", "]E00012345000065"}) {
    EXPECT_EQ(One(code).item().sku(), "GUM") << code;
  }
  // An EAN-8 that is not also a UPC-E, and one of the shop's own that is.
  v1::Item mint = Item("MINT");
  mint.add_barcodes("96385074");
  mint.add_barcodes("02345673");
  Add(mint, 70);
  for (const char* code : {"96385074", "00000096385074", "]E496385074",
                           "02345673", "]E402345673"}) {
    EXPECT_EQ(One(code).item().sku(), "MINT") << code;
  }
  EXPECT_EQ(One("4006381333931").item().sku(), "PEN");
  EXPECT_EQ(One("4006381333931").prices(0).price_minor_e4(), 1'990'000);
}

TEST_F(CatalogueSaleTest, WhatIsReadWrongIsNotSold) {
  EXPECT_THAT(Find("4006381333932"),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       HasSubstr("its check digit is wrong")));
  EXPECT_THAT(Find("]E04006381333932"),
              StatusIs(absl::StatusCode::kInvalidArgument, _));
  EXPECT_THAT(Find("40063813339"),  // short
              StatusIs(absl::StatusCode::kNotFound, HasSubstr("scan it")));
  EXPECT_THAT(Find("  "), StatusIs(absl::StatusCode::kInvalidArgument, _));
  EXPECT_THAT(Find(std::string(513, '1')),
              StatusIs(absl::StatusCode::kInvalidArgument, _));
  EXPECT_THAT(Find(std::string("4\0002", 3)),
              StatusIs(absl::StatusCode::kNotFound, _));
}

TEST_F(CatalogueSaleTest, AnyBytesAreAnswered) {
  AddRule("21iiiiivvvvvc", v1::MEASURE_CODE_KIND_WEIGHT, 3);
  AddRule("24iiiiivvvvvwwwwwc", v1::MEASURE_CODE_KIND_PRICE, 4, 3);
  SeededRandom random(5);
  for (int i = 0; i < 3'000; ++i) {
    std::string code = i % 3 == 0 ? "]E0" : i % 3 == 1 ? "" : "24";
    const uint64_t size = random.Below(24);
    for (uint64_t k = 0; k < size; ++k) {
      code.push_back(static_cast<char>(i % 5 == 0 ? random.Below(256)
                                                  : '0' + random.Below(10)));
    }
    const absl::StatusCode answer = Find(code).status().code();
    EXPECT_TRUE(answer == absl::StatusCode::kOk ||
                answer == absl::StatusCode::kNotFound ||
                answer == absl::StatusCode::kInvalidArgument)
        << "seed 5, " << i << ": " << answer;
  }
}

TEST_F(CatalogueSaleTest, TwoItemsOnOneCodeAreBothTold) {
  v1::Item ink = Item("INK");
  ink.add_barcodes("4006381333931");
  Add(ink);
  auto found = Find("4006381333931");
  ASSERT_THAT(found, IsOk());
  ASSERT_THAT(found->matches(), SizeIs(2));
  EXPECT_EQ(found->matches(0).item().sku(), "INK");
  EXPECT_EQ(found->matches(1).item().sku(), "PEN");
  EXPECT_FALSE(found->has_item());
  // Given up, or delisted: one is left.
  ink.clear_barcodes();
  Add(ink);
  EXPECT_EQ(One("4006381333931").item().sku(), "PEN");
  ink.add_barcodes("4006381333931");
  ink.set_delisted(true);
  Add(ink);
  EXPECT_EQ(One("4006381333931").item().sku(), "PEN");
}

TEST_F(CatalogueSaleTest, ACartonsCodeBringsPiecesAndPrice) {
  v1::Item cola = Item("COLA");
  v1::ItemCode* ten = cola.add_codes();
  ten->set_code("5000112576009");
  ten->set_pieces(10);
  ten->set_price_minor(999);
  ten->set_currency("GBP");
  v1::ItemCode* six = cola.add_codes();
  six->set_code("SIX");
  six->set_pieces(6);
  Add(cola, 120);
  const v1::Sale sale = Rung(Priced(One("5000112576009").line()));
  EXPECT_EQ(sale.total_minor(), 999);
  EXPECT_EQ(sale.lines(0).quantity_milli(), 10'000);
  EXPECT_EQ(sale.lines(0).price_source(), v1::PRICE_SOURCE_CARTON);
  EXPECT_EQ(Balance(v1::ACCOUNT_KIND_ON_HAND, "sku:COLA"), -10'000);
  EXPECT_EQ(Rung(Priced(One("SIX").line())).total_minor(), 720);
}

TEST_F(CatalogueSaleTest, VariantsAreAskedFor) {
  Add(Item("SHIRT"));
  for (const char* sku : {"SHIRT-S", "SHIRT-L"}) {
    v1::Item variant = Item(sku);
    variant.set_variant_of("SHIRT");
    Add(variant, 1'000);
  }
  auto found = Find("SHIRT");
  ASSERT_THAT(found, IsOk());
  ASSERT_THAT(found->matches(), SizeIs(2));
  EXPECT_EQ(found->matches(0).item().sku(), "SHIRT-L");
  EXPECT_EQ(One("SHIRT-S").item().sku(), "SHIRT-S");
}

TEST_F(CatalogueSaleTest, LabelsOfTheChainsScales) {
  v1::Item ham = Item("HAM");
  ham.set_weighed(true);
  ham.add_barcodes("12345");  // the scale's number
  Add(ham, 2'000);            // 20.00 a kilogram
  AddRule("21iiiiivvvvvc", v1::MEASURE_CODE_KIND_WEIGHT, 3);
  AddRule("22iiiiivvvvvc", v1::MEASURE_CODE_KIND_PRICE, 2);
  AddRule("24iiiiivvvvvwwwwwc", v1::MEASURE_CODE_KIND_PRICE, 2, 3);
  AddRule("29iiiiivvvvvc", v1::MEASURE_CODE_KIND_REDUCED, 2);
  AddRule("no rule at all", v1::MEASURE_CODE_KIND_PRICE, 2);
  // 1.500 kg.
  v1::ItemMatch match = One("2112345015002");
  EXPECT_EQ(match.line().quantity_milli(), 1'500);
  EXPECT_EQ(Rung(Priced(match.line())).total_minor(), 3'000);
  // 4.99 on the label: final, though 0.2495 kg at 20.00 is nearly that.
  const auto code = MeasureRules::Write(
      {"22iiiiivvvvvc", MeasureKind::kPrice, 2}, "12345", 499);
  ASSERT_THAT(code, IsOk());
  match = One(*code);
  EXPECT_EQ(match.line().quantity_milli(), 250);
  const v1::Sale sale = Rung(Priced(match.line()));
  EXPECT_EQ(sale.total_minor(), 499);
  EXPECT_EQ(sale.lines(0).price_source(), v1::PRICE_SOURCE_LABEL);
  // 18 digits: price and weight.
  const std::string body =
      "24"
      "12345"
      "00650"
      "00325";
  match = One(body + Gs1CheckDigit(body));
  EXPECT_EQ(match.line().quantity_milli(), 325);
  EXPECT_EQ(match.line().gross_minor(), 650);
  // One piece, cleared for 0.99.
  match = One(*MeasureRules::Write({"29iiiiivvvvvc", MeasureKind::kReduced, 2},
                                   "12345", 99));
  EXPECT_EQ(match.line().quantity_milli(), 1'000);
  EXPECT_EQ(Rung(Priced(match.line())).total_minor(), 99);
  // Read wrong, or of an item that nobody knows.
  EXPECT_THAT(Find("2112345015003"),
              StatusIs(absl::StatusCode::kInvalidArgument, _));
  EXPECT_THAT(Find(*MeasureRules::Write(
                  {"22iiiiivvvvvc", MeasureKind::kPrice, 2}, "999", 499)),
              StatusIs(absl::StatusCode::kNotFound, _));
  EXPECT_THAT(
      Find("2112345000008"),
      StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("quantity of 0")));
}

TEST_F(CatalogueSaleTest, AnUnknownCodeGoesUnderAnOpenDepartment) {
  v1::Item grocery = Item("DEPT1");
  grocery.set_kind(v1::ITEM_KIND_OPEN_DEPARTMENT);
  grocery.set_keyed_price_max_minor_e4(50'000'000);
  Add(grocery);
  EXPECT_THAT(Find("NEWTEA"),
              StatusIs(absl::StatusCode::kNotFound, HasSubstr("(DEPT1)")));
  v1::RingRequest request = Priced("DEPT1");
  EXPECT_THAT(Run(request), StatusIs(absl::StatusCode::kInvalidArgument,
                                     HasSubstr("key the price")));
  request.mutable_lines(0)->set_unit_price_minor_e4(50'010'000);
  EXPECT_THAT(Run(request), StatusIs(absl::StatusCode::kOutOfRange, _));
  request.mutable_lines(0)->set_unit_price_minor_e4(3'500'000);
  request.mutable_lines(0)->set_unknown_code("NEWTEA");
  request.mutable_lines(0)->set_note("green tea");
  const v1::Sale sale = Rung(request);
  EXPECT_EQ(sale.total_minor(), 350);
  EXPECT_EQ(sale.lines(0).price_source(), v1::PRICE_SOURCE_KEYED);
  EXPECT_FALSE(sale.lines(0).price_overridden());
  EXPECT_EQ(Balance(v1::ACCOUNT_KIND_ON_HAND, "sku:DEPT1"), 0);
  const auto row =
      store_.Get(Table::kDocs, docs::UnknownCode("S014", "NEWTEA"));
  ASSERT_TRUE(row.ok() && row->has_value());
  v1::UnknownCode unknown;
  ASSERT_TRUE(unknown.ParseFromString(**row));
  EXPECT_EQ(unknown.receipt_no(), sale.receipt_no());
  EXPECT_EQ(unknown.note(), "green tea");
  EXPECT_EQ(unknown.unit_price_minor_e4(), 3'500'000);
  // Under anything else it would be lost.
  v1::RingRequest pen = Priced("PEN");
  pen.mutable_lines(0)->set_unknown_code("NEWTEA");
  EXPECT_THAT(Run(pen), StatusIs(absl::StatusCode::kInvalidArgument,
                                 HasSubstr("no open department")));
}

TEST_F(CatalogueSaleTest, ADepositFollowsItsItem) {
  v1::Item bottle = Item("BOTTLE");
  bottle.set_kind(v1::ITEM_KIND_DEPOSIT);
  Add(bottle, 25);
  v1::Item cola = Item("COLA");
  cola.set_deposit_sku("BOTTLE");
  Add(cola, 120);
  v1::RingRequest request = Priced("COLA", 3'000);
  request.mutable_pricing()->mutable_discount()->set_percent_off_bp(1'000);
  request.mutable_pricing()->mutable_discount()->set_reason("friend");
  v1::Sale sale = Rung(request);
  ASSERT_THAT(sale.lines(), SizeIs(2));
  EXPECT_EQ(sale.lines(1).sku(), "BOTTLE");
  EXPECT_EQ(sale.lines(1).quantity_milli(), 3'000);
  EXPECT_TRUE(sale.lines(1).follows_items());
  EXPECT_EQ(sale.lines(1).discount_minor(), 0);  // no discount on deposits
  EXPECT_EQ(sale.total_minor(), 360 - 36 + 75);
  EXPECT_EQ(Balance(v1::ACCOUNT_KIND_ON_HAND, "sku:COLA"), -3'000);
  EXPECT_EQ(Balance(v1::ACCOUNT_KIND_ON_HAND, "sku:BOTTLE"), 0);
  // What a client kept of it is made anew, not added to.
  request = Priced("COLA", 2'000);
  v1::RingLine* kept = request.add_lines();
  kept->set_sku("BOTTLE");
  kept->set_quantity_milli(3'000);
  kept->set_follows_items(true);
  sale = Rung(request);
  ASSERT_THAT(sale.lines(), SizeIs(2));
  EXPECT_EQ(sale.lines(1).quantity_milli(), 2'000);
  // Empties come back alone.
  request = Priced("BOTTLE", -2'000);
  request.mutable_lines(0)->set_kind(v1::LINE_KIND_RETURN);
  EXPECT_EQ(Rung(request).total_minor(), -50);
  EXPECT_EQ(Balance(v1::ACCOUNT_KIND_ON_HAND, "sku:BOTTLE"), 0);
}

TEST_F(CatalogueSaleTest, WhatMayNotGoBelowZeroDoesNot) {
  v1::Item safe = Item("SAFE");
  safe.set_negative_stock(v1::NEGATIVE_STOCK_BLOCK);
  Add(safe, 10'000);
  EXPECT_THAT(Run(Priced("SAFE")),
              StatusIs(absl::StatusCode::kFailedPrecondition,
                       AllOf(HasSubstr("have 0"), HasSubstr("SAFE"))));
  v1::ChangeStockRequest received;
  received.set_reason(v1::STOCK_CHANGE_REASON_RECEIVED);
  received.set_currency("GBP");
  received.add_lines()->set_sku("SAFE");
  received.mutable_lines(0)->set_quantity_milli(1'000);
  ASSERT_THAT(Run(received), IsOk());
  EXPECT_THAT(Run(Priced("SAFE", 2'000)),
              StatusIs(absl::StatusCode::kFailedPrecondition, _));
  EXPECT_EQ(Rung(Priced("SAFE")).total_minor(), 10'000);
}

TEST_F(CatalogueSaleTest, OrItIsSoldAndTold) {
  v1::Item lamp = Item("LAMP");
  lamp.set_negative_stock(v1::NEGATIVE_STOCK_WARN);
  Add(lamp, 500);
  const auto outcome = Run(Priced("LAMP"));
  ASSERT_THAT(outcome, IsOk());
  EXPECT_THAT(outcome->warnings, ElementsAre(HasSubstr("SKU LAMP")));
  EXPECT_THAT(Run(Priced("PEN"))->warnings, IsEmpty());
}

// Points are summed up later from receipts alone: what an item was when it was
// sold counts, whatever it becomes.
TEST_F(CatalogueSaleTest, NoPointsStandsOnTheLine) {
  v1::Item stamps = Item("STAMPS");
  stamps.set_no_points(true);
  Add(stamps, 100);
  v1::RingRequest both = Priced("STAMPS");
  *both.add_lines() = Priced("PEN").lines(0);
  const v1::Sale sale = Rung(both);
  EXPECT_TRUE(sale.lines(0).no_points());
  EXPECT_FALSE(sale.lines(1).no_points());
  both.clear_pricing();  // lines that say themselves what they come to
  both.clear_header();
  EXPECT_TRUE(Rung(both).lines(0).no_points());

  stamps.set_no_points(false);
  Add(stamps);
  v1::RingRequest exchange = Priced("STAMPS");
  v1::RingLine* back = exchange.add_lines();
  back->set_kind(v1::LINE_KIND_RETURN);
  back->set_quantity_milli(-1'000);
  back->set_returns_receipt_no(sale.receipt_no());
  const v1::Sale exchanged = Rung(exchange);
  EXPECT_FALSE(exchanged.lines(0).no_points());
  EXPECT_TRUE(exchanged.lines(1).no_points());
}

TEST_F(CatalogueSaleTest, PicturesAreNamedWhereTheItemIs) {
  v1::Item tea = Item("TEA");
  tea.add_images("https://example.org/tea.jpg");
  tea.add_images("tea-back.png");
  tea.add_barcodes("4711");
  Add(tea, 250);
  EXPECT_THAT(One("4711").item().images(),
              ElementsAre("https://example.org/tea.jpg", "tea-back.png"));
}

TEST_F(CatalogueSaleTest, QuantitiesThatNobodyMeans) {
  EXPECT_THAT(
      Run(Priced("PEN", 0)),
      StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("quantity is 0")));
  EXPECT_THAT(Run(Priced("PEN", 100'000'000'000)),
              StatusIs(absl::StatusCode::kOutOfRange, _));
  EXPECT_THAT(Run(Priced("PEN", 1'000'000'000)),  // a million
              StatusIs(absl::StatusCode::kOutOfRange, _));
}

TEST_F(CatalogueSaleTest, ACapPerBranchCounts) {
  v1::Event event;
  v1::Promotion* half = event.mutable_promotions_set()->add_promotions();
  half->set_id("half");
  half->set_scope(v1::PROMOTION_SCOPE_LINE);
  half->set_offer(v1::OFFER_KIND_SIMPLE);
  half->set_stacking(v1::STACKING_STACKS);
  half->mutable_reward()->set_percent_off_bp(5'000);
  half->set_times_per_branch_max(2);
  half->set_times_per_receipt_max(1);
  Publish(event);
  EXPECT_EQ(Rung(Priced("INK")).total_minor(), 333 - 167);
  v1::Sale sale = Rung(Priced("INK"));
  EXPECT_EQ(sale.total_minor(), 333 - 167);
  ASSERT_THAT(sale.capped_rules(), SizeIs(1));
  EXPECT_EQ(sale.capped_rules(0).times(), 1);
  EXPECT_EQ(Rung(Priced("INK")).total_minor(), 333);
  // The count is the ledger's: it survives a power cut.
  CrashAndOpen();
  EXPECT_EQ(Rung(Priced("INK")).total_minor(), 333);
}

TEST_F(CatalogueSaleTest, ARuleForACategoryHoldsForAllBelowIt) {
  v1::Event tree;
  for (const auto& [id, parent] :
       {std::pair("drinks", ""), std::pair("soft", "drinks"),
        std::pair("loop", "loop2"), std::pair("loop2", "loop")}) {
    v1::Category* category = tree.mutable_categories_set()->add_categories();
    category->set_id(id);
    category->set_parent(parent);
  }
  Publish(tree);
  v1::Item cola = Item("COLA");
  cola.set_category("soft");
  Add(cola, 100);
  v1::Event event;
  v1::Promotion* ten = event.mutable_promotions_set()->add_promotions();
  ten->set_id("ten");
  ten->set_scope(v1::PROMOTION_SCOPE_LINE);
  ten->set_offer(v1::OFFER_KIND_SIMPLE);
  ten->set_stacking(v1::STACKING_STACKS);
  ten->mutable_reward()->set_percent_off_bp(1'000);
  ten->mutable_items()->add_categories("drinks");
  Publish(event);
  EXPECT_EQ(Rung(Priced("COLA")).total_minor(), 90);
  EXPECT_EQ(Rung(Priced("PEN")).total_minor(), 199);
  const auto above = CategoriesAbove(tree.categories_set());
  EXPECT_THAT(above.at("soft"), ElementsAre("drinks"));
  EXPECT_THAT(above.at("loop"), ElementsAre("loop2"));
  EXPECT_THAT(above.at("drinks"), IsEmpty());
}

}  // namespace
}  // namespace branchline

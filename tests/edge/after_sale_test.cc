// What comes after a sale: exchange, the one invoice, and what the cashier is
// told.
#include "absl/strings/ascii.h"
#include "edge/receipt/receipt_code.h"
#include "edge/till/shift_report.h"
#include "tests/edge/shop_fixture.h"

namespace branchline {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class AfterSaleTest : public ShopFixture {
 protected:
  // One of line `line` of `receipt_no` against an INK.
  static v1::RingRequest ExchangeFor(const std::string& receipt_no,
                                     int64_t milli = 1'000, uint32_t line = 0) {
    v1::RingRequest request = Priced("INK");
    v1::RingLine* back = request.add_lines();
    back->set_kind(v1::LINE_KIND_RETURN);
    back->set_quantity_milli(-milli);
    back->set_returns_receipt_no(receipt_no);
    back->set_returns_line(line);
    return request;
  }
  // The same request as a command of its own.
  static v1::RingRequest Again(v1::RingRequest request) {
    request.clear_header();
    return request;
  }
  v1::RequestInvoiceRequest InvoiceFor(const Outcome& sold) {
    v1::RequestInvoiceRequest request;
    request.set_receipt_no(sold.event.sale().receipt_no());
    request.set_code(InvoiceCode(sold.at.hash));
    request.set_buyer_tax_number("91310000MA1K3GCA7B");
    return request;
  }
};

TEST_F(AfterSaleTest, AnExchangeIsOneReceiptWithTheFiguresOfTheFirst) {
  PublishTaxes();
  v1::RingRequest first = Priced("PEN", 3'000);
  first.mutable_lines(0)->mutable_discount()->set_amount_minor(97);
  first.mutable_lines(0)->mutable_discount()->set_reason("torn");
  const v1::Sale sold = Rung(first);
  ASSERT_EQ(sold.total_minor(), 500);

  const v1::Sale exchanged = Rung(ExchangeFor(sold.receipt_no()));
  EXPECT_EQ(exchanged.lines(1).amount_minor(), -167);
  EXPECT_EQ(exchanged.lines(1).sku(), "PEN");
  EXPECT_EQ(exchanged.total_minor(), 333 - 167);
  EXPECT_EQ(exchanged.receipt_no(), "S014-T1-1-000002");
  ASSERT_THAT(exchanged.taxes(), SizeIs(1));
  EXPECT_EQ(exchanged.taxes(0).tax_minor(), 56 - 28);
  EXPECT_EQ(Balance(v1::ACCOUNT_KIND_SOLD, "sku:PEN"), 2'000);
  EXPECT_EQ(Drawer(), 500 + 166);
  // It counts down what may still come back, by either way.
  EXPECT_THAT(Run(ReturnOf(sold.receipt_no(), 3'000)),
              StatusIs(absl::StatusCode::kFailedPrecondition,
                       HasSubstr("3 sold, 1 came back already")));
  EXPECT_EQ(
      Run(ReturnOf(sold.receipt_no(), 2'000))->event.return_().total_minor(),
      -333);
  EXPECT_THAT(Run(ExchangeFor(sold.receipt_no())),
              StatusIs(absl::StatusCode::kFailedPrecondition,
                       HasSubstr("3 came back already")));
  ExpectVerified();
}

// 9.95 by card 5.00, voucher 1.00 and cash; four of five go against a 3.33.
TEST_F(AfterSaleTest, AnExchangeGivesBackToTheTendersOfItsReceipt) {
  const auto held = [&](const char* detail) {
    return Balance(v1::ACCOUNT_KIND_TENDER, "GBP", detail);
  };
  ASSERT_THAT(Run(v1::OpenShiftRequest()), IsOk());
  v1::RingRequest first = Priced("PEN", 5'000);
  Pay(&first, v1::TENDER_KIND_CARD, 500);
  Pay(&first, v1::TENDER_KIND_VOUCHER, 100);
  Pay(&first, v1::TENDER_KIND_CASH, 395);
  const std::string sold = Rung(first).receipt_no();

  const v1::Sale exchanged = Rung(ExchangeFor(sold, 4'000));
  EXPECT_EQ(exchanged.total_minor(), 333 - 796);
  ASSERT_THAT(exchanged.tenders(), SizeIs(1));
  EXPECT_EQ(exchanged.tenders(0).kind(), v1::TENDER_KIND_CARD);
  EXPECT_EQ(exchanged.tenders(0).amount_minor(), -463);
  EXPECT_EQ(held("card:T1"), 500 - 463);
  EXPECT_EQ(Drawer(), 395);
  ExpectVerified();
  // Undone, the card has it again.
  v1::VoidReceiptRequest undo;
  undo.set_receipt_no(exchanged.receipt_no());
  undo.set_reason("wrong colour");
  ASSERT_THAT(Run(undo), IsOk());
  EXPECT_EQ(held("card:T1"), 500);
  ExpectVerified();
  // A later return meets what an exchange has left of the card.
  ASSERT_THAT(Run(ExchangeFor(sold, 4'000)), IsOk());
  CrashAndOpen();
  const auto back = Run(ReturnOf(sold, 1'000));
  ASSERT_THAT(back, IsOk());
  EXPECT_EQ(held("card:T1"), 0);
  EXPECT_EQ(held("voucher:T1"), 0);
  EXPECT_EQ(Drawer(), 395 - (199 - 37 - 100));
  ExpectVerified();
}

TEST_F(AfterSaleTest, AnExchangeGivesBackCashWhereItIsAsked) {
  v1::RingRequest first = Priced("PEN", 2'000);
  Pay(&first, v1::TENDER_KIND_CARD, 398);
  v1::RingRequest exchange = ExchangeFor(Rung(first).receipt_no(), 2'000);
  Pay(&exchange, v1::TENDER_KIND_CASH, -60);
  EXPECT_THAT(Run(exchange),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       HasSubstr("name no tender, or cash of -0.65 GBP")));
  exchange.mutable_tenders(0)->set_amount_minor(-65);
  const v1::Sale exchanged = Rung(exchange);
  ASSERT_THAT(exchanged.tenders(), SizeIs(1));
  EXPECT_EQ(exchanged.tenders(0).kind(), v1::TENDER_KIND_CASH);
  EXPECT_EQ(Drawer(), -65);
  ExpectVerified();
}

// Never more than what comes back of that receipt, whatever else is in it.
TEST_F(AfterSaleTest, AnExchangeOfTwoReceiptsPaysTheOtherInCash) {
  v1::RingRequest first = Priced("PEN", 5'000);
  Pay(&first, v1::TENDER_KIND_CARD, 995);
  const std::string by_card = Rung(first).receipt_no();
  const std::string by_cash = Rung(Priced("PEN", 5'000)).receipt_no();
  v1::RingRequest exchange = ExchangeFor(by_card, 1'000);
  *exchange.add_lines() = ExchangeFor(by_cash, 3'000).lines(1);
  const v1::Sale exchanged = Rung(exchange);
  EXPECT_EQ(exchanged.total_minor(), 333 - 199 - 597);
  ASSERT_THAT(exchanged.tenders(), SizeIs(2));
  EXPECT_EQ(exchanged.tenders(0).amount_minor(), -199);
  EXPECT_EQ(exchanged.tenders(1).kind(), v1::TENDER_KIND_CASH);
  EXPECT_EQ(exchanged.tenders(1).amount_minor(), -264);
  ExpectVerified();
}

TEST_F(AfterSaleTest, AnExchangeThatIsVoidedIsUndoneWhole) {
  v1::OpenShiftRequest shift;
  ASSERT_THAT(Run(shift), IsOk());
  const std::string first = Rung(Priced("PEN", 1'000)).receipt_no();
  v1::VoidReceiptRequest request;
  request.set_receipt_no(Rung(ExchangeFor(first)).receipt_no());
  request.set_reason("wrong colour");
  ASSERT_THAT(Run(request), IsOk());
  EXPECT_EQ(Drawer(), 199);
  EXPECT_THAT(Run(ExchangeFor(first)), IsOk());  // it may come back again
  ExpectVerified();
}

TEST_F(AfterSaleTest, AnExchangeWantsTheReceiptAndItsLine) {
  const std::string first = Rung(Priced()).receipt_no();
  EXPECT_THAT(Run(ExchangeFor("S014-T1-1-000099")),
              StatusIs(absl::StatusCode::kNotFound, HasSubstr("000099")));
  EXPECT_THAT(Run(ExchangeFor(first, 1'000, 4)),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       HasSubstr("the receipt has 1 lines")));
  v1::RingRequest sale = ExchangeFor(first);
  sale.mutable_lines(1)->set_kind(v1::LINE_KIND_SALE);
  sale.mutable_lines(1)->set_quantity_milli(1'000);
  EXPECT_THAT(Run(sale), StatusIs(absl::StatusCode::kInvalidArgument,
                                  HasSubstr("a line of kind return")));
  v1::RingRequest other = ExchangeFor(first);
  other.mutable_lines(1)->set_sku("INK");
  EXPECT_THAT(Run(other), StatusIs(absl::StatusCode::kInvalidArgument,
                                   HasSubstr("sold SKU PEN")));
  v1::RingRequest unpriced = ExchangeFor(first);
  unpriced.clear_pricing();
  EXPECT_THAT(Run(unpriced), StatusIs(absl::StatusCode::kInvalidArgument,
                                      HasSubstr("that the branch prices")));
}

TEST_F(AfterSaleTest, AnInvoiceIsMadeOnceAndOverWhatIsLeft) {
  PublishTaxes();
  const auto sold = Run(Priced("PEN", 3'000));
  ASSERT_THAT(sold, IsOk());
  const std::string receipt_no = sold->event.sale().receipt_no();
  ASSERT_THAT(Run(ReturnOf(receipt_no, 1'000)), IsOk());

  v1::RequestInvoiceRequest wrong = InvoiceFor(*sold);
  wrong.set_code("0000-0000");
  EXPECT_THAT(Run(wrong), StatusIs(absl::StatusCode::kInvalidArgument,
                                   HasSubstr("is not that of receipt")));
  v1::RequestInvoiceRequest request = InvoiceFor(*sold);
  request.set_code(absl::AsciiStrToLower(request.code()));
  const auto made = Run(request);
  ASSERT_THAT(made, IsOk());
  EXPECT_EQ(made->event.invoice_requested().amount_minor(), 398);
  EXPECT_EQ(made->event.invoice_requested().taxes(0).tax_minor(), 67);
  CrashAndOpen();
  EXPECT_THAT(Run(InvoiceFor(*sold)),
              StatusIs(absl::StatusCode::kFailedPrecondition,
                       HasSubstr("has its invoice already")));
  // What comes back from now on wants a credit invoice; the cashier is told.
  const auto back = Run(ReturnOf(receipt_no, 1'000));
  ASSERT_THAT(back, IsOk());
  EXPECT_TRUE(back->event.return_().credit_invoice_due());
  EXPECT_THAT(back->warnings,
              ElementsAre(HasSubstr("a credit invoice is due")));
  ExpectVerified();
}

TEST_F(AfterSaleTest, NoInvoiceOverNothing) {
  const auto sold = Run(Priced());
  ASSERT_THAT(Run(ReturnOf(sold->event.sale().receipt_no(), 1'000)), IsOk());
  EXPECT_THAT(Run(InvoiceFor(*sold)),
              StatusIs(absl::StatusCode::kFailedPrecondition,
                       HasSubstr("nothing is left")));
}

TEST_F(AfterSaleTest, TheCashierIsToldOfChangeThatTheDrawerDoesNotHold) {
  v1::RingRequest request = Priced();  // 1.99
  Pay(&request, v1::TENDER_KIND_CASH, 5'000);
  const auto sold = Run(WithId(request));
  ASSERT_THAT(sold, IsOk());
  EXPECT_THAT(sold->warnings,
              ElementsAre("the drawer should hold 0.00 GBP, and 48.01 GBP goes "
                          "out"));
  // What goes to the safe, or out otherwise, is looked at too.
  v1::MoveCashRequest drop;
  drop.set_kind(v1::CASH_MOVE_KIND_SAFE_DROP);
  drop.mutable_cash()->set_amount_minor(20'000);
  EXPECT_THAT(Run(drop)->warnings,
              ElementsAre("the drawer should hold 1.99 GBP, and 200.00 GBP "
                          "goes out"));
  drop.set_kind(v1::CASH_MOVE_KIND_PAID_IN);
  drop.set_reason("it was 2.00");
  drop.mutable_cash()->set_amount_minor(19'800);
  EXPECT_THAT(Run(drop)->warnings, IsEmpty());
  // Who counts blind hears that it is too much, and not what there is.
  v1::TillPolicy policy;
  policy.set_blind_count(true);
  PublishPolicy(policy);
  EXPECT_THAT(Run(Again(request))->warnings,
              ElementsAre("48.01 GBP goes out, more than the drawer should "
                          "hold"));
  policy.set_blind_count(false);
  PublishPolicy(policy);
  // With enough in it, and on a repeat, nothing is said.
  v1::MoveCashRequest add;
  add.set_kind(v1::CASH_MOVE_KIND_FLOAT);
  add.mutable_cash()->set_amount_minor(10'000);
  ASSERT_THAT(Run(add), IsOk());
  EXPECT_THAT(Run(request)->warnings, IsEmpty());
  // A refund in cash goes out of the drawer too.
  const auto back = Run(ReturnOf(sold->event.sale().receipt_no(), 1'000));
  EXPECT_THAT(back->warnings, IsEmpty());
}

TEST_F(AfterSaleTest, OneLineTwiceInOneExchangeCounts) {
  const std::string sold = Rung(Priced("PEN", 3'000)).receipt_no();
  v1::RingRequest exchange = ExchangeFor(sold, 2'000);
  *exchange.add_lines() = exchange.lines(1);
  EXPECT_THAT(Run(exchange), StatusIs(absl::StatusCode::kFailedPrecondition,
                                      HasSubstr("3 sold, 2 came back")));
}

// ----- members, limits, baskets

TEST_F(AfterSaleTest, AMembersGroupsComeFromTheListThatWasPulled) {
  v1::Event book;
  book.mutable_price_book_set()->set_version(1);
  v1::PriceList* gold = book.mutable_price_book_set()->add_lists();
  gold->set_id("gold");
  gold->set_currency("GBP");
  gold->set_kind(v1::PRICE_LIST_KIND_REGULAR);
  gold->add_customer_groups("gold");
  Publish(book);
  v1::Event prices;
  prices.mutable_list_prices_set()->set_list_id("gold");
  v1::ListPrice* price = prices.mutable_list_prices_set()->add_prices();
  price->set_sku("PEN");
  price->set_price_minor_e4(1'200'000);
  Publish(prices);
  v1::Event members;
  members.mutable_members_set()->add_members()->set_id("M1");
  members.mutable_members_set()->mutable_members(0)->add_groups("gold");
  Publish(members);

  v1::RingRequest request = Priced();
  request.set_member("M1");
  EXPECT_EQ(Rung(request).total_minor(), 120);
  request.set_member("M2");
  const auto stranger = Run(request);
  ASSERT_THAT(stranger, IsOk());  // sold all the same
  EXPECT_EQ(stranger->event.sale().total_minor(), 199);
  EXPECT_THAT(stranger->warnings,
              ElementsAre(HasSubstr("member M2 is not in the list")));
  ExpectVerified();
}

TEST_F(AfterSaleTest, AQuantityOfNothingOrOfAMillionIsAScanIntoTheWrongField) {
  EXPECT_THAT(Run(Priced("PEN", 0)),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       HasSubstr("the quantity is 0")));
  EXPECT_THAT(Run(Priced("PEN", 1'000'000'000)),
              StatusIs(absl::StatusCode::kOutOfRange,
                       HasSubstr("a quantity of 1000000 is above 10000")));
  v1::TillPolicy policy;
  policy.set_line_quantity_max_milli(50'000);
  policy.set_default_tender(v1::TENDER_KIND_CARD);
  PublishPolicy(policy);
  EXPECT_THAT(Run(Priced("PEN", 50'001)),
              StatusIs(absl::StatusCode::kOutOfRange, HasSubstr("above 50")));
  // And who names no tender pays as the shop's policy says.
  EXPECT_EQ(Rung(Priced("PEN", 50'000)).tenders(0).kind(),
            v1::TENDER_KIND_CARD);
}

TEST_F(AfterSaleTest, HandKeyedWeightsAreCountedOnTheZ) {
  v1::RingRequest request = Priced("PEN", 532);
  request.mutable_lines(0)->set_hand_weighed(true);
  ASSERT_THAT(Run(request), IsOk());
  ASSERT_THAT(core_->Look([](const DecideView& view) -> absl::Status {
    const auto x = MakeZ(view, "T1");
    EXPECT_EQ(x->money(0).figures().hand_weighed_lines(), 1);
    return x.status();
  }),
              IsOk());
  ExpectVerified();
}

TEST_F(AfterSaleTest, ABasketThatIsDroppedWithGoodsInItIsAnEvent) {
  v1::SaveBasketRequest save;
  save.mutable_basket()->set_basket_id("B1");
  *save.mutable_basket()->add_lines() = Sale().lines(0);
  ASSERT_THAT(Run(save), IsOk());
  v1::DropBasketRequest drop;
  drop.set_basket_id("B1");
  drop.mutable_header()->set_command_id(NextId());
  std::vector<Command> commands;
  commands.push_back({"T1", clock_.WallNow(), drop});
  const auto dropped = std::move(core_->Execute(commands)[0]);
  ASSERT_THAT(dropped, IsOk());
  EXPECT_EQ(dropped->event.basket_cancelled().reason(), "dropped");
  EXPECT_EQ(dropped->event.basket_cancelled().total_minor(), 199);
  // Again, it is gone: nothing more happens.
  const Cursor head = core_->state().head;
  ASSERT_THAT(std::move(core_->Execute(commands)[0]), IsOk());
  EXPECT_EQ(core_->state().head, head);
  // Without a command id it stays; an empty one goes as it came.
  save.mutable_basket()->set_basket_id("B2");
  ASSERT_THAT(Run(save), IsOk());
  v1::DropBasketRequest bare;
  bare.set_basket_id("B2");
  commands[0].request = bare;
  EXPECT_THAT(core_->Execute(commands)[0],
              StatusIs(absl::StatusCode::kInvalidArgument,
                       HasSubstr("wants a command id")));
  save.mutable_basket()->set_basket_id("B3");
  save.mutable_basket()->clear_lines();
  ASSERT_THAT(Run(save), IsOk());
  bare.set_basket_id("B3");
  commands[0].request = bare;
  EXPECT_THAT(core_->Execute(commands)[0], IsOk());
  ExpectVerified();
}

TEST_F(AfterSaleTest, AParkedBasketKeepsDiscountsAndRemarks) {
  v1::SaveBasketRequest save;
  v1::Basket* basket = save.mutable_basket();
  basket->set_basket_id("B1");
  *basket->add_lines() = Sale("PEN", 2'000).lines(0);
  basket->mutable_pricing()->mutable_discount()->set_amount_minor(98);
  basket->mutable_pricing()->mutable_discount()->set_reason("regular");
  basket->set_note("for the club");
  basket->set_age_checked(true);
  ASSERT_THAT(Run(save), IsOk());
  CrashAndOpen();
  ASSERT_THAT(Run(PairTillCommand{"T2", "hash of T2's key"}, ""), IsOk());
  v1::RingRequest ring;
  ring.set_basket_id("B1");
  const auto rung = Run(ring, "T2");  // at any till
  ASSERT_THAT(rung, IsOk());
  EXPECT_EQ(rung->event.sale().total_minor(), 300);
  EXPECT_EQ(rung->event.sale().note(), "for the club");
  EXPECT_TRUE(rung->event.sale().age_checked());
}

}  // namespace
}  // namespace branchline

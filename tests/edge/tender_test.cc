// Tenders, refunds to where the money came from, taxes that come back, receipts
// that are undone.
#include "sync/journal/verify.h"
#include "tests/edge/edge_fixture.h"
#include "tests/support/status_matchers.h"

namespace branchline {
namespace {

using ::testing::HasSubstr;
using ::testing::SizeIs;

class TenderTest : public EdgeFixture {
 protected:
  TenderTest() { BL_CHECK(OpenDay().ok(), "the day opens"); }

  void Publish(const v1::Event& event) {
    ASSERT_THAT(core_->TakeRecords(chain_.Append(event)), IsOk());
  }
  void PublishTaxes() {
    v1::Event event;
    v1::TaxRule* vat = event.mutable_tax_rules_set()->add_rules();
    vat->set_id("vat");
    vat->add_components()->set_code("vat20");
    vat->mutable_components(0)->set_rate_e6(200'000);
    Publish(event);
  }
  static void Pay(v1::RingRequest* request, v1::TenderKind kind,
                  int64_t amount_minor) {
    v1::Tender* tender = request->add_tenders();
    tender->set_kind(kind);
    tender->set_amount_minor(amount_minor);
    tender->set_reference("4711");
  }
  static v1::RingRequest Priced(int64_t quantity_milli) {
    v1::RingRequest request = Sale("PEN", quantity_milli);
    request.mutable_pricing();
    return request;
  }
  absl::StatusOr<Outcome> Return(const v1::Sale& sale, int64_t quantity_milli,
                                 v1::TenderKind tender = {}) {
    v1::ReturnGoodsRequest request;
    request.set_original_receipt_no(sale.receipt_no());
    request.add_lines()->set_quantity_milli(quantity_milli);
    request.set_tender(tender);
    return Run(request);
  }
  absl::StatusOr<Outcome> Void(const v1::Sale& sale) {
    v1::VoidReceiptRequest request;
    request.set_receipt_no(sale.receipt_no());
    request.set_reason("wrong item");
    return Run(request);
  }
  int64_t Held(const char* detail, const char* currency = "GBP") {
    return Balance(v1::ACCOUNT_KIND_TENDER, currency, detail);
  }
  void ExpectVerified() {
    BL_CHECK(core_->WriteBooks().ok(), "the books are written");
    const auto report = VerifyJournal(
        store_, {.hub_public_key = SeededKey('h').public_key(), .stream = ""});
    ASSERT_THAT(report, IsOk());
    EXPECT_EQ(report->books.faults.first, "");
    EXPECT_EQ(report->docs.faults.first, "");
  }
};

// 5.97 by card 3.00, voucher 2.00 and cash 0.97; it comes back pen by pen.
TEST_F(TenderTest, ARefundGoesBackToItsTendersCardFirst) {
  v1::RingRequest request = Priced(3'000);
  Pay(&request, v1::TENDER_KIND_CARD, 300);
  Pay(&request, v1::TENDER_KIND_VOUCHER, 200);
  Pay(&request, v1::TENDER_KIND_CASH, 100);
  const auto sale = Run(request);
  ASSERT_THAT(sale, IsOk());
  EXPECT_EQ(sale->event.sale().change_minor(), 3);
  EXPECT_EQ(sale->event.sale().tenders(0).reference(), "4711");
  const int64_t left[][3] = {{101, 200, 97}, {0, 102, 97}, {0, 0, 0}};
  for (const auto& [card, voucher, cash] : left) {
    const auto back = Return(sale->event.sale(), 1'000);
    ASSERT_THAT(back, IsOk());
    EXPECT_EQ(back->event.return_().total_minor(), -199);
    EXPECT_EQ(Held("card:T1"), card);
    EXPECT_EQ(Held("voucher:T1"), voucher);
    EXPECT_EQ(Held("cash:T1"), cash);
  }
  ExpectVerified();
}

TEST_F(TenderTest, ARefundAsItIsAskedFor) {
  v1::RingRequest request = Priced(1'000);
  Pay(&request, v1::TENDER_KIND_CARD, 199);
  const auto sale = Run(request);
  ASSERT_THAT(sale, IsOk());
  ASSERT_THAT(Return(sale->event.sale(), 1'000, v1::TENDER_KIND_CASH), IsOk());
  EXPECT_EQ(Held("card:T1"), 199);
  EXPECT_EQ(Held("cash:T1"), -199);
}

TEST_F(TenderTest, TaxesStandInTheirAccountsAndComeBackToTheCent) {
  PublishTaxes();
  const auto sale = Run(Priced(3'000));  // 5.97 with 1.00 of tax in it
  ASSERT_THAT(sale, IsOk());
  EXPECT_EQ(Balance(v1::ACCOUNT_KIND_TAX, "GBP", "vat20"), -100);
  EXPECT_EQ(Balance(v1::ACCOUNT_KIND_REVENUE, "GBP"), -497);
  int64_t tax_minor = 0;
  for (const int64_t want : {-33, -34, -33}) {
    const auto back = Return(sale->event.sale(), 1'000);
    ASSERT_THAT(back, IsOk());
    ASSERT_THAT(back->event.return_().taxes(), SizeIs(1));
    EXPECT_EQ(back->event.return_().taxes(0).tax_minor(), want);
    EXPECT_EQ(back->event.return_().lines(0).taxes(0).tax_minor(), -want);
    tax_minor += back->event.return_().taxes(0).tax_minor();
  }
  EXPECT_EQ(tax_minor, -100);
  EXPECT_EQ(Balance(v1::ACCOUNT_KIND_TAX, "GBP", "vat20"), 0);
  EXPECT_EQ(Balance(v1::ACCOUNT_KIND_RETURNS, "GBP"), 497);
  EXPECT_EQ(Held("cash:T1"), 0);
  ExpectVerified();
}

TEST_F(TenderTest, RoundedCashComesBackRounded) {
  v1::Event swiss;
  v1::Price* price = swiss.mutable_prices_set()->add_prices();
  price->set_sku("PEN");
  price->set_currency("CHF");
  price->set_price_minor_e4(197 * 10'000);
  Publish(swiss);
  v1::RingRequest request = Priced(1'000);
  request.set_currency("CHF");
  const auto sale = Run(request);
  ASSERT_THAT(sale, IsOk());
  EXPECT_EQ(Held("cash:T1", "CHF"), 195);
  const auto back = Return(sale->event.sale(), 1'000);
  ASSERT_THAT(back, IsOk());
  EXPECT_EQ(back->event.return_().total_minor(), -197);
  EXPECT_EQ(back->event.return_().cash_rounding_minor(), 2);
  EXPECT_EQ(Held("cash:T1", "CHF"), 0);
  EXPECT_EQ(Balance(v1::ACCOUNT_KIND_CASH_ROUNDING, "CHF"), 0);
}

TEST_F(TenderTest, AStaticCodeIsTakenUnconfirmedUnderACap) {
  v1::RingRequest request = Priced(1'000);
  Pay(&request, v1::TENDER_KIND_WALLET, 199);
  request.mutable_tenders(0)->set_unconfirmed(true);
  EXPECT_THAT(Run(request),
              StatusIs(absl::StatusCode::kFailedPrecondition,
                       HasSubstr("of one receipt the branch takes at most "
                                 "0.00 GBP")));
  v1::Event policy;
  policy.mutable_till_policy_set()->mutable_policy()->set_unconfirmed_max_minor(
      199);
  Publish(policy);
  ASSERT_THAT(Run(request), IsOk());
  EXPECT_EQ(Held("code:T1"), 199);
  request.mutable_tenders(0)->clear_reference();
  EXPECT_THAT(Run(request), StatusIs(absl::StatusCode::kInvalidArgument,
                                     HasSubstr("needs its last digits")));
}

TEST_F(TenderTest, APostVoidReversesTheReceiptUnderItsOwnNumber) {
  PublishTaxes();
  ASSERT_THAT(Run(v1::OpenShiftRequest()), IsOk());
  v1::RingRequest request = Priced(3'000);
  request.mutable_lines(0)->mutable_discount()->set_amount_minor(97);
  request.mutable_lines(0)->mutable_discount()->set_reason("dented");
  *request.add_lines() = Sale("INK", -1'000).lines(0);
  request.mutable_lines(1)->set_kind(v1::LINE_KIND_RETURN);
  const auto sale = Run(request);
  ASSERT_THAT(sale, IsOk());
  EXPECT_EQ(sale->event.sale().total_minor(), 500 - 333);
  const auto voided = Void(sale->event.sale());
  ASSERT_THAT(voided, IsOk());
  const v1::Sale& reversal = voided->event.sale();
  EXPECT_EQ(reversal.receipt_no(), "S014-T1-1-000002");
  EXPECT_EQ(reversal.voids_receipt_no(), "S014-T1-1-000001");
  EXPECT_EQ(reversal.total_minor(), -167);
  EXPECT_EQ(reversal.lines(0).kind(), v1::LINE_KIND_RETURN);
  EXPECT_EQ(reversal.lines(1).kind(), v1::LINE_KIND_SALE);
  EXPECT_EQ(Held("cash:T1"), 0);
  EXPECT_EQ(Balance(v1::ACCOUNT_KIND_TAX, "GBP", "vat20"), 0);
  EXPECT_EQ(Balance(v1::ACCOUNT_KIND_ON_HAND, "sku:PEN"), 0);
  EXPECT_EQ(Balance(v1::ACCOUNT_KIND_ON_HAND, "sku:INK"), 0);
  // Nothing of it is left to come back, and it is voided once.
  EXPECT_THAT(Return(sale->event.sale(), 1'000),
              StatusIs(absl::StatusCode::kFailedPrecondition,
                       HasSubstr("3 came back already")));
  EXPECT_THAT(Void(sale->event.sale()),
              StatusIs(absl::StatusCode::kFailedPrecondition,
                       HasSubstr("voided already")));
  EXPECT_THAT(Void(reversal), StatusIs(absl::StatusCode::kFailedPrecondition,
                                       HasSubstr("itself voids")));
  EXPECT_THAT(Return(reversal, 1'000),
              StatusIs(absl::StatusCode::kFailedPrecondition,
                       HasSubstr("it sold nothing")));
  ExpectVerified();
}

TEST_F(TenderTest, APostVoidOnlyInTheSameShift) {
  const auto before = Run(Sale());
  ASSERT_THAT(before, IsOk());
  EXPECT_THAT(Void(before->event.sale()),
              StatusIs(absl::StatusCode::kFailedPrecondition,
                       HasSubstr("no shift is open")));
  ASSERT_THAT(Run(v1::OpenShiftRequest()), IsOk());
  EXPECT_THAT(Void(before->event.sale()),
              StatusIs(absl::StatusCode::kFailedPrecondition,
                       HasSubstr("is not of till T1's open shift")));
  const auto sale = Run(Sale());
  ASSERT_THAT(sale, IsOk());
  ASSERT_THAT(Run(PairTillCommand{"T2", "hash of T2's key"}, ""), IsOk());
  ASSERT_THAT(Run(v1::OpenShiftRequest(), "T2"), IsOk());
  v1::VoidReceiptRequest other;
  other.set_receipt_no(sale->event.sale().receipt_no());
  EXPECT_THAT(Run(other, "T2"), StatusIs(absl::StatusCode::kInvalidArgument,
                                         HasSubstr("the reason has 0 bytes")));
  other.set_reason("wrong till");
  EXPECT_THAT(Run(other, "T2"),
              StatusIs(absl::StatusCode::kFailedPrecondition,
                       HasSubstr("is not of till T2's open shift")));
  EXPECT_THAT(Void(sale->event.sale()), IsOk());
}

TEST_F(TenderTest, SomebodyLooksAtTheCustomersAge) {
  v1::Event event = Catalogue();
  event.mutable_items_set()->mutable_items(0)->set_age_limit(18);
  Publish(event);
  v1::RingRequest request = Sale();
  EXPECT_THAT(Run(request), StatusIs(absl::StatusCode::kFailedPrecondition,
                                     HasSubstr("people under 18")));
  request.set_age_checked(true);
  EXPECT_TRUE(Run(request)->event.sale().age_checked());
}

TEST_F(TenderTest, RemarksStandOnTheReceipt) {
  v1::RingRequest request = Priced(1'000);
  request.set_note("call when ready");
  request.mutable_lines(0)->set_note("gift");
  request.mutable_lines(0)->set_salesperson("12");
  const auto sale = Run(request);
  ASSERT_THAT(sale, IsOk());
  EXPECT_EQ(sale->event.sale().note(), "call when ready");
  EXPECT_EQ(sale->event.sale().lines(0).note(), "gift");
  EXPECT_EQ(sale->event.sale().lines(0).salesperson(), "12");
  request.set_note(std::string(201, 'x'));
  EXPECT_THAT(Run(request), StatusIs(absl::StatusCode::kInvalidArgument,
                                     HasSubstr("a note 200")));
}

}  // namespace
}  // namespace branchline

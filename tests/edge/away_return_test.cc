// Goods of a receipt of another branch, taken back with the line down.
#include "absl/strings/escaping.h"
#include "edge/receipt/receipt_code.h"
#include "tests/edge/shop_fixture.h"

namespace branchline {
namespace {

using ::testing::HasSubstr;

class AwayReturnTest : public ShopFixture {
 protected:
  AwayReturnTest() {
    v1::TillPolicy policy;
    policy.set_away_return_max_minor(1'000);
    PublishPolicy(policy);
    PublishBranch(v1::BRANCH_STATUS_ACTIVE);
  }

  void PublishBranch(v1::BranchStatus status) {
    v1::Event event;
    v1::Branch* branch = event.mutable_branch_set()->mutable_branch();
    branch->set_code("S020");
    branch->set_name("Hafen");
    branch->set_status(status);
    v1::ReceiptKey* key = branch->add_receipt_keys();
    key->set_epoch(3);
    key->set_public_key(other_key_.public_key());
    Publish(event);
  }

  // Three pens for 5.00, of which 0.83 is tax, and a kilo of apples for 2.60;
  // the line between was voided.
  static v1::Event SoldThere() {
    v1::Event event;
    event.set_business_date(20261120);
    v1::Sale* sale = event.mutable_sale();
    sale->set_receipt_no("S020-T1-3-000042");
    sale->set_currency("GBP");
    v1::SaleLine* pens = sale->add_lines();
    pens->set_sku("PEN");
    pens->set_quantity_milli(3'000);
    pens->set_amount_minor(500);
    v1::LineTax* tax = pens->add_taxes();
    tax->set_code("vat20");
    tax->set_rate_e6(200'000);
    tax->set_base_minor(417);
    tax->set_tax_minor(83);
    sale->add_lines()->set_voided(true);
    v1::SaleLine* apples = sale->add_lines();
    apples->set_sku("APPLE");
    apples->set_quantity_milli(1'000);
    apples->set_amount_minor(260);
    return event;
  }

  std::string CodeOf(const v1::Event& event) const {
    return ReceiptCode(event, {&other_key_, 3, "S020"});
  }
  absl::StatusOr<Outcome> Return(const std::string& code,
                                 int64_t quantity_milli, uint32_t line = 0) {
    v1::ReturnGoodsRequest request = ReturnOf("", quantity_milli, line);
    request.set_signed_code(code);
    return Run(request);
  }

  const SigningKey other_key_ = SeededKey('o');
};

TEST_F(AwayReturnTest, PaysTheExactCentsInCashAndSaysWhoseGoodsTheyAre) {
  const std::string code = CodeOf(SoldThere());
  int64_t given_back = 0;
  int64_t tax_back = 0;
  for (int i = 0; i < 3; ++i) {
    const auto back = Return(code, 1'000);
    ASSERT_THAT(back, IsOk());
    const v1::Return& made = back->event.return_();
    EXPECT_EQ(made.sold_by_branch(), "S020");
    EXPECT_EQ(made.original_receipt_no(), "S020-T1-3-000042");
    EXPECT_FALSE(made.evidence().empty());
    EXPECT_EQ(made.tenders(0).kind(), v1::TENDER_KIND_CASH);
    given_back -= made.total_minor();
    tax_back -= made.taxes(0).tax_minor();
  }
  EXPECT_EQ(given_back, 500);
  EXPECT_EQ(tax_back, 83);
  EXPECT_EQ(Drawer(), -500);
  EXPECT_EQ(Balance(v1::ACCOUNT_KIND_ON_HAND, "sku:PEN"), 3'000);
  EXPECT_EQ(Balance(v1::ACCOUNT_KIND_TAX, "GBP", "vat20"), 83);
  // Never more than was sold, as far as this branch can know.
  EXPECT_THAT(Return(code, 1'000),
              StatusIs(absl::StatusCode::kFailedPrecondition,
                       HasSubstr("3 sold, 3 came back already")));
  EXPECT_THAT(Return(code, 1'000, 1),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       HasSubstr("nothing was sold on it")));
  ExpectVerified();
}

TEST_F(AwayReturnTest, TheCapIsOfTheReceiptAndSurvivesACrash) {
  v1::TillPolicy policy;
  policy.set_away_return_max_minor(600);
  PublishPolicy(policy);
  const std::string code = CodeOf(SoldThere());
  ASSERT_THAT(Return(code, 3'000), IsOk());
  CrashAndOpen();
  EXPECT_THAT(
      Return(code, 1'000, 2),
      StatusIs(absl::StatusCode::kFailedPrecondition,
               HasSubstr("7.60 GBP would be paid out here in all; the "
                         "cap is 6.00 GBP, of which 1.00 GBP is left")));
  EXPECT_THAT(Return(code, 384, 2), IsOk());  // 1.00
  PublishPolicy(v1::TillPolicy());
  EXPECT_THAT(Return(code, 100, 2),
              StatusIs(absl::StatusCode::kFailedPrecondition,
                       HasSubstr("the cap is 0.00 GBP")));
}

TEST_F(AwayReturnTest, AForgedCodeGetsNothing) {
  // Somebody else's key, and one changed amount under a true signature.
  const SigningKey stranger = SeededKey('x');
  EXPECT_THAT(Return(ReceiptCode(SoldThere(), {&stranger, 3, "S020"}), 1'000),
              StatusIs(absl::StatusCode::kUnauthenticated,
                       HasSubstr("was not made by branch S020")));
  auto receipt = *DecodeReceiptCode(CodeOf(SoldThere()));
  v1::ReceiptEvidence evidence = *EvidenceIn(receipt);
  evidence.mutable_lines(0)->set_amount_minor(90'000);
  receipt.set_evidence(evidence.SerializeAsString());
  EXPECT_THAT(
      Return("BL2:" + absl::WebSafeBase64Escape(receipt.SerializeAsString()),
             1'000),
      StatusIs(absl::StatusCode::kUnauthenticated, HasSubstr("S020")));
  // A signature for another purpose proves nothing here.
  v1::SignedReceipt checkpoint;
  checkpoint.set_evidence(receipt.evidence());
  checkpoint.set_signature(
      other_key_.Sign(kCheckpointPurpose, checkpoint.evidence()));
  EXPECT_THAT(
      Return("BL2:" + absl::WebSafeBase64Escape(checkpoint.SerializeAsString()),
             1'000),
      StatusIs(absl::StatusCode::kUnauthenticated, HasSubstr("S020")));
  EXPECT_EQ(Drawer(), 0);
}

TEST_F(AwayReturnTest, WhoIsNotKnownOrNotTrustedIsNotBelieved) {
  EXPECT_THAT(Return(ReceiptCode(SoldThere(), {&other_key_, 3, "S077"}), 1'000),
              StatusIs(absl::StatusCode::kFailedPrecondition,
                       HasSubstr("which S014 does not know")));
  EXPECT_THAT(Return(ReceiptCode(SoldThere(), {&other_key_, 4, "S020"}), 1'000),
              StatusIs(absl::StatusCode::kFailedPrecondition,
                       HasSubstr("key of branch S020 of epoch 4 has not")));
  PublishBranch(v1::BRANCH_STATUS_FENCED);
  EXPECT_THAT(Return(CodeOf(SoldThere()), 1'000),
              StatusIs(absl::StatusCode::kFailedPrecondition,
                       HasSubstr("branch S020 is fenced")));
}

TEST_F(AwayReturnTest, AnotherCurrencyOrATillThatTrainsPaysNothing) {
  PublishBranch(v1::BRANCH_STATUS_ACTIVE);
  v1::TillPolicy policy;
  policy.set_away_return_max_minor(10'000);
  PublishPolicy(policy);
  v1::Event foreign = SoldThere();
  foreign.mutable_sale()->set_currency("EUR");
  EXPECT_THAT(Return(CodeOf(foreign), 1'000),
              StatusIs(absl::StatusCode::kFailedPrecondition,
                       HasSubstr("was paid in EUR")));
  v1::SetTrainingRequest train;
  train.set_on(true);
  ASSERT_THAT(Run(train), IsOk());
  EXPECT_THAT(Return(CodeOf(SoldThere()), 1'000),
              StatusIs(absl::StatusCode::kFailedPrecondition,
                       HasSubstr("receipts of training alone")));
}

TEST_F(AwayReturnTest, WhatIsNoCodeIsRefused) {
  for (const char* code : {"4006381333931", "BL2:", "BL2:????", "BL2:AAAA",
                           "BL1;S014-T1-1-000001"}) {
    EXPECT_THAT(Return(code, 1'000),
                StatusIs(absl::StatusCode::kInvalidArgument,
                         HasSubstr("not the code of a receipt")))
        << code;
  }
  v1::ReturnGoodsRequest both = ReturnOf("S014-T1-1-000001", 1'000);
  both.set_signed_code(CodeOf(SoldThere()));
  EXPECT_THAT(Run(both), StatusIs(absl::StatusCode::kInvalidArgument,
                                  HasSubstr("not both")));
  v1::ReturnGoodsRequest card = ReturnOf("", 1'000);
  card.set_signed_code(CodeOf(SoldThere()));
  card.set_tender(v1::TENDER_KIND_CARD);
  EXPECT_THAT(Run(card), StatusIs(absl::StatusCode::kInvalidArgument,
                                  HasSubstr("cash is paid back")));
}

TEST_F(AwayReturnTest, AReceiptWithMoreThanTwentyLinesHasNoSignedCode) {
  v1::Event sold = SoldThere();
  while (sold.sale().lines_size() < kEvidenceLinesMax + 1) {
    *sold.mutable_sale()->add_lines() = sold.sale().lines(0);
  }
  EXPECT_NE(CodeOf(sold), "");  // 20 and a voided one
  EXPECT_LE(CodeOf(sold).size(), kReceiptCodeSizeMax);
  *sold.mutable_sale()->add_lines() = sold.sale().lines(0);
  EXPECT_EQ(CodeOf(sold), "");
}

// This branch's own code is its receipt, with its own tenders.
TEST_F(AwayReturnTest, AnOwnCodeIsTheOwnReceipt) {
  v1::Event own;
  v1::Branch* branch = own.mutable_branch_set()->mutable_branch();
  branch->set_code("S014");
  branch->add_receipt_keys()->set_epoch(1);
  branch->mutable_receipt_keys(0)->set_public_key(SeededKey('e').public_key());
  Publish(own);
  v1::RingRequest request = Priced("PEN", 2'000);
  Pay(&request, v1::TENDER_KIND_CARD, 398);
  const auto sold = Run(request);
  ASSERT_THAT(sold, IsOk());
  const SigningKey key = SeededKey('e');
  const auto back = Return(ReceiptCode(sold->event, {&key, 1, "S014"}), 1'000);
  ASSERT_THAT(back, IsOk());
  EXPECT_EQ(back->event.return_().sold_by_branch(), "");
  EXPECT_EQ(back->event.return_().tenders(0).kind(), v1::TENDER_KIND_CARD);
  ExpectVerified();
}

}  // namespace
}  // namespace branchline

// A till that trains: the same rules, and nothing of it counts.
#include "edge/till/shift_report.h"
#include "tests/edge/shop_fixture.h"

namespace branchline {
namespace {

using ::testing::HasSubstr;

class TrainingTest : public ShopFixture {
 protected:
  absl::StatusOr<Outcome> Train(bool on) {
    v1::SetTrainingRequest request;
    request.set_on(on);
    request.set_reason("new colleague");
    return Run(request);
  }
};

TEST_F(TrainingTest, HasANumberSeriesAndAccountsOfItsOwn) {
  ASSERT_EQ(Rung(Sale()).receipt_no(), "S014-T1-1-000001");
  ASSERT_THAT(Train(true), IsOk());
  const auto trained = Run(Priced("PEN", 3'000));
  ASSERT_THAT(trained, IsOk());
  EXPECT_FALSE(trained->event.has_sale());
  EXPECT_EQ(trained->event.training_receipt().sale().receipt_no(),
            "S014-T1-1-T000001");
  for (const v1::Account& account : trained->event.accounts()) {
    EXPECT_EQ(account.kind(), v1::ACCOUNT_KIND_TRAINING);
  }
  EXPECT_EQ(Balance(v1::ACCOUNT_KIND_TRAINING, "GBP", "20:cash:T1"), 597);
  EXPECT_EQ(Drawer(), 199);
  EXPECT_EQ(Balance(v1::ACCOUNT_KIND_SOLD, "sku:PEN"), 1'000);
  EXPECT_EQ(Balance(v1::ACCOUNT_KIND_TRAINING, "sku:PEN", "2:"), 3'000);

  EXPECT_EQ(Rung(Sale("INK")).receipt_no(), "S014-T1-1-T000002");
  CrashAndOpen();
  EXPECT_EQ(Rung(Sale("INK")).receipt_no(), "S014-T1-1-T000003");
  ASSERT_THAT(Train(false), IsOk());
  EXPECT_EQ(Rung(Sale()).receipt_no(), "S014-T1-1-000002");
  ExpectVerified();
}

TEST_F(TrainingTest, NoFigureOfTheShopCountsIt) {
  ASSERT_THAT(Run(Sale()), IsOk());
  ASSERT_THAT(Train(true), IsOk());
  ASSERT_THAT(Run(Sale("PEN", 5'000)), IsOk());
  ASSERT_THAT(Train(false), IsOk());
  const auto sealed = CloseDay();
  ASSERT_THAT(sealed, IsOk());
  EXPECT_EQ(sealed->event.day_closed().receipts(), 1u);
  EXPECT_EQ(sealed->event.day_closed().totals(0).net_minor(), 199);
}

TEST_F(TrainingTest, GoodsComeBackAgainstReceiptsOfTrainingAlone) {
  const std::string real = Rung(Priced()).receipt_no();
  ASSERT_THAT(Train(true), IsOk());
  const std::string trained = Rung(Priced("PEN", 2'000)).receipt_no();
  const auto back = Run(ReturnOf(trained, 1'000));
  ASSERT_THAT(back, IsOk());
  EXPECT_EQ(back->event.training_receipt().return_().receipt_no(),
            "S014-T1-1-T000002");
  EXPECT_EQ(back->event.training_receipt().return_().total_minor(), -199);
  EXPECT_THAT(Run(ReturnOf(real, 1'000)),
              StatusIs(absl::StatusCode::kNotFound, HasSubstr(real)));
  ASSERT_THAT(Train(false), IsOk());
  EXPECT_THAT(Run(ReturnOf(trained, 1'000)),
              StatusIs(absl::StatusCode::kNotFound, HasSubstr(trained)));
  EXPECT_EQ(Drawer(), 199);
  ExpectVerified();
}

TEST_F(TrainingTest, NoMoreComesBackThanWasSoldLessWhatCameBackInTraining) {
  const v1::Sale real = Rung(Priced("PEN", 3'000));
  ASSERT_THAT(Train(true), IsOk());
  const std::string trained = Rung(Priced("PEN", 3'000)).receipt_no();
  ASSERT_THAT(Run(ReturnOf(trained, 2'000)), IsOk());
  CrashAndOpen();
  EXPECT_THAT(Run(ReturnOf(trained, 2'000)),
              StatusIs(absl::StatusCode::kFailedPrecondition,
                       HasSubstr("3 sold, 2 came back already, 2 more")));
  // Also within an exchange.
  v1::RingRequest exchange = Priced("INK");
  v1::RingLine* back = exchange.add_lines();
  back->set_kind(v1::LINE_KIND_RETURN);
  back->set_quantity_milli(-1'000);
  back->set_returns_receipt_no(trained);
  ASSERT_THAT(Run(exchange), IsOk());
  exchange.clear_header();
  EXPECT_THAT(Run(exchange), StatusIs(absl::StatusCode::kFailedPrecondition,
                                      HasSubstr("3 came back already")));
  ASSERT_THAT(Train(false), IsOk());
  // Of the real one all may still come back.
  EXPECT_THAT(Run(ReturnOf(real.receipt_no(), 3'000)), IsOk());
  ExpectVerified();
}

TEST_F(TrainingTest, AReceiptOfTrainingIsVoidedOnce) {
  ASSERT_THAT(Run(v1::OpenShiftRequest()), IsOk());
  ASSERT_THAT(Train(true), IsOk());
  v1::VoidReceiptRequest undo;
  undo.set_receipt_no(Rung(Priced()).receipt_no());
  undo.set_reason("try it");
  ASSERT_THAT(Run(undo), IsOk());
  undo.clear_header();
  EXPECT_THAT(Run(undo), StatusIs(absl::StatusCode::kFailedPrecondition,
                                  HasSubstr("or it was voided already")));
  EXPECT_THAT(Run(ReturnOf(undo.receipt_no(), 1'000)),
              StatusIs(absl::StatusCode::kFailedPrecondition,
                       HasSubstr("1 came back already")));
  ExpectVerified();
}

// A copy of a receipt of training is one, and stands on no Z.
TEST_F(TrainingTest, CopiesCountNowhere) {
  const std::string real = Rung(Sale()).receipt_no();
  ASSERT_THAT(Train(true), IsOk());
  v1::ReprintReceiptRequest copy;
  copy.set_receipt_no(Rung(Sale()).receipt_no());
  const auto copied = Run(copy);
  ASSERT_THAT(copied, IsOk());
  EXPECT_EQ(copied->event.paper_reprinted().times(), 1u);
  EXPECT_EQ(copied->event.paper_reprinted().currency(), "");
  copy.set_receipt_no(real);
  EXPECT_THAT(Run(copy),
              StatusIs(absl::StatusCode::kNotFound, HasSubstr("of training")));
  ASSERT_THAT(Train(false), IsOk());
  ASSERT_THAT(Run(copy), IsOk());
  ASSERT_THAT(core_->Look([](const DecideView& view) -> absl::Status {
    const auto x = MakeZ(view, "T1");
    EXPECT_EQ(x->money(0).figures().reprints(), 1);
    return x.status();
  }),
              IsOk());
  ExpectVerified();
}

TEST_F(TrainingTest, WhatWouldBeRealIsRefused) {
  ASSERT_THAT(Train(true), IsOk());
  v1::MoveCashRequest drop;
  drop.set_kind(v1::CASH_MOVE_KIND_SAFE_DROP);
  drop.mutable_cash()->set_amount_minor(100);
  EXPECT_THAT(Run(drop), StatusIs(absl::StatusCode::kFailedPrecondition,
                                  HasSubstr("till T1 trains")));
  EXPECT_THAT(Run(v1::OpenShiftRequest()),
              StatusIs(absl::StatusCode::kFailedPrecondition,
                       HasSubstr("end the training first")));
  v1::OpenDrawerRequest open;
  EXPECT_THAT(Run(open), StatusIs(absl::StatusCode::kFailedPrecondition,
                                  HasSubstr("trains")));
  v1::RingRequest paid = Priced();
  paid.set_payment_sale_id("sale 1");
  EXPECT_THAT(Run(paid), StatusIs(absl::StatusCode::kFailedPrecondition,
                                  HasSubstr("the sale was paid for")));
  EXPECT_THAT(Train(true), StatusIs(absl::StatusCode::kFailedPrecondition,
                                    HasSubstr("trains already")));
  // Another till of the shop is not in training.
  ASSERT_THAT(Run(PairTillCommand{"T2", "hash of T2's key"}, ""), IsOk());
  const auto other = Run(Sale(), "T2");
  ASSERT_THAT(other, IsOk());
  EXPECT_TRUE(other->event.has_sale());
}

TEST_F(TrainingTest, ABasketIsRungWhereItWasBegun) {
  v1::SaveBasketRequest save;
  save.mutable_basket()->set_basket_id("B1");
  *save.mutable_basket()->add_lines() = Sale().lines(0);
  ASSERT_THAT(Run(save), IsOk());
  ASSERT_THAT(Train(true), IsOk());
  v1::RingRequest ring;
  ring.set_basket_id("B1");
  EXPECT_THAT(Run(ring), StatusIs(absl::StatusCode::kFailedPrecondition,
                                  HasSubstr("begun at a real till")));
  v1::CancelBasketRequest cancel;
  cancel.set_basket_id("B1");
  EXPECT_THAT(Run(cancel), StatusIs(absl::StatusCode::kFailedPrecondition,
                                    HasSubstr("begun at a real till")));
  save.mutable_basket()->set_basket_id("B2");
  ASSERT_THAT(Run(save), IsOk());
  ASSERT_THAT(Train(false), IsOk());
  ring.set_basket_id("B2");
  EXPECT_THAT(Run(ring), StatusIs(absl::StatusCode::kFailedPrecondition,
                                  HasSubstr("begun in training")));
  ring.set_basket_id("B1");
  EXPECT_EQ(Rung(ring).receipt_no(), "S014-T1-1-000001");
}

// Whoever sells in training keeps the money: not everybody may start it.
TEST_F(TrainingTest, WantsTheRight) {
  v1::TillPolicy policy;
  policy.set_sign_on_required(true);
  PublishPolicy(policy);
  AddStaff("7", "cashier");
  AddStaff("9", "supervisor");
  ASSERT_THAT(SignOn("7"), IsOk());
  EXPECT_THAT(Train(true), StatusIs(absl::StatusCode::kPermissionDenied,
                                    HasSubstr("training")));
  ASSERT_THAT(SignOn("9"), IsOk());
  EXPECT_THAT(Train(true), IsOk());
  // The trainee signs on and sells; the end again wants the right.
  ASSERT_THAT(SignOn("7"), IsOk());
  EXPECT_EQ(Rung(Sale()).receipt_no(), "S014-T1-1-T000001");
  EXPECT_THAT(Train(false), StatusIs(absl::StatusCode::kPermissionDenied,
                                     HasSubstr("training")));
}

}  // namespace
}  // namespace branchline

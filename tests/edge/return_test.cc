#include "tests/edge/edge_fixture.h"
#include "tests/support/status_matchers.h"

namespace branchline {
namespace {

using ::testing::HasSubstr;

class ReturnTest : public EdgeFixture {
 protected:
  ReturnTest() {
    BL_CHECK(OpenDay().ok(), "the day opens");
    v1::RingRequest request = Sale("PEN", 3'000);
    request.mutable_lines(0)->set_discount_minor(97);  // 597 - 97 = 500
    receipt_no_ = Run(request)->event.sale().receipt_no();
  }

  absl::StatusOr<Outcome> Return(int64_t quantity_milli, uint32_t line = 0) {
    v1::ReturnGoodsRequest request;
    request.set_original_receipt_no(receipt_no_);
    request.add_lines()->set_original_line(line);
    request.mutable_lines(0)->set_quantity_milli(quantity_milli);
    return Run(request);
  }

  std::string receipt_no_;
};

TEST_F(ReturnTest, ThreeReturnsOfOneGiveBackExactlyWhatWasPaid) {
  int64_t given_back = 0;
  for (const int64_t want : {167, 166, 167}) {
    const auto outcome = Return(1'000);
    ASSERT_THAT(outcome, IsOk());
    EXPECT_EQ(-outcome->event.return_().total_minor(), want);
    given_back -= outcome->event.return_().total_minor();
  }
  EXPECT_EQ(given_back, 500);
  EXPECT_EQ(Balance(v1::ACCOUNT_KIND_TENDER, "GBP", "cash:T1"), 0);
  EXPECT_EQ(Balance(v1::ACCOUNT_KIND_ON_HAND, "sku:PEN"), 0);
  EXPECT_THAT(Return(1), StatusIs(absl::StatusCode::kFailedPrecondition,
                                  HasSubstr("3 sold, 3 came back already")));
}

TEST_F(ReturnTest, TakesTheNextReceiptNumber) {
  EXPECT_EQ(Return(1'000)->event.return_().receipt_no(), "S014-T1-1-000002");
}

TEST_F(ReturnTest, CountsReturnsOfTheSameBatch) {
  v1::ReturnGoodsRequest request;
  request.set_original_receipt_no(receipt_no_);
  request.add_lines()->set_quantity_milli(2'000);
  std::vector<Command> both;
  both.push_back({"T1", clock_.WallNow(), WithId(request)});
  both.push_back({"T1", clock_.WallNow(), WithId(request)});
  const auto outcomes = core_->Execute(both);
  EXPECT_THAT(outcomes[0], IsOk());
  EXPECT_THAT(outcomes[1], StatusIs(absl::StatusCode::kFailedPrecondition,
                                    HasSubstr("2 came back already")));
}

TEST_F(ReturnTest, OneLineTwiceInOneReturnCounts) {
  v1::ReturnGoodsRequest request;
  request.set_original_receipt_no(receipt_no_);
  request.add_lines()->set_quantity_milli(2'000);
  request.add_lines()->set_quantity_milli(2'000);
  EXPECT_THAT(Run(request), StatusIs(absl::StatusCode::kFailedPrecondition,
                                     HasSubstr("2 more cannot")));
}

TEST_F(ReturnTest, RefusesWhatTheReceiptDoesNotHave) {
  EXPECT_THAT(Return(1'000, 7), StatusIs(absl::StatusCode::kInvalidArgument,
                                         HasSubstr("the receipt has 1 lines")));
  EXPECT_THAT(Return(0), StatusIs(absl::StatusCode::kInvalidArgument,
                                  HasSubstr("must be above 0")));
  receipt_no_ = "S015-T1-1-000001";
  EXPECT_THAT(Return(1'000), StatusIs(absl::StatusCode::kNotFound,
                                      HasSubstr("is not a sale of S014")));
}

}  // namespace
}  // namespace branchline

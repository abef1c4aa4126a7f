// Goods that two dark branches paid for: a line each, which names them.

#include <string>

#include "hub/report/branch_overview.h"
#include "tests/hub/test_chain.h"
#include "tests/support/status_matchers.h"

namespace branchline {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr char kReceiptNo[] = "S001-T1-1-000001";

// A return of `milli` of line 0 of that receipt, at `branch`.
v1::Event ReturnAt(absl::string_view branch, int64_t milli, uint64_t number) {
  v1::Event event = SaleOf(branch, 20261120, number, "PEN", milli, milli / 5);
  for (v1::Posting& posting : *event.mutable_postings()) {
    const uint32_t source = posting.source();
    posting.set_source(posting.destination());
    posting.set_destination(source);
  }
  const v1::Sale sale = event.sale();
  v1::Return* back = event.mutable_return_();
  back->set_receipt_no(sale.receipt_no());
  back->set_receipt_counter(number);
  back->set_original_receipt_no(kReceiptNo);
  back->set_currency("GBP");
  if (branch != "S001") back->set_sold_by_branch("S001");
  back->add_lines()->set_sku("PEN");
  back->mutable_lines(0)->set_quantity_milli(milli);
  return event;
}

class ReturnedAwayTest : public ::testing::Test {
 protected:
  ReturnedAwayTest() : seller('a'), second('b'), third('c') {
    EXPECT_THAT(seller.Join(&hub, hub.AddBranch("S001")), IsOk());
    EXPECT_THAT(second.Join(&hub, hub.AddBranch("S002")), IsOk());
    EXPECT_THAT(third.Join(&hub, hub.AddBranch("S003")), IsOk());
  }

  void Push(TestBox* box) { ASSERT_THAT(box->PushTo(&hub), IsOk()); }
  void Sell(int64_t milli) {
    seller.Append(OpenDay(20261120));
    seller.Append(SaleOf("S001", 20261120, 1, "PEN", milli, 597));
  }
  std::vector<std::string> Exceptions(const std::string& branch = "") {
    std::vector<std::string> texts;
    const auto listed = ListExceptions(*hub.store, branch);
    EXPECT_THAT(listed, IsOk());
    for (const v1::ExceptionInfo& info : listed->exceptions()) {
      texts.push_back(info.stream() + ": " + info.what());
    }
    return texts;
  }

  TestHub hub;
  TestBox seller, second, third;
};

TEST_F(ReturnedAwayTest, NamesTheBranchesWhenMoreCameBackThanWasSold) {
  Sell(3'000);
  Push(&seller);
  second.Append(ReturnAt("S002", 2'000, 1));
  Push(&second);
  EXPECT_THAT(Exceptions(), IsEmpty());
  third.Append(ReturnAt("S003", 1'000, 1));
  Push(&third);
  EXPECT_THAT(Exceptions(), IsEmpty());  // as many as were sold
  seller.Append(ReturnAt("S001", 1'000, 2));
  Push(&seller);
  const char kWhat[] =
      "edge:S001: returned twice: line 1 of receipt S001-T1-1-000001 (SKU "
      "PEN): 3 sold, 4 came back: 1 at S001, 2 at S002, 1 at S003";
  EXPECT_THAT(Exceptions(), ElementsAre(kWhat));
  // Asked of any of them, and of nobody else.
  EXPECT_THAT(Exceptions("S003"), ElementsAre(kWhat));
  hub.AddBranch("S004");
  EXPECT_THAT(Exceptions("S004"), IsEmpty());
}

// In whatever order the journals come: the sale itself may be the last.
TEST_F(ReturnedAwayTest, WaitsForTheSale) {
  second.Append(ReturnAt("S002", 1'000, 1));
  Push(&second);
  third.Append(ReturnAt("S003", 1'000, 1));
  Push(&third);
  EXPECT_THAT(Exceptions(), IsEmpty());
  Sell(1'000);
  Push(&seller);
  EXPECT_THAT(Exceptions(),
              ElementsAre("edge:S001: returned twice: line 1 of receipt "
                          "S001-T1-1-000001 (SKU PEN): 1 sold, 2 came back: 1 "
                          "at S002, 1 at S003"));
}

// What makes it possible: every branch pulls the others' keys, by epoch.
TEST_F(ReturnedAwayTest, JoiningPublishesTheKeyThatSignsReceipts) {
  const auto branch = hub.store->ReadBranch("S002");
  ASSERT_THAT(branch, IsOk());
  ASSERT_EQ((*branch)->receipt_keys_size(), 1);
  EXPECT_EQ((*branch)->receipt_keys(0).epoch(), 1u);
  EXPECT_EQ((*branch)->receipt_keys(0).public_key(), second.key.public_key());
  TestBox again('d');
  ASSERT_THAT(again.Join(&hub, hub.Token("S002", /*recover=*/true)), IsOk());
  const auto recovered = hub.store->ReadBranch("S002");
  ASSERT_EQ((*recovered)->receipt_keys_size(), 2);  // old receipts still count
  EXPECT_EQ((*recovered)->receipt_keys(1).epoch(), 2u);
  EXPECT_EQ((*recovered)->receipt_keys(1).public_key(), again.key.public_key());
}

}  // namespace
}  // namespace branchline

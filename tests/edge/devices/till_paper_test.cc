// Paper that somebody asks for at a till with a printer: an X, copies.

#include "sync/journal/journal.h"
#include "tests/edge/devices/till_paper_fixture.h"

namespace branchline {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

using TillPaperTest = TillPaperFixture;

TEST_F(TillPaperTest, AnXComesOutOnceForEachRequest) {
  Serve();
  Execute(Sale());
  ASSERT_TRUE(Slips(1));
  v1::PrintXRequest request;
  request.set_request_id(NextId());
  v1::PrintXResponse response;
  ASSERT_THAT(devices_->PrintX(Key(), request, &response), IsOk());
  EXPECT_EQ(response.printer(), "printer-1");
  ASSERT_THAT(devices_->PrintX(Key(), request, &response), IsOk());
  ASSERT_TRUE(Slips(2));
  const std::string paper = PaperOf(*counter_);
  EXPECT_EQ(CountOf(paper, "X REPORT"), 1) << paper;
  EXPECT_THAT(paper,
              AllOf(HasSubstr("not the end of the shift"),
                    HasSubstr("Corner Shops Ltd"), Not(HasSubstr("COPY"))));
  EXPECT_THAT(devices_->PrintX(Key("T3"), request, &response),
              StatusIs(absl::StatusCode::kNotFound,
                       HasSubstr("till T3 has no printer")));
  request.set_request_id("short");
  EXPECT_THAT(
      devices_->PrintX(Key(), request, &response),
      StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("has 5 bytes")));
}

TEST_F(TillPaperTest, ACopyIsJournalledCountedAndMarked) {
  Serve();
  const std::string receipt = Execute(Sale()).event.sale().receipt_no();
  ASSERT_TRUE(Slips(1));
  v1::ReprintReceiptRequest request = CopyOf(receipt);
  request.mutable_header()->set_staff("ada");
  v1::ReprintReceiptResponse response;
  ASSERT_THAT(devices_->ReprintReceipt(Key(), request, &response), IsOk());
  EXPECT_EQ(response.printer(), "printer-1");
  EXPECT_EQ(response.reprinted().times(), 1u);
  EXPECT_FALSE(response.landed().repeated());
  // The answer was lost: the same again is no second copy.
  ASSERT_THAT(devices_->ReprintReceipt(Key(), request, &response), IsOk());
  EXPECT_TRUE(response.landed().repeated());
  ASSERT_TRUE(Slips(2));
  ASSERT_THAT(devices_->ReprintReceipt(Key(), CopyOf(receipt), &response),
              IsOk());
  EXPECT_EQ(response.reprinted().times(), 2u);
  ASSERT_TRUE(Slips(3));
  const std::string paper = PaperOf(*counter_);
  EXPECT_EQ(CountOf(paper, receipt), 3) << paper;
  EXPECT_EQ(CountOf(paper, "*** COPY ***"), 4);  // over and under each
  EXPECT_EQ(Reprints(), 2);
  std::vector<std::string> who;
  EXPECT_THAT(ForEachRecord(store_, "edge:S014", Cursor(),
                            [&](const v1::Record& record) -> absl::Status {
                              v1::Event event;
                              event.ParseFromString(record.payload());
                              if (event.has_paper_reprinted()) {
                                EXPECT_EQ(event.paper_reprinted().document_no(),
                                          receipt);
                                who.push_back(event.staff());
                              }
                              return absl::OkStatus();
                            }),
              IsOk());
  EXPECT_EQ(who, (std::vector<std::string>{"ada", ""}));
  ExpectVerified();
}

TEST_F(TillPaperTest, ACopyOfAZAndWhatHasNoCopy) {
  Serve();
  Execute(v1::OpenShiftRequest());
  const std::string z_no =
      Execute(v1::CloseShiftRequest()).event.shift_closed().z_no();
  ASSERT_TRUE(Slips(1));
  v1::ReprintReceiptResponse response;
  ASSERT_THAT(devices_->ReprintReceipt(Key(), CopyOf(z_no), &response), IsOk());
  ASSERT_TRUE(Slips(2));
  const std::string paper = PaperOf(*counter_);
  EXPECT_EQ(CountOf(paper, "Z REPORT"), 2) << paper;
  EXPECT_EQ(CountOf(paper, "*** COPY ***"), 2) << paper;
  EXPECT_THAT(
      devices_->ReprintReceipt(Key(), CopyOf("S014-T1-1-Z000009"), &response),
      StatusIs(absl::StatusCode::kNotFound, HasSubstr("no receipt or Z")));
  // Without a printer nothing is journalled: nobody has a copy.
  EXPECT_THAT(devices_->ReprintReceipt(Key("T3"), CopyOf(z_no), &response),
              StatusIs(absl::StatusCode::kNotFound, HasSubstr("no printer")));
  EXPECT_EQ(Reprints(), 1);
  // With no day open it is printed and stands on no Z.
  Execute(v1::CloseDayRequest());
  ASSERT_THAT(devices_->ReprintReceipt(Key(), CopyOf(z_no), &response), IsOk());
  EXPECT_EQ(response.reprinted().times(), 2u);
  EXPECT_EQ(response.reprinted().currency(), "");
  EXPECT_EQ(Reprints(), 1);
  ExpectVerified();
}

// Whoever closed the shift blind reads no expected figure on paper either; a
// manager who asks for a copy does.
TEST_F(TillPaperTest, ABlindZIsBlindOnPaper) {
  v1::Event policy;
  policy.mutable_till_policy_set()->mutable_policy()->set_blind_count(true);
  Publish(policy);
  for (const auto& [id, role] : {std::pair("7", "cashier"), {"9", "manager"}}) {
    v1::Event staff;
    staff.mutable_staff_set()->mutable_staff()->set_id(id);
    staff.mutable_staff_set()->mutable_staff()->set_role(role);
    Publish(staff);
  }
  Serve();
  Execute(v1::OpenShiftRequest());
  Execute(Sale());
  ASSERT_TRUE(Slips(1));
  v1::CloseShiftRequest close;
  close.mutable_header()->set_staff("7");
  close.add_counts()->set_amount_minor(150);
  const std::string z_no = Execute(close).event.shift_closed().z_no();
  ASSERT_TRUE(Slips(2));
  std::string paper = PaperOf(*counter_);
  paper.erase(0, paper.find("Z REPORT"));
  EXPECT_THAT(paper,
              AllOf(HasSubstr("Counted"), Not(HasSubstr("Expected")),
                    Not(HasSubstr("Over or short")), Not(HasSubstr("1.99"))));
  v1::ReprintReceiptRequest copy = CopyOf(z_no);
  copy.mutable_header()->set_staff("9");
  v1::ReprintReceiptResponse response;
  ASSERT_THAT(devices_->ReprintReceipt(Key(), copy, &response), IsOk());
  ASSERT_TRUE(Slips(3));
  paper = PaperOf(*counter_);
  EXPECT_THAT(paper.substr(paper.find("COPY")),
              AllOf(HasSubstr("Expected"), HasSubstr("Over or short")));
}

}  // namespace
}  // namespace branchline

// People and cash as a till sees them: PINs, approvals, blind figures.
#include "sync/journal/journal.h"
#include "sync/ledger/roles.h"
#include "tests/edge/till_fixture.h"

namespace branchline {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

class TillApiTest : public TillFixture {
 protected:
  TillApiTest() {
    v1::Event policy;
    auto* tills = policy.mutable_till_policy_set()->mutable_policy();
    tills->set_sign_on_required(true);
    tills->set_blind_count(true);
    Publish(policy);
    AddStaff("7", "cashier", "4711");
    AddStaff("9", "manager", "0815");
    Serve();
  }

  absl::Status SignOn(const char* staff, const char* pin,
                      v1::SignOnResponse* response) {
    v1::SignOnRequest request;
    request.set_staff(staff);
    request.set_pin(pin);
    return api_->SignOn(WithKey(), WithId(request), response);
  }
  void Start(const char* staff, const char* pin) {
    v1::SignOnResponse on;
    ASSERT_THAT(SignOn("9", "0815", &on), IsOk());
    v1::OpenDayResponse day;
    v1::OpenDayRequest open;
    open.set_date(20261121);
    ASSERT_THAT(api_->OpenDay(WithKey(), WithId(open), &day), IsOk());
    ASSERT_THAT(SignOn(staff, pin, &on), IsOk());
  }
  // 1.99 in cash into a drawer with 100.00.
  void SellInAShift() {
    v1::OpenShiftRequest open;
    open.add_floats()->set_amount_minor(10'000);
    v1::OpenShiftResponse opened;
    ASSERT_THAT(api_->OpenShift(WithKey(), WithId(open), &opened), IsOk());
    v1::RingResponse rung;
    ASSERT_THAT(api_->Ring(WithKey(), WithId(Sale()), &rung), IsOk());
  }
  // Everything that the journal holds, as bytes.
  std::string Journal() {
    std::string all;
    BL_CHECK(ForEachRecord(store_, "edge:S014", {},
                           [&](const v1::Record& record) -> absl::Status {
                             all += record.SerializeAsString();
                             return absl::OkStatus();
                           })
                 .ok(),
             "the journal is read");
    return all;
  }
};

TEST_F(TillApiTest, ThePinThatTheHubHashedSignsOn) {
  v1::SignOnResponse on;
  ASSERT_THAT(SignOn("7", "4711", &on), IsOk());
  EXPECT_EQ(on.name(), "Name of 7");
  EXPECT_EQ(on.role(), "cashier");
  EXPECT_GT(on.rights_size(), 3);
  for (const auto& [staff, pin] :
       {std::pair("7", "4712"), std::pair("7", ""), std::pair("x", "4711")}) {
    EXPECT_THAT(SignOn(staff, pin, &on),
                StatusIs(absl::StatusCode::kPermissionDenied,
                         HasSubstr("the staff number or the PIN is wrong")));
  }
  EXPECT_THAT(Journal(), Not(HasSubstr("471")));
}

TEST_F(TillApiTest, TheFifthWrongPinSaysUntilWhen) {
  v1::SignOnResponse on;
  for (int i = 0; i < 4; ++i) {
    EXPECT_THAT(SignOn("7", "4712", &on),
                StatusIs(absl::StatusCode::kPermissionDenied,
                         Not(HasSubstr("locked"))));
  }
  EXPECT_THAT(SignOn("7", "4712", &on),
              StatusIs(absl::StatusCode::kPermissionDenied,
                       HasSubstr("5 times in a row: locked until ")));
  EXPECT_THAT(SignOn("7", "4711", &on),
              StatusIs(absl::StatusCode::kPermissionDenied,
                       HasSubstr("is locked for another 5 minutes")));
}

TEST_F(TillApiTest, AnApprovalCountsWithItsPinAlone) {
  Start("7", "4711");
  v1::MoveCashRequest request;
  request.set_kind(v1::CASH_MOVE_KIND_NO_SALE);
  request.set_reason("change");
  auto* approval = request.mutable_header()->mutable_approval();
  approval->set_staff("9");
  approval->set_reason("coins");
  approval->set_pin("0000");
  v1::MoveCashResponse moved;
  EXPECT_THAT(api_->MoveCash(WithKey(), WithId(request), &moved),
              StatusIs(absl::StatusCode::kPermissionDenied,
                       HasSubstr("approver's staff number or PIN is wrong")));
  approval->set_pin("0815");
  EXPECT_THAT(api_->MoveCash(WithKey(), WithId(request), &moved), IsOk());
  EXPECT_THAT(Journal(), Not(HasSubstr("0815")));
  EXPECT_THAT(Journal(), HasSubstr("coins"));
}

// The same command again: its answer, although its PIN is in no hash.
TEST_F(TillApiTest, ARepeatedApprovalGetsTheFirstAnswer) {
  Start("7", "4711");
  v1::MoveCashRequest request;
  request.set_kind(v1::CASH_MOVE_KIND_NO_SALE);
  request.set_reason("change");
  auto* approval = request.mutable_header()->mutable_approval();
  approval->set_staff("9");
  approval->set_reason("coins");
  approval->set_pin("0815");
  request = WithId(request);
  v1::MoveCashResponse first;
  ASSERT_THAT(api_->MoveCash(WithKey(), request, &first), IsOk());
  v1::MoveCashResponse again;
  ASSERT_THAT(api_->MoveCash(WithKey(), request, &again), IsOk());
  EXPECT_TRUE(again.landed().repeated());
  EXPECT_EQ(again.landed().at().seq(), first.landed().at().seq());
}

TEST_F(TillApiTest, ACashierCountsBlindAndAManagerSees) {
  Start("7", "4711");
  SellInAShift();
  v1::ShiftReport x;
  ASSERT_THAT(api_->GetShift(WithKey(), {}, &x), IsOk());
  EXPECT_TRUE(x.blind());
  EXPECT_TRUE(x.open());
  EXPECT_THAT(x.DebugString(), Not(HasSubstr("10199")));
  v1::CloseShiftRequest close;
  close.add_counts()->set_amount_minor(10'000);
  v1::CloseShiftResponse closed;
  ASSERT_THAT(api_->CloseShift(WithKey(), WithId(close), &closed), IsOk());
  EXPECT_THAT(closed.DebugString(), Not(HasSubstr("10199")));
  EXPECT_THAT(closed.DebugString(), Not(HasSubstr("-199")));
  EXPECT_EQ(closed.report().shift().z_no(), "S014-T1-1-Z000001");

  v1::SignOnResponse on;
  ASSERT_THAT(SignOn("9", "0815", &on), IsOk());
  v1::ShiftReport z;
  ASSERT_THAT(api_->GetZ(WithKey(), {}, &z), IsOk());
  EXPECT_FALSE(z.blind());
  EXPECT_EQ(z.shift().money(0).expected_minor(), 10'199);
  EXPECT_EQ(z.shift().money(0).over_short_minor(), -199);
  v1::GetZRequest wrong;
  wrong.set_z_no("S014-T1-1-Z000009");
  EXPECT_THAT(api_->GetZ(WithKey(), wrong, &z),
              StatusIs(absl::StatusCode::kNotFound, HasSubstr("Z000009")));
}

// Nor does the seal, where nobody who seals may see it.
TEST_F(TillApiTest, TheSealShowsABlindTillNothing) {
  v1::Event roles;
  v1::Role* role = roles.mutable_roles_set()->add_roles();
  *role = *RoleOf(v1::RolesSet(), "cashier");
  role->set_id("cashier");
  role->add_rights(v1::RIGHT_DAY);
  Publish(roles);
  Start("7", "4711");
  SellInAShift();
  v1::CloseDayResponse sealed;
  ASSERT_THAT(api_->CloseDay(WithKey(), WithId(v1::CloseDayRequest()), &sealed),
              IsOk());
  ASSERT_EQ(sealed.seal().closed_shifts_size(), 1);
  EXPECT_EQ(sealed.seal().closed_shifts(0).z_no(), "S014-T1-1-Z000001");
  EXPECT_THAT(sealed.DebugString(), Not(HasSubstr("10199")));
  EXPECT_THAT(sealed.DebugString(), Not(HasSubstr("expected")));
}

TEST_F(TillApiTest, AQuoteKeepsNothingAndTakesNoNumber) {
  Start("7", "4711");
  const Cursor before = queue_->Head();
  v1::RingRequest request = Sale("PEN", 3'000);
  request.mutable_pricing();
  v1::QuoteResponse quote;
  ASSERT_THAT(api_->Quote(WithKey(), request, &quote), IsOk());
  EXPECT_EQ(quote.sale().total_minor(), 597);
  EXPECT_EQ(quote.sale().receipt_no(), "");
  EXPECT_EQ(quote.why_not(), "");
  v1::Tender* cash = request.add_tenders();
  cash->set_kind(v1::TENDER_KIND_CASH);
  cash->set_amount_minor(500);
  ASSERT_THAT(api_->Quote(WithKey(), request, &quote), IsOk());
  EXPECT_EQ(quote.sale().total_minor(), 597);
  EXPECT_THAT(quote.why_not(), HasSubstr("0.97 GBP short"));
  EXPECT_EQ(queue_->Head(), before);
}

// The cashier hears of it while there is time to call somebody.
TEST_F(TillApiTest, AQuoteSaysWhatStandsInTheWayOfTheSale) {
  const auto why_not = [&](const v1::RingRequest& request) {
    v1::QuoteResponse quote;
    EXPECT_THAT(api_->Quote(WithKey(), request, &quote), IsOk());
    EXPECT_EQ(quote.sale().lines_size(), 1);
    return quote.why_not();
  };
  v1::RingRequest request = Sale();
  request.mutable_pricing();
  EXPECT_THAT(why_not(request), HasSubstr("nobody is signed on"));
  v1::SignOnResponse on;
  ASSERT_THAT(SignOn("7", "4711", &on), IsOk());
  EXPECT_THAT(why_not(request), HasSubstr("no business day is open"));
  Start("7", "4711");
  EXPECT_EQ(why_not(request), "");
  v1::ManualDiscount* half = request.mutable_lines(0)->mutable_discount();
  half->set_percent_off_bp(5'000);
  half->set_reason("torn");
  EXPECT_THAT(why_not(request), HasSubstr("a cashier may take 5 % off a line"));
  // Nobody's approval is asked for, or spent, by looking.
  request.mutable_header()->mutable_approval()->set_staff("9");
  EXPECT_THAT(why_not(request), HasSubstr("5 % off a line"));
}

// An exchange has lines that today's prices say nothing of.
TEST_F(TillApiTest, AnExchangeIsExplained) {
  Start("7", "4711");
  v1::RingResponse sold;
  ASSERT_THAT(api_->Ring(WithKey(), WithId(Sale("PEN", 2'000)), &sold), IsOk());
  v1::RingRequest exchange;
  v1::RingLine* back = exchange.add_lines();
  back->set_kind(v1::LINE_KIND_RETURN);
  back->set_quantity_milli(-1'000);
  back->set_returns_receipt_no(sold.sale().receipt_no());
  *exchange.add_lines() = Sale("INK").lines(0);
  exchange.mutable_pricing();
  v1::ExplainResponse why;
  ASSERT_THAT(api_->Explain(WithKey(), exchange, &why), IsOk());
  ASSERT_EQ(why.lines_size(), 2);
  EXPECT_EQ(why.lines(0).what(0),
            "goods of receipt S014-T1-1-000001, line 1: the figures of that "
            "one");
  EXPECT_EQ(why.lines(1).what(0), "1 x 3.33 = 3.33 (the catalogue's price)");
}

TEST_F(TillApiTest, ASearchShowsThePicturesOfWhatItFinds) {
  v1::Event items;
  v1::Item* tea = items.mutable_items_set()->add_items();
  tea->set_sku("TEA");
  tea->set_name("Earl Grey");
  tea->add_images("tea.jpg");
  Publish(items);
  Serve();
  v1::SearchItemsRequest request;
  request.set_text("earl");
  v1::SearchItemsResponse response;
  ASSERT_THAT(api_->SearchItems(WithKey(), request, &response), IsOk());
  ASSERT_EQ(response.matches_size(), 1);
  ASSERT_EQ(response.matches(0).item().images_size(), 1);
  EXPECT_EQ(response.matches(0).item().images(0), "tea.jpg");
}

// The last step of an answer: the api itself, and what it logs and keeps, speak
// English.
TEST_F(TillApiTest, SaysItInTheLanguageOfTheCallElseOfThePapers) {
  UnaryRegistry registry;
  api_->Register(&registry);
  v1::SignOnRequest request;
  request.set_staff("7");
  request.set_pin("0000");
  const auto said = [&](const char* accept_language) {
    CallContext context = WithKey();
    context.accept_language = accept_language;
    v1::SignOnResponse response;
    return std::string(registry.Find("branchline.v1.Till/SignOn")
                           ->handler(context, WithId(request), &response)
                           .message());
  };
  constexpr char kEnglish[] = "the staff number or the PIN is wrong";
  EXPECT_EQ(said(""), kEnglish);
  EXPECT_EQ(said("zh-TW, en;q=0.5"), "員工編號或密碼錯誤");
  std::string papers = "zh-CN";
  api_->AskReceiptText([&] {
    v1::ReceiptText text;
    text.set_language(papers);
    return text;
  });
  EXPECT_EQ(said("fr"), "工号或密码错误");
  EXPECT_EQ(said("en"), kEnglish);
  v1::SignOnResponse on;
  EXPECT_EQ(SignOn("x", "1", &on).message(), kEnglish);
}

}  // namespace
}  // namespace branchline

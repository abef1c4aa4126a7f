// Who may do what at a till: sign-on, lock-out, roles, approvals.
#include "edge/till/shift_report.h"
#include "sync/journal/verify.h"
#include "tests/edge/edge_fixture.h"
#include "tests/support/status_matchers.h"

namespace branchline {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

// Cashier 7 and manager 9 work in S014, where tills want a sign-on.
class PeopleTest : public EdgeFixture {
 protected:
  PeopleTest() {
    v1::Event policy;
    policy.mutable_till_policy_set()->mutable_policy()->set_sign_on_required(
        true);
    Publish(policy);
    AddStaff("7", "cashier");
    AddStaff("9", "manager");
    AddStaff("8", "cashier", "S015");
  }

  void Publish(const v1::Event& event) {
    BL_CHECK(core_->TakeRecords(chain_.Append(event)).ok(), "it is taken");
  }
  void AddStaff(const char* id, const char* role, const char* branch = "S014",
                bool left = false) {
    v1::Event event;
    v1::Staff* staff = event.mutable_staff_set()->mutable_staff();
    staff->set_id(id);
    staff->set_role(role);
    staff->add_branches(branch);
    staff->set_left(left);
    Publish(event);
  }
  absl::StatusOr<Outcome> SignOn(const char* staff, bool pin_right = true) {
    v1::SignOnRequest request;
    request.set_staff(staff);
    std::vector<Command> commands;
    commands.push_back({"T1", clock_.WallNow(), WithId(request)});
    commands.back().pin_right = pin_right;
    return std::move(core_->Execute(commands)[0]);
  }
  // The day is open and `staff` signed on.
  void Start(const char* staff) {
    ASSERT_THAT(SignOn("9"), IsOk());
    ASSERT_THAT(OpenDay(), IsOk());
    ASSERT_THAT(SignOn(staff), IsOk());
  }
  template <typename Request>
  absl::StatusOr<Outcome> RunApproved(Request request, const char* approver,
                                      const char* reason = "asked") {
    request.mutable_header()->mutable_approval()->set_staff(approver);
    request.mutable_header()->mutable_approval()->set_reason(reason);
    std::vector<Command> commands;
    commands.push_back({"T1", clock_.WallNow(), WithId(std::move(request))});
    commands.back().approver = approver;
    return std::move(core_->Execute(commands)[0]);
  }
  static v1::MoveCashRequest NoSale() {
    v1::MoveCashRequest request;
    request.set_kind(v1::CASH_MOVE_KIND_NO_SALE);
    request.set_reason("change");
    return request;
  }
  static v1::RingRequest Priced(int64_t quantity_milli = 1'000) {
    v1::RingRequest request = Sale("PEN", quantity_milli);
    request.mutable_pricing();
    return request;
  }
};

TEST_F(PeopleTest, NothingGoesWithoutASignOn) {
  EXPECT_THAT(OpenDay(), StatusIs(absl::StatusCode::kFailedPrecondition,
                                  HasSubstr("nobody is signed on to till T1")));
  Start("7");
  const auto sale = Run(Sale());
  ASSERT_THAT(sale, IsOk());
  EXPECT_EQ(sale->event.staff(), "7");
  v1::RingRequest other = Sale();
  other.mutable_header()->set_staff("9");
  EXPECT_THAT(Run(other), StatusIs(absl::StatusCode::kPermissionDenied,
                                   HasSubstr("7 is signed on")));
  ASSERT_THAT(Run(v1::SignOffRequest()), IsOk());
  EXPECT_THAT(Run(Sale()), StatusIs(absl::StatusCode::kFailedPrecondition,
                                    HasSubstr("sign on")));
  EXPECT_THAT(
      Run(v1::SignOffRequest()),
      StatusIs(absl::StatusCode::kFailedPrecondition, HasSubstr("nobody")));
}

TEST_F(PeopleTest, ASignOnOutlivesACrash) {
  Start("7");
  CrashAndOpen();
  EXPECT_THAT(Run(Sale()), IsOk());
}

TEST_F(PeopleTest, StrangersAndThoseWhoLeftAreNotLetIn) {
  const Cursor before = core_->state().head;
  for (const char* id : {"nobody", "8"}) {
    EXPECT_THAT(SignOn(id), StatusIs(absl::StatusCode::kPermissionDenied,
                                     HasSubstr("number or the PIN is wrong")));
  }
  EXPECT_EQ(core_->state().head, before);
  Start("7");
  AddStaff("7", "cashier", "S014", /*left=*/true);
  EXPECT_THAT(Run(Sale()), StatusIs(absl::StatusCode::kPermissionDenied,
                                    HasSubstr("does not work in S014")));
}

TEST_F(PeopleTest, FiveWrongPinsLockForFiveMinutes) {
  for (uint32_t failure = 1; failure <= 5; ++failure) {
    const auto wrong = SignOn("7", false);
    ASSERT_THAT(wrong, IsOk());
    EXPECT_EQ(wrong->event.sign_on_refused().failures(), failure);
    EXPECT_EQ(wrong->event.sign_on_refused().locked_until_unix_micros() != 0,
              failure == 5);
  }
  // Locked: the right PIN is refused too, and nothing grows in the journal.
  const Cursor before = core_->state().head;
  EXPECT_THAT(SignOn("7"), StatusIs(absl::StatusCode::kPermissionDenied,
                                    HasSubstr("locked for another 5 minutes")));
  EXPECT_THAT(SignOn("7", false), StatusIs(absl::StatusCode::kPermissionDenied,
                                           HasSubstr("after 5 wrong PINs")));
  EXPECT_EQ(core_->state().head, before);
  CrashAndOpen();
  EXPECT_THAT(SignOn("7"), StatusIs(absl::StatusCode::kPermissionDenied,
                                    HasSubstr("locked")));
  EXPECT_THAT(SignOn("9"), IsOk());
  clock_.Advance(absl::Minutes(5));
  ASSERT_THAT(SignOn("7"), IsOk());
  // The count starts again.
  EXPECT_EQ(SignOn("7", false)->event.sign_on_refused().failures(), 1u);
}

TEST_F(PeopleTest, AManagerApprovesOnTheCashiersScreen) {
  Start("7");
  EXPECT_THAT(Run(NoSale()),
              StatusIs(absl::StatusCode::kPermissionDenied,
                       HasSubstr("staff 7 may not open the drawer without a "
                                 "sale: the role cashier has not the right "
                                 "'no-sale'")));
  const auto approved = RunApproved(NoSale(), "9", "coins for the meter");
  ASSERT_THAT(approved, IsOk());
  EXPECT_EQ(approved->event.staff(), "7");
  EXPECT_EQ(approved->event.approval().staff(), "9");
  EXPECT_EQ(approved->event.approval().reason(), "coins for the meter");
  EXPECT_THAT(approved->event.approval().rights(),
              ElementsAre(v1::RIGHT_NO_SALE));
}

TEST_F(PeopleTest, ApprovalsThatDoNotCount) {
  Start("7");
  EXPECT_THAT(RunApproved(NoSale(), "7"),
              StatusIs(absl::StatusCode::kPermissionDenied,
                       HasSubstr("nobody approves for himself")));
  EXPECT_THAT(RunApproved(NoSale(), "9", ""),
              StatusIs(absl::StatusCode::kPermissionDenied,
                       HasSubstr("reason has 0 bytes")));
  AddStaff("6", "cashier");
  EXPECT_THAT(RunApproved(NoSale(), "6"),
              StatusIs(absl::StatusCode::kPermissionDenied,
                       HasSubstr("nor may 6, who approves it")));
  EXPECT_THAT(RunApproved(NoSale(), "8"),
              StatusIs(absl::StatusCode::kPermissionDenied,
                       HasSubstr("8 does not work in S014")));
  // A wrong PIN was counted until he is locked: his yes is worth nothing then.
  for (int i = 0; i < 5; ++i) {
    ASSERT_THAT(Run(WrongPinCommand{"9"}), IsOk());
  }
  EXPECT_THAT(RunApproved(NoSale(), "9"),
              StatusIs(absl::StatusCode::kPermissionDenied,
                       HasSubstr("staff 9 is locked")));
  // What needs no approval records none.
  clock_.Advance(absl::Minutes(5));
  const auto sale = RunApproved(Sale(), "9");
  ASSERT_THAT(sale, IsOk());
  EXPECT_FALSE(sale->event.has_approval());
}

struct LimitCase {
  const char* name;
  void (*make)(v1::RingRequest&);
  const char* message;
};

class Limits : public PeopleTest,
               public ::testing::WithParamInterface<LimitCase> {};

// Each is beyond a cashier, and not beyond a manager.
TEST_P(Limits, AreTheRoles) {
  Start("7");
  v1::RingRequest request = Priced(10'000);  // 19.90
  GetParam().make(request);
  EXPECT_THAT(Run(request), StatusIs(absl::StatusCode::kPermissionDenied,
                                     HasSubstr(GetParam().message)));
  const auto approved = RunApproved(request, "9");
  ASSERT_THAT(approved, IsOk());
  EXPECT_EQ(approved->event.approval().staff(), "9");
}

INSTANTIATE_TEST_SUITE_P(
    Cases, Limits,
    ::testing::ValuesIn(std::vector<LimitCase>{
        {"LineDiscount",
         [](auto& r) {
           r.mutable_lines(0)->mutable_discount()->set_amount_minor(100);
           r.mutable_lines(0)->mutable_discount()->set_reason("dented");
         },
         "a cashier may take 5 % off a line; 1.00 GBP of 19.90 GBP"},
        {"ReceiptDiscount",
         [](auto& r) {
           r.mutable_pricing()->mutable_discount()->set_percent_off_bp(100);
           r.mutable_pricing()->mutable_discount()->set_reason("regular");
         },
         "a cashier may take 0 % off the receipt"},
        {"Price",
         [](auto& r) {
           r.mutable_lines(0)->set_unit_price_minor_e4(190 * 10'000);
           r.mutable_lines(0)->set_override_reason("shelf said so");
         },
         "has not the right 'price-override'"},
        {"DroppedChange",
         [](auto& r) { r.mutable_pricing()->set_dropped_change_minor(90); },
         "0.90 GBP is above the limit of the role cashier, 0.10 GBP"},
        {"TaxExempt",
         [](auto& r) {
           r.mutable_pricing()->set_tax_exempt(true);
           r.mutable_pricing()->set_tax_exempt_reason("embassy");
         },
         "may not leave the tax out"},
        {"FreeLine",
         [](auto& r) { r.mutable_lines(0)->set_kind(v1::LINE_KIND_FREE); },
         "may not give goods away"},
        {"KeyedWeight",
         [](auto& r) { r.mutable_lines(0)->set_hand_weighed(true); },
         "may not key a weight"},
        {"WithoutReceipt",
         [](auto& r) {
           r.mutable_lines(0)->set_kind(v1::LINE_KIND_RETURN);
           r.mutable_lines(0)->set_quantity_milli(-1'000);
         },
         "may not take goods back without a receipt"},
    }),
    [](const auto& param) { return std::string(param.param.name); });

TEST_F(PeopleTest, WithinTheLimitNobodyIsAsked) {
  Start("7");
  v1::RingRequest request = Priced(10'000);
  request.mutable_lines(0)->mutable_discount()->set_amount_minor(99);
  request.mutable_lines(0)->mutable_discount()->set_reason("dented");
  const auto sale = Run(request);
  ASSERT_THAT(sale, IsOk());
  EXPECT_EQ(sale->event.sale().total_minor(), 1'891);
  request = Priced(10'000);
  request.mutable_pricing()->set_dropped_change_minor(10);
  EXPECT_THAT(Run(request), IsOk());
}

TEST_F(PeopleTest, AKeyedPriceNeedsItsReason) {
  Start("9");
  v1::RingRequest request = Priced();
  request.mutable_lines(0)->set_unit_price_minor_e4(190 * 10'000);
  EXPECT_THAT(Run(request), StatusIs(absl::StatusCode::kPermissionDenied,
                                     HasSubstr("the reason has 0 bytes")));
  request.mutable_lines(0)->set_override_reason("shelf said so");
  const auto sale = Run(request);
  ASSERT_THAT(sale, IsOk());
  EXPECT_EQ(sale->event.sale().lines(0).book_price_minor_e4(), 1'990'000);
}

TEST_F(PeopleTest, TheChainsOwnRoleReplacesTheBuiltInOne) {
  v1::Event event;
  v1::Role* role = event.mutable_roles_set()->add_roles();
  role->set_id("cashier");
  role->add_rights(v1::RIGHT_SELL);
  role->add_rights(v1::RIGHT_NO_SALE);
  Publish(event);
  Start("7");
  EXPECT_THAT(Run(NoSale()), IsOk());
  v1::ReturnGoodsRequest back;
  EXPECT_THAT(Run(back), StatusIs(absl::StatusCode::kPermissionDenied,
                                  HasSubstr("may not take goods back")));
}

TEST_F(PeopleTest, TheBranchsOwnPolicyReplacesTheChains) {
  v1::Event event;
  v1::TillPolicy* policy = event.mutable_till_policy_set()->mutable_policy();
  policy->set_branch("S014");
  Publish(event);
  EXPECT_THAT(OpenDay(), IsOk());  // nobody signs on here
}

TEST_F(PeopleTest, AnIndependentReaderComesToTheSame) {
  Start("7");
  ASSERT_THAT(SignOn("9", false), IsOk());
  ASSERT_THAT(RunApproved(NoSale(), "9"), IsOk());
  ASSERT_THAT(Run(v1::SignOffRequest()), IsOk());
  v1::Event roles;
  roles.mutable_roles_set()->add_roles()->set_id("own");
  Publish(roles);
  ASSERT_THAT(core_->WriteBooks(), IsOk());
  const auto report = VerifyJournal(
      store_, {.hub_public_key = SeededKey('h').public_key(), .stream = ""});
  ASSERT_THAT(report, IsOk());
  EXPECT_EQ(report->docs.faults.first, "");
  EXPECT_EQ(report->docs.rows_of_unknown_kind, 0u);
  EXPECT_EQ(report->books.faults.first, "");
}

}  // namespace
}  // namespace branchline

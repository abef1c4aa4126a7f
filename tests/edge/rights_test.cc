// Each thing that wants a right is refused to whoever has every right but that
// one, in words that name it, and not refused to whoever has it.
#include <algorithm>

#include "sync/ledger/roles.h"
#include "tests/edge/shop_fixture.h"

namespace branchline {
namespace {

using ::testing::HasSubstr;

class Rights;

struct RightCase {
  const char* name;
  v1::Right right;
  absl::Status (*ask)(Rights& shop);
};

class Rights : public ShopFixture,
               public ::testing::WithParamInterface<RightCase> {
 public:
  template <typename Request>
  absl::Status Ask(const Request& request) {
    return Run(request).status();
  }
  absl::Status AskLabels(const v1::PrintLabelsRequest& request) {
    std::vector<Command> commands;
    commands.push_back({"T1", clock_.WallNow(), WithId(request)});
    commands[0].label = {"PEN", "2904711000992", absl::OkStatus()};
    return core_->Execute(commands)[0].status();
  }
  absl::Status Move(v1::CashMoveKind kind) {
    v1::MoveCashRequest request;
    request.set_kind(kind);
    request.set_reason("why");
    request.set_reference("BAG7");
    if (kind != v1::CASH_MOVE_KIND_NO_SALE) {
      request.mutable_cash()->set_amount_minor(100);
    }
    return Ask(request);
  }
  absl::Status Count(v1::CashPlace place) {
    v1::CountCashRequest request;
    request.set_place(place);
    request.add_counts()->set_amount_minor(100);
    return Ask(request);
  }
  const std::string& sold() const { return sold_; }

  using ShopFixture::Pay;
  using ShopFixture::Priced;
  using ShopFixture::ReturnOf;
  using ShopFixture::Sale;

 protected:
  Rights() {
    v1::RingRequest by_card = Priced("PEN", 5'000);
    Pay(&by_card, v1::TENDER_KIND_CARD, 995);
    BL_CHECK(Run(v1::OpenShiftRequest()).ok(), "the shift opens");
    sold_ = Rung(by_card).receipt_no();
    v1::Event department;
    v1::Item* item = department.mutable_items_set()->add_items();
    item->set_sku("DEPT");
    item->set_kind(v1::ITEM_KIND_OPEN_DEPARTMENT);
    Publish(department);
    v1::TillPolicy policy;
    policy.set_sign_on_required(true);
    PublishPolicy(policy);
  }
  // Somebody with an owner's rights but for `without` signs on.
  void SignOnWithout(const char* id, v1::Right without) {
    v1::Event event;
    v1::Role* role = event.mutable_roles_set()->add_roles();
    *role = *RoleOf(v1::RolesSet(), "owner");
    role->set_id(id);
    auto* rights = role->mutable_rights();
    rights->erase(std::remove(rights->begin(), rights->end(), without),
                  rights->end());
    Publish(event);
    AddStaff(id, id);
    ASSERT_THAT(SignOn(id), IsOk());
  }

  std::string sold_;
};

TEST_P(Rights, AreAskedFor) {
  SignOnWithout("5", GetParam().right);
  EXPECT_THAT(
      GetParam().ask(*this),
      StatusIs(absl::StatusCode::kPermissionDenied,
               HasSubstr(absl::StrCat("'", RightName(GetParam().right), "'"))));
  SignOnWithout("6", v1::RIGHT_UNSPECIFIED);
  EXPECT_THAT(GetParam().ask(*this),
              ::testing::Not(StatusIs(absl::StatusCode::kPermissionDenied,
                                      HasSubstr(""))));
}

INSTANTIATE_TEST_SUITE_P(
    Cases, Rights,
    ::testing::ValuesIn(std::vector<RightCase>{
        {"Sell", v1::RIGHT_SELL, [](Rights& s) { return s.Ask(s.Sale()); }},
        {"Return", v1::RIGHT_RETURN,
         [](Rights& s) { return s.Ask(s.ReturnOf(s.sold(), 1'000)); }},
        {"Exchange", v1::RIGHT_RETURN,
         [](Rights& s) {
           v1::RingRequest request = s.Priced("INK", 9'000);
           v1::RingLine* back = request.add_lines();
           back->set_kind(v1::LINE_KIND_RETURN);
           back->set_quantity_milli(-1'000);
           back->set_returns_receipt_no(s.sold());
           return s.Ask(request);
         }},
        {"RefundInCash", v1::RIGHT_REFUND_OTHER_TENDER,
         [](Rights& s) {
           v1::ReturnGoodsRequest request = s.ReturnOf(s.sold(), 1'000);
           request.set_tender(v1::TENDER_KIND_CASH);
           return s.Ask(request);
         }},
        {"ExchangeForCash", v1::RIGHT_REFUND_OTHER_TENDER,
         [](Rights& s) {
           v1::RingRequest request = s.Priced();
           v1::RingLine* back = request.add_lines();
           back->set_kind(v1::LINE_KIND_RETURN);
           back->set_quantity_milli(-2'000);
           back->set_returns_receipt_no(s.sold());
           s.Pay(&request, v1::TENDER_KIND_CASH, -199);
           return s.Ask(request);
         }},
        {"PostVoid", v1::RIGHT_POST_VOID,
         [](Rights& s) {
           v1::VoidReceiptRequest request;
           request.set_receipt_no(s.sold());
           request.set_reason("wrong");
           return s.Ask(request);
         }},
        {"CancelBasket", v1::RIGHT_CANCEL_BASKET,
         [](Rights& s) {
           v1::CancelBasketRequest request;
           *request.mutable_lines() = s.Sale().lines();
           return s.Ask(request);
         }},
        {"OpenDepartment", v1::RIGHT_OPEN_DEPARTMENT,
         [](Rights& s) {
           v1::RingRequest request = s.Priced("DEPT");
           request.mutable_lines(0)->set_unit_price_minor_e4(1'000'000);
           return s.Ask(request);
         }},
        {"TaxClass", v1::RIGHT_TAX_EXEMPT,
         [](Rights& s) {
           v1::RingRequest request = s.Priced();
           request.mutable_lines(0)->set_tax_class_override("food");
           request.mutable_lines(0)->set_tax_override_reason("baby food");
           return s.Ask(request);
         }},
        {"OpenShift", v1::RIGHT_SHIFT,
         [](Rights& s) { return s.Ask(v1::OpenShiftRequest()); }},
        {"CloseShift", v1::RIGHT_SHIFT,
         [](Rights& s) { return s.Ask(v1::CloseShiftRequest()); }},
        {"CountTheDrawer", v1::RIGHT_SHIFT,
         [](Rights& s) { return s.Count(v1::CASH_PLACE_TILL); }},
        {"CountTheSafe", v1::RIGHT_SAFE,
         [](Rights& s) { return s.Count(v1::CASH_PLACE_SAFE); }},
        {"SafeDrop", v1::RIGHT_SHIFT,
         [](Rights& s) { return s.Move(v1::CASH_MOVE_KIND_SAFE_DROP); }},
        {"Float", v1::RIGHT_SAFE,
         [](Rights& s) { return s.Move(v1::CASH_MOVE_KIND_FLOAT); }},
        {"BankSent", v1::RIGHT_SAFE,
         [](Rights& s) { return s.Move(v1::CASH_MOVE_KIND_BANK_SENT); }},
        {"PaidIn", v1::RIGHT_PAID_IN_OUT,
         [](Rights& s) { return s.Move(v1::CASH_MOVE_KIND_PAID_IN); }},
        {"PaidOut", v1::RIGHT_PAID_IN_OUT,
         [](Rights& s) { return s.Move(v1::CASH_MOVE_KIND_PAID_OUT); }},
        {"NoSale", v1::RIGHT_NO_SALE,
         [](Rights& s) { return s.Move(v1::CASH_MOVE_KIND_NO_SALE); }},
        {"CloseDay", v1::RIGHT_DAY,
         [](Rights& s) { return s.Ask(v1::CloseDayRequest()); }},
        {"OpenDay", v1::RIGHT_DAY,
         [](Rights& s) {
           v1::OpenDayRequest request;
           request.set_date(20261122);
           return s.Ask(request);
         }},
        {"ChangeStock", v1::RIGHT_STOCK,
         [](Rights& s) { return s.Ask(v1::ChangeStockRequest()); }},
        {"Training", v1::RIGHT_TRAINING,
         [](Rights& s) {
           v1::SetTrainingRequest request;
           request.set_on(true);
           return s.Ask(request);
         }},
        {"Match", v1::RIGHT_SAFE,
         [](Rights& s) { return s.Ask(v1::MatchTendersRequest()); }},
        {"WriteOff", v1::RIGHT_WRITE_OFF,
         [](Rights& s) { return s.Ask(v1::WriteOffTenderRequest()); }},
        {"Reprint", v1::RIGHT_SELL,
         [](Rights& s) {
           v1::ReprintReceiptRequest request;
           request.set_receipt_no(s.sold());
           return s.Ask(request);
         }},
        {"Label", v1::RIGHT_PRICE_OVERRIDE,
         [](Rights& s) {
           v1::PrintLabelsRequest request;
           request.set_code("PEN");
           request.set_price_minor(99);
           request.set_reason("best before");
           return s.AskLabels(request);
         }},
    }),
    [](const auto& param) { return std::string(param.param.name); });

// Whose yes it is makes no difference to the limit.
TEST_F(ShopFixture, ALimitOfNothingIsNothing) {
  v1::Event event;
  v1::Role* role = event.mutable_roles_set()->add_roles();
  role->set_id("bare");
  for (const v1::Right right :
       {v1::RIGHT_SELL, v1::RIGHT_PAID_IN_OUT, v1::RIGHT_RETURN_WITHOUT_RECEIPT,
        v1::RIGHT_DISCOUNT, v1::RIGHT_DROP_CHANGE}) {
    role->add_rights(right);
  }
  Publish(event);
  v1::TillPolicy policy;
  policy.set_sign_on_required(true);
  PublishPolicy(policy);
  AddStaff("5", "bare");
  ASSERT_THAT(SignOn("5"), IsOk());
  v1::MoveCashRequest out;
  out.set_kind(v1::CASH_MOVE_KIND_PAID_OUT);
  out.set_reason("window");
  out.mutable_cash()->set_amount_minor(1);
  EXPECT_THAT(Run(out), StatusIs(absl::StatusCode::kPermissionDenied,
                                 HasSubstr("0.01 GBP is above the limit")));
  v1::RingRequest back = Priced("PEN", -1'000);
  back.mutable_lines(0)->set_kind(v1::LINE_KIND_RETURN);
  EXPECT_THAT(Run(back), StatusIs(absl::StatusCode::kPermissionDenied,
                                  HasSubstr("1.99 GBP is above the limit")));
}

}  // namespace
}  // namespace branchline

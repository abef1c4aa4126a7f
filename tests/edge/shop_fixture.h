#pragma once

#include <utility>
#include <vector>

#include "sync/journal/verify.h"
#include "tests/edge/edge_fixture.h"
#include "tests/support/status_matchers.h"

namespace branchline {

// Branch S014 on an open day: prices of its own, tax at 20 % in the price,
// policies, and a verifier that adds everything up again.
class ShopFixture : public EdgeFixture {
 protected:
  ShopFixture() { BL_CHECK(OpenDay().ok(), "the day opens"); }

  void Publish(const v1::Event& event) {
    BL_CHECK(core_->TakeRecords(chain_.Append(event)).ok(), "it is taken");
  }
  void PublishTaxes() {
    v1::Event event;
    v1::TaxRule* vat = event.mutable_tax_rules_set()->add_rules();
    vat->set_id("vat");
    vat->add_components()->set_code("vat20");
    vat->mutable_components(0)->set_rate_e6(200'000);
    Publish(event);
  }
  void PublishPolicy(const v1::TillPolicy& policy) {
    v1::Event event;
    *event.mutable_till_policy_set()->mutable_policy() = policy;
    Publish(event);
  }
  void AddStaff(const char* id, const char* role) {
    v1::Event event;
    event.mutable_staff_set()->mutable_staff()->set_id(id);
    event.mutable_staff_set()->mutable_staff()->set_role(role);
    Publish(event);
  }
  absl::StatusOr<Outcome> SignOn(const char* staff) {
    v1::SignOnRequest request;
    request.set_staff(staff);
    std::vector<Command> commands;
    commands.push_back({"T1", clock_.WallNow(), WithId(request)});
    commands.back().pin_right = true;
    return std::move(core_->Execute(commands)[0]);
  }

  static v1::RingRequest Priced(absl::string_view sku = "PEN",
                                int64_t quantity_milli = 1'000) {
    v1::RingRequest request = Sale(sku, quantity_milli);
    request.mutable_pricing();
    return request;
  }
  static void Pay(v1::RingRequest* request, v1::TenderKind kind,
                  int64_t amount_minor) {
    request->add_tenders()->set_kind(kind);
    request->mutable_tenders(request->tenders_size() - 1)
        ->set_amount_minor(amount_minor);
  }
  v1::Sale Rung(const v1::RingRequest& request) {
    const auto outcome = Run(request);
    EXPECT_THAT(outcome, IsOk());
    if (!outcome.ok()) return v1::Sale();
    return outcome->event.has_training_receipt()
               ? outcome->event.training_receipt().sale()
               : outcome->event.sale();
  }
  static v1::ReturnGoodsRequest ReturnOf(const std::string& receipt_no,
                                         int64_t quantity_milli,
                                         uint32_t line = 0) {
    v1::ReturnGoodsRequest request;
    request.set_original_receipt_no(receipt_no);
    request.add_lines()->set_original_line(line);
    request.mutable_lines(0)->set_quantity_milli(quantity_milli);
    return request;
  }
  int64_t Drawer() {
    return Balance(v1::ACCOUNT_KIND_TENDER, "GBP", "cash:T1");
  }

  // An independent reader comes to the same books and registers.
  void ExpectVerified() {
    BL_CHECK(core_->WriteBooks().ok(), "the books are written");
    const auto report = VerifyJournal(
        store_, {.hub_public_key = SeededKey('h').public_key(), .stream = ""});
    ASSERT_THAT(report, IsOk());
    EXPECT_EQ(report->books.faults.first, "");
    EXPECT_EQ(report->docs.faults.first, "");
    EXPECT_EQ(report->docs.rows_of_unknown_kind, 0u);
    EXPECT_TRUE(report->ok());
  }
};

}  // namespace branchline

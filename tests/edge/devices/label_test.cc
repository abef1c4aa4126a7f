// Reduced-to-clear labels: what is printed, read off the paper and sold; and
// what gets none.

#include "tests/edge/devices/ean13_reader.h"
#include "tests/edge/devices/till_paper_fixture.h"

namespace branchline {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

class LabelTest : public TillPaperFixture {
 protected:
  LabelTest() {
    v1::Event rules;
    v1::MeasureCodeRule* rule = rules.mutable_scan_rules_set()->add_rules();
    rule->set_pattern("29iiiiivvvvvc");
    rule->set_kind(v1::MEASURE_CODE_KIND_REDUCED);
    rule->set_decimals(2);
    Publish(rules);
    v1::Event items;
    v1::Item* tea = items.mutable_items_set()->add_items();
    tea->set_sku("TEA");
    tea->set_name("Earl Grey");
    tea->set_name_zh("伯爵红茶");
    tea->add_barcodes("4006381333986");
    tea->add_barcodes("4711");
    v1::Item* ham = items.mutable_items_set()->add_items();
    ham->set_sku("HAM");
    ham->set_weighed(true);
    ham->add_barcodes("4712");
    Publish(items);
    v1::Event prices;
    for (const char* sku : {"TEA", "HAM"}) {
      v1::Price* price = prices.mutable_prices_set()->add_prices();
      price->set_sku(sku);
      price->set_currency("GBP");
      price->set_price_minor_e4(2'500'000);
    }
    Publish(prices);
  }
  v1::PrintLabelsRequest Reduced(const char* code, int64_t price_minor) {
    v1::PrintLabelsRequest request;
    request.set_code(code);
    request.set_price_minor(price_minor);
    request.set_reason("best before");
    return WithId(request);
  }
  std::vector<std::string> Barcodes() {
    std::vector<std::string> codes;
    counter_->printer().With([&](PrinterEmulator& printer) {
      codes = ReadEan13(printer.paper().picture());
    });
    return codes;
  }
};

TEST_F(LabelTest, TheBarsOnThePaperSellTheItemAtThePrice) {
  Serve();
  v1::PrintLabelsRequest request = Reduced("4006381333986", 99);
  request.set_count(2);
  v1::PrintLabelsResponse response;
  ASSERT_THAT(devices_->PrintLabels(Key(), request, &response), IsOk());
  EXPECT_EQ(response.printer(), "printer-1");
  EXPECT_EQ(response.printed().code(), "2904711000992");
  ASSERT_THAT(devices_->PrintLabels(Key(), request, &response), IsOk());
  EXPECT_TRUE(response.landed().repeated());
  ASSERT_TRUE(Slips(2));
  const std::string paper = PaperOf(*counter_);
  EXPECT_THAT(paper,
              AllOf(HasSubstr("REDUCED"), HasSubstr("Earl Grey"),
                    HasSubstr("Was 2.50 GBP"), HasSubstr("Now 0.99 GBP")));
  // Read off the paper, bar by bar, and sold.
  const std::vector<std::string> codes = Barcodes();
  ASSERT_EQ(codes,
            (std::vector<std::string>{"2904711000992", "2904711000992"}));
  v1::FindItemRequest scan;
  scan.set_code(codes[0]);
  v1::FindItemResponse found;
  ASSERT_THAT(api_->FindItem(Key(), scan, &found), IsOk());
  ASSERT_EQ(found.matches_size(), 1);
  v1::RingRequest ring;
  ring.mutable_pricing();
  *ring.add_lines() = found.matches(0).line();
  const v1::Sale sale = Execute(ring).event.sale();
  EXPECT_EQ(sale.lines(0).sku(), "TEA");
  EXPECT_EQ(sale.lines(0).price_source(), v1::PRICE_SOURCE_LABEL);
  EXPECT_EQ(sale.total_minor(), 99);
  ExpectVerified();
}

TEST_F(LabelTest, SpeaksTheLanguageOfTheBranch) {
  language_ = "zh-TW";
  Serve();
  v1::PrintLabelsResponse response;
  ASSERT_THAT(devices_->PrintLabels(Key(), Reduced("TEA", 99), &response),
              IsOk());
  ASSERT_TRUE(Slips(1));
  EXPECT_EQ(Barcodes(), std::vector<std::string>{"2904711000992"});
  EXPECT_EQ(desk_->receipts().NameOf("TEA", language_), "伯爵红茶");
}

TEST_F(LabelTest, WhatGetsNoLabel) {
  v1::Event twin;  // the same number a second time
  twin.mutable_items_set()->add_items()->set_sku("TWIN");
  twin.mutable_items_set()->mutable_items(0)->add_barcodes("815");
  twin.mutable_items_set()->add_items()->set_sku("OTHER");
  twin.mutable_items_set()->mutable_items(1)->add_barcodes("815");
  Publish(twin);
  Serve();
  v1::PrintLabelsResponse response;
  const auto print = [&](const v1::PrintLabelsRequest& request) {
    return devices_->PrintLabels(Key(), request, &response);
  };
  EXPECT_THAT(print(Reduced("TEA", 250)),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       HasSubstr("is not between 0 and the price in force, "
                                 "2.50 GBP")));
  EXPECT_THAT(print(Reduced("TEA", 0)),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("0.00")));
  EXPECT_THAT(print(Reduced("HAM", 99)),
              StatusIs(absl::StatusCode::kFailedPrecondition,
                       HasSubstr("come from the scale")));
  EXPECT_THAT(print(Reduced("PEN", 99)),
              StatusIs(absl::StatusCode::kFailedPrecondition,
                       HasSubstr("no number of at most 5 digits")));
  EXPECT_THAT(print(Reduced("TWIN", 99)),
              StatusIs(absl::StatusCode::kFailedPrecondition,
                       HasSubstr("would not be read as SKU TWIN alone")));
  EXPECT_THAT(print(Reduced("815", 99)),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       HasSubstr("one of 2 items")));
  v1::PrintLabelsRequest many = Reduced("TEA", 99);
  many.set_count(21);
  EXPECT_THAT(print(many), StatusIs(absl::StatusCode::kInvalidArgument,
                                    HasSubstr("at most 20")));
  EXPECT_EQ(CountOf(PaperOf(*counter_), "[cut]"), 0);
}

// A label that a cashier could print for himself would be a price that he may
// not key.
TEST_F(LabelTest, WantsTheRightToKeySuchAPrice) {
  v1::Event policy;
  policy.mutable_till_policy_set()->mutable_policy()->set_sign_on_required(
      true);
  Publish(policy);
  v1::Event staff;
  staff.mutable_staff_set()->mutable_staff()->set_id("8");
  staff.mutable_staff_set()->mutable_staff()->set_role("supervisor");
  Publish(staff);
  v1::SignOnRequest sign_on;
  sign_on.set_staff("8");
  std::vector<Command> commands;
  commands.push_back({"T1", clock_.WallNow(), WithId(sign_on)});
  commands[0].pin_right = true;
  ASSERT_THAT(core_->Execute(commands)[0], IsOk());
  Serve();
  v1::PrintLabelsResponse response;
  EXPECT_THAT(devices_->PrintLabels(Key(), Reduced("TEA", 99), &response),
              StatusIs(absl::StatusCode::kPermissionDenied, HasSubstr("20")));
  EXPECT_THAT(devices_->PrintLabels(Key(), Reduced("TEA", 200), &response),
              IsOk());
}

}  // namespace
}  // namespace branchline

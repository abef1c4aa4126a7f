// What branches sell by, put on the chain's stream.

#include "hub/merge/publish.h"

#include <string>

#include "hub/merge/catalogue_import.h"
#include "hub/merge/chain_admin.h"
#include "sync/identity/pin.h"
#include "sync/journal/journal.h"
#include "sync/journal/record.h"
#include "sync/journal/verify.h"
#include "tests/hub/test_chain.h"
#include "tests/support/status_matchers.h"

namespace branchline {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

void AddPen(TestHub* hub) {
  v1::ImportCatalogueRequest request;
  request.add_items()->set_sku("PEN");
  request.mutable_items(0)->set_name("Pen");
  ASSERT_THAT(ImportCatalogue(hub->store.get(), hub->ledger.get(), request),
              IsOk());
}

// One of everything.
v1::PublishRequest Everything() {
  v1::PublishRequest request;
  v1::PriceList* list = request.mutable_price_book()->add_lists();
  list->set_id("spring");
  list->set_currency("GBP");
  list->set_kind(v1::PRICE_LIST_KIND_REGULAR);
  v1::ListPricesSet* prices = request.add_list_prices();
  prices->set_list_id("spring");
  prices->add_prices()->set_sku("PEN");
  prices->mutable_prices(0)->set_price_minor_e4(1'500'000);
  v1::Promotion* promotion = request.mutable_promotions()->add_promotions();
  promotion->set_id("ten");
  promotion->set_scope(v1::PROMOTION_SCOPE_LINE);
  promotion->set_offer(v1::OFFER_KIND_SIMPLE);
  promotion->set_stacking(v1::STACKING_STACKS);
  promotion->mutable_reward()->set_percent_off_bp(1'000);
  v1::TaxRule* tax = request.mutable_taxes()->add_rules();
  tax->set_id("vat");
  tax->add_components()->set_code("vat20");
  request.mutable_roles()->add_roles()->set_id("trainee");
  request.add_policies()->set_sign_on_required(true);
  request.add_members()->set_id("M1");
  return request;
}

absl::StatusOr<v1::PublishResponse> Published(TestHub* hub,
                                              const v1::PublishRequest& r) {
  return Publish(hub->store.get(), hub->ledger.get(), r);
}

TEST(PublishTest, OnlyWhatDiffersIsWritten) {
  TestHub hub;
  AddPen(&hub);
  v1::PublishRequest request = Everything();
  request.set_dry_run(true);
  const int before = hub.disk.commits();
  const auto would = Published(&hub, request);
  ASSERT_THAT(would, IsOk());
  EXPECT_EQ(hub.disk.commits(), before);
  request.set_dry_run(false);
  const auto done = Published(&hub, request);
  ASSERT_THAT(done, IsOk());
  EXPECT_EQ(done->SerializeAsString(), would->SerializeAsString());
  EXPECT_THAT(
      done->changes(),
      ElementsAre("price book 1: 1 price lists instead of 0",
                  "1 prices of list spring", "1 promotions instead of 0",
                  "1 tax rules instead of 0", "1 roles instead of 0",
                  "1 members", "till policy of the chain"));
  const Cursor head = (*hub.store->ReadCursors({"chain"}))[0];
  const auto again = Published(&hub, request);
  ASSERT_THAT(again, IsOk());
  EXPECT_THAT(again->changes(), IsEmpty());
  EXPECT_EQ((*hub.store->ReadCursors({"chain"}))[0], head);

  const auto now = hub.store->ReadPublished();
  ASSERT_THAT(now, IsOk());
  EXPECT_EQ(now->price_book().version(), 1u);
  EXPECT_EQ(now->roles().roles(0).id(), "trainee");
  ASSERT_THAT(now->policies(), SizeIs(1));
  const auto prices = hub.store->ReadListPrices("spring", {"PEN", "INK"});
  ASSERT_THAT(prices, IsOk());
  EXPECT_EQ((*prices)[0]->price_minor_e4(), 1'500'000);
  EXPECT_FALSE((*prices)[1].has_value());
}

TEST(PublishTest, AChangedBookHasTheNextVersion) {
  TestHub hub;
  AddPen(&hub);
  v1::PublishRequest request = Everything();
  ASSERT_THAT(Published(&hub, request), IsOk());
  request.mutable_price_book()->mutable_lists(0)->set_priority(3);
  ASSERT_THAT(Published(&hub, request), IsOk());
  EXPECT_EQ(hub.store->ReadPublished()->price_book().version(), 2u);
}

struct Case {
  const char* name;
  void (*breakage)(v1::PublishRequest& request);
  absl::StatusCode code;
  const char* message;
};

class PublishRefuses : public ::testing::TestWithParam<Case> {};

TEST_P(PublishRefuses, AllOfItWithTheReason) {
  TestHub hub;
  AddPen(&hub);
  v1::PublishRequest request = Everything();
  GetParam().breakage(request);
  const int before = hub.disk.commits();
  EXPECT_THAT(Published(&hub, request),
              StatusIs(GetParam().code, HasSubstr(GetParam().message)));
  EXPECT_EQ(hub.disk.commits(), before);
}

constexpr auto kInvalid = absl::StatusCode::kInvalidArgument;

INSTANTIATE_TEST_SUITE_P(
    Rules, PublishRefuses,
    ::testing::ValuesIn(std::vector<Case>{
        {"ListWithoutId",
         [](auto& r) { r.mutable_price_book()->mutable_lists(0)->clear_id(); },
         kInvalid, "a price list has an id of 0 bytes, want 1 to 32"},
        {"ListTwice",
         [](auto& r) {
           *r.mutable_price_book()->add_lists() = r.price_book().lists(0);
         },
         kInvalid, "price list 'spring' is given twice"},
        {"NoCurrency",
         [](auto& r) {
           r.mutable_price_book()->mutable_lists(0)->set_currency("X");
         },
         kInvalid, "price list spring"},
        {"NoKind",
         [](auto& r) {
           r.mutable_price_book()->mutable_lists(0)->clear_kind();
         },
         kInvalid, "has no kind"},
        {"EndsBeforeItStarts",
         [](auto& r) {
           auto* list = r.mutable_price_book()->mutable_lists(0);
           list->set_from_local_seconds(5);
           list->set_until_local_seconds(5);
         },
         kInvalid, "ends before it starts"},
        {"PriceOfNoList",
         [](auto& r) { r.mutable_list_prices(0)->set_list_id("fall"); },
         kInvalid, "there is no price list 'fall'"},
        {"PriceOfNoItem",
         [](auto& r) {
           r.mutable_list_prices(0)->mutable_prices(0)->set_sku("INK");
         },
         kInvalid, "prices SKU INK, which is not in the catalogue"},
        {"PriceBelowZero",
         [](auto& r) {
           r.mutable_list_prices(0)->mutable_prices(0)->set_price_minor_e4(-1);
         },
         kInvalid, "the price of PEN in list spring"},
        {"PromotionWithoutScope",
         [](auto& r) {
           r.mutable_promotions()->mutable_promotions(0)->clear_scope();
         },
         kInvalid, "promotion ten lacks its scope"},
        {"TaxTwice",
         [](auto& r) {
           *r.mutable_taxes()->mutable_rules(0)->add_components() =
               r.taxes().rules(0).components(0);
         },
         kInvalid, "tax rule vat: tax 'vat20' is given twice"},
        {"RightUnknown",
         [](auto& r) {
           r.mutable_roles()->mutable_roles(0)->add_rights(
               static_cast<v1::Right>(99));
         },
         kInvalid, "role 'trainee': right 99 is not known"},
        {"PercentBeyondAll",
         [](auto& r) {
           r.mutable_roles()->mutable_roles(0)->set_line_discount_max_bp(
               10'001);
         },
         kInvalid, "10001 basis points"},
        {"PolicyOfNoBranch",
         [](auto& r) { r.mutable_policies(0)->set_branch("S009"); },
         absl::StatusCode::kNotFound, "branch S009"},
        {"PolicyTwice", [](auto& r) { *r.add_policies() = r.policies(0); },
         kInvalid, "the policy of the chain is given twice"},
    }),
    [](const auto& param) { return std::string(param.param.name); });

TEST(StaffTest, PinAndNameGoOnUntilTheyAreChanged) {
  TestHub hub;
  v1::SetStaffRequest request;
  request.mutable_staff()->set_id("7");
  request.mutable_staff()->set_role("cashier");
  request.set_name("Ann");
  request.set_pin("4711");
  ASSERT_THAT(hub.admin->SetStaff(request), IsOk());
  const auto parts = [&] { return *hub.store->ReadStaffParts("7"); };
  EXPECT_EQ(parts().name(), "Ann");
  EXPECT_TRUE(PinIsRight(parts().pin_hash(), "4711"));
  // Neither stands in what is hashed and kept for ever.
  const Cursor head = (*hub.store->ReadCursors({"chain"}))[0];
  const auto record = ReadRecord(hub.disk, "chain", head.epoch, head.seq);
  ASSERT_THAT(record, IsOk());
  EXPECT_EQ(record->payload().find("argon2id"), std::string::npos);
  EXPECT_EQ(record->SerializeAsString().find("4711"), std::string::npos);

  request.clear_name();
  request.clear_pin();
  request.mutable_staff()->set_role("supervisor");
  ASSERT_THAT(hub.admin->SetStaff(request), IsOk());
  EXPECT_EQ(parts().name(), "Ann");
  EXPECT_TRUE(PinIsRight(parts().pin_hash(), "4711"));
  request.mutable_staff()->set_left(true);
  ASSERT_THAT(hub.admin->SetStaff(request), IsOk());
  EXPECT_EQ(parts().name(), "Ann");
  EXPECT_EQ(parts().pin_hash(), "");

  request.mutable_staff()->set_role("wizard");
  EXPECT_THAT(hub.admin->SetStaff(request),
              StatusIs(absl::StatusCode::kNotFound,
                       HasSubstr("there is no role 'wizard'")));
  request.mutable_staff()->set_role("");
  request.set_pin("12");
  EXPECT_THAT(hub.admin->SetStaff(request),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       HasSubstr("4 to 12 digits")));
  EXPECT_EQ(parts().pin_hash(), "");
}

TEST(PublishTest, MembersAreSentWhereTheyDifferAlone) {
  TestHub hub;
  v1::PublishRequest request;
  for (int i = 0; i < 501; ++i) {
    request.add_members()->set_id(absl::StrCat("M", i));
  }
  request.mutable_members(0)->add_groups("gold");
  auto said = Published(&hub, request);
  ASSERT_THAT(said, IsOk());
  EXPECT_THAT(said->changes(), ElementsAre("501 members"));
  EXPECT_EQ((*hub.store->ReadMembers({"M0"}))[0]->groups(0), "gold");
  EXPECT_THAT(Published(&hub, request)->changes(), IsEmpty());
  request.mutable_members(7)->set_removed(true);
  EXPECT_THAT(Published(&hub, request)->changes(), ElementsAre("1 members"));
  request.add_members()->set_id("M0");
  EXPECT_THAT(Published(&hub, request),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       HasSubstr("'M0' is given twice")));
}

// What a box gets that joins by a snapshot: all that it sells by.
TEST(PublishTest, SnapshotsHaveIt) {
  TestHub hub;
  AddPen(&hub);
  ASSERT_THAT(Published(&hub, Everything()), IsOk());
  v1::SetStaffRequest staff;
  staff.mutable_staff()->set_id("7");
  staff.set_pin("4711");
  ASSERT_THAT(hub.admin->SetStaff(staff), IsOk());
  std::string kinds;
  ASSERT_THAT(hub.store->ReadChainRegisters(
                  [&](absl::string_view key, absl::string_view) {
                    kinds.push_back(key[0]);
                    return absl::OkStatus();
                  }),
              IsOk());
  // Price book, a list's price, promotions, taxes, roles, policy, PIN, member.
  for (const char kind : std::string("ordtejhQ")) {
    EXPECT_NE(kinds.find(kind), std::string::npos) << kind;
  }
}

}  // namespace
}  // namespace branchline

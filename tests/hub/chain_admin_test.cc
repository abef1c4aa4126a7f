// Over 400 lines: every rule of the operator's commands has its row.

// What an operator decides: branches, staff, catalogue, late records.

#include "hub/merge/chain_admin.h"

#include <limits>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "hub/merge/catalogue_import.h"
#include "hub/merge/catalogue_list.h"
#include "hub/report/branch_overview.h"
#include "sync/journal/journal.h"
#include "sync/journal/record.h"
#include "tests/hub/test_chain.h"
#include "tests/support/status_matchers.h"

namespace branchline {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

v1::AddBranchRequest Branch(const std::string& code) {
  v1::AddBranchRequest request;
  request.mutable_branch()->set_code(code);
  request.mutable_branch()->set_name("Branch");
  request.mutable_branch()->set_time_zone("Asia/Shanghai");
  request.mutable_branch()->set_currency("CNY");
  return request;
}

v1::BranchInfo Overview(TestHub* hub, const std::string& code) {
  const auto overview =
      BranchOverview(*hub->store, code, [&](absl::string_view branch) {
        return hub->node->presence().Of(branch);
      });
  EXPECT_THAT(overview, IsOk());
  return overview->branches(0);
}

TEST(ChainAdminTest, ABranchIsAddedOnce) {
  TestHub hub;
  ASSERT_THAT(hub.admin->AddBranch(Branch("S001")), IsOk());
  EXPECT_EQ(Overview(&hub, "S001").branch().status(),
            v1::BRANCH_STATUS_PLANNED);
  const int before = hub.disk.commits();
  EXPECT_THAT(hub.admin->AddBranch(Branch("S001")), IsOk());
  EXPECT_EQ(hub.disk.commits(), before);
  v1::AddBranchRequest other = Branch("S001");
  other.mutable_branch()->set_currency("GBP");
  EXPECT_THAT(hub.admin->AddBranch(other),
              StatusIs(absl::StatusCode::kAlreadyExists,
                       HasSubstr("branch S001 is there already")));
}

TEST(ChainAdminTest, ItsGroupsAndTaxRegionAreSetWithoutTheRest) {
  TestHub hub;
  TestBox box;
  ASSERT_THAT(box.Join(&hub, hub.AddBranch("S001")), IsOk());
  v1::SetBranchRequest request;
  request.set_code("S009");
  EXPECT_THAT(hub.admin->SetBranch(request),
              StatusIs(absl::StatusCode::kNotFound, HasSubstr("S009")));
  request.set_code("S001");
  request.set_sets_groups(true);
  request.add_groups("north");
  EXPECT_EQ(*hub.admin->SetBranch(request), true);
  const int before = hub.disk.commits();
  EXPECT_EQ(*hub.admin->SetBranch(request), false);
  EXPECT_EQ(hub.disk.commits(), before);
  v1::SetBranchRequest region;
  region.set_code("S001");
  region.set_tax_region("N");
  EXPECT_EQ(*hub.admin->SetBranch(region), true);
  const v1::Branch branch = Overview(&hub, "S001").branch();
  EXPECT_THAT(branch.groups(), ::testing::ElementsAre("north"));
  EXPECT_EQ(branch.tax_region(), "N");
  EXPECT_EQ(branch.status(), v1::BRANCH_STATUS_ACTIVE);
  EXPECT_EQ(branch.receipt_keys_size(), 1);
  request.add_groups("north");
  EXPECT_THAT(hub.admin->SetBranch(request),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       HasSubstr("group 'north' is given twice")));
  request.clear_groups();
  EXPECT_EQ(*hub.admin->SetBranch(request), true);
  EXPECT_EQ(Overview(&hub, "S001").branch().groups_size(), 0);
}

TEST(ChainAdminTest, StaffAreListedAndKeepWhatIsNotGiven) {
  TestHub hub;
  for (const char* code : {"S001", "S002"}) {
    ASSERT_THAT(hub.admin->AddBranch(Branch(code)), IsOk());
  }
  v1::SetStaffRequest ada;
  ada.mutable_staff()->set_id("7");
  ada.mutable_staff()->set_role("cashier");
  ada.mutable_staff()->add_branches("S001");
  ada.set_name("Ada");
  ASSERT_THAT(hub.admin->SetStaff(ada), IsOk());
  v1::SetStaffRequest bo;
  bo.mutable_staff()->set_id("9");
  bo.mutable_staff()->set_role("manager");
  bo.set_pin("9182");
  ASSERT_THAT(hub.admin->SetStaff(bo), IsOk());
  // A PIN for Ada, and nothing else.
  v1::SetStaffRequest pin;
  pin.mutable_staff()->set_id("7");
  pin.set_keeps_role(true);
  pin.set_keeps_branches(true);
  pin.set_pin("4711");
  ASSERT_THAT(hub.admin->SetStaff(pin), IsOk());

  auto all = hub.admin->ListStaff({});
  ASSERT_THAT(all, IsOk());
  ASSERT_EQ(all->staff_size(), 2);
  EXPECT_EQ(all->staff(0).staff().role(), "cashier");
  EXPECT_EQ(all->staff(0).staff().branches(0), "S001");
  EXPECT_EQ(all->staff(0).name(), "Ada");
  EXPECT_TRUE(all->staff(0).has_pin());
  EXPECT_THAT(all->DebugString(), Not(HasSubstr("argon2")));
  v1::ListStaffRequest of_two;
  of_two.set_branch("S002");
  ASSERT_EQ(hub.admin->ListStaff(of_two)->staff_size(), 1);  // everywhere
  EXPECT_EQ(hub.admin->ListStaff(of_two)->staff(0).staff().id(), "9");
  v1::ListStaffRequest rest;
  rest.set_after_id("7");
  EXPECT_EQ(hub.admin->ListStaff(rest)->staff_size(), 1);
  EXPECT_FALSE(hub.admin->ListStaff(rest)->more());
}

TEST(ChainAdminTest, ManyStaffComeInPages) {
  TestHub hub;
  for (int i = 0; i <= kListStaffMax; ++i) {
    v1::SetStaffRequest one;
    one.mutable_staff()->set_id(absl::StrFormat("%04d", i));
    ASSERT_THAT(hub.admin->SetStaff(one), IsOk());
  }
  const auto first = hub.admin->ListStaff({});
  ASSERT_THAT(first, IsOk());
  EXPECT_EQ(first->staff_size(), kListStaffMax);
  EXPECT_TRUE(first->more());
  v1::ListStaffRequest rest;
  rest.set_after_id(first->staff(kListStaffMax - 1).staff().id());
  EXPECT_EQ(hub.admin->ListStaff(rest)->staff_size(), 1);
}

struct BranchCase {
  const char* name;
  void (*breakage)(v1::Branch* branch);
  const char* message;
};

class AddBranchRefuses : public ::testing::TestWithParam<BranchCase> {};

TEST_P(AddBranchRefuses, WithTheReason) {
  TestHub hub;
  v1::AddBranchRequest request = Branch("S001");
  GetParam().breakage(request.mutable_branch());
  EXPECT_THAT(hub.admin->AddBranch(request),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       HasSubstr(GetParam().message)));
}

INSTANTIATE_TEST_SUITE_P(
    Rules, AddBranchRefuses,
    ::testing::ValuesIn(std::vector<BranchCase>{
        {"BadCode", [](v1::Branch* b) { b->set_code("shop 1"); }, "code"},
        {"TheHubsOwn", [](v1::Branch* b) { b->set_code("HUB"); },
         "is the hub's own"},
        {"NoName", [](v1::Branch* b) { b->clear_name(); },
         "has 0 bytes, want 1 to 100"},
        {"NoSuchZone", [](v1::Branch* b) { b->set_time_zone("Mars/Base"); },
         "'Mars/Base' is no time zone"},
        {"NoSuchCurrency", [](v1::Branch* b) { b->set_currency("GPB"); },
         "branch S001: "},
        {"GroupWithoutName", [](v1::Branch* b) { b->add_groups(""); },
         "a group's name has 0 bytes, want 1 to 32"},
        {"TooManyGroups",
         [](v1::Branch* b) {
           for (int i = 0; i < 33; ++i) b->add_groups(std::to_string(i));
         },
         "is in 33 groups, at most 32"},
        {"LongRegion",
         [](v1::Branch* b) { b->set_tax_region(std::string(33, 'r')); },
         "its tax region has 33 bytes"},
    }),
    [](const auto& info) { return std::string(info.param.name); });

TEST(ChainAdminTest, RetiringSealsAndCannotBeUndone) {
  TestHub hub;
  TestBox box;
  ASSERT_THAT(box.Join(&hub, hub.AddBranch("S001")), IsOk());
  ASSERT_THAT(box.PushTo(&hub), IsOk());
  int changes = 0;
  hub.node->SetChangeListener([&] { ++changes; });
  v1::RetireBranchRequest request;
  request.set_code("S001");
  ASSERT_THAT(hub.admin->RetireBranch(request), IsOk());
  EXPECT_EQ(changes, 1);  // lines are told to look again
  hub.node->SetChangeListener({});
  EXPECT_THAT(hub.admin->RetireBranch(request), IsOk());
  const v1::BoxState stored = hub.store->ReadBox("S001")->value();
  ASSERT_EQ(stored.sealed_size(), 1);
  EXPECT_EQ(FromProto(stored.sealed(0).last()), box.head);
  const auto live = hub.node->CheckLive(box.peer());
  ASSERT_THAT(live, IsOk());
  ASSERT_TRUE(std::holds_alternative<v1::Refused>(*live));
  EXPECT_EQ(std::get<v1::Refused>(*live).code(),
            v1::REFUSAL_CODE_BRANCH_RETIRED);
  request.set_code("S009");
  EXPECT_THAT(
      hub.admin->RetireBranch(request),
      StatusIs(absl::StatusCode::kNotFound, HasSubstr("no branch S009")));
}

TEST(ChainAdminTest, AStaffNameIsAPartThatCanBeErased) {
  TestHub hub;
  hub.AddBranch("S001");
  v1::SetStaffRequest request;
  request.mutable_staff()->set_id("ann");
  request.mutable_staff()->add_branches("S001");
  request.set_name("Ann 安");
  ASSERT_THAT(hub.admin->SetStaff(request), IsOk());
  const Cursor head = (*hub.store->ReadCursors({"chain"}))[0];
  const auto record = ReadRecord(hub.disk, "chain", head.epoch, head.seq);
  ASSERT_THAT(record, IsOk());
  EXPECT_EQ(record->payload().find("Ann"), std::string::npos);
  ASSERT_EQ(record->parts_size(), 1);
  EXPECT_EQ(record->parts(0).data(), "Ann 安");
  v1::Event event;
  ASSERT_TRUE(event.ParseFromString(record->payload()));
  EXPECT_THAT(CheckParts(*record, event.parts()), IsOk());

  request.mutable_staff()->set_branches(0, "S009");
  EXPECT_THAT(
      hub.admin->SetStaff(request),
      StatusIs(absl::StatusCode::kNotFound, HasSubstr("no branch S009")));
  request.mutable_staff()->clear_id();
  EXPECT_THAT(hub.admin->SetStaff(request),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       HasSubstr("a staff id has 0 bytes")));
  request.mutable_staff()->set_id("ann");
  request.set_name(std::string(201, 'x'));
  EXPECT_THAT(hub.admin->SetStaff(request),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       HasSubstr("a name of 201 bytes")));
}

v1::Event LateFound(uint64_t last_seq, char hash) {
  v1::Event event;
  auto* found = event.mutable_late_suffix_found();
  found->set_epoch(1);
  found->set_first_seq(10);
  *found->mutable_last() = ToProto({1, last_seq, std::string(kHashSize, hash)});
  return event;
}

TEST(ChainAdminTest, LateRecordsWaitUntilTheyAreApproved) {
  TestHub hub;
  TestBox box;
  ASSERT_THAT(box.Join(&hub, hub.AddBranch("S001")), IsOk());
  box.Append(LateFound(14, 'a'));
  ASSERT_THAT(box.PushTo(&hub), IsOk());
  ASSERT_EQ(Overview(&hub, "S001").late_waiting_size(), 1);

  v1::ApproveLateRequest request;
  request.set_branch("S001");
  request.set_epoch(1);
  const auto approved = hub.admin->ApproveLate(request);
  ASSERT_THAT(approved, IsOk());
  EXPECT_EQ(approved->records(), 5u);
  EXPECT_EQ(Overview(&hub, "S001").late_waiting_size(), 0);
  const Cursor head = (*hub.store->ReadCursors({"branch:S001"}))[0];
  EXPECT_EQ(head.seq, 1u);
  // The branch pulls it.
  const auto frames =
      hub.node->ReadStream(box.peer(), "branch:S001", {}, 1 << 20);
  ASSERT_THAT(frames, IsOk());
  ASSERT_EQ(frames->size(), 1u);
  // Twice is once.
  ASSERT_THAT(hub.admin->ApproveLate(request), IsOk());
  EXPECT_EQ((*hub.store->ReadCursors({"branch:S001"}))[0], head);
  request.set_epoch(2);
  EXPECT_THAT(hub.admin->ApproveLate(request),
              StatusIs(absl::StatusCode::kNotFound,
                       HasSubstr("no late records of epoch 2")));
}

// The second disk of an epoch took the first one's place in the list, and then
// stayed there for ever.
TEST(ChainAdminTest, TwoDisksOfAnEpochAreApprovedOneByOne) {
  TestHub hub;
  TestBox box;
  ASSERT_THAT(box.Join(&hub, hub.AddBranch("S001")), IsOk());
  box.Append(LateFound(14, 'a'));
  box.Append(LateFound(12, 'b'));
  ASSERT_THAT(box.PushTo(&hub), IsOk());
  ASSERT_EQ(Overview(&hub, "S001").late_waiting_size(), 2);

  v1::ApproveLateRequest request;
  request.set_branch("S001");
  request.set_epoch(1);
  EXPECT_THAT(
      hub.admin->ApproveLate(request),
      StatusIs(absl::StatusCode::kFailedPrecondition,
               HasSubstr("2 disks of epoch 1 of S001 wait, with the last "
                         "hashes 6161616161616161, 6262626262626262")));
  request.set_last_hash("77");
  EXPECT_THAT(hub.admin->ApproveLate(request),
              StatusIs(absl::StatusCode::kNotFound,
                       HasSubstr("whose last hash begins so")));
  request.set_last_hash("6262");
  EXPECT_EQ(hub.admin->ApproveLate(request)->records(), 3u);
  ASSERT_EQ(Overview(&hub, "S001").late_waiting_size(), 1);
  EXPECT_EQ(Overview(&hub, "S001").late_waiting(0).last().seq(), 14u);
  EXPECT_EQ(hub.admin->ApproveLate(request)->records(), 3u);  // again
  request.clear_last_hash();                                  // one is left
  EXPECT_EQ(hub.admin->ApproveLate(request)->records(), 5u);
  EXPECT_EQ(Overview(&hub, "S001").late_waiting_size(), 0);
  EXPECT_EQ((*hub.store->ReadCursors({"branch:S001"}))[0].seq, 2u);
}

TEST(ChainAdminTest, ALateSuffixWithoutItsHashIsPutAside) {
  TestHub hub;
  TestBox box;
  ASSERT_THAT(box.Join(&hub, hub.AddBranch("S001")), IsOk());
  v1::Event event = LateFound(14, 'a');
  event.mutable_late_suffix_found()->mutable_last()->set_hash("short");
  box.Append(event);
  ASSERT_THAT(box.PushTo(&hub), IsOk());
  EXPECT_EQ(Overview(&hub, "S001").late_waiting_size(), 0);
  EXPECT_EQ(Overview(&hub, "S001").aside(), 1u);
}

// --- Catalogue ---

v1::Item* AddItem(v1::ImportCatalogueRequest* request, const std::string& sku,
                  const std::string& barcode = "") {
  v1::Item* item = request->add_items();
  item->set_sku(sku);
  item->set_name(absl::StrCat("Item ", sku));
  if (!barcode.empty()) item->add_barcodes(barcode);
  return item;
}

v1::Price* AddPrice(v1::ImportCatalogueRequest* request, const std::string& sku,
                    int64_t price_minor_e4) {
  v1::Price* price = request->add_prices();
  price->set_sku(sku);
  price->set_currency("GBP");
  price->set_price_minor_e4(price_minor_e4);
  return price;
}

absl::StatusOr<v1::ImportCatalogueResponse> Import(
    TestHub* hub, const v1::ImportCatalogueRequest& request) {
  return ImportCatalogue(hub->store.get(), hub->ledger.get(), request);
}

TEST(ImportTest, WritesOnlyWhatChanged) {
  TestHub hub;
  v1::ImportCatalogueRequest request;
  AddItem(&request, "PEN", "400638");
  AddItem(&request, "BAG");
  AddPrice(&request, "PEN", 1'990'000);
  AddPrice(&request, "BAG", -50'000);  // a deposit given back
  auto first = Import(&hub, request);
  ASSERT_THAT(first, IsOk());
  EXPECT_EQ(first->items_changed(), 2u);
  EXPECT_EQ(first->prices_changed(), 2u);
  EXPECT_EQ((*hub.store->ReadCursors({"chain"}))[0].seq, 2u);

  const int before = hub.disk.commits();
  auto again = Import(&hub, request);
  ASSERT_THAT(again, IsOk());
  EXPECT_EQ(again->items_changed() + again->prices_changed(), 0u);
  EXPECT_EQ(hub.disk.commits(), before);

  request.mutable_items(1)->set_name("Carrier bag");
  request.mutable_prices(0)->set_price_minor_e4(0);
  again = Import(&hub, request);
  ASSERT_THAT(again, IsOk());
  EXPECT_EQ(again->items_changed(), 1u);
  EXPECT_EQ(again->prices_changed(), 1u);
  EXPECT_EQ((*hub.store->ReadPrices({{"PEN", "GBP"}}))[0]->price_minor_e4(), 0);
  EXPECT_EQ((*hub.store->ReadItems({"BAG"}))[0]->name(), "Carrier bag");
}

TEST(ImportTest, TwoItemsOnOneCodeAreWarnedOf) {
  TestHub hub;
  v1::ImportCatalogueRequest request;
  AddItem(&request, "PEN", "4006381333931");
  ASSERT_THAT(Import(&hub, request), IsOk());
  v1::ImportCatalogueRequest other;
  AddItem(&other, "INK", "04006381333931");  // the same number
  auto imported = Import(&hub, other);
  ASSERT_THAT(imported, IsOk());
  ASSERT_EQ(imported->warnings_size(), 1);
  EXPECT_THAT(imported->warnings(0),
              HasSubstr("code 04006381333931 is on items INK, PEN"));
  EXPECT_THAT((*hub.store->ReadCodeSkus({"4006381333931"}))[0],
              ElementsAre("INK", "PEN"));
  // Given up in the same import.
  other.clear_items();
  AddItem(&other, "INK", "4006381333931");
  AddItem(&other, "PEN");
  imported = Import(&hub, other);
  ASSERT_THAT(imported, IsOk());
  EXPECT_EQ(imported->warnings_size(), 0);
}

TEST(ImportTest, ADryRunTellsEveryFieldAndWritesNothing) {
  TestHub hub;
  v1::ImportCatalogueRequest request;
  AddItem(&request, "PEN", "4006381333931");
  request.mutable_items(0)->set_age_limit(18);
  v1::Price* price = request.add_prices();
  price->set_sku("PEN");
  price->set_currency("GBP");
  price->set_price_minor_e4(1'990'000);
  ASSERT_THAT(Import(&hub, request), IsOk());
  const uint64_t before = (*hub.store->ReadCursors({"chain"}))[0].seq;
  request.mutable_items(0)->set_name("Fountain pen");
  request.mutable_items(0)->clear_age_limit();
  request.add_item_fields("name");  // the age limit is none of it
  request.mutable_prices(0)->set_price_minor_e4(2'095'000);
  request.set_dry_run(true);
  const auto told = Import(&hub, request);
  ASSERT_THAT(told, IsOk());
  ASSERT_EQ(told->differences_size(), 2);
  EXPECT_EQ(told->differences(0).field(), "name");
  EXPECT_EQ(told->differences(0).after(), "Fountain pen");
  EXPECT_EQ(told->differences(1).field(), "price GBP");
  EXPECT_EQ(told->differences(1).before(), "1.99");
  EXPECT_EQ(told->differences(1).after(), "2.095");
  EXPECT_EQ((*hub.store->ReadCursors({"chain"}))[0].seq, before);
  request.set_dry_run(false);
  ASSERT_THAT(Import(&hub, request), IsOk());
  EXPECT_EQ((*hub.store->ReadItems({"PEN"}))[0]->name(), "Fountain pen");
  EXPECT_EQ((*hub.store->ReadItems({"PEN"}))[0]->age_limit(), 18u);
  const auto history = PriceHistory(*hub.store, [] {
    v1::GetPriceHistoryRequest pen;
    pen.set_sku("PEN");
    return pen;
  }());
  ASSERT_THAT(history, IsOk());
  ASSERT_EQ(history->changes_size(), 2);
  EXPECT_EQ(history->changes(0).price_minor_e4(), 1'990'000);
  EXPECT_EQ(history->changes(1).price_minor_e4(), 2'095'000);
  EXPECT_EQ(history->changes(1).currency(), "GBP");
}

// As the office reads them: in the words of its own file.
TEST(ImportTest, DifferencesAreInTheWordsOfTheFile) {
  TestHub hub;
  v1::ImportCatalogueRequest request;
  v1::Item* item = AddItem(&request, "COLA", "4006381333931");
  item->set_kind(v1::ITEM_KIND_OPEN_DEPARTMENT);
  item->set_negative_stock(v1::NEGATIVE_STOCK_BLOCK);
  item->set_weighed(true);
  item->set_keyed_price_max_minor_e4(990'000);
  v1::ItemCode* carton = item->add_codes();
  carton->set_code("5000112637922");
  carton->set_pieces(10);
  carton->set_price_minor(999);
  carton->set_currency("GBP");
  item->add_codes()->set_code("ONE");
  item->add_variant()->set_name("size");
  item->mutable_variant(0)->set_value("M");
  request.set_dry_run(true);
  const auto told = Import(&hub, request);
  ASSERT_THAT(told, IsOk());
  std::vector<std::string> all;
  for (const v1::Difference& one : told->differences()) {
    all.push_back(absl::StrCat(one.field(), ": ", one.after()));
  }
  EXPECT_THAT(all, ::testing::UnorderedElementsAre(
                       "sku: COLA", "name: Item COLA", "barcode: 4006381333931",
                       "weighed: yes", "codes: 5000112637922*10=9.99/GBP ONE*1",
                       "kind: open-department", "negative_stock: block",
                       "variant: size=M", "keyed_price_max: 990000"));
}

TEST(ImportTest, TheCatalogueIsListedInPages) {
  TestHub hub;
  v1::ImportCatalogueRequest request;
  for (const char* sku : {"C", "A", "AB", "B"}) AddItem(&request, sku);
  ASSERT_THAT(Import(&hub, request), IsOk());
  v1::ListItemsRequest list;
  list.set_limit(3);
  auto page = ListItems(*hub.store, list);
  ASSERT_THAT(page, IsOk());
  ASSERT_EQ(page->entries_size(), 3);
  EXPECT_EQ(page->entries(1).item().sku(), "AB");
  list.set_after_sku(page->entries(2).item().sku());
  page = ListItems(*hub.store, list);
  ASSERT_EQ(page->entries_size(), 1);
  EXPECT_EQ(page->entries(0).item().sku(), "C");
}

struct ImportCase {
  const char* name;
  void (*fill)(v1::ImportCatalogueRequest* request);
  absl::StatusCode code;
  const char* message;
};

class ImportRefuses : public ::testing::TestWithParam<ImportCase> {};

TEST_P(ImportRefuses, AllOfIt) {
  TestHub hub;
  v1::ImportCatalogueRequest request;
  AddItem(&request, "GOOD");
  GetParam().fill(&request);
  EXPECT_THAT(Import(&hub, request),
              StatusIs(GetParam().code, HasSubstr(GetParam().message)));
  EXPECT_EQ((*hub.store->ReadCursors({"chain"}))[0].seq, 0u);
}

INSTANTIATE_TEST_SUITE_P(
    Rules, ImportRefuses,
    ::testing::ValuesIn(std::vector<ImportCase>{
        {"TooManyRows",
         [](v1::ImportCatalogueRequest* r) {
           for (int i = 0; i < 500; ++i) AddItem(r, absl::StrCat("I", i));
         },
         absl::StatusCode::kInvalidArgument, "import of 501 items"},
        {"NoSku", [](v1::ImportCatalogueRequest* r) { AddItem(r, ""); },
         absl::StatusCode::kInvalidArgument,
         "its SKU has 0 bytes, want 1 to 64"},
        {"LongSku",
         [](v1::ImportCatalogueRequest* r) {
           AddItem(r, std::string(65, 'x'));
         },
         absl::StatusCode::kInvalidArgument, "its SKU has 65 bytes"},
        {"ZeroInSku",
         [](v1::ImportCatalogueRequest* r) {
           AddItem(r, std::string("a\0b", 3));
         },
         absl::StatusCode::kInvalidArgument, "none of them zero"},
        {"LongName",
         [](v1::ImportCatalogueRequest* r) {
           AddItem(r, "A")->set_name(std::string(201, 'x'));
         },
         absl::StatusCode::kInvalidArgument, "its name has 201 bytes"},
        {"SkuTwice", [](v1::ImportCatalogueRequest* r) { AddItem(r, "GOOD"); },
         absl::StatusCode::kInvalidArgument,
         "item 'GOOD' is in the import twice"},
        {"CodeTwice",
         [](v1::ImportCatalogueRequest* r) {
           AddItem(r, "A", "4006381333931");
           r->mutable_items(1)->add_codes()->set_code("04006381333931");
         },
         absl::StatusCode::kInvalidArgument,
         "stands for the same number as another"},
        {"ItsOwnDeposit",
         [](v1::ImportCatalogueRequest* r) {
           AddItem(r, "A");
           r->mutable_items(1)->set_deposit_sku("A");
         },
         absl::StatusCode::kInvalidArgument, "is its own deposit"},
        {"UnknownField",
         [](v1::ImportCatalogueRequest* r) { r->add_item_fields("colour"); },
         absl::StatusCode::kInvalidArgument, "which items do not have"},
        {"TooManyBarcodes",
         [](v1::ImportCatalogueRequest* r) {
           v1::Item* item = AddItem(r, "A");
           for (int i = 0; i < 21; ++i) item->add_barcodes(absl::StrCat(i));
         },
         absl::StatusCode::kInvalidArgument, "has 21 barcodes, at most 20"},
        {"NoSuchCurrency",
         [](v1::ImportCatalogueRequest* r) {
           AddPrice(r, "GOOD", 1)->set_currency("pound");
         },
         absl::StatusCode::kInvalidArgument, "price of item 'GOOD'"},
        {"PriceTwice",
         [](v1::ImportCatalogueRequest* r) {
           AddPrice(r, "GOOD", 1);
           AddPrice(r, "GOOD", 2);
         },
         absl::StatusCode::kInvalidArgument, "the GBP price of item 'GOOD'"},
        {"PriceTooLarge",
         [](v1::ImportCatalogueRequest* r) {
           AddPrice(r, "GOOD", std::numeric_limits<int64_t>::min());
         },
         absl::StatusCode::kInvalidArgument, "at most 1000000000000000"},
        {"PriceOfNothing",
         [](v1::ImportCatalogueRequest* r) { AddPrice(r, "GHOST", 1); },
         absl::StatusCode::kInvalidArgument,
         "'GHOST', which is neither in the import nor in the catalogue"},
    }),
    [](const auto& info) { return std::string(info.param.name); });

}  // namespace
}  // namespace branchline

// Verify makes every row and register of the docs again: each case plants one
// that is not as the journal says.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "branchline/v1/state.pb.h"
#include "sync/base/bytes.h"
#include "sync/journal/verify.h"
#include "tests/support/journal_builder.h"

namespace branchline {
namespace {

using ::testing::HasSubstr;

constexpr char kStream[] = "edge:S001";

std::string ReceiptAt(uint64_t epoch, uint64_t seq) {
  v1::ReceiptAt at;
  at.set_epoch(epoch);
  at.set_seq(seq);
  return at.SerializeAsString();
}

std::string U64(uint64_t value) {
  std::string bytes;
  AppendU64(&bytes, value);
  return bytes;
}

// One of every kind of event that leaves a row.
void BuildAll(JournalBuilder& chain) {
  chain.BuildChain();
  v1::Event event;
  event.mutable_day_opened()->set_date(20261121);
  chain.Append(kStream, event);
  event.mutable_day_closed()->set_date(20261121);
  chain.Append(kStream, event);
  event.mutable_till_paired()->set_till("T1");
  event.mutable_till_paired()->set_key_hash("hash");
  chain.Append(kStream, event);
  v1::LateSuffixFound& found = *event.mutable_late_suffix_found();
  found.set_epoch(1);
  *found.mutable_last() = ToProto({1, 9, std::string(kHashSize, 'l')});
  chain.Append(kStream, event);
  *event.mutable_late_record()->mutable_record() = chain.Read(kStream, 1, 3);
  chain.Append(kStream, event);
  v1::LateSuffixApproved& approved = *event.mutable_late_suffix_approved();
  approved.set_branch("S001");
  approved.set_epoch(1);
  *approved.mutable_last() = ToProto({1, 9, std::string(kHashSize, 'l')});
  chain.Append("branch:S001", event);
  v1::Item& item = *event.mutable_items_set()->add_items();
  item.set_sku("PEN");
  item.set_name("Pen");
  item.add_barcodes("4006381333931");
  item.add_codes()->set_code("TEN");
  item.set_variant_of("PENS");
  item.set_kind(v1::ITEM_KIND_OPEN_DEPARTMENT);
  chain.Append("chain", event);
  event.mutable_scan_rules_set()->add_rules()->set_pattern("21iiiiivvvvvc");
  chain.Append("chain", event);
  event.mutable_categories_set()->add_categories()->set_id("drinks");
  chain.Append("chain", event);
  v1::Price& price = *event.mutable_prices_set()->add_prices();
  price.set_sku("PEN");
  price.set_currency("GBP");
  price.set_price_minor_e4(1'990'000);
  chain.Append("chain", event);
  event.mutable_branch_set()->mutable_branch()->set_code("S001");
  chain.Append("chain", event);
  event.mutable_price_book_set()->set_version(3);
  chain.Append("chain", event);
  event.mutable_list_prices_set()->set_list_id("spring");
  event.mutable_list_prices_set()->add_prices()->set_sku("PEN");
  chain.Append("chain", event);
  event.mutable_promotions_set()->add_promotions()->set_id("ten");
  chain.Append("chain", event);
  event.mutable_tax_rules_set()->add_rules()->set_id("vat");
  chain.Append("chain", event);
  event.mutable_roles_set()->add_roles()->set_id("trainee");
  chain.Append("chain", event);
  event.mutable_till_policy_set()->mutable_policy()->set_branch("S001");
  chain.Append("chain", event);
  event.mutable_staff_set()->mutable_staff()->set_id("7");
  chain.Append("chain", event);
  event.set_till("T1");
  event.set_staff("7");
  event.mutable_signed_on();
  chain.Append(kStream, event);
  event.mutable_sign_on_refused()->set_staff("7");
  event.mutable_sign_on_refused()->set_failures(2);
  chain.Append(kStream, event);
  event.mutable_shift_opened();
  chain.Append(kStream, event);
  v1::ShiftClosed& z = *event.mutable_shift_closed();
  z.set_till("T1");
  z.set_z_no("S001-T1-1-Z000001");
  chain.Append(kStream, event);
  v1::CashCounted& counted = *event.mutable_cash_counted();
  counted.set_place(v1::CASH_PLACE_LAST_Z);
  counted.set_z_no("S001-T1-1-Z000001");
  chain.Append(kStream, event);
  event.mutable_training_set()->set_on(true);
  chain.Append(kStream, event);
  v1::Sale& trained = *event.mutable_training_receipt()->mutable_sale();
  trained.set_receipt_no("S001-T1-1-T000001");
  trained.set_receipt_counter(1);
  chain.Append(kStream, event);
  event.mutable_invoice_requested()->set_receipt_no("S001-T1-1-000001");
  chain.Append(kStream, event);
  v1::MatchedTender& matched = *event.mutable_tenders_matched()->add_tenders();
  matched.set_receipt_no("S001-T1-1-000001");
  matched.set_bill_reference("4711");
  chain.Append(kStream, event);
  event.mutable_tender_written_off()->set_receipt_no("S001-T1-1-000002");
  event.mutable_tender_written_off()->set_reason("never paid");
  chain.Append(kStream, event);
  event.mutable_paper_reprinted()->set_document_no("S001-T1-1-000001");
  event.mutable_paper_reprinted()->set_times(1);
  chain.Append(kStream, event);
  event.mutable_members_set()->add_members()->set_id("M1");
  chain.Append("chain", event);
}

VerifyReport Verify(JournalBuilder& chain) {
  auto report = VerifyJournal(
      chain.store(),
      {.hub_public_key = JournalBuilder::HubKey().public_key(), .stream = ""});
  EXPECT_TRUE(report.ok()) << report.status();
  return *std::move(report);
}

TEST(VerifyDocsTest, PassesWhatTheFoldWrote) {
  JournalBuilder chain;
  BuildAll(chain);
  const VerifyReport report = Verify(chain);
  EXPECT_EQ(report.docs.faults.first, "");
  EXPECT_TRUE(report.docs.compared);
  EXPECT_GT(report.docs.rows, 20u);
  EXPECT_EQ(report.docs.rows_of_unknown_kind, 0u);
}

TEST(VerifyDocsTest, LeavesRowsOfALaterProgramAlone) {
  JournalBuilder chain;
  BuildAll(chain);
  chain.Put(Table::kDocs, "Zsomething", "new");
  const VerifyReport report = Verify(chain);
  EXPECT_TRUE(report.ok());
  EXPECT_EQ(report.docs.rows_of_unknown_kind, 1u);
}

struct Tamper {
  const char* name;
  void (*plant)(JournalBuilder& chain);
  const char* message;
};

class VerifyDocsFinds : public ::testing::TestWithParam<Tamper> {};

TEST_P(VerifyDocsFinds, ThePlantedTamper) {
  JournalBuilder chain;
  BuildAll(chain);
  GetParam().plant(chain);
  const VerifyReport report = Verify(chain);
  EXPECT_FALSE(report.ok());
  EXPECT_EQ(report.docs.faults.count, 1u);
  EXPECT_THAT(report.docs.faults.first, HasSubstr(GetParam().message));
  EXPECT_EQ(report.books.faults.count, 0u);
}

const Tamper kTampers[] = {
    {"PriceBookOfAnotherVersion",
     [](JournalBuilder& chain) {
       chain.Put(Table::kDocs, docs::PriceBook(), "");
     },
     "the price book is not in the docs as"},
    {"ListPriceRemoved",
     [](JournalBuilder& chain) {
       chain.Delete(Table::kDocs, docs::ListPrice("PEN", "spring"));
     },
     "the price of PEN in price list spring is not in the docs, and"},
    {"PromotionsChanged",
     [](JournalBuilder& chain) {
       chain.Put(Table::kDocs, docs::Promotions(), "");
     },
     "the promotions is not in the docs as"},
    {"TaxRulesRemoved",
     [](JournalBuilder& chain) {
       chain.Delete(Table::kDocs, docs::TaxRules());
     },
     "the tax rules is not in the docs, and"},
    {"VariantRemoved",
     [](JournalBuilder& chain) {
       chain.Delete(Table::kDocs, docs::Variant("PENS", "PEN"));
     },
     "variant PEN of item PENS is not in the docs, and"},
    {"DepartmentInvented",
     [](JournalBuilder& chain) {
       chain.Put(Table::kDocs, docs::OpenDepartment("INK"), "");
     },
     "open department INK is in the docs, and nothing"},
    {"ScanRulesChanged",
     [](JournalBuilder& chain) {
       chain.Put(Table::kDocs, docs::ScanRules(), "");
     },
     "the rules of scales' codes is not in the docs as"},
    {"CategoriesRemoved",
     [](JournalBuilder& chain) {
       chain.Delete(Table::kDocs, docs::Categories());
     },
     "the tree of categories is not in the docs, and"},
    {"RolesChanged",
     [](JournalBuilder& chain) { chain.Put(Table::kDocs, docs::Roles(), ""); },
     "the roles is not in the docs as"},
    {"PolicyInvented",
     [](JournalBuilder& chain) {
       chain.Put(Table::kDocs, docs::TillPolicy(""), "");
     },
     "the till policy of  is in the docs, and nothing"},
    {"PinInvented",
     [](JournalBuilder& chain) {
       v1::StaffParts parts;
       parts.set_pin_hash("of a stranger's PIN");
       chain.Put(Table::kDocs, docs::StaffParts("7"),
                 parts.SerializeAsString());
     },
     "name and PIN of staff 7 is not in the docs as"},
    {"ShiftOpenedAgain",
     [](JournalBuilder& chain) {
       v1::ShiftState shift;
       shift.set_open(true);
       chain.Put(Table::kDocs, docs::Shift("S001", "T1"),
                 shift.SerializeAsString());
     },
     "the shift of till T1 of S001 is not in the docs as"},
    {"WriteOffRemoved",
     [](JournalBuilder& chain) {
       chain.Delete(Table::kDocs,
                    docs::WrittenOff("S001", "S001-T1-1-000002", 0));
     },
     "a payment of S001 that was written off is not in the docs, and"},
    {"CopyForgotten",
     [](JournalBuilder& chain) {
       chain.Put(Table::kDocs, docs::Reprinted("S001", "S001-T1-1-000001"), "");
     },
     "the copies of S001-T1-1-000001 of S001 is not in the docs as"},
    {"ZChanged",
     [](JournalBuilder& chain) {
       chain.Put(Table::kDocs, docs::LastZ("S001", "T1"), "");
     },
     "the last Z of till T1 of S001 is not in the docs as"},
    {"ZElsewhere",
     [](JournalBuilder& chain) {
       chain.Put(Table::kDocs, docs::Z("S001", "S001-T1-1-Z000001"),
                 ReceiptAt(1, 4));
     },
     "Z S001-T1-1-Z000001 of S001 is record 4 of epoch 1 in the docs"},
    {"SettlementRemoved",
     [](JournalBuilder& chain) {
       chain.Delete(Table::kDocs, docs::Settled("S001", "S001-T1-1-Z000001"));
     },
     "the settlement of Z S001-T1-1-Z000001 of S001 is not in the docs, and"},
    {"AnotherSignedOn",
     [](JournalBuilder& chain) {
       v1::SessionState session;
       session.set_staff("9");
       chain.Put(Table::kDocs, docs::Session("S001", "T1"),
                 session.SerializeAsString());
     },
     "who is signed on to till T1 of S001 is not in the docs as"},
    {"LockLifted",
     [](JournalBuilder& chain) {
       chain.Put(Table::kDocs, docs::Pin("S001", "7"), "");
     },
     "wrong PINs of staff 7 at S001 is not in the docs as"},
    {"ReceiptElsewhere",
     [](JournalBuilder& chain) {
       chain.Put(Table::kDocs, docs::Receipt("S001", "S001-T1-1-2"),
                 ReceiptAt(1, 4));
     },
     "receipt S001-T1-1-2 of S001 is record 4 of epoch 1 in the docs, and the "
     "journal says record "},
    {"ReceiptRemoved",
     [](JournalBuilder& chain) {
       chain.Delete(Table::kDocs, docs::Receipt("S001", "S001-T1-1-3"));
     },
     "receipt S001-T1-1-3 of S001 is not in the docs, and the journal says so"},
    {"ReceiptInvented",
     [](JournalBuilder& chain) {
       chain.Put(Table::kDocs, docs::Receipt("S009", "S009-T1-1-1"),
                 ReceiptAt(1, 4));
     },
     "receipt S009-T1-1-1 of S009 is in the docs, and nothing in the journal "
     "says so"},
    {"CounterTurnedBack",
     [](JournalBuilder& chain) {
       chain.Put(Table::kDocs, docs::ReceiptCounter("S001", "T1", 1), U64(0));
     },
     "the receipt counter of till T1 of S001 in epoch 1 is 0 in the docs, and "
     "the journal says "},
    {"DayOpenedAgain",
     [](JournalBuilder& chain) {
       v1::DayState day;
       day.set_date(20261121);
       day.set_opened_epoch(1);
       chain.Put(Table::kDocs, docs::Day("S001", 20261121),
                 day.SerializeAsString());
     },
     "day 2026-11-21 of S001 is not in the docs as the journal has it"},
    {"AnothersKey",
     [](JournalBuilder& chain) {
       v1::TillPaired till;
       till.set_till("T1");
       till.set_key_hash("of a stranger");
       chain.Put(Table::kDocs, docs::Till("S001", "T1"),
                 till.SerializeAsString());
     },
     "till T1 of S001 is not in the docs as"},
    {"ApprovalInvented",
     [](JournalBuilder& chain) {
       v1::LateState late;
       late.set_approved(true);
       chain.Put(Table::kDocs,
                 docs::Late("HUB/S001", 2, std::string(kHashSize, 'x')),
                 late.SerializeAsString());
     },
     "a late suffix of HUB/S001, epoch 2 is in the docs, and nothing"},
    {"LateRecordForgotten",
     [](JournalBuilder& chain) {
       const v1::Record late = chain.Read(kStream, 1, 3);
       chain.Delete(Table::kDocs, docs::LateTaken("S001", 1, 3, late.hash()));
     },
     "that the late record 3 of epoch 1 of S001 was taken in is not in"},
    {"PriceChanged",
     [](JournalBuilder& chain) {
       v1::Price price;
       price.set_sku("PEN");
       price.set_currency("GBP");
       price.set_price_minor_e4(1);
       chain.Put(Table::kDocs, docs::Price("PEN", "GBP"),
                 price.SerializeAsString());
     },
     "the price of PEN in GBP is not in the docs as"},
    {"CodeOfAnother",
     [](JournalBuilder& chain) {
       chain.Put(Table::kDocs, docs::Code("4006381333931", "PEN"), "x");
     },
     "code 04006381333931 of item PEN is not in the docs as"},
    {"ItemRemoved",
     [](JournalBuilder& chain) {
       chain.Delete(Table::kDocs, docs::Item("PEN"));
     },
     "item PEN is not in the docs, and the journal says so"},
    {"BranchInvented",
     [](JournalBuilder& chain) {
       chain.Put(Table::kDocs, docs::Branch("S009"), "");
     },
     "branch S009 is in the docs, and nothing"},
    {"StaffRemoved",
     [](JournalBuilder& chain) {
       chain.Delete(Table::kDocs, docs::Staff("7"));
     },
     "staff 7 is not in the docs, and the journal says so"},
};

INSTANTIATE_TEST_SUITE_P(Tampers, VerifyDocsFinds,
                         ::testing::ValuesIn(kTampers), [](const auto& param) {
                           return std::string(param.param.name);
                         });

}  // namespace
}  // namespace branchline

// Each row plants one tamper in a sound chain; verify must find it, in the
// right stream, and say what it is.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "sync/journal/verify.h"
#include "tests/support/journal_builder.h"

namespace branchline {
namespace {

using ::testing::HasSubstr;

v1::Record Rehashed(const std::string& stream, v1::Record record) {
  record.set_hash(HashRecord(stream, record.epoch(), record.seq(),
                             record.prev_hash(), record.payload()));
  return record;
}

// Gives the sale at `seq` of edge:S002 another amount, and writes the hashes of
// it and of all after it anew.
void RewriteFrom(JournalBuilder& chain, uint64_t seq) {
  const std::string stream = "edge:S002";
  v1::Record record = chain.Read(stream, 1, seq);
  v1::Event event;
  event.ParseFromString(record.payload());
  event.mutable_sale()->set_reference("changed");
  record.set_payload(event.SerializeAsString());
  for (const uint64_t last = chain.Head(stream).seq;; ++seq) {
    record = Rehashed(stream, record);
    chain.Overwrite(stream, record);
    if (seq == last) return;
    v1::Record next = chain.Read(stream, 1, seq + 1);
    next.set_prev_hash(record.hash());
    record = next;
  }
}

void AddToCell(JournalBuilder& chain, const std::string& key,
               absl::string_view field, int64_t amount) {
  Cell delta;
  delta.Add(field, amount);
  WriteSet writes;
  writes.Add(key, delta);
  chain.Commit(writes);
}

struct Tamper {
  const char* name;
  void (*plant)(JournalBuilder& chain);
  const char* where;  // a stream, "books" or "docs"
  const char* message;
};

class VerifyFinds : public ::testing::TestWithParam<Tamper> {};

TEST_P(VerifyFinds, ThePlantedTamper) {
  JournalBuilder chain;
  chain.BuildChain();
  GetParam().plant(chain);
  const auto report = VerifyJournal(
      chain.store(),
      {.hub_public_key = JournalBuilder::HubKey().public_key(), .stream = ""});
  ASSERT_TRUE(report.ok()) << report.status();
  EXPECT_FALSE(report->ok());
  std::string first = report->books.faults.first;
  if (GetParam().where == std::string("docs")) {
    first = report->docs.faults.first;
  }
  for (const StreamVerdict& verdict : report->streams) {
    if (verdict.stream == GetParam().where) first = verdict.faults.first;
  }
  EXPECT_THAT(first, HasSubstr(GetParam().message));
}

const Tamper kTampers[] = {
    {"FlippedPayloadByte",
     [](JournalBuilder& chain) {
       v1::Record record = chain.Read("edge:S001", 1, 3);
       record.mutable_payload()->back() ^= 1;
       chain.Overwrite("edge:S001", record);
     },
     "edge:S001", "record 3 of epoch 1 was changed: its bytes have the hash"},
    {"RemovedRecord",
     [](JournalBuilder& chain) {
       chain.Delete(Table::kJournal, RecordKey("edge:S001", 1, 4));
     },
     "edge:S001", "record 5 of epoch 1 stands where record 4 should"},
    {"RemovedFirstRecord",
     [](JournalBuilder& chain) {
       chain.Delete(Table::kJournal, RecordKey("edge:S002", 1, 1));
     },
     "edge:S002", "record 2 of epoch 1 stands where record 1 should"},
    {"RemovedEpochsEnd",
     [](JournalBuilder& chain) {
       chain.Delete(Table::kJournal, RecordKey("edge:S001", 1, 6));
     },
     "edge:S001", "record 1 of epoch 2 was written after a record"},
    {"CutOffSignedEnd",
     [](JournalBuilder& chain) {
       chain.Delete(Table::kJournal, RecordKey("edge:S002", 1, 4));
     },
     "edge:S002", "is signed to record 4 of epoch 1"},
    {"CutOffUnsignedEnd",
     [](JournalBuilder& chain) {
       chain.Delete(Table::kJournal, RecordKey("edge:S001", 2, 4));
     },
     "books", "and the journal sums to"},
    {"WholeStreamRemoved",
     [](JournalBuilder& chain) {
       for (uint64_t seq = 1; seq <= 4; ++seq) {
         chain.Delete(Table::kJournal, RecordKey("edge:S002", 1, seq));
       }
     },
     "edge:S002", "is signed to record 4 of epoch 1"},
    {"CutOffBehindTheHubsAck",
     [](JournalBuilder& chain) {
       chain.StoreAck("S002");
       chain.Delete(Table::kJournal, RecordKey("edge:S002", 1, 4));
       chain.Delete(Table::kJournal, CheckpointKey("edge:S002", 1, 4));
     },
     "edge:S002",
     "ends at record 3 of epoch 1, and the hub has signed that it holds record "
     "4 of epoch 1"},
    {"RewrittenBehindTheHubsAck",
     [](JournalBuilder& chain) {
       chain.StoreAck("S002");
       RewriteFrom(chain, 3);
       chain.Sign("edge:S002", JournalBuilder::BranchKey("S002", 1));
     },
     "edge:S002", "and the hub has signed that it holds"},
    {"AckOfAnotherBranch",
     [](JournalBuilder& chain) {
       chain.StoreAck("S002");
       chain.Delete(Table::kJournal, RecordKey("edge:S002", 1, 4));
     },
     "edge:S001", "has an ack that is not signed by the hub"},
    {"SwappedRecords",
     [](JournalBuilder& chain) {
       const v1::Record third = chain.Read("edge:S001", 1, 3);
       const v1::Record fourth = chain.Read("edge:S001", 1, 4);
       chain.Put(Table::kJournal, RecordKey("edge:S001", 1, 3),
                 fourth.SerializeAsString());
       chain.Put(Table::kJournal, RecordKey("edge:S001", 1, 4),
                 third.SerializeAsString());
     },
     "edge:S001", "where record 3 of epoch 1 should stand, there is record 4"},
    {"SwappedRecordsWithTheirPlaces",
     [](JournalBuilder& chain) {
       v1::Record third = chain.Read("edge:S001", 1, 3);
       v1::Record fourth = chain.Read("edge:S001", 1, 4);
       third.set_seq(4);
       fourth.set_seq(3);
       chain.Overwrite("edge:S001", third);
       chain.Overwrite("edge:S001", fourth);
     },
     "edge:S001", "record 3 of epoch 1 was written after a record"},
    {"ChangedHash",
     [](JournalBuilder& chain) {
       v1::Record record = chain.Read("edge:S001", 1, 3);
       record.mutable_hash()->front() ^= 1;
       chain.Overwrite("edge:S001", record);
     },
     "edge:S001", "record 3 of epoch 1 was changed"},
    {"ChangedPreviousHash",
     [](JournalBuilder& chain) {
       v1::Record record = chain.Read("edge:S001", 1, 3);
       record.mutable_prev_hash()->front() ^= 1;
       chain.Overwrite("edge:S001", Rehashed("edge:S001", record));
     },
     "edge:S001", "record 3 of epoch 1 was written after a record"},
    {"RecordIsNoRecord",
     [](JournalBuilder& chain) {
       chain.Put(Table::kJournal, RecordKey("edge:S001", 1, 3), "\xff\xff");
     },
     "edge:S001", "record 3 of epoch 1 is damaged"},
    {"RehashedWithoutSignature",
     [](JournalBuilder& chain) { RewriteFrom(chain, 3); }, "edge:S002",
     "its checkpoint signs"},
    {"RehashedAndSignedByAStranger",
     [](JournalBuilder& chain) {
       RewriteFrom(chain, 3);
       chain.Sign("edge:S002", JournalBuilder::BranchKey("S001", 1));
     },
     "edge:S002", "not signed by its epoch's key"},
    {"SignedWithTheKeyOfAnEarlierEpoch",
     [](JournalBuilder& chain) {
       chain.Sign("edge:S001", JournalBuilder::BranchKey("S001", 1));
     },
     "edge:S001",
     "record 4 of epoch 2 has a checkpoint that is not signed by its epoch's"},
    {"CheckpointOfAnotherPlace",
     [](JournalBuilder& chain) {
       const auto last = LastCheckpoint(chain.store(), "edge:S002");
       chain.Put(Table::kJournal, CheckpointKey("edge:S002", 1, 3),
                 (**last).SerializeAsString());
     },
     "edge:S002", "at another record's place"},
    {"ForgedEpochOpened",
     [](JournalBuilder& chain) {
       chain.OpenEpoch("S002", 2, JournalBuilder::BranchKey("S002", 1));
     },
     "edge:S002", "record 1 of epoch 2 opens an epoch that the hub did not"},
    {"GrantOfAnotherBranch",
     [](JournalBuilder& chain) {
       v1::Event event;
       event.ParseFromString(chain.Read("edge:S001", 2, 1).payload());
       Cursor head = chain.Head("edge:S002");
       head.epoch = 2;
       head.seq = 0;
       chain.AppendAt("edge:S002", head, event);
     },
     "edge:S002", "with the grant of epoch 2 for S001"},
    {"GrantAfterAnotherRecord",
     [](JournalBuilder& chain) {
       const v1::Record opened = chain.OpenEpoch("S002", 2);
       // The same grant again, after a record more in epoch 1.
       chain.Delete(Table::kJournal, RecordKey("edge:S002", 2, 1));
       chain.Sell("S002", 4);
       v1::Event event;
       event.ParseFromString(opened.payload());
       Cursor head = chain.Head("edge:S002");
       head.epoch = 2;
       head.seq = 0;
       chain.AppendAt("edge:S002", head, event);
     },
     "edge:S002", "opens an epoch granted after record 4 of epoch 1"},
    {"EpochWithoutAGrant",
     [](JournalBuilder& chain) {
       Cursor head = chain.Head("edge:S002");
       head.epoch = 2;
       head.seq = 0;
       chain.AppendAt("edge:S002", head, JournalBuilder::PenSale("S002", 4));
     },
     "edge:S002", "is the first of its epoch and does not open it"},
    {"EpochInTheMiddle",
     [](JournalBuilder& chain) {
       v1::Event event;
       event.ParseFromString(chain.Read("edge:S002", 1, 1).payload());
       chain.Append("edge:S002", event);
     },
     "edge:S002", "opens an epoch in the middle of one"},
    {"ForeignDebit",
     [](JournalBuilder& chain) {
       v1::Event event = JournalBuilder::PenSale("S001", 4);
       chain.Append("edge:S002", event);  // S002 sells what S001 has
     },
     "edge:S002", "S002 debits on_hand:S001, which only S001 may"},
    {"ForeignDebitThatCounts",
     [](JournalBuilder& chain) {
       const v1::Record record =
           chain.Append("edge:S002", JournalBuilder::PenSale("S001", 4));
       chain.Delete(Table::kDocs,
                    docs::Exception("edge:S002", 1, record.seq()));
       AddToCell(chain, books::Balance("S001", "sku:PEN"), "\x01", -1'000);
     },
     "edge:S002", "S002 debits on_hand:S001, which only S001 may"},
    {"SaleThatDoesNotCount",
     [](JournalBuilder& chain) {
       chain.Put(Table::kDocs, docs::Exception("edge:S002", 1, 3),
                 "put aside: because");
     },
     "edge:S002", "and nothing is wrong with it"},
    {"ChangedPart",
     [](JournalBuilder& chain) {
       v1::Record record = chain.Read("chain", 1, 2);
       record.mutable_parts(0)->set_data("Mallory");
       chain.Overwrite("chain", record);
     },
     "chain", "has a part 'name' that is not the one that was hashed"},
    {"AddedPart",
     [](JournalBuilder& chain) {
       v1::Record record = chain.Read("chain", 1, 2);
       record.mutable_parts(0)->set_name("pin");
       chain.Overwrite("chain", record);
     },
     "chain", "has a part 'pin' that its event does not list"},
    {"ErasedPartThatIsStillThere",
     [](JournalBuilder& chain) {
       v1::Record record = chain.Read("chain", 1, 2);
       record.mutable_parts(0)->set_erased(true);
       chain.Overwrite("chain", record);
     },
     "chain", "has a part 'name' marked erased that still has bytes"},
    {"UnreadableEventThatIsNotListed",
     [](JournalBuilder& chain) {
       chain.Overwrite(
           "edge:S002",
           NextRecord("edge:S002", chain.Head("edge:S002"), "\xff"));
     },
     "edge:S002", "record 5 of epoch 1 holds no event that this program can"},
    {"FlooredAccountBelowZero",
     [](JournalBuilder& chain) {
       v1::Event event;
       JournalBuilder::AddPosting("sku:PEN", v1::ACCOUNT_KIND_STOCK_SLICE,
                                  v1::ACCOUNT_KIND_ON_HAND, "S002", 5, &event);
       const v1::Record record = chain.Append("edge:S002", event);
       chain.Delete(Table::kDocs,
                    docs::Exception("edge:S002", 1, record.seq()));
       const std::string key = books::Balance("S002", "sku:PEN");
       AddToCell(chain, key, "\x28", -5);
       AddToCell(chain, key, "\x01", 5);
     },
     "books", "is -5, and that account has a floor at 0"},
    {"ChangedLateRecord",
     [](JournalBuilder& chain) {
       v1::Record original = chain.Read("edge:S002", 1, 2);
       v1::Event late;
       *late.mutable_late_record()->mutable_record() = original;
       late.mutable_late_record()->mutable_record()->set_seq(9);
       chain.Append("edge:S002", late);
     },
     "edge:S002", "takes in the late record 9 of epoch 1 not as it was"},
    {"ChangedBalance",
     [](JournalBuilder& chain) {
       AddToCell(chain, books::Balance("S001", "sku:PEN"), "\x01", 1'000);
     },
     "books",
     "the balance of on_hand:S001 in sku:PEN is -7000 in the books, and the "
     "journal sums to -8000"},
    {"RemovedBalance",
     [](JournalBuilder& chain) {
       chain.Delete(Table::kBooks, books::Balance("S002", "GBP"));
     },
     "books", "tender:S002 in GBP is not in the books"},
    {"InventedBalance",
     [](JournalBuilder& chain) {
       AddToCell(chain, books::Balance("S003", "GBP"), "\x15", 1);
     },
     "books", "revenue:S003 in GBP is 1 in the books"},
    {"ChangedDayFigure",
     [](JournalBuilder& chain) {
       AddToCell(chain, books::Day("S001", 20261121),
                 books::Field(books::kNet, "GBP"), 1);
     },
     "books",
     "net in GBP of S001 on 2026-11-21 is 1593 in the books, and the journal "
     "sums to 1592"},
    {"ChangedSkuFigure",
     [](JournalBuilder& chain) {
       AddToCell(chain, books::SkuDay("S001", 20261121, "PEN"),
                 books::Field(books::kQuantity, "GBP"), 1);
     },
     "books", "quantity sold in GBP of S001 on 2026-11-21, SKU PEN is 8001"},
    {"CellIsNoCell",
     [](JournalBuilder& chain) {
       chain.Put(Table::kBooks, books::Balance("S001", "GBP"), "\x7f");
     },
     "books", "is cut short"},
};

INSTANTIATE_TEST_SUITE_P(Tampers, VerifyFinds, ::testing::ValuesIn(kTampers),
                         [](const auto& param) {
                           return std::string(param.param.name);
                         });

}  // namespace
}  // namespace branchline

// A small chain's journal on disk, made as the real nodes make it: records
// hashed, folded and committed with their checkpoints. Tests then damage it.

#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "branchline/v1/event.pb.h"
#include "branchline/v1/record.pb.h"
#include "branchline/v1/replication.pb.h"
#include "sync/base/check.h"
#include "sync/identity/signing_key.h"
#include "sync/journal/journal.h"
#include "sync/journal/rebuild.h"
#include "sync/journal/record.h"
#include "sync/journal/rocks_store.h"
#include "sync/ledger/keys.h"

namespace branchline {

class JournalBuilder {
 public:
  JournalBuilder() {
    dir_ = (std::filesystem::temp_directory_path() / "journal_XXXXXX").string();
    BL_CHECK(mkdtemp(dir_.data()) != nullptr, "no temporary directory");
    Open();
    BL_CHECK(RebuildIfNeeded(store_.get()).ok(), "a new store is sound");
  }
  ~JournalBuilder() {
    store_.reset();
    std::error_code ignored;
    std::filesystem::remove_all(dir_, ignored);
  }
  JournalBuilder(const JournalBuilder&) = delete;
  JournalBuilder& operator=(const JournalBuilder&) = delete;

  Store& store() { return *store_; }
  const std::string& dir() const { return dir_; }
  void Close() { store_.reset(); }
  void Open() {
    auto store = OpenRocksStore({.dir = dir_});
    BL_CHECK(store.ok(), store.status().ToString());
    store_ = *std::move(store);
  }

  // Keys that are the same in every run.
  static SigningKey HubKey() { return Key('h'); }
  static SigningKey BranchKey(absl::string_view branch, uint64_t epoch) {
    return Key(static_cast<char>(branch.back() + epoch));
  }

  // Opens `epoch` of a branch after what its stream has.
  v1::Record OpenEpoch(const std::string& branch, uint64_t epoch,
                       const SigningKey& granter = HubKey()) {
    const std::string stream = EdgeStream(branch);
    Cursor head = Head(stream);
    v1::EpochGrant grant;
    grant.set_branch(branch);
    grant.set_epoch(epoch);
    if (epoch > 1) *grant.mutable_from() = ToProto(head);
    grant.set_journal_public_key(BranchKey(branch, epoch).public_key());
    v1::Event event;
    v1::EpochOpened& opened = *event.mutable_epoch_opened();
    opened.set_grant(grant.SerializeAsString());
    opened.set_signature(granter.Sign("epoch", opened.grant()));
    head.epoch = epoch;
    head.seq = 0;
    return AppendAt(stream, head, event);
  }

  v1::Record Append(const std::string& stream, const v1::Event& event) {
    return AppendAt(stream, Head(stream), event);
  }

  // A sale of one pen in `branch` for 1.99.
  v1::Record Sell(const std::string& branch, int number) {
    return Append(EdgeStream(branch), PenSale(branch, number));
  }

  static v1::Event PenSale(const std::string& branch, int number) {
    v1::Event event;
    event.set_till("T1");
    event.set_business_date(20261121);
    AddPosting("sku:PEN", v1::ACCOUNT_KIND_ON_HAND, v1::ACCOUNT_KIND_SOLD,
               branch, 1'000, &event);
    AddPosting("GBP", v1::ACCOUNT_KIND_REVENUE, v1::ACCOUNT_KIND_TENDER, branch,
               199, &event);
    v1::Sale& sale = *event.mutable_sale();
    sale.set_receipt_no(absl::StrCat(branch, "-T1-1-", number));
    sale.set_receipt_counter(static_cast<uint64_t>(number));
    sale.set_currency("GBP");
    v1::SaleLine& line = *sale.add_lines();
    line.set_sku("PEN");
    line.set_kind(v1::LINE_KIND_SALE);
    line.set_quantity_milli(1'000);
    line.set_unit_price_minor_e4(1'990'000);
    line.set_amount_minor(199);
    sale.set_total_minor(199);
    return event;
  }

  static void AddPosting(const std::string& unit, v1::AccountKind source,
                         v1::AccountKind destination, const std::string& owner,
                         int64_t amount, v1::Event* event) {
    v1::Posting& posting = *event->add_postings();
    posting.set_unit(static_cast<uint32_t>(event->units_size()));
    posting.set_source(static_cast<uint32_t>(event->accounts_size()));
    posting.set_destination(static_cast<uint32_t>(event->accounts_size() + 1));
    posting.set_amount(amount);
    event->add_units(unit);
    for (const v1::AccountKind kind : {source, destination}) {
      v1::Account& account = *event->add_accounts();
      account.set_kind(kind);
      account.set_owner(owner);
    }
  }

  // An event of the hub with one detachable part.
  v1::Record SetStaff(const std::string& id, const std::string& name) {
    v1::Event event;
    event.mutable_staff_set()->mutable_staff()->set_id(id);
    v1::Part part;
    part.set_name("name");
    part.set_salt(std::string(16, 's'));
    part.set_data(name);
    v1::PartDigest& digest = *event.add_parts();
    digest.set_name(part.name());
    digest.set_digest(PartDigestOf(part.salt(), part.data()));
    v1::Record record =
        NextRecord(kChainStream, Head(std::string(kChainStream)),
                   event.SerializeAsString());
    *record.add_parts() = part;
    Keep(std::string(kChainStream), record);
    return record;
  }

  // Signs the end of `stream` with `key`.
  void Sign(const std::string& stream, const SigningKey& key) {
    Sign(stream, key, records_[stream]);
  }
  void Sign(const std::string& stream, const SigningKey& key,
            uint64_t events_total) {
    const Cursor head = Head(stream);
    v1::Checkpoint checkpoint;
    checkpoint.set_epoch(head.epoch);
    checkpoint.set_seq(head.seq);
    checkpoint.set_hash(head.hash);
    checkpoint.set_events_total(events_total);
    checkpoint.set_signature(
        key.Sign(kCheckpointPurpose, CheckpointBytes(stream, checkpoint)));
    Put(Table::kJournal, CheckpointKey(stream, head.epoch, head.seq),
        checkpoint.SerializeAsString());
  }

  // The hub has signed that it holds `branch`'s journal to its end.
  void StoreAck(const std::string& branch) {
    v1::Ack ack;
    *ack.mutable_at() = ToProto(Head(EdgeStream(branch)));
    ack.set_signature(HubKey().Sign(kAckPurpose, AckBytes(branch, ack.at())));
    Put(Table::kJournal, "!ack", ack.SerializeAsString());
  }

  // Two branches that sold and were signed, and a staff record of the hub's:
  //   edge:S001  epoch 1: opened, 5 sales, signed; epoch 2: opened, 2 sales,
  //              signed, one sale more
  //   edge:S002  epoch 1: opened, 3 sales, signed
  //   chain      2 staff records, signed
  void BuildChain() {
    OpenEpoch("S001", 1);
    for (int i = 1; i <= 5; ++i) Sell("S001", i);
    Sign("edge:S001", BranchKey("S001", 1));
    OpenEpoch("S001", 2);
    for (int i = 6; i <= 7; ++i) Sell("S001", i);
    Sign("edge:S001", BranchKey("S001", 2));
    Sell("S001", 8);
    OpenEpoch("S002", 1);
    for (int i = 1; i <= 3; ++i) Sell("S002", i);
    Sign("edge:S002", BranchKey("S002", 1));
    SetStaff("7", "Ada");
    SetStaff("8", "Grace");
    Sign("chain", HubKey());
  }

  void Put(Table table, const std::string& key, const std::string& value) {
    WriteSet writes;
    writes.Put(table, key, value);
    Commit(writes);
  }
  void Delete(Table table, const std::string& key) {
    WriteSet writes;
    writes.Delete(table, key);
    Commit(writes);
  }
  void Commit(const WriteSet& writes) {
    const absl::Status status = store_->Commit(writes);
    BL_CHECK(status.ok(), status.ToString());
  }
  v1::Record Read(const std::string& stream, uint64_t epoch, uint64_t seq) {
    auto record = ReadRecord(*store_, stream, epoch, seq);
    BL_CHECK(record.ok(), record.status().ToString());
    return *std::move(record);
  }
  // Puts `record` in its place as it is, folded or not as it was before.
  void Overwrite(const std::string& stream, const v1::Record& record) {
    Put(Table::kJournal, RecordKey(stream, record.epoch(), record.seq()),
        record.SerializeAsString());
  }
  Cursor Head(const std::string& stream) {
    auto head = ReadHead(*store_, stream);
    BL_CHECK(head.ok(), head.status().ToString());
    return *std::move(head);
  }

  // Appends as a node does: folded, with its effects, in one commit.
  v1::Record AppendAt(const std::string& stream, const Cursor& head,
                      const v1::Event& event) {
    v1::Record record = NextRecord(stream, head, event.SerializeAsString());
    Keep(stream, record);
    return record;
  }

 private:
  static SigningKey Key(char seed) {
    return *SigningKey::FromSeed(std::string(kSigningSeedSize, seed));
  }

  void Keep(const std::string& stream, const v1::Record& record) {
    WriteSet writes;
    Effects effects;
    PutRecord(stream, record, record.SerializeAsString(), &writes);
    const absl::Status folded = FoldRecord(*store_, stream, record, &effects);
    BL_CHECK(folded.ok(), folded.ToString());
    writes.Take(effects);
    Commit(writes);
    ++records_[stream];
  }

  std::string dir_;
  std::unique_ptr<Store> store_;
  std::map<std::string, uint64_t> records_;
};

}  // namespace branchline

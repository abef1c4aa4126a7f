#include "tools/benchmark/bench_branch.h"

#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "sync/base/clock.h"
#include "sync/base/status_macros.h"
#include "sync/identity/uuid.h"
#include "sync/journal/rebuild.h"
#include "sync/journal/record.h"
#include "sync/journal/rocks_store.h"
#include "sync/ledger/keys.h"

namespace branchline::bench {
namespace {

constexpr int kItemsPerEvent = 500;

absl::StatusOr<EdgeIdentity> MakeIdentity(const SigningKey& hub_key) {
  BL_ASSIGN_OR_RETURN(SigningKey key, SigningKey::Generate());
  EdgeIdentity identity{{}, std::move(key), absl::UTCTimeZone()};
  v1::EpochGrant grant;
  grant.set_branch("B01");
  grant.set_epoch(1);
  grant.set_journal_public_key(identity.journal_key.public_key());
  identity.node.set_branch("B01");
  identity.node.set_currency("GBP");
  identity.node.set_time_zone("UTC");
  identity.node.set_epoch(1);
  identity.node.set_epoch_grant(grant.SerializeAsString());
  identity.node.set_epoch_signature(
      hub_key.Sign(kEpochPurpose, identity.node.epoch_grant()));
  identity.node.set_hub_public_key(hub_key.public_key());
  return identity;
}

// The next record of the hub's stream, as the hub would send it.
v1::StreamRecords Signed(const v1::Event& event, const SigningKey& hub_key,
                         Cursor* head) {
  const v1::Record record =
      NextRecord(kChainStream, *head, event.SerializeAsString());
  *head = CursorOf(record);
  v1::StreamRecords records;
  records.set_stream(std::string(kChainStream));
  records.add_records(record.SerializeAsString());
  v1::Checkpoint* checkpoint = records.mutable_checkpoint();
  checkpoint->set_epoch(head->epoch);
  checkpoint->set_seq(head->seq);
  checkpoint->set_hash(head->hash);
  checkpoint->set_signature(hub_key.Sign(
      kCheckpointPurpose, CheckpointBytes(kChainStream, *checkpoint)));
  return records;
}

}  // namespace

std::string SkuOf(uint64_t index) { return absl::StrCat(100'000 + index); }

std::string NextCommandId(SeededRandom* random) {
  return NewUuidV7(SystemClock().WallNow(), random->Bytes(kUuidRandomSize));
}

absl::StatusOr<BenchBranch> MakeBranch(
    const std::string& dir, int skus, int tills,
    const std::function<void(int index, v1::Item* item)>& dress,
    const std::vector<v1::Event>& also) {
  BenchBranch branch;
  RocksStoreOptions options;
  options.dir = dir;
  BL_ASSIGN_OR_RETURN(branch.store, OpenRocksStore(options));
  BL_RETURN_IF_ERROR(RebuildIfNeeded(branch.store.get()).status());
  BL_ASSIGN_OR_RETURN(const SigningKey hub_key, SigningKey::Generate());
  BL_ASSIGN_OR_RETURN(EdgeIdentity identity, MakeIdentity(hub_key));
  BL_ASSIGN_OR_RETURN(
      branch.core,
      EdgeCore::Open(std::move(identity), branch.store.get(), &SystemClock()));
  Cursor head;
  for (int first = 0; first < skus; first += kItemsPerEvent) {
    v1::Event items;
    v1::Event prices;
    for (int i = first; i < std::min(first + kItemsPerEvent, skus); ++i) {
      v1::Item* item = items.mutable_items_set()->add_items();
      item->set_sku(SkuOf(static_cast<uint64_t>(i)));
      item->set_name(absl::StrCat("Item number ", i));
      item->set_category("Groceries");
      if (dress) dress(i, item);
      v1::Price* price = prices.mutable_prices_set()->add_prices();
      price->set_sku(item->sku());
      price->set_currency("GBP");
      price->set_price_minor_e4((100 + i % 900) * 10'000);
    }
    BL_RETURN_IF_ERROR(branch.core->TakeRecords(Signed(items, hub_key, &head)));
    BL_RETURN_IF_ERROR(
        branch.core->TakeRecords(Signed(prices, hub_key, &head)));
  }
  for (const v1::Event& event : also) {
    BL_RETURN_IF_ERROR(branch.core->TakeRecords(Signed(event, hub_key, &head)));
  }
  std::vector<Command> commands;
  SeededRandom random(1);
  for (int till = 1; till <= tills; ++till) {
    commands.push_back({"", SystemClock().WallNow(),
                        PairTillCommand{absl::StrCat("T", till), "hash"}});
  }
  v1::OpenDayRequest open;
  open.mutable_header()->set_command_id(NextCommandId(&random));
  open.set_date(20260101);
  commands.push_back({"T1", SystemClock().WallNow(), open});
  for (const auto& outcome : branch.core->Execute(commands)) {
    BL_RETURN_IF_ERROR(outcome.status());
  }
  return branch;
}

v1::RingRequest RandomSale(SeededRandom* random, int skus, int lines) {
  v1::RingRequest request;
  request.mutable_header()->set_command_id(NextCommandId(random));
  const uint64_t first = random->Below(static_cast<uint64_t>(skus));
  for (int i = 0; i < lines; ++i) {
    v1::RingLine* line = request.add_lines();
    line->set_sku(SkuOf((first + static_cast<uint64_t>(i) * 7) %
                        static_cast<uint64_t>(skus)));
    line->set_quantity_milli(1'000 *
                             static_cast<int64_t>(1 + random->Below(3)));
  }
  return request;
}

}  // namespace branchline::bench

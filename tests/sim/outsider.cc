#include "tests/sim/outsider.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "edge/commit/edge_state.h"
#include "edge/commit/pending.h"
#include "sync/base/bytes.h"
#include "sync/base/check.h"
#include "sync/identity/uuid.h"
#include "sync/journal/journal.h"
#include "sync/journal/rebuild.h"
#include "sync/journal/record.h"
#include "sync/ledger/account_rules.h"
#include "sync/ledger/keys.h"

namespace branchline {
namespace {

uint32_t AddAccount(v1::AccountKind kind, const std::string& owner,
                    v1::Event* event) {
  v1::Account* account = event->add_accounts();
  account->set_kind(kind);
  account->set_owner(owner);
  return static_cast<uint32_t>(event->accounts_size() - 1);
}

void Post(v1::AccountKind source, const std::string& source_owner,
          v1::AccountKind destination, const std::string& destination_owner,
          int64_t amount, v1::Event* event) {
  event->add_units(SkuUnit(SkuName(0)));
  v1::Posting* posting = event->add_postings();
  posting->set_source(AddAccount(source, source_owner, event));
  posting->set_destination(AddAccount(destination, destination_owner, event));
  posting->set_amount(amount);
}

}  // namespace

void SimOutsider::Grant() {
  if (!chain_.MayOperate()) return;
  SimContext& context = chain_.context;
  const std::string branch =
      chain_.branches[context.random.Below(chain_.branches.size())]->code;
  const int64_t amount = context.Between(1, 20) * 1'000;
  const absl::Status granted =
      chain_.hub.ledger().Decide([&]() -> absl::StatusOr<HubDecision> {
        HubDecision decision;
        HubEvent& event = decision.events.emplace_back();
        event.stream = BranchStream(branch);
        auto* slice = event.event.mutable_stock_slice_granted();
        slice->set_branch(branch);
        slice->set_sku(SkuName(0));
        slice->set_quantity_milli(amount);
        Post(v1::ACCOUNT_KIND_ISSUED, std::string(kHub),
             v1::ACCOUNT_KIND_STOCK_SLICE, branch, amount, &event.event);
        return decision;
      });
  if (chain_.hub.Watch(granted).ok()) context.Count("slices granted");
}

v1::Event SimOutsider::NewEvent(SimBox* box) {
  v1::Event event;
  event.set_command_id(NewUuidV7(chain_.context.clock.WallNow(),
                                 chain_.context.random.Bytes(kUuidRandomSize)));
  event.set_request_hash(std::string(16, 'o'));
  event.set_business_date(box->core().state().open_date);
  // The nearest that there is to a use of a slice.
  event.mutable_stock_change()->set_reason(v1::STOCK_CHANGE_REASON_OTHER);
  event.mutable_stock_change()->set_currency("GBP");
  event.set_recorded_at_unix_micros(
      absl::ToUnixMicros(box->core().state().last_recorded_at));
  for (const auto& [stream, cursor] : box->core().state().pulled) {
    v1::Seen* seen = event.add_seen();
    seen->set_stream(stream);
    seen->set_epoch(cursor.epoch);
    seen->set_seq(cursor.seq);
  }
  return event;
}

Cursor SimOutsider::Append(SimBox* box, const v1::Event& event) {
  chain_.network.KillBox(box);
  const std::string stream = box->stream();
  const v1::Record record =
      NextRecord(stream, box->DiskHead(), event.SerializeAsString());
  BL_CHECK(RebuildIfNeeded(&box->disk).ok(), "a simulated disk can be read");
  const LaggingBooks books(&box->disk);
  Pending pending(books);
  pending.Put(Table::kJournal, RecordKey(stream, record.epoch(), record.seq()),
              record.SerializeAsString());
  pending.PutCommand(event.command_id(), record.epoch(), record.seq());
  BL_CHECK(FoldRecord(box->disk, stream, record, pending.effects()).ok(),
           "a simulated disk can be read");
  BL_CHECK(box->disk.Commit(pending.Writes()).ok(), "no failure is armed");
  chain_.StartBox(box);
  return CursorOf(record);
}

void SimOutsider::Spend() {
  SimBox* const box = chain_.AnyServing();
  if (box == nullptr || box->stopped()) return;
  if (box->core().state().open_date == 0) return;
  v1::Event event = NewEvent(box);
  Post(v1::ACCOUNT_KIND_STOCK_SLICE, box->branch(), v1::ACCOUNT_KIND_SOLD,
       box->branch(), chain_.context.Between(1, 4) * 1'000, &event);
  // Decided as honest programs do: by the balance on the own disk.
  BL_CHECK(CheckPostings(box->branch(), event).ok(), "the slice is its own");
  const absl::Status held = CheckFloors(
      event,
      [&](const v1::Account& account,
          absl::string_view unit) -> absl::StatusOr<int64_t> {
        const auto cell =
            box->core().books().Read(books::Balance(account.owner(), unit));
        BL_CHECK(cell.ok(), "a simulated disk can be read");
        return Narrow(cell->Get(AccountField(account)), unit);
      });
  if (!held.ok()) return;
  Wanted& wanted = chain_.model.At(event.command_id());
  wanted.branch = box->branch();
  wanted.what = "slice use";
  Told told;
  told.box = box;
  told.at = Append(box, event);
  chain_.context.Count("slice uses");
  wanted.told.push_back(std::move(told));
}

void SimOutsider::Forge() {
  SimBox* const box = chain_.AnyServing();
  if (box == nullptr || box->stopped()) return;
  SimContext& context = chain_.context;
  std::string victim = box->branch();
  while (victim == box->branch()) {
    victim =
        chain_.branches[context.random.Below(chain_.branches.size())]->code;
  }
  v1::Event event = NewEvent(box);
  Post(v1::ACCOUNT_KIND_STOCK_SLICE, victim, v1::ACCOUNT_KIND_SOLD,
       box->branch(), context.Between(1, 4) * 1'000, &event);
  context.trace.Add(box->name, " forges a debit of ", victim);
  context.Count("debits forged");
  forged_[event.command_id()] = box->branch();
  Append(box, event);
}

}  // namespace branchline

#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "branchline/v1/replication.pb.h"
#include "edge/commit/edge_core.h"
#include "gtest/gtest.h"
#include "sync/base/bytes.h"
#include "sync/base/check.h"
#include "sync/journal/rebuild.h"
#include "sync/journal/record.h"
#include "sync/ledger/account_rules.h"
#include "sync/ledger/keys.h"
#include "tests/support/fake_clock.h"
#include "tests/support/memory_store.h"

namespace branchline {

inline SigningKey SeededKey(char seed) {
  return *SigningKey::FromSeed(std::string(kSigningSeedSize, seed));
}

// The hub's side of what an edge pulls: appends events to one of its streams
// and hands them out as the hub would.
class FakeHubStream {
 public:
  FakeHubStream(std::string stream, SigningKey key)
      : stream_(std::move(stream)), key_(std::move(key)) {}

  // `parts` are detachable: name and data.
  v1::StreamRecords Append(
      v1::Event event,
      const std::vector<std::pair<std::string, std::string>>& parts = {}) {
    std::vector<v1::Part> detached;
    for (const auto& [name, data] : parts) {
      v1::Part& part = detached.emplace_back();
      part.set_name(name);
      part.set_salt("sixteen bytes ok");
      part.set_data(data);
      v1::PartDigest* digest = event.add_parts();
      digest->set_name(name);
      digest->set_digest(PartDigestOf(part.salt(), data));
    }
    v1::Record record = NextRecord(stream_, head_, event.SerializeAsString());
    for (v1::Part& part : detached) *record.add_parts() = std::move(part);
    head_ = CursorOf(record);
    v1::StreamRecords records;
    records.set_stream(stream_);
    records.add_records(record.SerializeAsString());
    Sign(records.mutable_checkpoint());
    return records;
  }

  void Sign(v1::Checkpoint* checkpoint) const {
    checkpoint->set_epoch(head_.epoch);
    checkpoint->set_seq(head_.seq);
    checkpoint->set_hash(head_.hash);
    checkpoint->set_signature(
        key_.Sign(kCheckpointPurpose, CheckpointBytes(stream_, *checkpoint)));
  }

  const Cursor& head() const { return head_; }

 private:
  const std::string stream_;
  const SigningKey key_;
  Cursor head_;
};

// A branch "S014" on a simulated disk, with a catalogue of three items and one
// till, T1. The day is not open.
class EdgeFixture : public ::testing::Test {
 protected:
  EdgeFixture() : chain_("chain", SeededKey('h')) {
    Open();
    BL_CHECK(core_->TakeRecords(chain_.Append(Catalogue())).ok(),
             "the catalogue is taken");
    BL_CHECK(core_->TakeRecords(chain_.Append(Prices())).ok(),
             "the prices are taken");
    BL_CHECK(Run(PairTillCommand{"T1", "hash of T1's key"}, "").ok(),
             "the till is paired");
  }

  static EdgeIdentity Identity(uint64_t epoch = 1, Cursor from = {}) {
    EdgeIdentity identity{{}, SeededKey('e'), absl::UTCTimeZone()};
    identity.node.set_branch("S014");
    identity.node.set_currency("GBP");
    identity.node.set_time_zone("UTC");
    identity.node.set_epoch(epoch);
    v1::EpochGrant grant;
    grant.set_branch("S014");
    grant.set_epoch(epoch);
    if (epoch > 1) *grant.mutable_from() = ToProto(from);
    grant.set_journal_public_key(SeededKey('e').public_key());
    identity.node.set_epoch_grant(grant.SerializeAsString());
    identity.node.set_epoch_signature(
        SeededKey('h').Sign(kEpochPurpose, identity.node.epoch_grant()));
    identity.node.set_hub_public_key(SeededKey('h').public_key());
    return identity;
  }

  // The daemon's start on whatever the disk holds.
  void Open(EdgeIdentity identity = Identity()) {
    ASSERT_TRUE(RebuildIfNeeded(&store_).ok());
    auto core = EdgeCore::Open(std::move(identity), &store_, &clock_);
    ASSERT_TRUE(core.ok()) << core.status();
    core_ = *std::move(core);
  }
  void CrashAndOpen() {
    core_.reset();
    store_.Crash();
    Open();
  }

  static v1::Event Catalogue() {
    v1::Event event;
    for (const char* sku : {"PEN", "INK", "CARD"}) {
      v1::Item* item = event.mutable_items_set()->add_items();
      item->set_sku(sku);
      item->set_name(absl::StrCat("One ", sku));
    }
    v1::Item* gone = event.mutable_items_set()->add_items();
    gone->set_sku("GONE");
    gone->set_delisted(true);
    event.mutable_items_set()->mutable_items(0)->add_barcodes("4006381333931");
    return event;
  }
  static v1::Event Prices() {
    v1::Event event;
    const std::pair<const char*, int64_t> prices[] = {
        {"PEN", 199}, {"INK", 333}, {"GONE", 100}};
    for (const auto& [sku, minor] : prices) {
      v1::Price* price = event.mutable_prices_set()->add_prices();
      price->set_sku(sku);
      price->set_currency("GBP");
      price->set_price_minor_e4(minor * 10'000);
    }
    return event;
  }

  std::string NextId() {
    std::string id(8, '\0');
    AppendU64(&id, ++last_id_);
    return id;
  }
  template <typename Request>
  Request WithId(Request request) {
    if (request.header().command_id().empty()) {
      request.mutable_header()->set_command_id(NextId());
    }
    return request;
  }
  template <typename Request>
  absl::StatusOr<Outcome> Run(Request request, std::string till = "T1") {
    if constexpr (requires { request.mutable_header(); }) {
      request = WithId(std::move(request));
    }
    std::vector<Command> commands;
    commands.push_back({std::move(till), clock_.WallNow(), std::move(request)});
    return std::move(core_->Execute(commands)[0]);
  }

  absl::StatusOr<Outcome> OpenDay(Date date = 20261121) {
    v1::OpenDayRequest request;
    request.set_date(date);
    return Run(request);
  }
  absl::StatusOr<Outcome> CloseDay(Date date = 0) {
    v1::CloseDayRequest request;
    request.set_date(date);
    return Run(request);
  }
  static v1::RingRequest Sale(absl::string_view sku = "PEN",
                              int64_t quantity_milli = 1'000) {
    v1::RingRequest request;
    v1::RingLine* line = request.add_lines();
    line->set_sku(std::string(sku));
    line->set_quantity_milli(quantity_milli);
    return request;
  }

  int64_t Balance(v1::AccountKind kind, absl::string_view unit,
                  absl::string_view detail = "") {
    v1::Account account;
    account.set_kind(kind);
    account.set_detail(std::string(detail));
    const Cell cell = *core_->books().Read(books::Balance("S014", unit));
    return *Narrow(cell.Get(AccountField(account)), "test");
  }

  FakeClock clock_;
  MemoryStore store_;
  FakeHubStream chain_;
  std::unique_ptr<EdgeCore> core_;
  uint64_t last_id_ = 0;
};

}  // namespace branchline

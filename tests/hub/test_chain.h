#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "branchline/v1/event.pb.h"
#include "branchline/v1/replication.pb.h"
#include "hub/enrol/enroller.h"
#include "hub/intake/hub_node.h"
#include "hub/merge/chain_admin.h"
#include "hub/merge/hub_ledger.h"
#include "hub/report/reports.h"
#include "hub/storage/kv_hub_store.h"
#include "sync/base/random.h"
#include "sync/identity/tls_key.h"
#include "tests/support/fake_clock.h"
#include "tests/support/memory_store.h"

namespace branchline {

// A hub over a memory store, without gRPC and threads.
class TestHub {
 public:
  explicit TestHub(bool threaded = false);

  // Everything above the disk anew, as a restarted process would.
  void Restart();

  // A branch is added and a token for it issued.
  std::string AddBranch(absl::string_view code);
  std::string Token(absl::string_view code, bool recover = false);

  FakeClock clock;
  SeededRandom random{7};
  MemoryStore disk;
  std::vector<absl::Status> failures;  // that the process would stop for

  ChangeSignal changed;
  std::unique_ptr<KvHubStore> store;
  std::unique_ptr<HubLedger> ledger;
  std::unique_ptr<HubNode> node;
  std::unique_ptr<Enroller> enroller;
  std::unique_ptr<ChainAdmin> admin;
  std::unique_ptr<Reports> reports;

 private:
  const bool threaded_;
};

// A branch's box: joins, writes records and pushes them. Copy it to clone it.
class TestBox {
 public:
  // With keys of its own, made of `seed`.
  explicit TestBox(char seed = 'a');

  v1::JoinRequest JoinRequest(absl::string_view token) const;
  // Joins, and opens the epoch that it was granted.
  absl::Status Join(TestHub* hub, absl::string_view token);

  PeerIdentity peer() const { return {branch, epoch}; }

  v1::Record& Append(v1::Event event);
  v1::Record& AppendBytes(std::string payload);
  // Records from `from` (index) on, signed.
  v1::Push Push(size_t from) const;
  v1::Push Push(const std::vector<v1::Record>& records) const;
  void Sign(v1::Push* push) const;
  // Push() through the hub; advances `pushed` on an ack.
  absl::StatusOr<HubPort::Taken> PushTo(TestHub* hub);

  v1::Hello Hello(const TestHub& hub) const;
  // Greets, stores the secret offered and confirms it.
  HubPort::Greeting Greet(TestHub* hub);

  std::string branch;
  uint64_t epoch = 0;
  SigningKey key;
  TlsKey tls;
  std::vector<v1::Record> records;
  Cursor head;
  size_t pushed = 0;  // records
  std::string secret;
  v1::Ack ack;
  v1::JoinResponse joined;
};

// Events with postings that balance.
v1::Event OpenDay(Date date);
v1::Event CloseDay(Date date);
// `quantity_milli` of a SKU for `amount_minor`, on receipt `number`.
v1::Event SaleOf(absl::string_view branch, Date date, uint64_t number,
                 absl::string_view sku, int64_t quantity_milli,
                 int64_t amount_minor, absl::string_view currency = "GBP");

}  // namespace branchline

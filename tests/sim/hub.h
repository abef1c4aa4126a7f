#pragma once

#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "branchline/v1/state.pb.h"
#include "hub/enrol/enroller.h"
#include "hub/intake/hub_node.h"
#include "hub/merge/chain_admin.h"
#include "hub/merge/hub_ledger.h"
#include "hub/storage/kv_hub_store.h"
#include "sync/identity/signing_key.h"
#include "tests/sim/context.h"
#include "tests/support/memory_store.h"

namespace branchline {

// The hub's computer: a disk and, while it has power, everything of the hub but
// its servers. Not thread-safe.
class SimHub {
 public:
  explicit SimHub(SimContext* context);

  absl::Status Start();
  void Kill();  // the power goes; no session may be left

  bool running() const { return process_ != nullptr; }
  // Storage failed: the daemon would end itself.
  bool failed() const { return failed_; }
  // A stream grew or a branch's status changed since this was asked.
  bool TakeChanged() { return std::exchange(changed_, false); }

  HubNode& node() const { return process_->node; }
  KvHubStore& store() const { return process_->store; }
  HubLedger& ledger() const { return process_->ledger; }
  ChainAdmin& admin() const { return process_->admin; }

  // Makes a box that holds `key` the branch, in its next epoch if one joined
  // before.
  absl::StatusOr<v1::NodeIdentity> Join(const std::string& branch,
                                        const SigningKey& key);
  // Sees what a decision returned: if storage failed, so has the hub.
  absl::Status Watch(absl::Status status);

  static std::string PublicKey();

  MemoryStore disk;
  int64_t starts_at = 0;  // if down: when the power is back, micros

 private:
  struct Process {
    Process(SimHub* hub, SimContext* context);

    ChangeSignal changed;
    KvHubStore store;
    HubLedger ledger;
    HubNode node;
    Enroller enroller;
    ChainAdmin admin;
  };

  SimContext& context_;
  std::unique_ptr<Process> process_;
  bool failed_ = false;
  bool changed_ = false;
};

}  // namespace branchline

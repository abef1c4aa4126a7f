#pragma once

#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "hub/enrol/enroller.h"
#include "hub/enrol/hub_home.h"
#include "hub/merge/chain_admin.h"
#include "hub/merge/change_signal.h"
#include "hub/merge/hub_ledger.h"
#include "hub/report/reports.h"
#include "hub/storage/kv_hub_store.h"
#include "sync/base/clock.h"
#include "sync/base/random.h"
#include "sync/journal/store.h"

namespace branchline {

// A hub's data directory, opened and checked: everything but the network. The
// daemon puts its servers on top; the command opens one in its own process when
// no daemon runs, to administer or to read.
class HubBooks {
 public:
  struct Options {
    std::string data_dir;
    // Writes nothing, and may be open elsewhere at the same time: reports and
    // lists only.
    bool read_only = false;
  };

  // Both pointers outlive the books.
  //
  //   NOT_FOUND            no hub was set up there
  //   FAILED_PRECONDITION  in use by another process; another kind of
  //   directory;
  //                        a newer version's; or read_only, and books that need
  //                        to be rebuilt first
  //   DATA_LOSS            damaged: names what, and what to do
  static absl::StatusOr<std::unique_ptr<HubBooks>> Open(const Options& options,
                                                        const Clock* clock,
                                                        Random* random);

  const HubHome& home() const { return home_; }
  const HubIdentity& identity() const { return *identity_; }
  // What was checked, in words.
  const std::vector<std::string>& verified() const { return verified_; }

  HubStore& store() { return *store_; }
  HubLedger& ledger() { return *ledger_; }
  ChangeSignal& changed() { return changed_; }
  Enroller& enroller() { return *enroller_; }
  ChainAdmin& admin() { return *admin_; }
  const Reports& reports() const { return *reports_; }

 private:
  explicit HubBooks(std::string dir) : home_(std::move(dir)) {}
  absl::Status CheckDisk(bool read_only);

  const HubHome home_;
  std::unique_ptr<HubIdentity> identity_;
  std::vector<std::string> verified_;
  ChangeSignal changed_;
  std::unique_ptr<Store> disk_;
  std::unique_ptr<KvHubStore> store_;
  std::unique_ptr<HubLedger> ledger_;
  std::unique_ptr<Enroller> enroller_;
  std::unique_ptr<ChainAdmin> admin_;
  std::unique_ptr<Reports> reports_;
};

}  // namespace branchline

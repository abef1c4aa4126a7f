#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "branchline/v1/chain.grpc.pb.h"
#include "branchline/v1/edge_admin.grpc.pb.h"
#include "branchline/v1/master.pb.h"
#include "branchline/v1/report.grpc.pb.h"
#include "tools/drill/daemon.h"
#include "tools/drill/line_proxy.h"
#include "tools/drill/till_client.h"

namespace branchline::drill {

// A whole chain on this machine: a hub and its branches as processes, enrolled
// over mTLS, each branch behind a line of its own that can be cut.
//
//   DIR/hub, DIR/B01 ...          data directories
//   DIR/log/hub.log, B01.log ...  what the processes said
//
// Calls about one node must not overlap; those about different ones may. Every
// process is killed when it goes away.
class ChainRig {
 public:
  struct Options {
    std::string work_dir;  // see PrepareWorkDir()
    std::string bin_dir;   // where branchline-hub and branchline-edge are
    std::string chain_name;
    std::vector<v1::Branch> branches;
  };

  // Makes the hub, adds and joins the branches, starts everything, and waits
  // until all is up.
  static absl::StatusOr<std::unique_ptr<ChainRig>> Start(const Options& options,
                                                         const Clock* clock);
  ~ChainRig();

  size_t branches() const { return edges_.size(); }
  const std::string& code(size_t branch) const;
  std::string hub_dir() const { return options_.work_dir + "/hub"; }
  std::string edge_dir(size_t branch) const;

  // Loads the catalogue and waits until every branch has all `items` of it.
  absl::Status LoadCatalogue(
      const std::vector<v1::ImportCatalogueRequest>& imports, uint64_t items,
      const std::atomic<bool>& stop);

  // Gives the branch's next till its key.
  absl::StatusOr<TillClient::Till> PairTill(size_t branch,
                                            const std::string& name);

  // Faults. A killed edge is up again, with another till port, when
  // RestartEdge() returns; so is the hub, which its branches find by
  // themselves.
  void KillEdge(size_t branch);
  absl::Status RestartEdge(size_t branch);
  absl::Status CheckEdge(size_t branch);
  uint16_t till_port(size_t branch) const;
  uint16_t http_port(size_t branch) const;
  void KillHub();
  absl::Status RestartHub();
  uint16_t hub_port(absl::string_view name) const;
  void CutLine(size_t branch, CutKind kind);
  void SlowLine(size_t branch, const Pace& pace);
  absl::Status HealLine(size_t branch);

  // What the nodes say. UNAVAILABLE while they are down.
  absl::StatusOr<v1::EdgeStatus> EdgeStatus(size_t branch);
  absl::StatusOr<std::vector<v1::BranchInfo>> HubBranches();
  absl::StatusOr<v1::SalesReport> Sales(const v1::SalesReportRequest& request);
  absl::StatusOr<v1::StockReport> Stock(const v1::StockReportRequest& request);

  // Ends every process in order; the data directories can be read then.
  absl::Status Stop();

 private:
  struct Edge {
    std::unique_ptr<Daemon> daemon;
    int line = 0;
    std::unique_ptr<v1::EdgeAdmin::Stub> admin;
  };

  ChainRig(Options options, const Clock* clock);
  absl::Status StartHub();
  absl::Status StartEdges();
  absl::Status Join(const v1::Branch& branch);
  void ConnectToHub();
  std::shared_ptr<v1::Chain::Stub> chain() const;
  std::shared_ptr<v1::Report::Stub> report() const;

  const Options options_;
  const Clock* const clock_;
  Spawner spawner_;
  std::unique_ptr<LineProxy> proxy_;
  std::unique_ptr<Daemon> hub_;
  std::vector<Edge> edges_;
  mutable absl::Mutex mutex_;
  std::shared_ptr<v1::Chain::Stub> chain_ ABSL_GUARDED_BY(mutex_);
  std::shared_ptr<v1::Report::Stub> report_ ABSL_GUARDED_BY(mutex_);
};

// Makes `dir` for its owner's eyes only, or takes it if it is empty, and
// returns its absolute path.
//   FAILED_PRECONDITION  there is something in it; or its path is too long for
//                        the sockets below it
absl::StatusOr<std::string> PrepareWorkDir(const std::string& dir);

// Where this program is, and the daemons beside it.
//   NOT_FOUND  they are not
absl::StatusOr<std::string> FindBinDir();

}  // namespace branchline::drill

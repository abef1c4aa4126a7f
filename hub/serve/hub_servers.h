#pragma once

#include <functional>
#include <memory>
#include <string>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "hub/hub_books.h"
#include "hub/intake/hub_node.h"
#include "hub/serve/chain_service.h"
#include "hub/serve/enrol_service.h"
#include "hub/serve/report_service.h"
#include "sync/rpc/credentials.h"
#include "sync/rpc/http/connect_server.h"
#include "sync/rpc/hub_service.h"

namespace grpc {
class Server;
}  // namespace grpc

namespace branchline {

// Where the hub is reached: branches on the sync port over mTLS, boxes that
// join or renew on the enrolment port, the operator on the Unix socket in the
// data directory, and reports as Connect JSON beside /healthz and /metrics on
// loopback. gRPC's health service and reflection are on.
//
// Start(), RenewCertificate() and Stop() from one thread; the rest from any.
// What the options name outlives it.
class HubServers {
 public:
  struct Options {
    std::string listen;  // address of the sync and enrolment ports
    int sync_port = 0;   // 0: any free one
    int enrol_port = 0;
    int http_port = 0;
    HubBooks* books = nullptr;
    HubNode* node = nullptr;
    std::function<void(v1::HubStatus*)> complete_status;
    ConnectOptions http;
  };

  explicit HubServers(Options options);
  ~HubServers();  // Stop() without grace

  //   FAILED_PRECONDITION  a port is taken, the address is not this machine's,
  //                        or the socket's path is too long
  absl::Status Start();

  // Ends the lines, and listens again on the same two ports with the hub's
  // certificate issued anew. gRPC cannot change the certificate of a server
  // that runs; branches connect again within a second and miss nothing.
  //
  // Errors as Start() and HubHome::Load(): the hub cannot be reached then.
  absl::Status RenewCertificate(absl::Duration grace);

  // When that is due.
  absl::Time renewal_due_at() const { return renewal_due_at_; }

  // Takes no more, stores and answers what is in work within `grace`.
  void Stop(absl::Duration grace);

  int sync_port() const { return sync_port_; }
  int enrol_port() const { return enrol_port_; }
  int http_port() const { return http_port_; }
  size_t LineCount() const ABSL_LOCKS_EXCLUDED(mutex_);  // of branches, now

 private:
  absl::Status StartBranchPorts();
  absl::Status StartSync(const TlsFiles& tls);
  absl::Status StartEnrol(const TlsFiles& tls);
  void StopBranchPorts(absl::Duration grace);
  absl::Status StartAdmin();
  absl::Status StartHttp();

  Options options_;
  mutable absl::Mutex mutex_;
  std::unique_ptr<HubService> sync_service_ ABSL_GUARDED_BY(mutex_);
  EnrolService enrol_service_;
  ChainService chain_service_;
  ReportService report_service_;
  UnaryRegistry registry_;
  std::unique_ptr<ConnectServer> http_;
  std::unique_ptr<grpc::Server> sync_;
  std::unique_ptr<grpc::Server> enrol_;
  std::unique_ptr<grpc::Server> admin_;
  int sync_port_ = 0;
  int enrol_port_ = 0;
  int http_port_ = 0;
  absl::Time renewal_due_at_ = absl::InfiniteFuture();
  bool stopped_ = false;
};

}  // namespace branchline

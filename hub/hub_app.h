#pragma once

#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "hub/hub_books.h"
#include "hub/intake/hub_node.h"
#include "hub/serve/chain_service.h"
#include "hub/serve/enrol_service.h"
#include "hub/serve/report_service.h"
#include "sync/rpc/http/connect_server.h"
#include "sync/rpc/http/metrics.h"
#include "sync/rpc/hub_service.h"

namespace grpc {
class Server;
}  // namespace grpc

namespace branchline {

// branchline-hub, whole: opens and checks the books, takes the branches'
// journals, enrols boxes, serves operators and reports. One object a process.
//
// Threads: the intake's committer, gRPC's, HTTP's, and one that hashes all
// streams once.
class HubApp {
 public:
  struct Options {
    std::string data_dir;
    std::string listen = "0.0.0.0";  // host of the sync and enrolment ports
    int enrol_port = 7701;           // 0: any free one
    int sync_port = 7702;
    int http_port = 7703;   // /healthz, /metrics, reports; loopback
    std::string port_file;  // also write the ports here; empty: do not
  };

  explicit HubApp(Options options);
  ~HubApp();  // Stop()

  //   see HubBooks::Open(); FAILED_PRECONDITION also for a port that is taken
  absl::Status Start();

  // Returns when AskToStop() was called or the hub cannot go on; the status
  // says why. Everything acked is on disk.
  absl::Status Wait();
  void AskToStop() ABSL_LOCKS_EXCLUDED(mutex_);  // any thread

  const std::vector<std::string>& verified() const {
    return books_->verified();
  }
  int sync_port() const { return sync_port_; }
  int enrol_port() const { return enrol_port_; }
  int http_port() const { return http_port_; }

 private:
  absl::Status StartBranchServers();
  absl::Status StartAdminServer();
  absl::Status StartHttp();
  absl::Status WritePorts() const;
  void CheckInBackground();
  void Fail(const absl::Status& why) ABSL_LOCKS_EXCLUDED(mutex_);
  bool Stopping() ABSL_LOCKS_EXCLUDED(mutex_);
  void CompleteStatus(v1::HubStatus* status);
  std::string MetricsText();
  void Stop();

  const Options options_;
  Metrics metrics_;
  std::unique_ptr<HubBooks> books_;
  std::unique_ptr<HubNode> node_;
  std::unique_ptr<HubService> sync_service_;
  std::unique_ptr<EnrolService> enrol_service_;
  std::unique_ptr<ChainService> chain_service_;
  std::unique_ptr<ReportService> report_service_;
  UnaryRegistry registry_;
  std::unique_ptr<ConnectServer> http_;
  std::unique_ptr<grpc::Server> sync_;
  std::unique_ptr<grpc::Server> enrol_;
  std::unique_ptr<grpc::Server> admin_;
  int sync_port_ = 0;
  int enrol_port_ = 0;
  int http_port_ = 0;

  absl::Mutex mutex_;
  bool stop_asked_ ABSL_GUARDED_BY(mutex_) = false;
  absl::Status failed_ ABSL_GUARDED_BY(mutex_);
  std::string checked_ ABSL_GUARDED_BY(mutex_);  // by the background check
  bool stopped_ = false;
  std::thread checker_;
};

}  // namespace branchline

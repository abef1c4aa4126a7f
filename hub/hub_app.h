#pragma once

#include <memory>
#include <string>
#include <thread>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "hub/hub_books.h"
#include "hub/intake/hub_node.h"
#include "hub/serve/hub_servers.h"
#include "sync/rpc/http/metrics.h"

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

  explicit HubApp(Options options) : options_(std::move(options)) {}
  ~HubApp();  // Stop()

  //   see HubBooks::Open(), HubServers::Start()
  absl::Status Start();

  // Returns when AskToStop() was called or the hub cannot go on; the status
  // says why. Everything acked is on disk. Meanwhile renews the certificate.
  absl::Status Wait();
  void AskToStop() ABSL_LOCKS_EXCLUDED(mutex_);  // any thread

  const HubBooks& books() const { return *books_; }
  const HubServers& servers() const { return *servers_; }

 private:
  absl::Status WritePorts() const;
  void CheckInBackground();
  void Fail(const absl::Status& why) ABSL_LOCKS_EXCLUDED(mutex_);
  bool Stopping() ABSL_LOCKS_EXCLUDED(mutex_);
  void CompleteStatus(v1::HubStatus* status) ABSL_LOCKS_EXCLUDED(mutex_);
  std::string MetricsText();
  void Stop();

  const Options options_;
  Metrics metrics_;
  std::unique_ptr<HubBooks> books_;
  std::unique_ptr<HubNode> node_;
  std::unique_ptr<HubServers> servers_;  // uses all above

  absl::Mutex mutex_;
  bool stop_asked_ ABSL_GUARDED_BY(mutex_) = false;
  absl::Status failed_ ABSL_GUARDED_BY(mutex_);
  std::string checked_ ABSL_GUARDED_BY(mutex_);  // by the background check
  bool stopped_ = false;
  std::thread checker_;
};

}  // namespace branchline

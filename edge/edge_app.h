#pragma once

#include <atomic>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "absl/synchronization/notification.h"
#include "edge/commit/commit_queue.h"
#include "edge/devices/device_desk.h"
#include "edge/enrol/edge_home.h"
#include "edge/line/edge_sync_port.h"
#include "edge/serve/edge_admin_service.h"
#include "edge/serve/edge_servers.h"
#include "edge/serve/till_api.h"
#include "edge/serve/till_device_api.h"
#include "edge/serve/till_device_service.h"
#include "edge/serve/till_payment_api.h"
#include "edge/serve/till_payment_service.h"
#include "edge/serve/till_service.h"
#include "sync/rpc/edge_line.h"
#include "sync/rpc/http/metrics.h"

namespace branchline {

// branchline-edge, whole: opens and checks the ledger, commits, serves the
// tills and the technician, keeps the line to the hub. One object a process.
//
// Threads: the committer's, the line's, gRPC's and HTTP's own, one that hashes
// the whole journal once, one that renews the certificate; of the devices two
// (DeviceDesk) and one each.
class EdgeApp {
 public:
  struct Options {
    std::string data_dir;
    int till_port = 7510;  // gRPC, loopback; 0: any free one
    int http_port = 7511;  // Connect JSON, /metrics, /healthz; loopback
    // "192.168.1.10": also listens there, on the same ports over TLS, once a
    // till is paired. Empty: loopback only.
    std::string lan_address;
    std::string hub_address;    // empty: what the box was told when it joined
    std::string enrol_address;  // the same
  };

  explicit EdgeApp(Options options);
  ~EdgeApp();  // Stop()

  //   NOT_FOUND            nobody has joined in the data directory
  //   FAILED_PRECONDITION  the directory is in use, another branch's, or newer
  //   DATA_LOSS            the ledger is damaged: says where and what to do
  absl::Status Start();

  // Returns when Stop() is asked for or the node cannot go on; the status says
  // why.
  absl::Status Wait();
  // Any thread, also a signal's helper.
  void AskToStop();

  const std::vector<std::string>& verified() const { return verified_; }
  int till_port() const { return servers_->till_port(); }
  int http_port() const { return servers_->http_port(); }

 private:
  absl::Status OpenLedger();
  void StartDevices();
  absl::Status StartServers();
  absl::Status WritePorts() const;
  void OpenLan();
  void FillStatus(v1::EdgeStatus* status);
  void VerifyInBackground();
  void RenewInBackground();
  void Fail(const absl::Status& why);
  void Stop();
  std::string MetricsText();
  // Items in the catalogue: counted again only after something was pulled.
  uint64_t Items(uint64_t pulls) ABSL_LOCKS_EXCLUDED(mutex_);
  // The hub's last ack: from the line, or, before it is up, from the disk.
  Cursor Acked(const LineStatus& line) const;

  const Options options_;
  const EdgeHome home_;
  Metrics metrics_;
  std::unique_ptr<Store> store_;
  std::unique_ptr<EdgeIdentity> identity_;
  ReceiptSigner receipt_signer_;
  std::unique_ptr<EdgeCore> core_;
  std::unique_ptr<CommitQueue> queue_;
  std::unique_ptr<EdgeSyncPort> port_;
  std::unique_ptr<EdgeLine> line_;
  std::unique_ptr<TillApi> api_;
  std::unique_ptr<TillService> till_service_;
  std::unique_ptr<DeviceDesk> desk_;
  std::unique_ptr<TillDeviceApi> device_api_;
  std::unique_ptr<TillDeviceServiceImpl> device_service_;
  std::unique_ptr<TillPaymentApi> payment_api_;
  std::unique_ptr<TillPaymentServiceImpl> payment_service_;
  std::unique_ptr<EdgeAdminService> admin_service_;
  UnaryRegistry registry_;
  std::unique_ptr<EdgeServers> servers_;
  std::vector<std::string> verified_;

  absl::Mutex mutex_;
  bool stop_asked_ ABSL_GUARDED_BY(mutex_) = false;
  absl::Status failed_ ABSL_GUARDED_BY(mutex_);
  std::string journal_fault_ ABSL_GUARDED_BY(mutex_);
  uint64_t items_ ABSL_GUARDED_BY(mutex_) = 0;
  uint64_t items_counted_at_ ABSL_GUARDED_BY(mutex_) = ~uint64_t{0};
  bool stopped_ = false;
  std::thread verifier_;
  std::thread renewer_;
};

}  // namespace branchline

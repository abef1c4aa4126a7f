#pragma once

#include <functional>
#include <memory>
#include <string>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "sync/rpc/credentials.h"
#include "sync/rpc/http/connect_server.h"
#include "sync/rpc/http/unary_registry.h"

namespace grpc {
class Server;
class Service;
}  // namespace grpc

namespace branchline {

// Where tills and the technician reach this box: gRPC and Connect JSON on
// loopback from the start, the same over TLS on the shop's network once a till
// is paired, and the Unix socket in the data directory.
//
// Safe for concurrent use. What the options name outlives it.
class EdgeServers {
 public:
  struct Options {
    int till_port = 0;  // 0: any free one
    int http_port = 0;
    std::string lan_address;  // empty: loopback only
    std::string admin_socket;
    grpc::Service* till = nullptr;
    grpc::Service* till_devices = nullptr;
    grpc::Service* till_payments = nullptr;
    grpc::Service* admin = nullptr;
    const UnaryRegistry* registry = nullptr;
    ConnectOptions http;
    std::function<absl::StatusOr<TlsFiles>()> tls;  // for the shop's network
  };

  explicit EdgeServers(Options options);
  ~EdgeServers();  // Stop() without grace

  //   FAILED_PRECONDITION  a port is taken, or the socket's path is too long
  absl::Status Start();

  // Listens on the shop's network too, if there is an address; once.
  absl::Status OpenLan() ABSL_LOCKS_EXCLUDED(lan_mutex_);

  // Takes no more, answers what is in work within `grace`.
  void Stop(absl::Duration grace) ABSL_LOCKS_EXCLUDED(lan_mutex_);

  int till_port() const { return till_port_; }
  int http_port() const { return http_port_; }

 private:
  absl::Status StartTill();
  absl::Status StartHttp();
  absl::Status StartAdmin();

  const Options options_;
  std::unique_ptr<grpc::Server> till_;
  std::unique_ptr<grpc::Server> admin_;
  std::unique_ptr<ConnectServer> http_;
  int till_port_ = 0;
  int http_port_ = 0;

  absl::Mutex lan_mutex_;
  std::unique_ptr<grpc::Server> lan_ ABSL_GUARDED_BY(lan_mutex_);
  bool lan_open_ ABSL_GUARDED_BY(lan_mutex_) = false;
};

}  // namespace branchline

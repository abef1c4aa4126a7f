#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "sync/rpc/http/connection.h"
#include "sync/rpc/http/http_limits.h"

namespace branchline {

// One bound address, a thread that accepts, and a fixed number that serve. Each
// listener has its own, so that a crowd on the shop's network cannot take the
// till on loopback its turn.
//
// Safe for concurrent use.
class Listener {
 public:
  // Serves one connection from the handshake to the end. Made once per worker
  // and called by that worker alone.
  using Session = std::function<void(Connection&)>;
  using SessionFactory = std::function<Session()>;

  // Binds and starts. `address` is "127.0.0.1:8080" or "[::1]:8080", numbers
  // only; port 0 takes a free one. `tls` null: plain. `busy_answer` is sent,
  // on plain, to a peer that finds the queue full.
  //
  //   INVALID_ARGUMENT     `address` is none
  //   FAILED_PRECONDITION  another program has the port, this machine does not
  //                        have the address, or it is not permitted
  static absl::StatusOr<std::unique_ptr<Listener>> Start(
      absl::string_view address, std::shared_ptr<const TlsContext> tls,
      const HttpLimits& limits, std::string busy_answer,
      const SessionFactory& factory);

  ~Listener();  // Stop() without grace

  // Takes no more connections, closes the idle ones, lets requests in work be
  // answered, and waits for that. After `grace` the remaining connections are
  // cut; their handlers still run to their end, and Stop() waits for them. The
  // second call does nothing.
  //
  //   DEADLINE_EXCEEDED  some connections were cut; the message counts them
  absl::Status Stop(absl::Duration grace) ABSL_LOCKS_EXCLUDED(mutex_);

  const std::string& address() const { return address_; }  // with its port
  int port() const { return port_; }

 private:
  struct Fd {
    int fd = -1;
    ~Fd();
  };

  Listener(std::shared_ptr<const TlsContext> tls, const HttpLimits& limits,
           std::string busy_answer);
  absl::Status Bind(absl::string_view address);
  void Accept();
  void Enqueue(std::unique_ptr<Connection> connection);
  void Work(const Session& session);

  const std::shared_ptr<const TlsContext> tls_;
  const HttpLimits limits_;  // outlives the connections
  const std::string busy_answer_;
  std::string address_;
  int port_ = 0;
  Fd listen_fd_;
  Fd stop_fd_;
  Fd yield_fd_;

  absl::Mutex mutex_;
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  int free_workers_ ABSL_GUARDED_BY(mutex_) = 0;
  std::deque<std::unique_ptr<Connection>> waiting_ ABSL_GUARDED_BY(mutex_);
  std::set<Connection*> in_work_ ABSL_GUARDED_BY(mutex_);

  absl::Mutex stop_mutex_;  // held over all of Stop(); before mutex_
  std::vector<std::thread> workers_ ABSL_GUARDED_BY(stop_mutex_);
  std::thread acceptor_ ABSL_GUARDED_BY(stop_mutex_);
};

}  // namespace branchline

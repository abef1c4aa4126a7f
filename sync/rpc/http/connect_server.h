#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "sync/rpc/http/connect_handler.h"
#include "sync/rpc/http/http_limits.h"
#include "sync/rpc/http/tls_context.h"
#include "sync/rpc/http/unary_registry.h"

namespace branchline {

class Listener;

// Serves a registry as Connect over HTTP/1.1 on any number of addresses, which
// come and go while it runs: plain on loopback from the start, TLS on the
// shop's network once a till is paired. What it answers: connect_handler.h;
// what it bears: http_limits.h.
//
// Safe for concurrent use. The registry, and what the options call, outlive it.
class ConnectServer {
 public:
  struct Bound {
    int id = 0;           // for RemoveListener()
    std::string address;  // "127.0.0.1:41234"
    int port = 0;
  };

  ConnectServer(const UnaryRegistry* registry, ConnectOptions options,
                HttpLimits limits = {});
  ~ConnectServer();  // Stop() without grace

  // Serves on `address`, "127.0.0.1:8080" or "[::1]:0", from now on; port 0
  // takes a free one. Without `tls` only a loopback address is taken: a till's
  // key never crosses a network in the clear.
  //
  //   INVALID_ARGUMENT     no such address, or the certificate or key is bad
  //   FAILED_PRECONDITION  the address is not loopback and there is no `tls`;
  //                        the port is taken, or the address is not this
  //                        machine's; or Stop() was called
  absl::StatusOr<Bound> AddListener(absl::string_view address,
                                    const std::optional<TlsIdentity>& tls = {})
      ABSL_LOCKS_EXCLUDED(mutex_);

  // Stops one listener; the others go on. Not from inside a handler: it waits
  // for them.
  //
  //   NOT_FOUND          no such listener
  //   DEADLINE_EXCEEDED  requests were cut after `grace`; it is stopped
  absl::Status RemoveListener(int id, absl::Duration grace)
      ABSL_LOCKS_EXCLUDED(mutex_);

  // Stops all of them, for good, each within `grace`: takes no more requests,
  // answers those in work, closes. A handler is never interrupted: Stop()
  // returns when the last one has. Not from inside a handler.
  //
  //   DEADLINE_EXCEEDED  requests were cut after `grace`; all are stopped
  absl::Status Stop(absl::Duration grace) ABSL_LOCKS_EXCLUDED(mutex_);

 private:
  const ConnectHandler handler_;
  const HttpLimits limits_;

  absl::Mutex mutex_;
  bool stopped_ ABSL_GUARDED_BY(mutex_) = false;
  int last_id_ ABSL_GUARDED_BY(mutex_) = 0;
  std::map<int, std::shared_ptr<Listener>> listeners_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace branchline

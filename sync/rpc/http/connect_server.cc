#include "sync/rpc/http/connect_server.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "sync/base/status_macros.h"
#include "sync/rpc/http/http_session.h"
#include "sync/rpc/http/listener.h"
#include "sync/rpc/http/socket_address.h"

namespace branchline {

ConnectServer::ConnectServer(const UnaryRegistry* registry,
                             ConnectOptions options, HttpLimits limits)
    : handler_(registry, std::move(options)), limits_(limits) {}

ConnectServer::~ConnectServer() { Stop(absl::ZeroDuration()).IgnoreError(); }

absl::StatusOr<ConnectServer::Bound> ConnectServer::AddListener(
    absl::string_view address, const std::optional<TlsIdentity>& tls) {
  BL_ASSIGN_OR_RETURN(const SocketAddress wanted, ParseSocketAddress(address));
  std::shared_ptr<const TlsContext> context;
  if (tls.has_value()) {
    BL_ASSIGN_OR_RETURN(context, TlsContext::Create(*tls));
  } else if (!wanted.is_loopback()) {
    return absl::FailedPreconditionError(absl::StrCat(
        "listen on ", address,
        ": not loopback, and there is no certificate: keys would cross the "
        "network in the clear; give one, or use 127.0.0.1"));
  }
  absl::MutexLock lock(&mutex_);
  if (stopped_) {
    return absl::FailedPreconditionError(
        absl::StrCat("listen on ", address, ": the server has been stopped"));
  }
  BL_ASSIGN_OR_RETURN(
      std::shared_ptr<Listener> listener,
      Listener::Start(address, std::move(context), limits_, BusyAnswer(),
                      [this] { return MakeHttpSession(&handler_, limits_); }));
  const Bound bound{++last_id_, listener->address(), listener->port()};
  listeners_.emplace(bound.id, std::move(listener));
  return bound;
}

absl::Status ConnectServer::RemoveListener(int id, absl::Duration grace) {
  std::shared_ptr<Listener> listener;
  {
    absl::MutexLock lock(&mutex_);
    const auto it = listeners_.find(id);
    if (it == listeners_.end()) {
      return absl::NotFoundError(absl::StrCat("there is no listener ", id));
    }
    listener = std::move(it->second);
    listeners_.erase(it);
  }
  return listener->Stop(grace);
}

absl::Status ConnectServer::Stop(absl::Duration grace) {
  std::map<int, std::shared_ptr<Listener>> listeners;
  {
    absl::MutexLock lock(&mutex_);
    stopped_ = true;
    listeners.swap(listeners_);
  }
  absl::Status status;
  for (const auto& [id, listener] : listeners) {
    status.Update(listener->Stop(grace));
  }
  return status;
}

}  // namespace branchline

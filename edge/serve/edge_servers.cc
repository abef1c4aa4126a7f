#include "edge/serve/edge_servers.h"

#include <grpcpp/ext/proto_server_reflection_plugin.h>
#include <grpcpp/grpcpp.h>
#include <grpcpp/health_check_service_interface.h>
#include <sys/stat.h>
#include <unistd.h>

#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "sync/base/clock.h"
#include "sync/base/status_macros.h"

namespace branchline {
namespace {

constexpr int kMessageBytesMax = 1 << 20;
constexpr size_t kSocketPathMax = 100;  // a Unix socket's name has 108 bytes

std::unique_ptr<grpc::Server> Listen(
    const std::string& address, const std::vector<grpc::Service*>& services,
    const std::shared_ptr<grpc::ServerCredentials>& credentials, int* port) {
  grpc::ServerBuilder builder;
  builder.SetMaxReceiveMessageSize(kMessageBytesMax);
  // Without this a second daemon would share the port in silence.
  builder.AddChannelArgument(GRPC_ARG_ALLOW_REUSEPORT, 0);
  builder.AddListeningPort(address, credentials, port);
  for (grpc::Service* service : services) builder.RegisterService(service);
  return builder.BuildAndStart();
}

}  // namespace

EdgeServers::EdgeServers(Options options) : options_(std::move(options)) {}

EdgeServers::~EdgeServers() { Stop(absl::ZeroDuration()); }

absl::Status EdgeServers::Start() {
  BL_RETURN_IF_ERROR(StartTill());
  BL_RETURN_IF_ERROR(StartHttp());
  return StartAdmin();
}

absl::Status EdgeServers::StartTill() {
  grpc::EnableDefaultHealthCheckService(true);
  grpc::reflection::InitProtoReflectionServerBuilderPlugin();
  till_ = Listen(absl::StrCat("127.0.0.1:", options_.till_port),
                 {options_.till, options_.till_devices, options_.till_payments},
                 grpc::InsecureServerCredentials(), &till_port_);
  if (till_ == nullptr || till_port_ == 0) {
    return absl::FailedPreconditionError(
        absl::StrCat("port ", options_.till_port,
                     " of 127.0.0.1 is taken: give another --till-port"));
  }
  return absl::OkStatus();
}

absl::Status EdgeServers::StartHttp() {
  http_ = std::make_unique<ConnectServer>(options_.registry, options_.http);
  const auto bound =
      http_->AddListener(absl::StrCat("127.0.0.1:", options_.http_port));
  BL_RETURN_IF_ERROR(Annotate(bound.status(), "--http-port"));
  http_port_ = bound->port;
  return absl::OkStatus();
}

absl::Status EdgeServers::StartAdmin() {
  const std::string& socket = options_.admin_socket;
  if (socket.size() > kSocketPathMax) {
    return absl::FailedPreconditionError(absl::StrCat(
        "the data directory's path is too long for a socket in it (",
        socket.size(), " characters, at most ", kSocketPathMax, ")"));
  }
  unlink(socket.c_str());  // of a process that was killed
  const mode_t old_mask = umask(0177);
  admin_ = Listen(absl::StrCat("unix:", socket), {options_.admin},
                  grpc::InsecureServerCredentials(), nullptr);
  umask(old_mask);
  if (admin_ == nullptr) {
    return absl::FailedPreconditionError(
        absl::StrCat("cannot listen on ", socket));
  }
  return absl::OkStatus();
}

absl::Status EdgeServers::OpenLan() {
  absl::MutexLock lock(&lan_mutex_);
  if (lan_open_ || options_.lan_address.empty()) return absl::OkStatus();
  BL_ASSIGN_OR_RETURN(const TlsFiles files, options_.tls());
  const std::string chain = files.certificate_pem + files.ca_pem;
  grpc::SslServerCredentialsOptions tls;
  tls.pem_key_cert_pairs.push_back({files.key_pem, chain});
  lan_ = Listen(absl::StrCat(options_.lan_address, ":", till_port_),
                {options_.till, options_.till_devices, options_.till_payments},
                grpc::SslServerCredentials(tls), nullptr);
  if (lan_ == nullptr) {
    return absl::FailedPreconditionError(
        absl::StrCat("cannot serve tills on ", options_.lan_address, ":",
                     till_port_, ": not this machine's address, or taken"));
  }
  BL_RETURN_IF_ERROR(
      http_
          ->AddListener(absl::StrCat(options_.lan_address, ":", http_port_),
                        TlsIdentity{chain, files.key_pem})
          .status());
  lan_open_ = true;
  return absl::OkStatus();
}

void EdgeServers::Stop(absl::Duration grace) {
  const auto deadline = absl::ToChronoTime(SystemClock().WallNow() + grace);
  {
    absl::MutexLock lock(&lan_mutex_);
    if (lan_ != nullptr) lan_->Shutdown(deadline);
  }
  if (till_ != nullptr) till_->Shutdown(deadline);
  if (admin_ != nullptr) {
    admin_->Shutdown(deadline);
    unlink(options_.admin_socket.c_str());
  }
  if (http_ != nullptr) http_->Stop(grace).IgnoreError();
}

}  // namespace branchline

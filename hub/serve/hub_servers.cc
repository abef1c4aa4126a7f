#include "hub/serve/hub_servers.h"

#include <grpcpp/ext/proto_server_reflection_plugin.h>
#include <grpcpp/grpcpp.h>
#include <grpcpp/health_check_service_interface.h>
#include <spdlog/spdlog.h>
#include <sys/stat.h>
#include <unistd.h>

#include <utility>

#include "absl/strings/str_cat.h"
#include "sync/base/clock.h"
#include "sync/base/status_macros.h"
#include "sync/identity/certificate_authority.h"

namespace branchline {
namespace {

constexpr size_t kSocketPathMax = 100;  // a Unix socket's name has 108 bytes
constexpr int kAdminMessageBytesMax = 16 << 20;

absl::Status PortTaken(absl::string_view host, int port,
                       absl::string_view option) {
  return absl::FailedPreconditionError(
      absl::StrCat("cannot listen on ", host, ":", port,
                   ": the port is taken or the address is not this machine's; "
                   "give another ",
                   option, " or --listen"));
}

// From a third of its life on, as RenewalDue() has it.
const absl::Duration kRenewAfter = kLeafLifetime / 3;

ChainService::Options ChainOptions(const HubServers::Options& options) {
  ChainService::Options chain;
  chain.books = options.books;
  chain.presence = [node = options.node](absl::string_view branch) {
    return node->presence().Of(branch);
  };
  chain.complete_status = options.complete_status;
  return chain;
}

}  // namespace

HubServers::HubServers(Options options)
    : options_(std::move(options)),
      enrol_service_(&options_.books->enroller()),
      chain_service_(ChainOptions(options_)),
      report_service_(&options_.books->reports()) {}

HubServers::~HubServers() { Stop(absl::ZeroDuration()); }

absl::Status HubServers::Start() {
  grpc::EnableDefaultHealthCheckService(true);
  grpc::reflection::InitProtoReflectionServerBuilderPlugin();
  BL_RETURN_IF_ERROR(StartBranchPorts());
  BL_RETURN_IF_ERROR(StartAdmin());
  return StartHttp();
}

absl::Status HubServers::StartBranchPorts() {
  // Read anew: each start of these ports has a certificate with its whole life.
  BL_ASSIGN_OR_RETURN(const HubIdentity identity,
                      options_.books->home().Load(SystemClock()));
  const TlsFiles tls{identity.ca.cert_pem(), identity.tls_certificate_pem,
                     identity.tls_key_pem};
  BL_RETURN_IF_ERROR(StartSync(tls));
  BL_RETURN_IF_ERROR(StartEnrol(tls));
  renewal_due_at_ = SystemClock().WallNow() + kRenewAfter;
  return absl::OkStatus();
}

absl::Status HubServers::StartSync(const TlsFiles& tls) {
  absl::MutexLock lock(&mutex_);
  sync_service_ = std::make_unique<HubService>(options_.node, &SystemClock());
  grpc::ServerBuilder builder;
  SetHubServerArguments(&builder);
  builder.AddListeningPort(
      absl::StrCat(options_.listen, ":", options_.sync_port),
      SyncServerCredentials(tls), &sync_port_);
  builder.RegisterService(sync_service_.get());
  sync_ = builder.BuildAndStart();
  if (sync_ == nullptr || sync_port_ == 0) {
    return PortTaken(options_.listen, options_.sync_port, "--sync-port");
  }
  // Boxes reach the sync port at the host that they enrolled at.
  options_.books->enroller().SetSyncAddress(absl::StrCat(":", sync_port_));
  return absl::OkStatus();
}

absl::Status HubServers::StartEnrol(const TlsFiles& tls) {
  grpc::ServerBuilder builder;
  SetHubServerArguments(&builder);
  builder.AddListeningPort(
      absl::StrCat(options_.listen, ":", options_.enrol_port),
      EnrolServerCredentials(tls), &enrol_port_);
  builder.RegisterService(&enrol_service_);
  enrol_ = builder.BuildAndStart();
  if (enrol_ != nullptr && enrol_port_ != 0) return absl::OkStatus();
  return PortTaken(options_.listen, options_.enrol_port, "--enrol-port");
}

void HubServers::StopBranchPorts(absl::Duration grace) {
  const auto deadline = absl::ToChronoTime(SystemClock().WallNow() + grace);
  if (enrol_ != nullptr) enrol_->Shutdown(deadline);
  // Lines first: what was taken is stored and answered before they end.
  absl::MutexLock lock(&mutex_);
  if (sync_service_ != nullptr) sync_service_->Shutdown();
  if (sync_ != nullptr) sync_->Shutdown(deadline);
  // No server outlives the services it calls.
  sync_.reset();
  enrol_.reset();
  sync_service_.reset();
}

absl::Status HubServers::RenewCertificate(absl::Duration grace) {
  StopBranchPorts(grace);
  options_.sync_port = sync_port_;
  options_.enrol_port = enrol_port_;
  return Annotate(StartBranchPorts(), "renew the hub's certificate");
}

absl::Status HubServers::StartAdmin() {
  const std::string socket = options_.books->home().admin_socket();
  if (socket.size() > kSocketPathMax) {
    return absl::FailedPreconditionError(absl::StrCat(
        "the data directory's path is too long for a socket in it: ", socket,
        " has ", socket.size(), " characters, at most ", kSocketPathMax));
  }
  unlink(socket.c_str());  // of a process that was killed
  const mode_t old_mask = umask(0177);
  grpc::ServerBuilder builder;
  builder.SetMaxReceiveMessageSize(kAdminMessageBytesMax);
  builder.AddListeningPort(absl::StrCat("unix:", socket),
                           grpc::InsecureServerCredentials());
  builder.RegisterService(&chain_service_);
  builder.RegisterService(&report_service_);
  admin_ = builder.BuildAndStart();
  umask(old_mask);
  if (admin_ != nullptr) return absl::OkStatus();
  return absl::FailedPreconditionError(
      absl::StrCat("cannot listen on ", socket));
}

absl::Status HubServers::StartHttp() {
  const Reports& reports = options_.books->reports();
  registry_.Register<v1::SalesReportRequest, v1::SalesReport>(
      "branchline.v1.Report/Sales",
      [&reports](const CallContext&, const v1::SalesReportRequest& request,
                 v1::SalesReport* response) -> absl::Status {
        BL_ASSIGN_OR_RETURN(*response, reports.Sales(request));
        return absl::OkStatus();
      });
  registry_.Register<v1::StockReportRequest, v1::StockReport>(
      "branchline.v1.Report/Stock",
      [&reports](const CallContext&, const v1::StockReportRequest& request,
                 v1::StockReport* response) -> absl::Status {
        BL_ASSIGN_OR_RETURN(*response, reports.Stock(request));
        return absl::OkStatus();
      });
  http_ = std::make_unique<ConnectServer>(&registry_, std::move(options_.http));
  absl::StatusOr<ConnectServer::Bound> bound =
      http_->AddListener(absl::StrCat("127.0.0.1:", options_.http_port));
  BL_RETURN_IF_ERROR(Annotate(bound.status(), "open --http-port"));
  http_port_ = bound->port;
  return absl::OkStatus();
}

size_t HubServers::LineCount() const {
  absl::MutexLock lock(&mutex_);
  return sync_service_ == nullptr ? 0 : sync_service_->LineCount();
}

void HubServers::Stop(absl::Duration grace) {
  if (stopped_) return;
  stopped_ = true;
  if (admin_ != nullptr) {
    admin_->Shutdown(absl::ToChronoTime(SystemClock().WallNow() + grace));
  }
  if (http_ != nullptr) {
    const absl::Status cut = http_->Stop(grace);
    if (!cut.ok()) spdlog::warn("{}", std::string(cut.message()));
  }
  StopBranchPorts(grace);
  admin_.reset();
  unlink(options_.books->home().admin_socket().c_str());
}

}  // namespace branchline

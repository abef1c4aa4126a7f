#include "hub/hub_app.h"

#include <grpcpp/ext/proto_server_reflection_plugin.h>
#include <grpcpp/grpcpp.h>
#include <grpcpp/health_check_service_interface.h>
#include <spdlog/spdlog.h>
#include <sys/stat.h>
#include <unistd.h>

#include <utility>

#include "absl/strings/str_cat.h"
#include "hub/storage/stream_check.h"
#include "sync/base/status_macros.h"
#include "sync/identity/secret_file.h"
#include "sync/rpc/credentials.h"

namespace branchline {
namespace {

constexpr absl::Duration kStopGrace = absl::Seconds(5);
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

}  // namespace

HubApp::HubApp(Options options) : options_(std::move(options)) {}

HubApp::~HubApp() { Stop(); }

absl::Status HubApp::Start() {
  HubBooks::Options books_options;
  books_options.data_dir = options_.data_dir;
  BL_ASSIGN_OR_RETURN(
      books_, HubBooks::Open(books_options, &SystemClock(), &SystemRandom()));
  HubNodeOptions node_options;
  node_options.on_failure = [this](const absl::Status& why) { Fail(why); };
  node_ = std::make_unique<HubNode>(&books_->store(), &books_->ledger(),
                                    &SystemClock(), &books_->changed(),
                                    std::move(node_options));
  grpc::EnableDefaultHealthCheckService(true);
  grpc::reflection::InitProtoReflectionServerBuilderPlugin();
  BL_RETURN_IF_ERROR(StartBranchServers());
  BL_RETURN_IF_ERROR(StartAdminServer());
  BL_RETURN_IF_ERROR(StartHttp());
  BL_RETURN_IF_ERROR(WritePorts());
  checker_ = std::thread([this] { CheckInBackground(); });
  return absl::OkStatus();
}

absl::Status HubApp::StartBranchServers() {
  const HubIdentity& identity = books_->identity();
  const TlsFiles tls{identity.ca.cert_pem(), identity.tls_certificate_pem,
                     identity.tls_key_pem};
  sync_service_ = std::make_unique<HubService>(node_.get(), &SystemClock());
  grpc::ServerBuilder sync;
  SetHubServerArguments(&sync);
  sync.AddListeningPort(absl::StrCat(options_.listen, ":", options_.sync_port),
                        SyncServerCredentials(tls), &sync_port_);
  sync.RegisterService(sync_service_.get());
  sync_ = sync.BuildAndStart();
  if (sync_ == nullptr || sync_port_ == 0) {
    return PortTaken(options_.listen, options_.sync_port, "--sync-port");
  }
  // Boxes reach the sync port at the host that they enrolled at.
  books_->enroller().SetSyncAddress(absl::StrCat(":", sync_port_));

  enrol_service_ = std::make_unique<EnrolService>(&books_->enroller());
  grpc::ServerBuilder enrol;
  SetHubServerArguments(&enrol);
  enrol.AddListeningPort(
      absl::StrCat(options_.listen, ":", options_.enrol_port),
      EnrolServerCredentials(tls), &enrol_port_);
  enrol.RegisterService(enrol_service_.get());
  enrol_ = enrol.BuildAndStart();
  if (enrol_ == nullptr || enrol_port_ == 0) {
    return PortTaken(options_.listen, options_.enrol_port, "--enrol-port");
  }
  return absl::OkStatus();
}

absl::Status HubApp::StartAdminServer() {
  const std::string socket = books_->home().admin_socket();
  if (socket.size() > kSocketPathMax) {
    return absl::FailedPreconditionError(absl::StrCat(
        "the data directory's path is too long for a socket in it: ", socket,
        " has ", socket.size(), " characters, at most ", kSocketPathMax));
  }
  ChainService::Options chain;
  chain.books = books_.get();
  chain.presence = [this](absl::string_view branch) {
    return node_->presence().Of(branch);
  };
  chain.complete_status = [this](v1::HubStatus* status) {
    CompleteStatus(status);
  };
  chain_service_ = std::make_unique<ChainService>(std::move(chain));
  report_service_ = std::make_unique<ReportService>(&books_->reports());
  unlink(socket.c_str());  // of a process that was killed
  const mode_t old_mask = umask(0177);
  grpc::ServerBuilder admin;
  admin.SetMaxReceiveMessageSize(kAdminMessageBytesMax);
  admin.AddListeningPort(absl::StrCat("unix:", socket),
                         grpc::InsecureServerCredentials());
  admin.RegisterService(chain_service_.get());
  admin.RegisterService(report_service_.get());
  admin_ = admin.BuildAndStart();
  umask(old_mask);
  if (admin_ == nullptr) {
    return absl::FailedPreconditionError(
        absl::StrCat("cannot listen on ", socket));
  }
  return absl::OkStatus();
}

absl::Status HubApp::StartHttp() {
  registry_.Register<v1::SalesReportRequest, v1::SalesReport>(
      "branchline.v1.Report/Sales",
      [this](const CallContext&, const v1::SalesReportRequest& request,
             v1::SalesReport* response) -> absl::Status {
        BL_ASSIGN_OR_RETURN(*response, books_->reports().Sales(request));
        return absl::OkStatus();
      });
  registry_.Register<v1::StockReportRequest, v1::StockReport>(
      "branchline.v1.Report/Stock",
      [this](const CallContext&, const v1::StockReportRequest& request,
             v1::StockReport* response) -> absl::Status {
        BL_ASSIGN_OR_RETURN(*response, books_->reports().Stock(request));
        return absl::OkStatus();
      });
  ConnectOptions options;
  options.healthy = [this]() -> absl::Status {
    absl::MutexLock lock(&mutex_);
    return failed_;
  };
  options.metrics_text = [this] { return MetricsText(); };
  http_ = std::make_unique<ConnectServer>(&registry_, std::move(options));
  absl::StatusOr<ConnectServer::Bound> bound =
      http_->AddListener(absl::StrCat("127.0.0.1:", options_.http_port));
  BL_RETURN_IF_ERROR(Annotate(bound.status(), "open --http-port"));
  http_port_ = bound->port;
  return absl::OkStatus();
}

absl::Status HubApp::WritePorts() const {
  const std::string json =
      absl::StrCat("{\"sync\": ", sync_port_, ", \"enrol\": ", enrol_port_,
                   ", \"http\": ", http_port_, "}\n");
  BL_RETURN_IF_ERROR(WriteSecretFile(books_->home().ports_file(), json));
  if (options_.port_file.empty()) return absl::OkStatus();
  return Annotate(WriteSecretFile(options_.port_file, json),
                  "write --port-file");
}

void HubApp::CheckInBackground() {
  const auto streams = books_->store().ListStreams();
  if (!streams.ok()) return Fail(streams.status());
  uint64_t records = 0;
  for (const std::string& stream : *streams) {
    const auto checked = CheckStream(books_->store(), stream, Cursor(),
                                     [this] { return !Stopping(); });
    if (absl::IsCancelled(checked.status())) return;
    if (!checked.ok()) return Fail(checked.status());
    records += *checked;
  }
  const std::string line = absl::StrCat("all ", streams->size(),
                                        " streams hashed from their first "
                                        "record: ",
                                        records, " records are whole");
  spdlog::info("{}", line);
  absl::MutexLock lock(&mutex_);
  checked_ = line;
}

void HubApp::CompleteStatus(v1::HubStatus* status) {
  status->set_enrol_address(absl::StrCat(options_.listen, ":", enrol_port_));
  status->set_sync_address(absl::StrCat(options_.listen, ":", sync_port_));
  status->set_online(static_cast<uint32_t>(node_->presence().online()));
  absl::MutexLock lock(&mutex_);
  if (!checked_.empty()) status->add_verified(checked_);
}

std::string HubApp::MetricsText() {
  metrics_
      .Gauge("branchline_hub_branches_online", "Branches with a line up now")
      ->Set(node_->presence().online());
  metrics_.Gauge("branchline_hub_lines", "Lines up now")
      ->Set(static_cast<int64_t>(sync_service_->LineCount()));
  metrics_
      .Gauge("branchline_hub_deciding",
             "0 while a restored hub waits for its own records")
      ->Set(books_->ledger().MayDecide().ok() ? 1 : 0);
  return metrics_.Text();
}

void HubApp::Fail(const absl::Status& why) {
  absl::MutexLock lock(&mutex_);
  if (failed_.ok()) {
    spdlog::critical("stopping: {}", std::string(why.message()));
    failed_ = why;
  }
  stop_asked_ = true;
}

bool HubApp::Stopping() {
  absl::MutexLock lock(&mutex_);
  return stop_asked_;
}

void HubApp::AskToStop() {
  absl::MutexLock lock(&mutex_);
  stop_asked_ = true;
}

absl::Status HubApp::Wait() {
  absl::Status why;
  {
    absl::MutexLock lock(&mutex_);
    const auto stop = [this]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
      return stop_asked_;
    };
    mutex_.Await(absl::Condition(&stop));
    why = failed_;
  }
  Stop();
  return why;
}

void HubApp::Stop() {
  if (stopped_) return;
  stopped_ = true;
  AskToStop();
  const auto deadline =
      absl::ToChronoTime(SystemClock().WallNow() + kStopGrace);
  if (enrol_ != nullptr) enrol_->Shutdown(deadline);
  if (admin_ != nullptr) admin_->Shutdown(deadline);
  if (http_ != nullptr) {
    const absl::Status cut = http_->Stop(kStopGrace);
    if (!cut.ok()) spdlog::warn("{}", std::string(cut.message()));
  }
  // Lines first: what was taken is stored and answered before they end.
  if (sync_service_ != nullptr) sync_service_->Shutdown();
  if (sync_ != nullptr) sync_->Shutdown(deadline);
  if (checker_.joinable()) checker_.join();
  sync_.reset();
  enrol_.reset();
  admin_.reset();
  http_.reset();
  sync_service_.reset();
  node_.reset();
  if (books_ != nullptr) unlink(books_->home().admin_socket().c_str());
}

}  // namespace branchline

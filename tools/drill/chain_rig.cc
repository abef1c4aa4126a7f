#include "tools/drill/chain_rig.h"

#include <unistd.h>

#include <thread>
#include <utility>

#include "absl/strings/str_cat.h"
#include "edge/enrol/edge_home.h"
#include "edge/enrol/join.h"
#include "hub/enrol/hub_home.h"
#include "sync/base/check.h"
#include "sync/base/status_macros.h"
#include "sync/identity/secret_file.h"
#include "sync/rpc/grpc_status.h"

namespace branchline::drill {
namespace {

constexpr int kCallSeconds = 60;
constexpr int kMessageBytesMax = 256 << 20;  // a report by SKU of a large chain
constexpr absl::Duration kCatalogueTimeout = absl::Seconds(120);
constexpr useconds_t kRigLookMicros = 50'000;

std::shared_ptr<grpc::Channel> ChannelTo(const std::string& data_dir) {
  grpc::ChannelArguments arguments;
  arguments.SetMaxReceiveMessageSize(kMessageBytesMax);
  // A node that was killed is asked again at once when it is back.
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  return grpc::CreateCustomChannel(
      absl::StrCat("unix:", data_dir, "/admin.sock"),
      grpc::InsecureChannelCredentials(), arguments);
}

template <typename Stub, typename Request, typename Response>
absl::StatusOr<Response> Ask(Stub* stub,
                             grpc::Status (Stub::*method)(grpc::ClientContext*,
                                                          const Request&,
                                                          Response*),
                             const Request& request) {
  grpc::ClientContext context;
  context.set_deadline(
      gpr_time_add(gpr_now(GPR_CLOCK_MONOTONIC),
                   gpr_time_from_seconds(kCallSeconds, GPR_TIMESPAN)));
  Response response;
  const absl::Status status =
      FromGrpc((stub->*method)(&context, request, &response));
  if (!status.ok()) return status;
  return response;
}

}  // namespace

ChainRig::ChainRig(Options options, const Clock* clock)
    : options_(std::move(options)), clock_(clock), spawner_(clock) {}

ChainRig::~ChainRig() = default;

const std::string& ChainRig::code(size_t branch) const {
  return options_.branches[branch].code();
}

std::string ChainRig::edge_dir(size_t branch) const {
  return absl::StrCat(options_.work_dir, "/", code(branch));
}

absl::StatusOr<std::unique_ptr<ChainRig>> ChainRig::Start(
    const Options& options, const Clock* clock) {
  std::unique_ptr<ChainRig> rig(new ChainRig(options, clock));
  BL_RETURN_IF_ERROR(MakeSecretDir(options.work_dir + "/log"));
  BL_ASSIGN_OR_RETURN(rig->proxy_, LineProxy::Start(clock));
  BL_RETURN_IF_ERROR(rig->StartHub());
  BL_RETURN_IF_ERROR(rig->StartEdges());
  return rig;
}

absl::Status ChainRig::StartHub() {
  BL_RETURN_IF_ERROR(HubHome(hub_dir()).Init(options_.chain_name, *clock_));
  hub_ = std::make_unique<Daemon>(
      ProcessOptions{.argv = {options_.bin_dir + "/branchline-hub", "--data",
                              hub_dir(), "--listen", "127.0.0.1", "--sync-port",
                              "0", "--enrol-port", "0", "--http-port", "0"},
                     .log_path = options_.work_dir + "/log/hub.log"},
      std::vector<std::string>{"sync", "enrol", "http"}, &spawner_);
  BL_RETURN_IF_ERROR(hub_->Start());
  ConnectToHub();
  return absl::OkStatus();
}

void ChainRig::ConnectToHub() {
  const std::shared_ptr<grpc::Channel> channel = ChannelTo(hub_dir());
  absl::MutexLock lock(&mutex_);
  chain_ = v1::Chain::NewStub(channel);
  report_ = v1::Report::NewStub(channel);
}

std::shared_ptr<v1::Chain::Stub> ChainRig::chain() const {
  absl::MutexLock lock(&mutex_);
  return chain_;
}

std::shared_ptr<v1::Report::Stub> ChainRig::report() const {
  absl::MutexLock lock(&mutex_);
  return report_;
}

absl::Status ChainRig::Join(const v1::Branch& branch) {
  v1::AddBranchRequest add;
  *add.mutable_branch() = branch;
  BL_RETURN_IF_ERROR(
      Ask(chain().get(), &v1::Chain::Stub::AddBranch, add).status());
  v1::IssueTokenRequest issue;
  issue.set_branch(branch.code());
  BL_ASSIGN_OR_RETURN(const v1::IssueTokenResponse token,
                      Ask(chain().get(), &v1::Chain::Stub::IssueToken, issue));
  return JoinChain(
             EdgeHome(absl::StrCat(options_.work_dir, "/", branch.code())),
             absl::StrCat("127.0.0.1:", hub_->port("enrol")), token.token())
      .status();
}

absl::Status ChainRig::StartEdges() {
  edges_.resize(options_.branches.size());
  for (size_t i = 0; i < edges_.size(); ++i) {
    BL_RETURN_IF_ERROR(
        Annotate(Join(options_.branches[i]), absl::StrCat("join ", code(i))));
    BL_ASSIGN_OR_RETURN(edges_[i].line, proxy_->AddLine(hub_->port("sync")));
    edges_[i].daemon = std::make_unique<Daemon>(
        ProcessOptions{
            .argv = {options_.bin_dir + "/branchline-edge", "--data",
                     edge_dir(i), "--till-port", "0", "--http-port", "0",
                     "--hub",
                     absl::StrCat("127.0.0.1:", proxy_->port(edges_[i].line)),
                     "--hub-enrol",
                     absl::StrCat("127.0.0.1:", hub_->port("enrol"))},
            .log_path =
                absl::StrCat(options_.work_dir, "/log/", code(i), ".log")},
        std::vector<std::string>{"till", "http"}, &spawner_);
    BL_RETURN_IF_ERROR(edges_[i].daemon->Launch());
  }
  for (size_t i = 0; i < edges_.size(); ++i) {
    BL_RETURN_IF_ERROR(edges_[i].daemon->AwaitReady());
    edges_[i].admin = v1::EdgeAdmin::NewStub(ChannelTo(edge_dir(i)));
  }
  return absl::OkStatus();
}

absl::Status ChainRig::LoadCatalogue(
    const std::vector<v1::ImportCatalogueRequest>& imports, uint64_t items,
    const std::atomic<bool>& stop) {
  for (const v1::ImportCatalogueRequest& import : imports) {
    if (stop) return absl::CancelledError("interrupted");
    BL_RETURN_IF_ERROR(Annotate(
        Ask(chain().get(), &v1::Chain::Stub::ImportCatalogue, import).status(),
        "load the catalogue"));
  }
  const absl::Duration until = clock_->MonotonicNow() + kCatalogueTimeout;
  for (size_t i = 0; i < edges_.size(); ++i) {
    while (true) {
      if (stop) return absl::CancelledError("interrupted");
      BL_ASSIGN_OR_RETURN(const v1::EdgeStatus status, EdgeStatus(i));
      if (status.items() >= items) break;
      if (clock_->MonotonicNow() > until) {
        return absl::DeadlineExceededError(
            absl::StrCat(code(i), " has ", status.items(), " of ", items,
                         " items of the catalogue after ",
                         absl::FormatDuration(kCatalogueTimeout),
                         "; its line: ", status.line_state()));
      }
      usleep(kRigLookMicros);
    }
  }
  return absl::OkStatus();
}

absl::StatusOr<TillClient::Till> ChainRig::PairTill(size_t branch,
                                                    const std::string& name) {
  v1::PairTillRequest request;
  request.set_till(name);
  BL_ASSIGN_OR_RETURN(
      const v1::PairTillResponse response,
      Ask(edges_[branch].admin.get(), &v1::EdgeAdmin::Stub::PairTill, request));
  return TillClient::Till{name, response.api_key(), {}};
}

void ChainRig::KillEdge(size_t branch) { edges_[branch].daemon->Kill(); }

absl::Status ChainRig::RestartEdge(size_t branch) {
  BL_RETURN_IF_ERROR(edges_[branch].daemon->Start());
  edges_[branch].admin = v1::EdgeAdmin::NewStub(ChannelTo(edge_dir(branch)));
  return absl::OkStatus();
}

absl::Status ChainRig::CheckEdge(size_t branch) {
  return edges_[branch].daemon->Check();
}

uint16_t ChainRig::till_port(size_t branch) const {
  return edges_[branch].daemon->port("till");
}

uint16_t ChainRig::http_port(size_t branch) const {
  return edges_[branch].daemon->port("http");
}

uint16_t ChainRig::hub_port(absl::string_view name) const {
  return hub_->port(name);
}

void ChainRig::KillHub() { hub_->Kill(); }

absl::Status ChainRig::RestartHub() {
  BL_RETURN_IF_ERROR(hub_->Start());
  ConnectToHub();
  for (const Edge& edge : edges_) {
    proxy_->SetTarget(edge.line, hub_->port("sync"));
  }
  return absl::OkStatus();
}

void ChainRig::CutLine(size_t branch, CutKind kind) {
  proxy_->Cut(edges_[branch].line, kind);
}

void ChainRig::SlowLine(size_t branch, const Pace& pace) {
  proxy_->Slow(edges_[branch].line, pace);
}

absl::Status ChainRig::HealLine(size_t branch) {
  return proxy_->Heal(edges_[branch].line);
}

absl::StatusOr<v1::EdgeStatus> ChainRig::EdgeStatus(size_t branch) {
  return Ask(edges_[branch].admin.get(), &v1::EdgeAdmin::Stub::GetStatus,
             v1::GetStatusRequest());
}

absl::StatusOr<std::vector<v1::BranchInfo>> ChainRig::HubBranches() {
  BL_ASSIGN_OR_RETURN(const v1::ListBranchesResponse response,
                      Ask(chain().get(), &v1::Chain::Stub::ListBranches,
                          v1::ListBranchesRequest()));
  return std::vector<v1::BranchInfo>(response.branches().begin(),
                                     response.branches().end());
}

absl::StatusOr<v1::SalesReport> ChainRig::Sales(
    const v1::SalesReportRequest& request) {
  return Ask(report().get(), &v1::Report::Stub::Sales, request);
}

absl::StatusOr<v1::StockReport> ChainRig::Stock(
    const v1::StockReportRequest& request) {
  return Ask(report().get(), &v1::Report::Stub::Stock, request);
}

absl::Status ChainRig::Stop() {
  // A server waits for its clients to go before it ends.
  {
    absl::MutexLock lock(&mutex_);
    chain_.reset();
    report_.reset();
  }
  std::vector<absl::Status> ended(edges_.size());
  std::vector<std::thread> threads;
  for (size_t i = 0; i < edges_.size(); ++i) {
    edges_[i].admin.reset();
    threads.emplace_back([this, &ended, i] {
      ended[i] = Annotate(edges_[i].daemon->Stop(), code(i));
    });
  }
  for (std::thread& thread : threads) thread.join();
  absl::Status status;
  for (const absl::Status& one : ended) status.Update(one);
  status.Update(Annotate(hub_->Stop(), "hub"));
  return status;
}

}  // namespace branchline::drill

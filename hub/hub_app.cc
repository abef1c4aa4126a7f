#include "hub/hub_app.h"

#include <spdlog/spdlog.h>

#include <utility>

#include "absl/strings/str_cat.h"
#include "hub/storage/stream_check.h"
#include "sync/base/random.h"
#include "sync/base/status_macros.h"
#include "sync/identity/secret_file.h"
#include "sync/replication/refusal.h"

namespace branchline {
namespace {

constexpr absl::Duration kStopGrace = absl::Seconds(5);
constexpr absl::Duration kRenewalCheckEvery = absl::Minutes(10);

}  // namespace

HubApp::~HubApp() { Stop(); }

absl::Status HubApp::Start() {
  HubBooks::Options books;
  books.data_dir = options_.data_dir;
  BL_ASSIGN_OR_RETURN(books_,
                      HubBooks::Open(books, &SystemClock(), &SystemRandom()));
  HubNodeOptions node;
  node.on_failure = [this](const absl::Status& why) { Fail(why); };
  node.on_refused = [](const PeerIdentity& peer, const v1::Refused& refused) {
    spdlog::warn("refused {}, epoch {}: {}", peer.branch, peer.epoch,
                 RefusalText(refused));
  };
  node_ = std::make_unique<HubNode>(&books_->store(), &books_->ledger(),
                                    &SystemClock(), &books_->changed(),
                                    std::move(node));
  HubServers::Options servers;
  servers.listen = options_.listen;
  servers.sync_port = options_.sync_port;
  servers.enrol_port = options_.enrol_port;
  servers.http_port = options_.http_port;
  servers.books = books_.get();
  servers.node = node_.get();
  servers.complete_status = [this](v1::HubStatus* status) {
    CompleteStatus(status);
  };
  servers.http.healthy = [this]() -> absl::Status {
    absl::MutexLock lock(&mutex_);
    return failed_;
  };
  servers.http.metrics_text = [this] { return MetricsText(); };
  servers_ = std::make_unique<HubServers>(std::move(servers));
  BL_RETURN_IF_ERROR(servers_->Start());
  BL_RETURN_IF_ERROR(WritePorts());
  checker_ = std::thread([this] { CheckInBackground(); });
  return absl::OkStatus();
}

absl::Status HubApp::WritePorts() const {
  const std::string json =
      absl::StrCat("{\"sync\": ", servers_->sync_port(),
                   ", \"enrol\": ", servers_->enrol_port(),
                   ", \"http\": ", servers_->http_port(), "}\n");
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
  if (streams->empty()) return;
  std::string line =
      absl::StrCat("all ", streams->size(), " streams hashed from their first ",
                   "record: ", records, " records are whole");
  spdlog::info("{}", line);
  absl::MutexLock lock(&mutex_);
  checked_ = std::move(line);
}

void HubApp::CompleteStatus(v1::HubStatus* status) {
  status->set_enrol_address(
      absl::StrCat(options_.listen, ":", servers_->enrol_port()));
  status->set_sync_address(
      absl::StrCat(options_.listen, ":", servers_->sync_port()));
  status->set_online(static_cast<uint32_t>(node_->presence().online()));
  absl::MutexLock lock(&mutex_);
  if (!checked_.empty()) status->add_verified(checked_);
}

std::string HubApp::MetricsText() {
  metrics_
      .Gauge("branchline_hub_branches_online", "Branches with a line up now")
      ->Set(node_->presence().online());
  metrics_.Gauge("branchline_hub_lines", "Lines up now")
      ->Set(static_cast<int64_t>(servers_->LineCount()));
  metrics_
      .Gauge("branchline_hub_deciding",
             "0 while a restored hub waits for its own records")
      ->Set(books_->ledger().MayDecide().ok() ? 1 : 0);
  const HubNode::Counts counts = node_->counts();
  metrics_
      .Gauge("branchline_hub_pushes_stored",
             "Pushes stored and acked since the start")
      ->Set(counts.pushes_stored);
  metrics_
      .Gauge("branchline_hub_pushes_refused",
             "Pushes refused since the start, gaps included")
      ->Set(counts.pushes_refused);
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
  while (true) {
    {
      absl::MutexLock lock(&mutex_);
      const auto stop = [this]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
        return stop_asked_;
      };
      if (mutex_.AwaitWithTimeout(absl::Condition(&stop), kRenewalCheckEvery)) {
        break;
      }
    }
    // A hub that runs for longer than its certificate lives would lock out
    // every branch.
    if (SystemClock().WallNow() < servers_->renewal_due_at()) continue;
    spdlog::info("renewing the hub's certificate; lines connect again");
    const absl::Status renewed = servers_->RenewCertificate(kStopGrace);
    if (!renewed.ok()) Fail(renewed);
  }
  Stop();
  absl::MutexLock lock(&mutex_);
  return failed_;
}

void HubApp::Stop() {
  if (stopped_) return;
  stopped_ = true;
  AskToStop();
  if (servers_ != nullptr) servers_->Stop(kStopGrace);
  if (checker_.joinable()) checker_.join();
  servers_.reset();
  node_.reset();
}

}  // namespace branchline

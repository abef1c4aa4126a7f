#include "edge/edge_app.h"

#include <spdlog/spdlog.h>

#include <utility>

#include "absl/strings/str_cat.h"
#include "edge/devices/device_metrics.h"
#include "edge/enrol/renewal.h"
#include "edge/payment/compare_bill.h"
#include "edge/till/queries.h"
#include "sync/base/clock.h"
#include "sync/base/random.h"
#include "sync/base/status_macros.h"
#include "sync/base/version.h"
#include "sync/identity/secret_file.h"
#include "sync/journal/journal.h"
#include "sync/journal/rebuild.h"
#include "sync/journal/record.h"
#include "sync/journal/rocks_store.h"
#include "sync/ledger/keys.h"

namespace branchline {
namespace {

constexpr absl::Duration kStopGrace = absl::Seconds(5);
constexpr absl::Duration kRenewalCheckEvery = absl::Minutes(10);

std::vector<absl::Duration> CommitBuckets() {
  std::vector<absl::Duration> edges;
  for (const int millis : {1, 2, 5, 10, 20, 50, 100, 200, 500, 1000}) {
    edges.push_back(absl::Milliseconds(millis));
  }
  return edges;
}

}  // namespace

EdgeApp::EdgeApp(Options options)
    : options_(std::move(options)), home_(options_.data_dir) {}

EdgeApp::~EdgeApp() { Stop(); }

absl::Status EdgeApp::Start() {
  BL_RETURN_IF_ERROR(OpenLedger());

  CommitQueue::Options queue_options;
  queue_options.on_committed = [this] {
    if (line_ != nullptr) line_->Notify();
    if (desk_ != nullptr) desk_->OnCommitted();
  };
  queue_options.on_broken = [this](const absl::Status& why) { Fail(why); };
  MetricHistogram* commits =
      metrics_.Histogram("branchline_edge_commit_seconds",
                         "One batch: decide, fold, sync", CommitBuckets());
  MetricCounter* events = metrics_.Counter("branchline_edge_batches_total",
                                           "Batches committed with one sync");
  queue_options.observe = [commits, events](absl::Duration took, size_t) {
    commits->Observe(took);
    events->Increment();
  };
  queue_ = std::make_unique<CommitQueue>(core_.get(), &SystemClock(),
                                         std::move(queue_options));
  port_ = std::make_unique<EdgeSyncPort>(core_.get(), queue_.get(),
                                         &SystemClock(), kVersion);
  EdgeLine::Options line_options;
  line_options.address = options_.hub_address.empty()
                             ? identity_->node.hub_address()
                             : options_.hub_address;
  line_options.tls = [this] {
    const absl::StatusOr<TlsFiles> files = home_.LoadTls();
    if (!files.ok()) spdlog::error("{}", files.status().ToString());
    return files.ok() ? *files : TlsFiles();
  };
  line_ = std::make_unique<EdgeLine>(std::move(line_options), port_.get(),
                                     &SystemClock(), &SystemRandom());
  api_ = std::make_unique<TillApi>(
      queue_.get(), store_.get(), &core_->books(), identity_.get(),
      &SystemClock(), &metrics_,
      [this](v1::EdgeStatus* status) { FillStatus(status); });
  till_service_ = std::make_unique<TillService>(api_.get());
  api_->Register(&registry_);
  StartDevices();
  BL_RETURN_IF_ERROR(StartServers());
  BL_RETURN_IF_ERROR(WritePorts());
  line_->Start();
  if (!queue_->Snapshot().till_of_key_hash->empty()) OpenLan();
  verifier_ = std::thread([this] { VerifyInBackground(); });
  renewer_ = std::thread([this] { RenewInBackground(); });
  return absl::OkStatus();
}

void EdgeApp::StartDevices() {
  const v1::NodeIdentity& node = identity_->node;
  DeviceDesk::Options options;
  options.data_dir = options_.data_dir;
  options.branch = node.branch();
  options.branch_name = node.branch_name();
  options.currency = node.currency();
  options.time_zone = identity_->time_zone;
  receipt_signer_ = {&identity_->journal_key, node.epoch(), node.branch()};
  options.signer = &receipt_signer_;
  options.store = store_.get();
  options.books = &core_->books();
  options.queue = queue_.get();
  options.clock = &SystemClock();
  options.random = &SystemRandom();
  desk_ = std::make_unique<DeviceDesk>(std::move(options));
  api_->TellSold([this](absl::string_view till, const v1::Event& event) {
    desk_->manager().OnSold(till, event);
  });
  api_->AskReceiptText([this] { return desk_->manager().ReceiptText(); });
  device_api_ = std::make_unique<TillDeviceApi>(desk_.get(), queue_.get(),
                                                &SystemClock(), api_.get());
  device_service_ = std::make_unique<TillDeviceServiceImpl>(device_api_.get());
  device_api_->Register(&registry_);
  payment_api_ = std::make_unique<TillPaymentApi>(api_.get(), desk_.get());
  payment_service_ =
      std::make_unique<TillPaymentServiceImpl>(payment_api_.get());
  payment_api_->Register(&registry_);
  desk_->Start();
}

absl::Status EdgeApp::OpenLedger() {
  BL_ASSIGN_OR_RETURN(EdgeIdentity identity, home_.LoadIdentity());
  identity_ = std::make_unique<EdgeIdentity>(identity);
  RocksStoreOptions store_options;
  store_options.dir = home_.ledger_dir();
  BL_ASSIGN_OR_RETURN(store_, OpenRocksStore(store_options));
  BL_ASSIGN_OR_RETURN(const RebuildResult rebuilt,
                      RebuildIfNeeded(store_.get()));
  if (rebuilt.rebuilt) {
    verified_.push_back(absl::StrCat("books rebuilt from ", rebuilt.records,
                                     " records of the journal"));
  }
  if (rebuilt.caught_up) {
    verified_.push_back(absl::StrCat("books brought up by the journal's last ",
                                     rebuilt.records, " records"));
  }
  BL_ASSIGN_OR_RETURN(
      core_, EdgeCore::Open(std::move(identity), store_.get(), &SystemClock()));
  const EdgeState& state = core_->state();
  verified_.push_back(absl::StrCat("journal ", core_->stream(), " ends at ",
                                   ToText(state.head), ", ", state.events_total,
                                   " events"));
  verified_.push_back(absl::StrCat(
      state.events_since_checkpoint,
      " records hashed since the last signed checkpoint; the rest is hashed in "
      "the background"));
  if (!state.stopped_why().empty()) {
    verified_.push_back(absl::StrCat("sells nothing: ", state.stopped_why()));
  }
  verified_.push_back(absl::StrCat(Items(0), " items in the catalogue"));
  return absl::OkStatus();
}

absl::Status EdgeApp::StartServers() {
  admin_service_ = std::make_unique<EdgeAdminService>(EdgeAdminService::Options{
      queue_.get(), store_.get(), identity_.get(), &SystemClock(),
      [this](v1::EdgeStatus* status) { FillStatus(status); },
      [this] { OpenLan(); },
      [this](const std::string& device, const std::string& user,
             absl::Duration wait, v1::TestDeviceResponse* response) {
        return desk_->manager().Test(device, user, wait, response);
      },
      [this](const v1::ListPaymentsRequest& request,
             v1::ListPaymentsResponse* response) {
        return payment_api_->List(request, response);
      },
      [this](const v1::CompareBillRequest& request,
             v1::CompareBillResponse* response) {
        return CompareBill(*store_, identity_->node.branch(),
                           identity_->time_zone, request, &desk_->manager(),
                           response);
      }});
  EdgeServers::Options servers;
  servers.till_port = options_.till_port;
  servers.http_port = options_.http_port;
  servers.lan_address = options_.lan_address;
  servers.admin_socket = home_.admin_socket();
  servers.till = till_service_.get();
  servers.till_devices = device_service_.get();
  servers.till_payments = payment_service_.get();
  servers.admin = admin_service_.get();
  servers.registry = &registry_;
  servers.http.healthy = [this]() -> absl::Status {
    const std::string why = queue_->Snapshot().stopped_why;
    return why.empty() ? absl::OkStatus() : absl::FailedPreconditionError(why);
  };
  servers.http.metrics_text = [this] { return MetricsText(); };
  servers.tls = [this] { return home_.LoadTls(); };
  servers_ = std::make_unique<EdgeServers>(std::move(servers));
  return servers_->Start();
}

absl::Status EdgeApp::WritePorts() const {
  return WriteSecretFile(
      home_.ports_file(),
      absl::StrCat("{\"till_grpc\": ", servers_->till_port(),
                   ", \"till_http\": ", servers_->http_port(), "}\n"));
}

void EdgeApp::OpenLan() {
  if (const absl::Status status = servers_->OpenLan(); !status.ok()) {
    spdlog::error("{}", std::string(status.message()));
  }
}

void EdgeApp::FillStatus(v1::EdgeStatus* status) {
  const CoreSnapshot snapshot = queue_->Snapshot();
  const LineStatus line = line_->Status();
  const EdgeSyncPort::LastHeard heard = port_->Heard();
  const v1::NodeIdentity& node = identity_->node;
  status->set_branch(node.branch());
  status->set_branch_name(node.branch_name());
  *status->mutable_head() = ToProto(snapshot.head);
  const Cursor acked = Acked(line);
  *status->mutable_acked() = ToProto(acked);
  status->set_waiting_events(acked.epoch == snapshot.head.epoch
                                 ? snapshot.head.seq - acked.seq
                                 : snapshot.head.seq);
  status->set_online(line.state == EdgeSession::State::kLive);
  if (heard.at != absl::InfinitePast()) {
    status->set_last_heard_unix_micros(absl::ToUnixMicros(heard.at));
    status->set_clock_drift_micros(absl::ToInt64Microseconds(heard.drift));
  }
  status->set_line_state(line.text);
  status->set_open_date(snapshot.open_date);
  status->set_sealed_date(snapshot.sealed_date);
  for (const auto& [hash, till] : *snapshot.till_of_key_hash) {
    status->add_tills(till);
  }
  status->set_items(Items(snapshot.pulls));
  status->set_version(kVersion);
  status->set_stopped_why(snapshot.stopped_why);
  for (const std::string& line_text : verified_) {
    status->add_verified(line_text);
  }
  {
    absl::MutexLock lock(&mutex_);
    if (!journal_fault_.empty()) status->add_verified(journal_fault_);
  }
  for (v1::DeviceState& state : desk_->manager().States()) {
    *status->add_devices() = std::move(state);
  }
  status->set_devices_trouble(desk_->Troubles());
  const auto open = desk_->payment_ledger().Open();
  status->set_open_payment_sales(open.ok() ? static_cast<uint32_t>(open->size())
                                           : 0);
  const absl::StatusOr<absl::Time> expiry = CertificateExpiry(home_);
  if (expiry.ok()) {
    status->set_certificate_expires_unix_micros(absl::ToUnixMicros(*expiry));
  }
}

uint64_t EdgeApp::Items(uint64_t pulls) {
  {
    absl::MutexLock lock(&mutex_);
    if (items_counted_at_ == pulls) return items_;
  }
  const absl::StatusOr<uint64_t> items = CountItems(*store_);
  absl::MutexLock lock(&mutex_);
  items_ = items.value_or(0);
  items_counted_at_ = pulls;
  return items_;
}

Cursor EdgeApp::Acked(const LineStatus& line) const {
  if (line.acked.seq > 0) return line.acked;
  v1::Ack ack;
  const auto stored = store_->Get(Table::kJournal, kAckKey);
  if (stored.ok() && stored->has_value() && ack.ParseFromString(**stored)) {
    return FromProto(ack.at());
  }
  return line.acked;
}

std::string EdgeApp::MetricsText() {
  v1::EdgeStatus status;
  FillStatus(&status);
  metrics_
      .Gauge("branchline_edge_waiting_events",
             "Events that the hub does not have yet")
      ->Set(static_cast<int64_t>(status.waiting_events()));
  metrics_.Gauge("branchline_edge_online", "1 while the line to the hub is up")
      ->Set(status.online() ? 1 : 0);
  metrics_.Gauge("branchline_edge_selling", "0 if this box sells nothing")
      ->Set(status.stopped_why().empty() ? 1 : 0);
  metrics_.Gauge("branchline_edge_journal_seq", "Last record of this epoch")
      ->Set(static_cast<int64_t>(status.head().seq()));
  metrics_
      .Gauge("branchline_edge_open_payment_sales",
             "Sales with a payment that somebody must see to")
      ->Set(status.open_payment_sales());
  metrics_.Gauge("branchline_edge_items", "Items in the catalogue")
      ->Set(static_cast<int64_t>(status.items()));
  FillDeviceMetrics(status, desk_->skipped_receipts(),
                    desk_->manager().scans().dropped_count(),
                    desk_->manager().HasDrawerAlarm(), &metrics_);
  return metrics_.Text();
}

void EdgeApp::VerifyInBackground() {
  for (const std::string& stream :
       ListStreams(*store_).value_or(std::vector<std::string>())) {
    Cursor start;
    if (stream != core_->stream()) continue;  // the hub's begin at a snapshot
    const absl::Status status = ForEachRecord(
        *store_, stream, start, [&](const v1::Record&) -> absl::Status {
          absl::MutexLock lock(&mutex_);
          return stop_asked_ ? absl::CancelledError("stopping")
                             : absl::OkStatus();
        });
    if (status.ok()) {
      spdlog::info("journal {} verified from its first record", stream);
    } else if (!absl::IsCancelled(status)) {
      absl::MutexLock lock(&mutex_);
      journal_fault_ = absl::StrCat("DAMAGED: ", status.message());
      spdlog::error("journal {}: {}", stream, std::string(status.message()));
      if (failed_.ok()) failed_ = status;
      stop_asked_ = true;
    }
  }
}

void EdgeApp::RenewInBackground() {
  while (true) {
    const std::string address = options_.enrol_address.empty()
                                    ? identity_->node.enrol_address()
                                    : options_.enrol_address;
    const absl::StatusOr<bool> renewed =
        RenewIfDue(home_, *identity_, address, port_->HubNow());
    if (!renewed.ok()) {
      spdlog::warn("certificate not renewed: {}",
                   std::string(renewed.status().message()));
    } else if (*renewed) {
      spdlog::info("certificate renewed");
      line_->Reconnect();
    }
    absl::MutexLock lock(&mutex_);
    const auto stop = [this]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
      return stop_asked_;
    };
    if (mutex_.AwaitWithTimeout(absl::Condition(&stop), kRenewalCheckEvery)) {
      return;
    }
  }
}

void EdgeApp::Fail(const absl::Status& why) {
  absl::MutexLock lock(&mutex_);
  if (failed_.ok()) failed_ = why;
  stop_asked_ = true;
}

void EdgeApp::AskToStop() {
  absl::MutexLock lock(&mutex_);
  stop_asked_ = true;
}

absl::Status EdgeApp::Wait() {
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

void EdgeApp::Stop() {
  if (stopped_) return;
  stopped_ = true;
  AskToStop();
  // Takes no more, answers those in work, then lets the committer finish.
  if (desk_ != nullptr) desk_->manager().scans().Stop();  // ends the streams
  if (servers_ != nullptr) servers_->Stop(kStopGrace);
  if (desk_ != nullptr) desk_->Stop();
  if (line_ != nullptr) line_->Stop();
  if (verifier_.joinable()) verifier_.join();
  if (renewer_.joinable()) renewer_.join();
  if (queue_ != nullptr) queue_->Stop();
  if (core_ == nullptr || queue_ == nullptr || queue_->broken()) return;
  // What a crash would leave to the next start.
  const absl::Status books = core_->WriteBooks();
  if (!books.ok()) spdlog::error("books: {}", books.ToString());
}

}  // namespace branchline

// The two daemons as processes, as they are shipped.

#include <grpcpp/grpcpp.h>

#include <fstream>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "branchline/v1/chain.grpc.pb.h"
#include "branchline/v1/edge_admin.grpc.pb.h"
#include "branchline/v1/report.grpc.pb.h"
#include "edge/enrol/join.h"
#include "hub/enrol/hub_home.h"
#include "sync/base/clock.h"
#include "sync/base/status_macros.h"
#include "sync/journal/rebuild.h"
#include "sync/journal/rocks_store.h"
#include "sync/rpc/grpc_status.h"
#include "tools/benchmark/bench_branch.h"
#include "tools/benchmark/benches.h"
#include "tools/drill/process.h"

namespace branchline::bench {
namespace {

constexpr absl::Duration kReadyTimeout = absl::Seconds(60);
constexpr absl::Duration kCatchUpTimeout = absl::Minutes(10);

std::shared_ptr<grpc::Channel> SocketChannel(const std::string& dir) {
  return grpc::CreateChannel(absl::StrCat("unix:", dir, "/admin.sock"),
                             grpc::InsecureChannelCredentials());
}

// Calls `call(context)` with a deadline.
template <typename Call>
absl::Status Rpc(Call call) {
  grpc::ClientContext context;
  context.set_deadline(
      absl::ToChronoTime(SystemClock().WallNow() + absl::Seconds(60)));
  return FromGrpc(call(&context));
}

absl::StatusOr<std::unique_ptr<drill::Process>> StartNode(
    const BenchOptions& options, const std::string& program,
    const std::string& dir, const std::vector<std::string>& ports) {
  drill::ProcessOptions process;
  process.argv = {options.bin_dir + "/" + program, "--data", dir};
  process.argv.insert(process.argv.end(), ports.begin(), ports.end());
  process.log_path = dir + ".log";
  BL_ASSIGN_OR_RETURN(auto started,
                      drill::Process::Start(process, &SystemClock()));
  return started;
}

// Resident memory of a process, in KiB.
absl::StatusOr<int64_t> ResidentKib(pid_t pid) {
  std::ifstream file(absl::StrCat("/proc/", pid, "/status"));
  std::string line;
  while (std::getline(file, line)) {
    if (!absl::StartsWith(line, "VmRSS:")) continue;
    for (const absl::string_view word :
         absl::StrSplit(line, absl::ByAnyChar(" \t"), absl::SkipEmpty())) {
      int64_t kib = 0;
      if (absl::SimpleAtoi(word, &kib)) return kib;
    }
  }
  return absl::NotFoundError("no VmRSS of the process");
}

class ChainBench {
 public:
  ChainBench(const BenchOptions& options, Results* results)
      : o_(options),
        results_(*results),
        hub_dir_(options.dir + "/hub"),
        edge_dir_(options.dir + "/edge") {}

  absl::Status Run() {
    BL_RETURN_IF_ERROR(StartHub());
    BL_RETURN_IF_ERROR(Enrol());
    Progress(absl::StrCat("chain: the hub takes in ", items(), " items"));
    BL_RETURN_IF_ERROR(ImportItems());
    Progress("chain: a branch joins and pulls them");
    BL_RETURN_IF_ERROR(MeasureMemory());
    BL_RETURN_IF_ERROR(MeasureCatchUp());
    BL_RETURN_IF_ERROR(MeasureReport());
    return MeasureColdStart();
  }

 private:
  int items() const { return o_.quick ? 20'000 : 200'000; }
  int sales() const { return o_.quick ? 20'000 : 200'000; }
  // The journal's length counts here, not what is sold.
  static constexpr int kSkusOfLongJournal = 2'000;
  int long_journal() const { return o_.quick ? 100'000 : 1'000'000; }

  absl::Status StartHub() {
    BL_RETURN_IF_ERROR(HubHome(hub_dir_).Init("Bench", SystemClock()));
    BL_ASSIGN_OR_RETURN(hub_,
                        StartNode(o_, "branchline-hub", hub_dir_,
                                  {"--listen", "127.0.0.1", "--sync-port", "0",
                                   "--enrol-port", "0", "--http-port", "0"}));
    BL_RETURN_IF_ERROR(hub_->WaitForLine("ready:", kReadyTimeout).status());
    chain_ = v1::Chain::NewStub(SocketChannel(hub_dir_));
    report_ = v1::Report::NewStub(SocketChannel(hub_dir_));
    return absl::OkStatus();
  }

  absl::Status Enrol() {
    v1::AddBranchRequest add;
    add.mutable_branch()->set_code("B01");
    add.mutable_branch()->set_name("Bench");
    add.mutable_branch()->set_time_zone("UTC");
    add.mutable_branch()->set_currency("GBP");
    v1::AddBranchResponse added;
    BL_RETURN_IF_ERROR(Rpc([&](grpc::ClientContext* context) {
      return chain_->AddBranch(context, add, &added);
    }));
    v1::IssueTokenRequest ask;
    ask.set_branch("B01");
    v1::IssueTokenResponse token;
    BL_RETURN_IF_ERROR(Rpc([&](grpc::ClientContext* context) {
      return chain_->IssueToken(context, ask, &token);
    }));
    v1::HubStatus status;
    BL_RETURN_IF_ERROR(Rpc([&](grpc::ClientContext* context) {
      return chain_->GetHubStatus(context, v1::GetHubStatusRequest(), &status);
    }));
    const std::string port =
        status.enrol_address().substr(status.enrol_address().rfind(':'));
    return JoinChain(EdgeHome(edge_dir_), absl::StrCat("127.0.0.1", port),
                     token.token())
        .status();
  }

  absl::Status ImportItems() {
    for (int first = 0; first < items(); first += 500) {
      v1::ImportCatalogueRequest request;
      for (int i = first; i < std::min(first + 500, items()); ++i) {
        v1::Item* item = request.add_items();
        item->set_sku(SkuOf(static_cast<uint64_t>(i)));
        item->set_name(absl::StrCat("Item number ", i, " of the catalogue"));
        item->set_category(absl::StrCat("Category ", i % 40));
        item->set_name_zh("目录里的商品");
        v1::Price* price = request.add_prices();
        price->set_sku(item->sku());
        price->set_currency("GBP");
        price->set_price_minor_e4((100 + i % 900) * 10'000);
      }
      v1::ImportCatalogueResponse response;
      BL_RETURN_IF_ERROR(Rpc([&](grpc::ClientContext* context) {
        return chain_->ImportCatalogue(context, request, &response);
      }));
    }
    return absl::OkStatus();
  }

  absl::Status StartEdge() {
    BL_ASSIGN_OR_RETURN(edge_,
                        StartNode(o_, "branchline-edge", edge_dir_,
                                  {"--till-port", "0", "--http-port", "0"}));
    BL_RETURN_IF_ERROR(edge_->WaitForLine("ready:", kReadyTimeout).status());
    admin_ = v1::EdgeAdmin::NewStub(SocketChannel(edge_dir_));
    return absl::OkStatus();
  }

  absl::Status StopEdge() {
    BL_RETURN_IF_ERROR(edge_->Terminate(absl::Seconds(30)).status());
    edge_.reset();
    return absl::OkStatus();
  }

  absl::StatusOr<v1::EdgeStatus> Status() {
    v1::EdgeStatus status;
    BL_RETURN_IF_ERROR(Rpc([&](grpc::ClientContext* context) {
      return admin_->GetStatus(context, v1::GetStatusRequest(), &status);
    }));
    return status;
  }

  // Asks until `done`; each ask takes as long as the daemon needs to answer.
  template <typename Done>
  absl::Status AwaitEdge(Done done, absl::string_view what) {
    const absl::Duration start = SystemClock().MonotonicNow();
    while (SystemClock().MonotonicNow() - start < kCatchUpTimeout) {
      BL_ASSIGN_OR_RETURN(const v1::EdgeStatus status, Status());
      if (done(status)) return absl::OkStatus();
      absl::Mutex mutex;
      absl::MutexLock lock(&mutex);
      const bool never = false;
      mutex.AwaitWithTimeout(absl::Condition(&never), absl::Milliseconds(20));
    }
    return absl::DeadlineExceededError(absl::StrCat("waited for ", what));
  }

  absl::Status MeasureMemory() {
    BL_RETURN_IF_ERROR(StartEdge());
    BL_RETURN_IF_ERROR(AwaitEdge(
        [&](const v1::EdgeStatus& s) {
          return s.items() >= static_cast<uint64_t>(items());
        },
        "the catalogue"));
    BL_ASSIGN_OR_RETURN(const int64_t joined, ResidentKib(edge_->pid()));
    BL_RETURN_IF_ERROR(StopEdge());
    BL_RETURN_IF_ERROR(SellOffline(1'000, kLinesPerSale, 20260101, items()));
    BL_RETURN_IF_ERROR(StartEdge());
    BL_RETURN_IF_ERROR(AwaitEdge(
        [](const v1::EdgeStatus& s) { return s.waiting_events() == 0; },
        "the hub's acks"));
    BL_ASSIGN_OR_RETURN(const int64_t kib, ResidentKib(edge_->pid()));
    const std::string what = absl::StrCat("edge, ", items(), " SKUs, ");
    results_.AtMost(what + "just joined: memory", joined / 1'024, "MiB", 128);
    results_.AtMost(what + "at work: memory", kib / 1'024, "MiB", 128);
    return StopEdge();
  }

  // Sells in this process on the edge's own ledger: the line is down.
  // `skus` of the catalogue are sold.
  absl::Status SellOffline(int count, int lines, Date first_date, int skus) {
    Progress(absl::StrCat("chain: the line is down, ", count, " sales"));
    const EdgeHome home(edge_dir_);
    BL_ASSIGN_OR_RETURN(EdgeIdentity identity, home.LoadIdentity());
    RocksStoreOptions store_options;
    store_options.dir = home.ledger_dir();
    BL_ASSIGN_OR_RETURN(const auto store, OpenRocksStore(store_options));
    BL_RETURN_IF_ERROR(RebuildIfNeeded(store.get()).status());
    BL_ASSIGN_OR_RETURN(
        const auto core,
        EdgeCore::Open(std::move(identity), store.get(), &SystemClock()));
    SeededRandom random(static_cast<uint64_t>(first_date));
    constexpr int kBatch = 500;
    absl::CivilDay day(first_date / 10'000, first_date / 100 % 100,
                       first_date % 100);
    for (int sold = 0; sold < count; ++day) {
      const Date date = static_cast<Date>(day.year() * 10'000 +
                                          day.month() * 100 + day.day());
      std::vector<Command> commands;
      v1::OpenDayRequest open;
      open.mutable_header()->set_command_id(NextCommandId(&random));
      open.set_date(date);
      commands.push_back({"T1", SystemClock().WallNow(), open});
      const int of_day = std::min(1'000, count - sold);
      for (int i = 0; i < of_day; ++i) {
        commands.push_back(
            {"T1", SystemClock().WallNow(), RandomSale(&random, skus, lines)});
        if (commands.size() >= kBatch) {
          BL_RETURN_IF_ERROR(Execute(core.get(), &commands));
        }
      }
      sold += of_day;
      v1::CloseDayRequest close;
      close.mutable_header()->set_command_id(NextCommandId(&random));
      commands.push_back({"T1", SystemClock().WallNow(), close});
      BL_RETURN_IF_ERROR(Execute(core.get(), &commands));
    }
    return absl::OkStatus();
  }

  static absl::Status Execute(EdgeCore* core, std::vector<Command>* commands) {
    for (const auto& outcome : core->Execute(*commands)) {
      BL_RETURN_IF_ERROR(outcome.status());
    }
    commands->clear();
    return absl::OkStatus();
  }

  absl::Status MeasureCatchUp() {
    BL_RETURN_IF_ERROR(SellOffline(sales(), kLinesPerSale, 20260201, items()));
    Progress("chain: the line is back");
    const absl::Duration start = SystemClock().MonotonicNow();
    BL_RETURN_IF_ERROR(StartEdge());
    BL_RETURN_IF_ERROR(AwaitEdge(
        [](const v1::EdgeStatus& s) {
          return s.waiting_events() == 0 && s.acked().seq() > 0;
        },
        "the hub to catch up"));
    const absl::Duration took = SystemClock().MonotonicNow() - start;
    results_.Tell("catch-up: five-line sales waiting", sales(), "sales");
    results_.Tell("catch-up: from the edge's start to its ack",
                  absl::ToInt64Milliseconds(took), "ms");
    results_.AtLeast("catch-up: verified, folded, durable at the hub",
                     Rate(sales(), took), "/s", 10'000);
    return StopEdge();
  }

  absl::Status MeasureReport() {
    Latencies latencies;
    v1::SalesReport report;
    for (int i = 0; i < 20; ++i) {
      v1::SalesReportRequest request;
      request.set_by(v1::SALES_BY_MONTH);
      const absl::Duration start = SystemClock().MonotonicNow();
      BL_RETURN_IF_ERROR(Rpc([&](grpc::ClientContext* context) {
        return report_->Sales(context, request, &report);
      }));
      latencies.Add(SystemClock().MonotonicNow() - start);
    }
    int64_t lines = 0;
    for (const v1::SalesRow& row : report.totals()) lines += row.lines();
    results_.Tell("report: lines in the books", lines, "lines");
    results_.AtMost("report sales --by month, p50",
                    latencies.Percentile(500) / 1'000, "ms", 50);
    results_.AtMost("report sales --by month, slowest of 20",
                    latencies.Percentile(999) / 1'000, "ms", 50);
    return absl::OkStatus();
  }

  absl::Status MeasureColdStart() {
    BL_RETURN_IF_ERROR(hub_->Terminate(absl::Seconds(30)).status());
    BL_RETURN_IF_ERROR(
        SellOffline(long_journal() - sales(), 1, 20270101, kSkusOfLongJournal));
    const absl::Duration start = SystemClock().MonotonicNow();
    BL_RETURN_IF_ERROR(StartEdge());
    const absl::Duration took = SystemClock().MonotonicNow() - start;
    BL_ASSIGN_OR_RETURN(const v1::EdgeStatus status, Status());
    results_.Tell("start: records in the journal",
                  static_cast<int64_t>(status.head().seq()), "events");
    results_.AtMost("start: from exec to ready for tills",
                    absl::ToInt64Milliseconds(took), "ms", 2'000);
    return StopEdge();
  }

  const BenchOptions& o_;
  Results& results_;
  const std::string hub_dir_;
  const std::string edge_dir_;
  std::unique_ptr<drill::Process> hub_;
  std::unique_ptr<drill::Process> edge_;
  std::unique_ptr<v1::Chain::Stub> chain_;
  std::unique_ptr<v1::Report::Stub> report_;
  std::unique_ptr<v1::EdgeAdmin::Stub> admin_;
};

}  // namespace

absl::Status BenchChain(const BenchOptions& options, Results* results) {
  return ChainBench(options, results).Run();
}

}  // namespace branchline::bench

#include "tests/e2e/kill_fixture.h"

#include <grpcpp/create_channel.h>

#include <atomic>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <thread>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "branchline/v1/till.grpc.pb.h"
#include "sync/base/bytes.h"
#include "sync/base/clock.h"
#include "sync/journal/journal.h"
#include "sync/journal/rocks_store.h"

namespace branchline::drill {
namespace {

constexpr size_t kTills = 3;
constexpr Date kDay = 20261121;

std::string CommandId(uint64_t number) {
  return absl::StrFormat("command %08d", number);
}

std::unique_ptr<v1::Till::Stub> Connect(uint16_t port) {
  return v1::Till::NewStub(grpc::CreateChannel(
      absl::StrCat("127.0.0.1:", port), grpc::InsecureChannelCredentials()));
}

void Identify(const TillClient::Till& till, grpc::ClientContext* context) {
  context->AddMetadata("authorization", absl::StrCat("Bearer ", till.key));
  context->set_deadline(
      absl::ToChronoTime(SystemClock().WallNow() + absl::Seconds(20)));
}

}  // namespace

KillFixture::KillFixture() {
  std::string name = "/tmp/bl-kill-XXXXXX";
  dir_ = mkdtemp(name.data());
}

KillFixture::~KillFixture() {
  rig_.reset();
  if (!HasFailure()) std::filesystem::remove_all(dir_);
}

void KillFixture::SetUp() {
  ChainRig::Options options;
  const auto work_dir = PrepareWorkDir(dir_ + "/chain");
  ASSERT_TRUE(work_dir.ok()) << work_dir.status();
  options.work_dir = *work_dir;
  options.bin_dir = BL_BIN_DIR;
  options.chain_name = "Kill";
  v1::Branch& branch = options.branches.emplace_back();
  branch.set_code("B01");
  branch.set_name("One");
  branch.set_time_zone("UTC");
  branch.set_currency("GBP");
  auto rig = ChainRig::Start(options, &SystemClock());
  ASSERT_TRUE(rig.ok()) << rig.status();
  rig_ = *std::move(rig);
  v1::ImportCatalogueRequest catalogue;
  catalogue.add_items()->set_sku("PEN");
  catalogue.mutable_items(0)->set_name("Pen");
  v1::Price* price = catalogue.add_prices();
  price->set_sku("PEN");
  price->set_currency("GBP");
  price->set_price_minor_e4(1'990'000);
  const std::atomic<bool> stop = false;
  ASSERT_TRUE(rig_->LoadCatalogue({catalogue}, 1, stop).ok());
  for (size_t i = 0; i < kTills; ++i) {
    auto till = rig_->PairTill(0, absl::StrCat("T", i + 1));
    ASSERT_TRUE(till.ok()) << till.status();
    tills_.push_back(*std::move(till));
  }
  grpc::ClientContext context;
  Identify(tills_[0], &context);
  v1::OpenDayRequest open;
  open.set_date(kDay);
  open.mutable_header()->set_command_id(CommandId(0));
  v1::OpenDayResponse opened;
  const grpc::Status status =
      Connect(rig_->till_port(0))->OpenDay(&context, open, &opened);
  ASSERT_TRUE(status.ok()) << status.error_message();
}

absl::StatusOr<v1::RingResponse> KillFixture::Ring(size_t till,
                                                   const std::string& id) {
  {
    absl::MutexLock lock(&mutex_);
    asked_[id] = true;
  }
  grpc::ClientContext context;
  Identify(tills_[till], &context);
  v1::RingRequest request;
  request.mutable_header()->set_command_id(id);
  *request.mutable_header()->mutable_last_seen() = tills_[till].last_seen;
  v1::RingLine* line = request.add_lines();
  line->set_sku("PEN");
  line->set_quantity_milli(1'000 * (1 + static_cast<int64_t>(id.back() % 5)));
  v1::RingResponse response;
  const grpc::Status status =
      Connect(rig_->till_port(0))->Ring(&context, request, &response);
  if (!status.ok()) {
    return absl::Status(static_cast<absl::StatusCode>(status.error_code()),
                        status.error_message());
  }
  absl::MutexLock lock(&mutex_);
  std::ofstream file(dir_ + "/expected", std::ios::app);
  file << Hex(id) << " " << response.sale().receipt_no() << " "
       << response.sale().total_minor() << std::endl;
  const v1::Position& at = response.landed().at();
  if (at.seq() > tills_[till].last_seen.seq()) tills_[till].last_seen = at;
  ++answers_;
  return response;
}

// Until nobody answers. A sale whose answer was lost is not asked for again: it
// may have landed or not.
void KillFixture::RingAtTill(size_t till) {
  while (true) {
    std::string id;
    {
      absl::MutexLock lock(&mutex_);
      if (stop_) return;
      id = CommandId(++ids_);
    }
    if (!Ring(till, id).ok()) return;
  }
}

void KillFixture::RingUntilKilled(int answers) {
  {
    absl::MutexLock lock(&mutex_);
    stop_ = false;
    answers_ = 0;
  }
  std::vector<std::thread> ringing;
  for (size_t i = 0; i < tills_.size(); ++i) {
    ringing.emplace_back([this, i] { RingAtTill(i); });
  }
  {
    absl::MutexLock lock(&mutex_);
    const auto enough = [&] { return answers_ >= answers; };
    EXPECT_TRUE(
        mutex_.AwaitWithTimeout(absl::Condition(&enough), absl::Seconds(60)));
    stop_ = true;
  }
  rig_->KillEdge(0);
  for (std::thread& thread : ringing) thread.join();
}

std::map<std::string, KillFixture::Sale> KillFixture::ReadFile() const {
  std::map<std::string, Sale> told;
  std::ifstream file(dir_ + "/expected");
  std::string id;
  Sale sale;
  while (file >> id >> sale.receipt_no >> sale.total_minor) {
    told[absl::HexStringToBytes(id)] = sale;
  }
  return told;
}

std::multimap<std::string, KillFixture::Sale> KillFixture::SalesOnDisk() const {
  std::multimap<std::string, Sale> sales;
  // The daemon may delete a file between two looks at its list of files.
  constexpr int kLooksMax = 50;
  auto store = OpenRocksStore({.dir = ledger_dir(), .read_only = true});
  for (int look = 1; !store.ok() && look < kLooksMax; ++look) {
    store = OpenRocksStore({.dir = ledger_dir(), .read_only = true});
  }
  EXPECT_TRUE(store.ok()) << store.status();
  if (!store.ok()) return sales;
  const absl::Status read = ForEachRecord(
      **store, "edge:B01", Cursor(),
      [&](const v1::Record& record) -> absl::Status {
        v1::Event event;
        EXPECT_TRUE(event.ParseFromString(record.payload()));
        if (event.has_sale()) {
          sales.insert(
              {event.command_id(),
               {event.sale().receipt_no(), event.sale().total_minor()}});
        }
        return absl::OkStatus();
      });
  EXPECT_TRUE(read.ok()) << read;
  return sales;
}

size_t KillFixture::Missing() const {
  const auto sales = SalesOnDisk();
  size_t missing = 0;
  for (const auto& [id, sale] : ReadFile()) missing += 1 - sales.count(id);
  return missing;
}

void KillFixture::CheckAgainstFile() const {
  const auto sales = SalesOnDisk();
  for (const auto& [id, told] : ReadFile()) {
    ASSERT_EQ(sales.count(id), 1u) << "answered: " << told.receipt_no;
    EXPECT_EQ(sales.find(id)->second, told);
  }
  std::map<std::string, size_t> receipts;  // by till
  std::map<std::string, size_t> greatest;
  absl::MutexLock lock(&mutex_);
  for (auto it = sales.begin(); it != sales.end(); ++it) {
    EXPECT_EQ(sales.count(it->first), 1u) << it->second.receipt_no << " twice";
    EXPECT_EQ(asked_.count(it->first), 1u) << it->second.receipt_no;
    const std::string& number = it->second.receipt_no;  // "B01-T1-1-000001"
    const std::string till = number.substr(0, number.rfind('-'));
    ++receipts[till];
    greatest[till] = std::max<size_t>(
        greatest[till], std::stoul(number.substr(number.rfind('-') + 1)));
  }
  EXPECT_EQ(receipts, greatest) << "numbers have gaps";
}

std::string KillFixture::NewestLog() const {
  std::string newest;
  for (const auto& entry : std::filesystem::directory_iterator(ledger_dir())) {
    const std::string path = entry.path().string();
    if (entry.path().extension() == ".log") newest = std::max(newest, path);
  }
  return newest;
}

uint64_t KillFixture::ContentSize(const std::string& log) {
  std::ifstream file(log, std::ios::binary);
  const std::string bytes{std::istreambuf_iterator<char>(file), {}};
  return bytes.find_last_not_of('\0') + 1;
}

}  // namespace branchline::drill

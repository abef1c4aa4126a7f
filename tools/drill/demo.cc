#include "tools/drill/demo.h"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "sync/base/status_macros.h"
#include "tools/drill/demo_assortment.h"
#include "tools/drill/demo_goods.h"
#include "tools/drill/demo_shop.h"
#include "tools/drill/demo_voice.h"
#include "tools/drill/hub_books.h"
#include "tools/drill/settle.h"

namespace branchline::drill {
namespace {

constexpr size_t kShops = 4;
constexpr size_t kDarkShop = 1;    // whose line is cut
constexpr size_t kKilledShop = 2;  // whose box is killed
constexpr absl::CivilDay kDay(2026, 3, 2);
constexpr Date kDate = 20260302;
constexpr Date kNextDate = 20260303;
constexpr int kCutHour = 10;
constexpr int kKillHour = 12;
constexpr int kHealHour = 15;
constexpr int kCloseHour = 22;
constexpr int64_t kTimesFaster = 1'800;  // half an hour a second
// An edge on the line is heard every second or so.
constexpr absl::Duration kHeardJustNow = absl::Seconds(4);
constexpr useconds_t kDemoLookMicros = 50'000;
constexpr size_t kStockRowsShown = 8;

using Mood = DemoVoice::Mood;

class Demo {
 public:
  Demo(const DemoOptions& options, std::ostream& out,
       const std::atomic<bool>& stop, const Clock* clock)
      : o_(options), voice_(out, options.colours), stop_(stop), clock_(clock) {}

  // Shops that still play end at once.
  ~Demo() { over_ = true; }

  absl::Status Run();

 private:
  absl::Status MakeWorkDir();
  absl::Status SetUp();
  absl::Status PlayDay();
  // What happens at an hour, and then a row of the board.
  absl::Status Hour(int hour);
  void Board(int hour, const std::vector<v1::BranchInfo>& branches);
  absl::Status SayWhatTheHubKnows(absl::string_view time);
  absl::Status CatchUp();
  absl::Status ShowBooks();
  absl::Status ShowCommand(const std::vector<std::string>& arguments,
                           size_t rows_max);
  void SayWhatWasCut();
  void SayWhatToType();

  static std::string Time(int hour) { return absl::StrFormat("%02d:00", hour); }

  const DemoOptions& o_;
  DemoVoice voice_;
  const std::atomic<bool>& stop_;
  const Clock* const clock_;
  std::string work_dir_;
  std::string bin_dir_;
  std::vector<std::string> names_;
  SalesFile file_;
  std::atomic<bool> over_ = false;
  std::unique_ptr<ChainRig> rig_;
  std::vector<std::unique_ptr<DemoShop>> shops_;
  std::string kill_told_;
  int64_t dark_receipts_ = 0;  // rung up without a line
  uint64_t dark_events_ = 0;   // that waited for it
  Differences differences_;
};

absl::Status Demo::MakeWorkDir() {
  if (!o_.work_dir.empty()) {
    BL_ASSIGN_OR_RETURN(work_dir_, PrepareWorkDir(o_.work_dir));
    return absl::OkStatus();
  }
  char name[] = "/tmp/branchline-demo-XXXXXX";
  if (mkdtemp(name) == nullptr) {
    return absl::ResourceExhaustedError(
        "no directory can be made below /tmp: give --work-dir");
  }
  work_dir_ = name;
  return absl::OkStatus();
}

absl::Status Demo::SetUp() {
  voice_.Title("A chain of shops opens");
  BL_ASSIGN_OR_RETURN(bin_dir_, FindBinDir());
  BL_RETURN_IF_ERROR(MakeWorkDir());
  names_ = DemoShopNames(kShops);
  BL_ASSIGN_OR_RETURN(
      file_, MakeDemoDay(work_dir_ + "/sales.csv", o_.seed, kDay, names_));
  ChainRig::Options options;
  options.work_dir = work_dir_;
  options.bin_dir = bin_dir_;
  options.chain_name = "Lantern Market";
  for (size_t i = 0; i < kShops; ++i) {
    v1::Branch& branch = options.branches.emplace_back();
    branch.set_code(absl::StrFormat("B%02d", i + 1));
    branch.set_name(names_[i]);
    branch.set_time_zone("Asia/Singapore");
    branch.set_currency("SGD");
  }
  BL_ASSIGN_OR_RETURN(rig_, ChainRig::Start(options, clock_));
  const FileCatalogue catalogue = DemoCatalogue();
  BL_RETURN_IF_ERROR(
      rig_->LoadCatalogue(catalogue.imports, catalogue.items, stop_));
  RequestMaker requests{o_.seed};
  // UTC on a machine without zone data.
  absl::LoadTimeZone("Asia/Singapore", &requests.zone);
  for (size_t i = 0; i < kShops; ++i) {
    DemoShop::Options shop{i, kDate, {}, requests, rig_.get(), &over_, clock_};
    for (const SalesReceipt& receipt : file_.days[0].receipts) {
      if (receipt.store == names_[i]) shop.receipts.push_back(&receipt);
    }
    shops_.push_back(std::make_unique<DemoShop>(std::move(shop)));
    BL_RETURN_IF_ERROR(shops_[i]->PairTills(rig_->edge_dir(i) + "/T1.key"));
  }
  voice_.Line(
      absl::StrCat("A hub and ", kShops,
                   " branches run on this machine as processes of "
                   "their own,\nenrolled over mTLS, each with its own ledger: ",
                   DemoAssortment().size(),
                   " items are on sale.\nMonday 2026-03-02 takes "
                   "half a minute."));
  for (size_t i = 0; i < kShops; ++i) {
    voice_.Line(absl::StrCat("  ", rig_->code(i), "  ", names_[i]));
  }
  return absl::OkStatus();
}

void Demo::Board(int hour, const std::vector<v1::BranchInfo>& branches) {
  std::string row = Time(hour);
  for (size_t i = 0; i < kShops; ++i) {
    uint64_t held = 0;
    for (const v1::BranchInfo& info : branches) {
      if (info.branch().code() == rig_->code(i)) held = info.cursor().seq();
    }
    const absl::StatusOr<v1::EdgeStatus> status = rig_->EdgeStatus(i);
    std::string cell;
    if (!status.ok()) {
      cell = "starting again";
    } else {
      const uint64_t head = status->head().seq();
      const uint64_t waiting = head > held ? head - held : 0;
      // A few are always under way.
      cell = absl::StrCat(shops_[i]->rung(), " rung");
      if (waiting > 3) absl::StrAppend(&cell, ", ", waiting, " wait");
      if (i == kDarkShop) dark_events_ = std::max(dark_events_, waiting);
    }
    absl::StrAppendFormat(&row, "  %-16s", cell);
  }
  voice_.Line(absl::StripTrailingAsciiWhitespace(row));
}

absl::Status Demo::SayWhatTheHubKnows(absl::string_view time) {
  v1::SalesReportRequest request;
  request.set_by(v1::SALES_BY_BRANCH);
  BL_ASSIGN_OR_RETURN(const v1::SalesReport report, rig_->Sales(request));
  BL_ASSIGN_OR_RETURN(const std::vector<v1::BranchInfo> branches,
                      rig_->HubBranches());
  const Date complete_to = report.completeness().complete_to_date();
  std::string text = absl::StrCat(
      "the hub says: complete to ",
      complete_to == 0 ? std::string("no day yet") : FormatDate(complete_to));
  for (const v1::BranchInfo& info : branches) {
    if (info.open_date() == 0) continue;
    const absl::Duration silent =
        clock_->WallNow() - absl::FromUnixMicros(info.last_heard_unix_micros());
    absl::StrAppend(&text, "\n  ", info.branch().code(), ": day ",
                    FormatDate(info.open_date()), " open, ",
                    silent < kHeardJustNow
                        ? std::string("on the line")
                        : absl::StrCat("last heard ",
                                       absl::ToInt64Seconds(silent), " s ago"));
  }
  voice_.Event(time, Mood::kPlain, text);
  return absl::OkStatus();
}

absl::Status Demo::Hour(int hour) {
  const std::string dark = rig_->code(kDarkShop);
  const std::string killed = rig_->code(kKilledShop);
  if (hour == kCutHour) {
    dark_receipts_ = shops_[kDarkShop]->rung();
    rig_->CutLine(kDarkShop, CutKind::kStall);
    voice_.Event(Time(hour), Mood::kBad,
                 absl::StrCat("the line of ", dark,
                              " is cut: nothing passes, "
                              "and nobody is told.\nIts tills go on selling "
                              "from its own ledger; its events wait."));
  }
  if (hour == kKillHour) {
    shops_[kKilledShop]->KillWhileRinging();
    voice_.Event(Time(hour), Mood::kBad,
                 absl::StrCat("kill -9 for the box of ", killed,
                              ", in the middle of a sale"));
  }
  if (hour == kHealHour) {
    dark_receipts_ = shops_[kDarkShop]->rung() - dark_receipts_;
    BL_RETURN_IF_ERROR(SayWhatTheHubKnows(Time(hour)));
    BL_RETURN_IF_ERROR(rig_->HealLine(kDarkShop));
    voice_.Event(
        Time(hour), Mood::kGood,
        absl::StrCat("the line of ", dark, " is back; ", dark_receipts_,
                     " receipts were rung up in the dark"));
  }
  BL_ASSIGN_OR_RETURN(const std::vector<v1::BranchInfo> branches,
                      rig_->HubBranches());
  Board(hour, branches);
  const std::string story = shops_[kKilledShop]->KillStory();
  if (kill_told_ != story) {
    kill_told_ = story;
    voice_.Event(Time(hour), Mood::kGood,
                 absl::StrCat(killed, " is up again:\n", story));
  }
  return absl::OkStatus();
}

absl::Status Demo::PlayDay() {
  voice_.Title(
      "The day: receipts rung up, and events that the hub does not have yet");
  std::string head = "     ";
  for (size_t i = 0; i < kShops; ++i) {
    absl::StrAppendFormat(
        &head, "  %-16s",
        absl::StrCat(rig_->code(i), " ", DemoBranches()[i].name_en));
  }
  voice_.Line(absl::StripTrailingAsciiWhitespace(head));
  DemoTime time{clock_->MonotonicNow(),
                absl::CivilSecond(kDay) + int64_t{6} * 3'600, kTimesFaster};
  for (auto& shop : shops_) shop->Begin(time);
  for (int hour = 7; hour <= kCloseHour; ++hour) {
    while (time.At(clock_->MonotonicNow()) <
           absl::CivilSecond(kDay) + int64_t{hour} * 3'600) {
      if (stop_) return absl::CancelledError("interrupted");
      usleep(kDemoLookMicros);
    }
    BL_RETURN_IF_ERROR(Hour(hour));
  }
  for (auto& shop : shops_) BL_RETURN_IF_ERROR(shop->Join());
  return absl::OkStatus();
}

absl::Status Demo::CatchUp() {
  Progress progress;
  const absl::Duration closed_at = clock_->MonotonicNow();
  BL_RETURN_IF_ERROR(
      AwaitSettled(rig_.get(), closed_at, progress, *clock_).status());
  voice_.Event(Time(kCloseHour), Mood::kGood,
               "all branches have closed and sealed their day");
  BL_RETURN_IF_ERROR(SayWhatTheHubKnows("     "));
  const ExpectedBooks expected =
      ComputeExpectedBooks(file_, [&](absl::string_view store) {
        const auto it =
            std::find(names_.begin(), names_.end(), std::string(store));
        return rig_->code(static_cast<size_t>(it - names_.begin()));
      });
  BL_ASSIGN_OR_RETURN(const HubBooks books, ReadHubBooks(rig_.get()));
  Compare(expected, books, &differences_);
  return absl::OkStatus();
}

// Runs `branchline` itself and shows the beginning of what it says.
absl::Status Demo::ShowCommand(const std::vector<std::string>& arguments,
                               size_t rows_max) {
  ProcessOptions options;
  options.argv = {bin_dir_ + "/branchline"};
  options.argv.insert(options.argv.end(), arguments.begin(), arguments.end());
  options.log_path = work_dir_ + "/log/report.txt";
  std::filesystem::remove(options.log_path);
  BL_ASSIGN_OR_RETURN(const std::unique_ptr<Process> process,
                      Process::Start(options, clock_));
  while (process->Running()) usleep(kDemoLookMicros);
  voice_.Command(absl::StrCat("$ branchline ", absl::StrJoin(arguments, " ")));
  std::ifstream log(options.log_path);
  std::string line;
  for (size_t row = 0; std::getline(log, line); ++row) {
    if (row < rows_max) voice_.Line(line);
    if (row == rows_max) voice_.Line("...");
  }
  return absl::OkStatus();
}

void Demo::SayWhatWasCut() {
  voice_.Title("What was cut when");
  voice_.Line(
      absl::StrCat("  ", Time(kCutHour), "-", Time(kHealHour), "  ",
                   rig_->code(kDarkShop), "  no line: ", dark_receipts_,
                   " receipts rung up in the dark,\n                     ",
                   dark_events_, " events waited for the line"));
  voice_.Line(absl::StrCat("  ", Time(kKillHour), "        ",
                           rig_->code(kKilledShop),
                           "  kill -9 in the middle of a sale, started again "
                           "at once"));
  voice_.Line(
      differences_.count == 0
          ? "  The hub's books are exact: not a penny and not a piece differs "
            "from what\n  was rung up, by branch, day, month, SKU and stock on "
            "hand."
          : absl::StrCat("  NOT EXACT: ", differences_.first[0]));
}

absl::Status Demo::ShowBooks() {
  voice_.Title("The books of the chain");
  BL_RETURN_IF_ERROR(ShowCommand(
      {"report", "sales", "--hub-data", rig_->hub_dir(), "--by", "branch"},
      40));
  voice_.Line();
  return ShowCommand({"report", "stock", "--hub-data", rig_->hub_dir(),
                      "--branch", rig_->code(kDarkShop)},
                     kStockRowsShown + 2);
}

void Demo::SayWhatToType() {
  const std::string program = bin_dir_ + "/branchline";
  voice_.Title("What to type next");
  voice_.Command(absl::StrCat("BL=", program, " D=", work_dir_));
  voice_.Command("$BL report sales --hub-data $D/hub --by sku");
  voice_.Command(
      absl::StrCat("$BL journal verify --data $D/", rig_->code(kKilledShop)));
  voice_.Command(absl::StrCat("$BL journal export --data $D/",
                              rig_->code(kDarkShop), " | head -3"));
  if (o_.once) return;
  voice_.Command(
      absl::StrCat("$BL edge status --data $D/", rig_->code(kDarkShop)));
  voice_.Line("Ring up a sale at " + rig_->code(0) + ", till T1:");
  voice_.Command(absl::StrCat(
      "curl -s http://127.0.0.1:", rig_->http_port(0),
      "/branchline.v1.Till/Ring \\\n"
      "  -H \"authorization: Bearer $(cat $D/",
      rig_->code(0),
      "/T1.key)\" \\\n"
      "  -H 'content-type: application/json' \\\n"
      "  -d '{\"header\": {\"commandId\": \"'$(head -c16 /dev/urandom | "
      "base64)'\"},\n"
      "       \"lines\": [{\"sku\": \"",
      DemoCatalogue().imports[0].items(0).sku(),
      "\", \"quantityMilli\": 1000}]}'"));
  voice_.Line();
  voice_.Line("Metrics of the hub and of " + rig_->code(0) + ":");
  for (const uint16_t port : {rig_->hub_port("http"), rig_->http_port(0)}) {
    voice_.Command(absl::StrCat("http://127.0.0.1:", port, "/metrics"));
  }
  voice_.Line();
  voice_.Line("Everything runs until Ctrl-C; Tuesday is open.");
}

absl::Status Demo::Run() {
  BL_RETURN_IF_ERROR(SetUp());
  BL_RETURN_IF_ERROR(PlayDay());
  BL_RETURN_IF_ERROR(CatchUp());
  BL_RETURN_IF_ERROR(ShowBooks());
  if (!o_.once) {
    for (auto& shop : shops_) BL_RETURN_IF_ERROR(shop->OpenDay(kNextDate));
  }
  SayWhatWasCut();
  SayWhatToType();
  while (!o_.once && !stop_) usleep(kDemoLookMicros);
  shops_.clear();
  BL_RETURN_IF_ERROR(rig_->Stop());
  if (differences_.count == 0) return absl::OkStatus();
  return absl::DataLossError(absl::StrCat(
      differences_.count, " figures differ from what was rung up"));
}

}  // namespace

absl::Status RunDemo(const DemoOptions& options, std::ostream& out,
                     const std::atomic<bool>& stop, const Clock* clock) {
  const mode_t old_mask = umask(0077);
  const absl::Status status = Demo(options, out, stop, clock).Run();
  umask(old_mask);
  return status;
}

}  // namespace branchline::drill

#include "tools/drill/demo_shop.h"

#include <unistd.h>

#include <algorithm>
#include <set>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "sync/base/status_macros.h"
#include "sync/identity/secret_file.h"

namespace branchline::drill {
namespace {

constexpr absl::Duration kShopPatience = absl::Seconds(120);
constexpr useconds_t kShopLookMicros = 10'000;
// About when the disk has the sale and the till does not know.
constexpr useconds_t kKillAfterMicros = 900;

}  // namespace

std::string TillOfReceipt(absl::string_view receipt_no) {
  const size_t dash = receipt_no.find('-');
  const absl::string_view till = receipt_no.substr(0, dash);
  const bool digits =
      std::all_of(till.begin(), till.end(), absl::ascii_isdigit);
  return digits && !till.empty() ? std::string(till) : "1";
}

DemoShop::DemoShop(Options options)
    : o_(std::move(options)),
      client_([this] { return o_.rig->CheckEdge(o_.branch); }, o_.clock) {}

DemoShop::~DemoShop() {
  if (thread_.joinable()) thread_.join();
}

absl::Status DemoShop::PairTills(const std::string& key_path) {
  std::set<std::string> names = {"1"};
  for (const SalesReceipt* receipt : o_.receipts) {
    names.insert(TillOfReceipt(receipt->receipt_no));
  }
  for (const std::string& name : names) {
    BL_ASSIGN_OR_RETURN(TillClient::Till till,
                        o_.rig->PairTill(o_.branch, absl::StrCat("T", name)));
    tills_.push_back(std::move(till));
    till_of_[name] = &tills_.back();
  }
  client_.Connect(o_.rig->till_port(o_.branch));
  return WriteSecretFile(key_path, tills_.front().key);
}

void DemoShop::Begin(const DemoTime& time) {
  time_ = time;
  thread_ = std::thread([this] { ended_ = Play(); });
}

absl::Status DemoShop::Join() {
  if (thread_.joinable()) thread_.join();
  return Annotate(ended_, o_.rig->code(o_.branch));
}

absl::Status DemoShop::AwaitTime(absl::CivilSecond time) const {
  while (time_.At(o_.clock->MonotonicNow()) < time) {
    if (*o_.stop) return absl::CancelledError("interrupted");
    usleep(kShopLookMicros);
  }
  return absl::OkStatus();
}

absl::Status DemoShop::Play() {
  const std::string& code = o_.rig->code(o_.branch);
  BL_RETURN_IF_ERROR(Do(o_.requests.Open(code, o_.date)));
  for (const SalesReceipt* receipt : o_.receipts) {
    BL_RETURN_IF_ERROR(AwaitTime(receipt->time));
    BL_RETURN_IF_ERROR(Ring(*receipt));
    ++rung_;
  }
  BL_RETURN_IF_ERROR(Do(o_.requests.Close(code, o_.date)));
  closed_ = true;
  return absl::OkStatus();
}

absl::Status DemoShop::OpenDay(Date date) {
  return Do(o_.requests.Open(o_.rig->code(o_.branch), date));
}

absl::Status DemoShop::Do(TillRequest request) {
  client_.Send(&tills_.front(), std::move(request), nullptr);
  BL_ASSIGN_OR_RETURN(const TillClient::Answer answer,
                      client_.Next(kShopPatience));
  return answer.status;
}

absl::Status DemoShop::Ring(const SalesReceipt& receipt) {
  BL_ASSIGN_OR_RETURN(TillRequest request, o_.requests.Of(receipt, o_.date));
  client_.Send(till_of_.at(TillOfReceipt(receipt.receipt_no)),
               std::move(request), &receipt);
  const bool kill = kill_wanted_.exchange(false);
  if (kill) {
    usleep(kKillAfterMicros);
    o_.rig->KillEdge(o_.branch);
    ++kills_;
    BL_RETURN_IF_ERROR(o_.rig->RestartEdge(o_.branch));
    client_.Connect(o_.rig->till_port(o_.branch));
  }
  BL_ASSIGN_OR_RETURN(const TillClient::Answer answer,
                      client_.Next(kShopPatience));
  BL_RETURN_IF_ERROR(answer.status);
  if (kill) TellKill(answer);
  return absl::OkStatus();
}

void DemoShop::TellKill(const TillClient::Answer& answer) {
  absl::MutexLock lock(&mutex_);
  if (answer.repeated) {
    kill_story_ =
        "the sale was on its disk before the kill; the till asked again under\n"
        "the same id and got that same receipt, not a second one";
  } else if (answer.tries > 1) {
    kill_story_ =
        "the sale had not reached the disk; the till asked again under the "
        "same\nid and it was rung up, once";
  } else {
    kill_story_ =
        "the till had its receipt in hand, and the box still knows it";
  }
}

std::string DemoShop::KillStory() const {
  absl::MutexLock lock(&mutex_);
  return kill_story_;
}

}  // namespace branchline::drill

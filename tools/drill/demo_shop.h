#pragma once

#include <atomic>
#include <cstdint>
#include <deque>
#include <map>
#include <string>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "tools/drill/chain_rig.h"
#include "tools/drill/sales_file.h"
#include "tools/drill/till_client.h"
#include "tools/drill/till_request.h"

namespace branchline::drill {

// The day's clock, which runs much faster than ours.
struct DemoTime {
  absl::Duration started_at;  // on our clock
  absl::CivilSecond opens;
  int64_t times_faster = 1;

  absl::CivilSecond At(absl::Duration now) const {
    return opens + absl::ToInt64Seconds((now - started_at) * times_faster);
  }
};

// One branch of the demo on a thread of its own: opens the day, rings up its
// receipts when their time comes, closes the day. Its box can be killed in the
// middle of a sale.
class DemoShop {
 public:
  // Those that are pointed to outlive it.
  struct Options {
    size_t branch = 0;
    Date date = 0;
    std::vector<const SalesReceipt*> receipts;  // by time
    RequestMaker requests;
    ChainRig* rig = nullptr;
    const std::atomic<bool>* stop = nullptr;
    const Clock* clock = nullptr;
  };

  explicit DemoShop(Options options);
  ~DemoShop();

  // Pairs its tills and puts the key of the first at `key_path`.
  absl::Status PairTills(const std::string& key_path);
  // Starts the day.
  void Begin(const DemoTime& time);
  // At its next sale.
  void KillWhileRinging() { kill_wanted_ = true; }
  // Returns when the day is closed.
  absl::Status Join();
  // Opens a day after the one that was played, on the caller's thread.
  absl::Status OpenDay(Date date);

  int64_t rung() const { return rung_; }  // sales and stock documents
  int64_t kills() const { return kills_; }
  bool closed() const { return closed_; }
  // What became of the sale during which it was killed; empty: nothing yet.
  std::string KillStory() const;

 private:
  absl::Status Play();
  absl::Status Do(TillRequest request);
  absl::Status Ring(const SalesReceipt& receipt);
  absl::Status AwaitTime(absl::CivilSecond time) const;
  void TellKill(const TillClient::Answer& answer);

  const Options o_;
  TillClient client_;
  std::deque<TillClient::Till> tills_;
  std::map<std::string, TillClient::Till*> till_of_;  // by the file's number
  DemoTime time_;
  std::atomic<bool> kill_wanted_ = false;
  std::atomic<int64_t> rung_ = 0;
  std::atomic<int64_t> kills_ = 0;
  std::atomic<bool> closed_ = false;
  bool killed_now_ = false;
  mutable absl::Mutex mutex_;
  std::string kill_story_ ABSL_GUARDED_BY(mutex_);
  absl::Status ended_;
  std::thread thread_;
};

// The till in the receipt numbers of a generated chain: "2" of "2-000123"; "1"
// for documents.
std::string TillOfReceipt(absl::string_view receipt_no);

}  // namespace branchline::drill

// A scan to a priced line in a big shop: a million SKUs, 500 promotions in
// force, a basket of 40 lines; and search as somebody types.

#include <algorithm>
#include <ctime>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/synchronization/notification.h"
#include "edge/commit/commit_queue.h"
#include "edge/serve/till_api.h"
#include "sync/base/check_digit.h"
#include "sync/base/clock.h"
#include "sync/base/status_macros.h"
#include "sync/identity/api_key.h"
#include "sync/rpc/http/connect_server.h"
#include "sync/rpc/http/httplib_debian.h"
#include "tools/benchmark/bench_branch.h"
#include "tools/benchmark/benches.h"

namespace branchline::bench {
namespace {

constexpr int kShopSkus = 1'000'000;
constexpr int kPromotions = 500;
constexpr int kCategories = 200;
constexpr int kBasketLines = 40;
constexpr int kScans = 2'000;
constexpr char kKey[] = "the key of the bench's till";

constexpr const char* kKindsOf[] = {"Green", "Black", "Sparkling", "Organic",
                                    "Dark",  "Fresh", "Salted",    "Roasted"};
constexpr const char* kGoods[] = {"tea",   "coffee", "water",     "chocolate",
                                  "bread", "butter", "almonds",   "noodles",
                                  "juice", "cheese", "olive oil", "rice"};
constexpr const char* kGoodsZh[] = {"绿茶", "咖啡", "矿泉水", "巧克力",
                                    "面包", "黄油", "杏仁",   "方便面",
                                    "果汁", "奶酪", "橄榄油", "大米"};

std::string CategoryOf(int index) {
  return absl::StrCat("C", index % kCategories);
}

// 12 digits and the check digit of an EAN-13.
std::string Ean(int index) {
  const std::string body = absl::StrCat(400'000'000'000 + index);
  return body + Gs1CheckDigit(body);
}

void Dress(int i, v1::Item* item) {
  const size_t goods = static_cast<size_t>(i) % std::size(kGoods);
  item->set_name(
      absl::StrCat(kKindsOf[static_cast<size_t>(i / 12) % std::size(kKindsOf)],
                   " ", kGoods[goods], " ", i % 977, " g"));
  item->set_name_zh(kGoodsZh[goods]);
  item->set_category(CategoryOf(i));
  item->add_barcodes(Ean(i));
}

// A leaflet of the kinds that BenchPricing() measures.
v1::Event Leaflet() {
  SeededRandom random(7);
  v1::Event event;
  for (int i = 0; i < kPromotions; ++i) {
    v1::Promotion* rule = event.mutable_promotions_set()->add_promotions();
    rule->set_id(absl::StrCat("P", 1'000 + i));
    rule->set_scope(v1::PROMOTION_SCOPE_LINE);
    rule->set_offer(v1::OFFER_KIND_SIMPLE);
    rule->set_stacking(v1::STACKING_STACKS);
    rule->mutable_reward()->set_percent_off_bp(
        static_cast<int64_t>(500 + random.Below(3'000)));
    if (i % 100 == 0) {  // spend 100, save 5
      rule->set_scope(v1::PROMOTION_SCOPE_BASKET);
      rule->set_currency("GBP");
      rule->set_offer(v1::OFFER_KIND_EVERY);
      rule->set_every_amount_minor(10'000);
      rule->mutable_reward()->set_percent_off_bp(0);
      rule->mutable_reward()->set_amount_off_minor(500);
      rule->set_exclusion_group("spend");
    } else if (i % 3 == 0) {
      rule->set_scope(v1::PROMOTION_SCOPE_GROUP);
      rule->set_offer(v1::OFFER_KIND_BUY_GET);
      rule->set_buy_pieces(1 + static_cast<int64_t>(random.Below(2)));
      rule->set_get_pieces(1);
      rule->mutable_items()->add_categories(
          CategoryOf(static_cast<int>(random.Below(kCategories))));
    } else {
      for (int k = 0; k < 20; ++k) {
        rule->mutable_items()->add_skus(SkuOf(random.Below(5'000)));
      }
    }
  }
  return event;
}

// Until what was loaded has settled on the disk: RocksDB sorts it for a while
// yet, and a shop does not scan while its catalogue arrives. At most a minute.
void AwaitSettled() {
  Progress("what was loaded settles on the disk");
  absl::Notification never;
  for (int tries = 0; tries < 120; ++tries) {
    const std::clock_t before = std::clock();
    never.WaitForNotificationWithTimeout(absl::Milliseconds(500));
    if (std::clock() - before < CLOCKS_PER_SEC / 50) return;
  }
}

int64_t RssMib() {
  std::ifstream status("/proc/self/status");
  std::string line;
  int64_t kib = 0;
  while (std::getline(status, line)) {
    if (!absl::StartsWith(line, "VmRSS:")) continue;
    line = line.substr(6, line.find("kB") - 6);
    (void)absl::SimpleAtoi(line, &kib);
  }
  return kib / 1'024;
}

// One basket that fills up scan by scan, as at a till.
class Shopper {
 public:
  explicit Shopper(int skus) : skus_(skus), random_(3) {}

  // The next code; half of them among what the leaflet names.
  std::string NextCode() {
    const int near = std::min(skus_, 5'000);
    const auto below =
        static_cast<uint64_t>(random_.Below(2) == 0 ? near : skus_);
    return Ean(static_cast<int>(random_.Below(below)));
  }
  v1::RingRequest& Add(const v1::RingLine& line) {
    if (basket_.lines_size() == kBasketLines) basket_.clear_lines();
    *basket_.add_lines() = line;
    basket_.mutable_pricing();
    return basket_;
  }
  bool IsFull() const { return basket_.lines_size() == kBasketLines; }

 private:
  const int skus_;
  SeededRandom random_;
  v1::RingRequest basket_;
};

class PriceBench {
 public:
  PriceBench(const BenchOptions& options, Results* results)
      : options_(options),
        skus_(options.quick ? kShopSkus / 10 : kShopSkus),
        results_(*results) {}

  absl::Status Run() {
    Progress(absl::StrCat("a branch of ", skus_, " SKUs"));
    BL_ASSIGN_OR_RETURN(branch_, MakeBranch(options_.dir + "/shop", skus_, 0,
                                            Dress, {Leaflet()}));
    PairTillCommand pair{"T1", ApiKeyHash(kKey)};
    std::vector<Command> commands;
    commands.push_back({"", SystemClock().WallNow(), pair});
    BL_RETURN_IF_ERROR(branch_.core->Execute(commands)[0].status());
    identity_ = std::make_unique<EdgeIdentity>(branch_.core->identity());
    queue_ = std::make_unique<CommitQueue>(branch_.core.get(), &SystemClock(),
                                           CommitQueue::Options());
    api_ = std::make_unique<TillApi>(
        queue_.get(), branch_.store.get(), &branch_.core->books(),
        identity_.get(), &SystemClock(), &metrics_, [](v1::EdgeStatus*) {});
    context_.bearer = kKey;
    AwaitSettled();
    BL_RETURN_IF_ERROR(MeasureScans());
    BL_RETURN_IF_ERROR(MeasureHttp());
    BL_RETURN_IF_ERROR(MeasureSearch());
    results_.AtMost("resident memory, index and all", RssMib(), "MiB", 512);
    return absl::OkStatus();
  }

 private:
  // Looks the code up and prices the whole basket with it, in the daemon.
  absl::Status MeasureScans() {
    Progress("scans in the daemon");
    Shopper shopper(skus_);
    Latencies all;
    Latencies full;
    for (int i = 0; i < kScans; ++i) {
      v1::FindItemRequest find;
      find.set_code(shopper.NextCode());
      const absl::Duration begun = SystemClock().MonotonicNow();
      v1::FindItemResponse found;
      BL_RETURN_IF_ERROR(api_->FindItem(context_, find, &found));
      v1::QuoteResponse quote;
      BL_RETURN_IF_ERROR(
          api_->Quote(context_, shopper.Add(found.matches(0).line()), &quote));
      const absl::Duration took = SystemClock().MonotonicNow() - begun;
      all.Add(took);
      if (shopper.IsFull()) full.Add(took);
    }
    results_.Tell("scan to priced line, baskets of 1 to 40 lines, p99",
                  all.Percentile(990), "us");
    results_.Tell("scan to priced line, the 40th line, p50",
                  full.Percentile(500), "us");
    results_.AtMost("scan to priced line, the 40th line, p99",
                    full.Percentile(990), "us", 2'000);
    return absl::OkStatus();
  }

  absl::Status MeasureHttp() {
    Progress("scans over HTTP");
    UnaryRegistry registry;
    api_->Register(&registry);
    ConnectServer server(&registry, {});
    BL_ASSIGN_OR_RETURN(const auto bound, server.AddListener("127.0.0.1:0"));
    httplib::Client client("127.0.0.1", bound.port);
    client.set_keep_alive(true);
    client.set_tcp_nodelay(true);
    const httplib::Headers headers = {
        {"Authorization", absl::StrCat("Bearer ", kKey)}};
    const auto call = [&](const char* method,
                          const google::protobuf::Message& request,
                          google::protobuf::Message* response) {
      const auto answer = client.Post(
          absl::StrCat("/branchline.v1.Till/", method).c_str(), headers,
          request.SerializeAsString(), "application/proto");
      return answer && answer->status == 200 &&
             response->ParseFromString(answer->body);
    };
    Shopper shopper(skus_);
    Latencies full;
    for (int i = 0; i < kScans; ++i) {
      v1::FindItemRequest find;
      find.set_code(shopper.NextCode());
      const absl::Duration begun = SystemClock().MonotonicNow();
      v1::FindItemResponse found;
      v1::QuoteResponse quote;
      if (!call("FindItem", find, &found) ||
          !call("Quote", shopper.Add(found.matches(0).line()), &quote)) {
        return absl::UnavailableError("the HTTP service does not answer");
      }
      if (shopper.IsFull()) full.Add(SystemClock().MonotonicNow() - begun);
    }
    results_.AtMost("the same over HTTP, both calls, p99", full.Percentile(990),
                    "us", 5'000);
    return server.Stop(absl::Seconds(1));
  }

  absl::Status MeasureSearch() {
    Progress("the search index");
    const absl::Duration begun = SystemClock().MonotonicNow();
    v1::SearchItemsRequest request;
    request.set_text("tea");
    v1::SearchItemsResponse response;
    do {
      response.Clear();
      BL_RETURN_IF_ERROR(api_->SearchItems(context_, request, &response));
    } while (response.building());
    results_.Tell(
        "making the search index",
        absl::ToInt64Milliseconds(SystemClock().MonotonicNow() - begun), "ms");
    Latencies all;
    for (int round = 0; round < 20; ++round) {
      for (const char* text :
           {"g", "gr", "gre", "green t", "green tea", "green tea 97", "kf",
            "fbm", "绿", "橄榄油", "oil olive", "roasted c 9", "1000",
            "4000001", "salted butter 976 g", "no such thing"}) {
        request.set_text(text);
        response.Clear();
        const absl::Duration before = SystemClock().MonotonicNow();
        BL_RETURN_IF_ERROR(api_->SearchItems(context_, request, &response));
        all.Add(SystemClock().MonotonicNow() - before);
      }
    }
    results_.Tell("search as you type, p50", all.Percentile(500), "us");
    results_.AtMost("search as you type, p99", all.Percentile(990), "us",
                    10'000);
    return absl::OkStatus();
  }

  const BenchOptions& options_;
  const int skus_;
  Results& results_;
  Metrics metrics_;
  BenchBranch branch_;
  std::unique_ptr<EdgeIdentity> identity_;
  std::unique_ptr<CommitQueue> queue_;
  std::unique_ptr<TillApi> api_;
  CallContext context_;
};

}  // namespace

absl::Status BenchPrices(const BenchOptions& options, Results* results) {
  return PriceBench(options, results).Run();
}

}  // namespace branchline::bench

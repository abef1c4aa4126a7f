#include "tools/drill/demo_chain.h"

#include <algorithm>
#include <array>
#include <map>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "sync/base/random.h"
#include "tools/drill/demo_assortment.h"
#include "tools/drill/exact.h"

namespace branchline::drill {
namespace {

constexpr absl::string_view kHeader =
    "chain,store,till,operator,receipt_no,line_no,timestamp,sku,description,"
    "category,qty,unit_price,discount,line_total,tax,currency,payment,"
    "member_id,member_flag,kind,posted_on\n";

// Trade by weekday, Monday first, in per cent of the average day; and by hour
// from kOpeningHour.
constexpr std::array<int64_t, 7> kWeekday = {88, 84, 90, 92, 106, 124, 116};
constexpr int kOpeningHour = 8;
constexpr std::array<uint64_t, 14> kHours = {4, 5, 6,  7,  10, 9, 6,
                                             6, 7, 10, 14, 13, 8, 4};

constexpr int64_t kMemberCount = 3'200;
constexpr uint64_t kOffersPerWeek = 60;

struct Line {
  size_t item;
  int64_t quantity_milli;
  int64_t discount_minor;
  absl::string_view kind;
  bool free = false;
};

struct Receipt {
  absl::CivilSecond time;
  size_t branch = 0;
  std::string till;
  std::string staff;
  std::string receipt_no;
  std::string payment;
  std::string member;
  std::vector<Line> lines;
};

// Even over first .. last.
bool Chance(SeededRandom* random, uint64_t percent) {
  return random->Below(100) < percent;
}

std::string Quoted(const std::string& text) {
  return text.find(',') == std::string::npos ? text
                                             : absl::StrCat("\"", text, "\"");
}

// Thousandths without trailing zeros.
std::string QuantityText(int64_t milli) {
  std::string text = DecimalText(milli, kQuantityDigits);
  while (text.back() == '0') text.pop_back();
  if (text.back() == '.') text.pop_back();
  return text;
}

class Chain {
 public:
  explicit Chain(const DemoChainOptions& options)
      : options_(options),
        items_(DemoAssortment()),
        branches_(DemoBranches()),
        sold_milli_(branches_.size()),
        receipt_numbers_(branches_.size()) {
    RankItems();
    while (items_[bag_].name_en != "Reusable Bag") ++bag_;
  }

  // All that happens on a day, in order.
  std::vector<Receipt> Day(int day) {
    const absl::CivilDay date = options_.first_day + day;
    std::vector<Receipt> receipts;
    for (size_t branch = 0; branch < branches_.size(); ++branch) {
      // Each branch and day has its own chance, whatever others do.
      SeededRandom seeds(options_.seed);
      SeededRandom random(seeds.Next() ^
                          (static_cast<uint64_t>(day) * 1'000 + branch));
      if (day == 0) OpeningStock(branch, date, &random, &receipts);
      Delivery(branch, date, &receipts);
      Trade(branch, date, &random, &receipts);
      Waste(branch, date, &random, &receipts);
    }
    std::stable_sort(
        receipts.begin(), receipts.end(),
        [](const Receipt& a, const Receipt& b) { return a.time < b.time; });
    return receipts;
  }

  std::string Csv(const Receipt& receipt) const {
    std::string text;
    const DemoBranch& branch = branches_[receipt.branch];
    int line_no = 0;
    for (const Line& line : receipt.lines) {
      const DemoItem& item = items_[line.item];
      const int64_t price_minor = line.free ? 0 : item.price_minor;
      const int64_t net_minor =
          GrossMinor(line.quantity_milli, price_minor * kUnitPriceScale) -
          line.discount_minor;
      absl::StrAppend(&text, "lantern,", branch.name_en, " ", branch.name_zh,
                      ",", receipt.till, ",", receipt.staff, ",",
                      receipt.receipt_no, ",", ++line_no, ",",
                      absl::FormatCivilTime(receipt.time), ",");
      absl::StrAppend(
          &text, item.sku, ",",
          Quoted(absl::StrCat(item.name_en, " ", item.name_zh)), ",",
          Quoted(absl::StrCat(item.category_en, " ", item.category_zh)), ",",
          QuantityText(line.quantity_milli), ",", DecimalText(price_minor, 2),
          ",", DecimalText(line.discount_minor, 2), ",");
      absl::StrAppend(&text, DecimalText(net_minor, 2), ",,SGD,",
                      receipt.payment, ",", receipt.member, ",",
                      receipt.member.empty() ? "N" : "Y", ",", line.kind,
                      ",\n");
    }
    return text;
  }

 private:
  // Some goods sell a hundred times as often as others.
  void RankItems() {
    SeededRandom random(options_.seed);
    std::vector<size_t> order(items_.size());
    for (size_t i = 0; i < order.size(); ++i) order[i] = i;
    for (size_t i = order.size(); i > 1; --i) {
      std::swap(order[i - 1], order[random.Below(i)]);
    }
    popularity_.resize(items_.size());
    for (size_t rank = 0; rank < order.size(); ++rank) {
      uint64_t weight = 100'000 / (rank + 20);
      if (items_[order[rank]].fresh) weight *= 3;
      popularity_[order[rank]] = weight;
    }
    for (uint64_t weight : popularity_) {
      popularity_sum_ += weight;
      popularity_to_.push_back(popularity_sum_);
    }
  }

  size_t PickItem(SeededRandom* random) const {
    const auto it =
        std::upper_bound(popularity_to_.begin(), popularity_to_.end(),
                         random->Below(popularity_sum_));
    return static_cast<size_t>(it - popularity_to_.begin());
  }

  // 0, or the per cent that this week's offer takes off.
  int64_t OfferPercent(size_t item, absl::CivilDay date) const {
    const absl::CivilDay monday =
        absl::PrevWeekday(date + 1, absl::Weekday::monday);
    SeededRandom random(
        options_.seed ^
        (static_cast<uint64_t>(monday - absl::CivilDay()) * 100'003 + item));
    if (random.Below(items_.size()) >= kOffersPerWeek) return 0;
    return random.Between(2, 6) * 5;
  }

  Receipt Document(size_t branch, absl::CivilDay date, int hour, int number,
                   absl::string_view prefix) const {
    Receipt receipt;
    receipt.time =
        absl::CivilSecond(date) + hour * int64_t{3'600} + number * int64_t{60};
    receipt.branch = branch;
    receipt.staff = absl::StrCat("S", (branch + 1) * 100 + 1);
    receipt.receipt_no = absl::StrFormat(
        "%s%s-%02d", prefix, absl::FormatCivilTime(date).substr(2), number + 1);
    return receipt;
  }

  // `lines` as documents of a bearable length.
  void AddDocuments(size_t branch, absl::CivilDay date, int hour,
                    absl::string_view prefix, const std::vector<Line>& lines,
                    std::vector<Receipt>* receipts) const {
    int number = 0;
    for (size_t at = 0; at < lines.size(); at += kDemoDocumentLines) {
      Receipt receipt = Document(branch, date, hour, number++, prefix);
      receipt.lines.assign(
          lines.begin() + static_cast<std::ptrdiff_t>(at),
          lines.begin() + static_cast<std::ptrdiff_t>(
                              std::min(lines.size(), at + kDemoDocumentLines)));
      receipts->push_back(std::move(receipt));
    }
  }

  void OpeningStock(size_t branch, absl::CivilDay date, SeededRandom* random,
                    std::vector<Receipt>* receipts) const {
    std::vector<Line> lines;
    lines.reserve(items_.size());
    for (size_t item = 0; item < items_.size(); ++item) {
      const int64_t packs =
          random->Between(2, 4) +
          static_cast<int64_t>(popularity_[item] * 60 / popularity_.size());
      lines.push_back({item, packs * 12 * kQuantityScale, 0, "adjust", true});
    }
    AddDocuments(branch, date, 6, "OPEN-", lines, receipts);
  }

  void Delivery(size_t branch, absl::CivilDay date,
                std::vector<Receipt>* receipts) {
    std::vector<Line> lines;
    for (const auto& [item, milli] : sold_milli_[branch]) {
      if (milli <= 0) continue;
      // In whole packs of six, or kilograms.
      const int64_t pack = (items_[item].weighed ? 1 : 6) * kQuantityScale;
      lines.push_back(
          {item, (milli + pack - 1) / pack * pack, 0, "adjust", true});
    }
    sold_milli_[branch].clear();
    AddDocuments(branch, date, 7, "DLV-", lines, receipts);
  }

  void Waste(size_t branch, absl::CivilDay date, SeededRandom* random,
             std::vector<Receipt>* receipts) const {
    std::map<size_t, Line> lines;
    for (int64_t tries = random->Between(20, 40); tries > 0; --tries) {
      const size_t item = PickItem(random);
      if (!items_[item].fresh) continue;
      const int64_t milli = items_[item].weighed
                                ? random->Between(10, 180) * 10
                                : random->Between(1, 3) * 1'000;
      lines.insert({item, {item, -milli, 0, "adjust", true}});
    }
    std::vector<Line> all;
    all.reserve(lines.size());
    for (const auto& [item, line] : lines) all.push_back(line);
    AddDocuments(branch, date, 22, "WASTE-", all, receipts);
  }

  absl::CivilSecond PickTime(SeededRandom* random, absl::CivilDay date) const {
    uint64_t sum = 0;
    for (uint64_t weight : kHours) sum += weight;
    uint64_t left = random->Below(sum);
    int hour = kOpeningHour;
    for (uint64_t weight : kHours) {
      if (left < weight) break;
      left -= weight;
      ++hour;
    }
    return absl::CivilSecond(date) + hour * int64_t{3'600} +
           random->Between(0, 3'599);
  }

  Line PickLine(SeededRandom* random, absl::CivilDay date) const {
    Line line = {PickItem(random), 1'000, 0, "sale"};
    const DemoItem& item = items_[line.item];
    if (item.weighed) {
      line.quantity_milli = random->Between(30, 320) * 5;
    } else if (Chance(random, 25)) {
      line.quantity_milli = random->Between(2, 4) * kQuantityScale;
    }
    const int64_t gross_minor =
        GrossMinor(line.quantity_milli, item.price_minor * kUnitPriceScale);
    line.discount_minor = static_cast<int64_t>(DivideRounded(
        static_cast<__int128>(gross_minor) * OfferPercent(line.item, date),
        100));
    return line;
  }

  std::vector<Line> PickBasket(SeededRandom* random,
                               absl::CivilDay date) const {
    int64_t count = random->Between(1, 4);
    const uint64_t kind = random->Below(100);
    if (kind >= 55) count = random->Between(3, 9);
    if (kind >= 90) count = random->Between(8, 22);
    std::vector<Line> lines;
    for (int64_t i = 0; i < count; ++i) {
      lines.push_back(PickLine(random, date));
    }
    // A bag on the house.
    if (count >= 12 && Chance(random, 30)) {
      lines.push_back({bag_, 1'000, 0, "adjust", true});
    }
    return lines;
  }

  void Trade(size_t branch, absl::CivilDay date, SeededRandom* random,
             std::vector<Receipt>* receipts) {
    const size_t weekday = static_cast<size_t>(absl::GetWeekday(date));
    const int64_t percent =
        kWeekday[weekday] * branches_[branch].trade_percent / 100;
    const int64_t count =
        std::max<int64_t>(1, options_.receipts_per_branch_day * percent *
                                 random->Between(92, 108) / 10'000);
    std::vector<absl::CivilSecond> times;
    times.reserve(static_cast<size_t>(count));
    for (int64_t i = 0; i < count; ++i) times.push_back(PickTime(random, date));
    std::sort(times.begin(), times.end());
    std::vector<Receipt> today;
    for (absl::CivilSecond time : times) {
      today.push_back(Sale(branch, time, random, today));
      for (const Line& line : today.back().lines) {
        sold_milli_[branch][line.item] += line.quantity_milli;
      }
    }
    receipts->insert(receipts->end(), today.begin(), today.end());
  }

  // A sale; or a return of a line that was sold earlier, some of them exchanged
  // for something else.
  Receipt Sale(size_t branch, absl::CivilSecond time, SeededRandom* random,
               const std::vector<Receipt>& earlier) {
    const int64_t till = random->Between(1, branches_[branch].tills);
    Receipt receipt;
    receipt.time = time;
    receipt.branch = branch;
    receipt.till = absl::StrCat(till);
    receipt.staff =
        absl::StrCat("S", static_cast<int64_t>(branch + 1) * 100 + till * 2 +
                              (time.hour() < 15 ? 0 : 1));
    receipt.receipt_no =
        absl::StrFormat("%d-%06d", till, ++receipt_numbers_[branch][till]);
    const uint64_t pays = random->Below(100);
    receipt.payment = pays < 28 ? "cash" : pays < 70 ? "card" : "qr";
    if (Chance(random, 40)) {
      const int64_t member = random->Between(0, kMemberCount / 8 - 1) * 8 +
                             static_cast<int64_t>(branch) + 1;
      receipt.member = absl::StrFormat("M%06d", 100'000 + member);
    }
    receipt.lines = PickBasket(random, absl::CivilDay(time));
    if (earlier.empty() || !Chance(random, 2)) return receipt;
    const Receipt& bought = earlier[random->Below(earlier.size())];
    const Line& line = bought.lines[random->Below(bought.lines.size())];
    if (line.kind != "sale") return receipt;
    if (Chance(random, 70)) {
      receipt.lines.clear();
    } else {
      receipt.lines.resize(1);
    }
    receipt.member = bought.member;
    receipt.lines.insert(
        receipt.lines.begin(),
        {line.item, -line.quantity_milli, -line.discount_minor, "return"});
    return receipt;
  }

  const DemoChainOptions options_;
  const std::vector<DemoItem> items_;
  const std::vector<DemoBranch> branches_;
  std::vector<uint64_t> popularity_;  // by item
  std::vector<uint64_t> popularity_to_;
  uint64_t popularity_sum_ = 0;
  size_t bag_ = 0;  // the item that is given away
  // Since the last delivery, by branch.
  std::vector<std::map<size_t, int64_t>> sold_milli_;
  std::vector<std::map<int64_t, int64_t>> receipt_numbers_;  // by branch, till
};

absl::Status CheckRange(absl::string_view what, int value, int max) {
  if (value >= 1 && value <= max) return absl::OkStatus();
  return absl::InvalidArgumentError(absl::StrCat(
      "generate a chain: found ", value, " ", what, ", want 1 to ", max));
}

}  // namespace

absl::Status WriteDemoChain(const DemoChainOptions& options,
                            absl::FunctionRef<void(absl::string_view)> sink) {
  absl::Status status = CheckRange("days", options.days, kDemoDaysMax);
  status.Update(CheckRange("receipts per branch and day",
                           options.receipts_per_branch_day, kDemoReceiptsMax));
  if (!status.ok()) return status;
  Chain chain(options);
  sink(kHeader);
  for (int day = 0; day < options.days; ++day) {
    for (const Receipt& receipt : chain.Day(day)) sink(chain.Csv(receipt));
  }
  return absl::OkStatus();
}

}  // namespace branchline::drill

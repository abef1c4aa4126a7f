// CheckOutside(): the hub's books against what people were told.

#include <limits>

#include "absl/strings/str_cat.h"
#include "edge/enrol/late_suffix.h"
#include "sync/base/bytes.h"
#include "sync/base/check.h"
#include "sync/journal/journal.h"
#include "sync/journal/rebuild.h"
#include "sync/ledger/account_rules.h"
#include "sync/ledger/keys.h"
#include "tests/sim/checks.h"

namespace branchline {
namespace {

// Where a command stands in the hub's copies of the journals.
struct Found {
  std::string branch;
  std::string till;
  uint64_t counter = 0;  // of a numbered receipt
  uint64_t epoch = 0;
  bool late = false;
  Told document;
  int64_t slice_milli = 0;  // taken from the branch's slice
};

struct Sums {
  int64_t documents = 0;
  int64_t net_minor = 0;
  int64_t sold_from_slice_milli = 0;
  std::map<std::string, int64_t> shelf_milli;
};

class OutsideCheck {
 public:
  OutsideCheck(SimChain* chain, const SimOutsider& outsider)
      : chain_(*chain), context_(chain->context), outsider_(outsider) {}

  void Run() {
    for (const auto& branch : chain_.branches) ReadJournal(branch->code);
    for (const auto& [id, wanted] : chain_.model.wanted()) Look(id, wanted);
    for (const auto& [id, found] : found_) {
      if (chain_.model.wanted().count(id) == 0) {
        context_.Violate("nothing-else", "a document of ", found[0].branch,
                         " that nobody asked for");
      }
    }
    CheckNumbers();
    for (const auto& branch : chain_.branches) CheckSums(branch->code);
  }

 private:
  static bool IsDocument(const v1::Event& event) {
    return event.has_sale() || event.has_return_() || event.has_stock_change();
  }

  void ReadJournal(const std::string& branch) {
    const std::string stream = EdgeStream(branch);
    int64_t recorded_at = std::numeric_limits<int64_t>::min();
    const absl::Status read = ForEachRecord(
        chain_.hub.disk, stream, Cursor(),
        [&](const v1::Record& record) -> absl::Status {
          v1::Event event;
          if (!event.ParseFromString(record.payload())) {
            return absl::DataLossError("no event");
          }
          // Whatever the clocks said.
          if (event.recorded_at_unix_micros() < recorded_at) {
            context_.Violate("recorded-time", stream, " ", record.epoch(), "/",
                             record.seq(),
                             " was recorded before the record "
                             "before it");
          }
          recorded_at = event.recorded_at_unix_micros();
          const auto aside = chain_.hub.disk.Get(
              Table::kDocs,
              docs::Exception(stream, record.epoch(), record.seq()));
          const bool is_forged =
              outsider_.forged().count(event.command_id()) > 0;
          if (!is_forged && aside.ok() && aside->has_value()) {
            context_.Violate("aside", stream, " ", record.epoch(), "/",
                             record.seq(), ": ", **aside);
          }
          if (is_forged && !event.has_late_record() && !(*aside).has_value()) {
            context_.Violate("stranger", "a forged debit of ", branch,
                             " counts at the hub");
          }
          if (!is_forged) Add(branch, record, event);
          return absl::OkStatus();
        });
    if (!read.ok()) context_.Violate("verify", read.ToString());
  }

  void Add(const std::string& branch, const v1::Record& record,
           const v1::Event& event) {
    Found found;
    found.branch = branch;
    found.epoch = record.epoch();
    v1::Event document = event;
    if (event.has_late_record()) {
      found.late = true;
      found.epoch = event.late_record().record().epoch();
      document.ParseFromString(event.late_record().record().payload());
    }
    for (const v1::Posting& posting : event.postings()) {
      const v1::Account& source = event.accounts(posting.source());
      if (source.kind() == v1::ACCOUNT_KIND_STOCK_SLICE &&
          source.owner() == branch) {
        found.slice_milli += posting.amount();
      }
    }
    found.till = document.till();
    if (document.has_sale()) found.counter = document.sale().receipt_counter();
    if (document.has_return_()) {
      found.counter = document.return_().receipt_counter();
    }
    found.document = ReadDocument(document);
    if (!IsDocument(document) && found.slice_milli == 0) {
      seen_.insert(event.command_id());
      return;
    }
    found_[event.command_id()].push_back(std::move(found));
  }

  // Everybody who was told something, and whoever never heard.
  void Look(const std::string& id, const Wanted& wanted) {
    const auto it = found_.find(id);
    const size_t times = it == found_.end() ? 0 : it->second.size();
    if (times > 1) {
      context_.Violate("exactly-once", "a ", wanted.what, " of ", wanted.branch,
                       " is in the hub ", times, " times");
      return;
    }
    if (times == 0) {
      if (seen_.count(id) > 0) return;  // a day, or a late record without money
      for (const Told& told : wanted.told) {
        if (!IsExcused(id, wanted, told)) {
          context_.Violate("exactly-once", "a ", wanted.what, " told by ",
                           told.box->name, " as '", told.receipt_no, "' at ",
                           told.at.epoch, "/", told.at.seq,
                           " is not in the hub, and nobody lists it");
        }
      }
      return;
    }
    const Found& found = it->second[0];
    // Or tried again without an answer, where the first was gone.
    bool was_told = wanted.told.empty() || wanted.unanswered;
    for (const Told& told : wanted.told) {
      was_told |= told.receipt_no == found.document.receipt_no &&
                  told.net_minor == found.document.net_minor &&
                  told.shelf_milli == found.document.shelf_milli;
    }
    if (wanted.told.empty() && !wanted.unanswered) {
      context_.Violate("nothing-else", "a ", wanted.what, " of ", wanted.branch,
                       " that was refused is in the hub");
    }
    if (!was_told) {
      context_.Violate("exactly-once", "a ", wanted.what, " of ", wanted.branch,
                       " is in the hub as ", found.document.receipt_no,
                       ", which nobody was told");
    }
    Sums& sums = sums_[found.branch];
    sums.net_minor += found.document.net_minor;
    sums.sold_from_slice_milli += found.slice_milli;
    ++sums.documents;
    for (const auto& [sku, milli] : found.document.shelf_milli) {
      sums.shelf_milli[sku] += milli;
    }
  }

  // Gone with its disk, or on a disk whose records nobody approved: those
  // are listed, so that a person can look at them.
  bool IsExcused(const std::string& id, const Wanted& wanted,
                 const Told& told) {
    if (told.destroyed) return true;
    if (told.box->service == SimBox::Service::kIn) return false;
    for (const auto& branch : chain_.branches) {
      if (branch->code != wanted.branch) continue;
      const SimBox* const live = chain_.Live(*branch);
      if (live == nullptr) return false;
      const auto suffix =
          FindLateSuffix(live->disk, told.box->disk, live->stream());
      if (!suffix.ok()) return false;
      for (const v1::Record& record : suffix->records) {
        v1::Event event;
        if (!event.ParseFromString(record.payload())) continue;
        if (event.command_id() != id) continue;
        const bool taken =
            branch->approved.count(suffix->records.back().hash()) > 0 &&
            told.box->service == SimBox::Service::kHandedIn;
        if (!taken) context_.Count("told, and listed as late");
        return !taken;
      }
    }
    return false;
  }

  // Unique in the chain; without gaps for each till and epoch.
  void CheckNumbers() {
    std::map<std::string, int> times;
    std::map<std::string, std::pair<uint64_t, uint64_t>> direct;  // max, count
    for (const auto& [id, all] : found_) {
      for (const Found& found : all) {
        if (found.counter == 0 || found.late) continue;
        ++times[found.document.receipt_no];
        auto& [greatest, count] = direct[absl::StrCat(
            found.branch, " ", found.till, " epoch ", found.epoch)];
        greatest = std::max(greatest, found.counter);
        ++count;
      }
    }
    for (const auto& [receipt_no, count] : times) {
      if (count > 1) {
        context_.Violate("receipt-numbers", receipt_no, " stands on ", count,
                         " receipts");
      }
    }
    for (const auto& [till, numbers] : direct) {
      if (numbers.first != numbers.second) {
        context_.Violate("receipt-numbers", till, " has ", numbers.second,
                         " receipts, numbered up to ", numbers.first);
      }
    }
  }

  void CheckSums(const std::string& branch) {
    const Sums& sums = sums_[branch];
    int64_t documents = 0;
    int64_t net_minor = 0;
    const absl::Status days = chain_.hub.store().ReadDays(
        {branch}, 0, 99991231, [&](const DayFigures& day) -> absl::Status {
          documents += static_cast<int64_t>(
              day.cell.Get(books::Field(books::kReceipts, "GBP")));
          net_minor += static_cast<int64_t>(
              day.cell.Get(books::Field(books::kNet, "GBP")));
          return absl::OkStatus();
        });
    if (!days.ok()) context_.Violate("sums", days.ToString());
    if (documents != sums.documents || net_minor != sums.net_minor) {
      context_.Violate("sums", branch, " has ", documents, " documents of ",
                       net_minor, " at the hub; outside there were ",
                       sums.documents, " of ", sums.net_minor);
    }
    std::map<std::string, int64_t> shelf = sums.shelf_milli;
    const absl::Status stock = chain_.hub.store().ReadStock(
        {branch}, "", [&](const StockFigure& figure) -> absl::Status {
          shelf[figure.sku] -= static_cast<int64_t>(figure.on_hand_milli);
          return absl::OkStatus();
        });
    if (!stock.ok()) context_.Violate("sums", stock.ToString());
    for (const auto& [sku, milli] : shelf) {
      if (milli != 0) {
        context_.Violate("sums", branch, " has ", milli, " milli of ", sku,
                         " more on the shelf than at the hub");
      }
    }
    CheckSlice(branch, sums.sold_from_slice_milli);
  }

  // What was granted, less what the branch used itself.
  void CheckSlice(const std::string& branch, int64_t used_milli) {
    int64_t granted_milli = 0;
    const absl::Status read = ForEachRecord(
        chain_.hub.disk, BranchStream(branch), Cursor(),
        [&](const v1::Record& record) -> absl::Status {
          v1::Event event;
          event.ParseFromString(record.payload());
          granted_milli += event.stock_slice_granted().quantity_milli();
          return absl::OkStatus();
        });
    if (!read.ok()) context_.Violate("verify", read.ToString());
    v1::Account slice;
    slice.set_kind(v1::ACCOUNT_KIND_STOCK_SLICE);
    const std::string key = books::Balance(branch, SkuUnit(SkuName(0)));
    const SimBranch* owner = nullptr;
    for (const auto& one : chain_.branches) {
      if (one->code == branch) owner = one.get();
    }
    const SimBox* const live = chain_.Live(*owner);
    std::vector<const MemoryStore*> disks = {&chain_.hub.disk};
    if (live != nullptr) disks.push_back(&live->disk);
    for (const MemoryStore* disk : disks) {
      MemoryStore copy;  // with books that lack nothing
      copy.Restore(disk->Image());
      BL_CHECK(RebuildIfNeeded(&copy).ok(), "a simulated disk can be read");
      const auto cell = ReadCell(copy, key);
      const auto held = static_cast<int64_t>(cell->Get(AccountField(slice)));
      if (held != granted_milli - used_milli) {
        context_.Violate("slices", branch, " was granted ", granted_milli,
                         " and used ", used_milli, ", ", held, " is left at ",
                         disk == &chain_.hub.disk ? "the hub" : live->name);
      }
    }
  }

  SimChain& chain_;
  SimContext& context_;
  const SimOutsider& outsider_;
  std::map<std::string, std::vector<Found>> found_;  // by command id
  std::set<std::string> seen_;  // other events, by command id
  std::map<std::string, Sums> sums_;
};

}  // namespace

void CheckOutside(SimChain* chain, const SimOutsider& outsider) {
  OutsideCheck(chain, outsider).Run();
}

}  // namespace branchline

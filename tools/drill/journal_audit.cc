#include "tools/drill/journal_audit.h"

#include <memory>
#include <utility>

#include "absl/strings/str_cat.h"
#include "branchline/v1/record.pb.h"
#include "sync/base/status_macros.h"
#include "sync/journal/journal.h"
#include "sync/journal/rocks_store.h"
#include "sync/journal/verify.h"
#include "sync/ledger/keys.h"
#include "tools/drill/till_request.h"

namespace branchline::drill {
namespace {

absl::StatusOr<std::unique_ptr<Store>> OpenToRead(const std::string& data_dir) {
  RocksStoreOptions options;
  options.dir = data_dir + "/ledger";
  options.read_only = true;
  return OpenRocksStore(options);
}

}  // namespace

ReceiptAudit::ReceiptAudit(const BranchPlan& plan) : code_(plan.code) {
  for (const BranchDay& day : plan.days) {
    for (const SalesReceipt* receipt : day.receipts) {
      times_[ReferenceOf(*receipt)] = 0;
    }
  }
}

void ReceiptAudit::CountReference(const std::string& reference) {
  const auto it = times_.find(reference);
  if (it != times_.end()) {
    ++it->second;
  } else {
    strange_.push_back(absl::StrCat(code_, ": the journal has a receipt '",
                                    reference, "', which the file has not"));
  }
}

void ReceiptAudit::Take(uint64_t epoch, const v1::Event& event) {
  ++events_;
  if (event.has_stock_change())
    CountReference(event.stock_change().reference());
  if (!event.has_sale()) return;
  CountReference(event.sale().reference());
  uint64_t& last = last_number_[{event.till(), epoch}];
  const uint64_t number = event.sale().receipt_counter();
  if (number != last + 1) {
    strange_.push_back(absl::StrCat(code_, " till ", event.till(), " epoch ",
                                    epoch, ": receipt number ", number,
                                    " follows ", last));
  }
  last = number;
}

void ReceiptAudit::Finish(Differences* differences) {
  for (const auto& [reference, times] : times_) {
    if (times == 1) continue;
    ++(times == 0 ? lost_ : doubled_);
    differences->Add(
        absl::StrCat(code_, " receipt ", reference,
                     times == 0 ? std::string(" is lost")
                                : absl::StrCat(" is there ", times, " times")));
  }
  for (std::string& what : strange_) differences->Add(std::move(what));
}

absl::Status AuditHubJournal(const std::string& hub_dir,
                             absl::string_view branch, ReceiptAudit* audit) {
  BL_ASSIGN_OR_RETURN(const std::unique_ptr<Store> store, OpenToRead(hub_dir));
  return ForEachRecord(
      *store, EdgeStream(branch), Cursor(),
      [&](const v1::Record& record) -> absl::Status {
        v1::Event event;
        if (!event.ParseFromString(record.payload())) {
          return absl::DataLossError(absl::StrCat(
              "record ", record.seq(), " of ", branch, " cannot be read"));
        }
        audit->Take(record.epoch(), event);
        return absl::OkStatus();
      });
}

absl::Status VerifyLedger(const std::string& data_dir,
                          absl::string_view hub_public_key,
                          absl::string_view name, Differences* differences) {
  BL_ASSIGN_OR_RETURN(const std::unique_ptr<Store> store, OpenToRead(data_dir));
  VerifyOptions options;
  options.hub_public_key = std::string(hub_public_key);
  BL_ASSIGN_OR_RETURN(const VerifyReport report,
                      VerifyJournal(*store, options));
  for (const StreamVerdict& stream : report.streams) {
    if (stream.faults.count > 0) {
      differences->Add(absl::StrCat(
          name, " journal ", stream.stream, ": ", stream.faults.count,
          " faults, the first: ", stream.faults.first));
    }
    if (stream.aside > 0) {
      differences->Add(absl::StrCat(name, " journal ", stream.stream, ": ",
                                    stream.aside, " records put aside"));
    }
  }
  if (report.books.faults.count > 0) {
    differences->Add(
        absl::StrCat(name, " books: ", report.books.faults.count,
                     " cells differ, the first: ", report.books.faults.first));
  }
  return absl::OkStatus();
}

}  // namespace branchline::drill

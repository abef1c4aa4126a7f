#include "hub/hub_books.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "hub/storage/stream_check.h"
#include "sync/base/status_macros.h"
#include "sync/journal/rebuild.h"
#include "sync/journal/rocks_store.h"

namespace branchline {
namespace {

constexpr size_t kCacheBytes = 64 << 20;
constexpr size_t kWriteBufferBytes = 64 << 20;

// The journal's layer speaks of branches; this is the hub.
absl::Status Explain(const absl::Status& status, const std::string& dir) {
  if (!absl::IsDataLoss(status)) return status;
  return absl::DataLossError(absl::StrCat(
      "the books in ", dir, " are damaged: ", status.message(),
      ". This is the hub: put the last backup of its data directory in place; "
      "the branches send by themselves what came after"));
}

}  // namespace

absl::Status HubBooks::CheckDisk(bool read_only) {
  if (read_only) {
    BL_ASSIGN_OR_RETURN(const bool current, ProjectionsAreCurrent(*disk_));
    if (current) return absl::OkStatus();
    return absl::FailedPreconditionError(absl::StrCat(
        "the books in ", home_.dir(),
        " are behind their journal: branchline-hub makes them again when it "
        "starts there, or is doing so just now; ask again when it is ready"));
  }
  BL_ASSIGN_OR_RETURN(const RebuildResult rebuilt,
                      RebuildIfNeeded(disk_.get()));
  if (rebuilt.rebuilt) {
    verified_.push_back(absl::StrCat("books made again from ", rebuilt.records,
                                     " records of the journal"));
  }
  return absl::OkStatus();
}

absl::StatusOr<std::unique_ptr<HubBooks>> HubBooks::Open(const Options& options,
                                                         const Clock* clock,
                                                         Random* random) {
  std::unique_ptr<HubBooks> books(new HubBooks(options.data_dir));
  BL_ASSIGN_OR_RETURN(HubIdentity identity,
                      books->home_.Load(*clock, options.read_only));
  books->identity_ = std::make_unique<HubIdentity>(std::move(identity));

  RocksStoreOptions disk;
  disk.dir = books->home_.ledger_dir();
  disk.read_only = options.read_only;
  disk.cache_bytes = kCacheBytes;
  disk.write_buffer_bytes = kWriteBufferBytes;
  absl::StatusOr<std::unique_ptr<Store>> opened = OpenRocksStore(disk);
  if (!opened.ok()) return Explain(opened.status(), options.data_dir);
  books->disk_ = *std::move(opened);
  BL_RETURN_IF_ERROR(
      Explain(books->CheckDisk(options.read_only), options.data_dir));

  books->store_ = std::make_unique<KvHubStore>(books->disk_.get());
  if (!options.read_only) {
    BL_ASSIGN_OR_RETURN(const auto streams, books->store_->ListStreams());
    for (const std::string& stream : streams) {
      BL_ASSIGN_OR_RETURN(std::string line,
                          CheckStreamEnd(*books->store_, stream));
      books->verified_.push_back(std::move(line));
    }
  }
  HubStore* store = books->store_.get();
  books->ledger_ = std::make_unique<HubLedger>(
      store, books->identity_->journal_key, clock, random, &books->changed_);
  books->enroller_ = std::make_unique<Enroller>(store, books->ledger_.get(),
                                                books->identity_->ca, clock);
  books->admin_ = std::make_unique<ChainAdmin>(store, books->ledger_.get());
  books->reports_ = std::make_unique<Reports>(store, clock);
  return books;
}

}  // namespace branchline

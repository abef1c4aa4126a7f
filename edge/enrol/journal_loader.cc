#include "edge/enrol/journal_loader.h"

#include "absl/strings/str_cat.h"
#include "edge/commit/edge_state.h"
#include "edge/commit/pending.h"
#include "sync/base/bytes.h"
#include "sync/base/status_macros.h"
#include "sync/journal/journal.h"
#include "sync/journal/rebuild.h"
#include "sync/journal/record.h"

namespace branchline {

absl::StatusOr<JournalLoader> JournalLoader::Open(Store* store,
                                                  std::string stream) {
  BL_ASSIGN_OR_RETURN(const Cursor head, ReadHead(*store, stream));
  return JournalLoader(store, std::move(stream), head);
}

absl::Status JournalLoader::Take(const v1::FetchJournalChunk& chunk) {
  const LaggingBooks books(store_);  // nothing lags: all is written at once
  Pending pending(books);
  for (const std::string& bytes : chunk.records()) {
    v1::Record record;
    if (!record.ParseFromString(bytes)) {
      return absl::InvalidArgumentError(absl::StrCat(
          "the hub sent a record of ", stream_, " that cannot be read"));
    }
    BL_RETURN_IF_ERROR(CheckFollows(stream_, head_, record));
    head_ = CursorOf(record);
    ++records_;
    pending.Put(Table::kJournal,
                RecordKey(stream_, record.epoch(), record.seq()), bytes);
    BL_RETURN_IF_ERROR(FoldRecord(*store_, stream_, record, pending.effects()));
    v1::Event event;
    if (event.ParseFromString(record.payload()) &&
        !event.command_id().empty()) {
      pending.PutCommand(event.command_id(), record.epoch(), record.seq());
    }
  }
  for (const v1::Checkpoint& checkpoint : chunk.checkpoints()) {
    pending.Put(Table::kJournal,
                CheckpointKey(stream_, checkpoint.epoch(), checkpoint.seq()),
                checkpoint.SerializeAsString());
  }
  return store_->Commit(pending.Writes());
}

}  // namespace branchline

#include "sync/rpc/journal_reply.h"

#include <utility>

#include "sync/replication/position.h"
#include "sync/rpc/grpc_status.h"

namespace branchline {

JournalReply::JournalReply(const PeerIdentity& peer,
                           const v1::FetchJournalRequest& request,
                           HubPort* port, WorkPool* pool,
                           std::function<void()> done)
    : peer_(peer),
      request_(request),
      port_(port),
      pool_(pool),
      done_(std::move(done)),
      after_(CursorFromPeer(request.after(), "the place to start after")) {}

void JournalReply::Start() {
  self_ = shared_from_this();
  pool_->Add([self = self_] { self->Next(); });
}

void JournalReply::Stop() { stop_ = true; }

void JournalReply::Next() {
  if (!after_.ok()) return Finish(ToGrpc(after_.status()));
  if (stop_) {
    return Finish(grpc::Status(grpc::StatusCode::UNAVAILABLE,
                               "the hub is stopping, or the line broke"));
  }
  absl::StatusOr<v1::FetchJournalChunk> chunk =
      port_->ReadJournal(peer_, request_.branch(), *after_, kPushBytesMax);
  if (!chunk.ok()) return Finish(ToGrpc(chunk.status()));
  if (chunk->records().empty()) return Finish(grpc::Status::OK);
  after_ = EndOf(chunk->records(), "the journal");
  if (!after_.ok()) return Finish(ToGrpc(after_.status()));
  chunk_ = *std::move(chunk);
  StartWrite(&chunk_);
}

void JournalReply::OnWriteDone(bool ok) {
  if (!ok) stop_ = true;
  pool_->Add([self = self_] { self->Next(); });
}

void JournalReply::OnCancel() { stop_ = true; }

void JournalReply::OnDone() {
  pool_->Add([self = std::move(self_)] { self->done_(); });
}

}  // namespace branchline

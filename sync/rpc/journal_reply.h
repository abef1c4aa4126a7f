#pragma once

#include <grpcpp/server_context.h>

#include <atomic>
#include <functional>
#include <memory>
#include <string>

#include "branchline/v1/replication.grpc.pb.h"
#include "sync/replication/ports.h"
#include "sync/rpc/work_pool.h"

namespace branchline {

// A branch's journal on its way back to a box that is being rebuilt: one chunk
// is read when the one before was written. `done` is called once, last, from a
// worker. The port and the pool outlive it.
class JournalReply final
    : public grpc::ServerWriteReactor<v1::FetchJournalChunk>,
      public std::enable_shared_from_this<JournalReply> {
 public:
  JournalReply(const PeerIdentity& peer, const v1::FetchJournalRequest& request,
               HubPort* port, WorkPool* pool, std::function<void()> done);

  void Start();
  // Ends it with the next chunk.
  void Stop();

  // grpc::ServerWriteReactor:
  void OnWriteDone(bool ok) override;
  void OnCancel() override;
  void OnDone() override;

 private:
  void Next();

  const PeerIdentity peer_;
  const v1::FetchJournalRequest request_;
  HubPort* const port_;
  WorkPool* const pool_;
  const std::function<void()> done_;
  std::shared_ptr<JournalReply> self_;  // until OnDone()
  std::atomic<bool> stop_ = false;
  absl::StatusOr<Cursor> after_;
  v1::FetchJournalChunk chunk_;  // gRPC's while a write is under way
};

}  // namespace branchline

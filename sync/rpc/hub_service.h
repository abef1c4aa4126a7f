#pragma once

#include <memory>

#include "branchline/v1/replication.grpc.pb.h"
#include "sync/base/clock.h"
#include "sync/replication/ports.h"

namespace branchline {

// The sync port's service: a HubSession for each line, over gRPC's callback
// API. No thread per line: gRPC's threads only put what came into the line's
// inbox; a few workers run the sessions and call the port, one worker at a time
// for each line; one thread wakes lines whose time has come.
//
// A line is refused before its session begins if its certificate is not a
// branch's. When a branch greets on a new line, its older one is cut.
//
// Add it to a server with SyncServerCredentials(). Safe for concurrent use. The
// port and the clock outlive it.
class HubService final : public v1::Replication::CallbackService {
 public:
  struct Options {
    int workers = 4;
  };

  HubService(HubPort* port, Clock* clock);
  HubService(HubPort* port, Clock* clock, const Options& options);
  // The server has been shut down, and Shutdown() was called.
  ~HubService() override;

  grpc::ServerBidiReactor<v1::EdgeFrame, v1::HubFrame>* Connect(
      grpc::CallbackServerContext* context) override;

  grpc::ServerWriteReactor<v1::FetchJournalChunk>* FetchJournal(
      grpc::CallbackServerContext* context,
      const v1::FetchJournalRequest* request) override;

  // Ends all lines (UNAVAILABLE: the hub is stopping) and takes no new ones.
  // Returns when every one has ended and no push is with the port. Call before
  // grpc::Server::Shutdown(), which waits for lines.
  void Shutdown();

  size_t LineCount() const;   // lines up now
  size_t ReplyCount() const;  // journals that are being fetched now

 private:
  class Engine;
  const std::shared_ptr<Engine> engine_;
};

}  // namespace branchline

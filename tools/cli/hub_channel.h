#pragma once

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "branchline/v1/chain.grpc.pb.h"
#include "branchline/v1/report.grpc.pb.h"

namespace branchline::cli {

// A hub whose services run in this process, over a data directory that no
// daemon has open.
class LocalHub {
 public:
  virtual ~LocalHub() = default;
  virtual std::shared_ptr<grpc::Channel> channel() = 0;
};

// The hub of a data directory, whether its daemon runs or not: the same stubs
// either way. Not thread-safe.
class HubChannel {
 public:
  enum class Access {
    kRead,    // reports and lists: the directory may be a copy, or read-only
    kChange,  // the directory must be nobody else's meanwhile
  };

  //   UNAVAILABLE  the daemon's socket is there and it does not answer, and the
  //                directory cannot be opened without it
  //   others       see OpenLocalHub()
  static absl::StatusOr<HubChannel> Open(absl::string_view data_dir,
                                         Access access);

  v1::Chain::Stub& chain() { return *chain_; }
  v1::Report::Stub& report() { return *report_; }
  // False: nothing runs there, and it was opened in this process.
  bool is_daemon() const { return local_ == nullptr; }

 private:
  std::unique_ptr<LocalHub> local_;  // outlives the stubs; null: a daemon's
  std::unique_ptr<v1::Chain::Stub> chain_;
  std::unique_ptr<v1::Report::Stub> report_;
};

// Opens the hub of `data_dir` in this process.
//   NOT_FOUND            no hub was made there: 'branchline hub init'
//   FAILED_PRECONDITION  (kChange) another process has it open
//   DATA_LOSS            it is damaged
absl::StatusOr<std::unique_ptr<LocalHub>> OpenLocalHub(
    absl::string_view data_dir, HubChannel::Access access);

}  // namespace branchline::cli

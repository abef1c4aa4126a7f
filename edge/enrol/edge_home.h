#pragma once

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "branchline/v1/state.pb.h"
#include "edge/commit/edge_state.h"
#include "sync/identity/signing_key.h"
#include "sync/identity/tls_key.h"
#include "sync/rpc/credentials.h"

namespace branchline {

// The files of a branch's data directory:
//   FORMAT                 "branchline edge 1"
//   identity/journal.key   Ed25519, signs the journal
//   identity/tls.key       P-256, the line to the hub
//   identity/tls.crt       its certificate
//   identity/ca.crt        the hub's CA
//   identity/node.json     v1::NodeIdentity; there once the box has joined
//   ledger/                RocksDB
//   admin.sock             EdgeAdmin, for the user who runs the daemon
//   ports.json             where the daemon listens
//   old-epoch-<n>/         what a recovery set aside: identity/ and ledger/
//
// All secrets are 0600, directories 0700. Not thread-safe; cheap to copy.
class EdgeHome {
 public:
  explicit EdgeHome(std::string dir) : dir_(std::move(dir)) {}

  const std::string& dir() const { return dir_; }
  std::string ledger_dir() const { return dir_ + "/ledger"; }
  std::string admin_socket() const { return dir_ + "/admin.sock"; }
  std::string ports_file() const { return dir_ + "/ports.json"; }

  // Makes the directory if it is not there, and checks that it is an edge's.
  //   FAILED_PRECONDITION  it is a hub's, of a newer version, or something else
  absl::Status Prepare() const;
  // The same without making anything.
  //   NOT_FOUND  no box has joined here
  absl::Status Check() const;

  bool HasJoined() const;

  //   NOT_FOUND            no box has joined here: join first
  //   FAILED_PRECONDITION  a key file is open to others
  //   DATA_LOSS            a file is damaged
  absl::StatusOr<EdgeIdentity> LoadIdentity() const;
  absl::StatusOr<TlsFiles> LoadTls() const;

  // Keys made at the first call and found again by the next, so that a join
  // whose answer was lost is repeated with the same ones.
  absl::StatusOr<SigningKey> JournalKey() const;
  absl::StatusOr<TlsKey> LineKey() const;

  absl::Status SaveCertificate(absl::string_view certificate_pem) const;
  // Last of a join: from here on the box is the branch.
  absl::Status SaveIdentity(const v1::NodeIdentity& node,
                            absl::string_view ca_pem,
                            absl::string_view certificate_pem) const;

  // Moves identity/ and ledger/ to old-epoch-<n>/, and says where that is.
  absl::StatusOr<std::string> SetAside(uint64_t epoch) const;

 private:
  std::string Identity(absl::string_view name) const;

  const std::string dir_;
};

}  // namespace branchline

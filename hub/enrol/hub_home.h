#pragma once

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "sync/base/clock.h"
#include "sync/identity/certificate_authority.h"
#include "sync/identity/signing_key.h"

namespace branchline {

// Everything by which a hub is known. Holds the chain's greatest secrets.
struct HubIdentity {
  std::string chain_name;
  CertificateAuthority ca;
  SigningKey journal_key;  // signs acks, epochs and the hub's streams
  std::string tls_certificate_pem;
  std::string tls_key_pem;
};

// The files of a hub's data directory:
//   FORMAT                "branchline hub 1"
//   identity/ca.key       the chain's CA, P-256: back this up, and guard it
//   identity/ca.crt
//   identity/journal.key  Ed25519
//   identity/tls.key      P-256, for the hub's own ports
//   identity/tls.crt      renewed by the hub itself
//   identity/chain        the chain's name; there once the hub was set up
//   ledger/               RocksDB
//   admin.sock            Chain, for the user who runs the daemon
//   ports.json            where the daemon listens
//
// Secrets are 0600, directories 0700. Not thread-safe; cheap to copy.
class HubHome {
 public:
  explicit HubHome(std::string dir) : dir_(std::move(dir)) {}

  const std::string& dir() const { return dir_; }
  std::string ledger_dir() const { return dir_ + "/ledger"; }
  std::string admin_socket() const { return dir_ + "/admin.sock"; }
  std::string ports_file() const { return dir_ + "/ports.json"; }

  // Sets a hub up: makes its CA and keys. One that was cut short is finished by
  // another call; its keys stay.
  //
  //   ALREADY_EXISTS       a hub was set up here
  //   INVALID_ARGUMENT     see CertificateAuthority::Create() for `chain_name`
  //   FAILED_PRECONDITION  another kind of data directory, or a newer version's
  absl::Status Init(absl::string_view chain_name, const Clock& clock) const;

  // Reads everything, and issues the hub's own certificate anew, so that it has
  // its whole life from every start. With `read_only` nothing is written, there
  // is no such certificate, and the directory may be in use.
  //
  //   NOT_FOUND            no hub was set up here: 'branchline hub init'
  //   FAILED_PRECONDITION  another kind of data directory, a newer version's,
  //   or
  //                        a file of secrets that others may read
  //   DATA_LOSS            a file is damaged
  absl::StatusOr<HubIdentity> Load(const Clock& clock,
                                   bool read_only = false) const;

 private:
  std::string Identity(absl::string_view name) const;
  absl::Status CheckFormat() const;

  const std::string dir_;
};

}  // namespace branchline

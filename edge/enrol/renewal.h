#pragma once

#include <functional>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "edge/enrol/edge_home.h"

namespace branchline {

// When the certificate of the line ends.
absl::StatusOr<absl::Time> CertificateExpiry(const EdgeHome& home);

// Renews the certificate from a third of its life on, also when it has ended: a
// box that was dark for longer is known by its journal key. `now` is the hub's
// time as well as it is known here: by a clock that was set back, nothing would
// be renewed until it is too late. True if there is a new one: connect anew.
//
//   UNAVAILABLE  the hub cannot be reached: try later, nothing is lost
absl::StatusOr<bool> RenewIfDue(const EdgeHome& home,
                                const EdgeIdentity& identity,
                                absl::string_view enrol_address,
                                absl::Time now);

}  // namespace branchline

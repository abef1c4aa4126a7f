#pragma once

#include <cstdint>

#include "absl/status/statusor.h"
#include "tools/drill/fd.h"

// TCP on 127.0.0.1. Every socket is non-blocking and closes on exec.
namespace branchline::drill {

// A port that is ours without anybody listening on it: who connects is refused.
struct ReservedPort {
  Fd holder;
  uint16_t port = 0;
};

//   UNAVAILABLE  no free port or descriptor
absl::StatusOr<ReservedPort> ReservePort();

// Listens on a reserved port, until StopListening().
//   UNAVAILABLE  the port cannot be listened on now
absl::StatusOr<Fd> Listen(uint16_t port);

// Refuses from now on, whoever else may just be waiting on the socket: closing
// alone would take effect when poll() on another thread returns.
void StopListening(Fd* listener);

// Takes a waiting connection; an invalid Fd if there is none.
Fd Accept(const Fd& listener);

// Starts to connect; writable once it has, or has failed (see ConnectError).
//   UNAVAILABLE  refused at once, or no descriptor
absl::StatusOr<Fd> StartConnect(uint16_t port);

// 0 if a started connection came about, else errno.
int ConnectError(const Fd& socket);

// Closes with a reset instead of an orderly end.
void CloseWithReset(Fd* socket);

}  // namespace branchline::drill

#pragma once

#include <cstddef>
#include <cstdint>

#include "absl/time/time.h"

namespace branchline {

inline constexpr size_t kBodyBytesMax = 1 << 20;  // of a request, decoded

// What one listener gives to its peers. Defaults are for production; tests make
// them small.
struct HttpLimits {
  // Requests in work at once. One thread each; they sleep in poll() or in the
  // committer, so there are more of them than cores.
  int workers = 16;
  // Accepted connections that wait for a worker. More are told 503 and closed.
  size_t connections_waiting_max = 128;
  int requests_per_connection_max = 1'000;
  // Request line and headers together.
  size_t head_bytes_max = 16 << 10;

  // A connection without a request is closed after this, and sooner when
  // another one waits for a worker.
  absl::Duration idle_timeout = absl::Seconds(30);
  // TLS handshake; and then each whole request, head and body: a peer that
  // sends a byte a second does not hold a worker for longer.
  absl::Duration read_timeout = absl::Seconds(10);
  absl::Duration write_timeout = absl::Seconds(10);

  // After a refusal, what the peer still sends is read and dropped within
  // these; closing at once would make its kernel throw our answer away.
  size_t linger_bytes_max = 8 << 20;
  absl::Duration linger_timeout = absl::Seconds(2);
};

}  // namespace branchline

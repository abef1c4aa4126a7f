#pragma once

#include <cstddef>
#include <cstdint>

#include "absl/time/time.h"
#include "sync/replication/ports.h"

// Every maximum and every wait of replication. Those of frames hold at both
// ends: the sender keeps them, the receiver refuses what breaks them.

namespace branchline {

// Frames.
inline constexpr size_t kFrameBytesMax = 2 << 20;
inline constexpr size_t kRecordBytesMax = (1 << 20) + (64 << 10);
inline constexpr int kPushRecordsMax = 4096;
inline constexpr int kFollowedStreamsMax = 64;  // of one branch
inline constexpr size_t kSecretBytesMax = 64;
inline constexpr size_t kVersionBytesMax = 64;

// Pushes sent and not yet answered. The hub's maximum is above the edge's, so
// that only a broken edge meets it.
inline constexpr size_t kEdgePushesMax = 32;
inline constexpr size_t kHubPushesMax = 64;

// Records and snapshot chunks sent and not yet reported by a PulledTo.
inline constexpr size_t kFeedBytesMax = 1 << 20;
inline constexpr size_t kFeedFramesMax = 64;

// Waits. A heartbeat is sent whatever else is; any frame counts as heard.
inline constexpr absl::Duration kConnectTimeout = absl::Seconds(10);
inline constexpr absl::Duration kHelloTimeout = absl::Seconds(10);
inline constexpr absl::Duration kWelcomeTimeout = absl::Seconds(15);
inline constexpr absl::Duration kHeartbeatEvery = absl::Seconds(5);
inline constexpr absl::Duration kSilenceMax = absl::Seconds(15);
inline constexpr absl::Duration kAckProgressTimeout = absl::Seconds(15);
inline constexpr absl::Duration kPullProgressTimeout = absl::Seconds(15);
// gRPC's own pings, at both ends: for calls that have no heartbeat.
inline constexpr absl::Duration kKeepaliveEvery = absl::Seconds(10);
inline constexpr absl::Duration kKeepaliveTimeout = absl::Seconds(5);
inline constexpr absl::Duration kRetryMin = absl::Milliseconds(500);
inline constexpr absl::Duration kRetryMax = absl::Seconds(30);
inline constexpr absl::Duration kRefusedRetry = absl::Seconds(60);

}  // namespace branchline

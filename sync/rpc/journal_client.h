#pragma once

#include <string>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "branchline/v1/replication.pb.h"
#include "sync/base/cursor.h"
#include "sync/rpc/credentials.h"

namespace branchline {

// The branch's own journal after `after`, as the hub holds it, for a box that
// is being rebuilt. Calls `take` for each chunk, oldest first, and stops at its
// first error, which it returns. Blocks; `progress_timeout` is the longest wait
// for the next chunk.
//
//   UNAVAILABLE        cannot be reached, or the line broke: call again with
//                      the last cursor taken
//   DEADLINE_EXCEEDED  nothing came for `progress_timeout`: as UNAVAILABLE
//   PERMISSION_DENIED, INVALID_ARGUMENT  see HubPort::ReadJournal()
absl::Status FetchJournal(
    const std::string& address, const TlsFiles& tls, absl::string_view branch,
    const Cursor& after, absl::Duration progress_timeout,
    absl::FunctionRef<absl::Status(const v1::FetchJournalChunk&)> take);

}  // namespace branchline

#pragma once

#include <cstdint>

#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "hub/storage/hub_store.h"
#include "sync/base/cursor.h"

namespace branchline {

// Hashes every record of `stream` after `after` and checks that each follows
// the one before. Answers with their number. Ends early if `go_on` says false,
// which is asked for each piece.
//
//   DATA_LOSS  names the record that is damaged or missing
//   CANCELLED  `go_on` said false
absl::StatusOr<uint64_t> CheckStream(const HubStore& store,
                                     absl::string_view stream,
                                     const Cursor& after,
                                     absl::FunctionRef<bool()> go_on);

// What is checked before anything is served: the record under the last signed
// checkpoint has the hash that was signed, and all records after it follow.
// Answers with a line about it.
//
//   DATA_LOSS  as above, or the checkpointed record is missing or another
absl::StatusOr<std::string> CheckStreamEnd(const HubStore& store,
                                           absl::string_view stream);

}  // namespace branchline

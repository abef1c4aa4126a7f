#pragma once

#include <string>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "branchline/v1/record.pb.h"
#include "sync/base/cursor.h"
#include "sync/journal/store.h"

namespace branchline {

// A journal as JSON lines, so that a program of somebody else can check it. The
// format, and such a program, are in docs/JOURNAL.md.

struct ExportOptions {
  // Detachable parts hold personal data and PIN hashes: left out unless asked
  // for. The chain can be checked without them.
  bool with_parts = false;
};

// Each function below returns one line or more, without line ends.

// The first line of every export. `hub_public_key` may be empty: not known.
std::string ExportHeader(absl::string_view hub_public_key);

// One record, whatever is in it: what cannot be decoded has no "event".
std::string ExportRecord(absl::string_view stream, const v1::Record& record,
                         const ExportOptions& options);

std::string ExportCheckpoint(absl::string_view stream,
                             const v1::Checkpoint& checkpoint);

// All of `stream` after `after` in order, each checkpoint right after the
// record that it signs; a "base" line first, if the stream here starts from a
// snapshot or `after` is not its start. Does not check the chain: what is
// stored goes out. Stops early, OK, once `line` returns false.
//
//   NOT_FOUND  there is no such stream here
//   DATA_LOSS  the disk cannot be read on, or a record there cannot be parsed
absl::Status ExportStream(const Store& store, absl::string_view stream,
                          const Cursor& after, const ExportOptions& options,
                          absl::FunctionRef<bool(const std::string&)> line);

}  // namespace branchline

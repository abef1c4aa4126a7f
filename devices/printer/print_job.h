#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace branchline {

enum class PrintState {
  kWaiting,   // nothing of this attempt has been sent
  kSending,   // bytes may have reached the printer; written before the first
  kUnproven,  // sent, wholly or in part, and nobody knows what came out
  kPrinted,   // the printer proved it
  kFailed,    // given up: a person must look, and may reprint or drop it
};

// One slip for one printer, with everything that is needed to print it after a
// crash.
struct PrintJob {
  std::string id;       // of the caller's choice, 1 to kPrintJobIdSizeMax bytes
  uint64_t number = 0;  // order in the queue, from 1
  PrintState state = PrintState::kWaiting;
  int attempts = 0;      // begun
  bool is_copy = false;  // the attempt that is next or under way
  std::string original;  // bytes of the slip
  std::string copy;      // the same, marked as a copy, without a drawer pulse

  bool operator==(const PrintJob&) const = default;
};

inline constexpr size_t kPrintJobIdSizeMax = 64;  // bytes

// Nothing more happens to it by itself.
inline bool IsThrough(const PrintJob& job) {
  return job.state == PrintState::kPrinted || job.state == PrintState::kFailed;
}

// For people: "waiting", "printed".
std::string ToText(PrintState state);

// A job as bytes, and back. Form: "BLPJ", version 1, then number, state,
// attempts, is_copy, id, original and copy (numbers big-endian, strings with a
// length of four bytes), then the FNV-1a hash of all that, eight bytes.
std::string EncodePrintJob(const PrintJob& job);
//   DATA_LOSS  damaged, cut, or of another version
absl::StatusOr<PrintJob> DecodePrintJob(absl::string_view bytes);

// Where jobs outlive the process. What Save() has returned OK for is there
// after a power cut. Used by the printer's thread alone.
class PrintJobStore {
 public:
  virtual ~PrintJobStore() = default;

  // All jobs, in any order.
  //   DATA_LOSS  one cannot be read; the message names it
  virtual absl::StatusOr<std::vector<PrintJob>> Load() = 0;

  // Puts `job` in the place of the one with its number.
  //   RESOURCE_EXHAUSTED, DATA_LOSS  it may not be there: send nothing of it
  virtual absl::Status Save(const PrintJob& job) = 0;

  // Forgets it, if it is there.
  virtual absl::Status Remove(uint64_t number) = 0;
};

}  // namespace branchline

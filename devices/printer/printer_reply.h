#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <variant>

#include "absl/functional/function_ref.h"
#include "absl/strings/string_view.h"
#include "devices/printer/printer_status.h"

namespace branchline {

// What a printer sends. Which DLE EOT a RealTimeReply answers is not in it: the
// answers come in the order of the questions.
struct RealTimeReply {
  uint8_t bits = 0;
};
struct StatusBackReply {
  PrinterStatus status;
};
// GS r 1: what came before it has been executed.
struct BufferedReply {
  uint8_t bits = 0;
};
// GS ( H: what came before it has been printed.
struct ProcessReply {
  std::string token;  // 4 bytes, as they were sent
};
// GS I.
struct InfoReply {
  std::string text;
};
using PrinterReply = std::variant<RealTimeReply, StatusBackReply, BufferedReply,
                                  ProcessReply, InfoReply>;

// Cuts a printer's byte stream into replies. The fixed bits of each kind tell
// them apart (Epson's command reference, "status"):
//
//   0xx1xx10  real-time status
//   0xx1xx00  first of four bytes of automatic status; the others are 0xx0xxxx
//   0000xxxx  buffered status
//   37 .. 00  process id, 5F .. 00 information; at most kBlockSizeMax bytes
//
// XON and XOFF are passed over. A byte that begins nothing is counted and
// dropped, and so is a reply that breaks off, up to the byte that broke it: the
// next one is read. Splitting the stream changes nothing.
//
// Not thread-safe.
class PrinterReplyParser {
 public:
  static constexpr size_t kBlockSizeMax = 80;  // bytes

  void Feed(absl::string_view bytes,
            absl::FunctionRef<void(const PrinterReply&)> on_reply);

  // Forgets what is half read: after a reconnect.
  void Reset() { pending_.clear(); }

  int64_t dropped_bytes() const { return dropped_bytes_; }

 private:
  void Take(uint8_t byte,
            absl::FunctionRef<void(const PrinterReply&)> on_reply);
  void Begin(uint8_t byte,
             absl::FunctionRef<void(const PrinterReply&)> on_reply);

  std::string pending_;  // of a reply that has begun
  int64_t dropped_bytes_ = 0;
};

}  // namespace branchline

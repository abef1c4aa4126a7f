#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include "absl/functional/function_ref.h"
#include "absl/strings/string_view.h"
#include "devices/scale/scale_reading.h"

namespace branchline {

inline constexpr char kStx = 0x02;  // begins a text (ASCII)

// One make's way of asking for a weight: bytes in, bytes and readings out. No
// port and no clock. Whatever comes, at most kReplySizeMax bytes are kept, and
// the answer that follows noise is read.
//
// Refused, and counted: a unit other than kilograms, a weight of another length
// or with other characters than the protocol has, a wrong checksum.
//
// Not thread-safe.
class ScaleProtocol {
 public:
  static constexpr size_t kReplySizeMax = 64;  // bytes

  virtual ~ScaleProtocol() = default;

  // What to send to ask for the weight, forgetting what is half read.
  virtual std::string Ask() = 0;
  // What to send to set the scale to zero; empty if it has no such command.
  virtual std::string Zero() = 0;

  // Takes bytes; returns what is to be sent for them (a handshake), and calls
  // `on_reading` for each whole answer. Splitting the bytes changes nothing.
  virtual std::string Feed(
      absl::string_view bytes,
      absl::FunctionRef<void(const ScaleReading&)> on_reading) = 0;

  // Answers that were refused.
  virtual int64_t refused_count() const = 0;
};

// METTLER TOLEDO 8217, which most makes can be set to: 9600 7E1, W asks.
// (METTLER DIVA and PSC 8500 service manuals.) The eighth bit is masked: it may
// be a parity bit that the port did not take off.
std::unique_ptr<ScaleProtocol> MakeToledo8217();

// CAS "type 6" for cash registers, also Aclas and others: 9600 8N1; ENQ, ACK,
// DC1, then the weight with its checksum. (CAS PD-II manual.)
std::unique_ptr<ScaleProtocol> MakeCasType6();

}  // namespace branchline

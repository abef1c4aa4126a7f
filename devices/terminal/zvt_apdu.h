#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace branchline {

// One ZVT message: class, instruction and data. (ECR-Interface ZVT-Protocol,
// PA00P015 13.08.)
struct ZvtApdu {
  uint8_t class_byte = 0;
  uint8_t instruction = 0;
  std::string data;

  uint16_t command() const {
    return static_cast<uint16_t>(class_byte << 8 | instruction);
  }
  bool operator==(const ZvtApdu&) const = default;
};

inline constexpr size_t kZvtDataSizeMax = 16'384;  // bytes; more is refused

// As it goes over TCP: CLASS INSTR LEN data, LEN being FF lo hi from 255 on.
// `data` has at most kZvtDataSizeMax bytes.
std::string EncodeZvt(const ZvtApdu& apdu);

// Cuts a TCP stream into messages. There is nothing in the stream to
// resynchronise by, so a length that is too large ends it: drop the connection.
// Not thread-safe.
class ZvtFramer {
 public:
  //   DATA_LOSS  a message is longer than kZvtDataSizeMax
  absl::Status Feed(absl::string_view bytes,
                    absl::FunctionRef<void(const ZvtApdu&)> on_apdu);

  void Reset() { pending_.clear(); }

 private:
  std::string pending_;
};

// The fields of a message by their number (BMP). Values are as sent, without
// their length bytes; TLV containers (06) are left whole.
using ZvtFields = std::map<uint8_t, std::string>;

//   INVALID_ARGUMENT  a field that is not known (its length is then not known
//                     either), that is cut, or that comes twice
absl::StatusOr<ZvtFields> ParseZvtFields(absl::string_view data);

// `value` as `size` bytes of binary coded decimals; it must fit.
std::string ZvtBcd(int64_t value, size_t size);
//   INVALID_ARGUMENT  not of decimals, or longer than 18 digits
absl::StatusOr<int64_t> FromZvtBcd(absl::string_view bytes);

// What a terminal says of a payment in Status-Information (04 0F).
struct ZvtStatus {
  int result = -1;  // 27; 0: paid
  std::optional<int64_t> amount_minor;
  std::string currency;                   // 49, "978"; empty if not said
  std::optional<int64_t> trace;           // 0B
  std::optional<int64_t> receipt;         // 87
  std::optional<int64_t> original_trace;  // 37; set: it took that one back
  std::optional<int64_t> time_hhmmss;     // 0C, the terminal's clock
  std::optional<int64_t> date_mmdd;       // 0D
  std::string terminal_id;                // 29, digits
  std::string masked_pan;                 // 22, "E" read as "*"
  std::string card_name;                  // 8B
};

//   INVALID_ARGUMENT  as ParseZvtFields(), or a field that is no number
absl::StatusOr<ZvtStatus> ParseZvtStatus(absl::string_view data);

// The lines that a terminal wants printed (06 D1, 06 D3), in UTF-8; bytes that
// are no text of CP437 print as U+FFFD. None for another message.
std::vector<std::string> ZvtPrintLines(const ZvtApdu& apdu);

// Words for a result code; "code 7f" for one that is not known.
std::string ZvtResultText(int code);

}  // namespace branchline

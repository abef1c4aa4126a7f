#include "devices/terminal/zvt_apdu.h"

#include <array>

#include "absl/strings/str_cat.h"
#include "sync/base/check.h"
#include "sync/base/status_macros.h"

namespace branchline {
namespace {

constexpr size_t kLongLength = 0xFF;

enum class Shape : uint8_t { kFixed, kLlvar, kLllvar, kTlv };

struct FieldShape {
  uint8_t number;
  Shape shape;
  size_t size;  // kFixed
};
// The list of bitmaps of PA00P015.
constexpr std::array<FieldShape, 44> kFields = {{
    {0x01, Shape::kFixed, 1},  {0x02, Shape::kFixed, 1},
    {0x03, Shape::kFixed, 1},  {0x04, Shape::kFixed, 6},
    {0x05, Shape::kFixed, 1},  {0x06, Shape::kTlv, 0},
    {0x0B, Shape::kFixed, 3},  {0x0C, Shape::kFixed, 3},
    {0x0D, Shape::kFixed, 2},  {0x0E, Shape::kFixed, 2},
    {0x17, Shape::kFixed, 2},  {0x19, Shape::kFixed, 1},
    {0x22, Shape::kLlvar, 0},  {0x23, Shape::kLlvar, 0},
    {0x24, Shape::kLllvar, 0}, {0x27, Shape::kFixed, 1},
    {0x29, Shape::kFixed, 4},  {0x2A, Shape::kFixed, 15},
    {0x2D, Shape::kLlvar, 0},  {0x2E, Shape::kLllvar, 0},
    {0x37, Shape::kFixed, 3},  {0x3A, Shape::kFixed, 2},
    {0x3B, Shape::kFixed, 8},  {0x3C, Shape::kLllvar, 0},
    {0x3D, Shape::kFixed, 3},  {0x49, Shape::kFixed, 2},
    {0x60, Shape::kLllvar, 0}, {0x87, Shape::kFixed, 2},
    {0x88, Shape::kFixed, 3},  {0x8A, Shape::kFixed, 1},
    {0x8B, Shape::kLlvar, 0},  {0x8C, Shape::kFixed, 1},
    {0x92, Shape::kLllvar, 0}, {0x9A, Shape::kLllvar, 0},
    {0xA0, Shape::kFixed, 1},  {0xA7, Shape::kLlvar, 0},
    {0xAA, Shape::kFixed, 3},  {0xAF, Shape::kLllvar, 0},
    {0xBA, Shape::kFixed, 5},  {0xD0, Shape::kFixed, 1},
    {0xD1, Shape::kLlvar, 0},  {0xD2, Shape::kLlvar, 0},
    {0xD3, Shape::kLlvar, 0},  {0xEB, Shape::kFixed, 8},
}};

const FieldShape* ShapeOf(uint8_t number) {
  for (const FieldShape& shape : kFields) {
    if (shape.number == number) return &shape;
  }
  return nullptr;
}

uint8_t ByteAt(absl::string_view bytes, size_t i) {
  return static_cast<uint8_t>(bytes[i]);
}

// Takes the length bytes off `*in`: F0-F9 each, one decimal digit.
bool TakeVarLength(size_t digits, absl::string_view* in, size_t* size) {
  if (in->size() < digits) return false;
  *size = 0;
  for (size_t i = 0; i < digits; ++i) {
    const uint8_t byte = ByteAt(*in, i);
    if (byte < 0xF0 || byte > 0xF9) return false;
    *size = *size * 10 + (byte & 0x0F);
  }
  in->remove_prefix(digits);
  return true;
}

// n up to 127, 81 n, 82 hi lo.
bool TakeTlvLength(absl::string_view* in, size_t* size) {
  if (in->empty()) return false;
  const uint8_t first = ByteAt(*in, 0);
  const size_t more = first == 0x81 ? 1 : first == 0x82 ? 2 : 0;
  if ((first >= 0x80 && more == 0) || in->size() < 1 + more) return false;
  *size = more == 0 ? first : 0;
  for (size_t i = 1; i <= more; ++i) *size = *size << 8 | ByteAt(*in, i);
  in->remove_prefix(1 + more);
  return true;
}

bool TakeLength(const FieldShape& shape, absl::string_view* in, size_t* size) {
  switch (shape.shape) {
    case Shape::kFixed:
      *size = shape.size;
      return true;
    case Shape::kLlvar:
      return TakeVarLength(2, in, size);
    case Shape::kLllvar:
      return TakeVarLength(3, in, size);
    case Shape::kTlv:
      return TakeTlvLength(in, size);
  }
  return false;
}

std::string HexByte(int byte) {
  return absl::StrCat(absl::Hex(byte, absl::kZeroPad2));
}

std::string DigitsOf(absl::string_view bytes, char for_e) {
  std::string digits;
  for (const char c : bytes) {
    for (const int nibble : {(c >> 4) & 0x0F, c & 0x0F}) {
      if (nibble == 0x0F) continue;  // filler
      digits.push_back(nibble == 0x0E ? for_e
                                      : static_cast<char>('0' + nibble));
    }
  }
  return digits;
}

}  // namespace

std::string EncodeZvt(const ZvtApdu& apdu) {
  const size_t size = apdu.data.size();
  BL_CHECK(size <= kZvtDataSizeMax, "what we send fits a message");
  std::string bytes = {static_cast<char>(apdu.class_byte),
                       static_cast<char>(apdu.instruction)};
  if (size < kLongLength) {
    bytes.push_back(static_cast<char>(size));
  } else {
    bytes.push_back(static_cast<char>(kLongLength));
    bytes.push_back(static_cast<char>(size & 0xFF));
    bytes.push_back(static_cast<char>(size >> 8));
  }
  return bytes + apdu.data;
}

absl::Status ZvtFramer::Feed(absl::string_view bytes,
                             absl::FunctionRef<void(const ZvtApdu&)> on_apdu) {
  pending_.append(bytes.data(), bytes.size());
  absl::string_view in = pending_;
  while (in.size() >= 3) {
    size_t head = 3;
    size_t size = ByteAt(in, 2);
    if (size == kLongLength) {
      head = 5;
      if (in.size() < head) break;
      size = static_cast<size_t>(ByteAt(in, 3)) |
             static_cast<size_t>(ByteAt(in, 4)) << 8;
    }
    if (size > kZvtDataSizeMax) {
      pending_.clear();
      return absl::DataLossError(absl::StrCat(
          "read the card terminal: a message of ", size, " bytes, at most ",
          kZvtDataSizeMax, "; drop the connection"));
    }
    if (in.size() < head + size) break;
    on_apdu({ByteAt(in, 0), ByteAt(in, 1), std::string(in.substr(head, size))});
    in.remove_prefix(head + size);
  }
  pending_ = std::string(in);
  return absl::OkStatus();
}

absl::StatusOr<ZvtFields> ParseZvtFields(absl::string_view data) {
  ZvtFields fields;
  while (!data.empty()) {
    const uint8_t number = ByteAt(data, 0);
    data.remove_prefix(1);
    const FieldShape* const shape = ShapeOf(number);
    if (shape == nullptr) {
      return absl::InvalidArgumentError(absl::StrCat(
          "ZVT field ", HexByte(number), ": not known, so its end is not"));
    }
    size_t size = 0;
    if (!TakeLength(*shape, &data, &size) || size > data.size()) {
      return absl::InvalidArgumentError(
          absl::StrCat("ZVT field ", HexByte(number), ": it is cut"));
    }
    if (!fields.emplace(number, data.substr(0, size)).second) {
      return absl::InvalidArgumentError(
          absl::StrCat("ZVT field ", HexByte(number), ": it comes twice"));
    }
    data.remove_prefix(size);
  }
  return fields;
}

std::string ZvtBcd(int64_t value, size_t size) {
  BL_CHECK(value >= 0, "binary coded decimals have no sign");
  std::string bytes(size, '\0');
  for (size_t i = size; i > 0; --i, value /= 100) {
    bytes[i - 1] = static_cast<char>((value / 10 % 10) << 4 | (value % 10));
  }
  BL_CHECK(value == 0, "the number fits its field");
  return bytes;
}

absl::StatusOr<int64_t> FromZvtBcd(absl::string_view bytes) {
  if (bytes.size() > 9) {
    return absl::InvalidArgumentError("ZVT number: longer than 18 digits");
  }
  int64_t value = 0;
  for (const char c : bytes) {
    const int high = (c >> 4) & 0x0F;
    const int low = c & 0x0F;
    if (high > 9 || low > 9) {
      return absl::InvalidArgumentError("ZVT number: not of decimals");
    }
    value = value * 100 + high * 10 + low;
  }
  return value;
}

absl::StatusOr<ZvtStatus> ParseZvtStatus(absl::string_view data) {
  BL_ASSIGN_OR_RETURN(const ZvtFields fields, ParseZvtFields(data));
  ZvtStatus status;
  const auto number = [&fields](uint8_t field, std::optional<int64_t>* out) {
    const auto found = fields.find(field);
    if (found == fields.end()) return absl::OkStatus();
    absl::StatusOr<int64_t> value = FromZvtBcd(found->second);
    if (!value.ok()) {
      return Annotate(value.status(), absl::StrCat("field ", HexByte(field)));
    }
    *out = *value;
    return absl::OkStatus();
  };
  std::optional<int64_t> currency;
  BL_RETURN_IF_ERROR(number(0x04, &status.amount_minor));
  BL_RETURN_IF_ERROR(number(0x0B, &status.trace));
  BL_RETURN_IF_ERROR(number(0x87, &status.receipt));
  BL_RETURN_IF_ERROR(number(0x37, &status.original_trace));
  BL_RETURN_IF_ERROR(number(0x0C, &status.time_hhmmss));
  BL_RETURN_IF_ERROR(number(0x0D, &status.date_mmdd));
  BL_RETURN_IF_ERROR(number(0x49, &currency));
  if (currency.has_value()) {
    const std::string digits = absl::StrCat(*currency);
    status.currency =
        std::string(digits.size() < 3 ? 3 - digits.size() : 0, '0') + digits;
  }
  for (const auto& [field, value] : fields) {
    if (field == 0x27) status.result = ByteAt(value, 0);
    if (field == 0x29) status.terminal_id = DigitsOf(value, '*');
    if (field == 0x22) status.masked_pan = DigitsOf(value, '*');
    if (field == 0x8B) {
      status.card_name = value.substr(0, value.find('\0'));
    }
  }
  return status;
}

std::string ZvtResultText(int code) {
  switch (code) {
    case 0x00:
      return "paid";
    case 0x05:
      return "declined";
    case 0x6C:
      return "aborted, or nobody put a card in";
    case 0x6F:
      return "wrong currency";
    case 0x9C:
      return "the terminal is busy, wait";
    case 0xB4:
      return "reversed already";
    case 0xB5:
      return "cannot be reversed";
    case 0xCC:
      return "its printer is not ready";
    case 0xFF:
      return "system error of the terminal";
    default:
      return absl::StrCat("code ", HexByte(code));
  }
}

}  // namespace branchline

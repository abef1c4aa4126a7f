#include "devices/printer/printer_reply.h"

#include <utility>

namespace branchline {
namespace {

constexpr uint8_t kXon = 0x11;
constexpr uint8_t kXoff = 0x13;
constexpr uint8_t kProcessHead = 0x37;
constexpr uint8_t kInfoHead = 0x5F;
constexpr size_t kProcessSize = 7;  // 37 22 d1 d2 d3 d4 00

bool IsRealTime(uint8_t byte) { return (byte & 0x93) == 0x12; }
bool IsBackHead(uint8_t byte) { return (byte & 0x93) == 0x10; }
bool IsPlain(uint8_t byte) { return (byte & 0x90) == 0x00; }
// GS r uses the low bits alone.
bool IsBuffered(uint8_t byte) { return (byte & 0xF0) == 0x00; }

}  // namespace

void PrinterReplyParser::Feed(
    absl::string_view bytes,
    absl::FunctionRef<void(const PrinterReply&)> on_reply) {
  for (const char c : bytes) Take(static_cast<uint8_t>(c), on_reply);
}

void PrinterReplyParser::Begin(
    uint8_t byte, absl::FunctionRef<void(const PrinterReply&)> on_reply) {
  if (byte == kXon || byte == kXoff) return;
  if (byte == kProcessHead || byte == kInfoHead || IsBackHead(byte)) {
    pending_.assign(1, static_cast<char>(byte));
  } else if (IsRealTime(byte)) {
    on_reply(RealTimeReply{byte});
  } else if (IsBuffered(byte)) {
    on_reply(BufferedReply{byte});
  } else {
    ++dropped_bytes_;
  }
}

void PrinterReplyParser::Take(
    uint8_t byte, absl::FunctionRef<void(const PrinterReply&)> on_reply) {
  if (pending_.empty()) return Begin(byte, on_reply);
  const auto head = static_cast<uint8_t>(pending_[0]);
  const bool is_back = IsBackHead(head);
  const bool is_process = head == kProcessHead;
  // Process ids and names are printable and end with 00.
  const bool fits =
      is_back ? IsPlain(byte) : byte == 0 || (byte >= 0x20 && byte < 0x7F);
  if (!fits || pending_.size() >= kBlockSizeMax) {
    dropped_bytes_ += static_cast<int64_t>(pending_.size());
    pending_.clear();
    return Begin(byte, on_reply);
  }
  pending_.push_back(static_cast<char>(byte));
  if (is_back) {
    if (pending_.size() < 4) return;
    const std::string bytes = std::exchange(pending_, "");
    on_reply(StatusBackReply{
        StatusFromBack(reinterpret_cast<const uint8_t*>(bytes.data()))});
    return;
  }
  if (byte != 0) return;
  const std::string block = std::exchange(pending_, "");
  if (!is_process) {
    on_reply(InfoReply{block.substr(1, block.size() - 2)});
  } else if (block.size() == kProcessSize && block[1] == 0x22) {
    on_reply(ProcessReply{block.substr(2, 4)});
  } else {
    dropped_bytes_ += static_cast<int64_t>(block.size());
  }
}

}  // namespace branchline

#include "devices/printer/printer_status.h"

#include "absl/strings/str_cat.h"

namespace branchline {
namespace {

Paper PaperFrom(bool low, bool out) {
  return out ? Paper::kOut : low ? Paper::kLow : Paper::kOk;
}

}  // namespace

std::string ToText(const PrinterStatus& status) {
  std::string text;
  const auto add = [&text](bool holds, absl::string_view what) {
    if (holds) absl::StrAppend(&text, text.empty() ? "" : ", ", what);
  };
  add(status.paper == Paper::kOut, "paper out");
  add(status.cover_open, "cover open");
  add(status.cutter_error, "knife stuck");
  add(status.unrecoverable_error, "broken: switch it off and on");
  add(status.other_error, "error");
  add(status.feeding, "feed button held");
  add(!status.online && text.empty(), "off line");
  add(status.paper == Paper::kLow, "paper is low");
  return text.empty() ? "ready" : text;
}

void ApplyRealTimeStatus(int query, uint8_t answer, PrinterStatus* status) {
  const auto bit = [answer](int n) { return (answer >> n & 1) != 0; };
  switch (query) {
    case 1:
      status->drawer_pin_high = bit(2);
      status->online = !bit(3);
      break;
    case 2:
      status->cover_open = bit(2);
      status->feeding = bit(3);
      status->other_error = bit(6);
      if (bit(5)) status->paper = Paper::kOut;
      break;
    case 3:
      status->cutter_error = bit(3);
      status->unrecoverable_error = bit(5);
      status->other_error = status->other_error && !bit(3) && !bit(5);
      if (bit(6)) status->other_error = true;
      break;
    case 4:
      status->paper = PaperFrom(bit(2) || bit(3), bit(5) || bit(6));
      break;
    default:
      break;
  }
}

PrinterStatus StatusFromBack(const uint8_t bytes[4]) {
  const auto bit = [bytes](int byte, int n) {
    return (bytes[byte] >> n & 1) != 0;
  };
  PrinterStatus status;
  status.drawer_pin_high = bit(0, 2);
  status.online = !bit(0, 3);
  status.cover_open = bit(0, 5);
  status.feeding = bit(0, 6);
  status.cutter_error = bit(1, 3);
  status.unrecoverable_error = bit(1, 5);
  status.other_error = bit(1, 6) || bit(1, 2);
  status.paper = PaperFrom(bit(2, 0) || bit(2, 1), bit(2, 2) || bit(2, 3));
  return status;
}

}  // namespace branchline

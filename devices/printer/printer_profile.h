#pragma once

#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace branchline {

// How a printer proves that paper came out, best first.
enum class PrintProof {
  kProcessId,  // GS ( H: answers when what came before has been printed
  kBuffered,   // GS r 1: answers when what came before has been executed
  kStatus,     // neither: on line and without an error some time after
};

enum class PaperCut { kNone, kFull, kPartial };

// What one model can do. Plain data: a model that is not among Profiles() is
// described in configuration.
struct PrinterProfile {
  std::string name;
  int columns = 48;     // of font A
  int cell_width = 12;  // dots of one column
  int cell_height = 24;
  // Code pages by their ESC t number, in the order in which they are tried.
  std::vector<std::pair<int, std::string>> code_pages;
  // "GB18030", "GBK", "BIG5", "SHIFT_JIS", "EUC_KR", or empty if it has no
  // two-byte characters.
  std::string double_byte;
  bool double_byte_at_power_on = false;
  bool raster = true;       // GS v 0
  bool qr_command = true;   // GS ( k; else QR codes are sent as pictures
  bool status_back = true;  // GS a: says by itself when its status changes
  PaperCut cut = PaperCut::kPartial;
  int feed_to_knife_lines = 4;
  PrintProof proof = PrintProof::kBuffered;
  bool real_time_pulse = true;  // DLE DC4: opens the drawer with no paper in

  int dots() const { return columns * cell_width; }
};

// The built-in ones. Facts: escpos-printer-db (CC BY 4.0) and the makers'
// command references.
const std::vector<PrinterProfile>& Profiles();

//   NOT_FOUND  no such profile; the message lists those there are
absl::StatusOr<PrinterProfile> FindProfile(absl::string_view name);

}  // namespace branchline

#pragma once

#include <cstdint>
#include <string>

namespace branchline {

enum class Paper { kOk, kLow, kOut };

// What a printer says of itself. Bits from Epson's command reference, DLE EOT 1
// to 4 and GS a.
struct PrinterStatus {
  bool online = true;
  Paper paper = Paper::kOk;
  bool cover_open = false;
  bool feeding = false;  // somebody holds its feed button
  bool cutter_error = false;
  bool unrecoverable_error = false;  // switch it off and on
  bool other_error = false;          // recovers when its cause is gone
  bool drawer_pin_high = false;      // which level is "open" is the drawer's

  bool operator==(const PrinterStatus&) const = default;

  // Whether a job that is sent now can come out.
  bool CanPrint() const {
    return online && paper != Paper::kOut && !cover_open && !cutter_error &&
           !unrecoverable_error && !other_error;
  }
};

// For people: "ready", "paper is low", "paper out, cover open".
std::string ToText(const PrinterStatus& status);

// Folds the answer to DLE EOT `query` (1 to 4) into `*status`.
void ApplyRealTimeStatus(int query, uint8_t answer, PrinterStatus* status);

// The status that the four bytes of an automatic status back (GS a) say.
PrinterStatus StatusFromBack(const uint8_t bytes[4]);

}  // namespace branchline

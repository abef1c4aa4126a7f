#include "devices/scanner/scanner_emulator.h"

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"

namespace branchline {

void ScannerEmulator::Scan(absl::string_view aim, absl::string_view text) {
  Send(absl::StrCat(aim, text, "\r"));
}

void ScannerEmulator::Send(absl::string_view bytes) {
  // A connection is there for a device once it has been looked for.
  char unread[16];
  (void)port_->Read(unread, sizeof(unread), absl::Milliseconds(1));
  port_->Write(bytes, absl::Seconds(1));
}

}  // namespace branchline

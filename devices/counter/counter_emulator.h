#pragma once

#include <array>
#include <atomic>
#include <memory>
#include <string>
#include <thread>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"
#include "devices/display/cd5220.h"
#include "devices/emulator/emulator_port.h"
#include "devices/printer/emulator/printer_emulator_server.h"
#include "devices/scale/scale_emulator.h"
#include "devices/scanner/scanner_emulator.h"

namespace branchline {

// A whole counter without hardware: a printer with a cash drawer, a scanner, a
// scale and a customer display, each at an address that a driver opens. It is
// told by commands what people and devices do, and answers what would be seen.
// For laptops, demonstrations and tests. Thread-safe.
class CounterEmulator {
 public:
  struct Options {
    std::string dir;  // for the links to its pseudo-terminals; it is there
    std::string printer_profile = "epson-80mm";
  };

  //   NOT_FOUND    no such profile
  //   UNAVAILABLE  no pseudo-terminal or socket to be had, or no right in `dir`
  static absl::StatusOr<std::unique_ptr<CounterEmulator>> Open(
      const Options& options);
  ~CounterEmulator();

  std::string printer_address() const { return printer_->address(); }
  std::string scanner_address() const { return scanner_.address(); }
  std::string scale_address() const { return scale_port_->address(); }
  std::string display_address() const { return display_port_->address(); }

  // What Do() understands, a line each.
  static absl::string_view Help();
  // Does one command and returns what is to be seen; may be empty.
  //
  //   INVALID_ARGUMENT  no such command; says which there are
  absl::StatusOr<std::string> Do(absl::string_view command);

  PrinterEmulatorServer& printer() { return *printer_; }
  ScannerEmulator& scanner() { return scanner_; }

 private:
  struct Parts {
    std::unique_ptr<GlyphSource> glyphs;
    std::unique_ptr<PrinterEmulatorServer> printer;
    std::unique_ptr<EmulatorPort> scanner;
    std::unique_ptr<EmulatorPort> scale;
    std::unique_ptr<EmulatorPort> display;
  };
  explicit CounterEmulator(Parts parts);

  void ServeScale();
  void ServeDisplay();
  // A pulse pushes the drawer open; only a hand shuts it.
  void WatchDrawer();
  absl::StatusOr<std::string> Printer(absl::string_view what,
                                      absl::string_view how);
  absl::StatusOr<std::string> Weigh(absl::string_view what);
  std::string Show();
  std::string Paper();

  const std::unique_ptr<GlyphSource> glyphs_;  // the printer's
  const std::unique_ptr<PrinterEmulatorServer> printer_;
  ScannerEmulator scanner_;
  const std::unique_ptr<EmulatorPort> scale_port_;
  const std::unique_ptr<EmulatorPort> display_port_;
  std::atomic<bool> stop_ = false;

  absl::Mutex mutex_;
  ScaleEmulator scale_ ABSL_GUARDED_BY(mutex_){
      ScaleEmulator::Kind::kToledo8217};
  Cd5220Emulator display_ ABSL_GUARDED_BY(mutex_);
  std::thread scale_thread_;
  std::thread display_thread_;
  std::thread drawer_thread_;
};

}  // namespace branchline

#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "devices/printer/emulator/escpos_parser.h"
#include "devices/printer/emulator/paper_roll.h"
#include "devices/printer/glyph_source.h"
#include "devices/printer/printer_profile.h"
#include "devices/printer/printer_status.h"
#include "devices/text/charset.h"

namespace branchline {

// A receipt printer without the printer: takes ESC/POS, answers, and keeps what
// would be on the paper. It can misbehave as printers do. No port and no
// thread: PrinterEmulatorServer gives it both. Not thread-safe.
class PrinterEmulator {
 public:
  struct Options {
    PrinterProfile profile;
    size_t buffer_size = 4'096;  // bytes it takes while it cannot print
  };

  // `glyphs` may be null and outlives the emulator.
  //
  //   INVALID_ARGUMENT  the profile names a character set that does not exist
  static absl::StatusOr<PrinterEmulator> Make(const Options& options,
                                              GlyphSource* glyphs);

  // Takes as many of `bytes` as it has room for, and returns how many.
  size_t Accept(absl::string_view bytes);
  // What it says since the last call.
  std::string TakeReplies();
  size_t room() const;

  // Misbehaviour.
  //
  // Off: what it had in its buffer is gone, and so are its modes.
  void SetPower(bool on);
  void SetCoverOpen(bool open);
  // Paper for `dots` more; nullopt for a full roll. Running out leaves the rest
  // in the buffer.
  void SetPaperLeft(std::optional<int> dots);
  void SetPaperLow(bool low);
  void SetCutterStuck(bool stuck);
  // Prints, and says nothing.
  void SetMute(bool mute) { mute_ = mute; }
  void SetDrawerPinHigh(bool high);

  bool is_on() const { return is_on_; }
  const PaperRoll& paper() const { return paper_; }
  int pulse_count() const { return pulse_count_; }
  int unknown_commands() const { return unknown_commands_; }

 private:
  // What ESC @ and the power switch reset.
  struct Modes {
    bool bold = false;
    bool underline = false;
    bool inverse = false;
    bool font_b = false;
    int width_times = 1;
    int height_times = 1;
    int align = 0;
    int page = 0;
    int line_spacing = 30;  // dots
    bool double_byte = false;
    int barcode_height = 80;
    int barcode_module = 3;
    int barcode_text = 0;
    int left_margin = 0;
    std::string qr_data;
    int qr_module = 3;
    char qr_level = '0';
    Bitmap stored;  // GS ( L 112
  };

  PrinterEmulator(const Options& options, GlyphSource* glyphs);

  void Run();
  bool CanPrint() const;
  // False: the command waits for paper.
  bool Execute(const EscposCommand& command);
  void ExecuteEsc(const EscposCommand& command);
  void ExecuteGs(const EscposCommand& command);
  void ExecuteFs(const EscposCommand& command);
  void Graphics(const EscposCommand& command, size_t at);
  void QrFunction(const EscposCommand& command);
  void Raster(const EscposCommand& command);
  void ColumnImage(const EscposCommand& command);
  void Barcode(const EscposCommand& command);
  void PictureAligned(const Bitmap& picture, const std::string& what);
  void Cut();
  void TextCharacter(const EscposCommand& command);
  void Put(char32_t character, int columns);
  void EndLine(int feed);
  int FeedOf(const EscposCommand& command) const;
  void UsePaper(int dots);

  void RealTime(uint8_t byte);
  uint8_t RealTimeStatus(int n) const;
  std::string StatusBack() const;
  void Say(absl::string_view bytes);
  void StatusChanged();
  void Pulse(int pin);

  const Options options_;
  EscposParser parser_;
  std::string real_time_;  // the last bytes, to find DLE commands anywhere
  std::string replies_;
  std::map<int, Charset> pages_;
  std::vector<Charset> double_byte_;
  Modes modes_;
  std::vector<PrintedCharacter> line_;
  int line_end_ = 0;  // dots
  PaperRoll paper_;

  std::optional<EscposCommand> waiting_;  // for paper
  bool is_on_ = true;
  bool mute_ = false;
  bool cover_open_ = false;
  bool paper_low_ = false;
  bool cutter_stuck_ = false;
  bool pin_high_ = false;
  std::optional<int> paper_left_;
  bool paper_out_ = false;
  int status_back_ = 0;  // GS a
  int pulse_count_ = 0;
  int unknown_commands_ = 0;
};

}  // namespace branchline

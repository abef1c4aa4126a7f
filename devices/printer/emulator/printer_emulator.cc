#include "devices/printer/emulator/printer_emulator.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "devices/text/utf8.h"
#include "sync/base/status_macros.h"

namespace branchline {
namespace {

constexpr size_t kRepliesSizeMax = 4'096;

}  // namespace

PrinterEmulator::PrinterEmulator(const Options& options, GlyphSource* glyphs)
    : options_(options),
      paper_(options.profile.dots(), options.profile.cell_width, glyphs) {
  modes_.double_byte = options_.profile.double_byte_at_power_on;
}

absl::StatusOr<PrinterEmulator> PrinterEmulator::Make(const Options& options,
                                                      GlyphSource* glyphs) {
  PrinterEmulator emulator(options, glyphs);
  for (const auto& [number, name] : options.profile.code_pages) {
    BL_ASSIGN_OR_RETURN(Charset page, Charset::Open(name));
    emulator.pages_.emplace(number, std::move(page));
  }
  if (!options.profile.double_byte.empty()) {
    BL_ASSIGN_OR_RETURN(Charset set,
                        Charset::Open(options.profile.double_byte));
    emulator.double_byte_.push_back(std::move(set));
  }
  return emulator;
}

size_t PrinterEmulator::room() const {
  if (!is_on_) return 0;
  const size_t used = parser_.pending_size();
  // One whole picture always fits once it can print.
  const size_t size =
      CanPrint() ? EscposParser::kCommandSizeMax : options_.buffer_size;
  return used >= size ? 0 : size - used;
}

size_t PrinterEmulator::Accept(absl::string_view bytes) {
  if (!is_on_) return bytes.size();  // into nothing
  const absl::string_view taken =
      bytes.substr(0, std::min(room(), bytes.size()));
  for (const char c : taken) RealTime(static_cast<uint8_t>(c));
  parser_.Append(taken);
  Run();
  return taken.size();
}

void PrinterEmulator::Run() {
  while (is_on_ && CanPrint()) {
    std::optional<EscposCommand> command =
        std::exchange(waiting_, std::nullopt);
    if (!command.has_value()) command = parser_.Next(modes_.double_byte);
    if (!command.has_value()) return;
    if (!Execute(*command)) waiting_ = std::move(command);
  }
}

bool PrinterEmulator::CanPrint() const {
  return !cover_open_ && !paper_out_ && !cutter_stuck_;
}

std::string PrinterEmulator::TakeReplies() {
  return std::exchange(replies_, "");
}

void PrinterEmulator::Say(absl::string_view bytes) {
  if (mute_ || !is_on_ || replies_.size() > kRepliesSizeMax) return;
  absl::StrAppend(&replies_, bytes);
}

void PrinterEmulator::SetPower(bool on) {
  is_on_ = on;
  parser_.Clear();
  waiting_.reset();
  real_time_.clear();
  replies_.clear();
  line_.clear();
  line_end_ = 0;
  modes_ = Modes();
  modes_.double_byte = options_.profile.double_byte_at_power_on;
  status_back_ = 0;
}

void PrinterEmulator::SetCoverOpen(bool open) {
  cover_open_ = open;
  StatusChanged();
}

void PrinterEmulator::SetPaperLeft(std::optional<int> dots) {
  paper_left_ = dots;
  paper_out_ = dots.has_value() && *dots <= 0;
  StatusChanged();
}

void PrinterEmulator::SetPaperLow(bool low) {
  paper_low_ = low;
  StatusChanged();
}

void PrinterEmulator::SetCutterStuck(bool stuck) {
  cutter_stuck_ = stuck;
  StatusChanged();
}

void PrinterEmulator::SetDrawerPinHigh(bool high) {
  pin_high_ = high;
  StatusChanged();
}

void PrinterEmulator::StatusChanged() {
  if (status_back_ != 0) Say(StatusBack());
  Run();
}

void PrinterEmulator::UsePaper(int dots) {
  if (paper_left_.has_value()) *paper_left_ -= dots;
}

// Obeyed as they come in, whatever they stand in the middle of.
void PrinterEmulator::RealTime(uint8_t byte) {
  real_time_.push_back(static_cast<char>(byte));
  if (real_time_.size() > 5) real_time_.erase(0, 1);
  const auto at = [this](size_t from_end) {
    return real_time_.size() < from_end
               ? -1
               : static_cast<unsigned char>(
                     real_time_[real_time_.size() - from_end]);
  };
  if (at(3) == 0x10 && at(2) == 0x04 && at(1) >= 1 && at(1) <= 4) {
    Say(std::string(1, static_cast<char>(RealTimeStatus(at(1)))));
  }
  if (at(5) == 0x10 && at(4) == 0x14 && at(3) == 1 && at(2) <= 1 &&
      at(1) >= 1 && at(1) <= 8) {
    Pulse(at(2));
  }
}

uint8_t PrinterEmulator::RealTimeStatus(int n) const {
  const bool offline = !CanPrint();
  int bits = 0x12;
  switch (n) {
    case 1:
      bits |= (pin_high_ ? 0x04 : 0) | (offline ? 0x08 : 0);
      break;
    case 2:
      bits |= (cover_open_ ? 0x04 : 0) | (paper_out_ ? 0x20 : 0) |
              (cutter_stuck_ ? 0x40 : 0);
      break;
    case 3:
      bits |= cutter_stuck_ ? 0x08 : 0;
      break;
    default:
      bits |= (paper_low_ || paper_out_ ? 0x0C : 0) | (paper_out_ ? 0x60 : 0);
      break;
  }
  return static_cast<uint8_t>(bits);
}

std::string PrinterEmulator::StatusBack() const {
  const int first = 0x10 | (pin_high_ ? 0x04 : 0) | (CanPrint() ? 0 : 0x08) |
                    (cover_open_ ? 0x20 : 0);
  const int third =
      (paper_low_ || paper_out_ ? 0x03 : 0) | (paper_out_ ? 0x0C : 0);
  return {static_cast<char>(first), static_cast<char>(cutter_stuck_ ? 0x08 : 0),
          static_cast<char>(third), '\0'};
}

void PrinterEmulator::Pulse(int pin) {
  ++pulse_count_;
  paper_.AddNote(absl::StrCat("[drawer, pin ", pin == 1 ? 5 : 2, "]"));
}

void PrinterEmulator::TextCharacter(const EscposCommand& command) {
  if (command.bytes.size() > 1) {
    const std::u32string characters =
        double_byte_.empty() ? U"\uFFFD"
                             : double_byte_.front().Decode(command.bytes);
    return Put(characters.empty() ? U'\uFFFD' : characters[0], 2);
  }
  if (command.At(0) < 0x80) {
    return Put(static_cast<char32_t>(command.At(0)), 1);
  }
  const auto page = pages_.find(modes_.page);
  const std::u32string characters =
      page == pages_.end() ? U"\uFFFD" : page->second.Decode(command.bytes);
  Put(characters.empty() ? U'\uFFFD' : characters[0], 1);
}

void PrinterEmulator::Put(char32_t character, int columns) {
  PrintedCharacter printed;
  printed.character = character;
  printed.cell_width =
      columns * (modes_.font_b ? options_.profile.cell_width * 3 / 4
                               : options_.profile.cell_width);
  printed.cell_height = modes_.font_b ? options_.profile.cell_height * 17 / 24
                                      : options_.profile.cell_height;
  printed.width_times = modes_.width_times;
  printed.height_times = modes_.height_times;
  printed.bold = modes_.bold;
  printed.underline = modes_.underline;
  printed.inverse = modes_.inverse;
  const int margin = modes_.left_margin;
  if (line_end_ + printed.width() > options_.profile.dots() - margin) {
    EndLine(modes_.line_spacing);
  }
  printed.x = line_end_;
  line_end_ += printed.width();
  line_.push_back(printed);
}

void PrinterEmulator::EndLine(int feed) {
  const int room = options_.profile.dots() - line_end_;
  const int shift = modes_.left_margin + (modes_.align == 1   ? room / 2
                                          : modes_.align == 2 ? room
                                                              : 0);
  for (PrintedCharacter& printed : line_) printed.x += shift;
  const int before = paper_.picture().height();
  paper_.AddLine(std::exchange(line_, {}), feed);
  line_end_ = 0;
  UsePaper(paper_.picture().height() - before);
}

void PrinterEmulator::PictureAligned(const Bitmap& picture,
                                     const std::string& what) {
  const int room = std::max(options_.profile.dots() - picture.width(), 0);
  const int x = modes_.align == 1 ? room / 2 : modes_.align == 2 ? room : 0;
  paper_.AddPicture(picture, modes_.left_margin + x, what);
  UsePaper(picture.height());
}

}  // namespace branchline

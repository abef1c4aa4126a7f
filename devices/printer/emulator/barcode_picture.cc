#include "devices/printer/emulator/barcode_picture.h"

#include <array>
#include <cstddef>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "sync/base/check_digit.h"

namespace branchline {
namespace {

// Widths of space, bar, space, bar of the digits of EAN's set A (ISO/IEC
// 15420). Set C has them as bar, space, bar, space; set B is set C mirrored.
constexpr std::array<const char*, 10> kEanWidths = {
    "3211", "2221", "2122", "1411", "1132",
    "1231", "1114", "1312", "1213", "3112"};
// Which of the left six digits of EAN-13 are of set B, by the first digit.
constexpr std::array<const char*, 10> kEanParity = {
    "AAAAAA", "AABABB", "AABBAB", "AABBBA", "ABAABB",
    "ABBAAB", "ABBBAA", "ABABAB", "ABABBA", "ABBABA"};
// Widths of bar, space, ... of CODE128's values 0 to 105, and its stop (ISO/IEC
// 15417), six digits each.
constexpr absl::string_view kCode128Widths =
    "212222222122222221121223121322131222122213122312132212221213221312"
    "231212112232122132122231113222123122123221223211221132221231213212"
    "223112312131311222321122321221312212322112322211212123212321232121"
    "111323131123131321112313132113132311211313231113231311112133112331"
    "132131113123113321133121313121211331231131213113213311213131311123"
    "311321331121312113312311332111314111221411431111111224111422121124"
    "121421141122141221112214112412122114122411142112142211241211221114"
    "413111241112134111111242121142121241114212124112124211411212421112"
    "421211212141214121412121111143111341131141114113114311411113411311"
    "113141114131311141411131211412211214211232";
constexpr int kStartB = 104;

class Bars {
 public:
  void Add(absl::string_view widths, bool begins_with_bar) {
    bool bar = begins_with_bar;
    for (const char width : widths) {
      modules_.insert(modules_.end(), static_cast<size_t>(width - '0'), bar);
      bar = !bar;
    }
  }
  Bitmap Draw(int module_dots, int height_dots) const {
    Bitmap picture(static_cast<int>(modules_.size()) * module_dots,
                   height_dots);
    for (int x = 0; x < picture.width(); ++x) {
      if (!modules_[static_cast<size_t>(x / module_dots)]) continue;
      for (int y = 0; y < height_dots; ++y) picture.Set(x, y);
    }
    return picture;
  }

 private:
  std::vector<bool> modules_;
};

std::string Mirrored(absl::string_view widths) {
  return std::string(widths.rbegin(), widths.rend());
}

void AddEanHalves(absl::string_view left, absl::string_view parity,
                  absl::string_view right, Bars* bars) {
  bars->Add("111", true);
  for (size_t i = 0; i < left.size(); ++i) {
    const char* const widths = kEanWidths[static_cast<size_t>(left[i] - '0')];
    bars->Add(parity[i] == 'A' ? widths : Mirrored(widths), false);
  }
  bars->Add("11111", false);
  for (const char digit : right) {
    bars->Add(kEanWidths[static_cast<size_t>(digit - '0')], true);
  }
  bars->Add("111", true);
}

absl::string_view Code128Widths(int value) {
  return kCode128Widths.substr(static_cast<size_t>(value) * 6, 6);
}

// Data as it was sent: "{B", text, "{{" for "{". Empty if it is not that.
std::string Code128Text(absl::string_view data) {
  if (!absl::StartsWith(data, "{B")) return "";
  std::string text;
  for (size_t i = 2; i < data.size(); ++i) {
    if (data[i] == '{' && ++i >= data.size()) return "";
    if (data[i] < 0x20 || data[i] > 0x7E) return "";
    text.push_back(data[i]);
  }
  return text;
}

Bitmap HatchedBox(int width, int height) {
  Bitmap box(width, height);
  for (int x = 0; x < width; x += 8) {
    for (int y = 0; y < height; ++y) box.Set((x + y) % width, y);
  }
  return box;
}

}  // namespace

std::string BarcodeText(int m, absl::string_view data) {
  if (m == 73) return Code128Text(data);
  const size_t length = m == 65 ? 12 : m == 67 ? 13 : m == 68 ? 8 : 0;
  if (length == data.size() + 1 && AllDigits(data)) {
    return absl::StrCat(data, std::string(1, Gs1CheckDigit(data)));
  }
  return std::string(data);
}

Bitmap BarcodePicture(int m, absl::string_view data, int module_dots,
                      int height_dots) {
  const std::string text = BarcodeText(m, data);
  Bars bars;
  if (m == 65 && text.size() == 12 && AllDigits(text)) {
    AddEanHalves(text.substr(0, 6), kEanParity[0], text.substr(6), &bars);
  } else if (m == 67 && text.size() == 13 && AllDigits(text)) {
    AddEanHalves(text.substr(1, 6),
                 kEanParity[static_cast<size_t>(text[0] - '0')], text.substr(7),
                 &bars);
  } else if (m == 68 && text.size() == 8 && AllDigits(text)) {
    AddEanHalves(text.substr(0, 4), "AAAA", text.substr(4), &bars);
  } else if (m == 73 && !text.empty()) {
    int sum = kStartB;
    bars.Add(Code128Widths(kStartB), true);
    for (size_t i = 0; i < text.size(); ++i) {
      const int value = text[i] - ' ';
      sum += value * static_cast<int>(i + 1);
      bars.Add(Code128Widths(value), true);
    }
    bars.Add(Code128Widths(sum % 103), true);
    bars.Add("2331112", true);
  } else {
    return HatchedBox(60 * module_dots, height_dots);
  }
  return bars.Draw(module_dots, height_dots);
}

}  // namespace branchline

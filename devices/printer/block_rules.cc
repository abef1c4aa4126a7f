#include "devices/printer/block_rules.h"

#include <cstddef>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "sync/base/check_digit.h"

namespace branchline {
namespace {

constexpr absl::string_view kCode39 =
    "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./";
constexpr absl::string_view kCodabar = "0123456789ABCDabcd$+-./:";

bool Between(int value, int min, int max) {
  return value >= min && value <= max;
}

bool AllOf(absl::string_view data, absl::string_view allowed) {
  return data.find_first_not_of(allowed) == absl::string_view::npos;
}

bool AllAscii(absl::string_view data) {
  for (const char c : data) {
    if (c < 0x20 || c > 0x7E) return false;
  }
  return true;
}

// Digits of a GS1 symbology of `length` with its check digit: all of them, or
// all but the check digit, which the printer then adds.
bool IsGtin(absl::string_view data, size_t length) {
  if (data.size() == length) return HasGs1CheckDigit(data);
  return data.size() + 1 == length && AllDigits(data);
}

// What the symbology wants, if `data` is not that; else empty.
absl::string_view WantedInstead(Symbology symbology, absl::string_view data) {
  switch (symbology) {
    case Symbology::kUpcA:
      if (!IsGtin(data, 12)) return "11 digits, or 12 with their check digit";
      break;
    case Symbology::kUpcE:
      if (!AllDigits(data) || data[0] > '1' ||
          (data.size() != 6 && data.size() != 7 && data.size() != 8)) {
        return "6 to 8 digits of number system 0 or 1";
      }
      break;
    case Symbology::kEan13:
      if (!IsGtin(data, 13)) return "12 digits, or 13 with their check digit";
      break;
    case Symbology::kEan8:
      if (!IsGtin(data, 8)) return "7 digits, or 8 with their check digit";
      break;
    case Symbology::kItf:
      if (!AllDigits(data) || data.size() % 2 != 0) {
        return "an even number of digits";
      }
      break;
    case Symbology::kCode39:
      if (!AllOf(data, kCode39)) return "capitals, digits and $%*+-./";
      break;
    case Symbology::kCodabar:
      if (!AllOf(data, kCodabar)) return "digits and $+-./: between A to D";
      break;
    case Symbology::kCode93:
    case Symbology::kCode128:
      if (!AllAscii(data)) return "printable ASCII";
      break;
  }
  return "";
}

}  // namespace

absl::Status CheckText(const std::string& text) {
  if (text.size() <= kReceiptTextSizeMax) return absl::OkStatus();
  return absl::InvalidArgumentError(absl::StrCat(
      "a text of ", text.size(), " bytes, at most ", kReceiptTextSizeMax));
}

absl::Status CheckStyle(const TextStyle& style) {
  if (Between(style.width_times, 1, 8) && Between(style.height_times, 1, 8)) {
    return absl::OkStatus();
  }
  return absl::InvalidArgumentError(
      absl::StrCat("text of ", style.width_times, " x ", style.height_times,
                   " times its size, want 1 to 8"));
}

absl::Status CheckBarcode(const BarcodeBlock& barcode) {
  const absl::string_view data = barcode.data;
  if (data.empty() || data.size() > kBarcodeDataSizeMax) {
    return absl::InvalidArgumentError(absl::StrCat("a barcode of ", data.size(),
                                                   " characters, want 1 to ",
                                                   kBarcodeDataSizeMax));
  }
  const absl::string_view wanted = WantedInstead(barcode.symbology, data);
  if (!wanted.empty()) {
    return absl::InvalidArgumentError(
        absl::StrCat("a barcode of '", data, "', want ", wanted));
  }
  if (!Between(barcode.height_dots, 1, 255) ||
      !Between(barcode.module_dots, 2, 6)) {
    return absl::InvalidArgumentError(absl::StrCat(
        "a barcode ", barcode.height_dots, " dots high with modules of ",
        barcode.module_dots, ", want 1 to 255 and 2 to 6"));
  }
  return absl::OkStatus();
}

absl::Status CheckQr(const QrBlock& qr) {
  if (qr.data.empty() || qr.data.size() > kQrDataSizeMax) {
    return absl::InvalidArgumentError(absl::StrCat(
        "a QR code of ", qr.data.size(), " bytes, want 1 to ", kQrDataSizeMax));
  }
  for (const char c : qr.data) {
    // Others could be obeyed by the printer as real-time commands.
    if (static_cast<unsigned char>(c) < 0x20 && c != '\n' && c != '\r' &&
        c != '\t') {
      return absl::InvalidArgumentError(
          absl::StrCat("a QR code with the control character ",
                       static_cast<int>(c), ", want text"));
    }
  }
  if (!Between(qr.module_dots, 1, 16)) {
    return absl::InvalidArgumentError(absl::StrCat(
        "a QR code with modules of ", qr.module_dots, " dots, want 1 to 16"));
  }
  return absl::OkStatus();
}

absl::Status CheckImage(const ImageBlock& image, int paper_width_dots) {
  const Bitmap& bitmap = image.bitmap;
  if (Between(bitmap.width(), 1, paper_width_dots) &&
      Between(bitmap.height(), 1, kReceiptImageHeightMax)) {
    return absl::OkStatus();
  }
  return absl::InvalidArgumentError(absl::StrCat(
      "a picture of ", bitmap.width(), " x ", bitmap.height(),
      " dots, want at most ", paper_width_dots, " x ", kReceiptImageHeightMax));
}

absl::Status CheckDrawer(const DrawerBlock& drawer) {
  if ((drawer.pin == 2 || drawer.pin == 5) && Between(drawer.on_ms, 2, 510) &&
      Between(drawer.off_ms, 2, 510)) {
    return absl::OkStatus();
  }
  return absl::InvalidArgumentError(absl::StrCat(
      "a drawer pulse at pin ", drawer.pin, " of ", drawer.on_ms, " ms on, ",
      drawer.off_ms, " ms off; want pin 2 or 5 and 2 to 510 ms"));
}

}  // namespace branchline

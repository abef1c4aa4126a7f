#include "devices/printer/qr_picture.h"

#include <qrencode.h>

#include <memory>

#include "absl/strings/str_cat.h"

namespace branchline {
namespace {

constexpr int kQuietModules = 4;

QRecLevel LevelOf(QrCorrection correction) {
  switch (correction) {
    case QrCorrection::kLow:
      return QR_ECLEVEL_L;
    case QrCorrection::kMedium:
      return QR_ECLEVEL_M;
    case QrCorrection::kQuartile:
      return QR_ECLEVEL_Q;
    case QrCorrection::kHigh:
      break;
  }
  return QR_ECLEVEL_H;
}

}  // namespace

absl::StatusOr<Bitmap> QrPicture(const QrBlock& qr) {
  const std::unique_ptr<QRcode, decltype(&QRcode_free)> code(
      QRcode_encodeData(static_cast<int>(qr.data.size()),
                        reinterpret_cast<const unsigned char*>(qr.data.data()),
                        0, LevelOf(qr.correction)),
      &QRcode_free);
  if (code == nullptr) {
    return absl::InvalidArgumentError(absl::StrCat(
        "draw a QR code of ", qr.data.size(),
        " bytes: it is empty or does not fit; shorten it or lower its "
        "correction"));
  }
  const int module = qr.module_dots;
  const int side = (code->width + 2 * kQuietModules) * module;
  Bitmap bitmap(side, side);
  for (int y = 0; y < side; ++y) {
    for (int x = 0; x < side; ++x) {
      const int column = x / module - kQuietModules;
      const int row = y / module - kQuietModules;
      if (column < 0 || row < 0 || column >= code->width ||
          row >= code->width) {
        continue;
      }
      if ((code->data[row * code->width + column] & 1) != 0) bitmap.Set(x, y);
    }
  }
  return bitmap;
}

}  // namespace branchline

#include "devices/printer/emulator/png_file.h"

#include <png.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>

#include "absl/strings/str_cat.h"

namespace branchline {

absl::Status WritePng(const std::string& path, const Bitmap& bitmap) {
  if (bitmap.width() == 0 || bitmap.height() == 0) {
    return absl::InvalidArgumentError(
        absl::StrCat("write ", path, ": the picture is empty"));
  }
  // The simplified interface wants a byte per dot.
  std::string grey(static_cast<size_t>(bitmap.width()) * bitmap.height(),
                   '\xFF');
  for (int y = 0; y < bitmap.height(); ++y) {
    for (int x = 0; x < bitmap.width(); ++x) {
      if (bitmap.Get(x, y)) {
        grey[static_cast<size_t>(y) * bitmap.width() + x] = '\0';
      }
    }
  }
  const std::unique_ptr<FILE, int (*)(FILE*)> file(fopen(path.c_str(), "wb"),
                                                   &fclose);
  if (file == nullptr) {
    return absl::UnavailableError(
        absl::StrCat("write ", path, ": ", std::strerror(errno)));
  }
  png_image image = {};
  image.version = PNG_IMAGE_VERSION;
  image.width = static_cast<png_uint_32>(bitmap.width());
  image.height = static_cast<png_uint_32>(bitmap.height());
  image.format = PNG_FORMAT_GRAY;
  if (png_image_write_to_stdio(&image, file.get(), 0, grey.data(), 0,
                               nullptr) == 0) {
    return absl::UnavailableError(
        absl::StrCat("write ", path, ": ", image.message));
  }
  return absl::OkStatus();
}

}  // namespace branchline

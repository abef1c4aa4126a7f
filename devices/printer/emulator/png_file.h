#pragma once

#include <string>

#include "absl/status/status.h"
#include "devices/printer/bitmap.h"

namespace branchline {

// Writes `bitmap` to `path` as a PNG of one bit per dot.
//
//   INVALID_ARGUMENT  it has no dots
//   UNAVAILABLE       the file cannot be written
absl::Status WritePng(const std::string& path, const Bitmap& bitmap);

}  // namespace branchline

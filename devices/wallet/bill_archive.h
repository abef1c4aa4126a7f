#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace branchline {

// The files of a ZIP archive, unpacked: at most 16 of at most `size_max` bytes
// each, whatever the archive says of itself.
//
//   INVALID_ARGUMENT  no ZIP archive, damaged, encrypted or beyond the limits
absl::StatusOr<std::vector<std::string>> UnpackZip(absl::string_view bytes,
                                                   size_t size_max);

// An archive of one file, for emulators.
std::string PackZip(const std::string& name, const std::string& contents);

}  // namespace branchline

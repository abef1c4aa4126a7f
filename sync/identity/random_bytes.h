// Random bytes that nobody can guess: keys, secrets, serial numbers.

#pragma once

#include <cstddef>
#include <string>

#include "absl/status/statusor.h"

namespace branchline {

// `size` bytes from OpenSSL's generator, which the kernel seeds. Any thread.
//
//   UNAVAILABLE  the machine has no entropy yet: try again
absl::StatusOr<std::string> RandomBytes(size_t size);

}  // namespace branchline

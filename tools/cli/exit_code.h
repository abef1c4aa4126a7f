#pragma once

#include "absl/status/status.h"

namespace branchline::cli {

// What scripts read. docs/CLI.md has them; every --help repeats them.
enum class ExitCode {
  kOk = 0,
  kRefused = 1,
  kUsage = 2,
  kNotReachable = 3,
  kDamaged = 4,
  kNoSpace = 5,
  kDiffers = 6,
};

// DATA_LOSS is damage, RESOURCE_EXHAUSTED no space, UNAVAILABLE a daemon that
// does not answer; everything else is a refusal, unless WithExit() said more.
ExitCode ExitCodeOf(const absl::Status& status);

// `status`, which is not OK, to end the command with `code`.
absl::Status WithExit(absl::Status status, ExitCode code);

// A wrong argument.
absl::Status UsageError(absl::string_view message);

}  // namespace branchline::cli

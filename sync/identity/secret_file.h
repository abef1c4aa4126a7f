// Files that hold keys and secrets: for the owner's eyes only, and whole after
// a power cut.

#pragma once

#include <cstddef>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace branchline {

inline constexpr size_t kSecretFileSizeMax = 1 << 20;  // bytes

// Puts `contents` at `path` with mode 0600, replacing what was there. After a
// crash at any moment `path` has the old contents or the new ones, never a part
// of either; once this returns OK, the new ones are on disk for good.
//
// Goes by way of `path`.tmp; one left over from a crash is replaced. One writer
// at a time per path.
//
//   INVALID_ARGUMENT    more than kSecretFileSizeMax bytes
//   NOT_FOUND           the directory is not there
//   PERMISSION_DENIED   the directory may not be written
//   RESOURCE_EXHAUSTED  disk, quota or size limit: `path` is as it was
//   DATA_LOSS           the disk failed: either contents may be at `path`
absl::Status WriteSecretFile(absl::string_view path,
                             absl::string_view contents);

// The contents of `path`. Refuses a file that others could have read: its
// secret may be known.
//
//   NOT_FOUND            no such file
//   PERMISSION_DENIED    this user may not read it
//   FAILED_PRECONDITION  group or others may read, write or run it (message
//                        says chmod 600), it is not a regular file, or it has
//                        more than kSecretFileSizeMax bytes
//   DATA_LOSS            the disk failed
absl::StatusOr<std::string> ReadSecretFile(absl::string_view path);

// Makes the directory `path` with mode 0700. Its parent must be there. OK if it
// is there already and for its owner only. The mode of one that is open to
// others is not changed: it may be somebody else's, like /tmp.
//
//   NOT_FOUND            the parent is not there
//   PERMISSION_DENIED    the parent may not be written
//   FAILED_PRECONDITION  `path` is open to group or others (message says chmod
//                        700), or is not a directory
//   RESOURCE_EXHAUSTED, DATA_LOSS  as above
absl::Status MakeSecretDir(absl::string_view path);

}  // namespace branchline

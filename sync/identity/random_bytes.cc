#include "sync/identity/random_bytes.h"

#include <openssl/rand.h>

#include <limits>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "sync/base/check.h"
#include "sync/identity/openssl_util.h"

namespace branchline {

absl::StatusOr<std::string> RandomBytes(size_t size) {
  BL_CHECK(size <= std::numeric_limits<int>::max(), "asked for > 2 GiB");
  std::string bytes(size, '\0');
  if (RAND_bytes(reinterpret_cast<unsigned char*>(bytes.data()),
                 static_cast<int>(size)) != 1) {
    return absl::UnavailableError(absl::StrCat(
        "drawing ", size,
        " random bytes failed: ", identity_internal::TakeOpenSslReason(),
        "; try again when the machine has entropy"));
  }
  return bytes;
}

}  // namespace branchline

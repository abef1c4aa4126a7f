#include "sync/identity/constant_time.h"

#include <openssl/crypto.h>

#include "absl/strings/string_view.h"

namespace branchline {

bool ConstantTimeEqual(absl::string_view a, absl::string_view b) {
  return a.size() == b.size() &&
         CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

}  // namespace branchline

#include "sync/identity/api_key.h"

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "sync/base/status_macros.h"
#include "sync/identity/base32.h"
#include "sync/identity/constant_time.h"
#include "sync/identity/purpose.h"
#include "sync/identity/random_bytes.h"
#include "sync/identity/sha256.h"

namespace branchline {
namespace {

constexpr size_t kRandomSize = 32;  // bytes

}  // namespace

absl::StatusOr<std::string> GenerateApiKey() {
  BL_ASSIGN_OR_RETURN(const std::string random, RandomBytes(kRandomSize));
  return absl::StrCat("blt_", Base32Encode(random));
}

std::string ApiKeyHash(absl::string_view key) {
  return Sha256(WithPurpose("till-key", key));
}

bool ApiKeyMatches(absl::string_view key, absl::string_view stored_hash) {
  return ConstantTimeEqual(ApiKeyHash(key), stored_hash);
}

}  // namespace branchline

#include "sync/identity/openssl_util.h"

#include <openssl/err.h>

#include <string>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"

namespace branchline::identity_internal {

std::string TakeOpenSslReason() {
  const unsigned long code = ERR_peek_last_error();
  ERR_clear_error();
  if (code == 0) return "no reason given";
  const char* reason = ERR_reason_error_string(code);
  if (reason == nullptr) return absl::StrCat("OpenSSL error ", code);
  return reason;
}

absl::Status OpenSslError(absl::string_view what) {
  return absl::InternalError(
      absl::StrCat(what, " failed: OpenSSL says ", TakeOpenSslReason()));
}

}  // namespace branchline::identity_internal

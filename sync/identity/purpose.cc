#include "sync/identity/purpose.h"

#include <string>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "sync/base/check.h"

namespace branchline {

std::string WithPurpose(absl::string_view purpose, absl::string_view message) {
  BL_CHECK(!purpose.empty(), "a signature or hash needs a purpose");
  for (const char c : purpose) {
    BL_CHECK(absl::ascii_islower(c) || absl::ascii_isdigit(c) || c == '-',
             "a purpose has only a-z, 0-9 and -");
  }
  return absl::StrCat("branchline/1 ", purpose, absl::string_view("\0", 1),
                      message);
}

}  // namespace branchline

#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace branchline {

// Named values, in the order in which both wallets sign them.
using WalletFields = std::map<std::string, std::string, std::less<>>;

inline constexpr size_t kWalletAnswerSizeMax = 64 << 10;  // bytes; bills apart
inline constexpr size_t kWalletFieldsMax = 200;

// The value of `name`; empty if it is not there.
std::string Of(const WalletFields& fields, absl::string_view name);

// "a=1&b=2": all that are not empty, but for `sign`.
std::string SignedText(const WalletFields& fields);

// <xml><a>1</a>...</xml>, and back. Only flat ones are read.
std::string XmlOf(const WalletFields& fields);
//   INVALID_ARGUMENT  no XML, no UTF-8, longer than the limits above, nested, a
//                     field twice, or with a document type (entities could make
//                     it read files)
absl::StatusOr<WalletFields> ParseXml(absl::string_view text);

// {"a":"1",...}
std::string JsonOf(const WalletFields& fields);
// The fields of an object that are texts; what is nested is passed over.
//   INVALID_ARGUMENT  no JSON object, or longer than the limits above
absl::StatusOr<WalletFields> ParseJson(absl::string_view text);

// The bytes of the value of `name` at the top of the JSON object `text`, as
// they stand there: a signature is over exactly these.
std::optional<absl::string_view> RawJsonValue(absl::string_view text,
                                              absl::string_view name);

// a=1&b=2 with what must be escaped escaped, and back.
std::string FormOf(const WalletFields& fields);
absl::StatusOr<WalletFields> ParseForm(absl::string_view text);

}  // namespace branchline

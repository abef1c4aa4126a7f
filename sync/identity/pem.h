// PEM text to DER bytes and back. Strict: one block, of the kind that is
// wanted, so that two readers can never see two things in one file.

#pragma once

#include <cstddef>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace branchline::identity_internal {

inline constexpr size_t kPemSizeMax = 65'536;  // bytes

inline constexpr absl::string_view kPemCertificate = "CERTIFICATE";
inline constexpr absl::string_view kPemRequest = "CERTIFICATE REQUEST";
inline constexpr absl::string_view kPemPrivateKey = "PRIVATE KEY";

// The DER bytes of the one block in `pem`, which has the label `label`. `what`
// names the thing in messages, like "hub CA". Never asks for a passphrase.
//
//   INVALID_ARGUMENT  more than kPemSizeMax bytes; no block, a damaged one, two
//                     of them, one of another kind, or an encrypted one
absl::StatusOr<std::string> DecodePem(absl::string_view pem,
                                      absl::string_view label,
                                      absl::string_view what);

// `der` as a PEM block with the label `label` and a newline at the end.
std::string EncodePem(absl::string_view der, absl::string_view label);

// Overwrites `secret` with zeros in a way the compiler keeps, and empties it.
void WipeSecret(std::string& secret);

}  // namespace branchline::identity_internal

#include "sync/identity/join_token.h"

#include <algorithm>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "sync/base/status_macros.h"
#include "sync/identity/base32.h"
#include "sync/identity/branch_code.h"
#include "sync/identity/purpose.h"
#include "sync/identity/random_bytes.h"
#include "sync/identity/sha256.h"

namespace branchline {
namespace {

constexpr absl::string_view kPrefix = "BL1.";
constexpr size_t kSecretRandomSize = 20;  // bytes
constexpr size_t kVersionDigitsMax = 4;

absl::Status CheckPrefix(absl::string_view text) {
  if (absl::StartsWith(text, kPrefix)) return absl::OkStatus();
  const absl::string_view version = text.substr(0, text.find('.'));
  if (version.size() < text.size() && version.size() > 2 &&
      version.size() <= 2 + kVersionDigitsMax &&
      absl::StartsWith(version, "BL") && version[2] != '0' &&
      std::all_of(version.begin() + 2, version.end(), absl::ascii_isdigit)) {
    return absl::FailedPreconditionError(
        absl::StrCat("join token is of version ", version,
                     ", this program reads BL1: install a newer branchline"));
  }
  return absl::InvalidArgumentError(
      "text is not a join token: it does not start with \"BL1.\"; copy the "
      "whole line that the hub printed");
}

absl::Status CheckHash(absl::string_view ca_hash) {
  if (ca_hash.size() != kCaHashSize) {
    return absl::InvalidArgumentError(
        absl::StrCat("join token: CA hash has ", ca_hash.size(),
                     " characters, want ", kCaHashSize, " hex digits"));
  }
  if (ca_hash.find_first_not_of("0123456789abcdef") !=
      absl::string_view::npos) {
    return absl::InvalidArgumentError(
        "join token: CA hash has a character that is not 0-9 or a-f");
  }
  return absl::OkStatus();
}

absl::Status CheckSecret(absl::string_view secret) {
  if (secret.size() != kJoinSecretSize) {
    return absl::InvalidArgumentError(absl::StrCat(
        "join token: secret has ", secret.size(), " characters, want ",
        kJoinSecretSize, ": was the end cut off?"));
  }
  if (!IsBase32(secret)) {
    return absl::InvalidArgumentError(
        "join token: secret has a character that is not a-z or 2-7");
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<JoinToken> GenerateJoinToken(absl::string_view ca_hash,
                                            absl::string_view branch) {
  BL_RETURN_IF_ERROR(CheckHash(ca_hash));
  BL_RETURN_IF_ERROR(
      Annotate(ValidateBranchCode(branch), "making a join token"));
  BL_ASSIGN_OR_RETURN(const std::string random, RandomBytes(kSecretRandomSize));
  return JoinToken{std::string(ca_hash), std::string(branch),
                   Base32Encode(random)};
}

std::string FormatJoinToken(const JoinToken& token) {
  return absl::StrCat(kPrefix, token.ca_hash, ".", token.branch, ".",
                      token.secret);
}

absl::StatusOr<JoinToken> ParseJoinToken(absl::string_view text) {
  BL_RETURN_IF_ERROR(CheckPrefix(text));
  const auto part_count = std::count(text.begin(), text.end(), '.') + 1;
  if (part_count != 4) {
    return absl::InvalidArgumentError(absl::StrCat(
        "join token has ", part_count,
        " parts between dots, want 4 (BL1.<CA hash>.<branch>.<secret>): copy "
        "the whole line that the hub printed"));
  }
  const std::vector<absl::string_view> parts = absl::StrSplit(text, '.');
  BL_RETURN_IF_ERROR(CheckHash(parts[1]));
  BL_RETURN_IF_ERROR(Annotate(ValidateBranchCode(parts[2]), "join token"));
  BL_RETURN_IF_ERROR(CheckSecret(parts[3]));
  return JoinToken{std::string(parts[1]), std::string(parts[2]),
                   std::string(parts[3])};
}

std::string JoinSecretHash(absl::string_view secret) {
  return Sha256(WithPurpose("join-secret", secret));
}

}  // namespace branchline

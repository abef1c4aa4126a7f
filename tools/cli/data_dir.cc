#include "tools/cli/data_dir.h"

#include <google/protobuf/util/json_util.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <system_error>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "branchline/v1/state.pb.h"
#include "sync/base/status_macros.h"
#include "sync/identity/secret_file.h"
#include "sync/identity/signing_key.h"
#include "sync/journal/rocks_store.h"

namespace branchline::cli {
namespace {

bool Exists(const std::string& path) {
  std::error_code error;
  return std::filesystem::exists(path, error);
}

}  // namespace

absl::StatusOr<std::unique_ptr<Store>> OpenLedgerToRead(absl::string_view dir) {
  for (const absl::string_view name : {"/ledger", ""}) {
    const std::string path = absl::StrCat(dir, name);
    if (!Exists(path + "/CURRENT")) continue;
    RocksStoreOptions options;
    options.dir = path;
    options.read_only = true;
    return OpenRocksStore(options);
  }
  return absl::NotFoundError(
      absl::StrCat("there is no ledger in ", dir,
                   Exists(std::string(dir)) ? "" : " (no such directory)",
                   ": give the data directory of a box or of a hub"));
}

absl::StatusOr<std::string> ReadHubPublicKey(absl::string_view dir) {
  const std::string node = absl::StrCat(dir, "/identity/node.json");
  if (Exists(node)) {
    BL_ASSIGN_OR_RETURN(const std::string json, ReadSecretFile(node));
    v1::NodeIdentity identity;
    const auto parsed =
        google::protobuf::util::JsonStringToMessage(json, &identity);
    if (!parsed.ok() ||
        identity.hub_public_key().size() != kSigningPublicKeySize) {
      return absl::DataLossError(
          absl::StrCat(node, " holds no hub key that can be read"));
    }
    return identity.hub_public_key();
  }
  const std::string key = absl::StrCat(dir, "/identity/journal.key");
  if (Exists(key)) {
    BL_ASSIGN_OR_RETURN(const std::string pem, ReadSecretFile(key));
    BL_ASSIGN_OR_RETURN(const SigningKey signing, SigningKey::FromPem(pem));
    return signing.public_key();
  }
  return absl::NotFoundError(absl::StrCat(
      dir,
      " has no identity, so nothing here says which hub to believe: give "
      "--hub-key with the key that 'branchline hub status' prints"));
}

absl::StatusOr<std::string> ParseHubKey(absl::string_view hex) {
  const bool digits = std::all_of(hex.begin(), hex.end(), absl::ascii_isxdigit);
  if (hex.size() != 2 * kSigningPublicKeySize || !digits) {
    return absl::InvalidArgumentError(absl::StrCat(
        "--hub-key has ", hex.size(), " characters, want 64 hex digits"));
  }
  return absl::HexStringToBytes(hex);
}

}  // namespace branchline::cli

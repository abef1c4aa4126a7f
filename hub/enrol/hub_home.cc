#include "hub/enrol/hub_home.h"

#include <sys/stat.h>

#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "sync/base/status_macros.h"
#include "sync/identity/certificate.h"
#include "sync/identity/secret_file.h"
#include "sync/identity/tls_key.h"

namespace branchline {
namespace {

constexpr absl::string_view kFormatPrefix = "branchline hub ";
constexpr int kFormatVersion = 1;

bool Exists(const std::string& path) {
  struct stat info;
  return stat(path.c_str(), &info) == 0;
}

// Reads the key at `path`, or makes one there.
template <typename Key>
absl::StatusOr<Key> ReadOrMake(const std::string& path) {
  absl::StatusOr<std::string> pem = ReadSecretFile(path);
  if (absl::IsNotFound(pem.status())) {
    BL_ASSIGN_OR_RETURN(const Key key, Key::Generate());
    BL_RETURN_IF_ERROR(WriteSecretFile(path, key.ToPem()));
    return key;
  }
  BL_RETURN_IF_ERROR(pem.status());
  return Key::FromPem(*pem);
}

absl::Status Damaged(const std::string& path, const absl::Status& status) {
  if (!absl::IsInvalidArgument(status) && !absl::IsNotFound(status)) {
    return status;
  }
  return absl::DataLossError(absl::StrCat(
      path, " is damaged or missing (", status.message(),
      "): put the hub's identity/ back from a backup of its data directory"));
}

}  // namespace

std::string HubHome::Identity(absl::string_view name) const {
  return absl::StrCat(dir_, "/identity/", name);
}

absl::Status HubHome::CheckFormat() const {
  const std::string path = dir_ + "/FORMAT";
  absl::StatusOr<std::string> format = ReadSecretFile(path);
  BL_RETURN_IF_ERROR(format.status());
  const absl::string_view text = absl::StripAsciiWhitespace(*format);
  absl::string_view rest = text;
  int version = 0;
  if (!absl::ConsumePrefix(&rest, kFormatPrefix) ||
      !absl::SimpleAtoi(rest, &version)) {
    return absl::FailedPreconditionError(absl::StrCat(
        dir_, " is not a hub's data directory: its FORMAT file says '",
        text.substr(0, 40), "', want '", kFormatPrefix, kFormatVersion,
        "'. Give the hub's own directory with --data"));
  }
  if (version > kFormatVersion) {
    return absl::FailedPreconditionError(
        absl::StrCat(dir_, " was written by a newer branchline-hub (format ",
                     version, ", this program knows ", kFormatVersion,
                     "): install that version again; nothing was changed"));
  }
  return absl::OkStatus();
}

absl::Status HubHome::Init(absl::string_view chain_name,
                           const Clock& clock) const {
  BL_RETURN_IF_ERROR(MakeSecretDir(dir_));
  absl::Status format = CheckFormat();
  if (absl::IsNotFound(format)) {
    if (Exists(dir_ + "/ledger") || Exists(dir_ + "/identity")) {
      return absl::FailedPreconditionError(
          absl::StrCat(dir_,
                       " has a ledger or an identity but no FORMAT file: this "
                       "is no empty directory; give another with --data"));
    }
    // Refuse a name before anything is made.
    BL_RETURN_IF_ERROR(
        CertificateAuthority::Create(chain_name, clock.WallNow()).status());
    format = WriteSecretFile(dir_ + "/FORMAT",
                             absl::StrCat(kFormatPrefix, kFormatVersion, "\n"));
  }
  BL_RETURN_IF_ERROR(format);
  BL_RETURN_IF_ERROR(MakeSecretDir(dir_ + "/identity"));
  if (Exists(Identity("chain"))) {
    return absl::AlreadyExistsError(
        absl::StrCat("a hub was set up in ", dir_,
                     " already; start it with 'branchline-hub --data ", dir_,
                     "', or give another directory"));
  }
  if (!Exists(Identity("ca.crt"))) {
    BL_ASSIGN_OR_RETURN(
        const CertificateAuthority ca,
        CertificateAuthority::Create(chain_name, clock.WallNow()));
    BL_RETURN_IF_ERROR(WriteSecretFile(Identity("ca.key"), ca.KeyPem()));
    BL_RETURN_IF_ERROR(WriteSecretFile(Identity("ca.crt"), ca.cert_pem()));
  }
  BL_RETURN_IF_ERROR(ReadOrMake<SigningKey>(Identity("journal.key")).status());
  BL_RETURN_IF_ERROR(ReadOrMake<TlsKey>(Identity("tls.key")).status());
  return WriteSecretFile(Identity("chain"), chain_name);
}

absl::StatusOr<HubIdentity> HubHome::Load(const Clock& clock,
                                          bool read_only) const {
  const absl::Status format = CheckFormat();
  const bool none = absl::IsNotFound(format);
  if (!none) BL_RETURN_IF_ERROR(format);
  if (none || !Exists(Identity("chain"))) {
    return absl::NotFoundError(
        absl::StrCat("no hub was set up in ", dir_,
                     ": run 'branchline hub init --data ", dir_, "' first"));
  }
  BL_ASSIGN_OR_RETURN(const std::string chain,
                      ReadSecretFile(Identity("chain")));
  const auto read = [&](absl::string_view name) -> absl::StatusOr<std::string> {
    absl::StatusOr<std::string> text = ReadSecretFile(Identity(name));
    if (text.ok()) return text;
    return Damaged(Identity(name), text.status());
  };
  BL_ASSIGN_OR_RETURN(const std::string ca_crt, read("ca.crt"));
  BL_ASSIGN_OR_RETURN(const std::string ca_key, read("ca.key"));
  BL_ASSIGN_OR_RETURN(const std::string journal_pem, read("journal.key"));
  BL_ASSIGN_OR_RETURN(const std::string tls_pem, read("tls.key"));
  absl::StatusOr<CertificateAuthority> ca =
      CertificateAuthority::Load(ca_crt, ca_key);
  if (!ca.ok()) return Damaged(Identity("ca.crt"), ca.status());
  absl::StatusOr<SigningKey> journal_key = SigningKey::FromPem(journal_pem);
  if (!journal_key.ok()) {
    return Damaged(Identity("journal.key"), journal_key.status());
  }
  absl::StatusOr<TlsKey> tls_key = TlsKey::FromPem(tls_pem);
  if (!tls_key.ok()) return Damaged(Identity("tls.key"), tls_key.status());

  HubIdentity identity{chain, *std::move(ca), *std::move(journal_key), "",
                       tls_pem};
  if (read_only) return identity;
  // The hub's own certificate is as good as new: every start makes another.
  BL_ASSIGN_OR_RETURN(identity.tls_certificate_pem,
                      identity.ca.IssueHub(*tls_key, {}, clock.WallNow()));
  BL_RETURN_IF_ERROR(
      WriteSecretFile(Identity("tls.crt"), identity.tls_certificate_pem));
  return identity;
}

}  // namespace branchline

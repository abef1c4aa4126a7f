#include "edge/enrol/edge_home.h"

#include <google/protobuf/util/json_util.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdio>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "sync/base/status_macros.h"
#include "sync/identity/secret_file.h"

namespace branchline {
namespace {

constexpr absl::string_view kFormatPrefix = "branchline edge ";
constexpr int kFormatVersion = 1;

bool Exists(const std::string& path) {
  struct stat info;
  return stat(path.c_str(), &info) == 0;
}

absl::Status CheckFormat(const std::string& dir, absl::string_view text) {
  absl::string_view rest = absl::StripAsciiWhitespace(text);
  int version = 0;
  if (!absl::ConsumePrefix(&rest, kFormatPrefix) ||
      !absl::SimpleAtoi(rest, &version)) {
    return absl::FailedPreconditionError(absl::StrCat(
        dir, " is not a branch's data directory: its FORMAT file says '",
        absl::StripAsciiWhitespace(text).substr(0, 40), "', want '",
        kFormatPrefix, kFormatVersion, "'"));
  }
  if (version > kFormatVersion) {
    return absl::FailedPreconditionError(
        absl::StrCat(dir, " was written by a newer branchline-edge (format ",
                     version, ", this program knows ", kFormatVersion,
                     "): install that version again; nothing was changed"));
  }
  return absl::OkStatus();
}

// Reads the key at `path`, or makes one there.
template <typename Key>
absl::StatusOr<Key> ReadOrMake(const std::string& path) {
  absl::StatusOr<std::string> pem = ReadSecretFile(path);
  if (pem.ok()) {
    absl::StatusOr<Key> key = Key::FromPem(*pem);
    if (key.ok()) return key;
    return absl::DataLossError(
        absl::StrCat(path, " is damaged: ", key.status().message()));
  }
  if (!absl::IsNotFound(pem.status())) return pem.status();
  BL_ASSIGN_OR_RETURN(const Key key, Key::Generate());
  BL_RETURN_IF_ERROR(WriteSecretFile(path, key.ToPem()));
  return key;
}

}  // namespace

std::string EdgeHome::Identity(absl::string_view name) const {
  return absl::StrCat(dir_, "/identity/", name);
}

absl::Status EdgeHome::Prepare() const {
  BL_RETURN_IF_ERROR(MakeSecretDir(dir_));
  const std::string path = dir_ + "/FORMAT";
  absl::StatusOr<std::string> format = ReadSecretFile(path);
  if (absl::IsNotFound(format.status())) {
    if (Exists(dir_ + "/ledger") || Exists(dir_ + "/identity")) {
      return absl::FailedPreconditionError(absl::StrCat(
          dir_,
          " has a ledger or an identity and no FORMAT file: this is not "
          "a directory that branchline-edge made whole"));
    }
    BL_RETURN_IF_ERROR(WriteSecretFile(
        path, absl::StrCat(kFormatPrefix, kFormatVersion, "\n")));
  } else {
    BL_RETURN_IF_ERROR(format.status());
    BL_RETURN_IF_ERROR(CheckFormat(dir_, *format));
  }
  return MakeSecretDir(dir_ + "/identity");
}

absl::Status EdgeHome::Check() const {
  absl::StatusOr<std::string> format = ReadSecretFile(dir_ + "/FORMAT");
  if (absl::IsNotFound(format.status())) {
    return absl::NotFoundError(absl::StrCat(
        "no branch lives in ", dir_,
        ": join one with 'branchline edge join --data ", dir_, "'"));
  }
  BL_RETURN_IF_ERROR(format.status());
  return CheckFormat(dir_, *format);
}

bool EdgeHome::HasJoined() const { return Exists(Identity("node.json")); }

absl::StatusOr<EdgeIdentity> EdgeHome::LoadIdentity() const {
  BL_RETURN_IF_ERROR(Check());
  absl::StatusOr<std::string> json = ReadSecretFile(Identity("node.json"));
  if (absl::IsNotFound(json.status())) {
    return absl::NotFoundError(absl::StrCat(
        "the box in ", dir_,
        " has not joined yet: run 'branchline edge join --data ", dir_, "'"));
  }
  BL_RETURN_IF_ERROR(json.status());
  v1::NodeIdentity node;
  const auto parsed = google::protobuf::util::JsonStringToMessage(*json, &node);
  if (!parsed.ok()) {
    return absl::DataLossError(absl::StrCat(
        Identity("node.json"), " is damaged: ", parsed.ToString()));
  }
  BL_ASSIGN_OR_RETURN(const std::string pem,
                      ReadSecretFile(Identity("journal.key")));
  BL_ASSIGN_OR_RETURN(SigningKey key, SigningKey::FromPem(pem));
  absl::TimeZone zone;
  if (!absl::LoadTimeZone(node.time_zone(), &zone)) {
    return absl::FailedPreconditionError(absl::StrCat(
        "this machine does not know the time zone '", node.time_zone(), "' of ",
        node.branch(), ": install tzdata"));
  }
  return EdgeIdentity{std::move(node), std::move(key), zone};
}

absl::StatusOr<TlsFiles> EdgeHome::LoadTls() const {
  TlsFiles files;
  BL_ASSIGN_OR_RETURN(files.ca_pem, ReadSecretFile(Identity("ca.crt")));
  BL_ASSIGN_OR_RETURN(files.certificate_pem,
                      ReadSecretFile(Identity("tls.crt")));
  BL_ASSIGN_OR_RETURN(files.key_pem, ReadSecretFile(Identity("tls.key")));
  return files;
}

absl::StatusOr<SigningKey> EdgeHome::JournalKey() const {
  return ReadOrMake<SigningKey>(Identity("journal.key"));
}

absl::StatusOr<TlsKey> EdgeHome::LineKey() const {
  return ReadOrMake<TlsKey>(Identity("tls.key"));
}

absl::Status EdgeHome::SaveCertificate(
    absl::string_view certificate_pem) const {
  return WriteSecretFile(Identity("tls.crt"), certificate_pem);
}

absl::Status EdgeHome::SaveIdentity(const v1::NodeIdentity& node,
                                    absl::string_view ca_pem,
                                    absl::string_view certificate_pem) const {
  BL_RETURN_IF_ERROR(WriteSecretFile(Identity("ca.crt"), ca_pem));
  BL_RETURN_IF_ERROR(SaveCertificate(certificate_pem));
  std::string json;
  google::protobuf::util::JsonPrintOptions options;
  options.add_whitespace = true;
  options.preserve_proto_field_names = true;
  const auto printed =
      google::protobuf::util::MessageToJsonString(node, &json, options);
  if (!printed.ok()) return absl::InternalError(printed.ToString());
  return WriteSecretFile(Identity("node.json"), json);
}

absl::StatusOr<std::string> EdgeHome::SetAside(uint64_t epoch) const {
  std::string aside = absl::StrCat(dir_, "/old-epoch-", epoch);
  for (int i = 2; Exists(aside + "/identity") || Exists(aside + "/ledger");
       ++i) {
    aside = absl::StrCat(dir_, "/old-epoch-", epoch, "-", i);
  }
  BL_RETURN_IF_ERROR(MakeSecretDir(aside));
  // The ledger first: an identity without one is found to be incomplete.
  for (const char* part : {"/ledger", "/identity"}) {
    if (!Exists(dir_ + part)) continue;
    if (std::rename((dir_ + part).c_str(), (aside + part).c_str()) != 0) {
      return absl::PermissionDeniedError(
          absl::StrCat("cannot move ", dir_, part, " to ", aside, part));
    }
  }
  return aside;
}

}  // namespace branchline

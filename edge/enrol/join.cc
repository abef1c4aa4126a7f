#include "edge/enrol/join.h"

#include <sys/stat.h>

#include <memory>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "branchline/v1/enrolment.pb.h"
#include "edge/commit/edge_core.h"
#include "edge/enrol/journal_loader.h"
#include "edge/enrol/late_suffix.h"
#include "sync/base/bytes.h"
#include "sync/base/status_macros.h"
#include "sync/identity/certificate_request.h"
#include "sync/identity/secret_file.h"
#include "sync/journal/journal.h"
#include "sync/journal/rebuild.h"
#include "sync/journal/record.h"
#include "sync/journal/rocks_store.h"
#include "sync/ledger/keys.h"
#include "sync/rpc/enrol_client.h"
#include "sync/rpc/journal_client.h"

namespace branchline {
namespace {

constexpr absl::Duration kEnrolTimeout = absl::Seconds(20);
constexpr absl::Duration kFetchProgressTimeout = absl::Seconds(30);

absl::StatusOr<v1::NodeIdentity> Enrol(const EdgeHome& home,
                                       absl::string_view enrol_address,
                                       const JoinToken& token) {
  BL_ASSIGN_OR_RETURN(const SigningKey journal_key, home.JournalKey());
  BL_ASSIGN_OR_RETURN(const TlsKey tls_key, home.LineKey());
  BL_ASSIGN_OR_RETURN(const std::string csr,
                      MakeCertificateRequest(tls_key, token.branch));
  BL_ASSIGN_OR_RETURN(
      const v1::JoinResponse answer,
      Join(enrol_address, token, csr, journal_key, kEnrolTimeout));
  v1::EpochGrant grant;
  if (!grant.ParseFromString(answer.epoch_grant()) ||
      grant.branch() != token.branch) {
    return absl::DataLossError(
        "the hub's answer holds no epoch's grant for this branch");
  }
  v1::NodeIdentity node;
  node.set_branch(token.branch);
  node.set_branch_name(answer.branch_name());
  node.set_time_zone(answer.time_zone());
  node.set_currency(answer.currency());
  node.set_epoch(grant.epoch());
  node.set_epoch_grant(answer.epoch_grant());
  node.set_epoch_signature(answer.epoch_signature());
  node.set_hub_public_key(answer.hub_public_key());
  node.set_hub_address(SyncAddress(answer.sync_address(), enrol_address));
  node.set_enrol_address(std::string(enrol_address));
  BL_RETURN_IF_ERROR(
      home.SaveIdentity(node, answer.ca_pem(), answer.certificate_pem()));
  return node;
}

bool IsDir(const std::string& path) {
  struct stat info;
  return stat(path.c_str(), &info) == 0 && S_ISDIR(info.st_mode);
}

// The rest of the journal from the hub into this ledger.
absl::StatusOr<uint64_t> FetchRest(
    const EdgeHome& home, const v1::NodeIdentity& node, Store* store,
    const Cursor& until, const std::function<void(uint64_t)>& progress) {
  BL_ASSIGN_OR_RETURN(const TlsFiles tls, home.LoadTls());
  BL_ASSIGN_OR_RETURN(JournalLoader loader,
                      JournalLoader::Open(store, EdgeStream(node.branch())));
  if (loader.head().IsBefore(until)) {
    BL_RETURN_IF_ERROR(
        FetchJournal(node.hub_address(), tls, node.branch(), loader.head(),
                     kFetchProgressTimeout,
                     [&](const v1::FetchJournalChunk& chunk) -> absl::Status {
                       BL_RETURN_IF_ERROR(loader.Take(chunk));
                       if (progress) progress(loader.records());
                       return absl::OkStatus();
                     }));
  }
  if (!loader.head().IsBefore(until) && !(loader.head() == until) &&
      loader.head().epoch == until.epoch) {
    return absl::DataLossError(
        absl::StrCat("the hub sent a journal up to ", ToText(loader.head()),
                     ", the epoch starts after ", ToText(until)));
  }
  if (loader.head().IsBefore(until)) {
    return absl::UnavailableError(
        absl::StrCat("the hub sent the journal up to ", ToText(loader.head()),
                     " of ", ToText(until), ": run the recovery again"));
  }
  return loader.records();
}

absl::Status OfferOldLedger(EdgeCore* core, Store* store,
                            const std::string& old_ledger,
                            RecoveryReport* report) {
  RocksStoreOptions options;
  options.dir = old_ledger;
  options.read_only = true;
  absl::StatusOr<std::unique_ptr<Store>> old = OpenRocksStore(options);
  if (!old.ok()) {
    report->old_ledger_problem = std::string(old.status().message());
    return absl::OkStatus();
  }
  absl::StatusOr<LateSuffix> suffix =
      FindLateSuffix(*store, **old, core->stream());
  if (!suffix.ok()) {
    report->old_ledger_problem = std::string(suffix.status().message());
    return absl::OkStatus();
  }
  for (const v1::Record& record : suffix->records) {
    report->not_acked.push_back(DescribeRecord(record));
  }
  if (suffix->records.empty()) return absl::OkStatus();
  BL_RETURN_IF_ERROR(core->OfferLate(suffix->common, suffix->records).status());
  report->late_offered = true;
  return absl::OkStatus();
}

}  // namespace

std::string SyncAddress(absl::string_view answered,
                        absl::string_view enrolled) {
  if (!absl::StartsWith(answered, ":")) return std::string(answered);
  return absl::StrCat(enrolled.substr(0, enrolled.rfind(':')), answered);
}

absl::StatusOr<v1::NodeIdentity> JoinChain(const EdgeHome& home,
                                           absl::string_view enrol_address,
                                           absl::string_view token_text) {
  BL_ASSIGN_OR_RETURN(const JoinToken token, ParseJoinToken(token_text));
  BL_RETURN_IF_ERROR(home.Prepare());
  if (home.HasJoined()) {
    BL_ASSIGN_OR_RETURN(const EdgeIdentity have, home.LoadIdentity());
    return absl::FailedPreconditionError(absl::StrCat(
        home.dir(), " is branch ", have.node.branch(), ", epoch ",
        have.node.epoch(),
        ", already: join into an empty directory, or rebuild this one with "
        "'branchline edge recover'"));
  }
  BL_ASSIGN_OR_RETURN(v1::NodeIdentity node, Enrol(home, enrol_address, token));
  if (node.epoch() > 1) {
    return absl::FailedPreconditionError(absl::StrCat(
        "the token for ", token.branch,
        " replaces a box that joined before: run 'branchline edge recover' "
        "with the same token, it fetches that branch's journal"));
  }
  return node;
}

absl::StatusOr<RecoveryReport> RecoverBranch(
    const EdgeHome& home, absl::string_view enrol_address,
    absl::string_view token_text, const std::string& old_data_dir,
    const Clock* clock, std::function<void(uint64_t)> progress) {
  BL_ASSIGN_OR_RETURN(const JoinToken token, ParseJoinToken(token_text));
  BL_RETURN_IF_ERROR(home.Prepare());
  RecoveryReport report;
  // A recovery that was cut goes on with the keys it made; the marker names the
  // token it was begun with, and where it put the old box.
  const std::string marker = home.dir() + "/recovering";
  const std::string token_hash = Hex(JoinSecretHash(token.secret));
  absl::StatusOr<std::string> begun = ReadSecretFile(marker);
  if (begun.ok() && absl::StartsWith(*begun, token_hash)) {
    report.set_aside = begun->substr(token_hash.size() + 1);
  } else {
    if (home.HasJoined()) {
      BL_ASSIGN_OR_RETURN(const EdgeIdentity old, home.LoadIdentity());
      if (old.node.branch() != token.branch) {
        return absl::FailedPreconditionError(absl::StrCat(
            home.dir(), " is branch ", old.node.branch(), ", the token is for ",
            token.branch, ": give the right --data or another token"));
      }
      BL_ASSIGN_OR_RETURN(report.set_aside, home.SetAside(old.node.epoch()));
      BL_RETURN_IF_ERROR(home.Prepare());
    }
    BL_RETURN_IF_ERROR(WriteSecretFile(
        marker, absl::StrCat(token_hash, "\n", report.set_aside)));
  }
  BL_ASSIGN_OR_RETURN(report.node, Enrol(home, enrol_address, token));
  v1::EpochGrant grant;
  grant.ParseFromString(report.node.epoch_grant());
  report.from_hub = FromProto(grant.from());

  RocksStoreOptions options;
  options.dir = home.ledger_dir();
  BL_ASSIGN_OR_RETURN(const std::unique_ptr<Store> store,
                      OpenRocksStore(options));
  BL_RETURN_IF_ERROR(RebuildIfNeeded(store.get()).status());
  BL_ASSIGN_OR_RETURN(report.records, FetchRest(home, report.node, store.get(),
                                                report.from_hub, progress));
  BL_ASSIGN_OR_RETURN(EdgeIdentity identity, home.LoadIdentity());
  BL_ASSIGN_OR_RETURN(const std::unique_ptr<EdgeCore> core,
                      EdgeCore::Open(std::move(identity), store.get(), clock));
  std::string old_ledger;
  if (!old_data_dir.empty()) {
    old_ledger = IsDir(old_data_dir + "/ledger") ? old_data_dir + "/ledger"
                                                 : old_data_dir;
  } else if (!report.set_aside.empty()) {
    old_ledger = report.set_aside + "/ledger";
  }
  if (!old_ledger.empty()) {
    BL_RETURN_IF_ERROR(
        OfferOldLedger(core.get(), store.get(), old_ledger, &report));
  }
  return report;
}

}  // namespace branchline

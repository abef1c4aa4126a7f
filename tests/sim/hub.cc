#include "tests/sim/hub.h"

#include <map>
#include <utility>

#include "sync/base/check.h"
#include "sync/base/status_macros.h"
#include "sync/identity/certificate_request.h"
#include "sync/identity/join_token.h"
#include "sync/journal/rebuild.h"

namespace branchline {
namespace {

SigningKey HubKey() {
  static const SigningKey* const key =
      new SigningKey(*SigningKey::FromSeed(std::string(kSigningSeedSize, 'h')));
  return *key;
}

// Made once: their bytes change from process to process, and nothing in a run
// depends on them.
const CertificateAuthority& Ca(absl::Time now) {
  static const CertificateAuthority* const ca =
      new CertificateAuthority(*CertificateAuthority::Create("sim", now));
  return *ca;
}

const std::string& Csr(const std::string& branch) {
  static auto* const requests = new std::map<std::string, std::string>();
  std::string& csr = (*requests)[branch];
  if (csr.empty()) {
    csr = *MakeCertificateRequest(*TlsKey::Generate(), branch);
  }
  return csr;
}

}  // namespace

std::string SimHub::PublicKey() { return HubKey().public_key(); }

SimHub::Process::Process(SimHub* hub, SimContext* context)
    : store(&hub->disk),
      ledger(&store, HubKey(), &context->clock, &context->random, &changed),
      node(&store, &ledger, &context->clock, &changed,
           {.threaded = false,
            .snapshots = context->plan.snapshots ? SnapshotLimits{2, 3, 64}
                                                 : SnapshotLimits(),
            .on_failure = [hub](const absl::Status&) { hub->failed_ = true; }}),
      enroller(&store, &ledger, Ca(context->clock.WallNow()), &context->clock),
      admin(&store, &ledger) {
  node.SetChangeListener([hub] { hub->changed_ = true; });
}

SimHub::SimHub(SimContext* context) : context_(*context) {}

absl::Status SimHub::Start() {
  BL_CHECK(!running(), "the hub is started once");
  BL_RETURN_IF_ERROR(RebuildIfNeeded(&disk).status());
  failed_ = false;
  process_ = std::make_unique<Process>(this, &context_);
  return absl::OkStatus();
}

void SimHub::Kill() {
  process_.reset();
  disk.Crash();
  failed_ = false;
}

absl::Status SimHub::Watch(absl::Status status) {
  if (absl::IsDataLoss(status) || absl::IsResourceExhausted(status)) {
    failed_ = true;
  }
  return status;
}

absl::StatusOr<v1::NodeIdentity> SimHub::Join(const std::string& branch,
                                              const SigningKey& key) {
  BL_ASSIGN_OR_RETURN(const auto box, store().ReadBox(branch));
  v1::IssueTokenRequest wanted;
  wanted.set_branch(branch);
  wanted.set_recover(box.has_value());
  auto issued = process_->enroller.IssueToken(wanted);
  BL_RETURN_IF_ERROR(Watch(issued.status()));
  BL_ASSIGN_OR_RETURN(const JoinToken token, ParseJoinToken(issued->token()));

  v1::JoinRequest request;
  request.set_branch(branch);
  request.set_secret(token.secret);
  request.set_csr_pem(Csr(branch));
  request.set_journal_public_key(key.public_key());
  request.set_possession(key.Sign("join", request.csr_pem()));
  auto answer = process_->enroller.Join(request);
  BL_RETURN_IF_ERROR(Watch(answer.status()));
  if (context_.OneIn(3)) {  // the reply was lost: the box asks again
    auto again = process_->enroller.Join(request);
    BL_RETURN_IF_ERROR(Watch(again.status()));
    if (again->epoch_grant() != answer->epoch_grant()) {
      context_.Violate("join-once", branch,
                       " was granted two epochs by one token");
    }
  }
  v1::EpochGrant grant;
  BL_CHECK(grant.ParseFromString(answer->epoch_grant()), "a grant is readable");
  v1::NodeIdentity node;
  node.set_branch(branch);
  node.set_branch_name(answer->branch_name());
  node.set_time_zone(answer->time_zone());
  node.set_currency(answer->currency());
  node.set_epoch(grant.epoch());
  node.set_epoch_grant(answer->epoch_grant());
  node.set_epoch_signature(answer->epoch_signature());
  node.set_hub_public_key(answer->hub_public_key());
  return node;
}

}  // namespace branchline

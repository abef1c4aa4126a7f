#include "hub/enrol/enroller.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "sync/base/bytes.h"
#include "sync/base/status_macros.h"
#include "sync/identity/branch_code.h"
#include "sync/identity/certificate_request.h"
#include "sync/identity/join_token.h"
#include "sync/identity/signing_key.h"
#include "sync/journal/record.h"
#include "sync/ledger/keys.h"

namespace branchline {
namespace {

constexpr int kReceiptKeysMax = 16;  // of a branch; the oldest go

// Other branches check receipts by it. Epochs are few: each is a new box.
void AddReceiptKey(uint64_t epoch, const std::string& public_key,
                   v1::Branch* branch) {
  while (branch->receipt_keys_size() >= kReceiptKeysMax) {
    branch->mutable_receipt_keys()->DeleteSubrange(0, 1);
  }
  v1::ReceiptKey* key = branch->add_receipt_keys();
  key->set_epoch(epoch);
  key->set_public_key(public_key);
}

// See enrolment.proto.
constexpr absl::string_view kJoinPurpose = "join";
constexpr absl::string_view kRenewPurpose = "renew";

absl::Status CheckActive(const v1::Branch& branch) {
  if (branch.status() != v1::BRANCH_STATUS_RETIRED) return absl::OkStatus();
  return absl::FailedPreconditionError(
      absl::StrCat("branch ", branch.code(),
                   " was retired: no box may join it or renew its certificate; "
                   "add a new branch"));
}

std::string Utc(int64_t unix_micros) {
  return absl::FormatTime("%Y-%m-%d %H:%M UTC",
                          absl::FromUnixMicros(unix_micros),
                          absl::UTCTimeZone());
}

}  // namespace

void Enroller::SetSyncAddress(std::string address) {
  absl::MutexLock lock(&mutex_);
  sync_address_ = std::move(address);
}

absl::StatusOr<v1::IssueTokenResponse> Enroller::IssueToken(
    const v1::IssueTokenRequest& request) {
  const uint32_t hours =
      request.hours() == 0 ? kTokenHoursDefault : request.hours();
  if (hours > kTokenHoursMax) {
    return absl::InvalidArgumentError(
        absl::StrCat("a token for ", request.branch(), " is to live ", hours,
                     " hours, at most ", kTokenHoursMax));
  }
  BL_RETURN_IF_ERROR(ledger_.MayDecide());
  BL_ASSIGN_OR_RETURN(const auto branch, store_.ReadBranch(request.branch()));
  if (!branch.has_value()) {
    return absl::NotFoundError(
        absl::StrCat("this chain has no branch ", request.branch(),
                     ": add it with 'branchline branch add'"));
  }
  BL_RETURN_IF_ERROR(CheckActive(*branch));
  BL_ASSIGN_OR_RETURN(const auto box, store_.ReadBox(request.branch()));
  if (box.has_value() && !request.recover()) {
    return absl::FailedPreconditionError(absl::StrCat(
        "a box has joined as ", request.branch(), " in epoch ", box->epoch(),
        " already: to replace it, ask for a token with --recover, and keep the "
        "old disk"));
  }
  if (!box.has_value() && request.recover()) {
    return absl::FailedPreconditionError(
        absl::StrCat("no box has joined as ", request.branch(),
                     " yet, there is nothing to recover: ask for a token "
                     "without --recover"));
  }
  BL_ASSIGN_OR_RETURN(const JoinToken token,
                      GenerateJoinToken(ca_.hash(), request.branch()));
  const absl::Time expires = clock_.WallNow() + absl::Hours(hours);
  HubApply apply;
  TokenPut& put = apply.tokens.emplace_back();
  put.secret_hash = JoinSecretHash(token.secret);
  put.state.set_branch(request.branch());
  put.state.set_recover(request.recover());
  put.state.set_expires_unix_micros(absl::ToUnixMicros(expires));
  BL_RETURN_IF_ERROR(store_.ApplyMany({&apply}).status());

  v1::IssueTokenResponse response;
  response.set_token(FormatJoinToken(token));
  response.set_expires_unix_micros(absl::ToUnixMicros(expires));
  return response;
}

// One join. Decide() may run several times, each against storage as it is then.
class Enroller::Joining {
 public:
  Joining(Enroller* enroller, const v1::JoinRequest& request)
      : at_(*enroller),
        request_(request),
        secret_hash_(JoinSecretHash(request.secret())) {}

  absl::Status CheckKeys() {
    if (request_.journal_public_key().size() != kSigningPublicKeySize) {
      return absl::InvalidArgumentError(
          absl::StrCat("join ", request_.branch(), ": the journal key has ",
                       request_.journal_public_key().size(), " bytes, want ",
                       kSigningPublicKeySize));
    }
    BL_RETURN_IF_ERROR(
        Annotate(VerifySignature(request_.journal_public_key(), kJoinPurpose,
                                 request_.csr_pem(), request_.possession()),
                 "join: the box does not hold the journal key it shows"));
    BL_ASSIGN_OR_RETURN(csr_, CheckCertificateRequest(request_.csr_pem()));
    if (csr_.common_name == request_.branch()) return absl::OkStatus();
    return absl::InvalidArgumentError(
        absl::StrCat("join ", request_.branch(),
                     ": the certificate request is for ", csr_.common_name));
  }

  absl::StatusOr<HubDecision> Decide() {
    HubDecision decision;
    BL_RETURN_IF_ERROR(ReadState());
    if (!token_.used_by_key().empty()) {
      BL_RETURN_IF_ERROR(CheckSameBox());
      return decision;  // answered from what is stored
    }
    BL_RETURN_IF_ERROR(CheckUnused());
    BL_RETURN_IF_ERROR(Grant(&decision));
    return decision;
  }

  v1::JoinResponse Answer(const std::string& sync_address) const {
    v1::EpochGrant grant;
    grant.ParseFromString(box_.epoch_grant());
    v1::JoinResponse response;
    response.set_certificate_pem(token_.certificate_pem());
    response.set_ca_pem(at_.ca_.cert_pem());
    response.set_hub_public_key(at_.ledger_.key().public_key());
    response.set_epoch_grant(box_.epoch_grant());
    response.set_epoch_signature(box_.epoch_signature());
    response.set_sync_address(sync_address);
    response.set_branch_name(branch_.name());
    response.set_time_zone(branch_.time_zone());
    response.set_currency(branch_.currency());
    if (grant.epoch() > 1) *response.mutable_journal_end() = grant.from();
    return response;
  }

 private:
  absl::Status ReadState() {
    BL_ASSIGN_OR_RETURN(const auto token, at_.store_.ReadToken(secret_hash_));
    if (!token.has_value() || token->branch() != request_.branch()) {
      return absl::NotFoundError(absl::StrCat(
          "this hub has issued no such token for branch ", request_.branch(),
          ": copy the token whole, or ask for a new one with 'branchline "
          "branch token'"));
    }
    token_ = *token;
    BL_ASSIGN_OR_RETURN(const auto branch,
                        at_.store_.ReadBranch(request_.branch()));
    if (!branch.has_value()) {
      return absl::NotFoundError(
          absl::StrCat("this chain has no branch ", request_.branch()));
    }
    branch_ = *branch;
    BL_RETURN_IF_ERROR(CheckActive(branch_));
    BL_ASSIGN_OR_RETURN(const auto box, at_.store_.ReadBox(request_.branch()));
    has_box_ = box.has_value();
    box_ = box.value_or(v1::BoxState());
    return absl::OkStatus();
  }

  absl::Status CheckSameBox() const {
    BL_ASSIGN_OR_RETURN(const CertificateRequest first,
                        CheckCertificateRequest(token_.csr_pem()));
    if (token_.used_by_key() != request_.journal_public_key() ||
        first.public_key_der != csr_.public_key_der) {
      return absl::FailedPreconditionError(absl::StrCat(
          "this token for ", request_.branch(),
          " was used by a box with other keys: a token is for one box. If that "
          "box was not yours, retire the branch at once; else ask for a new "
          "token"));
    }
    if (token_.used_for_epoch() != box_.epoch()) {
      return absl::FailedPreconditionError(absl::StrCat(
          "this token made a box for epoch ", token_.used_for_epoch(), " of ",
          request_.branch(), ", but another box has joined in epoch ",
          box_.epoch(), " since: ask for a new token"));
    }
    return absl::OkStatus();
  }

  absl::Status CheckUnused() const {
    const int64_t now = absl::ToUnixMicros(at_.clock_.WallNow());
    if (now > token_.expires_unix_micros()) {
      return absl::DeadlineExceededError(
          absl::StrCat("the token for ", request_.branch(), " expired at ",
                       Utc(token_.expires_unix_micros()), ", now is ", Utc(now),
                       ": ask for a new one with 'branchline branch token'"));
    }
    if (has_box_ == token_.recover()) return absl::OkStatus();
    return absl::FailedPreconditionError(
        absl::StrCat("another box has joined as ", request_.branch(),
                     " in epoch ", box_.epoch(),
                     " since this token was issued: to replace it, ask for a "
                     "token with --recover"));
  }

  // The next epoch, from what the hub holds of the one before.
  absl::Status Grant(HubDecision* decision) {
    const std::string stream = EdgeStream(request_.branch());
    BL_ASSIGN_OR_RETURN(const auto cursors, at_.store_.ReadCursors({stream}));
    const Cursor& cursor = cursors[0];
    // Holds while this is stored: nothing comes in between.
    StreamAppend& still = decision->with.appends.emplace_back();
    still.stream = stream;
    still.expect = still.end = cursor;

    v1::EpochGrant grant;
    grant.set_branch(request_.branch());
    grant.set_epoch(box_.epoch() + 1);
    grant.set_journal_public_key(request_.journal_public_key());
    if (has_box_) {
      *grant.mutable_from() = ToProto(cursor);
      v1::SealedEpoch* sealed = box_.add_sealed();
      sealed->set_epoch(box_.epoch());
      *sealed->mutable_last() = ToProto(cursor);
      sealed->set_journal_public_key(box_.journal_public_key());
    }
    BL_ASSIGN_OR_RETURN(
        const std::string certificate,
        at_.ca_.IssueBranch(request_.csr_pem(), request_.branch(),
                            grant.epoch(), at_.clock_.WallNow()));
    box_.set_branch(request_.branch());
    box_.set_epoch(grant.epoch());
    box_.set_journal_public_key(request_.journal_public_key());
    box_.set_epoch_grant(grant.SerializeAsString());
    box_.set_epoch_signature(
        at_.ledger_.key().Sign(kEpochPurpose, box_.epoch_grant()));
    box_.clear_confirmed_secret();
    box_.clear_offered_secret();
    box_.clear_incident();
    box_.clear_fenced_why();
    box_.clear_closed();
    box_.set_joined_unix_micros(absl::ToUnixMicros(at_.clock_.WallNow()));
    box_.set_revision(box_.revision() + 1);
    decision->with.boxes.push_back(box_);

    token_.set_used_by_key(request_.journal_public_key());
    token_.set_used_for_epoch(grant.epoch());
    token_.set_certificate_pem(certificate);
    token_.set_csr_pem(request_.csr_pem());
    decision->with.tokens.push_back({secret_hash_, token_});

    branch_.set_status(v1::BRANCH_STATUS_ACTIVE);
    AddReceiptKey(grant.epoch(), request_.journal_public_key(), &branch_);
    HubEvent& active = decision->events.emplace_back();
    active.stream = std::string(kChainStream);
    *active.event.mutable_branch_set()->mutable_branch() = branch_;
    return absl::OkStatus();
  }

  Enroller& at_;
  const v1::JoinRequest& request_;
  const std::string secret_hash_;
  CertificateRequest csr_;
  v1::TokenState token_;
  v1::Branch branch_;
  v1::BoxState box_;
  bool has_box_ = false;
};

absl::StatusOr<v1::JoinResponse> Enroller::Join(
    const v1::JoinRequest& request) {
  BL_RETURN_IF_ERROR(ValidateBranchCode(request.branch()));
  Joining joining(this, request);
  BL_RETURN_IF_ERROR(joining.CheckKeys());
  BL_RETURN_IF_ERROR(ledger_.Decide([&] { return joining.Decide(); }));
  absl::MutexLock lock(&mutex_);
  return joining.Answer(sync_address_);
}

absl::StatusOr<v1::RenewResponse> Enroller::Renew(
    const v1::RenewRequest& request) {
  BL_RETURN_IF_ERROR(ValidateBranchCode(request.branch()));
  BL_ASSIGN_OR_RETURN(const auto branch, store_.ReadBranch(request.branch()));
  BL_ASSIGN_OR_RETURN(const auto box, store_.ReadBox(request.branch()));
  if (!branch.has_value() || !box.has_value()) {
    return absl::NotFoundError(absl::StrCat("no box has joined as ",
                                            request.branch(), " at this hub"));
  }
  BL_RETURN_IF_ERROR(CheckActive(*branch));
  if (request.epoch() != box->epoch()) {
    return absl::FailedPreconditionError(
        absl::StrCat("renew ", request.branch(), ": this box posts in epoch ",
                     request.epoch(), ", the branch in epoch ", box->epoch(),
                     ": another box took over. Stop selling on this one"));
  }
  if (box->closed()) {
    return absl::FailedPreconditionError(
        absl::StrCat("renew ", request.branch(),
                     ": the branch is fenced: ", box->fenced_why(),
                     ". Set one box up anew with a token of 'branchline branch "
                     "token --recover'"));
  }
  std::string message = absl::StrCat(request.branch(), request.csr_pem());
  AppendU64(&message, static_cast<uint64_t>(request.at_unix_micros()));
  if (!VerifySignature(box->journal_public_key(), kRenewPurpose, message,
                       request.signature())
           .ok()) {
    return absl::PermissionDeniedError(
        absl::StrCat("renew ", request.branch(),
                     ": not signed with the journal key of epoch ",
                     box->epoch(), ": this is not the box that joined"));
  }
  const absl::Time now = clock_.WallNow();
  const absl::Time at = absl::FromUnixMicros(request.at_unix_micros());
  if (at < now - kRenewSkewMax || at > now + kRenewSkewMax) {
    return absl::FailedPreconditionError(absl::StrCat(
        "renew ", request.branch(), ": the box's clock says ",
        Utc(request.at_unix_micros()), ", the hub's ",
        Utc(absl::ToUnixMicros(now)), ": set the wrong one right"));
  }
  v1::RenewResponse response;
  BL_ASSIGN_OR_RETURN(*response.mutable_certificate_pem(),
                      ca_.IssueBranch(request.csr_pem(), request.branch(),
                                      request.epoch(), now));
  return response;
}

}  // namespace branchline

#include "sync/rpc/enrol_client.h"

#include <grpcpp/client_context.h>
#include <grpcpp/create_channel.h>

#include <memory>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "branchline/v1/enrolment.grpc.pb.h"
#include "sync/base/bytes.h"
#include "sync/base/status_macros.h"
#include "sync/identity/certificate.h"
#include "sync/rpc/credentials.h"
#include "sync/rpc/grpc_status.h"
#include "sync/rpc/tls_probe.h"

namespace branchline {
namespace {

constexpr size_t kHashShownSize = 8;  // hex digits, for a person to compare

void SetTimeout(grpc::ClientContext* context, absl::Duration timeout) {
  gpr_timespec wait;
  const timespec value = absl::ToTimespec(timeout);
  wait.tv_sec = value.tv_sec;
  wait.tv_nsec = static_cast<int32_t>(value.tv_nsec);
  wait.clock_type = GPR_TIMESPAN;
  context->set_deadline(wait);
}

std::unique_ptr<v1::Enrolment::Stub> StubFor(absl::string_view address,
                                             absl::string_view ca_pem) {
  return v1::Enrolment::NewStub(grpc::CreateCustomChannel(
      std::string(address), EnrolClientCredentials(std::string(ca_pem)),
      HubChannelArguments()));
}

// A refusal says why in the hub's own words; a broken line does not say what to
// do.
absl::Status Explain(const absl::Status& status, absl::string_view address) {
  if (absl::IsUnavailable(status)) {
    return absl::UnavailableError(absl::StrCat(
        "the hub at ", address, " cannot be reached (", status.message(),
        "): check the address and the line, then run this again"));
  }
  if (absl::IsDeadlineExceeded(status) &&
      status.message() == "Deadline Exceeded") {
    return absl::DeadlineExceededError(
        absl::StrCat("the hub at ", address,
                     " did not answer in time: run this again with the same "
                     "token"));
  }
  return status;
}

absl::Status CheckJoinResponse(const v1::JoinResponse& response,
                               const JoinToken& token,
                               absl::string_view address) {
  const absl::Status same_ca = CheckCaHash(response.ca_pem(), token.ca_hash);
  if (!same_ca.ok()) {
    return absl::DataLossError(absl::StrCat(
        "the hub at ", address,
        " answered with another CA than its own: ", same_ca.message()));
  }
  const absl::StatusOr<BranchLeaf> leaf =
      ParseBranchLeaf(response.certificate_pem());
  if (!leaf.ok()) {
    return absl::DataLossError(absl::StrCat(
        "the hub at ", address,
        " answered with a bad certificate: ", leaf.status().message()));
  }
  if (leaf->branch != token.branch) {
    return absl::DataLossError(absl::StrCat(
        "the hub at ", address, " answered with a certificate for ",
        leaf->branch, ", the token is for ", token.branch));
  }
  if (response.hub_public_key().size() != kSigningPublicKeySize) {
    return absl::DataLossError(
        absl::StrCat("the hub at ", address, " answered with a journal key of ",
                     response.hub_public_key().size(), " bytes, want ",
                     kSigningPublicKeySize));
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<std::string> FetchHubCa(absl::string_view address,
                                       absl::string_view ca_hash,
                                       absl::Duration timeout) {
  absl::StatusOr<std::vector<std::string>> chain =
      ProbeTlsChain(address, timeout);
  if (!chain.ok()) {
    return Annotate(chain.status(), "asking the hub who it is");
  }
  std::string last_hash;
  for (std::string& pem : *chain) {
    BL_ASSIGN_OR_RETURN(last_hash, CaHash(pem));
    if (last_hash == ca_hash) return std::move(pem);
  }
  return absl::UnauthenticatedError(absl::StrCat(
      "the hub at ", address, " has the CA ",
      last_hash.empty() ? "(none)" : last_hash.substr(0, kHashShownSize),
      "..., the token names ", ca_hash.substr(0, kHashShownSize),
      "...: it is another chain's hub, or somebody is in between. Check the "
      "address; if it is right, ask for a new token"));
}

absl::StatusOr<v1::JoinResponse> Join(absl::string_view address,
                                      const JoinToken& token,
                                      absl::string_view csr_pem,
                                      const SigningKey& journal_key,
                                      absl::Duration timeout) {
  BL_ASSIGN_OR_RETURN(const std::string ca_pem,
                      FetchHubCa(address, token.ca_hash, timeout));
  v1::JoinRequest request;
  request.set_branch(token.branch);
  request.set_secret(token.secret);
  request.set_csr_pem(std::string(csr_pem));
  request.set_journal_public_key(journal_key.public_key());
  request.set_possession(journal_key.Sign(kJoinPurpose, csr_pem));
  v1::JoinResponse response;
  grpc::ClientContext context;
  SetTimeout(&context, timeout);
  const absl::Status joined =
      FromGrpc(StubFor(address, ca_pem)->Join(&context, request, &response));
  if (absl::IsDeadlineExceeded(joined) &&
      joined.message() != "Deadline Exceeded") {
    // The hub's own word: the token has expired.
    return absl::FailedPreconditionError(joined.message());
  }
  BL_RETURN_IF_ERROR(Explain(joined, address));
  BL_RETURN_IF_ERROR(CheckJoinResponse(response, token, address));
  return response;
}

absl::StatusOr<v1::RenewResponse> Renew(
    absl::string_view address, absl::string_view ca_pem,
    absl::string_view branch, uint64_t epoch, absl::string_view csr_pem,
    const SigningKey& journal_key, absl::Time now, absl::Duration timeout) {
  v1::RenewRequest request;
  request.set_branch(std::string(branch));
  request.set_epoch(epoch);
  request.set_csr_pem(std::string(csr_pem));
  request.set_at_unix_micros(absl::ToUnixMicros(now));
  request.set_signature(journal_key.Sign(
      kRenewPurpose, RenewBytes(branch, csr_pem, request.at_unix_micros())));
  v1::RenewResponse response;
  grpc::ClientContext context;
  SetTimeout(&context, timeout);
  BL_RETURN_IF_ERROR(Explain(
      FromGrpc(StubFor(address, ca_pem)->Renew(&context, request, &response)),
      address));
  return response;
}

std::string RenewBytes(absl::string_view branch, absl::string_view csr_pem,
                       int64_t at_unix_micros) {
  std::string bytes = absl::StrCat(branch, csr_pem);
  AppendU64(&bytes, static_cast<uint64_t>(at_unix_micros));
  return bytes;
}

}  // namespace branchline

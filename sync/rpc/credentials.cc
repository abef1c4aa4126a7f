#include "sync/rpc/credentials.h"

#include <grpc/grpc_security_constants.h>
#include <grpcpp/security/auth_context.h>

#include <utility>

#include "absl/strings/string_view.h"
#include "sync/identity/certificate.h"
#include "sync/replication/limits.h"

namespace branchline {
namespace {

std::shared_ptr<grpc::ServerCredentials> ServerCredentials(
    const TlsFiles& files, grpc_ssl_client_certificate_request_type request) {
  grpc::SslServerCredentialsOptions options(request);
  options.pem_root_certs = files.ca_pem;
  // The CA goes along: a box that joins checks it by the hash in its token.
  options.pem_key_cert_pairs.push_back(
      {files.key_pem, files.certificate_pem + files.ca_pem});
  return grpc::SslServerCredentials(options);
}

int Millis(absl::Duration duration) {
  return static_cast<int>(absl::ToInt64Milliseconds(duration));
}

}  // namespace

std::shared_ptr<grpc::ServerCredentials> SyncServerCredentials(
    const TlsFiles& files) {
  return ServerCredentials(
      files, GRPC_SSL_REQUEST_AND_REQUIRE_CLIENT_CERTIFICATE_AND_VERIFY);
}

std::shared_ptr<grpc::ServerCredentials> EnrolServerCredentials(
    const TlsFiles& files) {
  return ServerCredentials(files, GRPC_SSL_DONT_REQUEST_CLIENT_CERTIFICATE);
}

std::shared_ptr<grpc::ChannelCredentials> SyncClientCredentials(
    const TlsFiles& files) {
  grpc::SslCredentialsOptions options;
  options.pem_root_certs = files.ca_pem;
  options.pem_cert_chain = files.certificate_pem;
  options.pem_private_key = files.key_pem;
  return grpc::SslCredentials(options);
}

std::shared_ptr<grpc::ChannelCredentials> EnrolClientCredentials(
    const std::string& ca_pem) {
  grpc::SslCredentialsOptions options;
  options.pem_root_certs = ca_pem;
  return grpc::SslCredentials(options);
}

grpc::ChannelArguments HubChannelArguments() {
  grpc::ChannelArguments arguments;
  arguments.SetSslTargetNameOverride(kHubTargetName);
  arguments.SetMaxReceiveMessageSize(kFrameBytesMax);
  arguments.SetMaxSendMessageSize(kFrameBytesMax);
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  arguments.SetInt(GRPC_ARG_ENABLE_RETRIES, 0);
  // Found a dead idle line in 2 s; without the third, gRPC sends two pings and
  // then waits 60 s for data.
  arguments.SetInt(GRPC_ARG_KEEPALIVE_TIME_MS, Millis(kKeepaliveEvery));
  arguments.SetInt(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, Millis(kKeepaliveTimeout));
  arguments.SetInt(GRPC_ARG_HTTP2_MAX_PINGS_WITHOUT_DATA, 0);
  return arguments;
}

void SetHubServerArguments(grpc::ServerBuilder* builder) {
  builder->SetMaxReceiveMessageSize(kFrameBytesMax);
  builder->SetMaxSendMessageSize(kFrameBytesMax);
  // A box that went away in the middle of fetching its journal would hold its
  // reply for hours: on that call nothing comes from the box.
  builder->AddChannelArgument(GRPC_ARG_KEEPALIVE_TIME_MS,
                              Millis(kKeepaliveEvery));
  builder->AddChannelArgument(GRPC_ARG_KEEPALIVE_TIMEOUT_MS,
                              Millis(kKeepaliveTimeout));
  builder->AddChannelArgument(GRPC_ARG_HTTP2_MAX_PINGS_WITHOUT_DATA, 0);
  // A server that sees pings more often than this hangs up ("too many pings").
  builder->AddChannelArgument(
      GRPC_ARG_HTTP2_MIN_RECV_PING_INTERVAL_WITHOUT_DATA_MS, 5'000);
  builder->AddChannelArgument(GRPC_ARG_KEEPALIVE_PERMIT_WITHOUT_CALLS, 1);
  // Two hubs on one port would each get some of the branches.
  builder->AddChannelArgument(GRPC_ARG_ALLOW_REUSEPORT, 0);
}

absl::StatusOr<PeerIdentity> PeerOf(const grpc::ServerContextBase& context) {
  const std::shared_ptr<const grpc::AuthContext> auth = context.auth_context();
  if (auth == nullptr || !auth->IsPeerAuthenticated()) {
    return absl::UnauthenticatedError(
        "this port demands a branch's certificate, and none was shown");
  }
  const std::vector<grpc::string_ref> pems =
      auth->FindPropertyValues(GRPC_X509_PEM_CERT_PROPERTY_NAME);
  if (pems.size() != 1) {
    return absl::UnauthenticatedError(
        "this port demands exactly one certificate");
  }
  absl::StatusOr<BranchLeaf> leaf =
      ParseBranchLeaf(absl::string_view(pems[0].data(), pems[0].size()));
  if (!leaf.ok()) {
    return absl::UnauthenticatedError(absl::StrCat(
        "the certificate shown is not a branch's: ", leaf.status().message()));
  }
  return PeerIdentity{std::move(leaf->branch), leaf->epoch};
}

}  // namespace branchline

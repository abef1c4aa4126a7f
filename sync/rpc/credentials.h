#pragma once

#include <grpcpp/security/credentials.h>
#include <grpcpp/security/server_credentials.h>
#include <grpcpp/server_builder.h>
#include <grpcpp/server_context.h>
#include <grpcpp/support/channel_arguments.h>

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "sync/replication/ports.h"

namespace branchline {

// The name in the hub's certificate, whatever address it is reached by.
inline constexpr char kHubTargetName[] = "branchline-hub";

// What a node shows and whom it believes, as PEM.
struct TlsFiles {
  std::string ca_pem;
  std::string certificate_pem;
  std::string key_pem;
};

// For the sync port: a line without a certificate of our CA ends in the
// handshake. `files` are the hub's.
std::shared_ptr<grpc::ServerCredentials> SyncServerCredentials(
    const TlsFiles& files);

// For the enrolment port: boxes have no certificate yet. The CA goes along with
// the hub's certificate, so that a box can check it by the token's hash.
std::shared_ptr<grpc::ServerCredentials> EnrolServerCredentials(
    const TlsFiles& files);

// `files` are the branch's.
std::shared_ptr<grpc::ChannelCredentials> SyncClientCredentials(
    const TlsFiles& files);

// For enrolment, once the CA was checked.
std::shared_ptr<grpc::ChannelCredentials> EnrolClientCredentials(
    const std::string& ca_pem);

// For every channel to the hub: its name, message sizes, a keepalive that finds
// a dead idle line (gRPC's default took 60 s), and a connection of its own, so
// that gRPC's back-off never hides ours.
grpc::ChannelArguments HubChannelArguments();

// The same for the servers of the hub's two ports.
void SetHubServerArguments(grpc::ServerBuilder* builder);

// The branch that the client certificate of this call names.
//   UNAUTHENTICATED  none was shown, or it is not a branch's
absl::StatusOr<PeerIdentity> PeerOf(const grpc::ServerContextBase& context);

}  // namespace branchline

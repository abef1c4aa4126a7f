#pragma once

#include <grpcpp/server_context.h>

#include "sync/rpc/http/unary_registry.h"

namespace branchline {

// Who calls over gRPC, with the key that the call carries.
CallContext ContextOf(const grpc::ServerContext& context);

}  // namespace branchline

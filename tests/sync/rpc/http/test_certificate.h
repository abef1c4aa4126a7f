#pragma once

#include <openssl/x509.h>

#include <memory>

#include "sync/rpc/http/tls_context.h"

namespace branchline::testing {

// A P-256 key and a certificate for 127.0.0.1, signed by itself, valid now.
struct TestCertificate {
  TlsIdentity identity;
  std::shared_ptr<X509> certificate;
};

TestCertificate MakeTestCertificate();

}  // namespace branchline::testing

#pragma once

#include <memory>
#include <string>

#include "absl/status/statusor.h"

struct ssl_ctx_st;

namespace branchline {

// What a TLS listener shows. PEM.
struct TlsIdentity {
  std::string certificate_chain_pem;  // the leaf first
  std::string private_key_pem;        // a secret: never log it
};

// OpenSSL's context for a server: TLS 1.2 or newer, no client certificate (a
// till shows its key in the request). Safe for concurrent use.
class TlsContext {
 public:
  //   INVALID_ARGUMENT  certificate or key cannot be read, or do not belong
  //                     together
  static absl::StatusOr<std::shared_ptr<const TlsContext>> Create(
      const TlsIdentity& identity);

  ~TlsContext();
  TlsContext(const TlsContext&) = delete;
  TlsContext& operator=(const TlsContext&) = delete;

  ssl_ctx_st* get() const { return context_; }

 private:
  explicit TlsContext(ssl_ctx_st* context) : context_(context) {}
  ssl_ctx_st* const context_;
};

}  // namespace branchline

#include "sync/rpc/http/tls_context.h"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"

namespace branchline {
namespace {

using BioPtr = std::unique_ptr<BIO, decltype(&BIO_free)>;
using X509Ptr = std::unique_ptr<X509, decltype(&X509_free)>;
using KeyPtr = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;

BioPtr Reader(const std::string& pem) {
  return BioPtr(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())),
                BIO_free);
}

// OpenSSL's first complaint, and an empty queue after it.
absl::Status Refused(absl::string_view doing) {
  char reason[256] = "no reason given";
  if (const unsigned long error = ERR_get_error(); error != 0) {
    ERR_error_string_n(error, reason, sizeof(reason));
  }
  ERR_clear_error();
  return absl::InvalidArgumentError(
      absl::StrCat("TLS listener: ", doing, ": ", reason));
}

// An encrypted key would make OpenSSL ask on the terminal of a daemon.
int NoPassphrase(char*, int, int, void*) { return 0; }

}  // namespace

absl::StatusOr<std::shared_ptr<const TlsContext>> TlsContext::Create(
    const TlsIdentity& identity) {
  ERR_clear_error();
  SSL_CTX* context = SSL_CTX_new(TLS_server_method());
  if (context == nullptr) return Refused("make a context");
  const std::shared_ptr<const TlsContext> made(new TlsContext(context));
  SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
  SSL_CTX_set_options(context, SSL_OP_NO_COMPRESSION | SSL_OP_NO_RENEGOTIATION);
  SSL_CTX_set_mode(context, SSL_MODE_ENABLE_PARTIAL_WRITE |
                                SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);

  const BioPtr chain = Reader(identity.certificate_chain_pem);
  const X509Ptr leaf(
      PEM_read_bio_X509(chain.get(), nullptr, NoPassphrase, nullptr),
      X509_free);
  if (leaf == nullptr) return Refused("read the certificate");
  if (SSL_CTX_use_certificate(context, leaf.get()) != 1) {
    return Refused("use the certificate");
  }
  while (X509* next =
             PEM_read_bio_X509(chain.get(), nullptr, NoPassphrase, nullptr)) {
    // Takes `next` only when it succeeds.
    if (SSL_CTX_add0_chain_cert(context, next) != 1) {
      X509_free(next);
      return Refused("use the certificate chain");
    }
  }
  // The chain ends where there is no further PEM; anything else is damage.
  const unsigned long last = ERR_peek_last_error();
  if (ERR_GET_REASON(last) != PEM_R_NO_START_LINE) {
    return Refused("read the certificate chain");
  }
  ERR_clear_error();

  const KeyPtr key(
      PEM_read_bio_PrivateKey(Reader(identity.private_key_pem).get(), nullptr,
                              NoPassphrase, nullptr),
      EVP_PKEY_free);
  if (key == nullptr) return Refused("read the private key");
  if (SSL_CTX_use_PrivateKey(context, key.get()) != 1 ||
      SSL_CTX_check_private_key(context) != 1) {
    return Refused("put certificate and private key together");
  }
  return made;
}

TlsContext::~TlsContext() { SSL_CTX_free(context_); }

}  // namespace branchline

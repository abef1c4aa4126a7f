#include "devices/wallet/wallet_emulator_server.h"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <thread>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "sync/base/check.h"
// As in https_gateway.cc.
#define CPPHTTPLIB_OPENSSL_SUPPORT
#include <httplib.h>

namespace branchline {
namespace {

struct Certificate {
  std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> key{nullptr,
                                                          &EVP_PKEY_free};
  std::unique_ptr<X509, decltype(&X509_free)> x509{nullptr, &X509_free};
  std::string pem;
  std::string key_pem;
};

std::string Contents(BIO* bio) {
  char* data = nullptr;
  const long size = BIO_get_mem_data(bio, &data);
  return std::string(data, static_cast<size_t>(size));
}

// Valid for ten years around `now`, for 127.0.0.1, signed by itself.
Certificate MakeCertificate(absl::Time now, const char* common_name) {
  Certificate made;
  made.key.reset(EVP_RSA_gen(2048));
  made.x509.reset(X509_new());
  X509* const x509 = made.x509.get();
  X509_set_version(x509, 2);
  ASN1_INTEGER_set(X509_get_serialNumber(x509), 1);
  const time_t from = absl::ToTimeT(now - absl::Hours(24 * 365 * 5));
  const time_t to = absl::ToTimeT(now + absl::Hours(24 * 365 * 5));
  ASN1_TIME_set(X509_getm_notBefore(x509), from);
  ASN1_TIME_set(X509_getm_notAfter(x509), to);
  X509_set_pubkey(x509, made.key.get());
  X509_NAME* const name = X509_get_subject_name(x509);
  X509_NAME_add_entry_by_txt(
      name, "CN", MBSTRING_ASC,
      reinterpret_cast<const unsigned char*>(common_name), -1, -1, 0);
  X509_set_issuer_name(x509, name);
  for (const auto& [nid, value] :
       {std::pair{NID_subject_alt_name, "IP:127.0.0.1"},
        {NID_basic_constraints, "critical,CA:TRUE"}}) {
    X509_EXTENSION* const extension =
        X509V3_EXT_conf_nid(nullptr, nullptr, nid, value);
    X509_add_ext(x509, extension, -1);
    X509_EXTENSION_free(extension);
  }
  const bool is_signed = X509_sign(x509, made.key.get(), EVP_sha256()) > 0;
  BL_CHECK(is_signed, "a certificate can be made");
  using Bio = std::unique_ptr<BIO, decltype(&BIO_free_all)>;
  const Bio bio(BIO_new(BIO_s_mem()), &BIO_free_all);
  PEM_write_bio_X509(bio.get(), x509);
  made.pem = Contents(bio.get());
  const Bio key(BIO_new(BIO_s_mem()), &BIO_free_all);
  PEM_write_bio_PrivateKey(key.get(), made.key.get(), nullptr, nullptr, 0,
                           nullptr, nullptr);
  made.key_pem = Contents(key.get());
  return made;
}

// Asks who calls for a certificate, and checks it if he shows one.
bool SetUp(const Certificate& own, const Certificate& merchant, SSL_CTX& tls) {
  X509_STORE* const known = X509_STORE_new();
  X509_STORE_add_cert(known, merchant.x509.get());
  SSL_CTX_set_cert_store(&tls, known);  // takes it
  SSL_CTX_set_verify(&tls, SSL_VERIFY_PEER, nullptr);
  return SSL_CTX_use_certificate(&tls, own.x509.get()) == 1 &&
         SSL_CTX_use_PrivateKey(&tls, own.key.get()) == 1;
}

bool HasShownCertificate(const httplib::Request& request) {
  if (request.ssl == nullptr) return false;
  const std::unique_ptr<X509, decltype(&X509_free)> shown(
      SSL_get1_peer_certificate(request.ssl), &X509_free);
  return shown != nullptr;
}

}  // namespace

class WalletEmulatorServer::Impl {
 public:
  Impl(WalletEmulator emulator, Clock* clock)
      : clock_(clock),
        certificate_(MakeCertificate(clock->WallNow(), "emulated wallet")),
        merchant_(MakeCertificate(clock->WallNow(), "emulated merchant")),
        server_([this](SSL_CTX& tls) {
          return SetUp(certificate_, merchant_, tls);
        }),
        emulator_(std::move(emulator)) {
    server_.set_keep_alive_max_count(1);
    server_.Post(".*", [this](const httplib::Request& request,
                              httplib::Response& response) {
      if (absl::StartsWith(request.path, "/secapi/") &&
          !HasShownCertificate(request)) {
        response.status = 400;  // as the wallet's own front does
        return;
      }
      WalletEmulator::Reply reply;
      {
        absl::MutexLock lock(&mutex_);
        reply = emulator_.Handle(request.path, request.body,
                                 clock_->MonotonicNow());
      }
      if (reply.kind == WalletEmulator::Reply::Kind::kAnswer) {
        response.set_content(reply.body, "text/plain; charset=utf-8");
        return;
      }
      // A length is promised and the line goes before it has come.
      response.set_content_provider(
          1'000, "text/plain",
          [](size_t, size_t, httplib::DataSink&) { return false; });
    });
  }

  bool Start() {
    server_.Get("/bill.zip", [this](const httplib::Request&,
                                    httplib::Response& response) {
      absl::MutexLock lock(&mutex_);
      response.set_content(emulator_.PackedBill(), "application/octet-stream");
    });
    port_ = server_.bind_to_any_port("127.0.0.1");
    if (port_ <= 0) return false;
    {
      absl::MutexLock lock(&mutex_);
      emulator_.SetBillUrl(
          absl::StrCat("https://127.0.0.1:", port_, "/bill.zip"));
    }
    thread_ = std::thread([this] { server_.listen_after_bind(); });
    return true;
  }
  ~Impl() {
    if (!thread_.joinable()) return;
    // stop() before it listens would be forgotten.
    while (!server_.is_running()) std::this_thread::yield();
    server_.stop();
    thread_.join();
  }

  Clock* const clock_;
  const Certificate certificate_;
  const Certificate merchant_;  // his, as the wallet has given it to him
  httplib::SSLServer server_;
  absl::Mutex mutex_;
  WalletEmulator emulator_ ABSL_GUARDED_BY(mutex_);
  int port_ = 0;
  std::thread thread_;
};

WalletEmulatorServer::WalletEmulatorServer(std::unique_ptr<Impl> impl)
    : impl_(std::move(impl)) {}
WalletEmulatorServer::~WalletEmulatorServer() = default;

absl::StatusOr<std::unique_ptr<WalletEmulatorServer>>
WalletEmulatorServer::Start(WalletEmulator emulator, Clock* clock) {
  auto impl = std::make_unique<Impl>(std::move(emulator), clock);
  if (!impl->Start()) {
    return absl::UnavailableError("emulate a wallet: no port to be had");
  }
  return std::unique_ptr<WalletEmulatorServer>(
      new WalletEmulatorServer(std::move(impl)));
}

int WalletEmulatorServer::port() const { return impl_->port_; }

const std::string& WalletEmulatorServer::certificate_pem() const {
  return impl_->certificate_.pem;
}

const std::string& WalletEmulatorServer::merchant_certificate_pem() const {
  return impl_->merchant_.pem;
}

const std::string& WalletEmulatorServer::merchant_key_pem() const {
  return impl_->merchant_.key_pem;
}

void WalletEmulatorServer::With(absl::FunctionRef<void(WalletEmulator&)> use) {
  absl::MutexLock lock(&impl_->mutex_);
  use(impl_->emulator_);
}

}  // namespace branchline

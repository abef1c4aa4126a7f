#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sync/rpc/http/connect_server.h"
#include "sync/rpc/http/httplib_debian.h"
#include "tests/sync/rpc/http/fake_till.h"
#include "tests/sync/rpc/http/raw_client.h"
#include "tests/sync/rpc/http/test_certificate.h"

namespace branchline {
namespace {

using testing::Exchange;
using testing::FakeTill;
using ::testing::HasSubstr;
using testing::kAnyPort;
using testing::kRingJson;
using testing::kRingPath;
using testing::kRungJson;
using testing::MakeTestCertificate;
using testing::TestCertificate;

// A till that trusts `certificate` and no other.
std::unique_ptr<httplib::SSLClient> Till(int port,
                                         const TestCertificate& certificate) {
  auto client = std::make_unique<httplib::SSLClient>("127.0.0.1", port);
  X509_STORE* store = X509_STORE_new();  // The client takes it.
  X509_STORE_add_cert(store, certificate.certificate.get());
  client->set_ca_cert_store(store);
  client->enable_server_certificate_verification(true);
  client->set_keep_alive(true);
  return client;
}

class TlsListenerTest : public ::testing::Test {
 protected:
  void SetUp() override {
    const auto bound = server_.AddListener(kAnyPort, certificate_.identity);
    ASSERT_TRUE(bound.ok()) << bound.status();
    port_ = bound->port;
  }

  CallContext seen_;
  const UnaryRegistry till_ =
      FakeTill([this](const auto& context, const auto& request, auto* reply) {
        seen_ = context;
        return testing::EchoRing(context, request, reply);
      });
  const TestCertificate certificate_ = MakeTestCertificate();
  ConnectServer server_{&till_, {}};
  int port_ = 0;
};

TEST_F(TlsListenerTest, RingsUpASale) {
  const auto till = Till(port_, certificate_);
  for (int i = 0; i < 3; ++i) {  // On one connection.
    const auto response =
        till->Post(kRingPath, {{"Authorization", "Bearer till-7-key"}},
                   kRingJson, "application/json");
    ASSERT_TRUE(response) << httplib::to_string(response.error());
    EXPECT_EQ(response->body, kRungJson);
  }
  EXPECT_TRUE(seen_.is_encrypted);
  EXPECT_EQ(seen_.bearer, "till-7-key");
}

TEST_F(TlsListenerTest, TakesALargeRequestAndRefusesALargerOne) {
  const std::string most = absl::StrCat(
      kRingJson, std::string(kBodyBytesMax - strlen(kRingJson), ' '));
  const auto till = Till(port_, certificate_);
  EXPECT_EQ(till->Post(kRingPath, most, "application/json")->body, kRungJson);
  const auto refused = till->Post(kRingPath, most + " ", "application/json");
  ASSERT_TRUE(refused) << httplib::to_string(refused.error());
  EXPECT_EQ(refused->status, 413);
}

TEST_F(TlsListenerTest, ATillThatTrustsAnotherIsNotServed) {
  const auto till = Till(port_, MakeTestCertificate());
  EXPECT_FALSE(till->Get("/healthz"));
  EXPECT_EQ(Till(port_, certificate_)->Get("/healthz")->status, 200);
}

TEST_F(TlsListenerTest, SpeaksNeitherPlainNorOldTls) {
  EXPECT_THAT(Exchange(port_, "GET /healthz HTTP/1.1\r\n\r\n"),
              ::testing::Not(HasSubstr("200")));
  const auto old = Till(port_, certificate_);
  SSL_CTX_set_security_level(old->ssl_context(), 0);
  SSL_CTX_set_max_proto_version(old->ssl_context(), TLS1_1_VERSION);
  EXPECT_FALSE(old->Get("/healthz"));
  EXPECT_EQ(Till(port_, certificate_)->Get("/healthz")->status, 200);
}

TEST_F(TlsListenerTest, RunsBesideAPlainOneAndIsStoppedAlone) {
  const auto plain = server_.AddListener(kAnyPort);
  const auto tls = server_.AddListener(kAnyPort, certificate_.identity);
  ASSERT_TRUE(plain.ok());
  ASSERT_TRUE(tls.ok());
  EXPECT_EQ(Till(tls->port, certificate_)->Get("/healthz")->status, 200);
  EXPECT_EQ(server_.RemoveListener(tls->id, absl::Seconds(10)),
            absl::OkStatus());
  EXPECT_FALSE(Till(tls->port, certificate_)->Get("/healthz"));
  EXPECT_EQ(httplib::Client("127.0.0.1", plain->port).Get("/healthz")->status,
            200);
}

TEST_F(TlsListenerTest, SaysWhatIsWrongWithTheCertificate) {
  const auto error = [this](const TlsIdentity& identity) {
    const absl::Status status =
        server_.AddListener(kAnyPort, identity).status();
    EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
    return std::string(status.message());
  };
  const TlsIdentity& good = certificate_.identity;
  const TlsIdentity other = MakeTestCertificate().identity;
  const std::string& chain = good.certificate_chain_pem;
  EXPECT_THAT(error({"", good.private_key_pem}),
              HasSubstr("read the certificate"));
  EXPECT_THAT(error({chain, "nonsense"}), HasSubstr("read the private key"));
  EXPECT_THAT(error({chain, other.private_key_pem}),
              HasSubstr("put certificate and private key together"));
  EXPECT_THAT(error({chain + "-----BEGIN CERTIFICATE-----\nAA\n",
                     good.private_key_pem}),
              HasSubstr("read the certificate chain"));
}

}  // namespace
}  // namespace branchline

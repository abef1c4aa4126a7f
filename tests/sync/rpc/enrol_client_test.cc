#include "sync/rpc/enrol_client.h"

#include <gmock/gmock.h>
#include <grpcpp/server.h>
#include <grpcpp/server_builder.h>

#include "absl/strings/str_cat.h"
#include "branchline/v1/enrolment.grpc.pb.h"
#include "sync/base/clock.h"
#include "sync/identity/certificate_authority.h"
#include "sync/identity/certificate_request.h"
#include "sync/rpc/credentials.h"
#include "sync/rpc/grpc_status.h"

namespace branchline {
namespace {

using ::testing::HasSubstr;

constexpr absl::Duration kPatience = absl::Seconds(30);

// A hub that signs every request, or says what it was told to.
class FakeEnrolment final : public v1::Enrolment::Service {
 public:
  explicit FakeEnrolment(const CertificateAuthority& ca) : ca_(ca) {}

  grpc::Status Join(grpc::ServerContext*, const v1::JoinRequest* request,
                    v1::JoinResponse* response) override {
    if (!error.ok()) return ToGrpc(error);
    ++joins;
    const absl::Status proven =
        VerifySignature(request->journal_public_key(), kJoinPurpose,
                        request->csr_pem(), request->possession());
    if (!proven.ok()) return ToGrpc(proven);
    response->set_certificate_pem(ca_.IssueBranch(request->csr_pem(),
                                                  request->branch(), 1,
                                                  SystemClock().WallNow())
                                      .value());
    response->set_ca_pem(ca_in_answer.empty() ? ca_.cert_pem() : ca_in_answer);
    response->set_hub_public_key(std::string(kSigningPublicKeySize, 'k'));
    return grpc::Status::OK;
  }

  grpc::Status Renew(grpc::ServerContext*, const v1::RenewRequest* request,
                     v1::RenewResponse* response) override {
    if (!error.ok()) return ToGrpc(error);
    const absl::Status proven =
        VerifySignature(journal_public_key, kRenewPurpose,
                        RenewBytes(request->branch(), request->csr_pem(),
                                   request->at_unix_micros()),
                        request->signature());
    if (!proven.ok()) return ToGrpc(proven);
    response->set_certificate_pem("renewed");
    return grpc::Status::OK;
  }

  absl::Status error;
  std::string ca_in_answer;
  std::string journal_public_key;
  int joins = 0;

 private:
  const CertificateAuthority& ca_;
};

class EnrolClientTest : public ::testing::Test {
 protected:
  EnrolClientTest()
      : ca_(CertificateAuthority::Create("Test", SystemClock().WallNow())
                .value()),
        service_(ca_),
        key_(TlsKey::Generate().value()),
        csr_(MakeCertificateRequest(key_, "S014").value()),
        journal_key_(SigningKey::Generate().value()),
        token_(GenerateJoinToken(ca_.hash(), "S014").value()) {
    const TlsKey hub_key = TlsKey::Generate().value();
    grpc::ServerBuilder builder;
    SetHubServerArguments(&builder);
    int port = 0;
    builder.AddListeningPort(
        "127.0.0.1:0",
        EnrolServerCredentials(
            {ca_.cert_pem(),
             ca_.IssueHub(hub_key, {}, SystemClock().WallNow()).value(),
             hub_key.ToPem()}),
        &port);
    builder.RegisterService(&service_);
    server_ = builder.BuildAndStart();
    address_ = absl::StrCat("127.0.0.1:", port);
  }
  ~EnrolClientTest() override { server_->Shutdown(); }

  absl::StatusOr<v1::JoinResponse> JoinNow() {
    return Join(address_, token_, csr_, journal_key_, kPatience);
  }

  CertificateAuthority ca_;
  FakeEnrolment service_;
  TlsKey key_;
  std::string csr_;
  SigningKey journal_key_;
  JoinToken token_;
  std::unique_ptr<grpc::Server> server_;
  std::string address_;
};

TEST_F(EnrolClientTest, JoinsWithTheRightToken) {
  const auto joined = JoinNow();
  ASSERT_EQ(joined.status(), absl::OkStatus());
  EXPECT_EQ(joined->ca_pem(), ca_.cert_pem());
}

TEST_F(EnrolClientTest, SendsNoSecretToAnotherHub) {
  token_.ca_hash = std::string(kCaHashSize, 'e');
  const auto joined = JoinNow();
  EXPECT_EQ(joined.status().code(), absl::StatusCode::kUnauthenticated);
  EXPECT_THAT(
      std::string(joined.status().message()),
      HasSubstr(absl::StrCat("the hub at ", address_, " has the CA ",
                             ca_.hash().substr(0, 8),
                             "..., the token names eeeeeeee...: it is another "
                             "chain's hub, or somebody is in between")));
  EXPECT_EQ(service_.joins, 0);
}

TEST_F(EnrolClientTest, SaysThatNobodyListens) {
  server_->Shutdown();
  const auto joined = JoinNow();
  EXPECT_EQ(joined.status().code(), absl::StatusCode::kUnavailable);
  EXPECT_THAT(std::string(joined.status().message()),
              HasSubstr(absl::StrCat("cannot connect to ", address_,
                                     ": Connection refused")));
}

TEST_F(EnrolClientTest, SaysThatThePortIsNotTheHubs) {
  grpc::ServerBuilder builder;
  int port = 0;
  builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(),
                           &port);
  builder.RegisterService(&service_);
  const auto plain = builder.BuildAndStart();
  address_ = absl::StrCat("127.0.0.1:", port);
  const auto joined = JoinNow();
  EXPECT_EQ(joined.status().code(), absl::StatusCode::kUnavailable);
  EXPECT_THAT(
      std::string(joined.status().message()),
      HasSubstr("does not speak TLS: is this the hub's enrolment port"));
  plain->Shutdown();
}

TEST_F(EnrolClientTest, RefusesAnAddressWithoutPort) {
  const auto ca = FetchHubCa("hub.example", ca_.hash(), kPatience);
  EXPECT_EQ(ca.status().code(), absl::StatusCode::kInvalidArgument);
}

TEST_F(EnrolClientTest, PassesTheHubsRefusalsOn) {
  service_.error = absl::NotFoundError("no such token");
  EXPECT_EQ(JoinNow().status(), service_.error);
  service_.error =
      absl::FailedPreconditionError("the token was used by another box");
  EXPECT_EQ(JoinNow().status(), service_.error);
  service_.error = absl::DeadlineExceededError("the token expired yesterday");
  EXPECT_EQ(JoinNow().status(),
            absl::FailedPreconditionError("the token expired yesterday"));
}

TEST_F(EnrolClientTest, TakesNoOtherCaFromTheAnswer) {
  const auto other =
      CertificateAuthority::Create("Other", SystemClock().WallNow()).value();
  service_.ca_in_answer = other.cert_pem();
  EXPECT_EQ(JoinNow().status().code(), absl::StatusCode::kDataLoss);
}

TEST_F(EnrolClientTest, RenewsWithTheJournalKey) {
  service_.journal_public_key = journal_key_.public_key();
  const auto renewed = Renew(address_, ca_.cert_pem(), "S014", 1, csr_,
                             journal_key_, SystemClock().WallNow(), kPatience);
  ASSERT_EQ(renewed.status(), absl::OkStatus());
  EXPECT_EQ(renewed->certificate_pem(), "renewed");

  const SigningKey stranger = SigningKey::Generate().value();
  EXPECT_EQ(Renew(address_, ca_.cert_pem(), "S014", 1, csr_, stranger,
                  SystemClock().WallNow(), kPatience)
                .status()
                .code(),
            absl::StatusCode::kUnauthenticated);
}

TEST_F(EnrolClientTest, RenewsAtItsOwnHubOnly) {
  const auto other =
      CertificateAuthority::Create("Other", SystemClock().WallNow()).value();
  const auto renewed = Renew(address_, other.cert_pem(), "S014", 1, csr_,
                             journal_key_, SystemClock().WallNow(), kPatience);
  EXPECT_EQ(renewed.status().code(), absl::StatusCode::kUnavailable);
  EXPECT_THAT(std::string(renewed.status().message()),
              HasSubstr("cannot be reached"));
}

}  // namespace
}  // namespace branchline

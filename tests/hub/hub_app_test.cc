// The hub as a whole, on real ports of loopback.

#include "hub/hub_app.h"

#include <grpcpp/grpcpp.h>
#include <sys/stat.h>

#include <cstdlib>
#include <filesystem>
#include <string>
#include <thread>

#include "absl/strings/str_cat.h"
#include "branchline/v1/chain.grpc.pb.h"
#include "sync/identity/certificate_request.h"
#include "sync/identity/join_token.h"
#include "sync/identity/secret_file.h"
#include "sync/journal/journal.h"
#include "sync/journal/rocks_store.h"
#include "sync/rpc/enrol_client.h"
#include "sync/rpc/tls_probe.h"
#include "tests/support/status_matchers.h"

namespace branchline {
namespace {

using ::testing::HasSubstr;

class HubAppTest : public ::testing::Test {
 protected:
  HubAppTest() {
    std::string pattern = ::testing::TempDir() + "hubXXXXXX";
    root = mkdtemp(pattern.data());
    EXPECT_THAT(HubHome(Dir()).Init("Acme", SystemClock()), IsOk());
  }
  ~HubAppTest() override { std::filesystem::remove_all(root); }

  std::string Dir() const { return root + "/hub"; }

  HubApp::Options Options() const {
    HubApp::Options options;
    options.data_dir = Dir();
    options.listen = "127.0.0.1";
    options.sync_port = options.enrol_port = options.http_port = 0;
    options.port_file = root + "/ports";
    return options;
  }

  std::unique_ptr<v1::Chain::Stub> Admin() const {
    return v1::Chain::NewStub(
        grpc::CreateChannel(absl::StrCat("unix:", Dir(), "/admin.sock"),
                            grpc::InsecureChannelCredentials()));
  }

  JoinToken NewToken(const std::string& code) const {
    const auto admin = Admin();
    v1::AddBranchRequest add;
    add.mutable_branch()->set_code(code);
    add.mutable_branch()->set_name("Branch");
    add.mutable_branch()->set_time_zone("Europe/London");
    add.mutable_branch()->set_currency("GBP");
    v1::AddBranchResponse added;
    grpc::ClientContext first;
    EXPECT_TRUE(admin->AddBranch(&first, add, &added).ok());
    v1::IssueTokenRequest issue;
    issue.set_branch(code);
    v1::IssueTokenResponse issued;
    grpc::ClientContext second;
    EXPECT_TRUE(admin->IssueToken(&second, issue, &issued).ok());
    return *ParseJoinToken(issued.token());
  }

  std::string root;
};

std::string EnrolAddress(const HubApp& app) {
  return absl::StrCat("127.0.0.1:", app.servers().enrol_port());
}

TEST_F(HubAppTest, StartsServesAndStops) {
  HubApp app(Options());
  ASSERT_THAT(app.Start(), IsOk());
  const auto ports = ReadSecretFile(Dir() + "/ports.json");
  ASSERT_THAT(ports, IsOk());
  EXPECT_EQ(*ports,
            absl::StrCat("{\"sync\": ", app.servers().sync_port(),
                         ", \"enrol\": ", app.servers().enrol_port(),
                         ", \"http\": ", app.servers().http_port(), "}\n"));
  EXPECT_EQ(*ReadSecretFile(root + "/ports"), *ports);
  struct stat info;
  ASSERT_EQ(stat((Dir() + "/admin.sock").c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777, 0600u);

  const JoinToken token = NewToken("S001");
  const SigningKey key = *SigningKey::Generate();
  const TlsKey tls = *TlsKey::Generate();
  const auto joined =
      Join(EnrolAddress(app), token, *MakeCertificateRequest(tls, "S001"), key,
           absl::Seconds(10));
  ASSERT_THAT(joined, IsOk());
  EXPECT_EQ(joined->sync_address(),
            absl::StrCat(":", app.servers().sync_port()));

  v1::HubStatus status;
  grpc::ClientContext context;
  ASSERT_TRUE(Admin()->GetHubStatus(&context, {}, &status).ok());
  EXPECT_EQ(status.chain_name(), "Acme");
  EXPECT_EQ(status.branches(), 1u);
  EXPECT_EQ(status.online(), 0u);

  std::thread stop([&] { app.AskToStop(); });
  EXPECT_THAT(app.Wait(), IsOk());
  stop.join();
  EXPECT_FALSE(std::filesystem::exists(Dir() + "/admin.sock"));
}

TEST_F(HubAppTest, ItsCertificateIsRenewedOnTheSamePorts) {
  HubBooks::Options books_options{Dir()};
  auto books = HubBooks::Open(books_options, &SystemClock(), &SystemRandom());
  ASSERT_THAT(books, IsOk());
  HubNode node(&(*books)->store(), &(*books)->ledger(), &SystemClock(),
               &(*books)->changed(), {});
  HubServers::Options options;
  options.listen = "127.0.0.1";
  options.books = books->get();
  options.node = &node;
  options.complete_status = [](v1::HubStatus*) {};
  HubServers servers(std::move(options));
  ASSERT_THAT(servers.Start(), IsOk());
  EXPECT_GT(servers.renewal_due_at(),
            SystemClock().WallNow() + absl::Hours(24 * 14));
  const int sync_port = servers.sync_port();
  const int enrol_port = servers.enrol_port();
  const std::string enrol = absl::StrCat("127.0.0.1:", enrol_port);
  const auto before = ProbeTlsChain(enrol, absl::Seconds(10));
  ASSERT_THAT(before, IsOk());
  ASSERT_THAT(servers.RenewCertificate(absl::Seconds(1)), IsOk());
  EXPECT_EQ(servers.sync_port(), sync_port);
  EXPECT_EQ(servers.enrol_port(), enrol_port);
  const auto after = ProbeTlsChain(enrol, absl::Seconds(10));
  ASSERT_THAT(after, IsOk());
  EXPECT_NE(before->at(0), after->at(0));    // the leaf
  EXPECT_EQ(before->back(), after->back());  // the CA
  EXPECT_THAT(
      FetchHubCa(enrol, (*books)->identity().ca.hash(), absl::Seconds(10)),
      IsOk());
}

TEST_F(HubAppTest, APortThatIsTakenIsNamed) {
  HubApp first(Options());
  ASSERT_THAT(first.Start(), IsOk());
  const std::string other = root + "/other";
  ASSERT_THAT(HubHome(other).Init("Acme", SystemClock()), IsOk());
  HubApp::Options options = Options();
  options.data_dir = other;
  options.sync_port = first.servers().sync_port();
  EXPECT_THAT(HubApp(options).Start(),
              StatusIs(absl::StatusCode::kFailedPrecondition,
                       HasSubstr("--sync-port")));
  options.sync_port = 0;
  options.http_port = first.servers().http_port();
  EXPECT_THAT(HubApp(options).Start(),
              StatusIs(absl::StatusCode::kFailedPrecondition,
                       HasSubstr("--http-port")));
  EXPECT_THAT(
      HubApp(Options()).Start(),
      StatusIs(absl::StatusCode::kFailedPrecondition, HasSubstr("in use")));
}

TEST_F(HubAppTest, APathTooLongForASocketIsRefused) {
  HubApp::Options options = Options();
  options.data_dir = root + "/" + std::string(100, 'x');
  ASSERT_THAT(HubHome(options.data_dir).Init("Acme", SystemClock()), IsOk());
  HubApp app(options);
  EXPECT_THAT(app.Start(), StatusIs(absl::StatusCode::kFailedPrecondition,
                                    HasSubstr("too long for a socket")));
}

// A byte of a record flips while the hub is down: it is named, and not served.
TEST_F(HubAppTest, ADamagedRecordStopsTheHub) {
  {
    HubApp app(Options());
    ASSERT_THAT(app.Start(), IsOk());
    NewToken("S001");
    NewToken("S002");
  }
  {
    RocksStoreOptions disk;
    disk.dir = Dir() + "/ledger";
    const auto store = OpenRocksStore(disk);
    ASSERT_THAT(store, IsOk());
    const auto record = ReadRecord(**store, "chain", 1, 1);
    ASSERT_THAT(record, IsOk());
    v1::Record damaged = *record;
    damaged.mutable_payload()->back() ^= 1;
    WriteSet writes;
    PutRecord("chain", damaged, damaged.SerializeAsString(), &writes);
    ASSERT_THAT((*store)->Commit(writes), IsOk());
  }
  HubApp app(Options());
  ASSERT_THAT(app.Start(), IsOk());  // the end is right
  EXPECT_THAT(app.Wait(), StatusIs(absl::StatusCode::kDataLoss,
                                   HasSubstr("record 1 of epoch 1 in chain")));
}

}  // namespace
}  // namespace branchline

#include "tests/sync/rpc/sync_fixture.h"

#include <grpcpp/server_builder.h>

#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "sync/identity/certificate_request.h"
#include "sync/identity/tls_key.h"

namespace branchline {

SyncTest::SyncTest()
    : ca_(CertificateAuthority::Create("Test", SystemClock().WallNow())
              .value()) {
  hub_.AddBranch("S014");
  hub_.AddBranch("S015");
  StartHub();
}

SyncTest::~SyncTest() { StopHub(); }

void SyncTest::StartHub() {
  const TlsKey key = TlsKey::Generate().value();
  const TlsFiles files{ca_.cert_pem(),
                       ca_.IssueHub(key, {}, SystemClock().WallNow()).value(),
                       key.ToPem()};
  service_ = std::make_unique<HubService>(&hub_, &SystemClock());
  grpc::ServerBuilder builder;
  SetHubServerArguments(&builder);
  int bound = 0;
  // The same port again after a restart, as a hub has.
  builder.AddListeningPort(absl::StrCat("127.0.0.1:", port_),
                           SyncServerCredentials(files), &bound);
  builder.RegisterService(service_.get());
  server_ = builder.BuildAndStart();
  ASSERT_NE(server_, nullptr);
  ASSERT_NE(bound, 0);
  port_ = bound;
}

void SyncTest::StopHub() {
  if (server_ == nullptr) return;
  service_->Shutdown();
  server_->Shutdown();
  server_.reset();
  service_.reset();
}

TlsFiles SyncTest::FilesOf(const std::string& branch, uint64_t epoch,
                           const CertificateAuthority& ca) const {
  const TlsKey key = TlsKey::Generate().value();
  const std::string request = MakeCertificateRequest(key, branch).value();
  return TlsFiles{
      ca_.cert_pem(),
      ca.IssueBranch(request, branch, epoch, SystemClock().WallNow()).value(),
      key.ToPem()};
}

std::unique_ptr<EdgeLine> SyncTest::LineOf(const std::string& branch,
                                           FakeEdge* edge) {
  return LineWith(FilesOf(branch), edge);
}

std::unique_ptr<EdgeLine> SyncTest::LineWith(const TlsFiles& files,
                                             FakeEdge* edge) {
  return LineThrough(port_, files, edge);
}

std::unique_ptr<EdgeLine> SyncTest::LineThrough(int port, const TlsFiles& files,
                                                FakeEdge* edge) {
  EdgeLine::Options options;
  options.address = absl::StrCat("127.0.0.1:", port);
  options.tls = [files] { return files; };
  auto line = std::make_unique<EdgeLine>(std::move(options), edge,
                                         &SystemClock(), &SystemRandom());
  line->Start();
  return line;
}

bool SyncTest::Eventually(const std::function<bool()>& condition) {
  absl::Mutex mutex;
  absl::MutexLock lock(&mutex);
  const absl::Duration end = SystemClock().MonotonicNow() + kPatience;
  while (!condition()) {
    if (SystemClock().MonotonicNow() >= end) return false;
    bool never = false;
    mutex.AwaitWithTimeout(absl::Condition(&never), absl::Milliseconds(5));
  }
  return true;
}

}  // namespace branchline

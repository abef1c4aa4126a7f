#pragma once

#include <grpcpp/server.h>
#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <string>

#include "sync/identity/certificate_authority.h"
#include "sync/rpc/edge_line.h"
#include "sync/rpc/hub_service.h"
#include "tests/sync/replication/fake_edge.h"
#include "tests/sync/replication/fake_hub.h"

namespace branchline {

// A hub with the real sync port and a fake core, and boxes with real
// certificates. Ports are the kernel's choice; nothing sleeps.
class SyncTest : public ::testing::Test {
 protected:
  // Longest wait for what must happen; generous, because CI is slow.
  static constexpr absl::Duration kPatience = absl::Seconds(60);

  SyncTest();
  ~SyncTest() override;

  void StartHub();
  void StopHub();
  int port() const { return port_; }

  TlsFiles FilesOf(const std::string& branch, uint64_t epoch,
                   const CertificateAuthority& ca) const;
  TlsFiles FilesOf(const std::string& branch) const {
    return FilesOf(branch, 1, ca_);
  }
  std::unique_ptr<EdgeLine> LineOf(const std::string& branch, FakeEdge* edge);
  std::unique_ptr<EdgeLine> LineWith(const TlsFiles& files, FakeEdge* edge);
  // By way of another port, which leads to the hub's.
  std::unique_ptr<EdgeLine> LineThrough(int port, const TlsFiles& files,
                                        FakeEdge* edge);

  // Polls `condition` until it holds. False: it did not within kPatience.
  static bool Eventually(const std::function<bool()>& condition);

  CertificateAuthority ca_;
  FakeHub hub_;
  std::unique_ptr<HubService> service_;
  std::unique_ptr<grpc::Server> server_;
  int port_ = 0;
};

}  // namespace branchline

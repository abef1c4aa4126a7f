#pragma once

#include <fstream>
#include <memory>
#include <string>
#include <vector>

#include "edge/enrol/edge_home.h"
#include "tests/edge/till_fixture.h"
#include "tests/tools/cli/cli_runner.h"

namespace branchline::cli {

// The till service on a port, and the files of a box that say where: all that
// `branchline till` and its like want of one.
class TillBoxFixture : public TillFixture {
 protected:
  TillBoxFixture() {
    const EdgeHome home(data());
    BL_CHECK(home.Prepare().ok(), "the directory is made");
    BL_CHECK(home.JournalKey().ok(), "the key is made");
    BL_CHECK(home.SaveIdentity(Identity().node, "", "").ok(), "it has joined");
    std::ofstream(dir_ / "T1.key") << kKey << "\n";
  }
  ~TillBoxFixture() override { StopServing(); }

  void ServeOnPort() {
    Serve();
    grpc::ServerBuilder builder;
    int port = 0;
    builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(),
                             &port);
    on_port_ = std::make_unique<TillService>(api_.get());
    builder.RegisterService(on_port_.get());
    port_server_ = builder.BuildAndStart();
    std::ofstream(EdgeHome(data()).ports_file())
        << "{\"till_grpc\":" << port << "}";
  }
  void StopServing() {
    if (port_server_ != nullptr) port_server_->Shutdown();
    port_server_ = nullptr;
  }
  std::string data() const { return dir_ / "s014"; }
  std::vector<std::string> OfBox() const {
    return {"--key-file", dir_ / "T1.key", "--data", data()};
  }

  ShortDir dir_;
  std::unique_ptr<TillService> on_port_;
  std::unique_ptr<grpc::Server> port_server_;
};

}  // namespace branchline::cli

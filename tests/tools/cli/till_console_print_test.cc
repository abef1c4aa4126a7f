// What the console asks of the till's printer, by a service that notes it.

#include <sstream>
#include <string>

#include "branchline/v1/till_devices.grpc.pb.h"
#include "sync/base/random.h"
#include "tests/edge/till_fixture.h"
#include "tools/cli/till_console.h"

namespace branchline::cli {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

class NotingDevices final : public v1::TillDeviceService::Service {
 public:
  grpc::Status PrintX(grpc::ServerContext*, const v1::PrintXRequest* request,
                      v1::PrintXResponse* response) override {
    x_ = *request;
    response->set_printer("printer-1");
    return grpc::Status::OK;
  }
  grpc::Status ReprintReceipt(grpc::ServerContext*,
                              const v1::ReprintReceiptRequest* request,
                              v1::ReprintReceiptResponse* response) override {
    copy_ = *request;
    response->set_printer("printer-1");
    return grpc::Status::OK;
  }
  grpc::Status PrintLabels(grpc::ServerContext*,
                           const v1::PrintLabelsRequest* request,
                           v1::PrintLabelsResponse* response) override {
    labels_ = *request;
    response->set_printer("printer-1");
    v1::LabelsPrinted* printed = response->mutable_printed();
    printed->set_sku("TEA");
    printed->set_code("2904711000992");
    printed->set_currency("GBP");
    printed->set_price_minor(request->price_minor());
    printed->set_count(request->count());
    return grpc::Status::OK;
  }

  v1::PrintXRequest x_;
  v1::ReprintReceiptRequest copy_;
  v1::PrintLabelsRequest labels_;
};

class TillConsolePrintTest : public TillFixture {
 protected:
  TillConsolePrintTest() {
    Serve();
    grpc::ServerBuilder builder;
    builder.RegisterService(&noting_);
    device_server_ = builder.BuildAndStart();
    devices_ = v1::TillDeviceService::NewStub(
        device_server_->InProcessChannel(grpc::ChannelArguments()));
    Make(devices_.get());
  }
  ~TillConsolePrintTest() override { device_server_->Shutdown(); }

  void Make(v1::TillDeviceService::StubInterface* devices) {
    TillConsole::Options options;
    options.key = kKey;
    options.currency = "GBP";
    options.devices = devices;
    console_ = std::make_unique<TillConsole>(stub_.get(), options, &clock_,
                                             &random_, &out_);
  }
  std::string Do(const std::string& line) {
    out_.str("");
    EXPECT_THAT(console_->Do(line), IsOk()) << line;
    return out_.str();
  }

  NotingDevices noting_;
  SeededRandom random_{7};
  std::ostringstream out_;
  std::unique_ptr<grpc::Server> device_server_;
  std::unique_ptr<v1::TillDeviceService::Stub> devices_;
  std::unique_ptr<TillConsole> console_;
};

TEST_F(TillConsolePrintTest, AsksForAnXACopyAndLabels) {
  Do("open-day 2026-11-21");
  EXPECT_EQ(Do("print-x"), "printed at printer-1\n");
  EXPECT_EQ(noting_.x_.request_id().size(), 16u);
  EXPECT_EQ(Do("reprint S014-T1-1-000001"), "printed at printer-1\n");
  EXPECT_EQ(noting_.copy_.receipt_no(), "S014-T1-1-000001");
  EXPECT_EQ(noting_.copy_.header().command_id().size(), 16u);
  Do("open-shift");
  Do("close-shift");
  Do("reprint z");
  EXPECT_EQ(noting_.copy_.receipt_no(), "S014-T1-1-Z000001");
  EXPECT_THAT(Do("label 4711 0.99 \"best before\" 3"),
              AllOf(HasSubstr("TEA 2904711000992 x3"), HasSubstr("0.99"),
                    HasSubstr("printed at printer-1")));
  EXPECT_EQ(noting_.labels_.code(), "4711");
  EXPECT_EQ(noting_.labels_.price_minor(), 99);
  EXPECT_EQ(noting_.labels_.reason(), "best before");
  EXPECT_THAT(console_->Do("label 4711 0.99 why 0"),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       HasSubstr("how many labels")));
  EXPECT_EQ(Do("lang zh-CN"), "");
  EXPECT_EQ(Do("print-x"), "打印机 printer-1\n");
}

TEST_F(TillConsolePrintTest, SaysThatItHasNoPrinter) {
  Make(nullptr);
  for (const char* line : {"print-x", "reprint z", "label 4711 0.99 why"}) {
    EXPECT_THAT(console_->Do(line),
                StatusIs(absl::StatusCode::kFailedPrecondition,
                         HasSubstr("no printer can be asked")));
  }
}

}  // namespace
}  // namespace branchline::cli

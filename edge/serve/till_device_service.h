#pragma once

#include <grpcpp/grpcpp.h>

#include "branchline/v1/till_devices.grpc.pb.h"
#include "edge/serve/till_device_api.h"

namespace branchline {

// TillDeviceApi on gRPC. Safe for concurrent use; the api outlives it.
class TillDeviceServiceImpl final : public v1::TillDeviceService::Service {
 public:
  explicit TillDeviceServiceImpl(TillDeviceApi* api) : api_(*api) {}

  grpc::Status WatchScans(grpc::ServerContext* context,
                          const v1::WatchScansRequest* request,
                          grpc::ServerWriter<v1::ScanRead>* writer) override;

#define BL_TILL_METHOD(method)                            \
  grpc::Status method(grpc::ServerContext* context,       \
                      const v1::method##Request* request, \
                      v1::method##Response* response) override;
  BL_TILL_METHOD(TakeScans)
  BL_TILL_METHOD(TakeWeight)
  BL_TILL_METHOD(ZeroScale)
  BL_TILL_METHOD(ShowOnDisplay)
  BL_TILL_METHOD(OpenDrawer)
  BL_TILL_METHOD(ReprintReceipt)
  BL_TILL_METHOD(PrintX)
  BL_TILL_METHOD(PrintLabels)
  BL_TILL_METHOD(ListDevices)
#undef BL_TILL_METHOD

 private:
  TillDeviceApi& api_;
};

}  // namespace branchline

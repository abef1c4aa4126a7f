#include "edge/serve/till_device_service.h"

#include "edge/serve/call_context.h"
#include "edge/serve/said.h"
#include "sync/rpc/grpc_status.h"

namespace branchline {

grpc::Status TillDeviceServiceImpl::WatchScans(
    grpc::ServerContext* context, const v1::WatchScansRequest* request,
    grpc::ServerWriter<v1::ScanRead>* writer) {
  // The head of the stream at once: the till knows that it is listened for.
  writer->SendInitialMetadata();
  return ToGrpc(api_.WatchScans(
      ContextOf(*context), *request,
      [&](const v1::ScanRead& scan) { return writer->Write(scan); },
      [&] { return context->IsCancelled(); }));
}

#define BL_TILL_METHOD(method)                                          \
  grpc::Status TillDeviceServiceImpl::method(                           \
      grpc::ServerContext* context, const v1::method##Request* request, \
      v1::method##Response* response) {                                 \
    const CallContext call = ContextOf(*context);                       \
    return ToGrpc(Said(                                                 \
        api_.method(call, *request, response),                          \
        [&] { return api_.Language(call); }, response));                \
  }
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

}  // namespace branchline

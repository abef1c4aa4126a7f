#pragma once

#include <functional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "branchline/v1/till_devices.pb.h"
#include "edge/commit/commit_queue.h"
#include "edge/devices/device_desk.h"
#include "edge/serve/till_api.h"
#include "sync/base/clock.h"
#include "sync/rpc/http/unary_registry.h"

namespace branchline {

// A till's devices apart from how a request arrives; see till_devices.proto.
// Safe for concurrent use. Every method wants a paired till's key and answers
// UNAUTHENTICATED without.
class TillDeviceApi {
 public:
  // All outlive the api.
  TillDeviceApi(DeviceDesk* desk, CommitQueue* queue, const Clock* clock,
                TillApi* tills)
      : desk_(*desk), queue_(*queue), clock_(*clock), tills_(*tills) {}

  // See TillApi::Language().
  std::string Language(const CallContext& context) const {
    return tills_.Language(context);
  }

  // Calls `write` with each scan from now on (or after request.after), until it
  // returns false or `cancelled` does; looks at that every half second.
  absl::Status WatchScans(const CallContext& context,
                          const v1::WatchScansRequest& request,
                          const std::function<bool(const v1::ScanRead&)>& write,
                          const std::function<bool()>& cancelled);

  absl::Status TakeScans(const CallContext& context,
                         const v1::TakeScansRequest& request,
                         v1::TakeScansResponse* response);
  absl::Status TakeWeight(const CallContext& context,
                          const v1::TakeWeightRequest& request,
                          v1::TakeWeightResponse* response);
  absl::Status ZeroScale(const CallContext& context,
                         const v1::ZeroScaleRequest& request,
                         v1::ZeroScaleResponse* response);
  absl::Status ShowOnDisplay(const CallContext& context,
                             const v1::ShowOnDisplayRequest& request,
                             v1::ShowOnDisplayResponse* response);
  absl::Status OpenDrawer(const CallContext& context,
                          const v1::OpenDrawerRequest& request,
                          v1::OpenDrawerResponse* response);
  absl::Status ReprintReceipt(const CallContext& context,
                              const v1::ReprintReceiptRequest& request,
                              v1::ReprintReceiptResponse* response);
  absl::Status PrintX(const CallContext& context,
                      const v1::PrintXRequest& request,
                      v1::PrintXResponse* response);
  absl::Status PrintLabels(const CallContext& context,
                           const v1::PrintLabelsRequest& request,
                           v1::PrintLabelsResponse* response);
  absl::Status ListDevices(const CallContext& context,
                           const v1::ListDevicesRequest& request,
                           v1::ListDevicesResponse* response);

  // Under "branchline.v1.TillDeviceService/...", but for the stream.
  void Register(UnaryRegistry* registry);

 private:
  DeviceDesk& desk_;
  CommitQueue& queue_;
  const Clock& clock_;
  TillApi& tills_;
};

}  // namespace branchline

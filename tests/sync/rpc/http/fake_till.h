#pragma once

#include <functional>
#include <string>

#include "absl/status/status.h"
#include "branchline/v1/till.pb.h"
#include "sync/rpc/http/unary_registry.h"

namespace branchline::testing {

using RingFn = std::function<absl::Status(
    const CallContext&, const v1::RingRequest&, v1::RingResponse*)>;

// A registry whose Ring() says back what it was asked: the command id as the
// receipt number, the first line's quantity as the sequence.
inline absl::Status EchoRing(const CallContext&, const v1::RingRequest& request,
                             v1::RingResponse* response) {
  response->mutable_sale()->set_receipt_no(request.header().command_id());
  response->mutable_landed()->mutable_at()->set_epoch(1);
  response->mutable_landed()->mutable_at()->set_hash("\x01\x02\xff");
  if (request.lines_size() > 0) {
    response->mutable_landed()->mutable_at()->set_seq(
        static_cast<uint64_t>(request.lines(0).quantity_milli()));
  }
  return absl::OkStatus();
}

inline UnaryRegistry FakeTill(RingFn ring = EchoRing) {
  UnaryRegistry registry;
  registry.Register<v1::RingRequest, v1::RingResponse>(
      "branchline.v1.Till/Ring", std::move(ring));
  return registry;
}

inline constexpr char kRingPath[] = "/branchline.v1.Till/Ring";

// Command id "sale-1" in base64, 1.5 units of one SKU.
inline constexpr char kRingJson[] =
    R"({"header":{"commandId":"c2FsZS0x"},)"
    R"("lines":[{"sku":"20","quantityMilli":"1500"}]})";
inline constexpr char kRungJson[] =
    R"({"landed":{"at":{"epoch":"1","seq":"1500","hash":"AQL/"}},)"
    R"("sale":{"receiptNo":"sale-1"}})";

}  // namespace branchline::testing

#pragma once

#include <grpcpp/grpcpp.h>

#include "branchline/v1/till_payments.grpc.pb.h"
#include "edge/serve/till_payment_api.h"

namespace branchline {

// TillPaymentApi on gRPC. Safe for concurrent use; the api outlives it.
class TillPaymentServiceImpl final : public v1::TillPaymentService::Service {
 public:
  explicit TillPaymentServiceImpl(TillPaymentApi* api) : api_(*api) {}

#define BL_TILL_METHOD(method, Response)                  \
  grpc::Status method(grpc::ServerContext* context,       \
                      const v1::method##Request* request, \
                      v1::Response* response) override;
  BL_TILL_METHOD(BeginPayment, PaymentAnswer)
  BL_TILL_METHOD(AwaitPayment, PaymentAnswer)
  BL_TILL_METHOD(GiveUpPayment, PaymentAnswer)
  BL_TILL_METHOD(AskPaymentAgain, PaymentAnswer)
  BL_TILL_METHOD(SettlePayment, PaymentAnswer)
  BL_TILL_METHOD(ListPayments, ListPaymentsResponse)
  BL_TILL_METHOD(RunTerminal, RunTerminalResponse)
#undef BL_TILL_METHOD

 private:
  TillPaymentApi& api_;
};

}  // namespace branchline

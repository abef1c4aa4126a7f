#include "edge/serve/till_payment_service.h"

#include "edge/serve/call_context.h"
#include "edge/serve/said.h"
#include "sync/rpc/grpc_status.h"

namespace branchline {

#define BL_TILL_METHOD(method, Response)                                \
  grpc::Status TillPaymentServiceImpl::method(                          \
      grpc::ServerContext* context, const v1::method##Request* request, \
      v1::Response* response) {                                         \
    const CallContext call = ContextOf(*context);                       \
    return ToGrpc(Said(                                                 \
        api_.method(call, *request, response),                          \
        [&] { return api_.Language(call); }, response));                \
  }
BL_TILL_METHOD(BeginPayment, PaymentAnswer)
BL_TILL_METHOD(AwaitPayment, PaymentAnswer)
BL_TILL_METHOD(GiveUpPayment, PaymentAnswer)
BL_TILL_METHOD(AskPaymentAgain, PaymentAnswer)
BL_TILL_METHOD(SettlePayment, PaymentAnswer)
BL_TILL_METHOD(ListPayments, ListPaymentsResponse)
BL_TILL_METHOD(RunTerminal, RunTerminalResponse)
#undef BL_TILL_METHOD

}  // namespace branchline

#include "edge/serve/till_service.h"

#include "edge/serve/call_context.h"
#include "edge/serve/said.h"
#include "sync/rpc/grpc_status.h"

namespace branchline {
#define BL_TILL_METHOD(method, Req, Resp)                        \
  grpc::Status TillService::method(grpc::ServerContext* context, \
                                   const v1::Req* request,       \
                                   v1::Resp* response) {         \
    const CallContext call = ContextOf(*context);                \
    return ToGrpc(Said(                                          \
        api_.method(call, *request, response),                   \
        [&] { return api_.Language(call); }, response));         \
  }
BL_TILL_METHOD(OpenDay, OpenDayRequest, OpenDayResponse)
BL_TILL_METHOD(CloseDay, CloseDayRequest, CloseDayResponse)
BL_TILL_METHOD(Ring, RingRequest, RingResponse)
BL_TILL_METHOD(ReturnGoods, ReturnGoodsRequest, ReturnGoodsResponse)
BL_TILL_METHOD(ChangeStock, ChangeStockRequest, ChangeStockResponse)
BL_TILL_METHOD(SaveBasket, SaveBasketRequest, SaveBasketResponse)
BL_TILL_METHOD(GetBasket, GetBasketRequest, Basket)
BL_TILL_METHOD(ListBaskets, ListBasketsRequest, ListBasketsResponse)
BL_TILL_METHOD(DropBasket, DropBasketRequest, DropBasketResponse)
BL_TILL_METHOD(Quote, RingRequest, QuoteResponse)
BL_TILL_METHOD(VoidReceipt, VoidReceiptRequest, RingResponse)
BL_TILL_METHOD(CancelBasket, CancelBasketRequest, CancelBasketResponse)
BL_TILL_METHOD(SignOn, SignOnRequest, SignOnResponse)
BL_TILL_METHOD(SignOff, SignOffRequest, SignOffResponse)
BL_TILL_METHOD(OpenShift, OpenShiftRequest, OpenShiftResponse)
BL_TILL_METHOD(CloseShift, CloseShiftRequest, CloseShiftResponse)
BL_TILL_METHOD(MoveCash, MoveCashRequest, MoveCashResponse)
BL_TILL_METHOD(CountCash, CountCashRequest, CountCashResponse)
BL_TILL_METHOD(GetShift, GetShiftRequest, ShiftReport)
BL_TILL_METHOD(GetZ, GetZRequest, ShiftReport)
BL_TILL_METHOD(SetTraining, SetTrainingRequest, SetTrainingResponse)
BL_TILL_METHOD(RequestInvoice, RequestInvoiceRequest, RequestInvoiceResponse)
BL_TILL_METHOD(ListUnconfirmed, ListUnconfirmedRequest, ListUnconfirmedResponse)
BL_TILL_METHOD(MatchTenders, MatchTendersRequest, MatchTendersResponse)
BL_TILL_METHOD(WriteOffTender, WriteOffTenderRequest, WriteOffTenderResponse)
BL_TILL_METHOD(ReadReceiptCode, ReadReceiptCodeRequest, ReadReceiptCodeResponse)
BL_TILL_METHOD(Render, RenderRequest, RenderResponse)
BL_TILL_METHOD(FindItem, FindItemRequest, FindItemResponse)
BL_TILL_METHOD(SearchItems, SearchItemsRequest, SearchItemsResponse)
BL_TILL_METHOD(Explain, RingRequest, ExplainResponse)
BL_TILL_METHOD(GetReceipt, GetReceiptRequest, GetReceiptResponse)
BL_TILL_METHOD(GetStatus, GetStatusRequest, EdgeStatus)
#undef BL_TILL_METHOD

}  // namespace branchline

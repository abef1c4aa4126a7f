#include "edge/serve/till_api.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "edge/serve/said.h"
#include "edge/till/queries.h"
#include "edge/till/shift_report.h"
#include "edge/till/warnings.h"
#include "sync/base/status_macros.h"
#include "sync/identity/api_key.h"
#include "sync/journal/record.h"
#include "sync/ledger/keys.h"

namespace branchline {
namespace {

// Of a till that trains, too.
const v1::Sale& SaleIn(const v1::Event& event) {
  return event.has_training_receipt() ? event.training_receipt().sale()
                                      : event.sale();
}

}  // namespace

TillApi::TillApi(CommitQueue* queue, const Store* store,
                 const LaggingBooks* books, const EdgeIdentity* identity,
                 const Clock* clock, Metrics* metrics,
                 std::function<void(v1::EdgeStatus*)> status)
    : queue_(*queue),
      store_(*store),
      books_(*books),
      identity_(*identity),
      clock_(*clock),
      metrics_(*metrics),
      status_(std::move(status)),
      search_(store, clock),
      signer_{&identity->journal_key, identity->node.epoch(),
              identity->node.branch()},
      receipts_(store, books, identity->node.branch(),
                identity->node.branch_name(), identity->time_zone, &signer_) {}

absl::StatusOr<std::string> TillApi::TillOf(const CallContext& context) const {
  if (context.bearer.empty()) {
    return absl::UnauthenticatedError(
        "the request carries no till key: pair the till with 'branchline till "
        "pair' and send 'authorization: Bearer <key>'");
  }
  std::string till = queue_.TillOf(ApiKeyHash(context.bearer));
  if (till.empty()) {
    return absl::UnauthenticatedError(absl::StrCat(
        "no till of ", identity_.node.branch(),
        " is paired with this key: pair the till with 'branchline till pair'"));
  }
  return till;
}

std::string TillApi::Language(const CallContext& context) const {
  const absl::string_view wanted = LanguageWanted(context.accept_language);
  return wanted.empty() ? ReceiptText().language() : std::string(wanted);
}

void TillApi::Count(absl::string_view method, const absl::Status& status) {
  metrics_
      .Counter("branchline_edge_commands_total",
               "Commands of tills, by method and answer",
               {{"method", std::string(method)},
                {"code", absl::StatusCodeToString(status.code())}})
      ->Increment();
}

absl::Status TillApi::OpenDay(const CallContext& context,
                              const v1::OpenDayRequest& request,
                              v1::OpenDayResponse* response) {
  BL_ASSIGN_OR_RETURN(const Outcome outcome,
                      Commit(context, request, "OpenDay"));
  SetLanded(outcome, response->mutable_landed());
  response->set_date(outcome.event.day_opened().date());
  return absl::OkStatus();
}

absl::Status TillApi::CloseDay(const CallContext& context,
                               const v1::CloseDayRequest& request,
                               v1::CloseDayResponse* response) {
  BL_ASSIGN_OR_RETURN(const Outcome outcome,
                      Commit(context, request, "CloseDay"));
  SetLanded(outcome, response->mutable_landed());
  *response->mutable_seal() = outcome.event.day_closed();
  BL_ASSIGN_OR_RETURN(const bool blind, IsBlind(outcome.event.till()));
  if (!blind) return absl::OkStatus();
  for (v1::ShiftClosed& shift :
       *response->mutable_seal()->mutable_closed_shifts()) {
    v1::ShiftReport report;
    report.mutable_shift()->Swap(&shift);
    MakeBlind(&report);
    shift.Swap(report.mutable_shift());
  }
  return absl::OkStatus();
}

absl::Status TillApi::Ring(const CallContext& context,
                           const v1::RingRequest& request,
                           v1::RingResponse* response) {
  BL_ASSIGN_OR_RETURN(const Outcome outcome, Commit(context, request, "Ring"));
  SetLanded(outcome, response->mutable_landed());
  *response->mutable_sale() = SaleIn(outcome.event);
  for (const std::string& warning : outcome.warnings) {
    response->add_warnings(warning);
  }
  return absl::OkStatus();
}

absl::Status TillApi::VoidReceipt(const CallContext& context,
                                  const v1::VoidReceiptRequest& request,
                                  v1::RingResponse* response) {
  BL_ASSIGN_OR_RETURN(const Outcome outcome,
                      Commit(context, request, "VoidReceipt"));
  SetLanded(outcome, response->mutable_landed());
  *response->mutable_sale() = SaleIn(outcome.event);
  for (const std::string& warning : outcome.warnings) {
    response->add_warnings(warning);
  }
  return absl::OkStatus();
}

absl::Status TillApi::CancelBasket(const CallContext& context,
                                   const v1::CancelBasketRequest& request,
                                   v1::CancelBasketResponse* response) {
  BL_ASSIGN_OR_RETURN(const Outcome outcome,
                      Commit(context, request, "CancelBasket"));
  SetLanded(outcome, response->mutable_landed());
  *response->mutable_cancelled() =
      outcome.event.has_training_receipt()
          ? outcome.event.training_receipt().basket_cancelled()
          : outcome.event.basket_cancelled();
  return absl::OkStatus();
}

absl::Status TillApi::ReturnGoods(const CallContext& context,
                                  const v1::ReturnGoodsRequest& request,
                                  v1::ReturnGoodsResponse* response) {
  BL_ASSIGN_OR_RETURN(const Outcome outcome,
                      Commit(context, request, "ReturnGoods"));
  SetLanded(outcome, response->mutable_landed());
  *response->mutable_return_() =
      outcome.event.has_training_receipt()
          ? outcome.event.training_receipt().return_()
          : outcome.event.return_();
  for (const std::string& warning : outcome.warnings) {
    response->add_warnings(warning);
  }
  return absl::OkStatus();
}

absl::Status TillApi::ChangeStock(const CallContext& context,
                                  const v1::ChangeStockRequest& request,
                                  v1::ChangeStockResponse* response) {
  BL_ASSIGN_OR_RETURN(const Outcome outcome,
                      Commit(context, request, "ChangeStock"));
  SetLanded(outcome, response->mutable_landed());
  *response->mutable_stock_change() = outcome.event.stock_change();
  return absl::OkStatus();
}

absl::Status TillApi::SaveBasket(const CallContext& context,
                                 const v1::SaveBasketRequest& request,
                                 v1::SaveBasketResponse* response) {
  BL_ASSIGN_OR_RETURN(const Outcome outcome,
                      Commit(context, request, "SaveBasket"));
  response->set_revision(outcome.basket_revision);
  return absl::OkStatus();
}

absl::Status TillApi::DropBasket(const CallContext& context,
                                 const v1::DropBasketRequest& request,
                                 v1::DropBasketResponse*) {
  return Commit(context, request, "DropBasket").status();
}

absl::Status TillApi::GetBasket(const CallContext& context,
                                const v1::GetBasketRequest& request,
                                v1::Basket* response) {
  BL_RETURN_IF_ERROR(TillOf(context).status());
  return ReadBasket(store_, request.basket_id(), response);
}

absl::Status TillApi::ListBaskets(const CallContext& context,
                                  const v1::ListBasketsRequest&,
                                  v1::ListBasketsResponse* response) {
  BL_RETURN_IF_ERROR(TillOf(context).status());
  return ReadBaskets(store_, response);
}

absl::Status TillApi::GetReceipt(const CallContext& context,
                                 const v1::GetReceiptRequest& request,
                                 v1::GetReceiptResponse* response) {
  BL_RETURN_IF_ERROR(TillOf(context).status());
  return ReadReceipt(store_, books_, identity_.node.branch(),
                     request.receipt_no(), response);
}

absl::Status TillApi::GetStatus(const CallContext& context,
                                const v1::GetStatusRequest&,
                                v1::EdgeStatus* response) {
  BL_ASSIGN_OR_RETURN(const std::string till, TillOf(context));
  status_(response);
  BL_ASSIGN_OR_RETURN(
      const auto bytes,
      store_.Get(Table::kDocs, docs::Training(identity_.node.branch(), till)));
  v1::TrainingState training;
  if (bytes.has_value() && !training.ParseFromString(*bytes)) {
    return absl::DataLossError("whether this till trains cannot be read");
  }
  response->set_training(training.on());
  return absl::OkStatus();
}

void TillApi::Register(UnaryRegistry* registry) {
#define BL_REGISTER(method, Req, Resp)                           \
  registry->Register<v1::Req, v1::Resp>(                         \
      "branchline.v1.Till/" #method,                             \
      [this](const CallContext& context, const v1::Req& request, \
             v1::Resp* response) {                               \
        return Said(                                             \
            method(context, request, response),                  \
            [&] { return Language(context); }, response);        \
      })
  BL_REGISTER(OpenDay, OpenDayRequest, OpenDayResponse);
  BL_REGISTER(CloseDay, CloseDayRequest, CloseDayResponse);
  BL_REGISTER(Ring, RingRequest, RingResponse);
  BL_REGISTER(ReturnGoods, ReturnGoodsRequest, ReturnGoodsResponse);
  BL_REGISTER(ChangeStock, ChangeStockRequest, ChangeStockResponse);
  BL_REGISTER(SaveBasket, SaveBasketRequest, SaveBasketResponse);
  BL_REGISTER(GetBasket, GetBasketRequest, Basket);
  BL_REGISTER(ListBaskets, ListBasketsRequest, ListBasketsResponse);
  BL_REGISTER(DropBasket, DropBasketRequest, DropBasketResponse);
  BL_REGISTER(Quote, RingRequest, QuoteResponse);
  BL_REGISTER(VoidReceipt, VoidReceiptRequest, RingResponse);
  BL_REGISTER(CancelBasket, CancelBasketRequest, CancelBasketResponse);
  BL_REGISTER(SignOn, SignOnRequest, SignOnResponse);
  BL_REGISTER(SignOff, SignOffRequest, SignOffResponse);
  BL_REGISTER(OpenShift, OpenShiftRequest, OpenShiftResponse);
  BL_REGISTER(CloseShift, CloseShiftRequest, CloseShiftResponse);
  BL_REGISTER(MoveCash, MoveCashRequest, MoveCashResponse);
  BL_REGISTER(CountCash, CountCashRequest, CountCashResponse);
  BL_REGISTER(GetShift, GetShiftRequest, ShiftReport);
  BL_REGISTER(GetZ, GetZRequest, ShiftReport);
  BL_REGISTER(SetTraining, SetTrainingRequest, SetTrainingResponse);
  BL_REGISTER(RequestInvoice, RequestInvoiceRequest, RequestInvoiceResponse);
  BL_REGISTER(ListUnconfirmed, ListUnconfirmedRequest, ListUnconfirmedResponse);
  BL_REGISTER(MatchTenders, MatchTendersRequest, MatchTendersResponse);
  BL_REGISTER(WriteOffTender, WriteOffTenderRequest, WriteOffTenderResponse);
  BL_REGISTER(ReadReceiptCode, ReadReceiptCodeRequest, ReadReceiptCodeResponse);
  BL_REGISTER(Render, RenderRequest, RenderResponse);
  BL_REGISTER(FindItem, FindItemRequest, FindItemResponse);
  BL_REGISTER(SearchItems, SearchItemsRequest, SearchItemsResponse);
  BL_REGISTER(Explain, RingRequest, ExplainResponse);
  BL_REGISTER(GetReceipt, GetReceiptRequest, GetReceiptResponse);
  BL_REGISTER(GetStatus, GetStatusRequest, EdgeStatus);
#undef BL_REGISTER
}

}  // namespace branchline

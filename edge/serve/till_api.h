#pragma once

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "branchline/v1/till.pb.h"
#include "devices/printer/receipt_document.h"
#include "edge/commit/commit_queue.h"
#include "edge/devices/receipt_source.h"
#include "edge/serve/item_search.h"
#include "sync/base/clock.h"
#include "sync/base/status_macros.h"
#include "sync/rpc/http/metrics.h"
#include "sync/rpc/http/unary_registry.h"

namespace branchline {

// Where a command landed, for its answer.
void SetLanded(const Outcome& outcome, v1::Landed* landed);

// The till service apart from how a request arrives: gRPC and Connect JSON call
// the same methods. Safe for concurrent use.
//
// Every method wants a paired till's key and answers UNAUTHENTICATED without.
class TillApi {
 public:
  // All outlive the api. `status` fills what GetStatus shows beyond the queue.
  TillApi(CommitQueue* queue, const Store* store, const LaggingBooks* books,
          const EdgeIdentity* identity, const Clock* clock, Metrics* metrics,
          std::function<void(v1::EdgeStatus*)> status);

  absl::Status OpenDay(const CallContext& context,
                       const v1::OpenDayRequest& request,
                       v1::OpenDayResponse* response);
  absl::Status CloseDay(const CallContext& context,
                        const v1::CloseDayRequest& request,
                        v1::CloseDayResponse* response);
  absl::Status Ring(const CallContext& context, const v1::RingRequest& request,
                    v1::RingResponse* response);
  absl::Status ReturnGoods(const CallContext& context,
                           const v1::ReturnGoodsRequest& request,
                           v1::ReturnGoodsResponse* response);
  absl::Status ChangeStock(const CallContext& context,
                           const v1::ChangeStockRequest& request,
                           v1::ChangeStockResponse* response);
  absl::Status SaveBasket(const CallContext& context,
                          const v1::SaveBasketRequest& request,
                          v1::SaveBasketResponse* response);
  absl::Status GetBasket(const CallContext& context,
                         const v1::GetBasketRequest& request,
                         v1::Basket* response);
  absl::Status ListBaskets(const CallContext& context,
                           const v1::ListBasketsRequest& request,
                           v1::ListBasketsResponse* response);
  absl::Status DropBasket(const CallContext& context,
                          const v1::DropBasketRequest& request,
                          v1::DropBasketResponse* response);
  absl::Status Quote(const CallContext& context, const v1::RingRequest& request,
                     v1::QuoteResponse* response);
  absl::Status VoidReceipt(const CallContext& context,
                           const v1::VoidReceiptRequest& request,
                           v1::RingResponse* response);
  absl::Status CancelBasket(const CallContext& context,
                            const v1::CancelBasketRequest& request,
                            v1::CancelBasketResponse* response);

  // People and cash: till_api_shift.cc.
  //   PERMISSION_DENIED  the staff number or the PIN is wrong, or locked
  absl::Status SignOn(const CallContext& context,
                      const v1::SignOnRequest& request,
                      v1::SignOnResponse* response);
  absl::Status SignOff(const CallContext& context,
                       const v1::SignOffRequest& request,
                       v1::SignOffResponse* response);
  absl::Status OpenShift(const CallContext& context,
                         const v1::OpenShiftRequest& request,
                         v1::OpenShiftResponse* response);
  absl::Status CloseShift(const CallContext& context,
                          const v1::CloseShiftRequest& request,
                          v1::CloseShiftResponse* response);
  absl::Status MoveCash(const CallContext& context,
                        const v1::MoveCashRequest& request,
                        v1::MoveCashResponse* response);
  absl::Status CountCash(const CallContext& context,
                         const v1::CountCashRequest& request,
                         v1::CountCashResponse* response);
  absl::Status GetShift(const CallContext& context,
                        const v1::GetShiftRequest& request,
                        v1::ShiftReport* response);
  absl::Status GetZ(const CallContext& context, const v1::GetZRequest& request,
                    v1::ShiftReport* response);

  // Training, invoices, payments found on a bill, codes and paper:
  // till_api_after.cc.
  absl::Status SetTraining(const CallContext& context,
                           const v1::SetTrainingRequest& request,
                           v1::SetTrainingResponse* response);
  absl::Status RequestInvoice(const CallContext& context,
                              const v1::RequestInvoiceRequest& request,
                              v1::RequestInvoiceResponse* response);
  absl::Status ListUnconfirmed(const CallContext& context,
                               const v1::ListUnconfirmedRequest& request,
                               v1::ListUnconfirmedResponse* response);
  absl::Status MatchTenders(const CallContext& context,
                            const v1::MatchTendersRequest& request,
                            v1::MatchTendersResponse* response);
  absl::Status WriteOffTender(const CallContext& context,
                              const v1::WriteOffTenderRequest& request,
                              v1::WriteOffTenderResponse* response);
  absl::Status ReadReceiptCode(const CallContext& context,
                               const v1::ReadReceiptCodeRequest& request,
                               v1::ReadReceiptCodeResponse* response);
  absl::Status Render(const CallContext& context,
                      const v1::RenderRequest& request,
                      v1::RenderResponse* response);

  absl::Status FindItem(const CallContext& context,
                        const v1::FindItemRequest& request,
                        v1::FindItemResponse* response);
  absl::Status SearchItems(const CallContext& context,
                           const v1::SearchItemsRequest& request,
                           v1::SearchItemsResponse* response);
  //   INVALID_ARGUMENT  the lines say themselves what they come to
  absl::Status Explain(const CallContext& context,
                       const v1::RingRequest& request,
                       v1::ExplainResponse* response);
  absl::Status GetReceipt(const CallContext& context,
                          const v1::GetReceiptRequest& request,
                          v1::GetReceiptResponse* response);
  absl::Status GetStatus(const CallContext& context,
                         const v1::GetStatusRequest& request,
                         v1::EdgeStatus* response);

  // Who acts at a till, for what is no command of its own.
  struct Acting {
    std::string till;
    std::string staff;  // with whoever approved it: "7, approved by 9"
  };
  //   UNAUTHENTICATED    no key
  //   PERMISSION_DENIED  neither he nor the approver of `header` has `right`
  absl::StatusOr<Acting> Authorize(const CallContext& context,
                                   const v1::CommandHeader& header,
                                   v1::Right right, absl::string_view what);
  // See DecideSettlePayment().
  absl::StatusOr<Outcome> SettlePayment(
      const CallContext& context, const v1::SettlePaymentRequest& request);

  // What is journalled before it is printed: see decide_paper.h.
  absl::StatusOr<Outcome> Reprint(const CallContext& context,
                                  const v1::ReprintReceiptRequest& request);
  absl::StatusOr<Outcome> TakeLabels(const CallContext& context,
                                     const v1::PrintLabelsRequest& request);

  // Called with each sale and return that has just been committed, before the
  // till is answered; quick. Set before anything is served.
  void TellSold(
      std::function<void(absl::string_view till, const v1::Event&)> on_sold) {
    on_sold_ = std::move(on_sold);
  }

  // What stands on receipts beside the sale. Not set: what the hub has set for
  // the branch. Set before anything is served.
  void AskReceiptText(std::function<v1::ReceiptText()> receipt_text) {
    receipt_text_ = std::move(receipt_text);
  }

  // The till whose key the request carries.
  //   UNAUTHENTICATED  no key, or no paired till's
  absl::StatusOr<std::string> TillOf(const CallContext& context) const;

  // What the cashier at the calling till reads: what the call asks for, else
  // what the branch's papers are in. For Said().
  std::string Language(const CallContext& context) const;

  // Under "branchline.v1.Till/...".
  void Register(UnaryRegistry* registry);

 private:
  // Authenticates, checks and takes out PINs, commits, counts, tells of sales.
  template <typename Request>
  absl::StatusOr<Outcome> Commit(const CallContext& context,
                                 const Request& request,
                                 absl::string_view method,
                                 std::vector<v1::MatchedTender> matches = {},
                                 LabelFound label = {}) {
    BL_ASSIGN_OR_RETURN(const std::string till, TillOf(context));
    Command command{till, clock_.WallNow(), request};
    command.matches = std::move(matches);
    command.label = std::move(label);
    absl::StatusOr<Outcome> outcome;
    if (absl::Status pins = CheckPins(&command); !pins.ok()) {
      outcome = std::move(pins);
    } else {
      outcome = queue_.Execute(std::move(command));
    }
    Count(method, outcome.status());
    if (on_sold_ && outcome.ok() && !outcome->repeated &&
        (outcome->event.has_sale() || outcome->event.has_return_())) {
      on_sold_(till, outcome->event);
    }
    return outcome;
  }
  void Count(absl::string_view method, const absl::Status& status);

  // Items and prices: till_api_catalogue.cc.
  ItemShelf Shelf(absl::string_view currency) const;
  absl::Time BusinessTime(const v1::RingRequest& request) const;
  // `filled` is the request with its basket and deposits.
  absl::Status QuoteAt(const DecideView& view, absl::string_view till,
                       const v1::RingRequest& request, v1::RingRequest* filled,
                       v1::QuoteResponse* response);

  v1::ReceiptText ReceiptText() const;
  // The document that `request` asks for, and its title.
  absl::Status Draw(const CallContext& context,
                    const v1::RenderRequest& request, int columns,
                    const v1::ReceiptText& text, ReceiptDocument* document,
                    std::string* title);

  // Checks the PINs that `command` carries, and takes them out of it.
  //   PERMISSION_DENIED  the approver's is wrong: that was counted
  absl::Status CheckPins(Command* command) ABSL_LOCKS_EXCLUDED(pin_mutex_);
  bool PinIsRightFor(absl::string_view staff, absl::string_view pin)
      ABSL_LOCKS_EXCLUDED(pin_mutex_);
  // Whether whoever acts at `till` is to be shown no expected figures.
  absl::StatusOr<bool> IsBlind(absl::string_view till);

  CommitQueue& queue_;
  const Store& store_;
  const LaggingBooks& books_;
  const EdgeIdentity& identity_;
  const Clock& clock_;
  Metrics& metrics_;
  const std::function<void(v1::EdgeStatus*)> status_;
  ItemSearch search_;
  const ReceiptSigner signer_;
  const ReceiptSource receipts_;
  std::function<v1::ReceiptText()> receipt_text_;
  // One PIN at a time: each takes 19 MiB.
  absl::Mutex pin_mutex_;
  std::function<void(absl::string_view, const v1::Event&)> on_sold_;
};

}  // namespace branchline

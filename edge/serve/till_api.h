#pragma once

#include <functional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "branchline/v1/till.pb.h"
#include "edge/commit/commit_queue.h"
#include "sync/base/clock.h"
#include "sync/rpc/http/metrics.h"
#include "sync/rpc/http/unary_registry.h"

namespace branchline {

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
  absl::Status FindItem(const CallContext& context,
                        const v1::FindItemRequest& request,
                        v1::FindItemResponse* response);
  absl::Status GetReceipt(const CallContext& context,
                          const v1::GetReceiptRequest& request,
                          v1::GetReceiptResponse* response);
  absl::Status GetStatus(const CallContext& context,
                         const v1::GetStatusRequest& request,
                         v1::EdgeStatus* response);

  // Called with each sale and return that has just been committed, before the
  // till is answered; quick. Set before anything is served.
  void TellSold(
      std::function<void(absl::string_view till, const v1::Event&)> on_sold) {
    on_sold_ = std::move(on_sold);
  }

  // The till whose key the request carries.
  //   UNAUTHENTICATED  no key, or no paired till's
  absl::StatusOr<std::string> TillOf(const CallContext& context) const;

  // Under "branchline.v1.Till/...".
  void Register(UnaryRegistry* registry);

 private:
  // Authenticates, commits, counts.
  template <typename Request>
  absl::StatusOr<Outcome> Commit(const CallContext& context,
                                 const Request& request,
                                 absl::string_view method);

  CommitQueue& queue_;
  const Store& store_;
  const LaggingBooks& books_;
  const EdgeIdentity& identity_;
  const Clock& clock_;
  Metrics& metrics_;
  const std::function<void(v1::EdgeStatus*)> status_;
  std::function<void(absl::string_view, const v1::Event&)> on_sold_;
};

}  // namespace branchline

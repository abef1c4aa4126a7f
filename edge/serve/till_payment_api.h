#pragma once

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "branchline/v1/till_payments.pb.h"
#include "devices/payment/payment_book.h"
#include "edge/devices/device_desk.h"
#include "edge/payment/payment_ledger.h"
#include "edge/serve/till_api.h"
#include "sync/rpc/http/unary_registry.h"

namespace branchline {

// Card and wallet payments of a till apart from how a request arrives; see
// till_payments.proto. Safe for concurrent use. Every method wants a paired
// till's key and answers UNAUTHENTICATED without.
class TillPaymentApi {
 public:
  // All outlive the api.
  TillPaymentApi(TillApi* tills, DeviceDesk* desk)
      : tills_(*tills), desk_(*desk) {}

  absl::Status BeginPayment(const CallContext& context,
                            const v1::BeginPaymentRequest& request,
                            v1::PaymentAnswer* response);
  absl::Status AwaitPayment(const CallContext& context,
                            const v1::AwaitPaymentRequest& request,
                            v1::PaymentAnswer* response);
  absl::Status GiveUpPayment(const CallContext& context,
                             const v1::GiveUpPaymentRequest& request,
                             v1::PaymentAnswer* response);
  absl::Status AskPaymentAgain(const CallContext& context,
                               const v1::AskPaymentAgainRequest& request,
                               v1::PaymentAnswer* response);
  absl::Status SettlePayment(const CallContext& context,
                             const v1::SettlePaymentRequest& request,
                             v1::PaymentAnswer* response);
  absl::Status ListPayments(const CallContext& context,
                            const v1::ListPaymentsRequest& request,
                            v1::ListPaymentsResponse* response);
  absl::Status RunTerminal(const CallContext& context,
                           const v1::RunTerminalRequest& request,
                           v1::RunTerminalResponse* response);

  // The same for whoever is at the box itself.
  absl::Status List(const v1::ListPaymentsRequest& request,
                    v1::ListPaymentsResponse* response);

  // See TillApi::Language().
  std::string Language(const CallContext& context) const {
    return tills_.Language(context);
  }

  // Under "branchline.v1.TillPaymentService/...".
  void Register(UnaryRegistry* registry);

 private:
  // Where attempt `id` stands; of a sale that is done with, from the ledger.
  absl::StatusOr<PaymentAttempt> Find(const std::string& id,
                                      const std::string& sale_id);
  // Brings what the ledger has of a sale into the book.
  absl::Status Adopt(const std::string& sale_id);
  void Answer(const CallContext& context, const PaymentAttempt& attempt,
              v1::PaymentAnswer* response);

  TillApi& tills_;
  DeviceDesk& desk_;
};

}  // namespace branchline

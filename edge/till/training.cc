#include "edge/till/training.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "edge/till/decide_day.h"
#include "sync/base/status_macros.h"
#include "sync/ledger/account_rules.h"

namespace branchline {
namespace {

template <typename Request>
constexpr bool kTrains = std::is_same_v<Request, v1::RingRequest> ||
                         std::is_same_v<Request, v1::ReturnGoodsRequest> ||
                         std::is_same_v<Request, v1::VoidReceiptRequest> ||
                         std::is_same_v<Request, v1::CancelBasketRequest> ||
                         std::is_same_v<Request, v1::SetTrainingRequest> ||
                         std::is_same_v<Request, v1::SignOnRequest> ||
                         std::is_same_v<Request, v1::SignOffRequest> ||
                         std::is_same_v<Request, v1::ReprintReceiptRequest> ||
                         // What does not come from whoever trains.
                         std::is_same_v<Request, PairTillCommand> ||
                         std::is_same_v<Request, WrongPinCommand> ||
                         std::is_same_v<Request, RecordDrawerCommand> ||
                         // Money that moves is real; none begins in training.
                         std::is_same_v<Request, RecordPaymentCommand> ||
                         std::is_same_v<Request, v1::SettlePaymentRequest>;

}  // namespace

absl::Status DecideSetTraining(const DecideView& view, absl::string_view till,
                               bool trains_now,
                               const v1::SetTrainingRequest& request,
                               Authority* authority, v1::Event* event) {
  BL_ASSIGN_OR_RETURN(const Date date, PostingDate(view, 0));
  BL_RETURN_IF_ERROR(authority->Need(
      v1::RIGHT_TRAINING, request.on() ? "start training" : "end training"));
  if (request.reason().size() > kActReasonSizeMax) {
    return absl::InvalidArgumentError(
        absl::StrCat("the reason has ", request.reason().size(),
                     " bytes, at most ", kActReasonSizeMax));
  }
  if (trains_now == request.on()) {
    return absl::FailedPreconditionError(absl::StrCat(
        "till ", till, trains_now ? " trains already" : " does not train"));
  }
  event->set_business_date(date);
  event->mutable_training_set()->set_on(request.on());
  event->mutable_training_set()->set_reason(request.reason());
  return absl::OkStatus();
}

absl::Status CheckMayTrain(const Command& command) {
  const bool may = std::visit(
      [](const auto& request) {
        return kTrains<std::decay_t<decltype(request)>>;
      },
      command.request);
  const auto* ring = std::get_if<v1::RingRequest>(&command.request);
  if (ring != nullptr && !ring->payment_sale_id().empty()) {
    return absl::FailedPreconditionError(absl::StrCat(
        "till ", command.till,
        " trains, and the sale was paid for: end the training first"));
  }
  if (may) return absl::OkStatus();
  return absl::FailedPreconditionError(
      absl::StrCat("till ", command.till,
                   " trains: end the training first, this would be real"));
}

void MakeTraining(const DecideView& view, absl::string_view till,
                  v1::Event* event) {
  v1::TrainingReceipt training;
  if (event->has_sale()) {
    *training.mutable_sale() = std::move(*event->mutable_sale());
    training.mutable_sale()->set_receipt_no(TrainingReceiptNo(
        view.branch(), till, view.epoch(), training.sale().receipt_counter()));
  } else if (event->has_return_()) {
    *training.mutable_return_() = std::move(*event->mutable_return_());
    training.mutable_return_()->set_receipt_no(
        TrainingReceiptNo(view.branch(), till, view.epoch(),
                          training.return_().receipt_counter()));
  } else if (event->has_basket_cancelled()) {
    *training.mutable_basket_cancelled() =
        std::move(*event->mutable_basket_cancelled());
  } else {
    return;
  }
  *event->mutable_training_receipt() = std::move(training);
  for (v1::Account& account : *event->mutable_accounts()) {
    account.set_detail(
        absl::StrCat(static_cast<int>(account.kind()), ":", account.detail())
            .substr(0, kAccountDetailSizeMax));
    account.set_kind(v1::ACCOUNT_KIND_TRAINING);
  }
}

std::string TrainingReceiptNo(absl::string_view branch, absl::string_view till,
                              uint64_t epoch, uint64_t counter) {
  return absl::StrFormat("%s-%s-%d-T%06d", branch, till, epoch, counter);
}

}  // namespace branchline

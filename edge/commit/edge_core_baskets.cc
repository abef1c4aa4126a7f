// EdgeCore's baskets: local state, until one with goods in it is given up.

#include <utility>

#include "absl/strings/str_cat.h"
#include "edge/commit/edge_core.h"
#include "edge/commit/ledger_view.h"
#include "edge/till/decide_sale.h"
#include "sync/base/status_macros.h"

namespace branchline {
namespace {

constexpr size_t kBasketIdSizeMax = 64;  // bytes

}  // namespace

absl::StatusOr<Outcome> EdgeCore::DropBasket(
    const Command& command, const v1::DropBasketRequest& request,
    Pending* pending) {
  const LedgerView view(identity_, state_, *pending, &items_);
  BL_ASSIGN_OR_RETURN(const auto basket, view.FindBasket(request.basket_id()));
  if (!basket.has_value()) return Outcome();  // a repeat, or rung up
  if (basket->lines().empty()) {
    pending->Delete(Table::kLocal, local::BasketKey(request.basket_id()));
    return Outcome();
  }
  if (request.header().command_id().empty()) {
    return absl::InvalidArgumentError(absl::StrCat(
        "basket ", request.basket_id(), " holds ", basket->lines_size(),
        " lines: dropping it is recorded, and wants a command id"));
  }
  v1::CancelBasketRequest cancel;
  *cancel.mutable_header() = request.header();
  cancel.set_basket_id(request.basket_id());
  cancel.set_reason(request.reason().empty() ? "dropped" : request.reason());
  Command cancelling = command;
  cancelling.request = std::move(cancel);
  cancelling.request_hash.clear();
  return ExecuteOne(cancelling, pending);
}

absl::StatusOr<Outcome> EdgeCore::SaveBasket(
    const Command& command, const v1::SaveBasketRequest& request,
    Pending* pending) {
  const v1::Basket& basket = request.basket();
  if (basket.basket_id().empty() ||
      basket.basket_id().size() > kBasketIdSizeMax) {
    return absl::InvalidArgumentError(
        absl::StrCat("basket_id has ", basket.basket_id().size(),
                     " bytes, want 1 to ", kBasketIdSizeMax));
  }
  if (basket.lines_size() > kReceiptLinesMax) {
    return absl::InvalidArgumentError(
        absl::StrCat("basket has ", basket.lines_size(), " lines, at most ",
                     kReceiptLinesMax));
  }
  const LedgerView view(identity_, state_, *pending, &items_);
  BL_ASSIGN_OR_RETURN(const auto old, view.FindBasket(basket.basket_id()));
  const uint64_t have = old.has_value() ? old->revision() : 0;
  if (basket.revision() != have) {
    return absl::AbortedError(
        absl::StrCat("basket ", basket.basket_id(), " is at revision ", have,
                     ", this change was made to revision ", basket.revision(),
                     ": another till changed it; read it again"));
  }
  v1::Basket saved = basket;
  saved.set_training(state_.training.contains(command.till));
  saved.set_till(command.till);
  saved.set_revision(have + 1);
  saved.set_saved_at_unix_micros(absl::ToUnixMicros(command.wall_now));
  pending->Put(Table::kLocal, local::BasketKey(basket.basket_id()),
               saved.SerializeAsString());
  Outcome outcome;
  outcome.basket_revision = have + 1;
  return outcome;
}

}  // namespace branchline

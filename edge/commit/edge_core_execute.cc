// EdgeCore's commands: from a request to a decided event, or its first answer.

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "edge/commit/edge_core.h"
#include "edge/commit/ledger_view.h"
#include "edge/commit/request_hash.h"
#include "edge/payment/decide_payment.h"
#include "edge/people/authority.h"
#include "edge/people/decide_sign_on.h"
#include "edge/stock/decide_stock_change.h"
#include "edge/till/decide_cash.h"
#include "edge/till/decide_day.h"
#include "edge/till/decide_drawer.h"
#include "edge/till/decide_invoice.h"
#include "edge/till/decide_paper.h"
#include "edge/till/decide_return.h"
#include "edge/till/decide_sale.h"
#include "edge/till/decide_shift.h"
#include "edge/till/decide_void.h"
#include "edge/till/match_tenders.h"
#include "edge/till/training.h"
#include "edge/till/warnings.h"
#include "edge/till/write_off.h"
#include "sync/base/bytes.h"
#include "sync/base/check.h"
#include "sync/base/mutant.h"
#include "sync/base/status_macros.h"
#include "sync/journal/journal.h"
#include "sync/journal/record.h"

namespace branchline {
namespace {

// Dispatches a request to its decision.
struct Decider {
  const DecideView& view;
  const Command& command;
  v1::Event* event;

  // Asks who acts first, then decides with `decide`.
  template <typename Request, typename Decide>
  absl::Status As(const Request& request, Decide decide) const {
    BL_ASSIGN_OR_RETURN(
        Authority authority,
        Authority::Of(view, command.till, request.header(), command.approver,
                      command.wall_now, event));
    return decide(&authority);
  }

  absl::Status operator()(const v1::OpenDayRequest& request) const {
    return As(request, [&](Authority* authority) {
      return DecideOpenDay(view, request, command.wall_now, authority, event);
    });
  }
  absl::Status operator()(const v1::CloseDayRequest& request) const {
    return As(request, [&](Authority* authority) {
      return DecideCloseDay(view, request, authority, event);
    });
  }
  absl::Status operator()(const v1::RingRequest& request) const {
    return As(request, [&](Authority* authority) {
      return DecideSale(view, command.till, request, authority, event);
    });
  }
  absl::Status operator()(const v1::ReturnGoodsRequest& request) const {
    return As(request, [&](Authority* authority) {
      return DecideReturn(view, command.till, request, authority, event);
    });
  }
  absl::Status operator()(const v1::VoidReceiptRequest& request) const {
    return As(request, [&](Authority* authority) {
      return DecideVoidReceipt(view, command.till, request, authority, event);
    });
  }
  absl::Status operator()(const v1::CancelBasketRequest& request) const {
    return As(request, [&](Authority* authority) {
      return DecideCancelBasket(view, command.till, request, authority, event);
    });
  }
  absl::Status operator()(const v1::OpenShiftRequest& request) const {
    return As(request, [&](Authority* authority) {
      return DecideOpenShift(view, command.till, request, authority, event);
    });
  }
  absl::Status operator()(const v1::CloseShiftRequest& request) const {
    return As(request, [&](Authority* authority) {
      return DecideCloseShift(view, command.till, request, authority, event);
    });
  }
  absl::Status operator()(const v1::MoveCashRequest& request) const {
    return As(request, [&](Authority* authority) {
      return DecideMoveCash(view, command.till, request, authority, event);
    });
  }
  absl::Status operator()(const v1::CountCashRequest& request) const {
    return As(request, [&](Authority* authority) {
      return DecideCountCash(view, command.till, request, authority, event);
    });
  }
  absl::Status operator()(const v1::ChangeStockRequest& request) const {
    return As(request, [&](Authority* authority) -> absl::Status {
      BL_RETURN_IF_ERROR(
          authority->Need(v1::RIGHT_STOCK, "change what is on hand"));
      return DecideStockChange(view, request, event);
    });
  }
  absl::Status operator()(const v1::SignOnRequest& request) const {
    return DecideSignOn(view, command.till, request, command.pin_right,
                        command.wall_now, event);
  }
  absl::Status operator()(const v1::SignOffRequest&) const {
    return DecideSignOff(view, command.till, event);
  }
  absl::Status operator()(const WrongPinCommand& wrong) const {
    return DecideWrongPin(view, wrong.staff, /*for_approval=*/true,
                          command.wall_now, event);
  }
  absl::Status operator()(const PairTillCommand& request) const {
    event->set_business_date(view.open_date());
    event->mutable_till_paired()->set_till(request.till);
    event->mutable_till_paired()->set_key_hash(request.key_hash);
    return absl::OkStatus();
  }
  absl::Status operator()(const v1::SetTrainingRequest& request) const {
    return As(request, [&](Authority* authority) {
      return DecideSetTraining(view, command.till, view.training(), request,
                               authority, event);
    });
  }
  absl::Status operator()(const v1::RequestInvoiceRequest& request) const {
    return As(request, [&](Authority* authority) {
      return DecideInvoice(view, request, authority, event);
    });
  }
  absl::Status operator()(const v1::MatchTendersRequest& request) const {
    return As(request, [&](Authority* authority) {
      return DecideMatchTenders(view, request, command.matches, authority,
                                event);
    });
  }
  absl::Status operator()(const v1::WriteOffTenderRequest& request) const {
    return As(request, [&](Authority* authority) {
      return DecideWriteOff(view, request, authority, event);
    });
  }
  absl::Status operator()(const v1::ReprintReceiptRequest& request) const {
    return As(request, [&](Authority* authority) {
      return DecideReprint(view, request, authority, event);
    });
  }
  absl::Status operator()(const v1::PrintLabelsRequest& request) const {
    return As(request, [&](Authority* authority) {
      return DecideLabels(
          view, request, command.label,
          absl::FromUnixMicros(event->business_at_unix_micros()), authority,
          event);
    });
  }
  absl::Status operator()(const v1::OpenDrawerRequest& request) const {
    return DecideOpenDrawer(view, request, event);
  }
  absl::Status operator()(const RecordDrawerCommand& request) const {
    return DecideRecordDrawer(view, request.what, event);
  }
  absl::Status operator()(const v1::SettlePaymentRequest& request) const {
    return As(request, [&](Authority* authority) {
      return DecideSettlePayment(view, request, authority, event);
    });
  }
  absl::Status operator()(const RecordPaymentCommand& request) const {
    event->set_staff(request.staff);
    return DecideRecordPayment(view, request.attempt, event);
  }
  absl::Status operator()(const v1::SaveBasketRequest&) const {
    return absl::InternalError("a basket is no event");
  }
  absl::Status operator()(const v1::DropBasketRequest&) const {
    return absl::InternalError("a basket is no event");
  }
};

// The saved basket that a committed command leaves nothing of; empty: none.
std::string BasketOf(const Command& command) {
  if (const auto* ring = std::get_if<v1::RingRequest>(&command.request)) {
    return ring->basket_id();
  }
  if (const auto* cancel =
          std::get_if<v1::CancelBasketRequest>(&command.request)) {
    return cancel->basket_id();
  }
  return std::string();
}

}  // namespace

std::vector<absl::StatusOr<Outcome>> EdgeCore::Execute(
    const std::vector<Command>& commands) {
  auto it = commands.begin();
  return ExecuteAsTheyCome(
      [&] { return it == commands.end() ? nullptr : &*it++; });
}

std::vector<absl::StatusOr<Outcome>> EdgeCore::ExecuteAsTheyCome(
    absl::FunctionRef<const Command*()> next) {
  std::vector<absl::StatusOr<Outcome>> outcomes;
  Pending pending = NewPending();
  items_.Trim();
  bool day_closed = false;
  while (const Command* command = next()) {
    outcomes.push_back(ExecuteOne(*command, &pending));
    if (outcomes.back().ok()) {
      day_closed |=
          outcomes.back()->event.has_day_closed() && !outcomes.back()->repeated;
    }
  }
  absl::Status committed = AppendCheckpointIfDue(&pending, day_closed);
  if (committed.ok()) committed = Commit(std::move(pending));
  if (!committed.ok()) {
    for (auto& outcome : outcomes) outcome = committed;
  }
  return outcomes;
}

absl::StatusOr<Outcome> EdgeCore::ExecuteOne(const Command& command,
                                             Pending* pending) {
  if (const auto* save = std::get_if<v1::SaveBasketRequest>(&command.request)) {
    return SaveBasket(command, *save, pending);
  }
  if (const auto* drop = std::get_if<v1::DropBasketRequest>(&command.request)) {
    return DropBasket(command, *drop, pending);
  }
  v1::Event event;
  const v1::CommandHeader* header = HeaderOf(command);
  if (header != nullptr) {
    const std::string& id = header->command_id();
    if (id.size() != kCommandIdSize) {
      return absl::InvalidArgumentError(absl::StrCat(
          "command_id has ", id.size(), " bytes, want ", kCommandIdSize,
          ": make a UUID and keep it for retries"));
    }
    if (header->staff().size() > 64) {
      return absl::InvalidArgumentError("staff has more than 64 bytes");
    }
    BL_RETURN_IF_ERROR(
        CheckLastSeen(command.till, header->last_seen(), *pending));
    event.set_command_id(id);
    event.set_request_hash(command.request_hash.empty() ? RequestHash(command)
                                                        : command.request_hash);
    event.set_staff(header->staff());
    event.set_business_at_unix_micros(header->business_at_unix_micros());
    if (!BL_MUTANT(kNoDedup)) {
      BL_ASSIGN_OR_RETURN(auto repeated,
                          FindRepeated(id, event.request_hash(), *pending));
      if (repeated.has_value()) return *std::move(repeated);
    }
  }
  if (!state_.stopped_why().empty()) {
    return absl::FailedPreconditionError(absl::StrCat(
        "nothing can be sold on this box: ", state_.stopped_why()));
  }
  event.set_till(command.till);
  if (event.business_at_unix_micros() == 0) {
    event.set_business_at_unix_micros(absl::ToUnixMicros(command.wall_now));
  }
  const bool training = state_.training.contains(command.till);
  if (training) BL_RETURN_IF_ERROR(CheckMayTrain(command));
  const LedgerView view(identity_, state_, *pending, &items_, training);
  BL_RETURN_IF_ERROR(
      std::visit(Decider{view, command, &event}, command.request));
  Outcome outcome;
  if (event.has_sale()) {
    outcome.warnings = WarningsOf(view, command.till, event.sale());
  } else if (event.has_return_()) {
    outcome.warnings = WarningsOf(view, command.till, event.return_());
  } else if (event.has_cash_moved()) {
    outcome.warnings = WarningsOf(view, command.till, event.cash_moved());
  }
  if (training) MakeTraining(view, command.till, &event);
  BL_RETURN_IF_ERROR(Append(&event, pending));

  outcome.at = state_.head;
  outcome.event = std::move(event);
  if (const std::string basket = BasketOf(command); !basket.empty()) {
    pending->Delete(Table::kLocal, local::BasketKey(basket));
  }
  return outcome;
}

absl::Status EdgeCore::Look(
    absl::FunctionRef<absl::Status(const DecideView&)> look) {
  const Pending pending = NewPending();
  return look(LedgerView(identity_, state_, pending, &items_));
}

absl::Status EdgeCore::Look(
    absl::string_view till,
    absl::FunctionRef<absl::Status(const DecideView&)> look) {
  const Pending pending = NewPending();
  return look(LedgerView(identity_, state_, pending, &items_,
                         state_.training.contains(till)));
}

absl::Status EdgeCore::CheckLastSeen(absl::string_view till,
                                     const v1::Position& last_seen,
                                     const Pending& pending) {
  if (last_seen.epoch() == 0) return absl::OkStatus();
  const Cursor seen = FromProto(last_seen);
  // What an epoch before this one held beyond its end, the recovery has told;
  // a disk that was rolled back since is told by what tills saw in this one.
  if (seen.epoch < identity_.node.epoch()) return absl::OkStatus();
  bool ours = !state_.head.IsBefore(seen);
  if (ours && seen.seq > 0) {
    BL_ASSIGN_OR_RETURN(
        const auto bytes,
        pending.Get(Table::kJournal, RecordKey(stream_, seen.epoch, seen.seq)));
    v1::Record record;
    ours = bytes.has_value() && record.ParseFromString(*bytes) &&
           record.hash() == seen.hash;
  }
  if (ours) return absl::OkStatus();
  // Two histories would get the same numbers: the whole box stops, not only
  // this till.
  v1::Refused why;
  why.set_code(v1::REFUSAL_CODE_BEHIND);
  why.set_message(absl::StrCat(
      "till ", till, " was shown ", ToText(seen), ", the journal here ends at ",
      ToText(state_.head),
      ": this disk was rolled back or replaced. Keep it, and run 'branchline "
      "edge recover'"));
  Pending stop = NewPending();
  stop.Put(Table::kLocal, std::string(local::kRolledBackKey),
           why.SerializeAsString());
  // Not Commit(): a batch is under way, and the head not on disk yet.
  BL_RETURN_IF_ERROR(CommitWhole(stop));
  state_.rolled_back_why = why.message();
  return absl::DataLossError(why.message());
}

absl::StatusOr<std::optional<Outcome>> EdgeCore::FindRepeated(
    absl::string_view command_id, absl::string_view request_hash,
    const Pending& pending) const {
  BL_ASSIGN_OR_RETURN(const auto at,
                      pending.Get(Table::kLocal, CommandKey(command_id)));
  if (!at.has_value()) return std::optional<Outcome>();
  if (at->size() != 16) {
    return absl::DataLossError("an entry of the command index is damaged");
  }
  const uint64_t epoch = U64FromBytes(absl::string_view(*at).substr(0, 8));
  const uint64_t seq = U64FromBytes(absl::string_view(*at).substr(8));
  BL_ASSIGN_OR_RETURN(
      const auto bytes,
      pending.Get(Table::kJournal, RecordKey(stream_, epoch, seq)));
  v1::Record record;
  Outcome outcome;
  if (!bytes.has_value() || !record.ParseFromString(*bytes) ||
      !outcome.event.ParseFromString(record.payload())) {
    return absl::DataLossError(
        absl::StrCat("record ", seq, " of epoch ", epoch,
                     " is listed for a command and cannot be read"));
  }
  outcome.at = CursorOf(record);
  outcome.repeated = true;
  BL_ASSIGN_OR_RETURN(outcome.event, OriginalOf(std::move(outcome.event)));
  if (outcome.event.request_hash() != request_hash) {
    return absl::AlreadyExistsError(absl::StrCat(
        "command id ", Hex(command_id), " was used for another request, at ",
        ToText(outcome.at), ": a new request needs a new id"));
  }
  return std::optional<Outcome>(std::move(outcome));
}

}  // namespace branchline

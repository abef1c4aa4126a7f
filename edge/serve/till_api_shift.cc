// TillApi's people and cash: who signs on, PINs, shifts, X and Z.

#include <utility>

#include "absl/strings/str_cat.h"
#include "edge/people/authority.h"
#include "edge/serve/till_api.h"
#include "edge/till/queries.h"
#include "edge/till/shift_report.h"
#include "sync/base/status_macros.h"
#include "sync/identity/pin.h"
#include "sync/journal/record.h"
#include "sync/ledger/keys.h"
#include "sync/ledger/roles.h"

namespace branchline {
namespace {

template <typename Request>
constexpr bool kHasHeader = requires(Request& r) {
  r.mutable_header();
};

// The approval that a command asks with; nullptr: none.
v1::ApprovalRequest* ApprovalOf(Command* command) {
  return std::visit(
      [](auto& request) -> v1::ApprovalRequest* {
        if constexpr (kHasHeader<std::decay_t<decltype(request)>>) {
          if (!request.header().has_approval()) return nullptr;
          return request.mutable_header()->mutable_approval();
        } else {
          return nullptr;
        }
      },
      command->request);
}

}  // namespace

void SetLanded(const Outcome& outcome, v1::Landed* landed) {
  *landed->mutable_at() = ToProto(outcome.at);
  landed->set_repeated(outcome.repeated);
}

bool TillApi::PinIsRightFor(absl::string_view staff, absl::string_view pin) {
  const auto bytes = store_.Get(Table::kDocs, docs::StaffParts(staff));
  v1::StaffParts parts;
  if (!bytes.ok() || !bytes->has_value() || !parts.ParseFromString(**bytes)) {
    return false;
  }
  absl::MutexLock lock(&pin_mutex_);
  return PinIsRight(parts.pin_hash(), pin);
}

absl::Status TillApi::CheckPins(Command* command) {
  if (auto* sign_on = std::get_if<v1::SignOnRequest>(&command->request)) {
    command->pin_right = PinIsRightFor(sign_on->staff(), sign_on->pin());
    sign_on->clear_pin();
  }
  v1::ApprovalRequest* approval = ApprovalOf(command);
  if (approval == nullptr || approval->staff().empty()) return absl::OkStatus();
  const bool right = PinIsRightFor(approval->staff(), approval->pin());
  approval->clear_pin();
  command->approver = approval->staff();
  if (right) return absl::OkStatus();
  BL_RETURN_IF_ERROR(queue_
                         .Execute({command->till, clock_.WallNow(),
                                   WrongPinCommand{command->approver}})
                         .status());
  return absl::PermissionDeniedError(
      "the approver's staff number or PIN is wrong");
}

absl::StatusOr<TillApi::Acting> TillApi::Authorize(
    const CallContext& context, const v1::CommandHeader& header,
    v1::Right right, absl::string_view what) {
  Acting acting;
  BL_ASSIGN_OR_RETURN(acting.till, TillOf(context));
  v1::SettlePaymentRequest asked;
  *asked.mutable_header() = header;
  Command command{acting.till, clock_.WallNow(), std::move(asked)};
  BL_RETURN_IF_ERROR(CheckPins(&command));
  BL_RETURN_IF_ERROR(queue_.Run([&](EdgeCore& core) {
    return core.Look(acting.till, [&](const DecideView& view) -> absl::Status {
      if (view.training()) {
        return absl::FailedPreconditionError(
            absl::StrCat("till ", acting.till,
                         " trains: no money moves; end the training "
                         "first"));
      }
      v1::Event event;
      event.set_staff(header.staff());
      BL_ASSIGN_OR_RETURN(
          Authority authority,
          Authority::Of(view, acting.till, header, command.approver,
                        command.wall_now, &event));
      BL_RETURN_IF_ERROR(authority.Need(right, what));
      acting.staff = event.staff();
      if (event.has_approval()) {
        absl::StrAppend(&acting.staff, ", approved by ",
                        event.approval().staff());
      }
      return absl::OkStatus();
    });
  }));
  return acting;
}

absl::StatusOr<Outcome> TillApi::SettlePayment(
    const CallContext& context, const v1::SettlePaymentRequest& request) {
  return Commit(context, request, "SettlePayment");
}

absl::StatusOr<bool> TillApi::IsBlind(absl::string_view till) {
  bool blind = false;
  BL_RETURN_IF_ERROR(queue_.Run([&](EdgeCore& core) {
    return core.Look([&](const DecideView& view) -> absl::Status {
      BL_ASSIGN_OR_RETURN(const std::string staff, view.SignedOn(till));
      BL_ASSIGN_OR_RETURN(blind, CountsBlind(view, staff));
      return absl::OkStatus();
    });
  }));
  return blind;
}

absl::Status TillApi::SignOn(const CallContext& context,
                             const v1::SignOnRequest& request,
                             v1::SignOnResponse* response) {
  BL_ASSIGN_OR_RETURN(const Outcome outcome,
                      Commit(context, request, "SignOn"));
  if (outcome.event.has_sign_on_refused()) {
    const v1::SignOnRefused& refused = outcome.event.sign_on_refused();
    return absl::PermissionDeniedError(absl::StrCat(
        "the staff number or the PIN is wrong",
        refused.locked_until_unix_micros() == 0
            ? ""
            : absl::StrCat(
                  ", ", refused.failures(), " times in a row: locked until ",
                  absl::FormatTime(
                      "%H:%M",
                      absl::FromUnixMicros(refused.locked_until_unix_micros()),
                      identity_.time_zone))));
  }
  SetLanded(outcome, response->mutable_landed());
  return queue_.Run([&](EdgeCore& core) {
    return core.Look([&](const DecideView& view) -> absl::Status {
      BL_ASSIGN_OR_RETURN(const v1::Staff* staff,
                          view.FindStaff(outcome.event.staff()));
      if (staff == nullptr) return absl::OkStatus();
      BL_ASSIGN_OR_RETURN(const v1::Role* role, view.FindRole(staff->role()));
      response->set_role(staff->role());
      if (role != nullptr) *response->mutable_rights() = role->rights();
      const auto bytes =
          store_.Get(Table::kDocs, docs::StaffParts(staff->id()));
      v1::StaffParts parts;
      if (bytes.ok() && bytes->has_value() && parts.ParseFromString(**bytes)) {
        response->set_name(parts.name());
      }
      return absl::OkStatus();
    });
  });
}

absl::Status TillApi::SignOff(const CallContext& context,
                              const v1::SignOffRequest& request,
                              v1::SignOffResponse* response) {
  BL_ASSIGN_OR_RETURN(const Outcome outcome,
                      Commit(context, request, "SignOff"));
  SetLanded(outcome, response->mutable_landed());
  return absl::OkStatus();
}

absl::Status TillApi::OpenShift(const CallContext& context,
                                const v1::OpenShiftRequest& request,
                                v1::OpenShiftResponse* response) {
  BL_ASSIGN_OR_RETURN(const Outcome outcome,
                      Commit(context, request, "OpenShift"));
  SetLanded(outcome, response->mutable_landed());
  *response->mutable_opened() = outcome.event.shift_opened();
  return absl::OkStatus();
}

absl::Status TillApi::CloseShift(const CallContext& context,
                                 const v1::CloseShiftRequest& request,
                                 v1::CloseShiftResponse* response) {
  BL_ASSIGN_OR_RETURN(const Outcome outcome,
                      Commit(context, request, "CloseShift"));
  SetLanded(outcome, response->mutable_landed());
  v1::ShiftReport* report = response->mutable_report();
  *report->mutable_shift() = outcome.event.shift_closed();
  *report->mutable_at() = ToProto(outcome.at);
  BL_ASSIGN_OR_RETURN(const bool blind, IsBlind(outcome.event.till()));
  if (blind) MakeBlind(report);
  return absl::OkStatus();
}

absl::Status TillApi::MoveCash(const CallContext& context,
                               const v1::MoveCashRequest& request,
                               v1::MoveCashResponse* response) {
  BL_ASSIGN_OR_RETURN(const Outcome outcome,
                      Commit(context, request, "MoveCash"));
  SetLanded(outcome, response->mutable_landed());
  *response->mutable_moved() = outcome.event.cash_moved();
  for (const std::string& warning : outcome.warnings) {
    response->add_warnings(warning);
  }
  return absl::OkStatus();
}

absl::Status TillApi::CountCash(const CallContext& context,
                                const v1::CountCashRequest& request,
                                v1::CountCashResponse* response) {
  BL_ASSIGN_OR_RETURN(const Outcome outcome,
                      Commit(context, request, "CountCash"));
  SetLanded(outcome, response->mutable_landed());
  *response->mutable_counted() = outcome.event.cash_counted();
  BL_ASSIGN_OR_RETURN(const bool blind, IsBlind(outcome.event.till()));
  if (blind) MakeBlind(response->mutable_counted());
  return absl::OkStatus();
}

absl::Status TillApi::GetShift(const CallContext& context,
                               const v1::GetShiftRequest&,
                               v1::ShiftReport* response) {
  BL_ASSIGN_OR_RETURN(const std::string till, TillOf(context));
  BL_RETURN_IF_ERROR(queue_.Run([&](EdgeCore& core) {
    return core.Look([&](const DecideView& view) -> absl::Status {
      BL_ASSIGN_OR_RETURN(const v1::ShiftState shift, view.Shift(till));
      response->set_open(shift.open());
      BL_ASSIGN_OR_RETURN(*response->mutable_shift(), MakeZ(view, till));
      return absl::OkStatus();
    });
  }));
  // Not made yet: the number is the next one's.
  response->mutable_shift()->clear_number();
  response->mutable_shift()->clear_z_no();
  response->mutable_shift()->clear_day_figures();
  BL_ASSIGN_OR_RETURN(const bool blind, IsBlind(till));
  if (blind) MakeBlind(response);
  return absl::OkStatus();
}

absl::Status TillApi::GetZ(const CallContext& context,
                           const v1::GetZRequest& request,
                           v1::ShiftReport* response) {
  BL_ASSIGN_OR_RETURN(const std::string till, TillOf(context));
  BL_RETURN_IF_ERROR(
      ReadZ(store_, identity_.node.branch(), till, request.z_no(), response));
  BL_ASSIGN_OR_RETURN(const bool blind, IsBlind(till));
  if (blind) MakeBlind(response);
  return absl::OkStatus();
}

}  // namespace branchline

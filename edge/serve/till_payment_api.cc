#include "edge/serve/till_payment_api.h"

#include <algorithm>
#include <memory>
#include <vector>

#include "absl/strings/str_cat.h"
#include "devices/payment/payment_words.h"
#include "edge/devices/payment_host.h"
#include "edge/payment/payment_form.h"
#include "edge/serve/said.h"
#include "sync/base/bytes.h"
#include "sync/base/status_macros.h"

namespace branchline {
namespace {

constexpr uint32_t kAwaitMaxMs = 10'000;
constexpr uint32_t kRunTerminalMaxMs = 60'000;

absl::StatusOr<PaymentKind> KindOf(v1::PaymentKind kind) {
  switch (kind) {
    case v1::PAYMENT_KIND_UNSPECIFIED:
    case v1::PAYMENT_KIND_PAYMENT:
      return PaymentKind::kPayment;
    case v1::PAYMENT_KIND_REFUND:
      return PaymentKind::kRefund;
    case v1::PAYMENT_KIND_REVERSAL:
      return PaymentKind::kReversal;
    default:
      return absl::InvalidArgumentError(
          absl::StrCat("payment kind ", static_cast<int>(kind),
                       " is newer than this program"));
  }
}

void Fill(SaleStanding standing, v1::OpenSale* sale) {
  *sale->mutable_payments() = std::move(standing.payments);
  sale->set_receipt_no(standing.receipt_no);
  sale->set_unsold_minor(standing.unsold_minor);
  sale->set_owed_minor(standing.owed_minor);
}

}  // namespace

absl::Status TillPaymentApi::Adopt(const std::string& sale_id) {
  BL_ASSIGN_OR_RETURN(const SaleStanding standing,
                      desk_.payment_ledger().Standing(sale_id));
  std::vector<PaymentAttempt> stored;
  for (const v1::PaymentAttempt& attempt : standing.payments.attempts()) {
    stored.push_back(FromProto(attempt));
  }
  desk_.payments().Adopt(stored);
  return absl::OkStatus();
}

absl::StatusOr<PaymentAttempt> TillPaymentApi::Find(
    const std::string& id, const std::string& sale_id) {
  if (auto attempt = desk_.payments().Find(id)) return *std::move(attempt);
  if (!sale_id.empty()) {
    BL_RETURN_IF_ERROR(Adopt(sale_id));
    if (auto attempt = desk_.payments().Find(id)) return *std::move(attempt);
  }
  return absl::NotFoundError(absl::StrCat(
      "no payment ", id.substr(0, 64),
      " is at work here; name its sale too if it is an older one"));
}

void TillPaymentApi::Answer(const CallContext& context,
                            const PaymentAttempt& attempt,
                            v1::PaymentAnswer* response) {
  *response->mutable_attempt() = ToProto(attempt);
  response->set_words(PaymentWords(attempt, Language(context)));
  response->set_settled(IsFinal(attempt.state));
  response->set_needs_hand(attempt.state == PaymentState::kOpen);
  if (!IsFinal(attempt.state)) return;
  const auto device = desk_.manager().FindPayer(attempt.device);
  if (device == nullptr) return;
  for (std::string& line : device->Slip()) response->add_slip(std::move(line));
}

absl::Status TillPaymentApi::BeginPayment(
    const CallContext& context, const v1::BeginPaymentRequest& request,
    v1::PaymentAnswer* response) {
  PaymentOrder order;
  BL_ASSIGN_OR_RETURN(order.kind, KindOf(request.kind()));
  const bool takes = order.kind == PaymentKind::kPayment;
  BL_ASSIGN_OR_RETURN(
      const TillApi::Acting acting,
      tills_.Authorize(context, request.header(),
                       takes ? v1::RIGHT_SELL : v1::RIGHT_RETURN,
                       takes ? "take a payment" : "give a payment back"));
  if (request.header().command_id().size() != kCommandIdSize) {
    return absl::InvalidArgumentError(
        absl::StrCat("command_id has ", request.header().command_id().size(),
                     " bytes, want ", kCommandIdSize,
                     ": make a UUID and keep it for retries"));
  }
  order.id = Hex(request.header().command_id());
  order.sale_id = request.sale_id();
  order.original_id = request.original_id();
  order.amount_minor = request.amount_minor();
  order.currency =
      request.currency().empty() ? desk_.currency() : request.currency();
  order.due_minor =
      request.due_minor() == 0 ? request.amount_minor() : request.due_minor();
  if (request.beside_reversing()) {
    BL_ASSIGN_OR_RETURN(
        const TillApi::Acting supervisor,
        tills_.Authorize(context, request.header(), v1::RIGHT_SETTLE_PAYMENT,
                         "take another payment while one is being undone"));
    order.override_by = supervisor.staff;
  }
  BL_RETURN_IF_ERROR(Adopt(order.sale_id));
  std::string device_name = request.device();
  std::shared_ptr<PaymentHost> device;
  if (const auto original = desk_.payments().Find(order.original_id);
      !takes && original.has_value()) {
    // Where it came from, whichever till that was.
    device = desk_.manager().FindPayer(original->device);
    device_name = original->device;
    if (device == nullptr) {
      return absl::UnavailableError(
          absl::StrCat("payment ", order.original_id, " was taken by ",
                       device_name, ", which is not at work here"));
    }
  } else {
    BL_ASSIGN_OR_RETURN(device, desk_.manager().PayerOf(
                                    acting.till, device_name, request.code()));
  }
  order.device = device->device().name();
  order.means = device->means();
  desk_.payment_ledger().NoteWho(order.id, acting.till, acting.staff);
  BL_ASSIGN_OR_RETURN(
      const PaymentAttempt attempt,
      desk_.payments().Begin(order, PaymentInput{request.code()},
                             &device->payer()));
  Answer(context, attempt, response);
  return absl::OkStatus();
}

absl::Status TillPaymentApi::AwaitPayment(
    const CallContext& context, const v1::AwaitPaymentRequest& request,
    v1::PaymentAnswer* response) {
  BL_RETURN_IF_ERROR(tills_.TillOf(context).status());
  BL_ASSIGN_OR_RETURN(PaymentAttempt attempt,
                      Find(request.payment_id(), request.sale_id()));
  if (!IsFinal(attempt.state) && request.wait_ms() > 0) {
    const auto waited = desk_.payments().Await(
        request.payment_id(),
        absl::Milliseconds(std::min(request.wait_ms(), kAwaitMaxMs)));
    if (waited.ok()) attempt = *waited;
  }
  Answer(context, attempt, response);
  return absl::OkStatus();
}

absl::Status TillPaymentApi::GiveUpPayment(
    const CallContext& context, const v1::GiveUpPaymentRequest& request,
    v1::PaymentAnswer* response) {
  BL_RETURN_IF_ERROR(tills_.TillOf(context).status());
  BL_ASSIGN_OR_RETURN(const PaymentAttempt attempt,
                      Find(request.payment_id(), ""));
  const auto device = desk_.manager().FindPayer(attempt.device);
  if (device != nullptr && !IsFinal(attempt.state)) {
    device->payer().GiveUp(attempt.id);
  }
  Answer(context, desk_.payments().Find(attempt.id).value_or(attempt),
         response);
  return absl::OkStatus();
}

absl::Status TillPaymentApi::AskPaymentAgain(
    const CallContext& context, const v1::AskPaymentAgainRequest& request,
    v1::PaymentAnswer* response) {
  BL_RETURN_IF_ERROR(tills_.TillOf(context).status());
  BL_ASSIGN_OR_RETURN(const PaymentAttempt attempt,
                      Find(request.payment_id(), ""));
  const auto device = desk_.manager().FindPayer(attempt.device);
  if (device == nullptr) {
    return absl::UnavailableError(absl::StrCat(
        attempt.device, " is not at work: look at its slip, and settle it"));
  }
  if (!IsFinal(attempt.state)) {
    BL_RETURN_IF_ERROR(device->AskAgain(attempt));
  }
  Answer(context, desk_.payments().Find(attempt.id).value_or(attempt),
         response);
  return absl::OkStatus();
}

absl::Status TillPaymentApi::SettlePayment(
    const CallContext& context, const v1::SettlePaymentRequest& request,
    v1::PaymentAnswer* response) {
  BL_ASSIGN_OR_RETURN(const Outcome outcome,
                      tills_.SettlePayment(context, request));
  const v1::SalePayments& sale = outcome.event.payment_recorded().sale();
  BL_RETURN_IF_ERROR(Adopt(sale.sale_id()));
  for (const v1::PaymentAttempt& attempt : sale.attempts()) {
    if (attempt.id() == request.payment_id()) {
      Answer(context, FromProto(attempt), response);
    }
  }
  return absl::OkStatus();
}

absl::Status TillPaymentApi::List(const v1::ListPaymentsRequest& request,
                                  v1::ListPaymentsResponse* response) {
  if (!request.sale_id().empty()) {
    BL_ASSIGN_OR_RETURN(SaleStanding standing,
                        desk_.payment_ledger().Standing(request.sale_id()));
    Fill(std::move(standing), response->add_sales());
    return absl::OkStatus();
  }
  BL_ASSIGN_OR_RETURN(std::vector<SaleStanding> open,
                      desk_.payment_ledger().Open());
  for (SaleStanding& standing : open) {
    Fill(std::move(standing), response->add_sales());
  }
  return absl::OkStatus();
}

absl::Status TillPaymentApi::ListPayments(
    const CallContext& context, const v1::ListPaymentsRequest& request,
    v1::ListPaymentsResponse* response) {
  BL_RETURN_IF_ERROR(tills_.TillOf(context).status());
  return List(request, response);
}

absl::Status TillPaymentApi::RunTerminal(const CallContext& context,
                                         const v1::RunTerminalRequest& request,
                                         v1::RunTerminalResponse* response) {
  BL_ASSIGN_OR_RETURN(const std::string till, tills_.TillOf(context));
  TerminalTask task = TerminalTask::kDiagnosis;
  switch (request.job()) {
    case v1::TERMINAL_JOB_END_OF_DAY:
      task = TerminalTask::kEndOfDay;
      break;
    case v1::TERMINAL_JOB_DIAGNOSIS:
      break;
    case v1::TERMINAL_JOB_REPEAT_SLIP:
      task = TerminalTask::kRepeatReceipt;
      break;
    default:
      return absl::InvalidArgumentError(
          absl::StrCat("job ", static_cast<int>(request.job()),
                       "; want end of day, diagnosis or the last slip again"));
  }
  BL_ASSIGN_OR_RETURN(const auto device,
                      desk_.manager().PayerOf(till, request.device(), ""));
  BL_ASSIGN_OR_RETURN(TerminalTaskReport report,
                      device->Run(task, absl::Milliseconds(std::min(
                                            std::max(request.wait_ms(), 1'000u),
                                            kRunTerminalMaxMs))));
  BL_RETURN_IF_ERROR(report.status);
  for (std::string& line : report.slip) response->add_slip(std::move(line));
  if (report.total_minor) response->set_total_minor(*report.total_minor);
  return absl::OkStatus();
}

void TillPaymentApi::Register(UnaryRegistry* registry) {
#define BL_REGISTER(method, Response)                                        \
  registry->Register<v1::method##Request, v1::Response>(                     \
      "branchline.v1.TillPaymentService/" #method,                           \
      [this](const CallContext& context, const v1::method##Request& request, \
             v1::Response* response) {                                       \
        return Said(                                                         \
            method(context, request, response),                              \
            [&] { return Language(context); }, response);                    \
      })
  BL_REGISTER(BeginPayment, PaymentAnswer);
  BL_REGISTER(AwaitPayment, PaymentAnswer);
  BL_REGISTER(GiveUpPayment, PaymentAnswer);
  BL_REGISTER(AskPaymentAgain, PaymentAnswer);
  BL_REGISTER(SettlePayment, PaymentAnswer);
  BL_REGISTER(ListPayments, ListPaymentsResponse);
  BL_REGISTER(RunTerminal, RunTerminalResponse);
#undef BL_REGISTER
}

}  // namespace branchline

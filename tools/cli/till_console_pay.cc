// TillConsole's payments by the shop's own card terminal and wallets.

#include "branchline/v1/till_payments.grpc.pb.h"
#include "edge/words/say.h"
#include "sync/base/bytes.h"
#include "sync/base/status_macros.h"
#include "tools/cli/table.h"
#include "tools/cli/texts.h"
#include "tools/cli/till_ask.h"
#include "tools/cli/till_console.h"

namespace branchline::cli {
namespace {

using Payments = v1::TillPaymentService::StubInterface;

constexpr uint32_t kWaitMs = 5'000;  // of one look
constexpr absl::Duration kPatience = absl::Seconds(180);
constexpr uint32_t kTerminalMs = 60'000;

// One call of the payment service.
template <typename Request, typename Response>
absl::StatusOr<Response> Call(
    const TillConsole::Options& options,
    grpc::Status (Payments::*method)(grpc::ClientContext*, const Request&,
                                     Response*),
    const Request& request) {
  if (options.payments == nullptr) {
    return absl::FailedPreconditionError("no payments can be made from here");
  }
  grpc::ClientContext context;
  SetDeadline(&context, kCallSeconds + static_cast<int>(kTerminalMs / 1'000));
  context.AddMetadata("authorization", absl::StrCat("Bearer ", options.key));
  context.AddMetadata("accept-language", std::string(NameOf(options.language)));
  Response response;
  BL_RETURN_IF_ERROR(
      FromGrpc((options.payments->*method)(&context, request, &response)));
  return response;
}

}  // namespace

void TillConsole::ShowPayment(const v1::PaymentAnswer& answer) {
  Show(answer, [&] {
    std::string text = absl::StrCat(answer.words(), "\n");
    for (const std::string& line : answer.slip()) {
      absl::StrAppend(&text, "| ", line, "\n");
    }
    if (answer.needs_hand()) {
      absl::StrAppend(&text, "settle ", answer.attempt().id(), " ...\n");
    }
    return text;
  });
}

absl::StatusOr<v1::PaymentAnswer> TillConsole::AwaitEnd(
    v1::PaymentAnswer answer) {
  const absl::Duration until = clock_.MonotonicNow() + kPatience;
  std::string said;
  while (!answer.settled() && !answer.needs_hand()) {
    if (clock_.MonotonicNow() >= until) {
      return absl::DeadlineExceededError(absl::StrCat(
          "payment ", answer.attempt().id(),
          " is still under way: 'payments' shows it, 'give-up' ends it"));
    }
    if (!options_.json && answer.words() != said) {
      said = answer.words();
      out_ << said << "\n" << std::flush;
    }
    v1::AwaitPaymentRequest wait;
    wait.set_payment_id(answer.attempt().id());
    wait.set_sale_id(answer.attempt().sale_id());
    wait.set_wait_ms(kWaitMs);
    BL_ASSIGN_OR_RETURN(answer,
                        (Call<v1::AwaitPaymentRequest, v1::PaymentAnswer>(
                            options_, &Payments::AwaitPayment, wait)));
  }
  return answer;
}

absl::Status TillConsole::CheckNothingPaid() const {
  if (paid_.empty()) return absl::OkStatus();
  return absl::FailedPreconditionError(
      absl::StrCat("this basket was paid: 'pay' rings it up, 'give-back ",
                   paid_[0].payment_id(), " AMOUNT' gives the money back"));
}

// terminal [AMOUNT]; phone CODE [AMOUNT]
absl::Status TillConsole::Take(const Words& words) {
  if (basket_.lines().empty()) {
    return absl::FailedPreconditionError("the basket is empty");
  }
  const bool by_phone = words[0] == "phone";
  const size_t amount_at = by_phone ? 2 : 1;
  v1::RingRequest quoted = basket_;
  quoted.set_currency(options_.currency);
  BL_ASSIGN_OR_RETURN(const auto quote,
                      Ask(&v1::Till::StubInterface::Quote, quoted));
  int64_t due_minor = quote.sale().total_minor();
  int64_t paid_minor = 0;
  for (const v1::Tender& tender : paid_) paid_minor += tender.amount_minor();
  v1::BeginPaymentRequest request;
  request.set_amount_minor(due_minor - paid_minor);
  if (words.size() > amount_at) {
    BL_ASSIGN_OR_RETURN(const int64_t minor, Amount(words[amount_at]));
    request.set_amount_minor(minor);
  }
  const std::string id =
      NewUuidV7(clock_.WallNow(), random_.Bytes(kUuidRandomSize));
  if (sale_id_.empty()) sale_id_ = Hex(id);
  request.mutable_header()->set_command_id(id);
  if (!approval_.staff().empty()) {
    *request.mutable_header()->mutable_approval() =
        std::exchange(approval_, {});
  }
  request.set_sale_id(sale_id_);
  request.set_due_minor(due_minor);
  if (by_phone) request.set_code(words[1]);
  BL_ASSIGN_OR_RETURN(v1::PaymentAnswer answer,
                      (Call<v1::BeginPaymentRequest, v1::PaymentAnswer>(
                          options_, &Payments::BeginPayment, request)));
  BL_ASSIGN_OR_RETURN(answer, AwaitEnd(std::move(answer)));
  ShowPayment(answer);
  NotePaid(answer.attempt());
  return absl::OkStatus();
}

void TillConsole::NotePaid(const v1::PaymentAttempt& attempt) {
  if (attempt.state() != v1::PAYMENT_STATE_DONE ||
      attempt.kind() != v1::PAYMENT_KIND_PAYMENT ||
      attempt.sale_id() != sale_id_) {
    return;
  }
  v1::Tender& tender = paid_.emplace_back();
  tender.set_kind(attempt.means() == v1::PAYMENT_MEANS_TERMINAL
                      ? v1::TENDER_KIND_CARD
                      : v1::TENDER_KIND_WALLET);
  tender.set_amount_minor(attempt.done_minor());
  tender.set_payment_id(attempt.id());
}

absl::Status TillConsole::ListOpen(const Words&) {
  BL_ASSIGN_OR_RETURN(const auto list,
                      (Call<v1::ListPaymentsRequest, v1::ListPaymentsResponse>(
                          options_, &Payments::ListPayments, {})));
  Show(list, [&] {
    std::string text;
    for (const v1::OpenSale& sale : list.sales()) {
      for (const v1::PaymentAttempt& attempt : sale.payments().attempts()) {
        absl::StrAppend(&text, attempt.id(), "  ",
                        SayIn(PaymentText(attempt), NameOf(options_.language)),
                        "\n");
      }
      if (sale.owed_minor() > 0) {
        absl::StrAppend(&text, "  ", Word("owed", options_.language), ": ",
                        MoneyText(sale.owed_minor(), options_.currency), "\n");
      }
    }
    return text;
  });
  return absl::OkStatus();
}

// give-up PAYMENT; ask-again PAYMENT; settle PAYMENT AMOUNT GROUND
absl::Status TillConsole::Unsettled(const Words& words) {
  v1::PaymentAnswer answer;
  if (words[0] == "give-up") {
    v1::GiveUpPaymentRequest request;
    request.set_payment_id(words[1]);
    BL_ASSIGN_OR_RETURN(answer,
                        (Call<v1::GiveUpPaymentRequest, v1::PaymentAnswer>(
                            options_, &Payments::GiveUpPayment, request)));
  } else if (words[0] == "ask-again") {
    v1::AskPaymentAgainRequest request;
    request.set_payment_id(words[1]);
    BL_ASSIGN_OR_RETURN(answer,
                        (Call<v1::AskPaymentAgainRequest, v1::PaymentAnswer>(
                            options_, &Payments::AskPaymentAgain, request)));
  } else {
    v1::SettlePaymentRequest request;
    request.mutable_header()->set_command_id(
        NewUuidV7(clock_.WallNow(), random_.Bytes(kUuidRandomSize)));
    if (!approval_.staff().empty()) {
      *request.mutable_header()->mutable_approval() =
          std::exchange(approval_, {});
    }
    request.set_payment_id(words[1]);
    BL_ASSIGN_OR_RETURN(const int64_t minor, Amount(words[2]));
    request.set_done_minor(minor);
    request.set_ground(words[3]);
    if (words.size() > 4) request.mutable_header()->set_staff(words[4]);
    BL_ASSIGN_OR_RETURN(answer,
                        (Call<v1::SettlePaymentRequest, v1::PaymentAnswer>(
                            options_, &Payments::SettlePayment, request)));
  }
  ShowPayment(answer);
  NotePaid(answer.attempt());
  return absl::OkStatus();
}

// give-back PAYMENT AMOUNT: of an open sale, to the card that the customer
// shows.
absl::Status TillConsole::GiveBackPaid(const Words& words) {
  BL_ASSIGN_OR_RETURN(const int64_t minor, Amount(words[2]));
  BL_ASSIGN_OR_RETURN(const auto list,
                      (Call<v1::ListPaymentsRequest, v1::ListPaymentsResponse>(
                          options_, &Payments::ListPayments, {})));
  for (const v1::OpenSale& sale : list.sales()) {
    for (const v1::PaymentAttempt& attempt : sale.payments().attempts()) {
      if (attempt.id() != words[1]) continue;
      v1::BeginPaymentRequest request;
      request.mutable_header()->set_command_id(
          NewUuidV7(clock_.WallNow(), random_.Bytes(kUuidRandomSize)));
      request.set_sale_id(attempt.sale_id());
      request.set_kind(v1::PAYMENT_KIND_REFUND);
      request.set_original_id(attempt.id());
      request.set_amount_minor(minor);
      request.set_currency(attempt.currency());
      BL_ASSIGN_OR_RETURN(v1::PaymentAnswer answer,
                          (Call<v1::BeginPaymentRequest, v1::PaymentAnswer>(
                              options_, &Payments::BeginPayment, request)));
      BL_ASSIGN_OR_RETURN(answer, AwaitEnd(std::move(answer)));
      ShowPayment(answer);
      if (answer.attempt().state() != v1::PAYMENT_STATE_DONE) {
        return absl::OkStatus();
      }
      for (v1::Tender& tender : paid_) {
        if (tender.payment_id() != attempt.id()) continue;
        tender.set_amount_minor(tender.amount_minor() -
                                answer.attempt().done_minor());
      }
      std::erase_if(paid_, [](const v1::Tender& tender) {
        return tender.amount_minor() == 0;
      });
      return absl::OkStatus();
    }
  }
  return absl::NotFoundError(absl::StrCat(
      "no sale that is open has a payment ", words[1].substr(0, 64),
      ": take the goods back first; 'payments' lists what is open"));
}

// terminal-job end-of-day|diagnosis|slip
absl::Status TillConsole::TerminalJob(const Words& words) {
  v1::RunTerminalRequest request;
  request.set_wait_ms(kTerminalMs);
  if (words[1] == "end-of-day") {
    request.set_job(v1::TERMINAL_JOB_END_OF_DAY);
  } else if (words[1] == "diagnosis") {
    request.set_job(v1::TERMINAL_JOB_DIAGNOSIS);
  } else if (words[1] == "slip") {
    request.set_job(v1::TERMINAL_JOB_REPEAT_SLIP);
  } else {
    return absl::InvalidArgumentError(
        "jobs of a terminal: end-of-day, diagnosis, slip");
  }
  BL_ASSIGN_OR_RETURN(const auto done,
                      (Call<v1::RunTerminalRequest, v1::RunTerminalResponse>(
                          options_, &Payments::RunTerminal, request)));
  Show(done, [&] {
    std::string text;
    for (const std::string& line : done.slip()) {
      absl::StrAppend(&text, "| ", line, "\n");
    }
    if (done.has_total_minor()) {
      absl::StrAppend(&text, MoneyText(done.total_minor(), options_.currency),
                      " ", options_.currency, "\n");
    }
    return text;
  });
  return absl::OkStatus();
}

}  // namespace branchline::cli

#include <fstream>
#include <iterator>
#include <memory>
#include <ostream>
#include <string>

#include "absl/strings/str_cat.h"
#include "branchline/v1/edge_admin.grpc.pb.h"
#include "sync/base/date.h"
#include "sync/base/status_macros.h"
#include "tools/cli/commands.h"
#include "tools/cli/edge_channel.h"
#include "tools/cli/rpc.h"
#include "tools/cli/texts.h"

namespace branchline::cli {
namespace {

constexpr size_t kBillFileMax = 3 << 20;  // bytes: what one message takes

struct PaymentOptions {
  std::string data;
  std::string sale;
  std::string device;
  std::string date;
  std::string file;
  Format format = Format::kTable;
};

// What somebody must do about a sale.
std::string ToDo(const v1::OpenSale& sale) {
  for (const v1::PaymentAttempt& attempt : sale.payments().attempts()) {
    if (attempt.state() == v1::PAYMENT_STATE_OPEN) {
      return "settle by hand";
    }
  }
  if (sale.owed_minor() > 0) return "give back";
  if (sale.unsold_minor() != 0) return "ring up or give back";
  return "wait";
}

absl::Status ListPayments(const PaymentOptions& options, Run& run) {
  BL_ASSIGN_OR_RETURN(const auto edge, ConnectToEdge(options.data));
  v1::ListPaymentsRequest request;
  request.set_sale_id(options.sale);
  BL_ASSIGN_OR_RETURN(const v1::ListPaymentsResponse response,
                      Call(*edge, &v1::EdgeAdmin::Stub::ListPayments, request));
  Table table(
      {{"sale", "sale", Kind::kText, /*whole=*/true},
       {"receipt", "receipt", Kind::kText, /*whole=*/false, /*if_any=*/true},
       {"payment", "payment"},
       {"device", "device"},
       {"kind", "kind"},
       {"state", "state"},
       {"amount", "amount", Kind::kDecimal},
       {"done", "moved", Kind::kDecimal},
       {"currency", "cur"},
       {"to_do", "to do", Kind::kText, /*whole=*/true}});
  for (const v1::OpenSale& sale : response.sales()) {
    for (const v1::PaymentAttempt& attempt : sale.payments().attempts()) {
      table.Add({sale.payments().sale_id(), sale.receipt_no(), attempt.id(),
                 attempt.device(), PaymentKindText(attempt.kind()),
                 PaymentStateText(attempt.state()),
                 Value::Money(attempt.amount_minor(), attempt.currency()),
                 Value::Money(attempt.done_minor(), attempt.currency()),
                 attempt.currency(), ToDo(sale)});
    }
  }
  table.Print(options.format,
              options.sale.empty()
                  ? "nothing is open: every payment is settled, and a receipt "
                    "says for what"
                  : "nothing was paid of that sale by card or wallet",
              run.out);
  return absl::OkStatus();
}

absl::StatusOr<std::string> ReadBill(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  std::string bill(std::istreambuf_iterator<char>(in), {});
  if (!in.is_open()) {
    return absl::NotFoundError(absl::StrCat("--file ", path, ": not readable"));
  }
  if (bill.empty() || bill.size() > kBillFileMax) {
    return absl::InvalidArgumentError(
        absl::StrCat("--file ", path, " has ", bill.size(),
                     " bytes, want 1 to ", kBillFileMax));
  }
  return bill;
}

absl::Status CompareBill(const PaymentOptions& options, Run& run) {
  v1::CompareBillRequest request;
  request.set_device(options.device);
  BL_ASSIGN_OR_RETURN(const Date date, ParseDate(options.date));
  request.set_date(date);
  if (!options.file.empty()) {
    BL_ASSIGN_OR_RETURN(*request.mutable_bill(), ReadBill(options.file));
  }
  BL_ASSIGN_OR_RETURN(const auto edge, ConnectToEdge(options.data));
  BL_ASSIGN_OR_RETURN(const v1::CompareBillResponse response,
                      Call(*edge, &v1::EdgeAdmin::Stub::CompareBill, request));
  Table table({{"difference", "difference", Kind::kText, /*whole=*/true}});
  for (const std::string& difference : response.differences()) {
    table.Add({difference});
  }
  table.Print(options.format, "no difference", run.out);
  run.err << response.matched() << " of the bill's entries agree\n";
  if (response.differences().empty()) return absl::OkStatus();
  return WithExit(absl::FailedPreconditionError(absl::StrCat(
                      response.differences_size(),
                      " differences: docs/PAYMENTS.md says what each means")),
                  ExitCode::kDiffers);
}

}  // namespace

void AddPaymentCommands(CLI::App& app, Run& run) {
  CLI::App* group =
      AddGroup(app, "payments", "Card and wallet payments of a branch");
  auto o = std::make_shared<PaymentOptions>();
  CLI::App* command = AddCommand(
      *group,
      {"list",
       "Payments that somebody must still see to: not settled, paid and not "
       "rung up, or owed to a customer. With --sale all of that sale. "
       "docs/PAYMENTS.md says what each state means.",
       "  branchline payments list --data /var/lib/branchline\n"
       "  branchline payments list --sale T1-0042 --format json\n"},
      {ExitCode::kNotReachable}, run,
      [o, &run] { return ListPayments(*o, run); });
  AddData(command, &o->data);
  AddFormat(command, &o->format);
  command->add_option("--sale", o->sale, "The till's name of one sale")
      ->type_name("ID");

  o = std::make_shared<PaymentOptions>();
  command = AddCommand(
      *group,
      {"bill",
       "Compares a wallet's bill of a day with the ledger and lists every "
       "difference, both ways. The bill is fetched (the wallets have it from "
       "ten "
       "in the morning of the next day on), or is the --file. Exits with 6 if "
       "there is a difference.",
       "  branchline payments bill wx --date 2026-11-21\n"
       "  branchline payments bill alipay --date 2026-11-21 --file bill.csv\n"},
      {ExitCode::kNotReachable, ExitCode::kDiffers}, run,
      [o, &run] { return CompareBill(*o, run); });
  AddData(command, &o->data);
  AddFormat(command, &o->format);
  command->add_option("device", o->device, "The wallet's name")
      ->type_name("DEVICE")
      ->required();
  command->add_option("--date", o->date, "The day")
      ->type_name("DATE")
      ->required();
  command->add_option("--file", o->file, "The bill, unpacked")
      ->type_name("FILE");
}

}  // namespace branchline::cli

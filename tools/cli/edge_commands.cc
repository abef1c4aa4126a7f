#include <unistd.h>

#include <filesystem>
#include <memory>
#include <ostream>
#include <string>
#include <system_error>

#include "absl/strings/str_cat.h"
#include "edge/enrol/edge_home.h"
#include "edge/enrol/join.h"
#include "sync/base/cursor.h"
#include "sync/base/date.h"
#include "sync/base/status_macros.h"
#include "tools/cli/commands.h"
#include "tools/cli/edge_channel.h"
#include "tools/cli/rpc.h"
#include "tools/cli/texts.h"

namespace branchline::cli {
namespace {

struct EdgeOptions {
  std::string data;
  std::string hub;
  std::string token;
  std::string old_data;
  Format format = Format::kTable;
};

std::string Who(const v1::NodeIdentity& node) {
  return absl::StrCat(node.branch(), " (", node.branch_name(), "), epoch ",
                      node.epoch());
}

absl::Status Join(const EdgeOptions& options, Run& run) {
  BL_ASSIGN_OR_RETURN(
      const v1::NodeIdentity node,
      JoinChain(EdgeHome(options.data), options.hub, options.token));
  run.out << "this box is " << Who(node) << "; start it:\n  branchline-edge "
          << "--data " << options.data << "\n";
  return absl::OkStatus();
}

absl::Status Recover(const EdgeOptions& options, Run& run) {
  const bool progress = isatty(STDERR_FILENO) != 0;
  BL_ASSIGN_OR_RETURN(
      const RecoveryReport report,
      RecoverBranch(EdgeHome(options.data), options.hub, options.token,
                    options.old_data, &run.clock, [&](uint64_t records) {
                      if (progress) {
                        run.err << "\r" << records << " records fetched";
                      }
                    }));
  if (progress) run.err << "\n";
  run.out << "this box is " << Who(report.node) << "\n"
          << report.records << " records fetched from the hub, to "
          << ToText(report.from_hub) << "\n";
  if (!report.set_aside.empty()) {
    run.out << "the old ledger is kept in " << report.set_aside << "\n";
  }
  if (!report.old_ledger_problem.empty()) {
    run.out << "the old ledger could not be compared: "
            << report.old_ledger_problem << "\n";
  }
  if (!report.not_acked.empty()) {
    run.out << report.not_acked.size()
            << " records of the old ledger never reached the hub:\n";
    for (const std::string& line : report.not_acked) {
      run.out << "  " << line << "\n";
    }
    run.out
        << (report.late_offered
                ? "they are offered, and count once the hub approves them: "
                : "they are not offered; hand them in with 'branchline edge "
                  "late', then: ")
        << "'branchline branch late " << report.node.branch() << "'\n";
  } else if (report.old_ledger_problem.empty() && !report.set_aside.empty()) {
    run.out << "the hub had all of the old ledger: nothing is lost\n";
  }
  run.out << "start it:\n  branchline-edge --data " << options.data << "\n";
  return absl::OkStatus();
}

absl::Status Status(const EdgeOptions& options, Run& run) {
  BL_ASSIGN_OR_RETURN(const auto edge, ConnectToEdge(options.data));
  BL_ASSIGN_OR_RETURN(
      const v1::EdgeStatus status,
      Call(*edge, &v1::EdgeAdmin::Stub::GetStatus, v1::GetStatusRequest()));
  if (options.format == Format::kJson) {
    run.out << MessageJson(status);
    return absl::OkStatus();
  }
  const absl::Time now = run.clock.WallNow();
  Table table({{"what", "what"}, {"value", "value"}});
  table.Add({"branch", status.branch()});
  table.Add({"name", status.branch_name()});
  if (!status.stopped_why().empty()) {
    table.Add({"stopped", status.stopped_why()});
  }
  table.Add({"line", status.line_state()});
  table.Add({"last_heard", Ago(status.last_heard_unix_micros(), now)});
  table.Add({"journal", PositionText(status.head())});
  table.Add({"at_the_hub", PositionText(status.acked())});
  table.Add({"waiting_events", Value::Count(status.waiting_events())});
  table.Add({"day_open", FormatDate(status.open_date())});
  table.Add({"sealed_to", FormatDate(status.sealed_date())});
  for (const std::string& till : status.tills()) table.Add({"till", till});
  for (const v1::DeviceState& device : status.devices()) {
    table.Add({"device", absl::StrCat(device.name(), ": ", device.says())});
  }
  if (status.open_payment_sales() > 0) {
    table.Add(
        {"open_payments",
         absl::StrCat("of ", status.open_payment_sales(),
                      status.open_payment_sales() == 1 ? " sale" : " sales",
                      ": see 'branchline payments list'")});
  }
  if (!status.devices_trouble().empty()) {
    table.Add({"devices_trouble", status.devices_trouble()});
  }
  table.Add({"items", Value::Count(status.items())});
  table.Add({"certificate_expires",
             Ago(status.certificate_expires_unix_micros(), now)});
  table.Add(
      {"clock_drift_ms", Value::Count(status.clock_drift_micros() / 1'000)});
  for (const v1::LateSuffixFound& late : status.late_waiting()) {
    table.Add({"late", LateText(late)});
  }
  for (const std::string& line : status.verified()) {
    table.Add({"verified", line});
  }
  table.Add({"version", status.version()});
  if (options.format == Format::kTable) {
    run.out << table.Pairs();
  } else {
    table.Print(options.format, "", run.out);
  }
  return absl::OkStatus();
}

absl::Status Late(const EdgeOptions& options, Run& run) {
  BL_ASSIGN_OR_RETURN(const auto edge, ConnectToEdge(options.data));
  // The daemon has a working directory of its own.
  std::error_code error;
  const std::filesystem::path from =
      std::filesystem::absolute(options.old_data, error);
  if (error || !std::filesystem::is_directory(from, error)) {
    return absl::NotFoundError(
        absl::StrCat("there is no directory ", options.old_data));
  }
  v1::OfferLateRequest request;
  request.set_old_data_dir(from.string());
  BL_ASSIGN_OR_RETURN(const v1::OfferLateResponse response,
                      Call(*edge, &v1::EdgeAdmin::Stub::OfferLate, request));
  run.out << "offered: epoch " << response.epoch() << ", records "
          << response.first_seq() << " to " << response.last_seq() << "\n";
  for (const std::string& line : response.lines()) {
    run.out << "  " << line << "\n";
  }
  run.out
      << "they count once the hub approves them: 'branchline branch late'\n";
  return absl::OkStatus();
}

void AddHubAndToken(CLI::App* command, EdgeOptions* options) {
  command
      ->add_option("--hub", options->hub,
                   "The hub's enrolment port, as 'branchline hub status' says")
      ->type_name("HOST:PORT")
      ->required();
  command
      ->add_option("--token", options->token,
                   "From 'branchline branch token', for one box")
      ->envname("BRANCHLINE_TOKEN")
      ->type_name("TOKEN")
      ->required();
}

}  // namespace

void AddEdgeCommands(CLI::App& app, Run& run) {
  CLI::App* group = AddGroup(app, "edge", "The box of a branch");
  const std::vector<ExitCode> exits = {ExitCode::kNotReachable,
                                       ExitCode::kDamaged, ExitCode::kNoSpace};
  auto o = std::make_shared<EdgeOptions>();
  CLI::App* command = AddCommand(
      *group,
      {"join",
       "Makes a bare box a branch: checks the hub by the token, makes this "
       "box's keys, and gets its certificate. Can be repeated if it was cut.",
       "  branchline edge join --data /var/lib/branchline \\\n"
       "      --hub hub.example:7701 --token BL1....\n"},
      exits, run, [o, &run] { return Join(*o, run); });
  AddData(command, &o->data);
  AddHubAndToken(command, o.get());

  o = std::make_shared<EdgeOptions>();
  command = AddCommand(
      *group,
      {"status",
       "What the box is doing: its line, its day, what waits for the hub, what "
       "was verified at its start, and why it sells nothing if it does not.",
       "  branchline edge status --data /var/lib/branchline\n"},
      exits, run, [o, &run] { return Status(*o, run); });
  AddData(command, &o->data);
  AddFormat(command, &o->format);

  o = std::make_shared<EdgeOptions>();
  command = AddCommand(
      *group,
      {"recover",
       "Rebuilds a dead or replaced box from the hub, under a new epoch, and "
       "says exactly what had not reached the hub. Needs a token made with "
       "'branchline branch token --recover'. The old ledger is kept.",
       "  branchline edge recover --data /var/lib/branchline \\\n"
       "      --hub hub.example:7701 --token BL1....\n"
       "  branchline edge recover --data new --old-data "
       "/mnt/old-disk/branchline "
       "\\\n      --hub hub.example:7701 --token BL1....\n"},
      exits, run, [o, &run] { return Recover(*o, run); });
  AddData(command, &o->data);
  AddHubAndToken(command, o.get());
  command
      ->add_option("--old-data", o->old_data,
                   "The data directory of the old disk, to compare with")
      ->type_name("DIR");

  o = std::make_shared<EdgeOptions>();
  command = AddCommand(
      *group,
      {"late",
       "Hands in what an old disk of this branch holds and the chain has never "
       "seen. It counts once the hub approves it.",
       "  branchline edge late --data /var/lib/branchline \\\n"
       "      --from /mnt/old-disk/branchline\n"},
      exits, run, [o, &run] { return Late(*o, run); });
  AddData(command, &o->data);
  command
      ->add_option("--from", o->old_data, "The data directory of the old disk")
      ->type_name("DIR")
      ->required();
}

}  // namespace branchline::cli

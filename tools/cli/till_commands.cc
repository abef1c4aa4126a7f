#include <memory>
#include <ostream>
#include <string>

#include "branchline/v1/edge_admin.grpc.pb.h"
#include "sync/base/status_macros.h"
#include "tools/cli/commands.h"
#include "tools/cli/edge_channel.h"
#include "tools/cli/rpc.h"

namespace branchline::cli {
namespace {

struct TillOptions {
  std::string data;
  std::string till;
  bool replace = false;
  Format format = Format::kTable;
};

absl::Status PairTill(const TillOptions& options, Run& run) {
  BL_ASSIGN_OR_RETURN(const auto edge, ConnectToEdge(options.data));
  v1::PairTillRequest request;
  request.set_till(options.till);
  request.set_replace(options.replace);
  BL_ASSIGN_OR_RETURN(const v1::PairTillResponse response,
                      Call(*edge, &v1::EdgeAdmin::Stub::PairTill, request));
  // The key alone on stdout, so that a script can take it.
  run.out << response.api_key() << "\n";
  run.err << "the key of till " << options.till
          << ", shown once: the till sends it with every request, as "
             "'authorization: Bearer KEY'\n";
  return absl::OkStatus();
}

absl::Status UnpairTill(const TillOptions& options, Run& run) {
  BL_ASSIGN_OR_RETURN(const auto edge, ConnectToEdge(options.data));
  v1::UnpairTillRequest request;
  request.set_till(options.till);
  BL_RETURN_IF_ERROR(
      Call(*edge, &v1::EdgeAdmin::Stub::UnpairTill, request).status());
  run.out << "till " << options.till << " is unpaired: its key is dead\n";
  return absl::OkStatus();
}

absl::Status ListTills(const TillOptions& options, Run& run) {
  BL_ASSIGN_OR_RETURN(const auto edge, ConnectToEdge(options.data));
  BL_ASSIGN_OR_RETURN(
      const v1::ListTillsResponse response,
      Call(*edge, &v1::EdgeAdmin::Stub::ListTills, v1::ListTillsRequest()));
  Table table({{"till", "till"},
               {"receipts", "receipts", Kind::kCount},
               {"last_receipt_no", "last receipt"}});
  for (const v1::TillInfo& till : response.tills()) {
    table.Add(
        {till.till(), Value::Count(till.receipts()), till.last_receipt_no()});
  }
  table.Print(options.format, "no tills yet: 'branchline till pair'", run.out);
  return absl::OkStatus();
}

void AddTill(CLI::App* command, std::string* till) {
  command->add_option("till", *till, "A-Z, 0-9 and -, up to 16")
      ->type_name("TILL")
      ->required();
}

}  // namespace

void AddTillCommands(CLI::App& app, Run& run) {
  CLI::App* group = AddGroup(app, "till", "The tills of this box");
  AddTillConsoleCommand(*group, run);
  const std::vector<ExitCode> exits = {ExitCode::kNotReachable,
                                       ExitCode::kDamaged, ExitCode::kNoSpace};
  auto o = std::make_shared<TillOptions>();
  CLI::App* command = AddCommand(
      *group,
      {"pair",
       "Gives a till its key, and prints it once. The till service listens "
       "beyond loopback from the first pairing on.",
       "  branchline till pair T1 --data /var/lib/branchline\n"
       "  branchline till pair T1 --replace --data /var/lib/branchline\n"},
      exits, run, [o, &run] { return PairTill(*o, run); });
  AddData(command, &o->data);
  AddTill(command, &o->till);
  command->add_flag("--replace", o->replace,
                    "Give a paired till a new key; the old one dies");

  o = std::make_shared<TillOptions>();
  command = AddCommand(*group,
                       {"list",
                        "The paired tills, and how many receipts each numbered "
                        "in this epoch.",
                        "  branchline till list --data /var/lib/branchline\n"},
                       exits, run, [o, &run] { return ListTills(*o, run); });
  AddData(command, &o->data);
  AddFormat(command, &o->format);

  o = std::make_shared<TillOptions>();
  command =
      AddCommand(*group,
                 {"unpair", "Retires a till: its key opens nothing any more.",
                  "  branchline till unpair T1 --data /var/lib/branchline\n"},
                 exits, run, [o, &run] { return UnpairTill(*o, run); });
  AddData(command, &o->data);
  AddTill(command, &o->till);
}

}  // namespace branchline::cli

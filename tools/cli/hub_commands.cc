#include <memory>
#include <ostream>
#include <string>

#include "sync/base/bytes.h"
#include "sync/base/status_macros.h"
#include "sync/journal/json_string.h"
#include "tools/cli/commands.h"
#include "tools/cli/data_dir.h"
#include "tools/cli/hub_channel.h"
#include "tools/cli/hub_init.h"
#include "tools/cli/rpc.h"
#include "tools/cli/texts.h"

namespace branchline::cli {
namespace {

struct HubOptions {
  std::string data;
  std::string name;
  Format format = Format::kTable;
};

absl::Status Init(const HubOptions& options, Run& run) {
  BL_ASSIGN_OR_RETURN(const std::string ca_hash,
                      InitHub(options.data, options.name, run.clock));
  run.out << "the hub of '" << options.name << "' is in " << options.data
          << "\nits CA: " << ca_hash << "\nstart it:\n  branchline-hub --data "
          << options.data << "\n";
  return absl::OkStatus();
}

absl::Status Status(const HubOptions& options, Run& run) {
  BL_ASSIGN_OR_RETURN(
      HubChannel hub,
      HubChannel::Open(options.data, HubChannel::Access::kRead));
  BL_ASSIGN_OR_RETURN(const v1::HubStatus status,
                      Call(hub.chain(), &v1::Chain::Stub::GetHubStatus,
                           v1::GetHubStatusRequest()));
  const auto key = ReadHubPublicKey(options.data);
  if (options.format == Format::kJson) {
    run.out << "{\"runs\": " << (hub.is_daemon() ? "true" : "false")
            << ", \"hub_key\": " << JsonString(key.ok() ? Hex(*key) : "")
            << ", \"status\": " << MessageJson(status) << "}\n";
    return absl::OkStatus();
  }
  Table table({{"what", "what"}, {"value", "value"}});
  table.Add({"chain", status.chain_name()});
  table.Add({"ca_hash", status.ca_hash()});
  if (key.ok()) table.Add({"hub_key", Hex(*key)});
  table.Add({"runs", Value::YesNo(hub.is_daemon())});
  table.Add({"enrol_address", status.enrol_address()});
  table.Add({"sync_address", status.sync_address()});
  table.Add({"branches", Value::Count(uint64_t{status.branches()})});
  table.Add({"online", Value::Count(uint64_t{status.online()})});
  for (const v1::StreamHead& stream : status.streams()) {
    table.Add({"stream", stream.stream() + " " + PositionText(stream.head())});
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

}  // namespace

void AddHubCommands(CLI::App& app, Run& run) {
  CLI::App* group = AddGroup(app, "hub", "The hub of the chain");
  auto o = std::make_shared<HubOptions>();
  CLI::App* command = AddCommand(
      *group,
      {"init",
       "Makes the data directory of a new hub: its CA and its keys. Refuses a "
       "directory that holds one already.",
       "  branchline hub init --data /var/lib/branchline-hub --name "
       "\"Nord\"\n"},
      {ExitCode::kNoSpace}, run, [o, &run] { return Init(*o, run); });
  command->add_option("--data", o->data, "Where; made if it is not there")
      ->type_name("DIR")
      ->required();
  command->add_option("--name", o->name, "The chain, as people call it")
      ->required();

  o = std::make_shared<HubOptions>();
  command = AddCommand(
      *group,
      {"status",
       "Where the hub listens, its CA's hash and public key, its branches, the "
       "end of every stream, and what was verified at its start.",
       "  branchline hub status --hub-data /var/lib/branchline-hub\n"},
      {ExitCode::kNotReachable, ExitCode::kDamaged}, run,
      [o, &run] { return Status(*o, run); });
  AddHubData(command, &o->data);
  AddFormat(command, &o->format);
}

}  // namespace branchline::cli

#include <google/protobuf/util/json_util.h>

#include <memory>
#include <ostream>
#include <string>

#include "sync/base/status_macros.h"
#include "tools/cli/commands.h"
#include "tools/cli/hub_channel.h"
#include "tools/cli/rpc.h"
#include "tools/cli/rules_check.h"

namespace branchline::cli {
namespace {

struct RulesOptions {
  std::string hub_data;
  std::string file;
  bool dry_run = false;
};

absl::Status PublishRules(const RulesOptions& options, Run& run) {
  BL_ASSIGN_OR_RETURN(v1::PublishRequest request, ReadRulesFile(options.file));
  BL_RETURN_IF_ERROR(CheckRules(request));
  for (const std::string& overlap : OverlapsOfLists(request.price_book())) {
    run.err << "warning: " << overlap << "\n";
  }
  request.set_dry_run(options.dry_run);
  BL_ASSIGN_OR_RETURN(
      HubChannel hub,
      HubChannel::Open(options.hub_data, options.dry_run
                                             ? HubChannel::Access::kRead
                                             : HubChannel::Access::kChange));
  BL_ASSIGN_OR_RETURN(const v1::PublishResponse response,
                      Call(hub.chain(), &v1::Chain::Stub::Publish, request));
  for (const std::string& change : response.changes()) {
    run.out << (options.dry_run ? "would change: " : "changed: ") << change
            << "\n";
  }
  if (response.changes().empty()) run.out << "nothing differs\n";
  return absl::OkStatus();
}

absl::Status ShowRules(const RulesOptions& options, Run& run) {
  BL_ASSIGN_OR_RETURN(
      HubChannel hub,
      HubChannel::Open(options.hub_data, HubChannel::Access::kRead));
  BL_ASSIGN_OR_RETURN(const v1::PublishRequest published,
                      Call(hub.chain(), &v1::Chain::Stub::GetPublished,
                           v1::GetPublishedRequest()));
  google::protobuf::util::JsonPrintOptions print;
  print.add_whitespace = true;
  std::string json;
  const auto printed =
      google::protobuf::util::MessageToJsonString(published, &json, print);
  if (!printed.ok()) {
    return absl::InternalError(std::string(printed.message()));
  }
  run.out << json;
  return absl::OkStatus();
}

}  // namespace

void AddRulesCommands(CLI::App& app, Run& run) {
  CLI::App* group = AddGroup(
      app, "rules",
      "What the branches sell by: price lists, promotions, taxes, roles, how "
      "tills are run");
  auto o = std::make_shared<RulesOptions>();
  CLI::App* command = AddCommand(
      *group,
      {"publish",
       "Publishes a JSON file to every branch: any of priceBook, listPrices, "
       "promotions, taxes, roles, policies, categories, scanRules "
       "(PublishRequest in "
       "proto/branchline/v1/chain.proto). Each part that is given replaces its "
       "like; prices and policies one by one. Whole or not at all; what is the "
       "same is not written.",
       "  branchline rules publish spring.json --dry-run --hub-data hub\n"
       "  branchline rules publish spring.json --hub-data hub\n"},
      {ExitCode::kNotReachable, ExitCode::kDamaged, ExitCode::kNoSpace}, run,
      [o, &run] { return PublishRules(*o, run); });
  AddHubData(command, &o->hub_data);
  command->add_option("file", o->file, "JSON, at most 3 MiB")
      ->type_name("FILE")
      ->required();
  command->add_flag("--dry-run", o->dry_run,
                    "Print what would change, change nothing");

  o = std::make_shared<RulesOptions>();
  command = AddCommand(
      *group,
      {"show",
       "Prints what is published now as JSON, as publish takes it; without "
       "the prices of lists.",
       "  branchline rules show --hub-data hub > now.json\n"},
      {ExitCode::kNotReachable, ExitCode::kDamaged}, run,
      [o, &run] { return ShowRules(*o, run); });
  AddHubData(command, &o->hub_data);
}

}  // namespace branchline::cli

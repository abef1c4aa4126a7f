#include <google/protobuf/util/json_util.h>

#include <algorithm>
#include <memory>
#include <ostream>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/time/civil_time.h"
#include "sync/base/status_macros.h"
#include "tools/cli/commands.h"
#include "tools/cli/hub_channel.h"
#include "tools/cli/rpc.h"
#include "tools/cli/rules_check.h"

namespace branchline::cli {
namespace {

struct PromoOptions {
  std::string hub_data;
  std::string file;
  std::string id;
  bool dry_run = false;
  Format format = Format::kTable;
};

absl::StatusOr<v1::PromotionsSet> Published(HubChannel& hub) {
  BL_ASSIGN_OR_RETURN(const v1::PublishRequest published,
                      Call(hub.chain(), &v1::Chain::Stub::GetPublished,
                           v1::GetPublishedRequest()));
  return published.promotions();
}

// "BUY_GET" of OFFER_KIND_BUY_GET, in small letters.
std::string Offer(v1::OfferKind kind) {
  std::string name = v1::OfferKind_Name(kind).substr(11);
  for (char& c : name) {
    c = c == '_' ? '-' : static_cast<char>(c >= 'A' && c <= 'Z' ? c + 32 : c);
  }
  return name;
}

absl::Status List(const PromoOptions& options, Run& run) {
  BL_ASSIGN_OR_RETURN(
      HubChannel hub,
      HubChannel::Open(options.hub_data, HubChannel::Access::kRead));
  BL_ASSIGN_OR_RETURN(const v1::PromotionsSet set, Published(hub));
  Table table({{"id", "id", Kind::kText, /*whole=*/true},
               {"name", "name"},
               {"offer", "offer"},
               {"from", "from"},
               {"until", "until"},
               {"coupon", "coupon"},
               {"priority", "priority", Kind::kCount},
               {"branch_cap", "cap per branch", Kind::kCount}});
  for (const v1::Promotion& rule : set.promotions()) {
    table.Add({rule.id(), rule.name(), Offer(rule.offer()),
               LocalTimeText(rule.from_local_seconds()),
               LocalTimeText(rule.until_local_seconds()), rule.coupon(),
               Value::Count(int64_t{rule.priority()}),
               Value::Count(rule.times_per_branch_max())});
  }
  table.Print(options.format, "no promotions", run.out);
  return absl::OkStatus();
}

absl::Status Show(const PromoOptions& options, Run& run) {
  BL_ASSIGN_OR_RETURN(
      HubChannel hub,
      HubChannel::Open(options.hub_data, HubChannel::Access::kRead));
  BL_ASSIGN_OR_RETURN(const v1::PromotionsSet set, Published(hub));
  v1::PublishRequest one;
  for (const v1::Promotion& rule : set.promotions()) {
    if (rule.id() == options.id) {
      *one.mutable_promotions()->add_promotions() = rule;
    }
  }
  if (one.promotions().promotions().empty()) {
    return absl::NotFoundError(
        absl::StrCat("there is no promotion '", options.id.substr(0, 64), "'"));
  }
  google::protobuf::util::JsonPrintOptions print;
  print.add_whitespace = true;
  std::string json;
  if (!google::protobuf::util::MessageToJsonString(one, &json, print).ok()) {
    return absl::InternalError("it cannot be written as JSON");
  }
  run.out << json;
  return absl::OkStatus();
}

// Publishes the whole set again with `change` done to it.
template <typename Change>
absl::Status Publish(const PromoOptions& options, Run& run, Change change) {
  BL_ASSIGN_OR_RETURN(
      HubChannel hub,
      HubChannel::Open(options.hub_data, options.dry_run
                                             ? HubChannel::Access::kRead
                                             : HubChannel::Access::kChange));
  v1::PublishRequest request;
  BL_ASSIGN_OR_RETURN(*request.mutable_promotions(), Published(hub));
  BL_RETURN_IF_ERROR(change(request.mutable_promotions()));
  BL_RETURN_IF_ERROR(CheckRules(request));
  request.set_dry_run(options.dry_run);
  BL_ASSIGN_OR_RETURN(const v1::PublishResponse response,
                      Call(hub.chain(), &v1::Chain::Stub::Publish, request));
  run.out << (response.changes().empty() ? "nothing differs"
              : options.dry_run          ? "would be published"
                                         : "published")
          << "\n";
  return absl::OkStatus();
}

absl::Status Set(const PromoOptions& options, Run& run) {
  BL_ASSIGN_OR_RETURN(const v1::PublishRequest file,
                      ReadRulesFile(options.file));
  if (file.promotions().promotions().empty()) {
    return absl::InvalidArgumentError(
        absl::StrCat(options.file, " holds no promotions"));
  }
  return Publish(options, run, [&](v1::PromotionsSet* set) {
    for (const v1::Promotion& rule : file.promotions().promotions()) {
      v1::Promotion* to = nullptr;
      for (v1::Promotion& have : *set->mutable_promotions()) {
        if (have.id() == rule.id()) to = &have;
      }
      if (to == nullptr) {
        *set->add_promotions() = rule;
        run.out << "new: " << rule.id() << "\n";
      } else if (to->SerializeAsString() != rule.SerializeAsString()) {
        *to = rule;
        run.out << "changed: " << rule.id() << "\n";
      }
    }
    return absl::OkStatus();
  });
}

absl::Status Remove(const PromoOptions& options, Run& run) {
  return Publish(options, run, [&](v1::PromotionsSet* set) -> absl::Status {
    auto* rules = set->mutable_promotions();
    const auto it =
        std::find_if(rules->begin(), rules->end(),
                     [&](const auto& rule) { return rule.id() == options.id; });
    if (it == rules->end()) {
      return absl::NotFoundError(absl::StrCat("there is no promotion '",
                                              options.id.substr(0, 64), "'"));
    }
    rules->erase(it);
    return absl::OkStatus();
  });
}

absl::Status Check(const PromoOptions& options, Run& run) {
  BL_ASSIGN_OR_RETURN(const v1::PublishRequest file,
                      ReadRulesFile(options.file));
  BL_RETURN_IF_ERROR(CheckRules(file));
  run.out << file.promotions().promotions_size() << " promotions, all legal\n";
  return absl::OkStatus();
}

}  // namespace

void AddPromoCommands(CLI::App& app, Run& run) {
  CLI::App* group = AddGroup(app, "promo", "What is taken off");
  const std::vector<ExitCode> exits = {ExitCode::kNotReachable,
                                       ExitCode::kDamaged, ExitCode::kNoSpace};
  using Action = absl::Status (*)(const PromoOptions&, Run&);
  const auto add = [&](const CommandText& text, Action action) {
    const auto o = std::make_shared<PromoOptions>();
    CLI::App* command = AddCommand(*group, text, exits, run, [o, action, &run] {
      return action(*o, run);
    });
    return std::pair(command, o);
  };
  {
    const auto [command, o] = add({"list", "The promotions that are published.",
                                   "  branchline promo list --hub-data hub\n"},
                                  List);
    AddHubData(command, &o->hub_data);
    AddFormat(command, &o->format);
  }
  {
    const auto [command, o] =
        add({"show", "Prints one promotion as JSON, as set takes it.",
             "  branchline promo show 3for2 --hub-data hub > 3for2.json\n"},
            Show);
    AddHubData(command, &o->hub_data);
    command->add_option("id", o->id, "The promotion")->required();
  }
  {
    const auto [command, o] = add(
        {"set",
         "Adds the promotions of a JSON file, or replaces those of the same "
         "id; the others stay. Refuses rules that are not legal, or that would "
         "give money.",
         "  branchline promo set 3for2.json --dry-run --hub-data hub\n"},
        Set);
    AddHubData(command, &o->hub_data);
    command->add_option("file", o->file, "JSON")->type_name("FILE")->required();
    command->add_flag("--dry-run", o->dry_run,
                      "Print what would change, change nothing");
  }
  {
    const auto [command, o] =
        add({"remove", "Takes one promotion out; the others stay.",
             "  branchline promo remove 3for2 --hub-data hub\n"},
            Remove);
    AddHubData(command, &o->hub_data);
    command->add_option("id", o->id, "The promotion")->required();
    command->add_flag("--dry-run", o->dry_run, "Change nothing");
  }
  {
    const auto [command, o] =
        add({"check", "Checks a JSON file as the branches will, without a hub.",
             "  branchline promo check 3for2.json\n"},
            Check);
    command->add_option("file", o->file, "JSON")->type_name("FILE")->required();
  }
}

}  // namespace branchline::cli

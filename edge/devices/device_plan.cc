#include "edge/devices/device_plan.h"

#include <algorithm>
#include <set>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "devices/text/charset.h"
#include "edge/receipt/receipt_words.h"
#include "sync/base/status_macros.h"

namespace branchline {
namespace {

constexpr size_t kNameSizeMax = 32;  // bytes; it names a folder
constexpr size_t kTillSizeMax = 16;  // bytes, as a till is paired
constexpr uint32_t kAlarmSecondsMax = 86'400;
constexpr int kHeadLinesMax = 6;
constexpr int kFootLinesMax = 12;

absl::Status CheckName(absl::string_view name) {
  const bool is_plain =
      std::all_of(name.begin(), name.end(), [](unsigned char c) {
        return absl::ascii_islower(c) || absl::ascii_isdigit(c) || c == '-';
      });
  if (!name.empty() && name.size() <= kNameSizeMax && is_plain) {
    return absl::OkStatus();
  }
  return absl::InvalidArgumentError(
      absl::StrCat("its name is '", name.substr(0, 64),
                   "', want 1 to 32 of a-z, 0-9 and -, like printer-1"));
}

absl::Status CheckScaleModel(const std::string& model) {
  if (model == "toledo-8217" || model == "cas-type6") return absl::OkStatus();
  return absl::InvalidArgumentError(absl::StrCat(
      "model '", model, "' is no scale, want toledo-8217 or cas-type6"));
}

absl::Status CheckModel(const v1::Device& device) {
  switch (device.kind()) {
    case v1::DEVICE_KIND_TERMINAL:
      if (device.model().empty() || device.model() == "zvt") {
        return absl::OkStatus();
      }
      return absl::InvalidArgumentError(absl::StrCat(
          "model '", device.model(), "' is no terminal, want zvt"));
    case v1::DEVICE_KIND_PRINTER:
      return FindProfile(device.model()).status();
    case v1::DEVICE_KIND_SCALE:
      return CheckScaleModel(device.model());
    case v1::DEVICE_KIND_DISPLAY:
      if (device.model().empty()) return absl::OkStatus();
      return Charset::Open(device.model()).status();
    default:
      if (device.model().empty()) return absl::OkStatus();
      return absl::InvalidArgumentError(
          absl::StrCat("a ", ToText(device.kind()), " has no model, found '",
                       device.model(), "'"));
  }
}

absl::Status CheckDrawer(const v1::Device& device) {
  if (!device.address().empty()) {
    return absl::InvalidArgumentError(
        "a drawer has no address: name the printer it hangs on");
  }
  if (device.pin() != 0 && device.pin() != 2 && device.pin() != 5) {
    return absl::InvalidArgumentError(
        absl::StrCat("pin ", device.pin(), ", want 2 or 5"));
  }
  const std::string& level = device.open_level();
  if (!level.empty() && level != "high" && level != "low") {
    return absl::InvalidArgumentError(absl::StrCat(
        "open_level '", level,
        "', want high, low, or none for a drawer "
        "without a switch; 'branchline devices test' finds out which"));
  }
  if (device.alarm_seconds() > kAlarmSecondsMax) {
    return absl::InvalidArgumentError(
        absl::StrCat("alarm_seconds is ", device.alarm_seconds(), ", at most ",
                     kAlarmSecondsMax));
  }
  return absl::OkStatus();
}

absl::Status CheckWallet(const v1::Device& device) {
  if (device.address().empty()) return absl::OkStatus();
  return absl::InvalidArgumentError(
      "a wallet has no address: its merchant's file is on the box, in "
      "payments/NAME.conf of the data directory");
}

absl::Status CheckPorts(const v1::Device& device) {
  BL_ASSIGN_OR_RETURN(const DeviceAddress address,
                      ParseDeviceAddress(device.address()));
  const bool is_input = address.kind == DeviceAddress::Kind::kInput;
  if (is_input && device.kind() != v1::DEVICE_KIND_SCANNER) {
    return absl::InvalidArgumentError(
        absl::StrCat(device.address(),
                     " is a keyboard, which only a scanner "
                     "can be"));
  }
  return absl::OkStatus();
}

absl::Status CheckLines(
    absl::string_view what,
    const google::protobuf::RepeatedPtrField<std::string>& lines, int max) {
  if (lines.size() > max) {
    return absl::InvalidArgumentError(absl::StrCat(
        "receipt: ", what, " has ", lines.size(), " lines, at most ", max));
  }
  for (const std::string& line : lines) {
    if (line.size() > kPlanTextMax) {
      return absl::InvalidArgumentError(
          absl::StrCat("receipt: a line of ", what, " has ", line.size(),
                       " bytes, at most ", kPlanTextMax));
    }
  }
  return absl::OkStatus();
}

absl::Status CheckReceipt(const v1::ReceiptText& receipt) {
  if (!IsReceiptLanguage(receipt.language())) {
    return absl::InvalidArgumentError(
        absl::StrCat("receipt: language '", receipt.language(),
                     "', want en, zh-CN or zh-TW"));
  }
  if (receipt.legal_entity().size() > kPlanTextMax ||
      receipt.tax_number().size() > kPlanTextMax) {
    return absl::InvalidArgumentError(
        absl::StrCat("receipt: legal_entity and tax_number have at most ",
                     kPlanTextMax, " bytes"));
  }
  BL_RETURN_IF_ERROR(
      CheckLines("address_lines", receipt.address_lines(), kHeadLinesMax));
  return CheckLines("footer_lines", receipt.footer_lines(), kFootLinesMax);
}

class Planner {
 public:
  explicit Planner(const v1::DevicesSet& set) : set_(set) {}

  DevicePlan Make() {
    // Drawers hang on printers, wherever those stand in the list.
    for (const bool drawers : {false, true}) {
      for (const v1::Device& device : set_.devices()) {
        if ((device.kind() == v1::DEVICE_KIND_DRAWER) == drawers) Take(device);
      }
    }
    for (const v1::TillDevices& till : set_.tills()) Take(till);
    if (const absl::Status status = CheckReceipt(set_.receipt()); status.ok()) {
      plan_.receipt = set_.receipt();
    } else {
      Trouble("", status);
    }
    Rules();
    return std::move(plan_);
  }

 private:
  void Trouble(absl::string_view what, const absl::Status& status) {
    plan_.troubles.push_back(what.empty()
                                 ? std::string(status.message())
                                 : absl::StrCat(what, ": ", status.message()));
  }

  absl::Status Check(const v1::Device& device) const {
    BL_RETURN_IF_ERROR(CheckName(device.name()));
    if (plan_.devices.count(device.name()) > 0) {
      return absl::InvalidArgumentError("there are two of that name");
    }
    if (static_cast<int>(plan_.devices.size()) >= kPlanDevicesMax) {
      return absl::InvalidArgumentError(
          absl::StrCat("a branch has at most ", kPlanDevicesMax, " devices"));
    }
    if (device.kind() == v1::DEVICE_KIND_UNSPECIFIED ||
        !v1::DeviceKind_IsValid(device.kind())) {
      return absl::InvalidArgumentError(absl::StrCat(
          "kind ", static_cast<int>(device.kind()),
          " is not known here, want printer, drawer, scanner, scale, "
          "display, terminal or wallet"));
    }
    if (device.kind() == v1::DEVICE_KIND_DRAWER) {
      BL_RETURN_IF_ERROR(CheckDrawer(device));
      return CheckKind(device.printer(), v1::DEVICE_KIND_PRINTER);
    }
    if (device.kind() == v1::DEVICE_KIND_WALLET) {
      BL_RETURN_IF_ERROR(CheckWallet(device));
      return CheckModel(device);
    }
    BL_RETURN_IF_ERROR(CheckPorts(device));
    for (const auto& [name, other] : plan_.devices) {
      if (other.address() == device.address()) {
        return absl::InvalidArgumentError(
            absl::StrCat(device.address(), " is device ", name, "'s already"));
      }
    }
    return CheckModel(device);
  }

  void Take(const v1::Device& device) {
    const absl::Status status = Check(device);
    if (!status.ok()) {
      return Trouble(absl::StrCat("device ", device.name()), status);
    }
    plan_.devices[device.name()] = device;
  }

  absl::Status CheckKind(const std::string& name, v1::DeviceKind kind) const {
    const auto it = plan_.devices.find(name);
    if (it == plan_.devices.end()) {
      return absl::InvalidArgumentError(
          absl::StrCat("there is no ", ToText(kind), " '", name, "'"));
    }
    if (it->second.kind() == kind) return absl::OkStatus();
    return absl::InvalidArgumentError(absl::StrCat("'", name, "' is a ",
                                                   ToText(it->second.kind()),
                                                   ", want a ", ToText(kind)));
  }

  // Empties a field that cannot be, and says so; the till keeps the others.
  void Keep(const std::string& till, std::string* name, v1::DeviceKind kind) {
    if (name->empty()) return;
    const absl::Status status = CheckKind(*name, kind);
    if (status.ok()) return;
    Trouble(absl::StrCat("till ", till), status);
    name->clear();
  }

  // As Keep(), for what belongs to one till alone.
  bool KeepOwn(const std::string& till, std::string* name,
               v1::DeviceKind kind) {
    Keep(till, name, kind);
    if (name->empty()) return false;
    const auto [it, is_new] = owner_.try_emplace(*name, till);
    if (is_new) return true;
    Trouble(absl::StrCat("till ", till),
            absl::InvalidArgumentError(
                absl::StrCat(ToText(kind), " '", *name, "' is till ",
                             it->second, "'s: it belongs to one alone")));
    name->clear();
    return false;
  }

  void Take(v1::TillDevices till) {
    const std::string& name = till.till();
    if (name.empty() || name.size() > kTillSizeMax ||
        plan_.tills.count(name) > 0 ||
        static_cast<int>(plan_.tills.size()) >= kPlanDevicesMax) {
      return Trouble(absl::StrCat("till ", name.substr(0, 64)),
                     absl::InvalidArgumentError(absl::StrCat(
                         "named twice, a name of 0 or more than ", kTillSizeMax,
                         " bytes, or more than ", kPlanDevicesMax, " tills")));
    }
    Keep(name, till.mutable_printer(), v1::DEVICE_KIND_PRINTER);
    Keep(name, till.mutable_fallback_printer(), v1::DEVICE_KIND_PRINTER);
    if (!till.fallback_printer().empty() &&
        till.fallback_printer() == till.printer()) {
      Trouble(absl::StrCat("till ", name),
              absl::InvalidArgumentError("its fallback is the same printer"));
      till.clear_fallback_printer();
    }
    Keep(name, till.mutable_drawer(), v1::DEVICE_KIND_DRAWER);
    Keep(name, till.mutable_scale(), v1::DEVICE_KIND_SCALE);
    KeepOwn(name, till.mutable_display(), v1::DEVICE_KIND_DISPLAY);
    google::protobuf::RepeatedPtrField<std::string> scanners;
    scanners.Swap(till.mutable_scanners());
    for (std::string& scanner : scanners) {
      if (KeepOwn(name, &scanner, v1::DEVICE_KIND_SCANNER)) {
        till.add_scanners(scanner);
      }
    }
    Keep(name, till.mutable_terminal(), v1::DEVICE_KIND_TERMINAL);
    google::protobuf::RepeatedPtrField<std::string> wallets;
    wallets.Swap(till.mutable_wallets());
    for (std::string& wallet : wallets) {
      Keep(name, &wallet, v1::DEVICE_KIND_WALLET);
      if (!wallet.empty()) till.add_wallets(wallet);
    }
    plan_.tills[name] = till;
  }

  void Rules() {
    std::vector<MeasureRule> rules;
    for (const std::string& text : set_.measure_rules()) {
      auto rule = ParseMeasureRule(text);
      if (rule.ok()) rule = Alone(*std::move(rule));
      if (rule.ok()) {
        rules.push_back(*std::move(rule));
      } else {
        Trouble("measure rule", rule.status());
      }
    }
    auto made = MeasureRules::Make(std::move(rules));
    if (made.ok()) {
      plan_.measure_rules = *std::move(made);
    } else {
      Trouble("measure rules", made.status());
    }
  }

  // One that cannot be must not take the others with it.
  static absl::StatusOr<MeasureRule> Alone(MeasureRule rule) {
    BL_RETURN_IF_ERROR(MeasureRules::Make({rule}).status());
    return rule;
  }

  const v1::DevicesSet& set_;
  DevicePlan plan_;
  std::map<std::string, std::string> owner_;  // till, by scanner or display
};

}  // namespace

const v1::TillDevices& DevicePlan::Of(absl::string_view till) const {
  const auto it = tills.find(std::string(till));
  return it == tills.end() ? v1::TillDevices::default_instance() : it->second;
}

DevicePlan MakeDevicePlan(const v1::DevicesSet& devices) {
  return Planner(devices).Make();
}

absl::Status CheckDevices(const v1::DevicesSet& devices) {
  const DevicePlan plan = MakeDevicePlan(devices);
  if (plan.troubles.empty()) return absl::OkStatus();
  return absl::InvalidArgumentError(absl::StrJoin(plan.troubles, "\n"));
}

absl::string_view ToText(v1::DeviceKind kind) {
  switch (kind) {
    case v1::DEVICE_KIND_PRINTER:
      return "printer";
    case v1::DEVICE_KIND_DRAWER:
      return "drawer";
    case v1::DEVICE_KIND_SCANNER:
      return "scanner";
    case v1::DEVICE_KIND_SCALE:
      return "scale";
    case v1::DEVICE_KIND_DISPLAY:
      return "display";
    case v1::DEVICE_KIND_TERMINAL:
      return "terminal";
    case v1::DEVICE_KIND_WALLET:
      return "wallet";
    default:
      return "device";
  }
}

absl::StatusOr<MeasureRule> ParseMeasureRule(absl::string_view text) {
  const std::vector<std::string> words =
      absl::StrSplit(text, ' ', absl::SkipEmpty());
  MeasureRule rule;
  const bool is_whole = words.size() == 3 &&
                        absl::SimpleAtoi(words[2], &rule.decimals) &&
                        rule.decimals >= 0 && rule.decimals <= 4;
  if (is_whole) {
    rule.pattern = words[0];
    for (const auto& [word, kind] :
         {std::pair("weight", MeasureKind::kWeight),
          std::pair("price", MeasureKind::kPrice),
          std::pair("reduced", MeasureKind::kReduced),
          std::pair("pieces", MeasureKind::kPieces)}) {
      rule.kind = kind;
      if (words[1] == word) return rule;
    }
  }
  return absl::InvalidArgumentError(
      absl::StrCat("'", text.substr(0, 64),
                   "', want a pattern, then weight, price or pieces, then 0 to "
                   "4 decimals, like '21iiiiivvvvvc weight 3'"));
}

}  // namespace branchline

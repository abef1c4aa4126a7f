#include <unistd.h>

#include <filesystem>
#include <map>
#include <memory>
#include <ostream>
#include <string>
#include <system_error>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/synchronization/notification.h"
#include "branchline/v1/edge_admin.grpc.pb.h"
#include "edge/devices/device_plan.h"
#include "edge/devices/devices_file.h"
#include "edge/devices/port_list.h"
#include "edge/devices/try_device.h"
#include "sync/base/status_macros.h"
#include "tools/cli/commands.h"
#include "tools/cli/edge_channel.h"
#include "tools/cli/hub_channel.h"
#include "tools/cli/rpc.h"
#include "tools/cli/scratch_dir.h"

namespace branchline::cli {
namespace {

constexpr absl::Duration kWatchEvery = absl::Milliseconds(300);

struct DeviceOptions {
  std::string data;
  std::string hub_data;
  std::string branch;
  std::string file;
  std::string device;
  std::string address;
  std::string kind;
  std::string model;
  std::string user;
  std::string dir;
  int seconds = 20;
  Format format = Format::kTable;
};

Value YesNo(bool yes) { return Value::YesNo(yes); }

absl::Status ListDevices(const DeviceOptions& options, Run& run) {
  BL_ASSIGN_OR_RETURN(const auto edge, ConnectToEdge(options.data));
  BL_ASSIGN_OR_RETURN(
      const v1::EdgeStatus status,
      Call(*edge, &v1::EdgeAdmin::Stub::GetStatus, v1::GetStatusRequest()));
  Table table({{"device", "device", Kind::kText, /*whole=*/true},
               {"kind", "kind"},
               {"tills", "tills"},
               {"ready", "ready", Kind::kYesNo},
               {"waiting_jobs", "waiting", Kind::kCount},
               {"failed_jobs", "failed", Kind::kCount},
               {"says", "says"},
               {"last_said", "last said"},
               {"address", "address"}});
  for (const v1::DeviceState& state : status.devices()) {
    table.Add({state.name(), std::string(ToText(state.kind())),
               absl::StrJoin(state.tills(), ","), YesNo(state.ready()),
               Value::Count(uint64_t{state.waiting_jobs()}),
               Value::Count(uint64_t{state.failed_jobs()}), state.says(),
               state.last_said(), state.address()});
  }
  table.Print(options.format,
              "no devices yet: 'branchline devices set' at the hub, or a "
              "devices.json in the data directory",
              run.out);
  if (!status.devices_trouble().empty()) {
    run.err << "the configuration: " << status.devices_trouble() << "\n";
  }
  return absl::OkStatus();
}

absl::Status Probe(const DeviceOptions& options, Run& run) {
  Table table({{"address", "address", Kind::kText, /*whole=*/true},
               {"node", "now"},
               {"description", "what it calls itself"}});
  for (const PortInfo& port :
       ListPorts(options.dir.empty() ? "/dev" : options.dir)) {
    table.Add({port.address, port.node, port.description});
  }
  table.Print(options.format,
              "no port that a device could be at; a network printer is found "
              "by its own test page (hold its feed button while it is switched "
              "on)",
              run.out);
  return absl::OkStatus();
}

absl::StatusOr<v1::DeviceKind> KindOf(const std::string& text) {
  for (const auto kind : {v1::DEVICE_KIND_PRINTER, v1::DEVICE_KIND_SCANNER,
                          v1::DEVICE_KIND_SCALE, v1::DEVICE_KIND_DISPLAY}) {
    if (ToText(kind) == text) return kind;
  }
  return absl::InvalidArgumentError(absl::StrCat(
      "--kind is '", text, "', want printer, scanner, scale or display"));
}

absl::Status TestDevice(const DeviceOptions& options, Run& run) {
  v1::TestDeviceResponse response;
  if (!options.address.empty()) {
    v1::Device device;
    device.set_name("test");
    BL_ASSIGN_OR_RETURN(const v1::DeviceKind kind, KindOf(options.kind));
    device.set_kind(kind);
    device.set_address(options.address);
    device.set_model(options.model);
    const ScratchDir scratch;
    if (scratch.path().empty()) {
      return absl::FailedPreconditionError(
          "no folder can be made for temporary files: set TMPDIR");
    }
    run.err << "opening " << options.address << " ...\n";
    BL_RETURN_IF_ERROR(TryDevice(device, scratch.path(),
                                 absl::Seconds(options.seconds), &response));
  } else if (options.device.empty() || options.data.empty()) {
    return absl::InvalidArgumentError(
        "name a configured DEVICE and its --data, or an --address with --kind "
        "and --model");
  } else {
    BL_ASSIGN_OR_RETURN(const auto edge, ConnectToEdge(options.data));
    v1::TestDeviceRequest request;
    request.set_device(options.device);
    request.set_user(options.user);
    request.set_wait_ms(static_cast<uint32_t>(options.seconds) * 1'000);
    BL_ASSIGN_OR_RETURN(response,
                        Call(*edge, &v1::EdgeAdmin::Stub::TestDevice, request));
  }
  for (const std::string& line : response.lines()) run.out << line << "\n";
  if (response.passed()) {
    run.out << "passed\n";
    return absl::OkStatus();
  }
  return absl::FailedPreconditionError(
      "not passed; docs/DEVICES.md says what to do about what it said");
}

absl::Status Watch(const DeviceOptions& options, Run& run) {
  BL_ASSIGN_OR_RETURN(const auto edge, ConnectToEdge(options.data));
  const absl::Duration until =
      run.clock.MonotonicNow() + absl::Seconds(options.seconds);
  std::map<std::string, std::string> shown;
  absl::Notification never;
  do {
    BL_ASSIGN_OR_RETURN(
        const v1::EdgeStatus status,
        Call(*edge, &v1::EdgeAdmin::Stub::GetStatus, v1::GetStatusRequest()));
    for (const v1::DeviceState& state : status.devices()) {
      std::string line = absl::StrCat(state.name(), ": ", state.says());
      if (state.waiting_jobs() > 0) {
        absl::StrAppend(&line, ", ", state.waiting_jobs(), " slips wait");
      }
      if (!state.last_said().empty()) {
        absl::StrAppend(&line, "; said: ", state.last_said());
      }
      // Two equal scans are two.
      const std::string key = absl::StrCat(line, "#", state.last_said_number());
      if (shown[state.name()] == key) continue;
      shown[state.name()] = key;
      run.out << absl::FormatTime("%H:%M:%S", run.clock.WallNow(),
                                  absl::LocalTimeZone())
              << "  " << line << std::endl;
    }
    never.WaitForNotificationWithTimeout(kWatchEvery);
  } while (run.clock.MonotonicNow() < until);
  return absl::OkStatus();
}

absl::Status SetDevices(const DeviceOptions& options, Run& run) {
  v1::SetDevicesRequest request;
  BL_ASSIGN_OR_RETURN(*request.mutable_devices(),
                      ReadDevicesFile(options.file));
  request.mutable_devices()->set_branch(options.branch);
  BL_RETURN_IF_ERROR(
      Annotate(CheckDevices(request.devices()), "nothing was set"));
  BL_ASSIGN_OR_RETURN(
      HubChannel hub,
      HubChannel::Open(options.hub_data, HubChannel::Access::kChange));
  BL_ASSIGN_OR_RETURN(const v1::SetDevicesResponse response,
                      Call(hub.chain(), &v1::Chain::Stub::SetDevices, request));
  if (!response.changed()) {
    run.out << "nothing new: branch " << options.branch
            << " has these devices already\n";
    return absl::OkStatus();
  }
  run.out << "branch " << options.branch << ": "
          << request.devices().devices_size() << " devices at "
          << request.devices().tills_size()
          << " tills; it follows as soon as it is on line\n";
  return absl::OkStatus();
}

absl::Status GetDevices(const DeviceOptions& options, Run& run) {
  v1::GetDevicesRequest request;
  request.set_branch(options.branch);
  BL_ASSIGN_OR_RETURN(
      HubChannel hub,
      HubChannel::Open(options.hub_data, HubChannel::Access::kRead));
  BL_ASSIGN_OR_RETURN(const v1::DevicesSet devices,
                      Call(hub.chain(), &v1::Chain::Stub::GetDevices, request));
  run.out << DevicesAsJson(devices);
  return absl::OkStatus();
}

void AddSeconds(CLI::App* command, int* seconds, const char* what) {
  command->add_option("--seconds", *seconds, what)
      ->capture_default_str()
      ->check(CLI::Range(1, 3'600))
      ->type_name("N");
}

void AddBoxCommands(CLI::App& group, const std::vector<ExitCode>& exits,
                    Run& run) {
  auto o = std::make_shared<DeviceOptions>();
  CLI::App* command = AddCommand(
      group,
      {"list",
       "The devices of this box: whose they are, whether they are ready, what "
       "they say, how many slips wait.",
       "  branchline devices list --data /var/lib/branchline\n"
       "  branchline devices list --format json --data /var/lib/branchline\n"},
      exits, run, [o, &run] { return ListDevices(*o, run); });
  AddData(command, &o->data);
  AddFormat(command, &o->format);

  o = std::make_shared<DeviceOptions>();
  command = AddCommand(
      group,
      {"probe",
       "The ports of this machine at which a device may be, by names that stay "
       "with the socket or the adapter. Looks at names alone: no port is "
       "opened, and nothing is written to one.",
       "  branchline devices probe\n"
       "  branchline devices probe --format json\n"},
      {}, run, [o, &run] { return Probe(*o, run); });
  command->add_option("--dev", o->dir, "Where devices are. Default: /dev")
      ->type_name("DIR");
  AddFormat(command, &o->format);

  o = std::make_shared<DeviceOptions>();
  command = AddCommand(
      group,
      {"test",
       "Tries one device and says what it said: a slip is printed, a drawer "
       "opened (which goes into the journal), a text shown; of a scanner a "
       "scan is awaited, of a scale a weight. A configured device by its name, "
       "through the daemon; or one that is not configured yet, at an address.",
       "  branchline devices test printer-1 --data /var/lib/branchline\n"
       "  branchline devices test --kind scale --model toledo-8217 \\\n"
       "      --address \"serial:/dev/pos/scale0,9600 7E1\"\n"
       "  branchline devices test --kind printer --model epson-80mm \\\n"
       "      --address tcp:192.168.1.50:9100\n"},
      exits, run, [o, &run] { return TestDevice(*o, run); });
  command->add_option("device", o->device, "Of 'branchline devices list'")
      ->type_name("DEVICE");
  command->add_option("--data", o->data, "The branch's data directory")
      ->envname("BRANCHLINE_DATA")
      ->type_name("DIR");
  command
      ->add_option("--address", o->address,
                   "Of a device that is not configured; docs/DEVICES.md")
      ->type_name("ADDRESS");
  command->add_option("--kind", o->kind, "printer, scanner, scale or display")
      ->type_name("KIND");
  command
      ->add_option("--model", o->model,
                   "Profile of a printer, protocol of a scale, code page of a "
                   "display")
      ->type_name("MODEL");
  command->add_option("--user", o->user, "Who stands there; for the journal")
      ->type_name("NAME");
  AddSeconds(command, &o->seconds, "How long to wait for it");

  o = std::make_shared<DeviceOptions>();
  o->seconds = 3'600;
  command = AddCommand(
      group,
      {"watch",
       "Says each change of a device of this box, each scan and each weight, "
       "as it comes.",
       "  branchline devices watch --data /var/lib/branchline\n"},
      exits, run, [o, &run] { return Watch(*o, run); });
  AddData(command, &o->data);
  AddSeconds(command, &o->seconds, "How long");
}

}  // namespace

void AddDeviceCommands(CLI::App& app, Run& run) {
  CLI::App* group =
      AddGroup(app, "devices",
               "Printers, drawers, scanners, scales, displays, terminals");
  const std::vector<ExitCode> exits = {ExitCode::kNotReachable};
  AddBoxCommands(*group, exits, run);

  AddEmulateCommand(*group, run);

  auto o = std::make_shared<DeviceOptions>();
  CLI::App* command = AddCommand(
      *group,
      {"set",
       "Sets all devices of a branch, at the hub: what the file does not have "
       "is gone. The branch follows without a restart. Checked whole before "
       "anything is set.",
       "  branchline devices set S014 --file s014-devices.json --hub-data "
       "hub\n"},
      {ExitCode::kNotReachable, ExitCode::kDamaged, ExitCode::kNoSpace}, run,
      [o, &run] { return SetDevices(*o, run); });
  AddHubData(command, &o->hub_data);
  command->add_option("branch", o->branch, "The branch")
      ->type_name("CODE")
      ->required();
  command->add_option("--file", o->file, "As 'get' prints it; docs/DEVICES.md")
      ->type_name("FILE")
      ->required();

  o = std::make_shared<DeviceOptions>();
  command = AddCommand(
      *group,
      {"get", "The devices that the hub has set for a branch, as JSON.",
       "  branchline devices get S014 --hub-data hub > s014-devices.json\n"},
      {ExitCode::kNotReachable, ExitCode::kDamaged}, run,
      [o, &run] { return GetDevices(*o, run); });
  AddHubData(command, &o->hub_data);
  command->add_option("branch", o->branch, "The branch")
      ->type_name("CODE")
      ->required();
}

}  // namespace branchline::cli

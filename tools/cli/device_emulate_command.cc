#include <filesystem>
#include <fstream>
#include <iostream>
#include <memory>
#include <ostream>
#include <string>
#include <system_error>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "devices/counter/counter_emulator.h"
#include "devices/counter/payment_counter.h"
#include "edge/devices/devices_file.h"
#include "edge/enrol/edge_home.h"
#include "sync/base/status_macros.h"
#include "sync/identity/secret_file.h"
#include "tools/cli/commands.h"
#include "tools/cli/scratch_dir.h"

namespace branchline::cli {
namespace {

struct EmulateOptions {
  std::string data;
  std::string dir;
  std::string profile = "epson-80mm";
  std::string till = "T1";
  std::string currency = "GBP";
};

v1::DevicesSet CounterOf(const CounterEmulator& counter,
                         const PaymentCounter& payments,
                         const EmulateOptions& options) {
  v1::DevicesSet set;
  const auto add = [&](const char* name, v1::DeviceKind kind,
                       const std::string& address, const std::string& model) {
    v1::Device* device = set.add_devices();
    device->set_name(name);
    device->set_kind(kind);
    device->set_address(address);
    device->set_model(model);
    return device;
  };
  add("printer", v1::DEVICE_KIND_PRINTER, counter.printer_address(),
      options.profile);
  v1::Device* drawer = add("drawer", v1::DEVICE_KIND_DRAWER, "", "");
  drawer->set_printer("printer");
  drawer->set_open_level("high");
  add("scanner", v1::DEVICE_KIND_SCANNER, counter.scanner_address(), "");
  add("scale", v1::DEVICE_KIND_SCALE, counter.scale_address(), "toledo-8217");
  add("display", v1::DEVICE_KIND_DISPLAY, counter.display_address(), "");
  add("card", v1::DEVICE_KIND_TERMINAL, payments.terminal_address(), "");
  add("wallet", v1::DEVICE_KIND_WALLET, "", "");
  v1::TillDevices* till = set.add_tills();
  till->set_till(options.till);
  till->set_printer("printer");
  till->set_drawer("drawer");
  till->add_scanners("scanner");
  till->set_scale("scale");
  till->set_display("display");
  till->set_terminal("card");
  till->add_wallets("wallet");
  set.mutable_receipt()->add_footer_lines("Thank you");
  set.mutable_receipt()->set_qr(true);
  return set;
}

absl::StatusOr<std::string> Do(const std::string& line,
                               CounterEmulator& counter,
                               PaymentCounter& payments) {
  const std::vector<std::string> words =
      absl::StrSplit(line, absl::MaxSplits(' ', 1));
  const std::string& what = words[0];
  if (what == "card" || what == "wallet" || what == "paid") {
    return payments.Do(what, words.size() > 1 ? words[1] : "");
  }
  BL_ASSIGN_OR_RETURN(const std::string answer, counter.Do(line));
  return what == "help" ? absl::StrCat(answer, PaymentCounter::Help()) : answer;
}

absl::Status Emulate(const EmulateOptions& options, Run& run) {
  const ScratchDir scratch;
  const std::string dir = options.dir.empty() ? scratch.path() : options.dir;
  std::error_code error;
  std::filesystem::create_directories(dir, error);
  BL_ASSIGN_OR_RETURN(
      const std::unique_ptr<CounterEmulator> counter,
      CounterEmulator::Open({.dir = dir, .printer_profile = options.profile}));
  const std::string payments_dir =
      options.data.empty() ? dir : options.data + "/payments";
  BL_RETURN_IF_ERROR(MakeSecretDir(payments_dir));
  std::string currency = options.currency;
  if (const auto box = EdgeHome(options.data).LoadIdentity();
      !options.data.empty() && box.ok()) {
    currency = box->node.currency();
  }
  BL_ASSIGN_OR_RETURN(const std::unique_ptr<PaymentCounter> payments,
                      PaymentCounter::Open(payments_dir, currency));
  const std::string json =
      DevicesAsJson(CounterOf(*counter, *payments, options));
  std::string file;
  if (options.data.empty()) {
    run.out << json;
  } else {
    file = options.data + "/devices.json";
    if (std::filesystem::exists(file, error)) {
      return absl::FailedPreconditionError(
          absl::StrCat(file, " is there already: move it away first"));
    }
    std::ofstream(file + ".tmp") << json;
    std::filesystem::rename(file + ".tmp", file, error);
    if (error) {
      return absl::FailedPreconditionError(
          absl::StrCat("write ", file, ": ", error.message()));
    }
    run.out << file << " is written; it goes when this ends\n";
  }
  run.out << "till " << options.till
          << " has a counter; 'help' says what it understands, 'quit' ends it"
          << std::endl;
  std::string line;
  while (std::getline(std::cin, line) && line != "quit") {
    const absl::StatusOr<std::string> answer = Do(line, *counter, *payments);
    if (answer.ok()) {
      run.out << *answer << std::flush;
    } else {
      run.err << answer.status().message() << "\n";
    }
  }
  if (!file.empty()) std::filesystem::remove(file, error);
  return absl::OkStatus();
}

}  // namespace

void AddEmulateCommand(CLI::App& group, Run& run) {
  auto o = std::make_shared<EmulateOptions>();
  CLI::App* command = AddCommand(
      group,
      {"emulate",
       "Gives a laptop a whole counter without hardware: printer with drawer, "
       "scanner, scale, display, card terminal and wallet. Reads what happens "
       "at the counter from "
       "standard input, a command a line. Prints the configuration, or puts it "
       "into a box's data directory while it runs.",
       "  branchline devices emulate --data s014\n"
       "  echo 'scan 4006381333931' | branchline devices emulate\n"},
      {}, run, [o, &run] { return Emulate(*o, run); });
  command
      ->add_option("--data", o->data,
                   "A box's data directory: its devices.json is written, and "
                   "removed at the end")
      ->type_name("DIR");
  command
      ->add_option("--dir", o->dir,
                   "For the emulated ports. Default: a temporary folder")
      ->type_name("DIR");
  command->add_option("--profile", o->profile, "The printer's")
      ->capture_default_str()
      ->type_name("PROFILE");
  command
      ->add_option("--currency", o->currency,
                   "Of the terminal and the wallet, unless the box says")
      ->capture_default_str()
      ->type_name("CODE");
  command->add_option("--till", o->till, "The till that has the counter")
      ->capture_default_str()
      ->type_name("TILL");
}

}  // namespace branchline::cli

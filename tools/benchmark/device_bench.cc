// A counter against emulated devices: how soon a scan is at the till, what a
// receipt costs, what idle devices cost.

#include <sys/resource.h>

#include <filesystem>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/synchronization/notification.h"
#include "devices/counter/counter_emulator.h"
#include "edge/devices/device_manager.h"
#include "edge/receipt/lay_out_receipt.h"
#include "sync/base/random.h"
#include "sync/base/status_macros.h"
#include "sync/journal/rocks_store.h"
#include "tools/benchmark/benches.h"

namespace branchline::bench {
namespace {

constexpr int kLines = 60;
constexpr int64_t kScanMicrosMax = 2'000;
constexpr int64_t kEncodeMicrosMax = 1'000;
constexpr int64_t kIdlePerMilleMax = 10;  // of a core

ReceiptModel LongReceipt(const std::string& name) {
  ReceiptModel receipt;
  receipt.head = {"Corner Shops Ltd"};
  receipt.receipt_no = "S014-T1-1-000001";
  for (int i = 0; i < kLines; ++i) {
    receipt.lines.push_back({absl::StrCat(name, " ", i), "", "12.34", "A", {}});
  }
  receipt.total = {"TOTAL", "740.40"};
  return receipt;
}

absl::Status BenchEncode(int rounds, Results* results) {
  BL_ASSIGN_OR_RETURN(const auto fonts, OpenFonts(DefaultFontFiles()));
  const struct {
    const char* what;
    const char* profile;
    const char* name;
  } cases[] = {
      {"receipt of 60 lines, plain", "epson-80mm", "Tea, Earl Grey"},
      {"receipt of 60 Chinese lines, printer has them", "china-80mm",
       "龙井绿茶"},
      {"receipt of 60 Chinese lines, drawn", "epson-80mm", "龙井绿茶"},
  };
  for (const auto& [what, profile, name] : cases) {
    BL_ASSIGN_OR_RETURN(const PrinterProfile printer, FindProfile(profile));
    BL_ASSIGN_OR_RETURN(ReceiptEncoder encoder,
                        ReceiptEncoder::Make(printer, fonts.get()));
    const ReceiptModel receipt = LongReceipt(name);
    Latencies took;
    for (int i = 0; i <= rounds; ++i) {
      const absl::Duration start = SystemClock().MonotonicNow();
      const ReceiptDocument document = LayOutReceipt(receipt, printer.columns);
      BL_RETURN_IF_ERROR(encoder.Encode(document).status());
      // The first one draws each character, which is kept.
      if (i > 0) took.Add(SystemClock().MonotonicNow() - start);
    }
    results->AtMost(absl::StrCat(what, ", median"), took.Percentile(500), "us",
                    kEncodeMicrosMax);
  }
  return absl::OkStatus();
}

v1::DevicesSet Counter(const CounterEmulator& counter) {
  v1::DevicesSet set;
  const auto add = [&](const char* name, v1::DeviceKind kind,
                       const std::string& address, const char* model) {
    v1::Device* device = set.add_devices();
    device->set_name(name);
    device->set_kind(kind);
    device->set_address(address);
    device->set_model(model);
  };
  add("printer", v1::DEVICE_KIND_PRINTER, counter.printer_address(),
      "epson-80mm");
  add("scanner", v1::DEVICE_KIND_SCANNER, counter.scanner_address(), "");
  add("scale", v1::DEVICE_KIND_SCALE, counter.scale_address(), "toledo-8217");
  add("display", v1::DEVICE_KIND_DISPLAY, counter.display_address(), "");
  v1::TillDevices* till = set.add_tills();
  till->set_till("T1");
  till->set_printer("printer");
  till->add_scanners("scanner");
  till->set_scale("scale");
  till->set_display("display");
  return set;
}

// From the wire to the till's hands: the port, the framing, what is in the
// code, the thread that waits for it.
absl::Status BenchScans(int scans, DeviceManager& manager,
                        CounterEmulator& counter, Results* results) {
  Latencies took;
  uint64_t after = manager.scans().last();
  for (int i = 0; i < scans; ++i) {
    absl::Duration got;
    absl::Notification waits;
    std::thread till([&] {
      waits.Notify();
      const auto read = manager.scans().Wait("T1", after, absl::Seconds(5));
      got = SystemClock().MonotonicNow();
      if (!read.empty()) after = read.back().number();
    });
    waits.WaitForNotification();
    const absl::Duration sent = SystemClock().MonotonicNow();
    counter.scanner().Send("]E04006381333931\r");
    till.join();
    took.Add(got - sent);
  }
  results->AtMost("scan to till, median", took.Percentile(500), "us",
                  kScanMicrosMax);
  results->Tell("scan to till, 99th percentile", took.Percentile(990), "us");
  return absl::OkStatus();
}

// Of this process, both ends of the wires: more than the devices' own threads.
absl::Duration ProcessorTime() {
  rusage usage = {};
  getrusage(RUSAGE_SELF, &usage);
  return absl::DurationFromTimeval(usage.ru_utime) +
         absl::DurationFromTimeval(usage.ru_stime);
}

// What the process takes while nothing happens.
int64_t IdlePerMille(absl::Duration span) {
  absl::Notification never;
  const absl::Duration before = ProcessorTime();
  never.WaitForNotificationWithTimeout(span);
  return absl::ToInt64Microseconds(ProcessorTime() - before) * 1'000 /
         absl::ToInt64Microseconds(span);
}

}  // namespace

absl::Status BenchDevices(const BenchOptions& options, Results* results) {
  BL_RETURN_IF_ERROR(BenchEncode(options.quick ? 20 : 200, results));
  RocksStoreOptions store_options;
  store_options.dir = options.dir + "/ledger";
  BL_ASSIGN_OR_RETURN(const auto store, OpenRocksStore(store_options));
  const LaggingBooks books(store.get());
  const ReceiptSource receipts(store.get(), &books, "S014", "High Street",
                               absl::UTCTimeZone());
  std::filesystem::create_directory(options.dir + "/ports");
  BL_ASSIGN_OR_RETURN(const auto counter,
                      CounterEmulator::Open({.dir = options.dir + "/ports"}));
  const absl::Duration idle = absl::Seconds(options.quick ? 2 : 20);
  const int64_t emulators = IdlePerMille(idle);
  results->Tell("the emulators alone", emulators, "per mille of a core");
  DeviceManager::Options at_work;
  at_work.dir = options.dir + "/queues";
  at_work.receipts = &receipts;
  at_work.clock = &SystemClock();
  at_work.random = &SystemRandom();
  DeviceManager manager(at_work);
  manager.Apply(Counter(*counter));
  absl::Notification never;
  for (int i = 0; i < 100; ++i) {
    bool ready = true;
    for (const v1::DeviceState& state : manager.States()) {
      ready = ready && state.ready();
    }
    if (ready) break;
    never.WaitForNotificationWithTimeout(absl::Milliseconds(50));
  }
  if (!manager.Troubles().empty()) {
    return absl::FailedPreconditionError(manager.Troubles());
  }
  results->AtMost("an idle counter, its emulators taken off",
                  IdlePerMille(idle) - emulators, "per mille of a core",
                  kIdlePerMilleMax);
  return BenchScans(options.quick ? 50 : 500, manager, *counter, results);
}

}  // namespace branchline::bench

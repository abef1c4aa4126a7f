// Whatever a terminal says, in whatever order: a payment is done only after a
// Status-Information with result 0 was written to disk, that one is
// acknowledged only afterwards, and an attempt only goes forward.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>

#include "absl/strings/string_view.h"
#include "devices/payment/payment_desk.h"
#include "devices/terminal/zvt_machine.h"
#include "sync/base/check.h"

namespace {

using branchline::PaymentAttempt;
using branchline::PaymentState;
using branchline::ZvtMachine;

PaymentAttempt Attempt() {
  PaymentAttempt attempt;
  attempt.id = "p";
  attempt.sale_id = "s";
  attempt.device = "d";
  attempt.amount_minor = 1'000;
  attempt.currency = "EUR";
  attempt.started_at = absl::FromUnixSeconds(1'700'000'000);
  return attempt;
}

// Does what the machine says until it has nothing to do.
void Drain(ZvtMachine* machine, std::map<std::string, PaymentAttempt>* disk,
           bool disk_full, absl::Duration now) {
  for (int i = 0; i < 100; ++i) {
    const ZvtMachine::Action action = machine->Poll(now);
    switch (action.kind) {
      case ZvtMachine::ActionKind::kNone:
        return;
      case ZvtMachine::ActionKind::kSave: {
        if (disk_full) {
          disk_full = false;
          machine->OnSaved(absl::ResourceExhaustedError("full"));
          break;
        }
        PaymentAttempt& stands = (*disk)[action.attempt.id];
        if (!stands.id.empty()) {
          BL_CHECK(branchline::Follows(stands, action.attempt),
                   "an attempt goes forward only");
          BL_CHECK(action.attempt.state != PaymentState::kDone ||
                       stands.state != PaymentState::kStarted ||
                       action.attempt.receipt.has_value(),
                   "done by a receipt only");
        }
        stands = action.attempt;
        machine->OnSaved(absl::OkStatus());
        break;
      }
      case ZvtMachine::ActionKind::kSend:
        machine->OnSent(now);
        break;
      case ZvtMachine::ActionKind::kDrop:
        machine->OnLinkDown();
        return;
    }
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  branchline::TerminalSettings settings;
  settings.time_zone = absl::UTCTimeZone();
  ZvtMachine machine(settings, {});
  std::map<std::string, PaymentAttempt> disk;
  absl::Duration now;
  bool begun = false;
  for (size_t i = 0; i < size; ++i) {
    const uint8_t what = data[i];
    now += absl::Milliseconds(10);
    if (machine.phase() == ZvtMachine::Phase::kDown) machine.OnLinkUp(now);
    Drain(&machine, &disk, (what & 0x40) != 0, now);
    if (machine.phase() == ZvtMachine::Phase::kDown) continue;
    PaymentAttempt attempt = Attempt();
    if (!begun && machine.Prepare(&attempt).ok()) {
      begun = true;
      disk[attempt.id] = attempt;
      machine.Start(attempt);
      Drain(&machine, &disk, false, now);
    }
    // A message of up to sixteen bytes of the input, or a passing of time.
    if (what == 0) {
      now += absl::Seconds(data[i] + 200);
      continue;
    }
    const size_t count = std::min<size_t>(what & 0x0F, size - i - 1);
    machine.OnBytes(
        absl::string_view(reinterpret_cast<const char*>(data + i + 1), count),
        now);
    i += count;
    Drain(&machine, &disk, false, now);
  }
  return 0;
}

#pragma once

#include <functional>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "devices/payment/payment_attempt.h"

namespace branchline {

// A process that can be killed; what it had not saved is gone.
struct Process {
  bool dead = false;
};

// Attempts that outlive a killed process. A save can be its last act.
class MemoryPaymentStore final : public PaymentStore {
 public:
  absl::Status Save(const PaymentAttempt& attempt) override {
    if (process != nullptr && process->dead) {
      return absl::DataLossError("killed");
    }
    if (!next_save.ok()) return std::exchange(next_save, absl::OkStatus());
    ++saves;
    if (saves == die_before_save) {
      process->dead = true;
      return absl::DataLossError("killed");
    }
    if (behind) {
      if (absl::Status kept = behind(attempt); !kept.ok()) return kept;
    }
    attempts[attempt.id] = attempt;
    if (saves == die_after_save) {
      process->dead = true;
      return absl::DataLossError("killed");
    }
    return absl::OkStatus();
  }

  std::vector<PaymentAttempt> Load() const {
    std::vector<PaymentAttempt> all;
    for (const auto& [id, attempt] : attempts) all.push_back(attempt);
    return all;
  }

  // Keeps it too, as a ledger would; what that refuses is not saved.
  std::function<absl::Status(const PaymentAttempt&)> behind;
  std::map<std::string, PaymentAttempt> attempts;
  Process* process = nullptr;
  absl::Status next_save;
  int saves = 0;
  int die_before_save = 0;  // counted from 1
  int die_after_save = 0;
};

}  // namespace branchline

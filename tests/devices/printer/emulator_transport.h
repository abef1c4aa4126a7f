#pragma once

#include <algorithm>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "devices/printer/emulator/printer_emulator.h"
#include "devices/printer/print_job.h"
#include "devices/transport/transport.h"

namespace branchline {

// A wire to an emulated printer without threads or time, and a process that can
// die in the middle of a write.
struct PrinterWorld {
  PrinterEmulator* printer = nullptr;
  bool wire_cut = false;
  // Bytes that the process still sends before it is killed.
  std::optional<size_t> bytes_to_live;
  bool dead = false;
  size_t bytes_sent = 0;
};

class EmulatorTransport final : public Transport {
 public:
  explicit EmulatorTransport(PrinterWorld* world) : world_(world) {}

  absl::Status Open() override {
    if (!Reachable()) return absl::UnavailableError("no answer");
    open_ = true;
    return absl::OkStatus();
  }
  absl::StatusOr<size_t> Read(char* buffer, size_t size,
                              absl::Duration) override {
    if (!Reachable()) return absl::UnavailableError("wire cut");
    if (replies_.empty()) replies_ = world_->printer->TakeReplies();
    const size_t count = replies_.copy(buffer, size);
    replies_.erase(0, count);
    return count;
  }
  using Transport::Write;
  absl::Status Write(absl::string_view bytes, absl::Duration,
                     size_t* written) override {
    if (!Reachable()) return absl::UnavailableError("wire cut");
    size_t count = bytes.size();
    if (world_->bytes_to_live.has_value()) {
      count = std::min(count, *world_->bytes_to_live);
      *world_->bytes_to_live -= count;
      world_->dead = *world_->bytes_to_live == 0;
    }
    const size_t taken = world_->printer->Accept(bytes.substr(0, count));
    world_->bytes_sent += taken;
    if (written != nullptr) *written = taken;
    if (world_->dead) return absl::UnavailableError("killed");
    if (taken < bytes.size()) return absl::DeadlineExceededError("it is full");
    return absl::OkStatus();
  }
  void Close() override { open_ = false; }
  bool IsOpen() const override { return open_; }
  std::string name() const override { return "emulated"; }

 private:
  bool Reachable() const {
    return !world_->wire_cut && !world_->dead && world_->printer->is_on();
  }

  PrinterWorld* const world_;
  bool open_ = false;
  std::string replies_;
};

// Jobs that outlive a killed process. A save can be the process's last act.
class MemoryPrintJobStore final : public PrintJobStore {
 public:
  explicit MemoryPrintJobStore(PrinterWorld* world) : world_(world) {}

  absl::StatusOr<std::vector<PrintJob>> Load() override {
    std::vector<PrintJob> jobs;
    for (const auto& [number, job] : jobs_) jobs.push_back(job);
    return jobs;
  }
  absl::Status Save(const PrintJob& job) override {
    if (world_->dead) return absl::DataLossError("killed");
    if (!next_save.ok()) return next_save;
    ++saves_;
    if (saves_ == die_before_save) {
      world_->dead = true;
      return absl::DataLossError("killed");
    }
    jobs_[job.number] = job;
    if (saves_ == die_after_save) {
      world_->dead = true;
      return absl::DataLossError("killed");
    }
    return absl::OkStatus();
  }
  absl::Status Remove(uint64_t number) override {
    jobs_.erase(number);
    return absl::OkStatus();
  }

  int die_before_save = 0;  // counted from 1
  int die_after_save = 0;
  absl::Status next_save;

 private:
  PrinterWorld* world_;
  std::map<uint64_t, PrintJob> jobs_;
  int saves_ = 0;
};

}  // namespace branchline

#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "tools/drill/process.h"
#include "tools/drill/spawner.h"

namespace branchline::drill {

// A hub or an edge as a process that is killed and started again. Not
// thread-safe.
class Daemon {
 public:
  // `ports` are the names of those that its ready line gives. `spawner`
  // outlives it.
  Daemon(ProcessOptions options, std::vector<std::string> ports,
         Spawner* spawner)
      : options_(std::move(options)),
        port_names_(std::move(ports)),
        spawner_(*spawner) {}

  // Starts it without waiting for it.
  absl::Status Launch();
  // Waits until it says that it is ready, and reads its ports.
  //   FAILED_PRECONDITION  it ended, or one of the ports is missing
  //   DEADLINE_EXCEEDED    it took too long
  absl::Status AwaitReady();
  // Both.
  absl::Status Start();

  void Kill();  // -9
  // Asks it to end in order.
  //   FAILED_PRECONDITION  it ended otherwise
  absl::Status Stop();

  // OK while it runs; otherwise how it ended.
  absl::Status Check();

  // "sync" of "ready: sync 127.0.0.1:4711, enrol ...". It was ready once.
  uint16_t port(absl::string_view name) const;
  const std::string& log_path() const { return options_.log_path; }

 private:
  const ProcessOptions options_;
  const std::vector<std::string> port_names_;
  Spawner& spawner_;
  std::unique_ptr<Process> process_;
  std::string ready_line_;
};

// The port behind `name` in a ready line; 0 if there is none.
uint16_t PortIn(absl::string_view ready_line, absl::string_view name);

}  // namespace branchline::drill

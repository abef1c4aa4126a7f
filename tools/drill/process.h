#pragma once

#include <sys/types.h>

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "sync/base/clock.h"

namespace branchline::drill {

struct ProcessOptions {
  // argv[0] is the program; without a slash it is looked up in PATH.
  std::vector<std::string> argv;
  // Gets stdout and stderr, appended: a restarted program goes on in it.
  std::string log_path;
  // On top of our own environment.
  std::map<std::string, std::string> environment = {};
};

// A child process. It is killed when the object goes away, and by the kernel
// when the thread that started it ends, even by kill -9: so start children from
// a thread that outlives them, the main thread. It inherits no descriptor but
// the log, and reads nothing from stdin. Not thread-safe.
class Process {
 public:
  static constexpr size_t kReadyLineSizeMax = 65'536;  // bytes

  // How it ended.
  struct Exit {
    bool signalled = false;
    int code = 0;  // exit status, or the signal's number
  };

  //   NOT_FOUND    the program cannot be run, or the log cannot be opened
  //   UNAVAILABLE  no more processes or descriptors
  static absl::StatusOr<std::unique_ptr<Process>> Start(
      const ProcessOptions& options, const Clock* clock);

  ~Process();
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;

  pid_t pid() const { return pid_; }

  // False once it has ended; the zombie is gone then.
  bool Running();
  // Good once Running() is false.
  const Exit& exit() const { return exit_; }

  // Waits for a line in the log, of this start and whole, that holds `text`,
  // and gives it. Each call goes on behind the line that the last one gave.
  //   FAILED_PRECONDITION  it ended without such a line; how, and its last
  //                        lines, are in the message
  //   DEADLINE_EXCEEDED    it did not say so in time; its last lines are in the
  //                        message
  absl::StatusOr<std::string> WaitForLine(absl::string_view text,
                                          absl::Duration timeout);

  // kill -9, and waits until it is gone. Does nothing if it has ended.
  void Kill();

  // SIGTERM, and waits until it has ended.
  //   DEADLINE_EXCEEDED  still running after `timeout`: it was killed
  absl::StatusOr<Exit> Terminate(absl::Duration timeout);

 private:
  Process(const ProcessOptions& options, const Clock* clock)
      : options_(options), clock_(clock) {}
  absl::Status Spawn();
  // Waits up to `timeout` for its end.
  void AwaitEnd(absl::Duration timeout);
  // What the log has beyond `read_to_`.
  std::string ReadLog(int64_t from) const;
  std::string LastLines() const;

  const ProcessOptions options_;
  const Clock* const clock_;
  pid_t pid_ = -1;
  int pid_fd_ = -1;
  bool running_ = false;
  Exit exit_;
  int64_t log_start_ = 0;  // size of the log before this start
  int64_t read_to_ = 0;
};

// "exit status 3", "killed by signal 9".
std::string Describe(const Process::Exit& exit);

}  // namespace branchline::drill

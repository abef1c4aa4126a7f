#include "tools/drill/process.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "sync/base/check.h"
#include "sync/base/status_macros.h"
#include "tools/drill/fd.h"

namespace branchline::drill {
namespace {

// How often a log that is waited for is looked at.
constexpr absl::Duration kLogInterval = absl::Milliseconds(5);
constexpr size_t kLastLineCount = 5;
constexpr int kLogTailSize = 4'096;  // bytes

absl::Status Failure(absl::string_view doing, int error) {
  const std::string message = absl::StrCat(doing, ": ", std::strerror(error));
  if (error == EAGAIN || error == EMFILE || error == ENFILE ||
      error == ENOMEM) {
    return absl::UnavailableError(message);
  }
  return absl::NotFoundError(message);
}

// What the child needs, made before the fork: behind it nothing may allocate.
struct ChildPlan {
  std::vector<std::string> environment;
  std::vector<char*> argv;
  std::vector<char*> envp;
};

ChildPlan PlanOf(const ProcessOptions& options) {
  ChildPlan plan;
  for (const std::string& argument : options.argv) {
    plan.argv.push_back(const_cast<char*>(argument.c_str()));
  }
  plan.argv.push_back(nullptr);
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::pair<std::string, std::string> parts =
        absl::StrSplit(*entry, absl::MaxSplits('=', 1));
    if (options.environment.count(parts.first) == 0) {
      plan.environment.push_back(*entry);
    }
  }
  for (const auto& [name, value] : options.environment) {
    plan.environment.push_back(absl::StrCat(name, "=", value));
  }
  for (std::string& entry : plan.environment) {
    plan.envp.push_back(entry.data());
  }
  plan.envp.push_back(nullptr);
  return plan;
}

// In the child. Async-signal-safe calls only, as other threads held locks.
// Reports why it could not become the program through `error_fd`.
[[noreturn]] void Become(const ChildPlan& plan, int log_fd, int null_fd,
                         int error_fd, pid_t parent) {
  int error = 0;
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, nullptr);
  signal(SIGPIPE, SIG_DFL);
  if (prctl(PR_SET_PDEATHSIG, SIGKILL) != 0) error = errno;
  if (getppid() != parent) _exit(127);  // It died before prctl().
  if (dup2(null_fd, STDIN_FILENO) < 0) error = errno;
  if (dup2(log_fd, STDOUT_FILENO) < 0) error = errno;
  if (dup2(log_fd, STDERR_FILENO) < 0) error = errno;
  // error_fd is 3 or above and closes on exec like the rest.
  syscall(SYS_close_range, 3u, ~0u, 4u /* CLOSE_RANGE_CLOEXEC */);
  if (error == 0) {
    execvpe(plan.argv[0], plan.argv.data(), plan.envp.data());
    error = errno;
  }
  [[maybe_unused]] const ssize_t sent = write(error_fd, &error, sizeof(error));
  _exit(127);
}

}  // namespace

absl::StatusOr<std::unique_ptr<Process>> Process::Start(
    const ProcessOptions& options, const Clock* clock) {
  BL_CHECK(!options.argv.empty(), "a process without a program");
  std::unique_ptr<Process> process(new Process(options, clock));
  BL_RETURN_IF_ERROR(process->Spawn());
  return process;
}

absl::Status Process::Spawn() {
  const std::string& program = options_.argv[0];
  const Fd log(open(options_.log_path.c_str(),
                    O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600));
  if (log.get() < 0) {
    return Failure(
        absl::StrCat("open the log ", options_.log_path, " of ", program),
        errno);
  }
  struct stat log_stat = {};
  if (fstat(log.get(), &log_stat) == 0) {
    log_start_ = read_to_ = log_stat.st_size;
  }
  const Fd null(open("/dev/null", O_RDONLY | O_CLOEXEC));
  int ends[2] = {-1, -1};
  if (null.get() < 0 || pipe2(ends, O_CLOEXEC) != 0) {
    return Failure(absl::StrCat("start ", program), errno);
  }
  const Fd error_in(ends[0]);
  const ChildPlan plan = PlanOf(options_);
  const pid_t parent = getpid();
  {
    const Fd error_out(ends[1]);
    pid_ = fork();
    if (pid_ < 0) return Failure(absl::StrCat("start ", program), errno);
    if (pid_ == 0) Become(plan, log.get(), null.get(), ends[1], parent);
  }
  running_ = true;
  pid_fd_ = static_cast<int>(syscall(SYS_pidfd_open, pid_, 0));
  // Ends with no bytes as soon as the program runs.
  int error = 0;
  ssize_t size = 0;
  do {
    size = read(error_in.get(), &error, sizeof(error));
  } while (size < 0 && errno == EINTR);
  if (size == static_cast<ssize_t>(sizeof(error))) {
    AwaitEnd(absl::InfiniteDuration());
    return Failure(absl::StrCat("run ", program), error);
  }
  if (pid_fd_ < 0) {
    const int why = errno;
    Kill();
    return Failure(absl::StrCat("watch ", program), why);
  }
  return absl::OkStatus();
}

Process::~Process() {
  Kill();
  if (pid_fd_ >= 0) close(pid_fd_);
}

bool Process::Running() {
  AwaitEnd(absl::ZeroDuration());
  return running_;
}

void Process::AwaitEnd(absl::Duration timeout) {
  if (!running_) return;
  if (pid_fd_ >= 0 && timeout != absl::InfiniteDuration()) {
    const absl::Duration deadline = clock_->MonotonicNow() + timeout;
    pollfd ended = {.fd = pid_fd_, .events = POLLIN, .revents = 0};
    while (true) {
      const absl::Duration left =
          std::max(deadline - clock_->MonotonicNow(), absl::ZeroDuration());
      const int millis = static_cast<int>(std::min<int64_t>(
          absl::ToInt64Milliseconds(left + absl::Microseconds(999)), 60'000));
      if (poll(&ended, 1, millis) > 0) break;
      if (left == absl::ZeroDuration()) return;
    }
  }
  int status = 0;
  while (waitpid(pid_, &status, 0) < 0) {
    BL_CHECK(errno == EINTR, "somebody else waited for our child");
  }
  running_ = false;
  exit_.signalled = WIFSIGNALED(status);
  exit_.code = exit_.signalled ? WTERMSIG(status) : WEXITSTATUS(status);
}

std::string Process::ReadLog(int64_t from) const {
  std::string text;
  const Fd log(open(options_.log_path.c_str(), O_RDONLY | O_CLOEXEC));
  if (log.get() < 0) return text;
  text.resize(kReadyLineSizeMax);
  const ssize_t size = pread(log.get(), text.data(), text.size(), from);
  text.resize(size > 0 ? static_cast<size_t>(size) : 0);
  return text;
}

std::string Process::LastLines() const {
  struct stat log_stat = {};
  if (stat(options_.log_path.c_str(), &log_stat) != 0) return "no log";
  const int64_t size = log_stat.st_size;
  if (size <= log_start_) return "it wrote nothing";
  std::string text = ReadLog(std::max(log_start_, size - kLogTailSize));
  while (!text.empty() && text.back() == '\n') text.pop_back();
  const std::vector<absl::string_view> lines = absl::StrSplit(text, '\n');
  std::string last;
  for (size_t i = lines.size() - std::min(lines.size(), kLastLineCount);
       i < lines.size(); ++i) {
    absl::StrAppend(&last, last.empty() ? "" : "\n", lines[i]);
  }
  return absl::StrCat("its last lines:\n", last);
}

absl::StatusOr<std::string> Process::WaitForLine(absl::string_view text,
                                                 absl::Duration timeout) {
  const absl::Duration deadline = clock_->MonotonicNow() + timeout;
  while (true) {
    // Before reading: what it wrote before its end is there then.
    const bool running = Running();
    std::string read = ReadLog(read_to_);
    absl::string_view rest = read;
    for (size_t end = rest.find('\n'); end != absl::string_view::npos;
         end = rest.find('\n')) {
      const absl::string_view line = rest.substr(0, end);
      read_to_ += static_cast<int64_t>(end) + 1;
      if (line.find(text) != absl::string_view::npos) return std::string(line);
      rest.remove_prefix(end + 1);
    }
    // A line beyond the limit is passed over in pieces.
    if (rest.size() == kReadyLineSizeMax) {
      read_to_ += static_cast<int64_t>(rest.size());
    }
    if (read.size() == kReadyLineSizeMax) continue;
    if (!running) {
      return absl::FailedPreconditionError(absl::StrCat(
          options_.argv[0], " ended (", Describe(exit_), ") before it said \"",
          text, "\"; ", LastLines(), "\nsee ", options_.log_path));
    }
    if (clock_->MonotonicNow() >= deadline) {
      return absl::DeadlineExceededError(
          absl::StrCat(options_.argv[0], " did not say \"", text, "\" within ",
                       absl::FormatDuration(timeout), "; ", LastLines(),
                       "\nsee ", options_.log_path));
    }
    AwaitEnd(kLogInterval);
  }
}

void Process::Kill() {
  if (!running_) return;
  kill(pid_, SIGKILL);
  AwaitEnd(absl::InfiniteDuration());
}

absl::StatusOr<Process::Exit> Process::Terminate(absl::Duration timeout) {
  if (!Running()) return exit_;
  kill(pid_, SIGTERM);
  AwaitEnd(timeout);
  if (!running_) return exit_;
  Kill();
  return absl::DeadlineExceededError(absl::StrCat(
      options_.argv[0], " did not stop within ", absl::FormatDuration(timeout),
      " after SIGTERM and was killed; ", LastLines(), "\nsee ",
      options_.log_path));
}

std::string Describe(const Process::Exit& exit) {
  return exit.signalled ? absl::StrCat("killed by signal ", exit.code)
                        : absl::StrCat("exit status ", exit.code);
}

}  // namespace branchline::drill

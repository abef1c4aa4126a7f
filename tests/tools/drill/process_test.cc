#include "tools/drill/process.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <fstream>
#include <memory>
#include <sstream>
#include <string>
#include <vector>

#include "tests/tools/drill/temp_dir.h"

namespace branchline::drill {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

constexpr absl::Duration kLong = absl::Seconds(30);  // never waited out

class ProcessTest : public testing::Test {
 protected:
  std::unique_ptr<Process> Shell(const std::string& script) {
    auto process = Process::Start({.argv = {"/bin/sh", "-c", script},
                                   .log_path = dir_.File("log"),
                                   .environment = {{"TILL", "7"}}},
                                  &SystemClock());
    EXPECT_TRUE(process.ok()) << process.status();
    return *std::move(process);
  }
  std::string Log() {
    std::ostringstream text;
    text << std::ifstream(dir_.File("log")).rdbuf();
    return text.str();
  }
  const TempDir dir_;
};

TEST_F(ProcessTest, GivesTheLineThatWasWaitedFor) {
  const auto process = Shell(
      "echo starting; echo serving on 127.0.0.1:4711 >&2; echo synced; cat; "
      "exec sleep 1000");
  EXPECT_EQ(process->WaitForLine("serving", kLong).value(),
            "serving on 127.0.0.1:4711");
  EXPECT_EQ(process->WaitForLine("synced", kLong).value(), "synced");
  EXPECT_TRUE(process->Running());
}

TEST_F(ProcessTest, HandsOverEnvironmentAndNoDescriptor) {
  const auto process =
      Shell("echo till $TILL home ${HOME:+set}; ls /proc/self/fd | wc -l");
  EXPECT_EQ(process->WaitForLine("till", kLong).value(), "till 7 home set");
  // stdin, stdout, stderr, and the directory that ls reads.
  EXPECT_EQ(process->WaitForLine("", kLong).value(), "4");
}

TEST_F(ProcessTest, SaysHowItEndedWithoutTheLine) {
  const auto process = Shell("echo 'cannot open the ledger'; exit 3");
  const auto line = process->WaitForLine("serving", kLong);
  EXPECT_EQ(line.status().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(std::string(line.status().message()),
              AllOf(HasSubstr("/bin/sh ended (exit status 3) before it said "
                              "\"serving\""),
                    HasSubstr("cannot open the ledger"), HasSubstr("/log")));
  EXPECT_EQ(process->exit().code, 3);
}

TEST_F(ProcessTest, SaysThatALineDidNotComeInTime) {
  const auto process = Shell("echo hello; exec sleep 1000");
  ASSERT_TRUE(process->WaitForLine("hello", kLong).ok());
  const auto line = process->WaitForLine("serving", absl::Milliseconds(1));
  EXPECT_EQ(line.status().code(), absl::StatusCode::kDeadlineExceeded);
  EXPECT_THAT(std::string(line.status().message()), HasSubstr("hello"));
}

TEST_F(ProcessTest, PassesOverALineBeyondTheLimit) {
  const auto process = Shell(
      "head -c 200000 /dev/zero | tr '\\0' x; echo; echo serving; "
      "exec sleep 1000");
  EXPECT_EQ(process->WaitForLine("serving", kLong).value(), "serving");
}

TEST_F(ProcessTest, KillLeavesNoZombie) {
  const auto process =
      Shell("trap '' TERM; echo ready; while :; do sleep 1; done");
  ASSERT_TRUE(process->WaitForLine("ready", kLong).ok());
  process->Kill();
  EXPECT_FALSE(process->Running());
  EXPECT_TRUE(process->exit().signalled);
  EXPECT_EQ(process->exit().code, SIGKILL);
  EXPECT_EQ(kill(process->pid(), 0), -1);
  EXPECT_EQ(waitpid(-1, nullptr, WNOHANG), -1);
  process->Kill();  // again: nothing happens
}

TEST_F(ProcessTest, TerminateGivesTheExitStatus) {
  const auto process =
      Shell("trap 'echo bye; exit 5' TERM; echo ready; while :; do :; done");
  ASSERT_TRUE(process->WaitForLine("ready", kLong).ok());
  const auto exit = process->Terminate(kLong);
  ASSERT_TRUE(exit.ok()) << exit.status();
  EXPECT_FALSE(exit->signalled);
  EXPECT_EQ(exit->code, 5);
  EXPECT_EQ(Log(), "ready\nbye\n");
}

TEST_F(ProcessTest, TerminateKillsWhatDoesNotStop) {
  const auto process = Shell("trap '' TERM; echo ready; while :; do :; done");
  ASSERT_TRUE(process->WaitForLine("ready", kLong).ok());
  EXPECT_EQ(process->Terminate(absl::Milliseconds(20)).status().code(),
            absl::StatusCode::kDeadlineExceeded);
  EXPECT_FALSE(process->Running());
}

TEST_F(ProcessTest, ARestartGoesOnInTheLogAndSeesOnlyItsOwnLines) {
  ASSERT_TRUE(Shell("echo serving first")->WaitForLine("serving", kLong).ok());
  const auto again = Shell("echo serving second; exec sleep 1000");
  EXPECT_EQ(again->WaitForLine("serving", kLong).value(), "serving second");
  EXPECT_EQ(Log(), "serving first\nserving second\n");
}

TEST_F(ProcessTest, SaysWhatCannotBeRun) {
  const auto no_program = Process::Start(
      {.argv = {dir_.File("none")}, .log_path = dir_.File("log")},
      &SystemClock());
  EXPECT_EQ(no_program.status().code(), absl::StatusCode::kNotFound);
  EXPECT_THAT(std::string(no_program.status().message()),
              AllOf(HasSubstr("/none"), HasSubstr("No such file")));
  const auto no_log =
      Process::Start({.argv = {"/bin/true"}, .log_path = dir_.File("none/log")},
                     &SystemClock());
  EXPECT_EQ(no_log.status().code(), absl::StatusCode::kNotFound);
  EXPECT_EQ(waitpid(-1, nullptr, WNOHANG), -1);
}

// A parent that is killed -9 takes its children with it.
TEST_F(ProcessTest, ChildrenDieWithTheirParent) {
  int ends[2];
  ASSERT_EQ(pipe(ends), 0);
  const pid_t parent = fork();
  if (parent == 0) {
    auto child =
        Process::Start({.argv = {"/bin/sh", "-c", "echo up; exec sleep 1000"},
                        .log_path = dir_.File("log")},
                       &SystemClock());
    if (!child.ok() || !(*child)->WaitForLine("up", kLong).ok()) _exit(1);
    const pid_t pid = (*child)->pid();
    if (write(ends[1], &pid, sizeof(pid)) != sizeof(pid)) _exit(1);
    while (true) pause();
  }
  pid_t child = -1;
  ASSERT_EQ(read(ends[0], &child, sizeof(child)),
            static_cast<ssize_t>(sizeof(child)));
  const int child_fd = static_cast<int>(syscall(SYS_pidfd_open, child, 0));
  ASSERT_GE(child_fd, 0);
  kill(parent, SIGKILL);
  pollfd ended = {.fd = child_fd, .events = POLLIN, .revents = 0};
  EXPECT_EQ(poll(&ended, 1, 30'000), 1) << "the child outlived its parent";
  waitpid(parent, nullptr, 0);
  close(child_fd);
  close(ends[0]);
  close(ends[1]);
}

}  // namespace
}  // namespace branchline::drill

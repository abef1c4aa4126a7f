// `branchline till` at a terminal: the program as it is installed, in a
// pseudo-terminal, with a person's keys.

#include <poll.h>
#include <pty.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include <regex>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_split.h"
#include "sync/base/clock.h"
#include "tests/tools/cli/till_box_fixture.h"

namespace branchline::cli {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

constexpr unsigned short kColumns = 40;  // NOLINT: as winsize has it
constexpr char kCtrlC[] = "\x03";
constexpr char kCtrlD[] = "\x04";
constexpr char kBackspace[] = "\x7f";
constexpr char kUp[] = "\x1b[A";
constexpr char kPrompt[] = "till> ";

class TillTerminalTest : public TillBoxFixture {
 protected:
  TillTerminalTest() {
    ServeOnPort();
    v1::OpenDayRequest open;
    open.set_date(20261121);
    v1::OpenDayResponse opened;
    BL_CHECK(api_->OpenDay(WithKey(), WithId(open), &opened).ok(), "a day");
    Start();
  }
  ~TillTerminalTest() override {
    if (child_ <= 0) return;
    kill(child_, SIGKILL);
    waitpid(child_, nullptr, 0);
    close(master_);
  }

  void Start() {
    std::vector<std::string> words = {BL_BRANCHLINE, "till"};
    for (const std::string& word : OfBox()) words.push_back(word);
    std::vector<char*> arguments;
    for (std::string& word : words) arguments.push_back(word.data());
    arguments.push_back(nullptr);
    const char* environment[] = {"TERM=xterm", "LC_ALL=C.UTF-8", "NO_COLOR=1",
                                 nullptr};
    winsize size = {};
    size.ws_col = kColumns;
    size.ws_row = 24;
    child_ = forkpty(&master_, nullptr, nullptr, &size);
    BL_CHECK(child_ >= 0, "a pseudo-terminal opens");
    if (child_ == 0) {
      execve(arguments[0], arguments.data(),
             const_cast<char* const*>(environment));
      _exit(127);
    }
    ReadUntil(kPrompt);
  }

  // Once the line is edited: a key before that is the terminal's own, and
  // nobody types so fast behind a prompt.
  void Type(absl::string_view keys) {
    const absl::Time until = SystemClock().WallNow() + absl::Seconds(20);
    termios settings = {};
    do {
      ASSERT_EQ(tcgetattr(master_, &settings), 0);
      poll(nullptr, 0, 1);
    } while ((settings.c_lflag & ICANON) != 0 &&
             SystemClock().WallNow() < until);
    ASSERT_EQ(write(master_, keys.data(), keys.size()),
              static_cast<ssize_t>(keys.size()));
  }
  // What is on the screen since the last call, up to and with `text`.
  std::string ReadUntil(absl::string_view text) {
    const absl::Time until = SystemClock().WallNow() + absl::Seconds(20);
    while (true) {
      const size_t at = seen_.find(std::string(text));
      if (at != std::string::npos) {
        const std::string read = seen_.substr(0, at + text.size());
        seen_.erase(0, at + text.size());
        return read;
      }
      pollfd ready = {master_, POLLIN, 0};
      char bytes[4'096];
      const bool is_ready = poll(&ready, 1, 100) == 1;
      const ssize_t size = is_ready ? read(master_, bytes, sizeof bytes) : 0;
      if (size > 0) seen_.append(bytes, static_cast<size_t>(size));
      if (size < 0 || SystemClock().WallNow() > until) {
        ADD_FAILURE() << "waiting for '" << text << "', read: " << seen_;
        return seen_;
      }
    }
  }
  // The line that is typed, then what it does, up to the next prompt.
  std::string Do(const std::string& line) {
    Type(line + "\r");
    ReadUntil("\r\n");
    return ReadUntil(kPrompt);
  }
  int ExitCode() {
    int status = -1;
    waitpid(child_, &status, 0);
    child_ = 0;
    close(master_);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  }

  pid_t child_ = 0;
  int master_ = -1;
  std::string seen_;
};

TEST_F(TillTerminalTest, CtrlCGivesUpWhatWasTypedAndKeepsTheBasket) {
  EXPECT_THAT(Do("add PEN"), HasSubstr("1 One PEN x1"));
  Type("cancel now");
  ReadUntil("now");
  Type(kCtrlC);
  ReadUntil("^C");
  ReadUntil(kPrompt);
  EXPECT_THAT(Do("basket"), HasSubstr("1 One PEN x1"));
  // With nothing typed it is no end either.
  Type(kCtrlC);
  ReadUntil(kPrompt);
  EXPECT_THAT(Do("pay"), HasSubstr("S014-T1-1-000001"));
}

TEST_F(TillTerminalTest, CtrlDAsksFirstWhereGoodsWouldBeLost) {
  Do("add PEN");
  Type(kCtrlD);
  EXPECT_THAT(ReadUntil(kPrompt), HasSubstr("the basket still holds goods"));
  EXPECT_THAT(Do("basket"), HasSubstr("1 One PEN x1"));
  // Something else was done meanwhile: it asks again.
  Type(kCtrlD);
  EXPECT_THAT(ReadUntil(kPrompt), HasSubstr("the basket still holds goods"));
  Type(kCtrlD);
  EXPECT_EQ(ExitCode(), 0);
}

TEST_F(TillTerminalTest, CtrlDWithNothingInTheBasketIsTheEnd) {
  Type(kCtrlD);
  EXPECT_EQ(ExitCode(), 0);
}

TEST_F(TillTerminalTest, ARefusalIsBrokenAtSpacesAndFitsTheWindow) {
  std::string said = Do("add 4006381333932");
  EXPECT_THAT(said, HasSubstr("check digit"));
  said.resize(said.rfind(kPrompt));
  int lines = 0;
  for (const absl::string_view line : absl::StrSplit(said, "\r\n")) {
    EXPECT_LE(line.size(), kColumns) << line;
    lines += line.empty() ? 0 : 1;
  }
  EXPECT_GE(lines, 2) << said;
  EXPECT_THAT(std::regex_replace(said, std::regex("\r\n"), " "),
              HasSubstr("its check digit is wrong, so it was read or typed "
                        "wrong: scan it again"));
}

// A line that is longer than the window is one line, and can be mended.
TEST_F(TillTerminalTest, ALongLineIsTypedAndMendedAcrossTheEdge) {
  Do("add PEN");
  const std::string note(60, 'n');
  Type("note all " + note + "xyz");
  for (int i = 0; i < 3; ++i) Type(kBackspace);
  Type("!\r");
  const std::string said = ReadUntil("total GBP");
  EXPECT_THAT(said, HasSubstr(note + "!\r\n"));
  EXPECT_THAT(said, Not(HasSubstr(note + "x\r\n")));
}

TEST_F(TillTerminalTest, TabCompletesAndPinsAreInNoHistory) {
  Type("open-s\t");
  ReadUntil("hift");  // it moves the cursor in between
  Type(" 100\r");
  ReadUntil("shift opened");
  ReadUntil(kPrompt);
  Do("sign-on 7 4711");
  Type(kUp);
  ReadUntil("open-shift");
  Type("\r");
  EXPECT_THAT(ReadUntil(kPrompt), HasSubstr("is open already"));
}

}  // namespace
}  // namespace branchline::cli

#include "tools/cli/line_editor.h"

// libedit's header wants the C library's.
#include <editline/readline.h>
#include <termios.h>
#include <unistd.h>

#include <clocale>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <utility>

#include "sync/base/check.h"

namespace branchline::cli {
namespace {

constexpr int kHistoryMax = 500;  // lines

// libedit calls back without a place for state.
LineEditor::Complete* current = nullptr;
std::vector<std::string>* found = nullptr;
bool line_given_up = false;

constexpr int kCtrlC = 'C' & 0x1f;

// Bound to Ctrl-C. libedit ends the line as at the end of input.
int GiveUpLine(int, int) {
  line_given_up = true;
  rl_done = 1;
  return 0;
}

// While a line is edited Ctrl-C is a key, not a signal.
class CtrlCIsAKey {
 public:
  CtrlCIsAKey() {
    termios settings;
    if (tcgetattr(STDIN_FILENO, &settings) != 0) return;
    was_ = settings.c_cc[VINTR];
    settings.c_cc[VINTR] = _POSIX_VDISABLE;
    set_ = tcsetattr(STDIN_FILENO, TCSADRAIN, &settings) == 0;
  }
  ~CtrlCIsAKey() {
    termios settings;
    if (!set_ || tcgetattr(STDIN_FILENO, &settings) != 0) return;
    settings.c_cc[VINTR] = was_;
    tcsetattr(STDIN_FILENO, TCSADRAIN, &settings);
  }
  CtrlCIsAKey(const CtrlCIsAKey&) = delete;
  CtrlCIsAKey& operator=(const CtrlCIsAKey&) = delete;

 private:
  cc_t was_ = 0;
  bool set_ = false;
};

// Hands out what was found, one at a time; libedit frees them.
char* NextFound(const char*, int state) {
  static size_t next = 0;
  if (state == 0) next = 0;
  if (found == nullptr || next >= found->size()) return nullptr;
  return strdup((*found)[next++].c_str());
}

char** CompleteLine(const char* text, int, int end) {
  rl_attempted_completion_over = 1;  // never names of files
  if (current == nullptr) return nullptr;
  std::vector<std::string> words =
      (*current)(absl::string_view(rl_line_buffer, static_cast<size_t>(end)));
  found = &words;
  char** matches = rl_completion_matches(text, NextFound);
  found = nullptr;
  return matches;
}

}  // namespace

LineEditor::LineEditor(Complete complete) {
  BL_CHECK(current == nullptr, "there is one line editor at a time");
  current = new Complete(std::move(complete));
  std::setlocale(LC_CTYPE, "");  // characters of more than one byte
  rl_initialize();
  rl_attempted_completion_function = CompleteLine;
  rl_add_defun("give-up-line", GiveUpLine, kCtrlC);
  using_history();
  stifle_history(kHistoryMax);
}

LineEditor::~LineEditor() {
  delete current;
  current = nullptr;
}

std::optional<std::string> LineEditor::Read(const std::string& prompt) {
  const CtrlCIsAKey key;
  line_given_up = false;
  char* line = readline(prompt.c_str());
  while (line == nullptr && line_given_up) {
    line_given_up = false;
    rl_done = 0;
    std::fputs("^C\n", stdout);
    line = readline(prompt.c_str());
  }
  if (line == nullptr) return std::nullopt;
  std::string text(line);
  std::free(line);
  return text;
}

void LineEditor::Remember(const std::string& line) {
  if (!line.empty()) add_history(line.c_str());
}

}  // namespace branchline::cli

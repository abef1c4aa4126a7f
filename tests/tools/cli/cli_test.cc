#include "tools/cli/cli.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "absl/strings/str_split.h"
#include "tests/tools/cli/cli_runner.h"
#include "tools/cli/completion.h"
#include "tools/cli/width.h"

namespace branchline::cli {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::StartsWith;

// Calls `visit` with every command and its words, "branchline branch add".
template <typename Visit>
void ForEachCommand(const CLI::App& app, const std::string& words,
                    const Visit& visit) {
  visit(app, words);
  for (const CLI::App* sub : app.get_subcommands(nullptr)) {
    ForEachCommand(*sub, words + " " + sub->get_name(), visit);
  }
}

class Tree : public ::testing::Test {
 protected:
  std::ostringstream out_;
  std::ostringstream err_;
  branchline::cli::Run run_{.out = out_, .err = err_, .clock = SystemClock()};
  const std::unique_ptr<CLI::App> app_ = MakeApp(run_);
};

TEST_F(Tree, EveryCommandHelpsWithExamplesAndExitCodes) {
  int commands = 0;
  ForEachCommand(
      *app_, "branchline", [&](const CLI::App& app, const std::string& words) {
        if (!app.get_subcommands(nullptr).empty()) return;
        ++commands;
        EXPECT_THAT(app.get_footer(),
                    AllOf(StartsWith("Examples:\n  "), HasSubstr(words),
                          HasSubstr("Exit status:\n  0  done")));
        EXPECT_FALSE(app.get_description().empty()) << words;
        for (const absl::string_view line : absl::StrSplit(app.help(), '\n')) {
          EXPECT_LE(DisplayWidth(line), 80u) << line;
        }
      });
  EXPECT_GE(commands, 23);
}

TEST_F(Tree, CompletionKnowsEveryCommandOptionAndValue) {
  const std::string script = BashCompletion(*app_);
  ForEachCommand(
      *app_, "branchline", [&](const CLI::App& app, const std::string& words) {
        EXPECT_THAT(script, HasSubstr("'" + words + "') words=")) << words;
        for (const CLI::Option* option : app.get_options()) {
          for (const std::string& name : option->get_lnames()) {
            EXPECT_THAT(script, HasSubstr("--" + name)) << words;
          }
        }
      });
  EXPECT_THAT(script, HasSubstr("'branchline report sales --by') "
                                "words='branch day month sku' ;;"));
}

// What bash itself offers for a line, sorted.
std::string Completed(const std::string& line) {
  std::ostringstream out;
  std::ostringstream err;
  Run run{.out = out, .err = err, .clock = SystemClock()};
  ShortDir dir;
  std::ofstream(dir / "script") << BashCompletion(*MakeApp(run));
  std::ofstream(dir / "try")
      << "source " << dir / "script"
      << "\nread -ra COMP_WORDS <<<\"" << line << "x\"\n"
      << "COMP_CWORD=$((${#COMP_WORDS[@]} - 1))\n"
      << "COMP_WORDS[COMP_CWORD]=${COMP_WORDS[COMP_CWORD]%x}\n"
      << "_branchline\nprintf '%s ' \"${COMPREPLY[@]}\"\n";
  std::FILE* pipe = popen(("bash " + (dir / "try") + " 2>&1").c_str(), "r");
  std::string output;
  char buffer[256];
  while (std::fgets(buffer, sizeof(buffer), pipe) != nullptr) output += buffer;
  pclose(pipe);
  return output;
}

TEST(CompletionTest, CompletesInBash) {
  // The completion is bash's: there is nothing to complete without it.
  if (std::system("bash -c true 2>/dev/null") != 0) GTEST_SKIP() << "no bash";
  EXPECT_THAT(Completed("branchline "), HasSubstr("branch "));
  EXPECT_EQ(Completed("branchline branch to"), "token ");
  EXPECT_EQ(Completed("branchline report sales --fo"), "--format ");
  EXPECT_EQ(Completed("branchline report sales --format "), "table json csv ");
  EXPECT_EQ(Completed("branchline report sales --format csv --by m"), "month ");
  EXPECT_EQ(Completed("branchline journal verify --hub-key "), " ");
  EXPECT_EQ(Completed("branchline journal verify --data /us"), "/usr ");
  EXPECT_EQ(Completed("branchline catalog import /etc/debian_ver"),
            "/etc/debian_version ");
}

TEST(CliTest, TellsWrongUsageFromRefusal) {
  EXPECT_EQ(RunBranchline({}).code, 2);
  const Ended misspelt = RunBranchline({"branch", "lst"});
  EXPECT_EQ(misspelt.code, 2);
  EXPECT_THAT(misspelt.err,
              StartsWith("branchline branch: there is no command 'lst', there "
                         "are add, set, "));
  const Ended missing = RunBranchline({"branch", "show", "S014"});
  EXPECT_EQ(missing.code, 2);
  EXPECT_THAT(
      missing.err,
      AllOf(StartsWith("branchline branch show: "), HasSubstr("--hub-data"),
            HasSubstr("see 'branchline branch show --help'")));
}

TEST(CliTest, HelpAndVersionAreNoErrors) {
  const Ended version = RunBranchline({"--version"});
  EXPECT_EQ(version.code, 0);
  EXPECT_THAT(version.out, StartsWith("branchline "));
  const Ended help = RunBranchline({"report", "sales", "--help"});
  EXPECT_EQ(help.code, 0);
  EXPECT_THAT(help.out, HasSubstr("Exit status:"));
  EXPECT_EQ(help.err, "");
}

TEST(CliTest, SaysThatNoDaemonRuns) {
  ShortDir dir;
  const Ended edge = RunBranchline({"edge", "status", "--data", dir.path()});
  EXPECT_EQ(edge.code, 3);
  EXPECT_THAT(edge.err,
              AllOf(StartsWith("branchline edge status: there is no socket "),
                    HasSubstr("start 'branchline-edge --data ")));
  EXPECT_EQ(RunBranchline({"till", "list", "--data", dir.path()}).code, 3);
}

TEST(CliTest, SaysThatASocketPathIsTooLong) {
  const Ended ended =
      RunBranchline({"edge", "status", "--data", "/" + std::string(120, 'd')});
  EXPECT_EQ(ended.code, 1);
  EXPECT_THAT(ended.err, HasSubstr("use a shorter data directory"));
}

}  // namespace
}  // namespace branchline::cli

#include <google/protobuf/struct.pb.h>
#include <google/protobuf/util/json_util.h>
#include <grpcpp/create_channel.h>
#include <grpcpp/security/credentials.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <functional>
#include <iostream>
#include <memory>
#include <optional>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "edge/enrol/edge_home.h"
#include "edge/words/say.h"
#include "sync/base/random.h"
#include "sync/base/status_macros.h"
#include "tools/cli/commands.h"
#include "tools/cli/line_editor.h"
#include "tools/cli/rpc.h"
#include "tools/cli/till_console.h"

namespace branchline::cli {
namespace {

constexpr int kPatienceSeconds = 10;  // while a daemon starts again

struct ConsoleOptions {
  std::string data;
  std::string key_file;
  std::string script;
  std::string language = "en";
  bool json = false;
  bool keep_going = false;
};

absl::StatusOr<std::string> ReadKey(const std::string& file) {
  std::string key;
  if (file.empty()) {
    const char* value = std::getenv("BRANCHLINE_TILL_KEY");
    key = value == nullptr ? "" : value;
  } else {
    std::ifstream in(file);
    std::getline(in, key);
  }
  key = std::string(absl::StripAsciiWhitespace(key));
  if (key.empty()) {
    return absl::NotFoundError(
        "there is no till key: give --key-file with what 'branchline till "
        "pair' printed, or BRANCHLINE_TILL_KEY");
  }
  return key;
}

// The port of the till service on loopback.
absl::StatusOr<int> ReadTillPort(const EdgeHome& home) {
  std::ifstream in(home.ports_file());
  std::ostringstream text;
  text << in.rdbuf();
  google::protobuf::Struct ports;
  if (!google::protobuf::util::JsonStringToMessage(text.str(), &ports).ok()) {
    return absl::UnavailableError(absl::StrCat(
        home.ports_file(), " cannot be read: start 'branchline-edge --data ",
        home.dir(), "'"));
  }
  const auto it = ports.fields().find("till_grpc");
  if (it == ports.fields().end()) {
    return absl::UnavailableError(
        absl::StrCat(home.ports_file(), " names no till port"));
  }
  return static_cast<int>(it->second.number_value());
}

// Lines of a script. Stops at the first refusal, unless it is to keep going.
absl::Status RunScript(std::istream& in, const ConsoleOptions& options,
                       TillConsole* console, Run& run) {
  absl::Status first;
  std::string line;
  for (int number = 1; !console->done() && std::getline(in, line); ++number) {
    const absl::Status status = console->Do(line);
    if (status.ok()) continue;
    const absl::Status refused(
        status.code(),
        SayIn(absl::StrCat("line ", number, ": ", status.message()),
              options.language));
    if (options.json) run.out << console->Refusal(refused) << "\n";
    if (!options.keep_going) return refused;
    if (!options.json) run.err << refused.message() << "\n";
    if (first.ok()) first = refused;
  }
  return first;
}

// A person at a terminal: a refusal is shown, and the next line asked for.
absl::Status RunTerminal(TillConsole* console, Run& run) {
  console->Do("status").IgnoreError();
  LineEditor editor(
      [console](absl::string_view line) { return console->Complete(line); });
  bool warned = false;  // that it would take goods with it
  while (true) {
    run.out.flush();
    const std::optional<std::string> line = editor.Read(console->Prompt());
    if (line.has_value()) {
      if (!TillConsole::IsSecret(*line)) editor.Remember(*line);
      const absl::Status status = console->Do(*line);
      if (!status.ok()) run.out << console->Refusal(status) << "\n";
    } else {
      run.out << "\n";
    }
    if (line.has_value() && !console->done()) {
      warned = false;
      continue;
    }
    if (warned || !console->StaysForGoods()) break;
    warned = true;
  }
  return absl::OkStatus();
}

// Of the terminal; 0: it is none.
size_t WindowColumns() {
  winsize size = {};
  if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0) return 0;
  return size.ws_col;
}

bool WantsColours(bool interactive) {
  const char* no_colour = std::getenv("NO_COLOR");
  return interactive && isatty(STDOUT_FILENO) != 0 &&
         (no_colour == nullptr || *no_colour == '\0');
}

// Opens a till of a box that runs here, and shows it to `use`.
absl::Status WithConsole(const ConsoleOptions& options, bool interactive,
                         Run& run,
                         const std::function<absl::Status(TillConsole*)>& use) {
  if (options.data.empty()) {
    return UsageError("say which box: --data DIR, or BRANCHLINE_DATA");
  }
  TillConsole::Options console;
  console.json = options.json;
  console.colours = WantsColours(interactive);
  console.columns = interactive ? WindowColumns() : 0;
  console.patience_seconds = interactive ? kPatienceSeconds : 0;
  if (!LanguageOf(options.language, &console.language)) {
    return UsageError("--lang is en, zh-CN or zh-TW");
  }
  BL_ASSIGN_OR_RETURN(console.key, ReadKey(options.key_file));
  const EdgeHome home(options.data);
  BL_ASSIGN_OR_RETURN(const EdgeIdentity identity, home.LoadIdentity());
  console.currency = identity.node.currency();
  BL_ASSIGN_OR_RETURN(const int port, ReadTillPort(home));
  const auto channel = grpc::CreateCustomChannel(
      absl::StrCat("127.0.0.1:", port), grpc::InsecureChannelCredentials(),
      LocalChannelArguments());
  const auto till = v1::Till::NewStub(channel);
  const auto payments = v1::TillPaymentService::NewStub(channel);
  console.payments = payments.get();
  const auto devices = v1::TillDeviceService::NewStub(channel);
  console.devices = devices.get();
  TillConsole till_console(till.get(), std::move(console), &run.clock,
                           &SystemRandom(), &run.out);
  return use(&till_console);
}

absl::Status RunConsole(const ConsoleOptions& options, Run& run) {
  const bool from_stdin = options.script.empty() || options.script == "-";
  const bool interactive = from_stdin && isatty(STDIN_FILENO) != 0;
  return WithConsole(
      options, interactive, run, [&](TillConsole* console) -> absl::Status {
        if (interactive) return RunTerminal(console, run);
        if (from_stdin) return RunScript(std::cin, options, console, run);
        std::ifstream script(options.script);
        if (!script) {
          return absl::NotFoundError(
              absl::StrCat("the script ", options.script, " cannot be read"));
        }
        return RunScript(script, options, console, run);
      });
}

// One line of the console, typed as a command: "day open" is "open-day".
struct OneCommand {
  CommandText text;
  const char* line;
  std::vector<std::pair<const char*, const char*>> words;  // name, what it is
};

}  // namespace

namespace {

constexpr char kWhat[] =
    "A till to try it with: one command a line, typed or from a script, "
    "through the same service as any other till. At a terminal lines can be "
    "edited, Tab completes, and 'help' lists the commands. A script stops at "
    "its first refusal and ends with 1.";
constexpr char kExamples[] =
    "  branchline till --key-file T1.key --data s014\n"
    "  branchline till console --script day.txt --json --key-file T1.key "
    "--data s014\n"
    "  printf 'open-day\\nadd PEN 2\\npay cash 5\\n' | \\\n"
    "      branchline till --key-file T1.key --data s014\n";

void AddTillOptions(CLI::App* command, ConsoleOptions* o) {
  command
      ->add_option("--data", o->data,
                   "The data directory of the box whose till it is")
      ->envname("BRANCHLINE_DATA")
      ->type_name("DIR");
  command
      ->add_option("--key-file", o->key_file,
                   "File with the till's key on its first line. Default: "
                   "BRANCHLINE_TILL_KEY")
      ->type_name("FILE");
  command->add_option("--lang", o->language, "en, zh-CN or zh-TW. Default: en");
}

void AddConsoleOptions(CLI::App* command, ConsoleOptions* o) {
  AddTillOptions(command, o);
  command->add_flag("--json", o->json,
                    "Print the service's answers, one JSON object a line, and "
                    "refusals likewise");
  command
      ->add_option("--script", o->script,
                   "File of commands; - for stdin. Default: stdin")
      ->type_name("FILE");
  command->add_flag("--keep-going", o->keep_going,
                    "Go on after a refusal; the end is 1 all the same");
}

}  // namespace

namespace {

void AddOneCommand(CLI::App& group, const OneCommand& one, Run& run) {
  const auto o = std::make_shared<ConsoleOptions>();
  const auto given = std::make_shared<std::vector<std::string>>();
  given->resize(one.words.size());
  const std::string line = one.line;
  CLI::App* command = AddCommand(
      group, one.text,
      {ExitCode::kNotReachable, ExitCode::kDamaged, ExitCode::kNoSpace}, run,
      [o, given, line, &run] {
        std::vector<std::string> words = *given;
        while (!words.empty() && words.back().empty()) words.pop_back();
        words.insert(words.begin(), line);
        return WithConsole(
            *o, isatty(STDOUT_FILENO) != 0, run,
            [&](TillConsole* console) { return console->DoWords(words); });
      });
  for (size_t i = 0; i < one.words.size(); ++i) {
    command->add_option(one.words[i].first, (*given)[i], one.words[i].second);
  }
  AddTillOptions(command, o.get());
  command
      ->add_option_function<std::string>(
          "--format",
          [o](const std::string& name) { o->json = name == "json"; },
          "For people, or the service's answer for programs. Default: text")
      ->check(CLI::IsMember({"text", "json"}));
}

}  // namespace

void AddDayCommands(CLI::App& app, Run& run) {
  CLI::App* day = AddGroup(app, "day", "The business day of a branch");
  AddOneCommand(
      *day,
      {{"open",
        "Opens the business day, at a till. Who may is the role of "
        "whoever is signed on there.",
        "  branchline day open --key-file T1.key --data s014\n"
        "  branchline day open 2026-11-21 --format json --data s014\n"},
       "open-day",
       {{"date", "Default: the shop's date today"}}},
      run);
  AddOneCommand(*day,
                {{"close",
                  "Seals the business day. Shifts that are still open are "
                  "closed uncounted; what payments are open is named.",
                  "  branchline day close --key-file T1.key --data s014\n"
                  "  BRANCHLINE_TILL_KEY=... branchline day close --format "
                  "json --data s014\n"},
                 "close-day",
                 {}},
                run);
  CLI::App* shift = AddGroup(app, "shift", "The shift of a till: X and Z");
  AddOneCommand(*shift,
                {{"open", "Opens the till's shift, with a float from the safe.",
                  "  branchline shift open 100.00 --key-file T1.key "
                  "--data s014\n"},
                 "open-shift",
                 {{"float", "Default: none"}}},
                run);
  AddOneCommand(
      *shift,
      {{"close", "Makes the Z. Without a count the shift closes uncounted.",
        "  branchline shift close 347.90 100 --key-file T1.key "
        "--data s014\n"
        "  branchline shift close --data s014\n"},
       "close-shift",
       {{"counted", "What is in the drawer"},
        {"left", "What stays there; the rest goes to the safe"}}},
      run);
  AddOneCommand(*shift,
                {{"x", "What the Z would say now; changes nothing.",
                  "  branchline shift x --key-file T1.key --data s014\n"
                  "  branchline shift x --lang zh-CN --data s014\n"},
                 "x",
                 {}},
                run);
  AddOneCommand(*shift,
                {{"z", "A Z again, as it was made.",
                  "  branchline shift z --format json --data s014\n"
                  "  branchline shift z S014-T1-1-Z000007 --data s014\n"},
                 "z",
                 {{"number", "Default: the last of this till"}}},
                run);
}

void AddTillConsoleCommand(CLI::App& group, Run& run) {
  const std::vector<ExitCode> exits = {ExitCode::kNotReachable,
                                       ExitCode::kDamaged, ExitCode::kNoSpace};
  const auto o = std::make_shared<ConsoleOptions>();
  CLI::App* command =
      AddCommand(group, {"console", kWhat, kExamples}, exits, run,
                 [o, &run] { return RunConsole(*o, run); });
  AddConsoleOptions(command, o.get());
  // 'branchline till' alone is the same.
  const auto own = std::make_shared<ConsoleOptions>();
  group.require_subcommand(0, 1);
  AddConsoleOptions(&group, own.get());
  group.footer(absl::StrCat("Without a command it is 'till console'.\n\n",
                            "Examples:\n", kExamples));
  RunWithoutCommand(group, run, [own, &run] { return RunConsole(*own, run); });
}

}  // namespace branchline::cli

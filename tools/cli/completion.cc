#include "tools/cli/completion.h"

#include <ostream>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "tools/cli/commands.h"

namespace branchline::cli {
namespace {

// "table json csv" of a type name like "TEXT:{table,json,csv}".
std::string ListedValues(const std::string& type_name) {
  const size_t open = type_name.find('{');
  const size_t close = type_name.find('}');
  if (open == std::string::npos || close == std::string::npos) return "";
  return absl::StrReplaceAll(type_name.substr(open + 1, close - open - 1),
                             {{",", " "}});
}

// One case of the script: the words, and what completes them.
std::string Case(const std::string& pattern, const std::string& words) {
  return absl::StrCat("    '", pattern, "') words='", words, "' ;;\n");
}

struct Cases {
  std::string next;    // by command: what may come next
  std::string values;  // by command and option: its values
};

void Collect(const CLI::App& app, const std::string& path, Cases* cases) {
  std::string words;
  const auto add = [&](absl::string_view word) {
    absl::StrAppend(&words, words.empty() ? "" : " ", word);
  };
  for (const CLI::App* sub : app.get_subcommands(nullptr)) {
    add(sub->get_name());
  }
  for (const CLI::Option* option : app.get_options()) {
    const std::string type = option->get_type_name();
    std::string values = ListedValues(type);
    if (type == "DIR") values = "@dir";
    if (type == "FILE") values = "@file";
    for (const std::string& name : option->get_lnames()) {
      add(absl::StrCat("--", name));
      const bool takes_value = option->get_items_expected_max() > 0;
      if (takes_value) {
        cases->values += Case(absl::StrCat(path, " --", name),
                              values.empty() ? "@none" : values);
      }
    }
    if (option->get_positional() && !values.empty()) add(values);
  }
  cases->next += Case(path, words);
  for (const CLI::App* sub : app.get_subcommands(nullptr)) {
    Collect(*sub, absl::StrCat(path, " ", sub->get_name()), cases);
  }
}

constexpr absl::string_view kHead =
    R"(# bash completion for branchline, made by 'branchline completion bash'.
#   source <(branchline completion bash)

_branchline_paths() {
  mapfile -t -O "${#COMPREPLY[@]}" COMPREPLY < <(compgen "$1" -- "$2")
}

_branchline() {
  local current="${COMP_WORDS[COMP_CWORD]}" path=branchline words='' word i
  COMPREPLY=()
  # The commands so far; what is an option's value changes nothing here, since
  # no value of an option is the name of a command that could follow.
  for ((i = 1; i < COMP_CWORD; i++)); do
    word="${COMP_WORDS[i]}"
    case "$path $word" in
)";

constexpr absl::string_view kMiddle =
    R"(    esac
  done
  case "$path ${COMP_WORDS[COMP_CWORD-1]}" in
)";

constexpr absl::string_view kAfterValues =
    R"(  esac
  if [ -z "$words" ]; then
    case "$path" in
)";

constexpr absl::string_view kTail =
    R"(    esac
  fi
  for word in $words; do
    case "$word" in
      @dir) _branchline_paths -d "$current" ;;
      @file) _branchline_paths -f "$current" ;;
      @none) ;;
      "$current"*) COMPREPLY+=("$word") ;;
    esac
  done
}
complete -o filenames -F _branchline branchline
)";

void CollectPaths(const CLI::App& app, const std::string& path,
                  std::string* paths) {
  for (const CLI::App* sub : app.get_subcommands(nullptr)) {
    const std::string name = absl::StrCat(path, " ", sub->get_name());
    absl::StrAppend(paths, "      '", name, "') path='", name, "' ;;\n");
    CollectPaths(*sub, name, paths);
  }
}

}  // namespace

std::string BashCompletion(const CLI::App& app) {
  Cases cases;
  Collect(app, "branchline", &cases);
  std::string paths;
  CollectPaths(app, "branchline", &paths);
  return absl::StrCat(kHead, paths, kMiddle, cases.values, kAfterValues,
                      cases.next, kTail);
}

void AddCompletionCommands(CLI::App& app, Run& run) {
  CLI::App* group =
      AddGroup(app, "completion", "Completion of commands in a shell");
  AddCommand(*group,
             {"bash",
              "Prints a completion script for bash, made from the commands of "
              "this very program.",
              "  source <(branchline completion bash)\n"
              "  branchline completion bash | \\\n"
              "      sudo tee /etc/bash_completion.d/branchline >/dev/null\n"},
             {}, run, [&app, &run] {
               run.out << BashCompletion(app);
               return absl::OkStatus();
             });
}

}  // namespace branchline::cli

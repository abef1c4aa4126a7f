// TillConsole's list of commands: their words, help, and completion.

#include "absl/algorithm/container.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "tools/cli/till_ask.h"
#include "tools/cli/till_console.h"
#include "tools/cli/till_help.h"

namespace branchline::cli {
namespace {

constexpr absl::string_view kBoldUsage = "1";

// "till safe z" of "count till|safe|z AMOUNT": what is written in small.
std::vector<std::string> WordsOfUsage(absl::string_view usage) {
  std::vector<std::string> words;
  for (const absl::string_view part :
       absl::StrSplit(usage, absl::ByAnyChar(" []|."), absl::SkipEmpty())) {
    const bool is_small = absl::c_all_of(part, [](char c) {
      return absl::ascii_islower(c) || c == '-' || absl::ascii_isupper(c);
    });
    if (is_small && absl::ascii_islower(part[0])) words.emplace_back(part);
  }
  if (!words.empty()) words.erase(words.begin());  // the command itself
  return words;
}

}  // namespace

const std::map<std::string, TillConsole::Command, std::less<>>&
TillConsole::Commands() {
  using C = TillConsole;
  static const auto& commands = *new std::map<std::string, Command,
                                              std::less<>>{
      {"open-day", {"open-day [DATE]", 0, 1, &C::Day}},
      {"close-day", {"close-day", 0, 0, &C::Day}},
      {"sign-on", {"sign-on STAFF PIN", 2, 2, &C::Sign}},
      {"sign-off", {"sign-off", 0, 0, &C::Sign}},
      {"approve", {"approve STAFF PIN REASON", 3, 3, &C::Approve}},
      {"open-shift", {"open-shift [FLOAT]", 0, 1, &C::Shift}},
      {"close-shift", {"close-shift [COUNTED [LEFT]]", 0, 2, &C::Shift}},
      {"x", {"x", 0, 0, &C::Report}},
      {"z", {"z [Z-NUMBER]", 0, 1, &C::Report}},
      {"float", {"float AMOUNT", 1, 1, &C::Move}},
      {"drop", {"drop AMOUNT", 1, 1, &C::Move}},
      {"pay-in", {"pay-in AMOUNT REASON", 2, 2, &C::Move}},
      {"pay-out", {"pay-out AMOUNT REASON", 2, 2, &C::Move}},
      {"no-sale", {"no-sale REASON", 1, 1, &C::Move}},
      {"bank-sent", {"bank-sent AMOUNT REFERENCE", 2, 2, &C::Move}},
      {"bank-confirmed", {"bank-confirmed AMOUNT REFERENCE", 2, 2, &C::Move}},
      {"count", {"count till|safe|z AMOUNT", 2, 2, &C::Count}},
      {"add", {"add CODE [QUANTITY]", 1, 2, &C::Add}},
      {"pick", {"pick NUMBER [QUANTITY]", 1, 2, &C::Pick}},
      {"find", {"find WORD...", 1, kTillWordsMax, &C::Search}},
      {"open",
       {"open DEPARTMENT PRICE [CODE [NOTE]]", 2, 4, &C::OpenDepartment}},
      {"why", {"why", 0, 0, &C::Why}},
      {"void", {"void LINE", 1, 1, &C::ChangeLine}},
      {"quantity", {"quantity LINE QUANTITY", 2, 2, &C::ChangeLine}},
      {"price", {"price LINE PRICE REASON", 3, 3, &C::ChangeLine}},
      {"salesperson", {"salesperson LINE STAFF", 2, 2, &C::ChangeLine}},
      {"discount",
       {"discount LINE|all PERCENT%|AMOUNT REASON", 3, 3, &C::Discount}},
      {"drop-change", {"drop-change AMOUNT|to STEP", 1, 2, &C::DropChange}},
      {"eat-in", {"eat-in", 0, 0, &C::Tax}},
      {"take-away", {"take-away", 0, 0, &C::Tax}},
      {"tax-exempt", {"tax-exempt REASON", 1, 1, &C::Tax}},
      {"tax", {"tax LINE CLASS REASON", 3, 3, &C::Tax}},
      {"note", {"note LINE|all TEXT", 2, 2, &C::Remark}},
      {"member", {"member ID [GROUP]", 1, 2, &C::Remark}},
      {"coupon", {"coupon CODE", 1, 1, &C::Remark}},
      {"age-checked", {"age-checked", 0, 0, &C::Remark}},
      {"basket", {"basket", 0, 0, &C::Basket}},
      {"cancel", {"cancel [REASON]", 0, 1, &C::Basket}},
      {"park", {"park NAME", 1, 1, &C::Park}},
      {"recall", {"recall NAME", 1, 1, &C::Park}},
      {"parked", {"parked", 0, 0, &C::Park}},
      {"pay",
       {"pay [cash|card|voucher|wallet|code AMOUNT [REFERENCE]]...", 0,
        kTillWordsMax, &C::Pay}},
      {"terminal", {"terminal [AMOUNT]", 0, 1, &C::Take}},
      {"phone", {"phone CODE [AMOUNT]", 1, 2, &C::Take}},
      {"payments", {"payments", 0, 0, &C::ListOpen}},
      {"give-up", {"give-up PAYMENT", 1, 1, &C::Unsettled}},
      {"ask-again", {"ask-again PAYMENT", 1, 1, &C::Unsettled}},
      {"settle", {"settle PAYMENT AMOUNT GROUND [STAFF]", 3, 4, &C::Unsettled}},
      {"give-back", {"give-back PAYMENT AMOUNT", 2, 2, &C::GiveBackPaid}},
      {"terminal-job",
       {"terminal-job end-of-day|diagnosis|slip", 1, 1, &C::TerminalJob}},
      {"receipt", {"receipt NUMBER", 1, 1, &C::Receipt}},
      {"return",
       {"return RECEIPT LINE QUANTITY ... [REASON]", 3, kTillWordsMax,
        &C::GiveBack}},
      {"void-receipt", {"void-receipt NUMBER REASON", 2, 2, &C::GiveBack}},
      {"training", {"training on|off [REASON]", 1, 2, &C::Train}},
      {"invoice",
       {"invoice RECEIPT CODE [TAX-NUMBER [REFERENCE]]", 2, 4, &C::Invoice}},
      {"exchange", {"exchange RECEIPT LINE QUANTITY", 3, 3, &C::Exchange}},
      {"read-code", {"read-code CODE", 1, 1, &C::ByCode}},
      {"return-code",
       {"return-code CODE LINE QUANTITY ... [REASON]", 3, kTillWordsMax,
        &C::ByCode}},
      {"unconfirmed", {"unconfirmed", 0, 0, &C::Unconfirmed}},
      {"match", {"match CHANNEL FILE", 2, 2, &C::Match}},
      {"write-off", {"write-off RECEIPT REASON [PAYMENT]", 2, 3, &C::WriteOff}},
      {"print-x", {"print-x", 0, 0, &C::PrintX}},
      {"reprint", {"reprint RECEIPT|z|Z-NUMBER", 1, 1, &C::Reprint}},
      {"label", {"label CODE PRICE REASON [COUNT]", 3, 4, &C::Labels}},
      {"drop-basket", {"drop-basket NAME [REASON]", 1, 2, &C::Drop}},
      {"paper",
       {"paper RECEIPT|x|z|Z-NUMBER [text|html [FILE]]", 1, 3, &C::Paper}},
      {"copy", {"copy RECEIPT|z|Z-NUMBER", 1, 1, &C::Paper}},
      {"status", {"status", 0, 0, &C::State}},
      {"weight", {"weight LINE KILOGRAMS", 2, 2, &C::ChangeLine}},
      {"lang", {"lang en|zh-CN|zh-TW", 1, 1, &C::Other}},
      {"help", {"help [COMMAND|all]", 0, 1, &C::Other}},
      {"quit", {"quit", 0, 0, &C::Other}},
  };
  return commands;
}

std::string TillConsole::Help(absl::string_view command) const {
  std::string text;
  if (command.empty()) {
    constexpr size_t kWidth = 80;  // columns of a terminal
    constexpr size_t kNameWidth = 16;
    size_t used = 0;
    for (const auto& [name, known] : Commands()) {
      if (used + kNameWidth > kWidth) {
        text += "\n";
        used = 0;
      }
      text += name;
      text.append(kNameWidth - name.size(), ' ');
      used += kNameWidth;
    }
    return absl::StrCat(text, "\n",
                        Word("'help COMMAND' says more of one, 'help all' of "
                             "every one",
                             options_.language),
                        "\n");
  }
  for (const auto& [name, known] : Commands()) {
    if (command != "all" && command != name) continue;
    absl::StrAppend(&text, "  ", Coloured(known.usage, kBoldUsage), "\n      ",
                    HelpOf(name, options_.language), "\n");
  }
  return text;
}

std::vector<std::string> TillConsole::Complete(absl::string_view line) {
  const size_t blank = line.find_last_of(" \t");
  const absl::string_view begun =
      blank == absl::string_view::npos ? line : line.substr(blank + 1);
  std::vector<std::string> all;
  if (blank == absl::string_view::npos) {
    for (const auto& [name, command] : Commands()) all.push_back(name);
  } else {
    const std::string name(line.substr(0, line.find_first_of(" \t")));
    if (name == "recall" || name == "drop-basket") {
      const auto list =
          Ask(&v1::Till::StubInterface::ListBaskets, v1::ListBasketsRequest());
      if (list.ok()) {
        for (const v1::Basket& basket : list->baskets()) {
          all.push_back(basket.basket_id());
        }
      }
    } else if (name == "help") {
      for (const auto& [known, command] : Commands()) all.push_back(known);
    } else if (const auto it = Commands().find(name); it != Commands().end()) {
      all = WordsOfUsage(it->second.usage);
    }
  }
  std::erase_if(all, [&](const std::string& word) {
    return !absl::StartsWith(word, begun);
  });
  return all;
}

}  // namespace branchline::cli

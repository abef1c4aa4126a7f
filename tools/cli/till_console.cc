// What all commands share, the list of them, and the few that are left over.

#include "tools/cli/till_console.h"

#include <google/protobuf/util/json_util.h>

#include <utility>

#include "absl/algorithm/container.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/time/time.h"
#include "sync/base/date.h"
#include "sync/base/money.h"
#include "sync/base/status_macros.h"
#include "sync/journal/json_string.h"
#include "tools/cli/till_ask.h"
#include "tools/cli/till_help.h"

namespace branchline::cli {
namespace {

constexpr absl::string_view kBold = "1";
constexpr absl::string_view kRed = "31";
constexpr absl::string_view kYellow = "33";
constexpr size_t kLineSizeMax = 4'096;
constexpr size_t kWordsMax = 64;

// Words apart at spaces; "of several" stays one.
absl::StatusOr<std::vector<std::string>> Split(absl::string_view line) {
  if (line.size() > kLineSizeMax) {
    return absl::InvalidArgumentError(absl::StrCat(
        "the line has ", line.size(), " bytes, at most ", kLineSizeMax));
  }
  std::vector<std::string> words;
  bool in_word = false;
  bool quoted = false;
  for (const char c : line) {
    if (c == '"') {
      quoted = !quoted;
      if (!in_word) words.emplace_back();
      in_word = true;
    } else if (!quoted && (c == ' ' || c == '\t' || c == '\r')) {
      in_word = false;
    } else {
      if (!in_word) words.emplace_back();
      in_word = true;
      words.back().push_back(c);
    }
  }
  if (quoted) return absl::InvalidArgumentError("a quote is not closed");
  if (words.size() > kWordsMax) {
    return absl::InvalidArgumentError(absl::StrCat(
        "the line has ", words.size(), " words, at most ", kWordsMax));
  }
  return words;
}

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
      {"find", {"find WORD...", 1, kWordsMax, &C::Search}},
      {"open",
       {"open DEPARTMENT PRICE [CODE [NOTE]]", 2, 4, &C::OpenDepartment}},
      {"why", {"why", 0, 0, &C::Why}},
      {"void", {"void LINE", 1, 1, &C::ChangeLine}},
      {"quantity", {"quantity LINE QUANTITY", 2, 2, &C::ChangeLine}},
      {"price", {"price LINE PRICE REASON", 3, 3, &C::ChangeLine}},
      {"salesperson", {"salesperson LINE STAFF", 2, 2, &C::ChangeLine}},
      {"discount",
       {"discount LINE|all PERCENT%|AMOUNT REASON", 3, 3, &C::Discount}},
      {"drop-change", {"drop-change AMOUNT", 1, 1, &C::Discount}},
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
        kWordsMax, &C::Pay}},
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
      {"return", {"return RECEIPT LINE QUANTITY [REASON]", 3, 4, &C::GiveBack}},
      {"void-receipt", {"void-receipt NUMBER REASON", 2, 2, &C::GiveBack}},
      {"training", {"training on|off [REASON]", 1, 2, &C::Train}},
      {"invoice",
       {"invoice RECEIPT CODE [TAX-NUMBER [REFERENCE]]", 2, 4, &C::Invoice}},
      {"exchange", {"exchange RECEIPT LINE QUANTITY", 3, 3, &C::Exchange}},
      {"read-code", {"read-code CODE", 1, 1, &C::ByCode}},
      {"return-code",
       {"return-code CODE LINE QUANTITY [REASON]", 3, 4, &C::ByCode}},
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
      {"help", {"help [COMMAND]", 0, 1, &C::Other}},
      {"quit", {"quit", 0, 0, &C::Other}},
  };
  return commands;
}

TillConsole::TillConsole(v1::Till::StubInterface* till, Options options,
                         const Clock* clock, Random* random, std::ostream* out)
    : till_(*till),
      options_(std::move(options)),
      clock_(*clock),
      random_(*random),
      out_(*out) {
  Clear();
}

std::string TillConsole::Help(absl::string_view command) const {
  std::string text = absl::StrCat(Word("commands", options_.language), ":\n");
  if (!command.empty()) text.clear();
  for (const auto& [name, known] : Commands()) {
    if (!command.empty() && command != name) continue;
    absl::StrAppend(&text, "  ", Coloured(known.usage, kBold), "\n      ",
                    HelpOf(name, options_.language), "\n");
  }
  return text;
}

absl::Status TillConsole::Do(const std::string& line) {
  BL_ASSIGN_OR_RETURN(const Words words, Split(line));
  if (words.empty() || absl::StartsWith(words[0], "#")) return absl::OkStatus();
  const auto it = Commands().find(words[0]);
  if (it == Commands().end()) {
    return absl::InvalidArgumentError(absl::StrCat(
        "'", words[0].substr(0, 40), "' is no command; 'help' lists them"));
  }
  const Command& command = it->second;
  if (words.size() - 1 < command.words_min ||
      words.size() - 1 > command.words_max) {
    return absl::InvalidArgumentError(absl::StrCat("usage: ", command.usage));
  }
  return (this->*command.run)(words);
}

void TillConsole::Show(const google::protobuf::Message& answer,
                       const std::function<std::string()>& text) {
  if (!options_.json) {
    out_ << text();
    return;
  }
  std::string json;
  google::protobuf::util::JsonPrintOptions print;
  print.preserve_proto_field_names = false;
  if (!google::protobuf::util::MessageToJsonString(answer, &json, print).ok()) {
    json = "{}";
  }
  out_ << json << "\n";
}

void TillConsole::Say(absl::string_view word) {
  if (!options_.json) out_ << Word(word, options_.language) << "\n";
}

void TillConsole::Warn(
    const google::protobuf::RepeatedPtrField<std::string>& warnings) {
  if (options_.json) return;  // they stand in the answer
  for (const std::string& warning : warnings) {
    out_ << Coloured(absl::StrCat("! ", warning), kYellow) << "\n";
  }
}

std::string TillConsole::Coloured(absl::string_view text,
                                  absl::string_view code) const {
  if (!options_.colours) return std::string(text);
  return absl::StrCat("\x1b[", code, "m", text, "\x1b[0m");
}

void TillConsole::ShowSale(const v1::Sale& sale,
                           const google::protobuf::Message& answer) {
  if (training_ && !options_.json) {
    out_ << Coloured(Word("training", options_.language), kRed) << "\n";
  }
  Show(answer, [&] { return SaleText(sale, names_, options_.language); });
}

std::string TillConsole::Prompt() const {
  return training_ ? absl::StrCat(Word("training", options_.language), "> ")
                   : "till> ";
}

std::string TillConsole::Refusal(const absl::Status& status) const {
  if (!options_.json) {
    return Coloured(std::string(status.message()), kRed);
  }
  return absl::StrCat(
      "{\"error\":{\"code\":",
      JsonString(absl::StatusCodeToString(status.code())),
      ",\"message\":", JsonString(std::string(status.message())), "}}");
}

bool TillConsole::IsSecret(absl::string_view line) {
  const absl::string_view bare = absl::StripLeadingAsciiWhitespace(line);
  return absl::StartsWith(bare, "sign-on") || absl::StartsWith(bare, "approve");
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

void TillConsole::Clear() {
  basket_ = v1::RingRequest();
  basket_.mutable_pricing();
  sale_id_.clear();
  paid_.clear();
  parked_as_.clear();
  revision_ = 0;
}

absl::StatusOr<int64_t> TillConsole::Amount(absl::string_view text) const {
  BL_ASSIGN_OR_RETURN(const int digits, MinorDigits(options_.currency));
  return ParseDecimal(text, digits);
}

void TillConsole::FillCash(int64_t amount_minor, v1::CashAmount* cash) const {
  cash->set_currency(options_.currency);
  cash->set_amount_minor(amount_minor);
}

absl::StatusOr<v1::RingLine*> TillConsole::Line(absl::string_view number) {
  int line = 0;
  if (!absl::SimpleAtoi(number, &line) || line < 1 ||
      line > basket_.lines_size()) {
    return absl::InvalidArgumentError(
        absl::StrCat("there is no line ", number.substr(0, 20),
                     ": the basket has ", basket_.lines_size()));
  }
  return basket_.mutable_lines(line - 1);
}

absl::Status TillConsole::Receipt(const Words& words) {
  v1::GetReceiptRequest request;
  request.set_receipt_no(words[1]);
  BL_ASSIGN_OR_RETURN(const auto found,
                      Ask(&v1::Till::StubInterface::GetReceipt, request));
  Show(found, [&] {
    return found.has_sale()
               ? SaleText(found.sale(), names_, options_.language)
               : ReturnText(found.return_(), names_, options_.language);
  });
  return absl::OkStatus();
}

absl::Status TillConsole::GiveBack(const Words& words) {
  using S = v1::Till::StubInterface;
  if (words[0] == "void-receipt") {
    v1::VoidReceiptRequest request;
    request.set_receipt_no(words[1]);
    request.set_reason(words[2]);
    BL_ASSIGN_OR_RETURN(const auto voided, Ask(&S::VoidReceipt, request));
    ShowSale(voided.sale(), voided);
    Warn(voided.warnings());
    return absl::OkStatus();
  }
  v1::ReturnGoodsRequest request;
  request.set_original_receipt_no(words[1]);
  uint32_t line = 0;
  if (!absl::SimpleAtoi(words[2], &line) || line == 0) {
    return absl::InvalidArgumentError("lines are counted from 1");
  }
  request.add_lines()->set_original_line(line - 1);
  BL_ASSIGN_OR_RETURN(const int64_t milli, ParseDecimal(words[3], 3));
  request.mutable_lines(0)->set_quantity_milli(milli);
  if (words.size() > 4) request.set_reason(words[4]);
  BL_ASSIGN_OR_RETURN(const auto back, Ask(&S::ReturnGoods, request));
  Show(back,
       [&] { return ReturnText(back.return_(), names_, options_.language); });
  Warn(back.warnings());
  return absl::OkStatus();
}

absl::Status TillConsole::Other(const Words& words) {
  if (words[0] == "quit") {
    done_ = true;
  } else if (words[0] == "help") {
    const std::string help = Help(words.size() > 1 ? words[1] : "");
    if (help.empty()) {
      return absl::InvalidArgumentError(
          absl::StrCat("'", words[1].substr(0, 40), "' is no command"));
    }
    out_ << help;
  } else if (!LanguageOf(words[1], &options_.language)) {
    return absl::InvalidArgumentError("languages: en, zh-CN, zh-TW");
  }
  return absl::OkStatus();
}

}  // namespace branchline::cli

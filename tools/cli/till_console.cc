// What all commands share, and the few that are left over.

#include "tools/cli/till_console.h"

#include <google/protobuf/util/json_util.h>

#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/time/time.h"
#include "edge/words/say.h"
#include "sync/base/date.h"
#include "sync/base/money.h"
#include "sync/base/status_macros.h"
#include "sync/journal/json_string.h"
#include "tools/cli/till_ask.h"
#include "tools/cli/width.h"

namespace branchline::cli {
namespace {

constexpr absl::string_view kRed = "31";
constexpr absl::string_view kYellow = "33";
constexpr size_t kLineSizeMax = 4'096;

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
  if (words.size() > kTillWordsMax) {
    return absl::InvalidArgumentError(absl::StrCat(
        "the line has ", words.size(), " words, at most ", kTillWordsMax));
  }
  return words;
}

}  // namespace

TillConsole::TillConsole(v1::Till::StubInterface* till, Options options,
                         const Clock* clock, Random* random, std::ostream* out)
    : till_(*till),
      options_(std::move(options)),
      clock_(*clock),
      random_(*random),
      out_(*out) {
  Clear();
}

absl::Status TillConsole::InLanguage(const absl::Status& status) const {
  if (status.ok()) return status;
  return absl::Status(status.code(),
                      SayIn(status.message(), NameOf(options_.language)));
}

absl::Status TillConsole::Do(const std::string& line) {
  const auto words = Split(line);
  if (!words.ok()) return InLanguage(words.status());
  return DoWords(*words);
}

absl::Status TillConsole::DoWords(const std::vector<std::string>& words) {
  return InLanguage(RunWords(words));
}

absl::Status TillConsole::RunWords(const Words& words) {
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
  LearnNames(sale.lines());
  Show(answer, [&] { return SaleText(sale, names_, options_.language); });
}

bool TillConsole::StaysForGoods() {
  if (!HoldsGoods()) return false;
  done_ = false;
  Say("the basket still holds goods: park or cancel it, or end once more");
  return true;
}

std::string TillConsole::Prompt() const {
  return training_ ? absl::StrCat(Word("training", options_.language), "> ")
                   : "till> ";
}

std::string TillConsole::Refusal(const absl::Status& status) const {
  if (!options_.json) {
    // Chinese has no spaces to be broken at: the terminal breaks it anywhere.
    const bool broken =
        options_.columns > 0 && options_.language == Language::kEnglish;
    return Coloured(broken ? Wrap(status.message(), options_.columns)
                           : std::string(status.message()),
                    kRed);
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

absl::Status TillConsole::FillCash(absl::string_view text,
                                   v1::CashAmount* cash) const {
  cash->set_currency(options_.currency);
  if (!absl::StrContains(text, 'x')) {
    BL_ASSIGN_OR_RETURN(const int64_t minor, Amount(text));
    cash->set_amount_minor(minor);
    return absl::OkStatus();
  }
  for (const absl::string_view pieces : absl::StrSplit(text, '+')) {
    const std::pair<absl::string_view, absl::string_view> parts =
        absl::StrSplit(pieces, absl::MaxSplits('x', 1));
    v1::Denomination* one = cash->add_denominations();
    int64_t count = 0;
    if (!absl::SimpleAtoi(parts.second, &count) || count < 0) {
      return absl::InvalidArgumentError(absl::StrCat(
          "'", pieces.substr(0, 40),
          "' is no count of notes or coins: VALUExCOUNT, as in 20x3+5x2"));
    }
    BL_ASSIGN_OR_RETURN(const int64_t value_minor, Amount(parts.first));
    one->set_value_minor(value_minor);
    one->set_count(count);
  }
  return absl::OkStatus();
}

void TillConsole::LearnName(const std::string& sku) {
  const auto [name, is_new] = names_.try_emplace(sku, "");
  if (!is_new || sku.empty() || options_.json) return;
  v1::FindItemRequest find;
  find.set_code(sku);
  const auto found = Ask(&v1::Till::StubInterface::FindItem, find);
  if (!found.ok()) return;  // it is shown by its SKU
  for (const v1::ItemMatch& match : found->matches()) {
    if (match.item().sku() == sku) name->second = ItemNameOf(match.item());
  }
}

absl::Status TillConsole::FillReturn(const Words& words, size_t first,
                                     v1::ReturnGoodsRequest* request) const {
  size_t at = first;
  do {
    uint32_t line = 0;
    if (!absl::SimpleAtoi(words[at], &line) || line == 0) {
      return absl::InvalidArgumentError("lines are counted from 1");
    }
    BL_ASSIGN_OR_RETURN(const int64_t milli, ParseDecimal(words[at + 1], 3));
    v1::ReturnGoodsLine* back = request->add_lines();
    back->set_original_line(line - 1);
    back->set_quantity_milli(milli);
    at += 2;
  } while (at + 1 < words.size());
  if (at < words.size()) request->set_reason(words[at]);
  return absl::OkStatus();
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
  LearnNames(found.sale().lines());
  LearnNames(found.return_().lines());
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
  BL_RETURN_IF_ERROR(FillReturn(words, 2, &request));
  BL_ASSIGN_OR_RETURN(const auto back, Ask(&S::ReturnGoods, request));
  LearnNames(back.return_().lines());
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
  } else {
    names_.clear();  // they were in the other one
  }
  return absl::OkStatus();
}

}  // namespace branchline::cli

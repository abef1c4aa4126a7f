// Over 400 lines: one short function for each command of the till.

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

bool TenderOf(absl::string_view word, v1::Tender* tender) {
  if (word == "cash") {
    tender->set_kind(v1::TENDER_KIND_CASH);
  } else if (word == "card") {
    tender->set_kind(v1::TENDER_KIND_CARD);
  } else if (word == "voucher") {
    tender->set_kind(v1::TENDER_KIND_VOUCHER);
  } else if (word == "wallet" || word == "code") {
    tender->set_kind(v1::TENDER_KIND_WALLET);
    tender->set_unconfirmed(word == "code");
  } else {
    return false;
  }
  return true;
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

absl::Status TillConsole::Day(const Words& words) {
  using S = v1::Till::StubInterface;
  if (words[0] == "close-day") {
    BL_ASSIGN_OR_RETURN(const auto closed,
                        Ask(&S::CloseDay, v1::CloseDayRequest()));
    Say("day closed");
    Show(closed, [] { return std::string(); });
    return absl::OkStatus();
  }
  v1::OpenDayRequest request;
  if (words.size() > 1) {
    BL_ASSIGN_OR_RETURN(const Date date, ParseDate(words[1]));
    request.set_date(date);
  }
  BL_ASSIGN_OR_RETURN(const auto opened, Ask(&S::OpenDay, request));
  Show(opened, [&] {
    return absl::StrCat(Word("day opened", options_.language), " ",
                        FormatDate(opened.date()), "\n");
  });
  return absl::OkStatus();
}

absl::Status TillConsole::Sign(const Words& words) {
  using S = v1::Till::StubInterface;
  if (words[0] == "sign-off") {
    BL_ASSIGN_OR_RETURN(const auto off, Ask(&S::SignOff, v1::SignOffRequest()));
    Say("signed off");
    Show(off, [] { return std::string(); });
    return absl::OkStatus();
  }
  v1::SignOnRequest request;
  request.set_staff(words[1]);
  request.set_pin(words[2]);
  BL_ASSIGN_OR_RETURN(const auto on, Ask(&S::SignOn, request));
  Show(on, [&] {
    return absl::StrCat(Word("signed on", options_.language), ": ", words[1],
                        " ", on.name(), " ", on.role(), "\n");
  });
  return absl::OkStatus();
}

absl::Status TillConsole::Approve(const Words& words) {
  approval_.set_staff(words[1]);
  approval_.set_pin(words[2]);
  approval_.set_reason(words[3]);
  Say("approval ready for the next command");
  return absl::OkStatus();
}

absl::Status TillConsole::Shift(const Words& words) {
  using S = v1::Till::StubInterface;
  if (words[0] == "open-shift") {
    v1::OpenShiftRequest request;
    if (words.size() > 1) {
      BL_ASSIGN_OR_RETURN(const int64_t amount, Amount(words[1]));
      FillCash(amount, request.add_floats());
    }
    BL_ASSIGN_OR_RETURN(const auto opened, Ask(&S::OpenShift, request));
    Say("shift opened");
    Show(opened, [] { return std::string(); });
    return absl::OkStatus();
  }
  v1::CloseShiftRequest request;
  if (words.size() > 1) {
    BL_ASSIGN_OR_RETURN(const int64_t counted, Amount(words[1]));
    FillCash(counted, request.add_counts());
  }
  if (words.size() > 2) {
    BL_ASSIGN_OR_RETURN(const int64_t left, Amount(words[2]));
    FillCash(left, request.add_leave());
  }
  BL_ASSIGN_OR_RETURN(const auto closed, Ask(&S::CloseShift, request));
  Show(closed, [&] { return ShiftText(closed.report(), options_.language); });
  return absl::OkStatus();
}

absl::Status TillConsole::Report(const Words& words) {
  using S = v1::Till::StubInterface;
  v1::ShiftReport report;
  if (words[0] == "x") {
    BL_ASSIGN_OR_RETURN(report, Ask(&S::GetShift, v1::GetShiftRequest()));
  } else {
    v1::GetZRequest request;
    if (words.size() > 1) request.set_z_no(words[1]);
    BL_ASSIGN_OR_RETURN(report, Ask(&S::GetZ, request));
  }
  Show(report, [&] { return ShiftText(report, options_.language); });
  return absl::OkStatus();
}

absl::Status TillConsole::Move(const Words& words) {
  static const auto& kinds = *new std::map<std::string, v1::CashMoveKind>{
      {"float", v1::CASH_MOVE_KIND_FLOAT},
      {"drop", v1::CASH_MOVE_KIND_SAFE_DROP},
      {"pay-in", v1::CASH_MOVE_KIND_PAID_IN},
      {"pay-out", v1::CASH_MOVE_KIND_PAID_OUT},
      {"no-sale", v1::CASH_MOVE_KIND_NO_SALE},
      {"bank-sent", v1::CASH_MOVE_KIND_BANK_SENT},
      {"bank-confirmed", v1::CASH_MOVE_KIND_BANK_CONFIRMED},
  };
  v1::MoveCashRequest request;
  request.set_kind(kinds.at(words[0]));
  if (request.kind() == v1::CASH_MOVE_KIND_NO_SALE) {
    FillCash(0, request.mutable_cash());
  } else {
    BL_ASSIGN_OR_RETURN(const int64_t amount, Amount(words[1]));
    FillCash(amount, request.mutable_cash());
  }
  if (absl::StartsWith(words[0], "bank")) {
    request.set_reference(words[2]);
  } else if (words[0] != "float" && words[0] != "drop") {
    request.set_reason(words.back());
  }
  BL_ASSIGN_OR_RETURN(const auto moved,
                      Ask(&v1::Till::StubInterface::MoveCash, request));
  Say("done");
  Show(moved, [] { return std::string(); });
  return absl::OkStatus();
}

absl::Status TillConsole::Count(const Words& words) {
  v1::CountCashRequest request;
  if (words[1] == "till") {
    request.set_place(v1::CASH_PLACE_TILL);
  } else if (words[1] == "safe") {
    request.set_place(v1::CASH_PLACE_SAFE);
  } else if (words[1] == "z") {
    request.set_place(v1::CASH_PLACE_LAST_Z);
  } else {
    return absl::InvalidArgumentError("count till, safe or z");
  }
  BL_ASSIGN_OR_RETURN(const int64_t amount, Amount(words[2]));
  FillCash(amount, request.add_counts());
  BL_ASSIGN_OR_RETURN(const auto counted,
                      Ask(&v1::Till::StubInterface::CountCash, request));
  Say("done");
  Show(counted, [] { return std::string(); });
  return absl::OkStatus();
}

absl::Status TillConsole::ChangeLine(const Words& words) {
  const v1::RingRequest before = basket_;
  BL_ASSIGN_OR_RETURN(v1::RingLine* const line, Line(words[1]));
  if (words[0] == "void") {
    line->set_voided(true);
  } else if (words[0] == "weight") {
    BL_ASSIGN_OR_RETURN(const int64_t milli, ParseDecimal(words[2], 3));
    line->set_quantity_milli(milli);
    line->set_hand_weighed(true);
  } else if (words[0] == "quantity") {
    BL_ASSIGN_OR_RETURN(const int64_t milli, ParseDecimal(words[2], 3));
    line->set_quantity_milli(milli);
  } else if (words[0] == "salesperson") {
    line->set_salesperson(words[2]);
  } else {
    BL_ASSIGN_OR_RETURN(const int64_t minor, Amount(words[2]));
    line->set_unit_price_minor_e4(minor * 10'000);
    line->set_override_reason(words[3]);
  }
  const absl::Status shown = ShowBasket();
  if (!shown.ok()) basket_ = before;
  return shown;
}

absl::Status TillConsole::Discount(const Words& words) {
  const v1::RingRequest before = basket_;
  if (words[0] == "drop-change") {
    BL_ASSIGN_OR_RETURN(const int64_t minor, Amount(words[1]));
    basket_.mutable_pricing()->set_dropped_change_minor(minor);
  } else {
    v1::ManualDiscount discount;
    discount.set_reason(words[3]);
    if (absl::EndsWith(words[2], "%")) {
      BL_ASSIGN_OR_RETURN(
          const int64_t bp,
          ParseDecimal(words[2].substr(0, words[2].size() - 1), 2));
      discount.set_percent_off_bp(bp);
    } else {
      BL_ASSIGN_OR_RETURN(const int64_t minor, Amount(words[2]));
      discount.set_amount_minor(minor);
    }
    if (words[1] == "all") {
      *basket_.mutable_pricing()->mutable_discount() = discount;
    } else {
      BL_ASSIGN_OR_RETURN(v1::RingLine* const line, Line(words[1]));
      *line->mutable_discount() = discount;
    }
  }
  const absl::Status shown = ShowBasket();
  if (!shown.ok()) basket_ = before;
  return shown;
}

absl::Status TillConsole::Remark(const Words& words) {
  if (words[0] == "age-checked") {
    basket_.set_age_checked(true);
  } else if (words[0] == "coupon") {
    basket_.mutable_pricing()->add_coupons(words[1]);
  } else if (words[0] == "member") {
    basket_.set_member(words[1]);
    basket_.mutable_pricing()->clear_customer_groups();
    if (words.size() > 2) {
      basket_.mutable_pricing()->add_customer_groups(words[2]);
    }
  } else if (words[1] == "all") {
    basket_.set_note(words[2]);
  } else {
    BL_ASSIGN_OR_RETURN(v1::RingLine* const line, Line(words[1]));
    line->set_note(words[2]);
  }
  return basket_.lines().empty() ? absl::OkStatus() : ShowBasket();
}

absl::Status TillConsole::ShowBasket() {
  if (basket_.lines().empty()) {
    Say("the basket is empty");
    return absl::OkStatus();
  }
  v1::RingRequest request = basket_;
  request.clear_tenders();
  BL_ASSIGN_OR_RETURN(const auto quote,
                      Ask(&v1::Till::StubInterface::Quote, request));
  Show(quote, [&] {
    return absl::StrCat(SaleText(quote.sale(), names_, options_.language),
                        quote.why_not().empty()
                            ? ""
                            : absl::StrCat(Word("not yet", options_.language),
                                           ": ", quote.why_not(), "\n"));
  });
  Warn(quote.warnings());
  return absl::OkStatus();
}

absl::Status TillConsole::Basket(const Words& words) {
  if (words[0] == "basket") return ShowBasket();
  v1::CancelBasketRequest request;
  if (!parked_as_.empty()) {
    request.set_basket_id(parked_as_);
  } else {
    *request.mutable_lines() = basket_.lines();
  }
  request.set_currency(options_.currency);
  if (words.size() > 1) request.set_reason(words[1]);
  BL_ASSIGN_OR_RETURN(const auto cancelled,
                      Ask(&v1::Till::StubInterface::CancelBasket, request));
  Clear();
  Say("basket cancelled");
  Show(cancelled, [] { return std::string(); });
  return absl::OkStatus();
}

absl::Status TillConsole::Park(const Words& words) {
  using S = v1::Till::StubInterface;
  if (words[0] == "parked") {
    BL_ASSIGN_OR_RETURN(const auto list,
                        Ask(&S::ListBaskets, v1::ListBasketsRequest()));
    Show(list, [&] {
      std::string text;
      for (const v1::Basket& basket : list.baskets()) {
        absl::StrAppend(&text, basket.basket_id(), "  ", basket.lines_size(),
                        "\n");
      }
      return text;
    });
    return absl::OkStatus();
  }
  if (words[0] == "recall") {
    v1::GetBasketRequest request;
    request.set_basket_id(words[1]);
    BL_ASSIGN_OR_RETURN(const auto basket, Ask(&S::GetBasket, request));
    Clear();
    *basket_.mutable_lines() = basket.lines();
    basket_.set_member(basket.member());
    if (basket.has_pricing()) *basket_.mutable_pricing() = basket.pricing();
    basket_.set_note(basket.note());
    basket_.set_age_checked(basket.age_checked());
    parked_as_ = words[1];
    revision_ = basket.revision();
    return ShowBasket();
  }
  BL_RETURN_IF_ERROR(Save(words[1]));
  Clear();
  Say("parked");
  return absl::OkStatus();
}

absl::Status TillConsole::Save(const std::string& name) {
  v1::SaveBasketRequest request;
  request.mutable_basket()->set_basket_id(name);
  request.mutable_basket()->set_currency(options_.currency);
  request.mutable_basket()->set_member(basket_.member());
  *request.mutable_basket()->mutable_lines() = basket_.lines();
  *request.mutable_basket()->mutable_pricing() = basket_.pricing();
  request.mutable_basket()->set_note(basket_.note());
  request.mutable_basket()->set_age_checked(basket_.age_checked());
  if (name == parked_as_) request.mutable_basket()->set_revision(revision_);
  BL_ASSIGN_OR_RETURN(const auto saved,
                      Ask(&v1::Till::StubInterface::SaveBasket, request));
  if (name == parked_as_) revision_ = saved.revision();
  return absl::OkStatus();
}

absl::Status TillConsole::Pay(const Words& words) {
  if (basket_.lines().empty()) {
    return absl::FailedPreconditionError("the basket is empty");
  }
  v1::RingRequest request = basket_;
  request.set_currency(options_.currency);
  for (size_t i = 1; i < words.size();) {
    v1::Tender* tender = request.add_tenders();
    if (!TenderOf(words[i], tender) || i + 1 == words.size()) {
      return absl::InvalidArgumentError(absl::StrCat(
          "'", words[i].substr(0, 40),
          "': pay with cash, card, voucher, wallet or code and an amount"));
    }
    BL_ASSIGN_OR_RETURN(const int64_t minor, Amount(words[i + 1]));
    tender->set_amount_minor(minor);
    i += 2;
    v1::Tender next;
    if (i < words.size() && !TenderOf(words[i], &next)) {
      tender->set_reference(words[i++]);
    }
  }
  // A recalled basket is rung by its name, so that it goes with the sale.
  if (!parked_as_.empty()) {
    BL_RETURN_IF_ERROR(Save(parked_as_));
    request.clear_lines();
    request.set_basket_id(parked_as_);
  }
  BL_ASSIGN_OR_RETURN(const auto rung,
                      Ask(&v1::Till::StubInterface::Ring, request));
  Clear();
  ShowSale(rung.sale(), rung);
  Warn(rung.warnings());
  return absl::OkStatus();
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

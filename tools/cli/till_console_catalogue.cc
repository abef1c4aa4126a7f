// TillConsole's items: scans, which of several, search, open departments, why.

#include <cstdint>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "sync/base/money.h"
#include "sync/base/status_macros.h"
#include "tools/cli/till_ask.h"

namespace branchline::cli {
namespace {

using S = v1::Till::StubInterface;

// value x milli thousandths, which must come out whole.
absl::StatusOr<int64_t> Multiplied(int64_t value, int64_t milli) {
  const __int128 product = static_cast<__int128>(value) * milli;
  if (product % 1'000 != 0 || product / 1'000 > INT64_MAX ||
      product / 1'000 < INT64_MIN) {
    return absl::InvalidArgumentError(
        absl::StrCat(FormatMilli(milli),
                     " times is no whole number of this code, or far "
                     "too many"));
  }
  return static_cast<int64_t>(product / 1'000);
}

// `line` as many times as `quantity_milli` says: of a carton so many cartons,
// of a label one alone.
absl::Status Times(int64_t quantity_milli, v1::RingLine* line) {
  if (line->label()) {
    return absl::InvalidArgumentError(
        "a label stands for one package: scan each");
  }
  BL_ASSIGN_OR_RETURN(const int64_t each_minor,
                      Multiplied(line->gross_minor(), quantity_milli));
  if (line->has_gross_minor()) line->set_gross_minor(each_minor);
  BL_ASSIGN_OR_RETURN(const int64_t milli,
                      Multiplied(line->quantity_milli(), quantity_milli));
  line->set_quantity_milli(milli);
  if (milli < 0) line->set_kind(v1::LINE_KIND_RETURN);
  return absl::OkStatus();
}

}  // namespace

std::string TillConsole::ItemNameOf(const v1::Item& item) const {
  return options_.language != Language::kEnglish && !item.name_zh().empty()
             ? item.name_zh()
             : item.name();
}

absl::Status TillConsole::AddLine(const v1::ItemMatch& match,
                                  const Words& words) {
  v1::RingLine line = match.line();
  if (words.size() > 2) {
    BL_ASSIGN_OR_RETURN(const int64_t quantity_milli,
                        ParseDecimal(words[2], 3));
    BL_RETURN_IF_ERROR(Times(quantity_milli, &line));
  }
  names_[match.item().sku()] = ItemNameOf(match.item());
  line.set_added_at_unix_micros(absl::ToUnixMicros(clock_.WallNow()));
  const v1::RingRequest before = basket_;
  *basket_.add_lines() = std::move(line);
  const absl::Status shown = ShowBasket();
  if (!shown.ok()) basket_ = before;
  return shown;
}

std::string TillConsole::MatchesText() const {
  std::string text;
  for (size_t i = 0; i < choices_.size(); ++i) {
    const v1::Item& item = choices_[i].item();
    absl::StrAppend(&text, i + 1, "  ", item.sku(), "  ", ItemNameOf(item));
    for (const v1::VariantValue& value : item.variant()) {
      absl::StrAppend(&text, "  ", value.name(), " ", value.value());
    }
    for (const v1::Price& price : choices_[i].prices()) {
      const auto digits = MinorDigits(price.currency());
      absl::StrAppend(
          &text, "  ",
          FormatMinor(price.price_minor_e4() / 10'000, digits.value_or(0)), " ",
          price.currency());
    }
    text.push_back('\n');
  }
  return text;
}

absl::Status TillConsole::Add(const Words& words) {
  v1::FindItemRequest find;
  find.set_code(words[1]);
  find.set_currency(options_.currency);
  BL_ASSIGN_OR_RETURN(const auto found, Ask(&S::FindItem, find));
  if (found.matches_size() == 1) return AddLine(found.matches(0), words);
  choices_.assign(found.matches().begin(), found.matches().end());
  Show(found, [&] { return MatchesText(); });
  return absl::FailedPreconditionError(absl::StrCat(
      found.matches_size(), " items have this code: pick one by its number"));
}

absl::Status TillConsole::Pick(const Words& words) {
  size_t number = 0;
  if (!absl::SimpleAtoi(words[1], &number) || number < 1 ||
      number > choices_.size()) {
    return absl::InvalidArgumentError(absl::StrCat("there is no choice ",
                                                   words[1].substr(0, 20),
                                                   ": the "
                                                   "last list has ",
                                                   choices_.size()));
  }
  return AddLine(choices_[number - 1], words);
}

absl::Status TillConsole::Search(const Words& words) {
  v1::SearchItemsRequest request;
  for (size_t i = 1; i < words.size(); ++i) {
    absl::StrAppend(request.mutable_text(), i == 1 ? "" : " ", words[i]);
  }
  BL_ASSIGN_OR_RETURN(const auto found, Ask(&S::SearchItems, request));
  choices_.assign(found.matches().begin(), found.matches().end());
  Show(found, [&] {
    return absl::StrCat(MatchesText(),
                        found.matches().empty() || found.more()
                            ? absl::StrCat(Word(found.more() ? "there are more"
                                                             : "nothing found",
                                                options_.language),
                                           "\n")
                            : "");
  });
  return absl::OkStatus();
}

absl::Status TillConsole::OpenDepartment(const Words& words) {
  v1::FindItemRequest find;
  find.set_code(words[1]);
  BL_ASSIGN_OR_RETURN(const auto found, Ask(&S::FindItem, find));
  if (found.item().kind() != v1::ITEM_KIND_OPEN_DEPARTMENT) {
    return absl::InvalidArgumentError(
        absl::StrCat("'", words[1].substr(0, 64), "' is no open department"));
  }
  BL_ASSIGN_OR_RETURN(const int64_t price_minor, Amount(words[2]));
  v1::ItemMatch match = found.matches(0);
  match.mutable_line()->set_unit_price_minor_e4(price_minor * 10'000);
  if (words.size() > 3) match.mutable_line()->set_unknown_code(words[3]);
  if (words.size() > 4) match.mutable_line()->set_note(words[4]);
  return AddLine(match, {});
}

absl::Status TillConsole::Why(const Words&) {
  if (basket_.lines().empty()) {
    return absl::FailedPreconditionError("the basket is empty");
  }
  v1::RingRequest request = basket_;
  request.set_currency(options_.currency);
  BL_ASSIGN_OR_RETURN(const auto why, Ask(&S::Explain, request));
  LearnNames(why.quote().sale().lines());
  Show(why, [&] {
    std::string text;
    for (int i = 0; i < why.lines_size(); ++i) {
      absl::StrAppend(&text, i + 1, " ",
                      NameOf(why.quote().sale().lines(i).sku(), names_), "\n");
      for (const std::string& what : why.lines(i).what()) {
        absl::StrAppend(&text, "    ", what, "\n");
      }
    }
    for (const std::string& rule : why.rules_not_fired()) {
      absl::StrAppend(&text, "- ", rule, "\n");
    }
    return text;
  });
  return absl::OkStatus();
}

}  // namespace branchline::cli

// TillConsole's day: people, shifts, X and Z, and the cash in the drawer.

#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "edge/words/say.h"
#include "sync/base/date.h"
#include "sync/base/money.h"
#include "sync/base/status_macros.h"
#include "tools/cli/table.h"
#include "tools/cli/till_ask.h"
#include "tools/cli/till_console.h"

namespace branchline::cli {
absl::Status TillConsole::Day(const Words& words) {
  using S = v1::Till::StubInterface;
  if (words[0] == "close-day") {
    BL_ASSIGN_OR_RETURN(const auto closed,
                        Ask(&S::CloseDay, v1::CloseDayRequest()));
    Show(closed, [&] { return DayText(closed.seal(), options_.language); });
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
                        " ", on.name(), " ",
                        SayIn(on.role(), NameOf(options_.language)), "\n");
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
      BL_RETURN_IF_ERROR(FillCash(words[1], request.add_floats()));
    }
    BL_ASSIGN_OR_RETURN(const auto opened, Ask(&S::OpenShift, request));
    Say("shift opened");
    Show(opened, [] { return std::string(); });
    return absl::OkStatus();
  }
  v1::CloseShiftRequest request;
  if (words.size() > 1) {
    BL_RETURN_IF_ERROR(FillCash(words[1], request.add_counts()));
  }
  if (words.size() > 2) {
    BL_RETURN_IF_ERROR(FillCash(words[2], request.add_leave()));
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
    BL_RETURN_IF_ERROR(FillCash("0", request.mutable_cash()));
  } else {
    BL_RETURN_IF_ERROR(FillCash(words[1], request.mutable_cash()));
  }
  if (absl::StartsWith(words[0], "bank")) {
    request.set_reference(words[2]);
  } else if (words[0] != "float" && words[0] != "drop") {
    request.set_reason(words.back());
  }
  BL_ASSIGN_OR_RETURN(const auto moved,
                      Ask(&v1::Till::StubInterface::MoveCash, request));
  Say("done");
  Show(moved, [&] {
    const int64_t difference_minor = moved.moved().difference_minor();
    if (difference_minor == 0) return std::string();
    return absl::StrCat(
        PaperLine(Word("over or short", options_.language),
                  MoneyText(difference_minor, moved.moved().cash().currency())),
        "\n");
  });
  Warn(moved.warnings());
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
  BL_RETURN_IF_ERROR(FillCash(words[2], request.add_counts()));
  BL_ASSIGN_OR_RETURN(const auto counted,
                      Ask(&v1::Till::StubInterface::CountCash, request));
  Say("done");
  Show(counted,
       [&] { return CountedText(counted.counted(), options_.language); });
  return absl::OkStatus();
}

}  // namespace branchline::cli

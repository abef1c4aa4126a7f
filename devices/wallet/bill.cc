#include "devices/wallet/bill.h"

#include <algorithm>
#include <map>
#include <optional>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "devices/payment/payment_words.h"
#include "devices/text/charset.h"
#include "devices/text/utf8.h"
#include "sync/base/money.h"
#include "sync/base/status_macros.h"

namespace branchline {
namespace {

// Where each column stands; -1: there is none.
struct Columns {
  int number = -1;
  int trade_no = -1;
  int state = -1;
  int amount = -1;
  int refund_number = -1;
  int refund_amount = -1;
  bool is_alipay = false;

  bool complete() const {
    return number >= 0 && trade_no >= 0 && state >= 0 && amount >= 0 &&
           refund_number >= 0 && (is_alipay || refund_amount >= 0);
  }
};

absl::string_view Bare(absl::string_view cell) {
  cell = absl::StripAsciiWhitespace(cell);
  absl::ConsumePrefix(&cell, "`");
  absl::ConsumePrefix(&cell, "\"");
  absl::ConsumeSuffix(&cell, "\"");
  return absl::StripAsciiWhitespace(cell);
}

// The bill has no commas inside of a cell that is read here; cells after those
// with free text are counted from the left all the same.
std::vector<absl::string_view> Cells(absl::string_view line) {
  std::vector<absl::string_view> cells = absl::StrSplit(line, ',');
  for (absl::string_view& cell : cells) cell = Bare(cell);
  return cells;
}

Columns ColumnsOf(const std::vector<absl::string_view>& heads) {
  Columns columns;
  for (int i = 0; i < static_cast<int>(heads.size()); ++i) {
    const absl::string_view head = heads[static_cast<size_t>(i)];
    if (head == "商户订单号") columns.number = i;
    if (head == "微信订单号" || head == "支付宝交易号") columns.trade_no = i;
    if (head == "交易状态" || head == "业务类型") columns.state = i;
    if (head == "订单金额" || head == "订单金额（元）") columns.amount = i;
    if (head == "商户退款单号" || head == "退款批次号/请求号") {
      columns.refund_number = i;
    }
    if (head == "申请退款金额") columns.refund_amount = i;
    if (head == "支付宝交易号") columns.is_alipay = true;
  }
  return columns;
}

bool IsUtf8(absl::string_view text) {
  return std::find(text.begin(), text.end(), '\x80') == text.end() &&
         CodePoints(text.substr(0, 4'096)).find(U'\uFFFD') ==
             std::u32string::npos;
}

absl::StatusOr<std::string> ToUtf8(absl::string_view text) {
  const absl::string_view head = text.substr(0, 2'000);
  if (absl::StrContains(head, "商户订单号") || IsUtf8(head)) {
    return std::string(text);
  }
  BL_ASSIGN_OR_RETURN(Charset charset, Charset::Open("GB18030"));
  std::string utf8;
  for (const char32_t c : charset.Decode(text)) AppendUtf8(&utf8, c);
  return utf8;
}

absl::StatusOr<BillLine> LineOf(const Columns& columns,
                                const std::vector<absl::string_view>& cells) {
  const auto at = [&cells](int column) {
    return column >= 0 && static_cast<size_t>(column) < cells.size()
               ? cells[static_cast<size_t>(column)]
               : absl::string_view();
  };
  BillLine line;
  const absl::string_view state = at(columns.state);
  line.is_undone = state == "REVOKED";
  line.is_refund = state == "REFUND" || state == "退款";
  line.trade_no = std::string(at(columns.trade_no));
  line.number =
      std::string(at(line.is_refund ? columns.refund_number : columns.number));
  absl::string_view amount =
      at(line.is_refund && !columns.is_alipay ? columns.refund_amount
                                              : columns.amount);
  absl::ConsumePrefix(&amount, "-");  // Alipay writes refunds with a minus
  BL_ASSIGN_OR_RETURN(line.amount_minor, ParseDecimal(amount, 2));
  if (line.number.empty() || state.empty()) {
    return absl::InvalidArgumentError("a number or a state is lacking");
  }
  return line;
}

}  // namespace

absl::StatusOr<std::vector<BillLine>> ParseBill(absl::string_view raw) {
  if (raw.size() > kBillSizeMax) {
    return absl::InvalidArgumentError(absl::StrCat(
        "read a bill: ", raw.size(), " bytes, at most ", kBillSizeMax));
  }
  absl::ConsumePrefix(&raw, "\xEF\xBB\xBF");
  BL_ASSIGN_OR_RETURN(const std::string text, ToUtf8(raw));
  Columns columns;
  std::vector<BillLine> lines;
  int number = 0;
  for (const absl::string_view row : absl::StrSplit(text, '\n')) {
    ++number;
    const std::vector<absl::string_view> cells = Cells(row);
    if (!columns.complete()) {
      columns = ColumnsOf(cells);
      continue;
    }
    const absl::string_view first = cells.front();
    // Totals, or the end of the table.
    if (absl::StartsWith(first, "总交易单数") || absl::StartsWith(first, "#")) {
      break;
    }
    if (cells.size() == 1 && first.empty()) continue;
    absl::StatusOr<BillLine> line = LineOf(columns, cells);
    if (!line.ok()) {
      return Annotate(line.status(),
                      absl::StrCat("read a bill: line ", number));
    }
    lines.push_back(*std::move(line));
  }
  if (!columns.complete()) {
    return absl::InvalidArgumentError(
        "read a bill: no line has the headings of a WeChat Pay or Alipay bill");
  }
  return lines;
}

std::string ToText(const BillDifference& difference) {
  const std::string which =
      absl::StrCat(difference.number,
                   difference.id.empty() ? "" : " (" + difference.id + ")");
  const std::string ours = FormatMinor(difference.ours_minor, 2);
  const std::string theirs = FormatMinor(difference.theirs_minor, 2);
  switch (difference.kind) {
    case BillDifference::Kind::kOnlyOurs:
      return absl::StrCat(which, ": done here for ", ours,
                          ", not in the bill. Near midnight it may stand in "
                          "the next one; else ask the wallet");
    case BillDifference::Kind::kOnlyTheirs:
      return absl::StrCat(which, ": the bill has ", theirs,
                          ", nothing is known of it here; wallet's number ",
                          difference.trade_no);
    case BillDifference::Kind::kAmountDiffers:
      return absl::StrCat(which, ": ", ours, " here, ", theirs, " in the bill");
    case BillDifference::Kind::kNotDoneHere:
      return absl::StrCat(which, ": the bill has ", theirs,
                          ", here it is not done; look at the attempt");
    case BillDifference::Kind::kTwice:
      return absl::StrCat(which, ": in the bill twice, ", theirs,
                          " each time the last");
  }
  return which;
}

std::vector<BillDifference> CompareWithBill(
    const std::vector<BillLine>& bill,
    const std::vector<PaymentAttempt>& attempts, absl::Time from,
    absl::Time to) {
  struct Sides {
    const PaymentAttempt* ours = nullptr;
    const BillLine* theirs = nullptr;
    bool twice = false;
    bool undone = false;
  };
  std::map<std::string, Sides> by_number;
  for (const PaymentAttempt& attempt : attempts) {
    if (!attempt.number.empty()) by_number[attempt.number].ours = &attempt;
  }
  for (const BillLine& line : bill) {
    Sides& sides = by_number[line.number];
    if (line.is_undone) {
      sides.undone = true;
      continue;
    }
    sides.twice = sides.theirs != nullptr;
    sides.theirs = &line;
  }
  std::vector<BillDifference> differences;
  for (auto& [number, sides] : by_number) {
    if (sides.undone) sides.theirs = nullptr;
    BillDifference difference;
    difference.number = number;
    const bool done =
        sides.ours != nullptr && sides.ours->state == PaymentState::kDone;
    if (sides.ours != nullptr) {
      difference.id = sides.ours->id;
      difference.ours_minor = done ? sides.ours->done_minor : 0;
    }
    if (sides.theirs == nullptr) {
      if (!done || sides.ours->started_at < from ||
          sides.ours->started_at >= to) {
        continue;
      }
      difference.kind = BillDifference::Kind::kOnlyOurs;
      differences.push_back(difference);
      continue;
    }
    difference.trade_no = sides.theirs->trade_no;
    difference.theirs_minor = sides.theirs->amount_minor;
    if (sides.twice) {
      difference.kind = BillDifference::Kind::kTwice;
    } else if (sides.ours == nullptr) {
      difference.kind = BillDifference::Kind::kOnlyTheirs;
    } else if (!done) {
      difference.kind = BillDifference::Kind::kNotDoneHere;
    } else if (difference.ours_minor != difference.theirs_minor ||
               sides.theirs->is_refund !=
                   (sides.ours->kind != PaymentKind::kPayment)) {
      difference.kind = BillDifference::Kind::kAmountDiffers;
    } else {
      continue;
    }
    differences.push_back(difference);
  }
  return differences;
}

}  // namespace branchline

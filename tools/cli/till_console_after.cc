// TillConsole's training, invoices, exchange, codes, bills and paper.

#include <algorithm>
#include <fstream>
#include <set>
#include <sstream>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "devices/wallet/bill.h"
#include "edge/till/match_tenders.h"
#include "sync/base/date.h"
#include "sync/base/money.h"
#include "sync/base/status_macros.h"
#include "tools/cli/table.h"
#include "tools/cli/till_ask.h"

namespace branchline::cli {
namespace {

using S = v1::Till::StubInterface;

absl::StatusOr<uint32_t> LineIndex(absl::string_view text) {
  uint32_t line = 0;
  if (!absl::SimpleAtoi(text, &line) || line == 0) {
    return absl::InvalidArgumentError("lines are counted from 1");
  }
  return line - 1;
}

absl::StatusOr<std::string> ReadBill(const std::string& file) {
  std::ifstream in(file, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  if (!in) {
    return absl::NotFoundError(
        absl::StrCat("the bill ", file, " cannot be read"));
  }
  if (text.str().size() > kBillSizeMax) {
    return absl::InvalidArgumentError(
        absl::StrCat("the bill ", file, " has ", text.str().size(),
                     " bytes, at most ", kBillSizeMax));
  }
  return text.str();
}

void AddEntry(absl::string_view id, int64_t amount_minor,
              v1::MatchTendersRequest* request) {
  v1::BillEntry* entry = request->add_entries();
  entry->set_transaction_id(std::string(id));
  entry->set_amount_minor(amount_minor);
}

}  // namespace

absl::Status TillConsole::Train(const Words& words) {
  if (words[1] != "on" && words[1] != "off") {
    return absl::InvalidArgumentError("training on, or training off");
  }
  v1::SetTrainingRequest request;
  request.set_on(words[1] == "on");
  if (words.size() > 2) request.set_reason(words[2]);
  BL_ASSIGN_OR_RETURN(const auto set, Ask(&S::SetTraining, request));
  training_ = request.on();
  Say(training_ ? "this till trains now" : "this till is real again");
  Show(set, [] { return std::string(); });
  return absl::OkStatus();
}

absl::Status TillConsole::Invoice(const Words& words) {
  v1::RequestInvoiceRequest request;
  request.set_receipt_no(words[1]);
  request.set_code(words[2]);
  if (words.size() > 3) request.set_buyer_tax_number(words[3]);
  if (words.size() > 4) request.set_reference(words[4]);
  BL_ASSIGN_OR_RETURN(const auto made, Ask(&S::RequestInvoice, request));
  Show(made, [&] {
    return absl::StrCat(PaperLine(Word("invoice over", options_.language),
                                  MoneyText(made.invoice().amount_minor(),
                                            made.invoice().currency())),
                        "\n");
  });
  return absl::OkStatus();
}

absl::Status TillConsole::Exchange(const Words& words) {
  BL_ASSIGN_OR_RETURN(const uint32_t index, LineIndex(words[2]));
  BL_ASSIGN_OR_RETURN(const int64_t milli, ParseDecimal(words[3], 3));
  const v1::RingRequest before = basket_;
  v1::RingLine* line = basket_.add_lines();
  line->set_kind(v1::LINE_KIND_RETURN);
  line->set_quantity_milli(-milli);
  line->set_returns_receipt_no(words[1]);
  line->set_returns_line(index);
  const absl::Status shown = ShowBasket();
  if (!shown.ok()) basket_ = before;
  return shown;
}

absl::Status TillConsole::ByCode(const Words& words) {
  if (words[0] == "read-code") {
    v1::ReadReceiptCodeRequest request;
    request.set_code(words[1]);
    BL_ASSIGN_OR_RETURN(const auto read, Ask(&S::ReadReceiptCode, request));
    Show(read, [&] {
      const v1::ReceiptEvidence& receipt = read.receipt();
      std::string text =
          absl::StrCat(receipt.receipt_no(), "  ", read.branch_name(), "  ",
                       FormatDate(receipt.date()), "\n");
      for (int i = 0; i < receipt.lines_size(); ++i) {
        const v1::EvidenceLine& line = receipt.lines(i);
        absl::StrAppend(
            &text,
            PaperLine(absl::StrCat(line.line() + 1, " ", line.sku(), " x",
                                   FormatMilli(line.quantity_milli())),
                      MoneyText(line.amount_minor(), receipt.currency())),
            "\n");
        if (i >= read.returned_milli_size() || read.returned_milli(i) == 0) {
          continue;
        }
        absl::StrAppend(&text, "    ", Word("returns", options_.language), " ",
                        FormatMilli(read.returned_milli(i)), "\n");
      }
      return text;
    });
    return absl::OkStatus();
  }
  v1::ReturnGoodsRequest request;
  request.set_signed_code(words[1]);
  BL_RETURN_IF_ERROR(FillReturn(words, 2, &request));
  BL_ASSIGN_OR_RETURN(const auto back, Ask(&S::ReturnGoods, request));
  LearnNames(back.return_().lines());
  Show(back,
       [&] { return ReturnText(back.return_(), names_, options_.language); });
  Warn(back.warnings());
  return absl::OkStatus();
}

absl::Status TillConsole::Unconfirmed(const Words&) {
  BL_ASSIGN_OR_RETURN(const auto list,
                      Ask(&S::ListUnconfirmed, v1::ListUnconfirmedRequest()));
  Show(list, [&] {
    std::string text;
    for (const v1::UnconfirmedTender& open : list.open()) {
      absl::StrAppend(
          &text,
          PaperLine(absl::StrCat(open.receipt_no(), " ...", open.reference()),
                    MoneyText(open.amount_minor(), open.currency())),
          "\n");
    }
    for (const v1::UnconfirmedTender& lost : list.written_off()) {
      absl::StrAppend(
          &text,
          PaperLine(absl::StrCat(lost.receipt_no(), " ",
                                 Word("written off", options_.language)),
                    MoneyText(lost.amount_minor(), lost.currency())),
          "\n");
    }
    return text;
  });
  return absl::OkStatus();
}

absl::Status TillConsole::WriteOff(const Words& words) {
  v1::WriteOffTenderRequest request;
  request.set_receipt_no(words[1]);
  request.set_reason(words[2]);
  if (words.size() > 3) {
    uint32_t number = 0;
    if (!absl::SimpleAtoi(words[3], &number) || number == 0) {
      return absl::InvalidArgumentError("payments are counted from 1");
    }
    request.set_tender(number - 1);
  } else {
    BL_ASSIGN_OR_RETURN(const auto list,
                        Ask(&S::ListUnconfirmed, v1::ListUnconfirmedRequest()));
    int open = 0;
    for (const v1::UnconfirmedTender& tender : list.open()) {
      if (tender.receipt_no() != words[1]) continue;
      request.set_tender(tender.tender());
      ++open;
    }
    if (open > 1) {
      return absl::InvalidArgumentError(
          absl::StrCat(open, " payments of ", words[1],
                       " are open: say which, its number on the receipt"));
    }
  }
  BL_ASSIGN_OR_RETURN(const auto done, Ask(&S::WriteOffTender, request));
  Show(done, [&] {
    const v1::TenderWrittenOff& lost = done.written_off();
    return absl::StrCat(
        PaperLine(absl::StrCat(Word("written off", options_.language), " ",
                               lost.receipt_no()),
                  MoneyText(lost.amount_minor(), lost.currency())),
        "\n");
  });
  return absl::OkStatus();
}

absl::Status TillConsole::Match(const Words& words) {
  BL_ASSIGN_OR_RETURN(const std::string text, ReadBill(words[2]));
  BL_ASSIGN_OR_RETURN(const auto list,
                      Ask(&S::ListUnconfirmed, v1::ListUnconfirmedRequest()));
  // Of a long bill only what could be meant is sent.
  std::set<int64_t> amounts;
  for (const v1::UnconfirmedTender& open : list.open()) {
    amounts.insert(open.amount_minor());
  }
  for (const v1::UnconfirmedTender& lost : list.written_off()) {
    amounts.insert(lost.amount_minor());
  }
  v1::MatchTendersRequest request;
  request.set_channel(words[1]);
  if (const auto bill = ParseBill(text); bill.ok()) {
    for (const BillLine& line : *bill) {
      if (line.is_refund || line.is_undone) continue;
      if (amounts.count(line.amount_minor) == 0) continue;
      AddEntry(line.trade_no, line.amount_minor, &request);
    }
  } else {
    int number = 0;
    for (const absl::string_view line : absl::StrSplit(text, '\n')) {
      ++number;
      const std::vector<std::string> cells =
          absl::StrSplit(absl::StripAsciiWhitespace(line), ',');
      if (cells.size() == 1 && cells[0].empty()) continue;
      const auto minor = cells.size() == 2
                             ? Amount(cells[1])
                             : absl::StatusOr<int64_t>(bill.status());
      if (!minor.ok()) {
        return absl::InvalidArgumentError(absl::StrCat(
            "line ", number, " of ", words[2],
            " is not TRANSACTION,AMOUNT, nor is the file a wallet's bill"));
      }
      if (amounts.count(*minor) > 0) AddEntry(cells[0], *minor, &request);
    }
  }
  if (request.entries().empty() || request.entries_size() > kBillEntriesMax) {
    return absl::NotFoundError(
        absl::StrCat(request.entries_size(), " entries of ", words[2],
                     " could be a payment that is still unconfirmed; 1 to ",
                     kBillEntriesMax, " are wanted"));
  }
  BL_ASSIGN_OR_RETURN(const auto matched, Ask(&S::MatchTenders, request));
  Show(matched, [&] {
    return absl::StrCat(Word("found on the bill", options_.language), ": ",
                        matched.matched().tenders_size(), ", ",
                        Word("still open", options_.language), ": ",
                        matched.open_size(), "\n");
  });
  return absl::OkStatus();
}

absl::Status TillConsole::Drop(const Words& words) {
  v1::DropBasketRequest request;
  request.set_basket_id(words[1]);
  if (words.size() > 2) request.set_reason(words[2]);
  BL_ASSIGN_OR_RETURN(const auto dropped, Ask(&S::DropBasket, request));
  if (words[1] == parked_as_) Clear();
  Say("basket cancelled");
  Show(dropped, [] { return std::string(); });
  return absl::OkStatus();
}

absl::Status TillConsole::Paper(const Words& words) {
  v1::RenderRequest request;
  request.set_copy(words[0] == "copy");
  if (words[1] == "x" && !request.copy()) {
    request.set_x(true);
  } else if (words[1] == "z") {
    request.set_z_no("last");
  } else if (absl::StrContains(words[1], "-Z")) {
    request.set_z_no(words[1]);
  } else {
    request.set_receipt_no(words[1]);
  }
  const bool html = words.size() > 2 && words[2] == "html";
  if (words.size() > 2 && !html && words[2] != "text") {
    return absl::InvalidArgumentError("paper as text or html");
  }
  request.set_format(html ? v1::RENDER_FORMAT_HTML : v1::RENDER_FORMAT_TEXT);
  request.set_language(std::string(NameOf(options_.language)));
  BL_ASSIGN_OR_RETURN(const auto drawn, Ask(&S::Render, request));
  if (words.size() <= 3) {
    Show(drawn, [&] { return drawn.content(); });
    return absl::OkStatus();
  }
  std::ofstream file(words[3], std::ios::binary);
  file << drawn.content();
  file.close();
  if (!file) {
    return absl::UnavailableError(absl::StrCat(words[3], " cannot be written"));
  }
  Say("done");
  return absl::OkStatus();
}

absl::Status TillConsole::State(const Words&) {
  BL_ASSIGN_OR_RETURN(const auto status,
                      Ask(&S::GetStatus, v1::GetStatusRequest()));
  training_ = status.training();
  Show(status, [&] {
    const Language language = options_.language;
    return absl::StrCat(
        status.branch(), " ", status.branch_name(), "\n",
        status.open_date() == 0
            ? std::string(Word("no day is open", language))
            : absl::StrCat(Word("day opened", language), " ",
                           FormatDate(status.open_date())),
        "\n",
        Word(status.online() ? "the line is up" : "the line is down", language),
        ", ", Word("waiting", language), ": ", status.waiting_events(), "\n",
        training_ ? absl::StrCat(Word("training", language), "\n") : "",
        status.stopped_why().empty()
            ? ""
            : absl::StrCat(status.stopped_why(), "\n"));
  });
  return absl::OkStatus();
}

}  // namespace branchline::cli

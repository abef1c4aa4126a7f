// TillConsole's paper that comes out of the till's own printer: an X, copies,
// labels.

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "sync/base/status_macros.h"
#include "sync/identity/uuid.h"
#include "tools/cli/table.h"
#include "tools/cli/till_ask.h"
#include "tools/cli/till_console.h"

namespace branchline::cli {
namespace {

using D = v1::TillDeviceService::StubInterface;

absl::Status NoDevices() {
  return absl::FailedPreconditionError("no printer can be asked from here");
}

}  // namespace

absl::Status TillConsole::PrintX(const Words&) {
  if (options_.devices == nullptr) return NoDevices();
  v1::PrintXRequest request;
  request.set_request_id(
      NewUuidV7(clock_.WallNow(), random_.Bytes(kUuidRandomSize)));
  BL_ASSIGN_OR_RETURN(const auto printed,
                      AskOf(*options_.devices, &D::PrintX, request));
  ShowPrinter(printed, printed.printer());
  return absl::OkStatus();
}

absl::Status TillConsole::Reprint(const Words& words) {
  if (options_.devices == nullptr) return NoDevices();
  v1::ReprintReceiptRequest request;
  request.set_receipt_no(words[1]);
  if (words[1] == "z") {
    BL_ASSIGN_OR_RETURN(const auto last,
                        Ask(&v1::Till::StubInterface::GetZ, v1::GetZRequest()));
    request.set_receipt_no(last.shift().z_no());
  }
  BL_ASSIGN_OR_RETURN(const auto printed,
                      AskOf(*options_.devices, &D::ReprintReceipt, request));
  ShowPrinter(printed, printed.printer());
  return absl::OkStatus();
}

absl::Status TillConsole::Labels(const Words& words) {
  if (options_.devices == nullptr) return NoDevices();
  v1::PrintLabelsRequest request;
  request.set_code(words[1]);
  BL_ASSIGN_OR_RETURN(const int64_t price_minor, Amount(words[2]));
  request.set_price_minor(price_minor);
  request.set_reason(words[3]);
  uint32_t count = 1;
  if (words.size() > 4 && (!absl::SimpleAtoi(words[4], &count) || count == 0)) {
    return absl::InvalidArgumentError("how many labels? A number from 1 on");
  }
  request.set_count(count);
  BL_ASSIGN_OR_RETURN(const auto printed,
                      AskOf(*options_.devices, &D::PrintLabels, request));
  if (!options_.json) {
    const v1::LabelsPrinted& label = printed.printed();
    out_ << PaperLine(absl::StrCat(label.sku(), " ", label.code(), " x",
                                   label.count()),
                      MoneyText(label.price_minor(), label.currency()))
         << "\n";
  }
  ShowPrinter(printed, printed.printer());
  return absl::OkStatus();
}

void TillConsole::ShowPrinter(const google::protobuf::Message& answer,
                              const std::string& printer) {
  Show(answer, [&] {
    return absl::StrCat(Word("printed at", options_.language), " ", printer,
                        "\n");
  });
}

}  // namespace branchline::cli

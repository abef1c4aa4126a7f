// TillApi's training, invoices, payments found on a bill, codes and paper.

#include <utility>

#include "absl/strings/str_cat.h"
#include "edge/receipt/build_receipt.h"
#include "edge/receipt/lay_out_receipt.h"
#include "edge/receipt/receipt_html.h"
#include "edge/receipt/receipt_text.h"
#include "edge/receipt/receipt_words.h"
#include "edge/receipt/shift_slip.h"
#include "edge/serve/till_api.h"
#include "edge/till/match_tenders.h"
#include "edge/till/sold_receipt.h"
#include "sync/base/status_macros.h"
#include "sync/ledger/keys.h"

namespace branchline {
namespace {

constexpr uint32_t kColumnsDefault = 42;
constexpr uint32_t kColumnsMax = 80;

}  // namespace

absl::Status TillApi::SetTraining(const CallContext& context,
                                  const v1::SetTrainingRequest& request,
                                  v1::SetTrainingResponse* response) {
  BL_ASSIGN_OR_RETURN(const Outcome outcome,
                      Commit(context, request, "SetTraining"));
  SetLanded(outcome, response->mutable_landed());
  return absl::OkStatus();
}

absl::Status TillApi::RequestInvoice(const CallContext& context,
                                     const v1::RequestInvoiceRequest& request,
                                     v1::RequestInvoiceResponse* response) {
  BL_ASSIGN_OR_RETURN(const Outcome outcome,
                      Commit(context, request, "RequestInvoice"));
  SetLanded(outcome, response->mutable_landed());
  *response->mutable_invoice() = outcome.event.invoice_requested();
  return absl::OkStatus();
}

absl::Status TillApi::ListUnconfirmed(const CallContext& context,
                                      const v1::ListUnconfirmedRequest&,
                                      v1::ListUnconfirmedResponse* response) {
  BL_RETURN_IF_ERROR(TillOf(context).status());
  BL_ASSIGN_OR_RETURN(auto payments,
                      ReadUnconfirmed(store_, identity_.node.branch()));
  for (v1::UnconfirmedTender& tender : payments.open) {
    *response->add_open() = std::move(tender);
  }
  for (v1::UnconfirmedTender& tender : payments.written_off) {
    *response->add_written_off() = std::move(tender);
  }
  return absl::OkStatus();
}

absl::Status TillApi::MatchTenders(const CallContext& context,
                                   const v1::MatchTendersRequest& request,
                                   v1::MatchTendersResponse* response) {
  BL_RETURN_IF_ERROR(TillOf(context).status());
  const std::string& branch = identity_.node.branch();
  std::vector<v1::MatchedTender> matches;
  if (request.entries_size() <= kBillEntriesMax) {
    BL_ASSIGN_OR_RETURN(const auto payments, ReadUnconfirmed(store_, branch));
    matches =
        MatchBill(payments.Findable(), request, identity_.node.currency());
  }
  BL_ASSIGN_OR_RETURN(
      const Outcome outcome,
      Commit(context, request, "MatchTenders", std::move(matches)));
  SetLanded(outcome, response->mutable_landed());
  *response->mutable_matched() = outcome.event.tenders_matched();
  BL_ASSIGN_OR_RETURN(auto left, ReadUnconfirmed(store_, branch));
  for (v1::UnconfirmedTender& tender : left.open) {
    *response->add_open() = std::move(tender);
  }
  return absl::OkStatus();
}

absl::Status TillApi::WriteOffTender(const CallContext& context,
                                     const v1::WriteOffTenderRequest& request,
                                     v1::WriteOffTenderResponse* response) {
  BL_ASSIGN_OR_RETURN(const Outcome outcome,
                      Commit(context, request, "WriteOffTender"));
  SetLanded(outcome, response->mutable_landed());
  *response->mutable_written_off() = outcome.event.tender_written_off();
  return absl::OkStatus();
}

absl::Status TillApi::ReadReceiptCode(const CallContext& context,
                                      const v1::ReadReceiptCodeRequest& request,
                                      v1::ReadReceiptCodeResponse* response) {
  BL_RETURN_IF_ERROR(TillOf(context).status());
  BL_ASSIGN_OR_RETURN(const v1::SignedReceipt receipt,
                      DecodeReceiptCode(request.code()));
  return queue_.Run([&](EdgeCore& core) {
    return core.Look([&](const DecideView& view) -> absl::Status {
      BL_ASSIGN_OR_RETURN(*response->mutable_receipt(),
                          CheckedEvidence(view, receipt));
      BL_ASSIGN_OR_RETURN(const auto branch,
                          view.FindBranch(response->receipt().branch()));
      if (branch.has_value()) response->set_branch_name(branch->name());
      BL_ASSIGN_OR_RETURN(
          const Cell returned,
          view.BookCell(books::Returned(view.branch(),
                                        response->receipt().receipt_no())));
      for (const v1::EvidenceLine& line : response->receipt().lines()) {
        BL_ASSIGN_OR_RETURN(
            const int64_t milli,
            Narrow(returned.Get(books::ReturnedField(line.line())),
                   "returned goods"));
        response->add_returned_milli(milli);
      }
      return absl::OkStatus();
    });
  });
}

v1::ReceiptText TillApi::ReceiptText() const {
  if (receipt_text_) return receipt_text_();
  const auto bytes =
      store_.Get(Table::kDocs, docs::Devices(identity_.node.branch()));
  v1::DevicesSet devices;
  if (bytes.ok() && bytes->has_value()) devices.ParseFromString(**bytes);
  return devices.receipt();
}

absl::Status TillApi::Draw(const CallContext& context,
                           const v1::RenderRequest& request, int columns,
                           const v1::ReceiptText& text,
                           ReceiptDocument* document, std::string* title) {
  if (!request.receipt_no().empty()) {
    BL_ASSIGN_OR_RETURN(const IssuedPaper receipt,
                        receipts_.Find(request.receipt_no()));
    BL_ASSIGN_OR_RETURN(ReceiptModel model, receipts_.Build(receipt, text));
    if (request.copy()) {
      model.title = model.title.empty()
                        ? model.copy_mark
                        : absl::StrCat(model.title, "\n", model.copy_mark);
    }
    *title = model.receipt_no;
    *document = LayOutReceipt(model, columns);
    return absl::OkStatus();
  }
  v1::ShiftReport report;
  if (request.x()) {
    BL_RETURN_IF_ERROR(GetShift(context, v1::GetShiftRequest(), &report));
  } else {
    v1::GetZRequest z;
    z.set_z_no(request.z_no() == "last" ? "" : request.z_no());
    BL_RETURN_IF_ERROR(GetZ(context, z, &report));
  }
  *title = report.shift().z_no().empty() ? "X" : report.shift().z_no();
  BL_ASSIGN_OR_RETURN(
      *document,
      LayOutShift(report, {identity_.node.branch_name(), identity_.time_zone,
                           text, clock_.WallNow(), request.copy()}));
  return absl::OkStatus();
}

absl::Status TillApi::Render(const CallContext& context,
                             const v1::RenderRequest& request,
                             v1::RenderResponse* response) {
  BL_RETURN_IF_ERROR(TillOf(context).status());
  const int wanted = (request.receipt_no().empty() ? 0 : 1) +
                     (request.z_no().empty() ? 0 : 1) + (request.x() ? 1 : 0);
  const uint32_t columns =
      request.columns() == 0 ? kColumnsDefault : request.columns();
  if (wanted != 1 || columns < kReceiptColumnsMin || columns > kColumnsMax) {
    return absl::InvalidArgumentError(
        absl::StrCat("ask for one receipt, one Z or the X, in ",
                     kReceiptColumnsMin, " to ", kColumnsMax, " columns"));
  }
  if (!IsReceiptLanguage(request.language())) {
    return absl::InvalidArgumentError("languages: en, zh-CN, zh-TW");
  }
  v1::ReceiptText text = ReceiptText();
  if (!request.language().empty()) text.set_language(request.language());
  ReceiptDocument document;
  std::string title;
  BL_RETURN_IF_ERROR(Draw(context, request, static_cast<int>(columns), text,
                          &document, &title));
  response->set_content(
      request.format() == v1::RENDER_FORMAT_HTML
          ? ReceiptAsHtml(document, WordsOf(text.language()).language, title)
          : ReceiptAsText(document, static_cast<int>(columns)));
  return absl::OkStatus();
}

}  // namespace branchline

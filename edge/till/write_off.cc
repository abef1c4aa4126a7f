#include "edge/till/write_off.h"

#include "absl/strings/str_cat.h"
#include "edge/till/decide_day.h"
#include "edge/till/decide_sale.h"
#include "sync/base/status_macros.h"

namespace branchline {
namespace {

void PostLoss(const v1::UnconfirmedTender& tender, PostingBuilder* postings) {
  const std::string code = UnconfirmedDetail(tender.till());
  postings->Settle(
      tender.currency(),
      {{v1::ACCOUNT_KIND_TENDER, code, tender.amount_minor()},
       {v1::ACCOUNT_KIND_WRITTEN_OFF, code, -tender.amount_minor()}});
}

}  // namespace

void PostFound(const v1::UnconfirmedTender& tender, bool was_written_off,
               PostingBuilder* postings) {
  postings->Settle(
      tender.currency(),
      {{was_written_off ? v1::ACCOUNT_KIND_WRITTEN_OFF
                        : v1::ACCOUNT_KIND_TENDER,
        UnconfirmedDetail(tender.till()), tender.amount_minor()},
       {v1::ACCOUNT_KIND_TENDER, TenderDetail(tender.kind(), tender.till()),
        -tender.amount_minor()}});
}

void PostLossEnds(const v1::UnconfirmedTender& tender, int64_t amount_minor,
                  PostingBuilder* postings) {
  const std::string code = UnconfirmedDetail(tender.till());
  postings->Settle(tender.currency(),
                   {{v1::ACCOUNT_KIND_WRITTEN_OFF, code, amount_minor},
                    {v1::ACCOUNT_KIND_TENDER, code, -amount_minor}});
}

absl::StatusOr<std::optional<v1::UnconfirmedTender>> FindLoss(
    const DecideView& view, absl::string_view receipt_no, uint32_t tender) {
  BL_ASSIGN_OR_RETURN(const bool lost, IsWrittenOff(view, receipt_no, tender));
  if (!lost) return std::optional<v1::UnconfirmedTender>();
  return view.FindUnconfirmed(receipt_no, tender);
}

absl::StatusOr<bool> IsWrittenOff(const DecideView& view,
                                  absl::string_view receipt_no,
                                  uint32_t tender) {
  BL_ASSIGN_OR_RETURN(const auto written_off,
                      view.FindWrittenOff(receipt_no, tender));
  if (!written_off.has_value()) return false;
  BL_ASSIGN_OR_RETURN(const auto found, view.FindMatched(receipt_no, tender));
  return !found.has_value();
}

absl::Status DecideWriteOff(const DecideView& view,
                            const v1::WriteOffTenderRequest& request,
                            Authority* authority, v1::Event* event) {
  BL_ASSIGN_OR_RETURN(const Date date, PostingDate(view, 0));
  BL_RETURN_IF_ERROR(
      authority->Need(v1::RIGHT_WRITE_OFF, "write a payment off"));
  if (request.reason().empty() || request.reason().size() > kActReasonSizeMax) {
    return absl::InvalidArgumentError(
        absl::StrCat("the reason has ", request.reason().size(),
                     " bytes, want 1 to ", kActReasonSizeMax));
  }
  const std::string name =
      absl::StrCat("payment ", request.tender() + 1, " of receipt ",
                   request.receipt_no().substr(0, 64));
  BL_ASSIGN_OR_RETURN(
      const auto taken,
      view.FindUnconfirmed(request.receipt_no(), request.tender()));
  if (!taken.has_value()) {
    return absl::NotFoundError(
        absl::StrCat(name, " was not taken unconfirmed at ", view.branch()));
  }
  BL_ASSIGN_OR_RETURN(const auto ended,
                      view.FindMatched(request.receipt_no(), request.tender()));
  if (ended.has_value()) {
    return absl::FailedPreconditionError(
        ended->voided_by().empty()
            ? absl::StrCat(name, " is on a bill, as ", ended->bill_reference(),
                           ": it was paid")
            : absl::StrCat(name, " was voided by ", ended->voided_by()));
  }
  BL_ASSIGN_OR_RETURN(
      const auto before,
      view.FindWrittenOff(request.receipt_no(), request.tender()));
  if (before.has_value()) {
    return absl::FailedPreconditionError(
        absl::StrCat(name, " is written off already: ", before->reason()));
  }
  event->set_business_date(date);
  v1::TenderWrittenOff* written_off = event->mutable_tender_written_off();
  written_off->set_receipt_no(taken->receipt_no());
  written_off->set_tender(taken->tender());
  written_off->set_currency(taken->currency());
  written_off->set_amount_minor(taken->amount_minor());
  written_off->set_date(taken->date());
  written_off->set_reason(request.reason());
  PostingBuilder postings(view.branch(), event);
  PostLoss(*taken, &postings);
  return absl::OkStatus();
}

absl::Status RepostEnded(const DecideView& view, const v1::Event& original,
                         v1::Event* event) {
  event->clear_units();
  event->clear_accounts();
  event->clear_postings();
  PostingBuilder postings(view.branch(), event);
  if (original.has_tender_written_off()) {
    const v1::TenderWrittenOff& lost = original.tender_written_off();
    BL_ASSIGN_OR_RETURN(const auto taken,
                        view.FindUnconfirmed(lost.receipt_no(), lost.tender()));
    BL_ASSIGN_OR_RETURN(const auto ended,
                        view.FindMatched(lost.receipt_no(), lost.tender()));
    BL_ASSIGN_OR_RETURN(const auto before,
                        view.FindWrittenOff(lost.receipt_no(), lost.tender()));
    if (taken.has_value() && !ended.has_value() && !before.has_value()) {
      PostLoss(*taken, &postings);
    }
    return absl::OkStatus();
  }
  for (const v1::MatchedTender& match : original.tenders_matched().tenders()) {
    BL_ASSIGN_OR_RETURN(
        const auto taken,
        view.FindUnconfirmed(match.receipt_no(), match.tender()));
    BL_ASSIGN_OR_RETURN(const auto ended,
                        view.FindMatched(match.receipt_no(), match.tender()));
    if (!taken.has_value() || ended.has_value()) continue;
    BL_ASSIGN_OR_RETURN(const bool was_written_off,
                        IsWrittenOff(view, match.receipt_no(), match.tender()));
    PostFound(*taken, was_written_off, &postings);
  }
  return absl::OkStatus();
}

}  // namespace branchline

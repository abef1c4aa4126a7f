#include "edge/till/match_tenders.h"

#include <cstdlib>
#include <map>
#include <string>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "edge/commit/posting_builder.h"
#include "edge/till/decide_day.h"
#include "edge/till/decide_sale.h"
#include "edge/till/write_off.h"
#include "sync/base/status_macros.h"
#include "sync/ledger/keys.h"

namespace branchline {
namespace {

constexpr size_t kChannelSizeMax = 32;  // bytes
constexpr int64_t kApartMaxMicros = int64_t{24} * 3600 * 1'000'000;

bool Fits(const v1::UnconfirmedTender& tender, const v1::BillEntry& entry,
          absl::string_view own_currency) {
  const absl::string_view currency =
      entry.currency().empty() ? own_currency : entry.currency();
  if (tender.currency() != currency ||
      tender.amount_minor() != entry.amount_minor() ||
      !absl::EndsWith(entry.transaction_id(), tender.reference())) {
    return false;
  }
  return entry.paid_at_unix_micros() == 0 ||
         std::llabs(entry.paid_at_unix_micros() - tender.at_unix_micros()) <=
             kApartMaxMicros;
}

absl::Status CheckRequest(const v1::MatchTendersRequest& request) {
  if (request.channel().empty() || request.channel().size() > kChannelSizeMax) {
    return absl::InvalidArgumentError(
        absl::StrCat("the channel has ", request.channel().size(),
                     " bytes, want 1 to ", kChannelSizeMax));
  }
  if (request.entries().empty() || request.entries_size() > kBillEntriesMax) {
    return absl::InvalidArgumentError(
        absl::StrCat("the bill has ", request.entries_size(),
                     " entries, want 1 to ", kBillEntriesMax));
  }
  for (const v1::BillEntry& entry : request.entries()) {
    if (!entry.transaction_id().empty() &&
        entry.transaction_id().size() <= kReferenceSizeMax) {
      continue;
    }
    return absl::InvalidArgumentError(
        absl::StrCat("a transaction number has ", entry.transaction_id().size(),
                     " bytes, want 1 to ", kReferenceSizeMax));
  }
  return absl::OkStatus();
}

}  // namespace

std::vector<v1::UnconfirmedTender> UnconfirmedPayments::Findable() const {
  std::vector<v1::UnconfirmedTender> all = open;
  all.insert(all.end(), written_off.begin(), written_off.end());
  return all;
}

absl::StatusOr<UnconfirmedPayments> ReadUnconfirmed(const Store& store,
                                                    absl::string_view branch) {
  UnconfirmedPayments payments;
  absl::Status status;
  const std::string prefix = docs::UnconfirmedOf(branch);
  BL_RETURN_IF_ERROR(store.Scan(
      Table::kDocs, prefix, PrefixEnd(prefix),
      [&](absl::string_view, absl::string_view value) {
        v1::UnconfirmedTender tender;
        if (!tender.ParseFromArray(value.data(),
                                   static_cast<int>(value.size()))) {
          status = absl::DataLossError("an unconfirmed payment is damaged");
          return false;
        }
        const auto matched = store.Get(
            Table::kDocs,
            docs::Matched(branch, tender.receipt_no(), tender.tender()));
        const auto written_off = store.Get(
            Table::kDocs,
            docs::WrittenOff(branch, tender.receipt_no(), tender.tender()));
        if (!matched.ok() || !written_off.ok()) {
          status = matched.ok() ? written_off.status() : matched.status();
          return false;
        }
        if (matched->has_value()) return true;
        auto& list =
            written_off->has_value() ? payments.written_off : payments.open;
        if (list.size() < kUnconfirmedListedMax) {
          list.push_back(std::move(tender));
        }
        return true;
      }));
  BL_RETURN_IF_ERROR(status);
  return payments;
}

std::vector<v1::MatchedTender> MatchBill(
    const std::vector<v1::UnconfirmedTender>& open,
    const v1::MatchTendersRequest& request, absl::string_view own_currency) {
  // For each side, how many of the other it could be; then those of one.
  std::vector<int> tenders_of(static_cast<size_t>(request.entries_size()));
  std::vector<std::vector<int>> entries_of(open.size());
  for (size_t t = 0; t < open.size(); ++t) {
    for (int e = 0; e < request.entries_size(); ++e) {
      if (!Fits(open[t], request.entries(e), own_currency)) continue;
      entries_of[t].push_back(e);
      ++tenders_of[static_cast<size_t>(e)];
    }
  }
  std::vector<v1::MatchedTender> matches;
  for (size_t t = 0; t < open.size(); ++t) {
    if (entries_of[t].size() != 1) continue;
    const int entry = entries_of[t][0];
    if (tenders_of[static_cast<size_t>(entry)] != 1) continue;
    v1::MatchedTender& match = matches.emplace_back();
    match.set_receipt_no(open[t].receipt_no());
    match.set_tender(open[t].tender());
    match.set_currency(open[t].currency());
    match.set_amount_minor(open[t].amount_minor());
    match.set_bill_reference(request.entries(entry).transaction_id());
  }
  return matches;
}

absl::Status DecideMatchTenders(const DecideView& view,
                                const v1::MatchTendersRequest& request,
                                const std::vector<v1::MatchedTender>& matches,
                                Authority* authority, v1::Event* event) {
  BL_ASSIGN_OR_RETURN(const Date date, PostingDate(view, 0));
  BL_RETURN_IF_ERROR(
      authority->Need(v1::RIGHT_SAFE, "match payments to a bill"));
  BL_RETURN_IF_ERROR(CheckRequest(request));
  event->set_business_date(date);
  v1::TendersMatched* matched = event->mutable_tenders_matched();
  matched->set_channel(request.channel());
  PostingBuilder postings(view.branch(), event);
  for (const v1::MatchedTender& match : matches) {
    BL_ASSIGN_OR_RETURN(
        const auto open,
        view.FindUnconfirmed(match.receipt_no(), match.tender()));
    BL_ASSIGN_OR_RETURN(const auto before,
                        view.FindMatched(match.receipt_no(), match.tender()));
    if (!open.has_value() || before.has_value()) continue;
    BL_ASSIGN_OR_RETURN(const bool was_written_off,
                        IsWrittenOff(view, match.receipt_no(), match.tender()));
    *matched->add_tenders() = match;
    matched->mutable_tenders(matched->tenders_size() - 1)
        ->set_was_written_off(was_written_off);
    PostFound(*open, was_written_off, &postings);
  }
  if (matched->tenders_size() > 0) return absl::OkStatus();
  return absl::NotFoundError(absl::StrCat(
      "none of the ", request.entries_size(),
      " entries of the bill is a payment that is still unconfirmed here"));
}

}  // namespace branchline

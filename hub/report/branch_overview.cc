#include "hub/report/branch_overview.h"

#include <algorithm>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "sync/base/money.h"
#include "sync/base/status_macros.h"
#include "sync/journal/record.h"
#include "sync/ledger/keys.h"

namespace branchline {
namespace {

absl::Status NoBranch(absl::string_view code) {
  return absl::NotFoundError(
      absl::StrCat("this chain has no branch ", code,
                   "; 'branchline branch list' shows them"));
}

std::string Places(const ReturnedAway& away, uint32_t line) {
  std::string text;
  for (const auto& [branch, lines] : away.returned) {
    const auto it = lines.find(line);
    if (it == lines.end()) continue;
    absl::StrAppend(&text, text.empty() ? "" : ", ", FormatMilli(it->second),
                    " at ", branch);
  }
  return text;
}

// More came back of a line than was sold, because branches that were dark each
// paid for it: a line each, which names them.
absl::Status AddOverReturned(const HubStore& store, absl::string_view branch,
                             v1::ListExceptionsResponse* response) {
  BL_ASSIGN_OR_RETURN(const auto all,
                      store.ReadReturnedAway(branch, kExceptionsListedMax));
  for (const ReturnedAway& away : all) {
    if (!away.sale.has_value()) continue;
    for (int i = 0; i < away.sale->lines_size(); ++i) {
      const auto line = static_cast<uint32_t>(i);
      int64_t back_milli = 0;
      for (const auto& [at, lines] : away.returned) {
        const auto it = lines.find(line);
        if (it != lines.end()) back_milli += it->second;
      }
      const v1::SaleLine& sold = away.sale->lines(i);
      if (back_milli <= sold.quantity_milli()) continue;
      v1::ExceptionInfo* info = response->add_exceptions();
      info->set_stream(EdgeStream(away.sold_by));
      info->mutable_at()->set_epoch(away.epoch);
      info->mutable_at()->set_seq(away.seq);
      info->set_what(absl::StrCat(
          "returned twice: line ", i + 1, " of receipt ", away.receipt_no,
          " (SKU ", sold.sku(), "): ", FormatMilli(sold.quantity_milli()),
          " sold, ", FormatMilli(back_milli),
          " came back: ", Places(away, line)));
    }
  }
  return absl::OkStatus();
}

absl::Status Describe(const HubStore& store, const Presence::Seen& seen,
                      v1::BranchInfo* info) {
  const std::string& code = info->branch().code();
  BL_ASSIGN_OR_RETURN(const auto cursors,
                      store.ReadCursors({EdgeStream(code)}));
  *info->mutable_cursor() = ToProto(cursors[0]);
  BL_ASSIGN_OR_RETURN(const DaysReached days, store.ReadDaysReached(code));
  info->set_open_date(days.open_date);
  info->set_sealed_date(days.sealed_date);
  BL_ASSIGN_OR_RETURN(const auto exceptions,
                      store.ReadExceptions(code, kExceptionsListedMax));
  info->set_aside(exceptions.size());
  BL_ASSIGN_OR_RETURN(const auto late, store.ReadLate(code));
  for (const v1::LateState& state : late) {
    if (!state.approved()) *info->add_late_waiting() = state.found();
  }
  BL_ASSIGN_OR_RETURN(const auto stored, store.ReadBox(code));
  const v1::BoxState box = stored.value_or(v1::BoxState());
  info->set_fenced_why(box.fenced_why());
  info->set_incident(box.incident());
  info->set_online(seen.online);
  info->set_last_heard_unix_micros(
      std::max(seen.heard_unix_micros, box.last_heard_unix_micros()));
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<v1::ListBranchesResponse> BranchOverview(
    const HubStore& store, absl::string_view code,
    absl::FunctionRef<Presence::Seen(absl::string_view)> presence) {
  std::vector<v1::Branch> branches;
  if (code.empty()) {
    BL_ASSIGN_OR_RETURN(branches, store.ReadBranches());
  } else {
    BL_ASSIGN_OR_RETURN(auto branch, store.ReadBranch(code));
    if (!branch.has_value()) return NoBranch(code);
    branches.push_back(*std::move(branch));
  }
  v1::ListBranchesResponse response;
  for (v1::Branch& branch : branches) {
    v1::BranchInfo* info = response.add_branches();
    *info->mutable_branch() = std::move(branch);
    BL_RETURN_IF_ERROR(Describe(store, presence(info->branch().code()), info));
  }
  return response;
}

absl::StatusOr<v1::ListExceptionsResponse> ListExceptions(
    const HubStore& store, absl::string_view branch) {
  if (!branch.empty()) {
    BL_ASSIGN_OR_RETURN(const auto known, store.ReadBranch(branch));
    if (!known.has_value()) return NoBranch(branch);
  }
  BL_ASSIGN_OR_RETURN(const auto rows,
                      store.ReadExceptions(branch, kExceptionsListedMax));
  v1::ListExceptionsResponse response;
  BL_RETURN_IF_ERROR(AddOverReturned(store, branch, &response));
  for (const ExceptionRow& row : rows) {
    v1::ExceptionInfo* info = response.add_exceptions();
    info->set_stream(row.stream);
    info->mutable_at()->set_epoch(row.epoch);
    info->mutable_at()->set_seq(row.seq);
    info->set_what(row.what);
  }
  return response;
}

}  // namespace branchline

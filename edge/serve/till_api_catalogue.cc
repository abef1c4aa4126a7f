// TillApi's methods about items and prices. They change nothing.

#include <utility>

#include "absl/strings/str_cat.h"
#include "edge/pricing/explain.h"
#include "edge/serve/till_api.h"
#include "edge/till/decide_sale.h"
#include "edge/till/find_item.h"
#include "edge/till/item_rules.h"
#include "edge/till/price_sale.h"
#include "edge/till/warnings.h"
#include "sync/base/status_macros.h"

namespace branchline {

ItemShelf TillApi::Shelf(absl::string_view currency) const {
  ItemShelf shelf;
  shelf.store = &store_;
  shelf.books = &books_;
  shelf.branch = identity_.node.branch();
  shelf.currency = currency.empty() ? identity_.node.currency() : currency;
  shelf.today = absl::ToCivilDay(clock_.WallNow(), identity_.time_zone);
  return shelf;
}

absl::Status TillApi::FindItem(const CallContext& context,
                               const v1::FindItemRequest& request,
                               v1::FindItemResponse* response) {
  BL_RETURN_IF_ERROR(TillOf(context).status());
  return FindItems(Shelf(request.currency()), request.code(), response);
}

absl::Status TillApi::SearchItems(const CallContext& context,
                                  const v1::SearchItemsRequest& request,
                                  v1::SearchItemsResponse* response) {
  BL_RETURN_IF_ERROR(TillOf(context).status());
  uint64_t pulls = 0;
  BL_RETURN_IF_ERROR(queue_.Run([&](EdgeCore& core) {
    pulls = core.state().pulls;
    return absl::OkStatus();
  }));
  return search_.Search(Shelf(""), request, pulls, response);
}

absl::Status TillApi::QuoteAt(const DecideView& view, absl::string_view till,
                              const v1::RingRequest& request,
                              v1::RingRequest* filled,
                              v1::QuoteResponse* response) {
  BL_ASSIGN_OR_RETURN(*filled, WithBasket(view, request));
  if (filled->has_pricing()) {
    BL_ASSIGN_OR_RETURN(auto with, WithDeposits(view, *filled));
    if (with.has_value()) *filled = *std::move(with);
  }
  const absl::Time at = BusinessTime(request);
  const absl::Status priced =
      QuoteSale(view, *filled, at, response->mutable_sale());
  if (priced.ok()) {
    for (std::string& warning : WarningsOf(view, till, response->sale())) {
      response->add_warnings(std::move(warning));
    }
    const absl::Status may_ring =
        CheckMayRing(view, till, *filled, response->sale(), clock_.WallNow());
    response->set_why_not(std::string(may_ring.message()));
    return absl::OkStatus();
  }
  if (!absl::IsFailedPrecondition(priced)) return priced;
  // The tenders do not pay it yet; what it comes to is told all the same.
  response->set_why_not(std::string(priced.message()));
  filled->clear_tenders();
  response->clear_sale();
  return QuoteSale(view, *filled, at, response->mutable_sale());
}

absl::Time TillApi::BusinessTime(const v1::RingRequest& request) const {
  const int64_t at_micros = request.header().business_at_unix_micros();
  return at_micros == 0 ? clock_.WallNow() : absl::FromUnixMicros(at_micros);
}

absl::Status TillApi::Quote(const CallContext& context,
                            const v1::RingRequest& request,
                            v1::QuoteResponse* response) {
  BL_ASSIGN_OR_RETURN(const std::string till, TillOf(context));
  return queue_.Run([&](EdgeCore& core) {
    return core.Look(till, [&](const DecideView& view) {
      v1::RingRequest filled;
      return QuoteAt(view, till, request, &filled, response);
    });
  });
}

absl::Status TillApi::Explain(const CallContext& context,
                              const v1::RingRequest& request,
                              v1::ExplainResponse* response) {
  BL_ASSIGN_OR_RETURN(const std::string till, TillOf(context));
  if (!request.has_pricing()) {
    return absl::InvalidArgumentError(
        "the lines say what they come to themselves: only what the branch "
        "prices can be explained; send `pricing`");
  }
  return queue_.Run([&](EdgeCore& core) {
    return core.Look(till, [&](const DecideView& view) -> absl::Status {
      v1::RingRequest filled;
      BL_RETURN_IF_ERROR(
          QuoteAt(view, till, request, &filled, response->mutable_quote()));
      BL_ASSIGN_OR_RETURN(const Explanation explained,
                          ExplainSale(view, filled, BusinessTime(request),
                                      response->quote().sale().currency()));
      size_t next = 0;
      for (const v1::RingLine& line : filled.lines()) {
        v1::ExplainedLine* out = response->add_lines();
        if (line.voided()) continue;
        if (IsExchanged(line)) {
          out->add_what(absl::StrCat(
              "goods of receipt ", line.returns_receipt_no(), ", line ",
              line.returns_line() + 1, ": the figures of that one"));
          continue;
        }
        for (const std::string& what : explained.lines[next++]) {
          out->add_what(what);
        }
      }
      for (const std::string& rule : explained.not_fired) {
        response->add_rules_not_fired(rule);
      }
      return absl::OkStatus();
    });
  });
}

}  // namespace branchline

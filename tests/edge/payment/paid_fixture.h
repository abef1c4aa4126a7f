#pragma once

#include <string>
#include <utility>
#include <vector>

#include "edge/commit/decide_view.h"
#include "edge/payment/payment_form.h"
#include "edge/payment/sale_standing.h"
#include "tests/devices/payment/payment_world.h"
#include "tests/edge/edge_fixture.h"
#include "tests/support/status_matchers.h"

namespace branchline {

// A branch with an open day whose ledger stands behind a shop with a terminal
// or a wallet (TerminalShop, WalletShop). Killing the shop's process kills the
// ledger's.
class PaidFixture : public EdgeFixture {
 protected:
  PaidFixture() { EXPECT_THAT(OpenDay(), IsOk()); }

  template <typename Shop>
  void StandBehind(Shop* shop) {
    shop->store.behind = [this](const PaymentAttempt& attempt) {
      return Run(RecordPaymentCommand{ToProto(attempt), ""}, "").status();
    };
  }
  // After a kill: what was not synced is gone, and all begins again from the
  // ledger.
  template <typename Shop>
  void Restart(Shop* shop) {
    CrashAndOpen();
    shop->store.attempts.clear();
    const SaleStanding standing = Standing("sale");
    for (const v1::PaymentAttempt& attempt : standing.payments.attempts()) {
      shop->store.attempts[attempt.id()] = FromProto(attempt);
    }
    shop->Boot();
  }

  SaleStanding Standing(const std::string& sale_id) {
    SaleStanding standing;
    EXPECT_THAT(core_->Look([&](const DecideView& view) -> absl::Status {
      auto of = StandingOf(view, sale_id);
      if (of.ok()) standing = *std::move(of);
      return of.status();
    }),
                IsOk());
    return standing;
  }
  std::vector<std::string> OpenSales() {
    std::vector<std::string> open;
    EXPECT_THAT(core_->Look([&](const DecideView& view) -> absl::Status {
      auto all = view.OpenPayments();
      if (all.ok()) {
        open.assign(all->sale_ids().begin(), all->sale_ids().end());
      }
      return all.status();
    }),
                IsOk());
    return open;
  }

  // A sale of one thing for `total_minor`, of which `paid_minor` by payment
  // `id`, the rest in cash. No id: all cash.
  static v1::RingRequest PaidSale(const std::string& currency,
                                  v1::TenderKind kind, int64_t total_minor,
                                  int64_t paid_minor, const std::string& id) {
    v1::RingRequest request;
    request.set_currency(currency);
    request.set_payment_sale_id("sale");
    v1::RingLine* line = request.add_lines();
    line->set_sku("PEN");
    line->set_quantity_milli(1'000);
    line->set_unit_price_minor_e4(total_minor * 10'000);
    if (!id.empty()) {
      v1::Tender* tender = request.add_tenders();
      tender->set_kind(kind);
      tender->set_amount_minor(paid_minor);
      tender->set_payment_id(id);
    }
    const int64_t cash_minor = total_minor - (id.empty() ? 0 : paid_minor);
    if (cash_minor > 0) {
      v1::Tender* cash = request.add_tenders();
      cash->set_kind(v1::TENDER_KIND_CASH);
      cash->set_amount_minor(cash_minor);
    }
    return request;
  }
};

}  // namespace branchline

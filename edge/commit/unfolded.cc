#include "edge/commit/unfolded.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "sync/base/check.h"
#include "sync/ledger/account_rules.h"
#include "sync/ledger/check_body.h"
#include "sync/ledger/keys.h"

namespace branchline {

bool FoldMayWait(const v1::Event& event) {
  if (!event.has_sale()) return false;
  const v1::Sale& sale = event.sale();
  const bool is_plain =
      sale.voids_receipt_no().empty() && sale.payment_sale_id().empty() &&
      !sale.has_open_payments() &&
      std::none_of(sale.lines().begin(), sale.lines().end(),
                   [](const v1::SaleLine& line) {
                     return !line.unknown_code().empty() ||
                            !line.returns_receipt_no().empty();
                   }) &&
      std::none_of(
          sale.tenders().begin(), sale.tenders().end(),
          [](const v1::Tender& tender) { return tender.unconfirmed(); });
  return is_plain && !DebitsFloored(event) && CheckBody(event).ok();
}

Effects FoldAll(const std::vector<Unfolded>& records) {
  Effects effects;
  v1::Event event;
  for (const Unfolded& record : records) {
    const bool parsed = event.ParseFromString(record.payload);
    BL_CHECK(parsed, "an event that was just written can be read");
    const absl::Status folded =
        Fold({record.stream, record.epoch, record.seq}, event, &effects);
    BL_CHECK(folded.ok(), folded.message());
  }
  for (const auto& [key, row] : effects.puts) {
    BL_CHECK(docs::MayLag(key), absl::StrCat("row ", key, " may not lag"));
  }
  return effects;
}

}  // namespace branchline

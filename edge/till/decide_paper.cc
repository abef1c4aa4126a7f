#include "edge/till/decide_paper.h"

#include "absl/strings/str_cat.h"
#include "edge/till/cash_amounts.h"
#include "edge/till/decide_day.h"
#include "edge/till/decide_sale.h"
#include "edge/till/sale_rights.h"
#include "sync/base/money.h"
#include "sync/base/status_macros.h"

namespace branchline {
namespace {

// Whose figures count a copy of it; an error if there is no such document.
absl::StatusOr<std::string> CurrencyOf(const DecideView& view,
                                       const std::string& document_no,
                                       Authority* authority) {
  BL_ASSIGN_OR_RETURN(const auto receipt, view.FindReceipt(document_no));
  if (receipt.has_value()) {
    BL_RETURN_IF_ERROR(authority->Need(v1::RIGHT_SELL, "reprint a receipt"));
    return receipt->event.has_sale() ? receipt->event.sale().currency()
                                     : receipt->event.return_().currency();
  }
  BL_ASSIGN_OR_RETURN(const bool is_z, view.HasZ(document_no));
  if (!is_z || view.training()) {
    return absl::NotFoundError(absl::StrCat(
        view.branch(), " has no receipt or Z '", document_no.substr(0, 64),
        view.training() ? "' of training" : "'"));
  }
  if (!authority->May(v1::RIGHT_SEE_EXPECTED)) {
    BL_RETURN_IF_ERROR(authority->Need(v1::RIGHT_SHIFT, "reprint a Z"));
  }
  return view.currency();
}

// What one piece costs now, before promotions.
absl::StatusOr<int64_t> PriceNow(const DecideView& view, const std::string& sku,
                                 absl::Time at) {
  v1::RingRequest one;
  one.mutable_pricing();
  one.add_lines()->set_sku(sku);
  one.mutable_lines(0)->set_quantity_milli(1'000);
  v1::Sale sale;
  BL_RETURN_IF_ERROR(QuoteSale(view, one, at, &sale));
  return PriceTimesQuantity(sale.lines(0).unit_price_minor_e4(), 1'000);
}

absl::Status CheckMayBeLabelled(const v1::Item& item) {
  const auto bad = [&](absl::string_view why) {
    return absl::FailedPreconditionError(
        absl::StrCat("SKU ", item.sku(), " gets no reduced label: ", why));
  };
  if (item.delisted()) return bad("it is delisted");
  if (item.weighed()) return bad("its labels come from the scale");
  if (item.kind() != v1::ITEM_KIND_UNSPECIFIED &&
      item.kind() != v1::ITEM_KIND_STOCKED) {
    return bad("it is no goods on a shelf");
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status DecideReprint(const DecideView& view,
                           const v1::ReprintReceiptRequest& request,
                           Authority* authority, v1::Event* event) {
  const std::string& document_no = request.receipt_no();
  BL_ASSIGN_OR_RETURN(const std::string currency,
                      CurrencyOf(view, document_no, authority));
  BL_ASSIGN_OR_RETURN(const uint64_t times, view.ReprintsOf(document_no));
  event->set_business_date(view.open_date());
  v1::PaperReprinted* reprinted = event->mutable_paper_reprinted();
  reprinted->set_document_no(document_no);
  reprinted->set_times(times + 1);
  if (!view.training() && view.open_date() != 0) {
    reprinted->set_currency(currency);
  }
  return absl::OkStatus();
}

absl::Status DecideLabels(const DecideView& view,
                          const v1::PrintLabelsRequest& request,
                          const LabelFound& found, absl::Time at,
                          Authority* authority, v1::Event* event) {
  BL_ASSIGN_OR_RETURN(const Date date, PostingDate(view, 0));
  const uint32_t count = request.count() == 0 ? 1 : request.count();
  if (count > kLabelsMax || request.reason().size() > kActReasonSizeMax) {
    return absl::InvalidArgumentError(
        absl::StrCat(count, " labels are asked for with a reason of ",
                     request.reason().size(), " bytes; at most ", kLabelsMax,
                     " and ", kActReasonSizeMax));
  }
  BL_RETURN_IF_ERROR(found.status);
  BL_ASSIGN_OR_RETURN(const v1::Item* item, view.FindItem(found.sku));
  if (item == nullptr) {
    return absl::NotFoundError(absl::StrCat(
        "no SKU ", found.sku, " in the catalogue of ", view.branch()));
  }
  BL_RETURN_IF_ERROR(CheckMayBeLabelled(*item));
  BL_ASSIGN_OR_RETURN(const int64_t old_minor, PriceNow(view, item->sku(), at));
  if (request.price_minor() <= 0 || request.price_minor() >= old_minor) {
    return absl::InvalidArgumentError(absl::StrCat(
        "a reduced price of ", CashText(request.price_minor(), view.currency()),
        " is not between 0 and the price in force, ",
        CashText(old_minor, view.currency())));
  }
  BL_RETURN_IF_ERROR(authority->Need(
      v1::RIGHT_PRICE_OVERRIDE, "print a label with a lower price",
      [&](const v1::Role& role) {
        return CheckPriceOverride(
            LimitsOf(role, view.currency()), old_minor * 10'000,
            request.price_minor() * 10'000, request.reason());
      }));
  event->set_business_date(date);
  v1::LabelsPrinted* printed = event->mutable_labels_printed();
  printed->set_sku(item->sku());
  printed->set_code(found.code);
  printed->set_currency(view.currency());
  printed->set_old_price_minor(old_minor);
  printed->set_price_minor(request.price_minor());
  printed->set_count(count);
  printed->set_reason(request.reason());
  return absl::OkStatus();
}

}  // namespace branchline

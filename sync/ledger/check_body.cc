#include "sync/ledger/check_body.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "sync/base/cursor.h"
#include "sync/base/status_macros.h"

namespace branchline {
namespace {

constexpr size_t kCurrencySizeMax = 16;  // bytes
constexpr size_t kNameSizeMax = 64;  // bytes, of everything that becomes a key

absl::Status CheckName(absl::string_view what, absl::string_view name) {
  if (!name.empty() && name.size() <= kNameSizeMax &&
      name.find('\0') == absl::string_view::npos) {
    return absl::OkStatus();
  }
  return absl::InvalidArgumentError(
      absl::StrCat(what, " has ", name.size(), " bytes, want 1 to ",
                   kNameSizeMax, " and none of them zero"));
}

absl::Status CheckDocument(absl::string_view receipt_no,
                           absl::string_view till) {
  BL_RETURN_IF_ERROR(CheckName("receipt number", receipt_no));
  return CheckName("till", till);
}

template <typename Lines>
absl::Status CheckSkus(const Lines& lines) {
  for (const auto& line : lines) {
    BL_RETURN_IF_ERROR(CheckName("SKU", line.sku()));
  }
  return absl::OkStatus();
}

// Of figures of a till: they become parts of a field.
absl::Status CheckFigureName(absl::string_view what, absl::string_view name,
                             size_t size_max) {
  if (name.size() <= size_max && name.find('\0') == absl::string_view::npos) {
    return absl::OkStatus();
  }
  return absl::InvalidArgumentError(
      absl::StrCat(what, " has ", name.size(), " bytes, want at most ",
                   size_max, " and none of them zero"));
}

absl::Status CheckCurrency(absl::string_view currency) {
  return CheckFigureName("currency", currency, kCurrencySizeMax);
}

template <typename Taxes>
absl::Status CheckTaxes(const Taxes& taxes) {
  for (const v1::LineTax& tax : taxes) {
    BL_RETURN_IF_ERROR(CheckFigureName("tax code", tax.code(), kNameSizeMax));
  }
  return absl::OkStatus();
}

absl::Status CheckExchanged(const v1::Sale& sale) {
  for (const v1::SaleLine& line : sale.lines()) {
    if (line.returns_receipt_no().empty()) continue;
    BL_RETURN_IF_ERROR(CheckName("number of the receipt exchanged from",
                                 line.returns_receipt_no()));
  }
  return absl::OkStatus();
}

absl::Status CheckSale(const v1::Event& event) {
  const v1::Sale& sale = event.sale();
  BL_RETURN_IF_ERROR(CheckDocument(sale.receipt_no(), event.till()));
  BL_RETURN_IF_ERROR(CheckCurrency(sale.currency()));
  BL_RETURN_IF_ERROR(CheckTaxes(sale.taxes()));
  if (!sale.voids_receipt_no().empty()) {
    BL_RETURN_IF_ERROR(
        CheckName("number of the voided receipt", sale.voids_receipt_no()));
  }
  for (const v1::RuleTimes& rule : sale.capped_rules()) {
    BL_RETURN_IF_ERROR(CheckName("rule id", rule.rule_id()));
  }
  for (const v1::SaleLine& line : sale.lines()) {
    BL_RETURN_IF_ERROR(
        CheckFigureName("unknown code", line.unknown_code(), kNameSizeMax));
  }
  if (!sale.payment_sale_id().empty()) {
    BL_RETURN_IF_ERROR(
        CheckName("the sale of a payment", sale.payment_sale_id()));
  }
  BL_RETURN_IF_ERROR(CheckExchanged(sale));
  return CheckSkus(sale.lines());
}

absl::Status CheckReturn(const v1::Event& event) {
  const v1::Return& back = event.return_();
  BL_RETURN_IF_ERROR(CheckDocument(back.receipt_no(), event.till()));
  BL_RETURN_IF_ERROR(
      CheckName("original receipt number", back.original_receipt_no()));
  if (!back.sold_by_branch().empty()) {
    BL_RETURN_IF_ERROR(CheckName("selling branch", back.sold_by_branch()));
  }
  BL_RETURN_IF_ERROR(CheckCurrency(back.currency()));
  BL_RETURN_IF_ERROR(CheckTaxes(back.taxes()));
  return CheckSkus(back.lines());
}

absl::Status CheckShiftClosed(const v1::ShiftClosed& closed) {
  BL_RETURN_IF_ERROR(CheckName("till", closed.till()));
  BL_RETURN_IF_ERROR(CheckName("Z number", closed.z_no()));
  for (const v1::ShiftMoney& money : closed.money()) {
    BL_RETURN_IF_ERROR(CheckCurrency(money.currency()));
  }
  return absl::OkStatus();
}

absl::Status CheckCashCounted(const v1::Event& event) {
  const v1::CashCounted& counted = event.cash_counted();
  for (const v1::CountedCash& cash : counted.cash()) {
    BL_RETURN_IF_ERROR(CheckCurrency(cash.currency()));
  }
  if (counted.place() == v1::CASH_PLACE_SAFE) return absl::OkStatus();
  if (counted.place() == v1::CASH_PLACE_LAST_Z) {
    BL_RETURN_IF_ERROR(CheckName("Z number", counted.z_no()));
  }
  return CheckName("till", event.till());
}

absl::Status CheckTraining(const v1::Event& event) {
  const v1::TrainingReceipt& training = event.training_receipt();
  BL_RETURN_IF_ERROR(CheckName("till", event.till()));
  if (training.has_return_()) {
    BL_RETURN_IF_ERROR(CheckName("original receipt number",
                                 training.return_().original_receipt_no()));
    return CheckName("receipt number", training.return_().receipt_no());
  }
  if (!training.has_sale()) return absl::OkStatus();
  const v1::Sale& sale = training.sale();
  BL_RETURN_IF_ERROR(CheckName("receipt number", sale.receipt_no()));
  BL_RETURN_IF_ERROR(CheckFigureName("number of the voided receipt",
                                     sale.voids_receipt_no(), kNameSizeMax));
  return CheckExchanged(sale);
}

absl::Status CheckHash(const v1::Position& last) {
  if (last.hash().size() == kHashSize) return absl::OkStatus();
  return absl::InvalidArgumentError(
      absl::StrCat("the last record of a late suffix has a hash of ",
                   last.hash().size(), " bytes, want ", kHashSize));
}

}  // namespace

absl::Status CheckBody(const v1::Event& event) {
  switch (event.body_case()) {
    case v1::Event::kSale:
      return CheckSale(event);
    case v1::Event::kReturn:
      return CheckReturn(event);
    case v1::Event::kDayClosed:
      for (const v1::ShiftClosed& shift : event.day_closed().closed_shifts()) {
        BL_RETURN_IF_ERROR(CheckShiftClosed(shift));
      }
      return absl::OkStatus();
    case v1::Event::kShiftOpened:
      for (const v1::CashAmount& cash : event.shift_opened().floats()) {
        BL_RETURN_IF_ERROR(CheckCurrency(cash.currency()));
      }
      return CheckName("till", event.till());
    case v1::Event::kShiftClosed:
      BL_RETURN_IF_ERROR(CheckName("till", event.till()));
      return CheckShiftClosed(event.shift_closed());
    case v1::Event::kCashMoved:
      BL_RETURN_IF_ERROR(CheckName("till", event.till()));
      return CheckCurrency(event.cash_moved().cash().currency());
    case v1::Event::kCashCounted:
      return CheckCashCounted(event);
    case v1::Event::kBasketCancelled:
      BL_RETURN_IF_ERROR(CheckName("till", event.till()));
      return CheckCurrency(event.basket_cancelled().currency());
    case v1::Event::kTendersMatched:
      for (const v1::MatchedTender& tender :
           event.tenders_matched().tenders()) {
        BL_RETURN_IF_ERROR(CheckName("receipt number", tender.receipt_no()));
      }
      return absl::OkStatus();
    case v1::Event::kTenderWrittenOff:
      BL_RETURN_IF_ERROR(CheckCurrency(event.tender_written_off().currency()));
      return CheckName("receipt number",
                       event.tender_written_off().receipt_no());
    case v1::Event::kPaperReprinted:
      BL_RETURN_IF_ERROR(CheckCurrency(event.paper_reprinted().currency()));
      return CheckName("number of what is reprinted",
                       event.paper_reprinted().document_no());
    case v1::Event::kLabelsPrinted:
      return CheckName("SKU", event.labels_printed().sku());
    case v1::Event::kInvoiceRequested:
      return CheckName("receipt number",
                       event.invoice_requested().receipt_no());
    case v1::Event::kTrainingSet:
      return CheckName("till", event.till());
    case v1::Event::kTrainingReceipt:
      return CheckTraining(event);
    case v1::Event::kMembersSet:
      for (const v1::Member& member : event.members_set().members()) {
        BL_RETURN_IF_ERROR(CheckName("member", member.id()));
      }
      return absl::OkStatus();
    case v1::Event::kSignedOn:
      BL_RETURN_IF_ERROR(CheckName("till", event.till()));
      return CheckName("staff id", event.staff());
    case v1::Event::kSignedOff:
      return CheckName("till", event.till());
    case v1::Event::kSignOnRefused:
      return CheckName("staff id", event.sign_on_refused().staff());
    case v1::Event::kTillPolicySet:
      return CheckFigureName("branch code",
                             event.till_policy_set().policy().branch(),
                             kNameSizeMax);
    case v1::Event::kStockChange:
      return CheckSkus(event.stock_change().lines());
    case v1::Event::kTillPaired:
      return CheckName("till", event.till_paired().till());
    case v1::Event::kItemsSet:
      for (const v1::Item& item : event.items_set().items()) {
        for (const std::string& barcode : item.barcodes()) {
          BL_RETURN_IF_ERROR(CheckName("barcode", barcode));
        }
        for (const v1::ItemCode& code : item.codes()) {
          BL_RETURN_IF_ERROR(CheckName("barcode", code.code()));
        }
        BL_RETURN_IF_ERROR(CheckFigureName("SKU of the variants' item",
                                           item.variant_of(), kNameSizeMax));
      }
      return CheckSkus(event.items_set().items());
    case v1::Event::kPricesSet:
      return CheckSkus(event.prices_set().prices());
    case v1::Event::kListPricesSet:
      BL_RETURN_IF_ERROR(
          CheckName("price list", event.list_prices_set().list_id()));
      return CheckSkus(event.list_prices_set().prices());
    case v1::Event::kBranchSet:
      return CheckName("branch code", event.branch_set().branch().code());
    case v1::Event::kStaffSet:
      return CheckName("staff id", event.staff_set().staff().id());
    case v1::Event::kDevicesSet:
      return CheckName("branch code", event.devices_set().branch());
    case v1::Event::kPaymentRecorded:
      return CheckName("the sale of a payment",
                       event.payment_recorded().sale().sale_id());
    case v1::Event::kDrawerRecorded:
      return CheckName("drawer", event.drawer_recorded().drawer());
    case v1::Event::kLateSuffixFound:
      return CheckHash(event.late_suffix_found().last());
    case v1::Event::kLateSuffixApproved:
      BL_RETURN_IF_ERROR(
          CheckName("branch code", event.late_suffix_approved().branch()));
      return CheckHash(event.late_suffix_approved().last());
    case v1::Event::kLateRecord: {
      v1::Event original;
      if (!original.ParseFromString(event.late_record().record().payload())) {
        return absl::InvalidArgumentError("a late record cannot be read");
      }
      if (original.has_late_record()) {
        return absl::InvalidArgumentError("a late record inside a late record");
      }
      return CheckBody(original);
    }
    default:
      return absl::OkStatus();
  }
}

}  // namespace branchline

// Over 400 lines: one short function for each kind of event, and their switch.

#include "sync/ledger/fold.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "branchline/v1/state.pb.h"
#include "sync/base/bytes.h"
#include "sync/base/status_macros.h"
#include "sync/ledger/account_rules.h"
#include "sync/ledger/check_body.h"
#include "sync/ledger/fold_till.h"
#include "sync/ledger/keys.h"

namespace branchline {
namespace {

// One document's part in the day's figures.
struct DayShare {
  absl::string_view currency;
  int64_t receipts = 0;
  int64_t lines = 0;
  __int128 net_minor = 0;
  __int128 discount_minor = 0;
};

class Folder {
 public:
  Folder(const RecordAt& at, absl::string_view writer, const v1::Event& event,
         Effects* effects)
      : at_(at), writer_(writer), event_(event), effects_(*effects) {}

  void Postings() {
    for (const v1::Posting& posting : event_.postings()) {
      const std::string& unit = event_.units(posting.unit());
      Post(event_.accounts(posting.source()), unit, -posting.amount());
      Post(event_.accounts(posting.destination()), unit, posting.amount());
    }
  }

  void Of(const v1::Sale& sale) {
    DayShare share{sale.currency(), 1};
    for (const v1::SaleLine& line : sale.lines()) {
      if (line.voided()) continue;
      ++share.lines;
      share.net_minor += line.amount_minor();
      share.discount_minor += line.discount_minor();
      AddSku(line.sku(), sale.currency(), line.quantity_milli(),
             line.amount_minor(), line.discount_minor());
    }
    AddDay(share);
    Receipt(sale.receipt_no(), sale.receipt_counter());
    if (!sale.voids_receipt_no().empty()) Undo(sale);
    for (const v1::RuleTimes& rule : sale.capped_rules()) {
      effects_.cells[books::RuleTimes(writer_, rule.rule_id())].Add(
          std::string(books::kTimesField), rule.times());
    }
    if (sale.voids_receipt_no().empty()) UnknownCodes(sale);
    Exchanged(sale);
    Unconfirmed(sale);
    // Also of an exchange that gives back what another sale was paid with.
    Opens(sale);
    if (sale.payment_sale_id().empty() || !sale.voids_receipt_no().empty()) {
      return;
    }
    effects_.puts[docs::PaidReceipt(writer_, sale.payment_sale_id())] =
        sale.receipt_no();
  }

  void Of(const v1::Return& back) {
    DayShare share{back.currency(), 1};
    for (const v1::ReturnLine& line : back.lines()) {
      ++share.lines;
      share.net_minor -= line.amount_minor();
      AddSku(line.sku(), back.currency(), -line.quantity_milli(),
             -line.amount_minor(), 0);
    }
    ComesBack(back);
    AddDay(share);
    Receipt(back.receipt_no(), back.receipt_counter());
    Opens(back);
    if (back.sold_by_branch().empty()) return;
    effects_.puts[docs::AwayReturn(back.sold_by_branch(),
                                   back.original_receipt_no(), writer_)] = "";
  }

  void Of(const v1::StockChange& change) {
    DayShare share{change.currency(), 1};
    for (const v1::StockChangeLine& line : change.lines()) {
      ++share.lines;
      share.net_minor += line.amount_minor();
      AddSku(line.sku(), change.currency(), 0, line.amount_minor(), 0);
    }
    AddDay(share);
  }

  void Of(const v1::DayOpened& opened) {
    v1::DayState state;
    state.set_date(opened.date());
    state.set_opened_epoch(at_.epoch);
    state.set_opened_seq(at_.seq);
    Put(docs::Day(writer_, opened.date()), state);
  }

  void Of(const v1::DayClosed& closed) {
    v1::DayState state;
    state.set_date(closed.date());
    state.set_sealed(true);
    state.set_sealed_epoch(at_.epoch);
    state.set_sealed_seq(at_.seq);
    Put(docs::Day(writer_, closed.date()), state);
    for (const v1::ShiftClosed& shift : closed.closed_shifts()) Of(shift);
  }

  void Of(const v1::ShiftOpened&) {
    v1::ShiftState state;
    state.set_open(true);
    state.set_date(event_.business_date());
    state.set_opened_epoch(at_.epoch);
    state.set_opened_seq(at_.seq);
    state.set_opened_at_unix_micros(event_.recorded_at_unix_micros());
    state.set_opened_by(event_.staff());
    Put(docs::Shift(writer_, event_.till()), state);
  }

  void Of(const v1::ShiftClosed& closed) {
    Put(docs::Shift(writer_, closed.till()), v1::ShiftState());
    Put(docs::LastZ(writer_, closed.till()), closed);
    ZRow(closed);
  }

  void Of(const v1::CashCounted& counted) {
    if (counted.place() != v1::CASH_PLACE_LAST_Z) return;
    Put(docs::Settled(writer_, counted.z_no()), counted);
  }

  void Of(const v1::SignedOn&) {
    v1::SessionState state;
    state.set_staff(event_.staff());
    state.set_since_unix_micros(event_.recorded_at_unix_micros());
    Put(docs::Session(writer_, event_.till()), state);
    Put(docs::Pin(writer_, event_.staff()), v1::PinState());
  }

  void Of(const v1::SignedOff&) {
    Put(docs::Session(writer_, event_.till()), v1::SessionState());
  }

  void Of(const v1::SignOnRefused& refused) {
    v1::PinState state;
    state.set_failures(refused.failures());
    state.set_locked_until_unix_micros(refused.locked_until_unix_micros());
    Put(docs::Pin(writer_, refused.staff()), state);
  }

  void Of(const v1::TendersMatched& matched) {
    for (const v1::MatchedTender& tender : matched.tenders()) {
      Put(docs::Matched(writer_, tender.receipt_no(), tender.tender()), tender);
    }
  }

  // Beside the row of what was found: whichever box says so last, a payment
  // that was found is not lost.
  void Of(const v1::TenderWrittenOff& lost) {
    Put(docs::WrittenOff(writer_, lost.receipt_no(), lost.tender()), lost);
  }

  void Of(const v1::PaperReprinted& reprinted) {
    Put(docs::Reprinted(writer_, reprinted.document_no()), reprinted);
  }

  void Of(const v1::InvoiceRequested& invoice) {
    Put(docs::Invoice(writer_, invoice.receipt_no()), invoice);
  }

  void Of(const v1::TrainingSet& set) {
    v1::TrainingState state;
    state.set_on(set.on());
    state.set_by(event_.staff());
    state.set_since_unix_micros(event_.recorded_at_unix_micros());
    Put(docs::Training(writer_, event_.till()), state);
  }

  // Its postings count, in accounts of training; no figure of the shop does.
  void Of(const v1::TrainingReceipt& training) {
    const bool is_sale = training.has_sale();
    if (!is_sale && !training.has_return_()) return;
    v1::ReceiptAt at;
    at.set_epoch(at_.epoch);
    at.set_seq(at_.seq);
    // Its numbers are of a series of their own: what came back in training
    // counts against receipts of training alone.
    if (is_sale) {
      if (!training.sale().voids_receipt_no().empty()) Undo(training.sale());
      Exchanged(training.sale());
    } else {
      ComesBack(training.return_());
    }
    Put(docs::TrainingReceipt(writer_, is_sale
                                           ? training.sale().receipt_no()
                                           : training.return_().receipt_no()),
        at);
    std::string value;
    AppendU64(&value, is_sale ? training.sale().receipt_counter()
                              : training.return_().receipt_counter());
    effects_.puts[docs::TrainingCounter(writer_, event_.till(), at_.epoch)] =
        std::move(value);
  }

  void Of(const v1::MembersSet& set) {
    for (const v1::Member& member : set.members()) {
      Put(docs::Member(member.id()), member);
    }
  }

  void Of(const v1::RolesSet& set) { Put(docs::Roles(), set); }

  void Of(const v1::TillPolicySet& set) {
    Put(docs::TillPolicy(set.policy().branch()), set.policy());
  }

  void TillFigures(const v1::Event& document) {
    if (!HasTillFigures(event_, document)) return;
    AddTillFigures(event_, document,
                   &effects_.cells[books::Day(writer_, PostedOn(event_))]);
  }

  void Of(const v1::TillPaired& paired) {
    Put(docs::Till(writer_, paired.till()), paired);
  }

  void Of(const v1::LateSuffixFound& found) {
    v1::LateState state;
    *state.mutable_found() = found;
    Put(docs::Late(writer_, found.epoch(), found.last().hash()), state);
  }

  void Of(const v1::LateSuffixApproved& approved) {
    v1::LateState state;
    state.mutable_found()->set_epoch(approved.epoch());
    state.mutable_found()->set_first_seq(approved.first_seq());
    *state.mutable_found()->mutable_last() = approved.last();
    state.set_approved(true);
    // Under the hub's name: found is the branch's register, approved the hub's.
    Put(docs::Late(absl::StrCat(kHub, "/", approved.branch()), approved.epoch(),
                   approved.last().hash()),
        state);
  }

  void Of(const v1::ItemsSet& set) {
    for (const v1::Item& item : set.items()) {
      Put(docs::Item(item.sku()), item);
      for (const std::string& barcode : item.barcodes()) {
        v1::ItemCode code;
        code.set_code(barcode);
        Put(docs::Code(barcode, item.sku()), code);
      }
      for (const v1::ItemCode& code : item.codes()) {
        Put(docs::Code(code.code(), item.sku()), code);
      }
      if (!item.variant_of().empty()) {
        effects_.puts[docs::Variant(item.variant_of(), item.sku())] = "";
      }
      if (item.kind() == v1::ITEM_KIND_OPEN_DEPARTMENT) {
        effects_.puts[docs::OpenDepartment(item.sku())] = "";
      }
    }
  }

  void Of(const v1::ScanRulesSet& set) { Put(docs::ScanRules(), set); }

  void Of(const v1::CategoriesSet& set) { Put(docs::Categories(), set); }

  void Of(const v1::PricesSet& set) {
    for (const v1::Price& price : set.prices()) {
      Put(docs::Price(price.sku(), price.currency()), price);
    }
  }

  void Of(const v1::PriceBookSet& set) { Put(docs::PriceBook(), set); }

  void Of(const v1::ListPricesSet& set) {
    for (const v1::ListPrice& price : set.prices()) {
      Put(docs::ListPrice(price.sku(), set.list_id()), price);
    }
  }

  void Of(const v1::PromotionsSet& set) { Put(docs::Promotions(), set); }

  void Of(const v1::TaxRulesSet& set) { Put(docs::TaxRules(), set); }

  void Of(const v1::BranchSet& set) {
    Put(docs::Branch(set.branch().code()), set.branch());
  }

  void Of(const v1::StaffSet& set) {
    Put(docs::Staff(set.staff().id()), set.staff());
    v1::StaffParts parts;
    if (at_.parts != nullptr) {
      for (const v1::Part& part : *at_.parts) {
        if (part.erased()) continue;
        if (part.name() == "name") parts.set_name(part.data());
        if (part.name() == "pin") parts.set_pin_hash(part.data());
      }
    }
    Put(docs::StaffParts(set.staff().id()), parts);
  }

  void Of(const v1::PaymentRecorded& recorded) {
    Put(docs::Payments(writer_, recorded.sale().sale_id()), recorded.sale());
    Put(docs::OpenPayments(writer_), recorded.open());
  }

  void Of(const v1::DevicesSet& set) { Put(docs::Devices(set.branch()), set); }

  // The original's own body, under the original's position.
  absl::Status Of(const v1::LateRecord& late) {
    effects_.puts[docs::LateTaken(writer_, late.record().epoch(),
                                  late.record().seq(), late.record().hash())] =
        "";
    v1::Event original;
    if (!original.ParseFromString(late.record().payload())) {
      return absl::InvalidArgumentError("a late record cannot be read");
    }
    if (original.has_sale()) Of(original.sale());
    if (original.has_return_()) Of(original.return_());
    if (original.has_stock_change()) Of(original.stock_change());
    if (original.has_payment_recorded()) {
      const v1::SalePayments& sale = original.payment_recorded().sale();
      Put(docs::Payments(writer_, sale.sale_id()), sale);
    }
    // Registers are not set back by it: the shift of today's till goes on.
    if (original.has_shift_closed()) ZRow(original.shift_closed());
    for (const v1::ShiftClosed& shift : original.day_closed().closed_shifts()) {
      ZRow(shift);
    }
    if (original.has_invoice_requested()) Of(original.invoice_requested());
    if (original.has_tenders_matched()) Of(original.tenders_matched());
    if (original.has_tender_written_off()) Of(original.tender_written_off());
    TillFigures(original);
    return absl::OkStatus();
  }

  void Newer() {
    effects_.puts[docs::Exception(at_.stream, at_.epoch, at_.seq)] =
        absl::StrCat(kNewerPrefix,
                     "this program does not know what it is; its ",
                     event_.postings_size(),
                     " postings are in the balances, update this node");
  }

 private:
  void ComesBack(const v1::Return& back) {
    Cell returned;
    for (const v1::ReturnLine& line : back.lines()) {
      returned.Add(books::ReturnedField(line.original_line()),
                   line.quantity_milli());
    }
    for (const v1::Tender& tender : back.tenders()) {
      if (tender.refunds_tender() == 0) continue;
      returned.Add(books::RefundedField(tender.refunds_tender() - 1),
                   -static_cast<__int128>(tender.amount_minor()));
    }
    effects_.cells[books::Returned(writer_, back.original_receipt_no())].Merge(
        returned);
  }

  void UnknownCodes(const v1::Sale& sale) {
    for (const v1::SaleLine& line : sale.lines()) {
      if (line.voided() || line.unknown_code().empty()) continue;
      v1::UnknownCode unknown;
      unknown.set_branch(writer_);
      unknown.set_code(line.unknown_code());
      unknown.set_department(line.sku());
      unknown.set_note(line.note());
      unknown.set_unit_price_minor_e4(line.unit_price_minor_e4());
      unknown.set_currency(sale.currency());
      unknown.set_receipt_no(sale.receipt_no());
      unknown.set_till(event_.till());
      unknown.set_staff(event_.staff());
      unknown.set_sold_at_unix_micros(event_.business_at_unix_micros());
      Put(docs::UnknownCode(writer_, line.unknown_code()), unknown);
    }
  }

  // All that the reversed receipt sold has come back.
  void Undo(const v1::Sale& reversal) {
    Cell returned;
    for (int i = 0; i < reversal.lines_size(); ++i) {
      const v1::SaleLine& line = reversal.lines(i);
      if (line.voided() || line.quantity_milli() >= 0) continue;
      returned.Add(books::ReturnedField(static_cast<uint32_t>(i)),
                   -static_cast<__int128>(line.quantity_milli()));
    }
    for (const v1::Tender& tender : reversal.tenders()) {
      if (tender.refunds_tender() == 0 || IsOfExchanged(reversal, tender)) {
        continue;
      }
      returned.Add(books::RefundedField(tender.refunds_tender() - 1),
                   -static_cast<__int128>(tender.amount_minor()));
    }
    effects_.cells[books::Returned(writer_, reversal.voids_receipt_no())].Merge(
        returned);
  }

  // What is open after a document; not of a late one, as it was long ago.
  template <typename Document>
  void Opens(const Document& document) {
    if (!document.has_open_payments() || event_.has_late_record()) return;
    Put(docs::OpenPayments(writer_), document.open_payments());
  }

  // Goods of earlier receipts that came back in exchange.
  void Exchanged(const v1::Sale& sale) {
    for (const v1::SaleLine& line : sale.lines()) {
      if (line.voided() || line.returns_receipt_no().empty()) continue;
      // A reversal of an exchange has them sold again.
      Cell returned;
      returned.Add(books::ReturnedField(line.returns_line()),
                   -static_cast<__int128>(line.quantity_milli()));
      effects_.cells[books::Returned(writer_, line.returns_receipt_no())].Merge(
          returned);
    }
    // And money that went back to a tender of the first of them.
    for (const v1::Tender& tender : sale.tenders()) {
      if (!IsOfExchanged(sale, tender)) continue;
      Cell refunded;
      refunded.Add(books::RefundedField(tender.refunds_tender() - 1),
                   -static_cast<__int128>(tender.amount_minor()));
      effects_.cells[books::Returned(writer_, FirstExchanged(sale))].Merge(
          refunded);
    }
  }

  // The receipt of the first line that comes back in exchange; empty: none.
  static std::string FirstExchanged(const v1::Sale& sale) {
    for (const v1::SaleLine& line : sale.lines()) {
      if (!line.voided() && !line.returns_receipt_no().empty()) {
        return line.returns_receipt_no();
      }
    }
    return "";
  }

  // Whether `tender` gives back, in an exchange, what a tender of that receipt
  // paid, or in a reversal takes it again. Never cash: that is nobody's.
  static bool IsOfExchanged(const v1::Sale& sale, const v1::Tender& tender) {
    const bool reversal = !sale.voids_receipt_no().empty();
    return tender.refunds_tender() != 0 &&
           tender.kind() != v1::TENDER_KIND_CASH &&
           (tender.amount_minor() > 0) == reversal &&
           !FirstExchanged(sale).empty();
  }

  void Unconfirmed(const v1::Sale& sale) {
    for (int i = 0; i < sale.tenders_size(); ++i) {
      const v1::Tender& tender = sale.tenders(i);
      if (!tender.unconfirmed()) continue;
      if (!sale.voids_receipt_no().empty()) {
        v1::MatchedTender voided;
        voided.set_receipt_no(sale.voids_receipt_no());
        voided.set_tender(static_cast<uint32_t>(i));
        voided.set_voided_by(sale.receipt_no());
        Put(docs::Matched(writer_, voided.receipt_no(), voided.tender()),
            voided);
        continue;
      }
      v1::UnconfirmedTender row;
      row.set_receipt_no(sale.receipt_no());
      row.set_tender(static_cast<uint32_t>(i));
      row.set_till(event_.till());
      row.set_kind(tender.kind());
      row.set_currency(sale.currency());
      row.set_amount_minor(tender.amount_minor());
      row.set_reference(tender.reference());
      row.set_date(event_.business_date());
      row.set_at_unix_micros(event_.business_at_unix_micros());
      Put(docs::Unconfirmed(writer_, row.receipt_no(), row.tender()), row);
    }
  }

  void ZRow(const v1::ShiftClosed& closed) {
    v1::ReceiptAt at;
    at.set_epoch(at_.epoch);
    at.set_seq(at_.seq);
    Put(docs::Z(writer_, closed.z_no()), at);
  }

  void Post(const v1::Account& account, const std::string& unit,
            int64_t amount) {
    effects_.cells[books::Balance(account.owner(), unit)].Add(
        AccountField(account), amount);
  }

  void AddSku(const std::string& sku, const std::string& currency,
              int64_t quantity_milli, int64_t net_minor,
              int64_t discount_minor) {
    Cell& cell =
        effects_.cells[books::SkuDay(writer_, event_.business_date(), sku)];
    cell.Add(books::Field(books::kQuantity, currency), quantity_milli);
    cell.Add(books::Field(books::kNet, currency), net_minor);
    cell.Add(books::Field(books::kLines, currency), 1);
    if (discount_minor != 0) {
      cell.Add(books::Field(books::kDiscount, currency), discount_minor);
    }
  }

  void AddDay(const DayShare& share) {
    const auto add = [&](std::string key) {
      Cell& cell = effects_.cells[std::move(key)];
      cell.Add(books::Field(books::kReceipts, share.currency), share.receipts);
      cell.Add(books::Field(books::kLines, share.currency), share.lines);
      cell.Add(books::Field(books::kNet, share.currency), share.net_minor);
      if (share.discount_minor != 0) {
        cell.Add(books::Field(books::kDiscount, share.currency),
                 share.discount_minor);
      }
    };
    add(books::Day(writer_, event_.business_date()));
    if (event_.restated_on_date() != 0) {
      add(books::Restated(writer_, event_.business_date(),
                          event_.restated_on_date()));
    }
  }

  void Receipt(const std::string& receipt_no, uint64_t counter) {
    v1::ReceiptAt receipt;
    receipt.set_epoch(at_.epoch);
    receipt.set_seq(at_.seq);
    Put(docs::Receipt(writer_, receipt_no), receipt);
    if (event_.has_late_record()) return;  // numbered in its own epoch
    std::string value;
    AppendU64(&value, counter);
    effects_.puts[docs::ReceiptCounter(writer_, event_.till(), at_.epoch)] =
        std::move(value);
  }

  void Put(std::string key, const google::protobuf::MessageLite& value) {
    effects_.puts[std::move(key)] = value.SerializeAsString();
  }

  const RecordAt& at_;
  const std::string writer_;
  const v1::Event& event_;
  Effects& effects_;
};

}  // namespace

absl::Status Fold(const RecordAt& at, const v1::Event& event,
                  Effects* effects) {
  BL_ASSIGN_OR_RETURN(const std::string writer, WriterOf(at.stream));
  BL_RETURN_IF_ERROR(CheckBody(event));
  if (event.has_epoch_opened() && at.seq != 1) {
    return absl::InvalidArgumentError("opens an epoch in the middle of one");
  }
  Folder folder(at, writer, event, effects);
  folder.Postings();
  folder.TillFigures(event);
  switch (event.body_case()) {
    case v1::Event::kSale:
      folder.Of(event.sale());
      break;
    case v1::Event::kReturn:
      folder.Of(event.return_());
      break;
    case v1::Event::kStockChange:
      folder.Of(event.stock_change());
      break;
    case v1::Event::kDayOpened:
      folder.Of(event.day_opened());
      break;
    case v1::Event::kDayClosed:
      folder.Of(event.day_closed());
      break;
    case v1::Event::kTillPaired:
      folder.Of(event.till_paired());
      break;
    case v1::Event::kLateSuffixFound:
      folder.Of(event.late_suffix_found());
      break;
    case v1::Event::kLateSuffixApproved:
      folder.Of(event.late_suffix_approved());
      break;
    case v1::Event::kLateRecord:
      BL_RETURN_IF_ERROR(folder.Of(event.late_record()));
      break;
    case v1::Event::kItemsSet:
      folder.Of(event.items_set());
      break;
    case v1::Event::kPricesSet:
      folder.Of(event.prices_set());
      break;
    case v1::Event::kPriceBookSet:
      folder.Of(event.price_book_set());
      break;
    case v1::Event::kListPricesSet:
      folder.Of(event.list_prices_set());
      break;
    case v1::Event::kPromotionsSet:
      folder.Of(event.promotions_set());
      break;
    case v1::Event::kTaxRulesSet:
      folder.Of(event.tax_rules_set());
      break;
    case v1::Event::kBranchSet:
      folder.Of(event.branch_set());
      break;
    case v1::Event::kStaffSet:
      folder.Of(event.staff_set());
      break;
    case v1::Event::kPaymentRecorded:
      folder.Of(event.payment_recorded());
      break;
    case v1::Event::kDevicesSet:
      folder.Of(event.devices_set());
      break;
    case v1::Event::kShiftOpened:
      folder.Of(event.shift_opened());
      break;
    case v1::Event::kShiftClosed:
      folder.Of(event.shift_closed());
      break;
    case v1::Event::kCashCounted:
      folder.Of(event.cash_counted());
      break;
    case v1::Event::kSignedOn:
      folder.Of(event.signed_on());
      break;
    case v1::Event::kSignedOff:
      folder.Of(event.signed_off());
      break;
    case v1::Event::kSignOnRefused:
      folder.Of(event.sign_on_refused());
      break;
    case v1::Event::kScanRulesSet:
      folder.Of(event.scan_rules_set());
      break;
    case v1::Event::kCategoriesSet:
      folder.Of(event.categories_set());
      break;
    case v1::Event::kRolesSet:
      folder.Of(event.roles_set());
      break;
    case v1::Event::kTillPolicySet:
      folder.Of(event.till_policy_set());
      break;
    case v1::Event::kTendersMatched:
      folder.Of(event.tenders_matched());
      break;
    case v1::Event::kTenderWrittenOff:
      folder.Of(event.tender_written_off());
      break;
    case v1::Event::kPaperReprinted:
      folder.Of(event.paper_reprinted());
      break;
    case v1::Event::kInvoiceRequested:
      folder.Of(event.invoice_requested());
      break;
    case v1::Event::kTrainingSet:
      folder.Of(event.training_set());
      break;
    case v1::Event::kTrainingReceipt:
      folder.Of(event.training_receipt());
      break;
    case v1::Event::kMembersSet:
      folder.Of(event.members_set());
      break;
    case v1::Event::kLabelsPrinted:
    case v1::Event::kDrawerRecorded:
    case v1::Event::kCashMoved:
    case v1::Event::kBasketCancelled:
    case v1::Event::kEpochOpened:
    case v1::Event::kBranchFenced:
    case v1::Event::kStockSliceGranted:
      break;  // postings alone, or nothing to sum
    case v1::Event::BODY_NOT_SET:
      folder.Newer();
      break;
  }
  return absl::OkStatus();
}

void FoldAside(const RecordAt& at, absl::string_view why, Effects* effects) {
  effects->puts[docs::Exception(at.stream, at.epoch, at.seq)] =
      absl::StrCat(kAsidePrefix, why);
}

}  // namespace branchline

// Over 400 lines: one short case for each kind of event, as in fold.cc, written
// a second time and on purpose without its code.

#include "sync/journal/verify_docs.h"

#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "branchline/v1/state.pb.h"
#include "sync/base/bytes.h"
#include "sync/base/date.h"
#include "sync/base/item_code.h"
#include "sync/base/status_macros.h"

namespace branchline {
namespace {

// What is put aside is judged with its record, and starts with x.
constexpr absl::string_view kKinds =
    "ipfuymnclgordthejszwqvkbABCDEFNOPQRSTUVW123";
constexpr absl::string_view kZero("\0", 1);

// Keys as docs/ON_DISK.md gives them, built here a second time.
std::string Key(char kind, absl::string_view name) {
  return absl::StrCat(absl::string_view(&kind, 1), name);
}
std::string Key(char kind, absl::string_view name, absl::string_view rest) {
  return absl::StrCat(absl::string_view(&kind, 1), name, kZero, rest);
}
std::string U64(uint64_t value) {
  std::string bytes;
  AppendU64(&bytes, value);
  return bytes;
}
std::string DayKey(absl::string_view branch, Date date) {
  std::string key = Key('y', branch, "");
  AppendU32(&key, date);
  return key;
}

std::string PlaceText(absl::string_view epoch_and_seq) {
  return absl::StrCat("record ", U64FromBytes(epoch_and_seq.substr(8, 8)),
                      " of epoch ", U64FromBytes(epoch_and_seq.substr(0, 8)));
}

// What a row is, for a person.
std::string Describe(absl::string_view key) {
  const size_t zero = key.find('\0');
  const absl::string_view name = key.substr(1, zero - 1);
  const absl::string_view rest =
      zero == absl::string_view::npos ? "" : key.substr(zero + 1);
  switch (key[0]) {
    case 'i':
      return absl::StrCat("item ", name);
    case 'p':
      return absl::StrCat("the price of ", name, " in ", rest);
    case 'o':
      return "the price book";
    case 'r':
      return absl::StrCat("the price of ", name, " in price list ", rest);
    case 'd':
      return "the promotions";
    case 't':
      return "the tax rules";
    case 'h':
      return absl::StrCat("name and PIN of staff ", name);
    case 'e':
      return "the roles";
    case 'j':
      return absl::StrCat("the till policy of ", name);
    case 's':
      return absl::StrCat("the shift of till ", rest, " of ", name);
    case 'z':
      return absl::StrCat("the last Z of till ", rest, " of ", name);
    case 'w':
      return absl::StrCat("Z ", rest, " of ", name);
    case 'q':
      return absl::StrCat("the settlement of Z ", rest, " of ", name);
    case 'v':
      return absl::StrCat("who is signed on to till ", rest, " of ", name);
    case 'k':
      return absl::StrCat("wrong PINs of staff ", rest, " at ", name);
    case 'A':
      return absl::StrCat("code ", name, " of item ", rest);
    case 'B':
      return "the rules of scales' codes";
    case 'C':
      return absl::StrCat("the unknown code ", rest, " of ", name);
    case 'D':
      return absl::StrCat("variant ", rest, " of item ", name);
    case 'E':
      return "the tree of categories";
    case 'F':
      return absl::StrCat("open department ", name);
    case '1':
      return absl::StrCat("the payments of sale ", rest, " at ", name);
    case '2':
      return absl::StrCat("the receipt of sale ", rest, " at ", name);
    case '3':
      return absl::StrCat("the open payments of ", name);
    case 'f':
      return absl::StrCat("branch ", name);
    case 'b':
      return absl::StrCat("the devices of ", name);
    case 'u':
      return absl::StrCat("staff ", name);
    case 'y':
      if (rest.size() != 4) break;
      return absl::StrCat("day ", FormatDate(U32FromBytes(rest)), " of ", name);
    case 'm':
      return absl::StrCat("till ", rest, " of ", name);
    case 'n':
      if (rest.size() < 9) break;
      return absl::StrCat("the receipt counter of till ",
                          rest.substr(0, rest.size() - 9), " of ", name,
                          " in epoch ",
                          U64FromBytes(rest.substr(rest.size() - 8)));
    case 'c':
      return absl::StrCat("receipt ", rest, " of ", name);
    case 'N':
      return absl::StrCat("what came back elsewhere of a receipt of ", name);
    case 'O':
      return absl::StrCat("a payment of ", name, " that was written off");
    case 'P':
      return absl::StrCat("the copies of ", rest, " of ", name);
    case 'Q':
      return absl::StrCat("member ", name);
    case 'R':
      return absl::StrCat("training receipt ", rest, " of ", name);
    case 'S':
      return absl::StrCat("whether till ", rest, " of ", name, " trains");
    case 'T':
      return absl::StrCat("a counter of training receipts of ", name);
    case 'U':
      return absl::StrCat("an unconfirmed payment of ", name);
    case 'V':
      return absl::StrCat("the invoice of receipt ", rest, " of ", name);
    case 'W':
      return absl::StrCat("a payment of ", name, " found on a bill");
    case 'l':
      if (rest.size() < 8) break;
      return absl::StrCat("a late suffix of ", name, ", epoch ",
                          U64FromBytes(rest.substr(0, 8)));
    case 'g':
      if (rest.size() < 16) break;
      return absl::StrCat("that the late ", PlaceText(rest), " of ", name,
                          " was taken in");
    default:
      break;
  }
  return absl::StrCat("a row of kind ", key.substr(0, 1), " of ", name);
}

// What a row's value says; empty: nothing short.
std::string Says(char kind, absl::string_view value) {
  if (kind == 'n' && value.size() == 8) {
    return absl::StrCat(U64FromBytes(value));
  }
  v1::ReceiptAt at;
  if ((kind == 'c' || kind == 'w') &&
      at.ParseFromArray(value.data(), static_cast<int>(value.size()))) {
    return absl::StrCat("record ", at.seq(), " of epoch ", at.epoch());
  }
  return std::string();
}

}  // namespace

void VerifyDocs::Put(std::string key, std::string value) {
  rows_[std::move(key)].value = std::move(value);
}

void VerifyDocs::AddSnapshot(const Cursor& base,
                             const v1::SnapshotChunk& chunk) {
  if (chunk.at().epoch() != base.epoch || chunk.at().seq() != base.seq) {
    half_installed_ = chunk.stream();
    return;
  }
  for (const v1::SnapshotRow& row : chunk.rows()) Put(row.key(), row.value());
}

void VerifyDocs::AddReceipt(absl::string_view branch, uint64_t epoch,
                            uint64_t seq, const std::string& till,
                            const std::string& receipt_no, uint64_t counter,
                            bool counts) {
  v1::ReceiptAt at;
  at.set_epoch(epoch);
  at.set_seq(seq);
  Put(Key('c', branch, receipt_no), at.SerializeAsString());
  if (!counts) return;
  Put(absl::StrCat(Key('n', branch, till), kZero, U64(epoch)), U64(counter));
}

void VerifyDocs::AddUnknownCodes(absl::string_view writer,
                                 const v1::Event& outer, const v1::Sale& sale) {
  if (!sale.voids_receipt_no().empty()) return;
  for (const v1::SaleLine& line : sale.lines()) {
    if (line.unknown_code().empty() || line.voided()) continue;
    v1::UnknownCode row;
    row.set_branch(std::string(writer));
    row.set_code(line.unknown_code());
    row.set_department(line.sku());
    row.set_note(line.note());
    row.set_unit_price_minor_e4(line.unit_price_minor_e4());
    row.set_currency(sale.currency());
    row.set_receipt_no(sale.receipt_no());
    row.set_till(outer.till());
    row.set_staff(outer.staff());
    row.set_sold_at_unix_micros(outer.business_at_unix_micros());
    Put(Key('C', writer, row.code()), row.SerializeAsString());
  }
}

void VerifyDocs::AddPayments(absl::string_view branch,
                             const v1::SalePayments& sale) {
  Put(Key('1', branch, sale.sale_id()), sale.SerializeAsString());
}

void VerifyDocs::AddPaidSale(absl::string_view branch, const v1::Sale& sale,
                             bool counts) {
  if (!sale.payment_sale_id().empty() && sale.voids_receipt_no().empty()) {
    Put(Key('2', branch, sale.payment_sale_id()), sale.receipt_no());
  }
  if (!sale.has_open_payments() || !counts) return;
  Put(Key('3', branch), sale.open_payments().SerializeAsString());
}

void VerifyDocs::AddZ(absl::string_view branch, uint64_t epoch, uint64_t seq,
                      const v1::ShiftClosed& closed, bool counts) {
  v1::ReceiptAt at;
  at.set_epoch(epoch);
  at.set_seq(seq);
  Put(Key('w', branch, closed.z_no()), at.SerializeAsString());
  if (!counts) return;
  Put(Key('s', branch, closed.till()), "");
  Put(Key('z', branch, closed.till()), closed.SerializeAsString());
}

void VerifyDocs::AddUnconfirmed(absl::string_view writer,
                                const v1::Event& outer,
                                const v1::Event& document) {
  const v1::Sale& sale = document.sale();
  for (int i = 0; i < sale.tenders_size(); ++i) {
    const v1::Tender& tender = sale.tenders(i);
    if (!tender.unconfirmed()) continue;
    std::string index;
    AppendU32(&index, static_cast<uint32_t>(i));
    if (!sale.voids_receipt_no().empty()) {
      v1::MatchedTender voided;
      voided.set_receipt_no(sale.voids_receipt_no());
      voided.set_tender(static_cast<uint32_t>(i));
      voided.set_voided_by(sale.receipt_no());
      Put(absl::StrCat(Key('W', writer, sale.voids_receipt_no()), kZero, index),
          voided.SerializeAsString());
      continue;
    }
    v1::UnconfirmedTender open;
    open.set_receipt_no(sale.receipt_no());
    open.set_tender(static_cast<uint32_t>(i));
    open.set_till(outer.till());
    open.set_kind(tender.kind());
    open.set_currency(sale.currency());
    open.set_amount_minor(tender.amount_minor());
    open.set_reference(tender.reference());
    open.set_date(outer.business_date());
    open.set_at_unix_micros(outer.business_at_unix_micros());
    Put(absl::StrCat(Key('U', writer, sale.receipt_no()), kZero, index),
        open.SerializeAsString());
  }
}

bool VerifyDocs::AddAfterSale(absl::string_view writer, uint64_t epoch,
                              uint64_t seq, const v1::Event& event) {
  v1::TrainingState training;
  v1::ReceiptAt at;
  switch (event.body_case()) {
    case v1::Event::kTendersMatched:
      for (const v1::MatchedTender& matched :
           event.tenders_matched().tenders()) {
        std::string index;
        AppendU32(&index, matched.tender());
        Put(absl::StrCat(Key('W', writer, matched.receipt_no()), kZero, index),
            matched.SerializeAsString());
      }
      return true;
    case v1::Event::kTenderWrittenOff: {
      const v1::TenderWrittenOff& lost = event.tender_written_off();
      std::string index;
      AppendU32(&index, lost.tender());
      Put(absl::StrCat(Key('O', writer, lost.receipt_no()), kZero, index),
          lost.SerializeAsString());
      return true;
    }
    case v1::Event::kPaperReprinted:
      Put(Key('P', writer, event.paper_reprinted().document_no()),
          event.paper_reprinted().SerializeAsString());
      return true;
    case v1::Event::kInvoiceRequested:
      Put(Key('V', writer, event.invoice_requested().receipt_no()),
          event.invoice_requested().SerializeAsString());
      return true;
    case v1::Event::kTrainingSet:
      training.set_on(event.training_set().on());
      training.set_by(event.staff());
      training.set_since_unix_micros(event.recorded_at_unix_micros());
      Put(Key('S', writer, event.till()), training.SerializeAsString());
      return true;
    case v1::Event::kTrainingReceipt: {
      const v1::TrainingReceipt& receipt = event.training_receipt();
      if (receipt.has_basket_cancelled()) return true;
      const bool is_sale = receipt.has_sale();
      at.set_epoch(epoch);
      at.set_seq(seq);
      Put(Key('R', writer,
              is_sale ? receipt.sale().receipt_no()
                      : receipt.return_().receipt_no()),
          at.SerializeAsString());
      Put(absl::StrCat(Key('T', writer, event.till()), kZero, U64(epoch)),
          U64(is_sale ? receipt.sale().receipt_counter()
                      : receipt.return_().receipt_counter()));
      return true;
    }
    case v1::Event::kMembersSet:
      for (const v1::Member& member : event.members_set().members()) {
        Put(Key('Q', member.id()), member.SerializeAsString());
      }
      return true;
    default:
      return false;
  }
}

bool VerifyDocs::AddOfTill(absl::string_view writer, uint64_t epoch,
                           uint64_t seq, const v1::Event& event) {
  v1::ShiftState shift;
  v1::SessionState session;
  v1::PinState pin;
  switch (event.body_case()) {
    case v1::Event::kShiftOpened:
      shift.set_open(true);
      shift.set_date(event.business_date());
      shift.set_opened_epoch(epoch);
      shift.set_opened_seq(seq);
      shift.set_opened_at_unix_micros(event.recorded_at_unix_micros());
      shift.set_opened_by(event.staff());
      Put(Key('s', writer, event.till()), shift.SerializeAsString());
      return true;
    case v1::Event::kShiftClosed:
      AddZ(writer, epoch, seq, event.shift_closed(), true);
      return true;
    case v1::Event::kCashCounted:
      if (event.cash_counted().place() == v1::CASH_PLACE_LAST_Z) {
        Put(Key('q', writer, event.cash_counted().z_no()),
            event.cash_counted().SerializeAsString());
      }
      return true;
    case v1::Event::kSignedOn:
      session.set_staff(event.staff());
      session.set_since_unix_micros(event.recorded_at_unix_micros());
      Put(Key('v', writer, event.till()), session.SerializeAsString());
      Put(Key('k', writer, event.staff()), "");
      return true;
    case v1::Event::kSignedOff:
      Put(Key('v', writer, event.till()), "");
      return true;
    case v1::Event::kSignOnRefused:
      pin.set_failures(event.sign_on_refused().failures());
      pin.set_locked_until_unix_micros(
          event.sign_on_refused().locked_until_unix_micros());
      Put(Key('k', writer, event.sign_on_refused().staff()),
          pin.SerializeAsString());
      return true;
    case v1::Event::kRolesSet:
      Put("e", event.roles_set().SerializeAsString());
      return true;
    case v1::Event::kTillPolicySet:
      Put(Key('j', event.till_policy_set().policy().branch()),
          event.till_policy_set().policy().SerializeAsString());
      return true;
    default:
      return false;
  }
}

void VerifyDocs::AddParts(const v1::Record& record, const v1::Event& event) {
  if (!event.has_staff_set()) return;
  v1::StaffParts parts;
  for (const v1::Part& part : record.parts()) {
    if (part.name() == "name" && !part.erased()) parts.set_name(part.data());
    if (part.name() == "pin" && !part.erased()) parts.set_pin_hash(part.data());
  }
  Put(Key('h', event.staff_set().staff().id()), parts.SerializeAsString());
}

void VerifyDocs::Add(absl::string_view writer, uint64_t epoch, uint64_t seq,
                     const v1::Event& event, bool in_books) {
  if (AddOfTill(writer, epoch, seq, event)) return;
  if (AddAfterSale(writer, epoch, seq, event)) return;
  const v1::Event* document = &event;
  v1::Event original;
  if (event.has_late_record()) {
    const v1::Record& late = event.late_record().record();
    Put(absl::StrCat(Key('g', writer, U64(late.epoch())), U64(late.seq()),
                     late.hash()),
        "");
    if (!original.ParseFromString(late.payload())) return;
    if (original.has_sale() || original.has_return_()) document = &original;
    if (original.has_payment_recorded()) {
      AddPayments(writer, original.payment_recorded().sale());
    }
    if (original.has_invoice_requested() || original.has_tenders_matched() ||
        original.has_tender_written_off()) {
      AddAfterSale(writer, epoch, seq, original);
    }
    if (original.has_shift_closed()) {
      AddZ(writer, epoch, seq, original.shift_closed(), false);
    }
    for (const v1::ShiftClosed& shift : original.day_closed().closed_shifts()) {
      AddZ(writer, epoch, seq, shift, false);
    }
  }
  const bool counts = document == &event;
  v1::DayState day;
  v1::LateState late;
  switch (document->body_case()) {
    case v1::Event::kSale:
      AddPaidSale(writer, document->sale(), counts);
      if (!in_books) return;
      AddUnknownCodes(writer, event, document->sale());
      AddUnconfirmed(writer, event, *document);
      return AddReceipt(writer, epoch, seq, event.till(),
                        document->sale().receipt_no(),
                        document->sale().receipt_counter(), counts);
    case v1::Event::kReturn:
      if (document->return_().has_open_payments() && counts) {
        Put(Key('3', writer),
            document->return_().open_payments().SerializeAsString());
      }
      if (!in_books) return;
      if (!document->return_().sold_by_branch().empty()) {
        Put(absl::StrCat(Key('N', document->return_().sold_by_branch(),
                             document->return_().original_receipt_no()),
                         kZero, writer),
            "");
      }
      return AddReceipt(writer, epoch, seq, event.till(),
                        document->return_().receipt_no(),
                        document->return_().receipt_counter(), counts);
    case v1::Event::kDayOpened:
      day.set_date(event.day_opened().date());
      day.set_opened_epoch(epoch);
      day.set_opened_seq(seq);
      return Put(DayKey(writer, day.date()), day.SerializeAsString());
    case v1::Event::kDayClosed:
      day.set_date(event.day_closed().date());
      day.set_sealed(true);
      day.set_sealed_epoch(epoch);
      day.set_sealed_seq(seq);
      for (const v1::ShiftClosed& shift : event.day_closed().closed_shifts()) {
        AddZ(writer, epoch, seq, shift, true);
      }
      return Put(DayKey(writer, day.date()), day.SerializeAsString());
    case v1::Event::kTillPaired:
      return Put(Key('m', writer, event.till_paired().till()),
                 event.till_paired().SerializeAsString());
    case v1::Event::kLateSuffixFound:
      *late.mutable_found() = event.late_suffix_found();
      return Put(absl::StrCat(Key('l', writer, U64(late.found().epoch())),
                              late.found().last().hash()),
                 late.SerializeAsString());
    case v1::Event::kLateSuffixApproved: {
      const v1::LateSuffixApproved& approved = event.late_suffix_approved();
      late.set_approved(true);
      late.mutable_found()->set_epoch(approved.epoch());
      late.mutable_found()->set_first_seq(approved.first_seq());
      *late.mutable_found()->mutable_last() = approved.last();
      return Put(absl::StrCat(Key('l', absl::StrCat("HUB/", approved.branch()),
                                  U64(approved.epoch())),
                              approved.last().hash()),
                 late.SerializeAsString());
    }
    case v1::Event::kItemsSet:
      for (const v1::Item& item : event.items_set().items()) {
        Put(Key('i', item.sku()), item.SerializeAsString());
        for (const std::string& barcode : item.barcodes()) {
          v1::ItemCode code;
          code.set_code(barcode);
          Put(Key('A', NormalCode(barcode), item.sku()),
              code.SerializeAsString());
        }
        for (const v1::ItemCode& code : item.codes()) {
          Put(Key('A', NormalCode(code.code()), item.sku()),
              code.SerializeAsString());
        }
        if (!item.variant_of().empty()) {
          Put(Key('D', item.variant_of(), item.sku()), "");
        }
        if (item.kind() == v1::ITEM_KIND_OPEN_DEPARTMENT) {
          Put(Key('F', item.sku()), "");
        }
      }
      return;
    case v1::Event::kScanRulesSet:
      return Put("B", event.scan_rules_set().SerializeAsString());
    case v1::Event::kCategoriesSet:
      return Put("E", event.categories_set().SerializeAsString());
    case v1::Event::kPricesSet:
      for (const v1::Price& price : event.prices_set().prices()) {
        Put(Key('p', price.sku(), price.currency()), price.SerializeAsString());
      }
      return;
    case v1::Event::kPriceBookSet:
      return Put("o", event.price_book_set().SerializeAsString());
    case v1::Event::kListPricesSet:
      for (const v1::ListPrice& price : event.list_prices_set().prices()) {
        Put(Key('r', price.sku(), event.list_prices_set().list_id()),
            price.SerializeAsString());
      }
      return;
    case v1::Event::kPaymentRecorded:
      AddPayments(writer, event.payment_recorded().sale());
      return Put(Key('3', writer),
                 event.payment_recorded().open().SerializeAsString());
    case v1::Event::kDevicesSet:
      return Put(Key('b', event.devices_set().branch()),
                 event.devices_set().SerializeAsString());
    case v1::Event::kPromotionsSet:
      return Put("d", event.promotions_set().SerializeAsString());
    case v1::Event::kTaxRulesSet:
      return Put("t", event.tax_rules_set().SerializeAsString());
    case v1::Event::kBranchSet:
      return Put(Key('f', event.branch_set().branch().code()),
                 event.branch_set().branch().SerializeAsString());
    case v1::Event::kStaffSet:
      return Put(Key('u', event.staff_set().staff().id()),
                 event.staff_set().staff().SerializeAsString());
    default:
      return;
  }
}

void VerifyDocs::CompareRow(absl::string_view key, absl::string_view value,
                            DocsVerdict* verdict) {
  if (key.empty() || key[0] == '!' || key[0] == 'x') return;
  if (kKinds.find(key[0]) == absl::string_view::npos) {
    ++verdict->rows_of_unknown_kind;
    return;
  }
  ++verdict->rows;
  const auto it = rows_.find(key);
  if (it == rows_.end()) {
    verdict->faults.Add(absl::StrCat(
        Describe(key), " is in the docs, and nothing in the journal says so"));
    return;
  }
  it->second.seen = true;
  if (it->second.value == value) return;
  const std::string found = Says(key[0], value);
  const std::string wanted = Says(key[0], it->second.value);
  verdict->faults.Add(
      found.empty() || wanted.empty()
          ? absl::StrCat(Describe(key),
                         " is not in the docs as the journal has it")
          : absl::StrCat(Describe(key), " is ", found,
                         " in the docs, and the journal says ", wanted));
}

absl::Status VerifyDocs::Compare(const Store& store, DocsVerdict* verdict) {
  if (!half_installed_.empty()) {
    verdict->why_not = absl::StrCat("a snapshot of ", half_installed_,
                                    " is half installed: compare again when "
                                    "the rest has come");
    return absl::OkStatus();
  }
  verdict->compared = true;
  BL_RETURN_IF_ERROR(
      store.Scan(Table::kDocs, "", "",
                 [&](absl::string_view key, absl::string_view value) {
                   CompareRow(key, value, verdict);
                   return true;
                 }));
  // In order of key, so that the same journal gives the same first fault.
  std::set<absl::string_view> lacking;
  for (const auto& [key, row] : rows_) {
    if (!row.seen) lacking.insert(key);
  }
  for (const absl::string_view key : lacking) {
    verdict->faults.Add(absl::StrCat(
        Describe(key), " is not in the docs, and the journal says so"));
  }
  return absl::OkStatus();
}

}  // namespace branchline

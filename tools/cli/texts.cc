// Over 400 lines: one sentence for each kind of event, and their switch.

#include "tools/cli/texts.h"

#include <google/protobuf/util/json_util.h>

#include "absl/strings/str_cat.h"
#include "branchline/v1/event.pb.h"
#include "sync/base/check.h"
#include "sync/base/date.h"
#include "sync/base/money.h"

namespace branchline::cli {
namespace {

std::string Count(int64_t number, absl::string_view one) {
  return absl::StrCat(number, " ", one, number == 1 ? "" : "s");
}

std::string Totals(
    const google::protobuf::RepeatedPtrField<v1::CurrencyTotal>& totals) {
  std::string text;
  for (const v1::CurrencyTotal& total : totals) {
    absl::StrAppend(&text, ", ", total.currency(), " ",
                    MoneyText(total.net_minor(), total.currency()));
  }
  return text;
}

std::string SpanText(absl::Duration span) {
  const int64_t seconds = absl::ToInt64Seconds(span);
  if (seconds < 60) return absl::StrCat(seconds, " s");
  if (seconds < 60 * 60) return absl::StrCat(seconds / 60, " min");
  if (seconds < 2 * 24 * 60 * 60) return absl::StrCat(seconds / 3600, " h");
  return absl::StrCat(seconds / (24 * 60 * 60), " days");
}

std::string LateRecordText(const v1::LateRecord& late) {
  v1::Event original;
  const bool readable = original.ParseFromString(late.record().payload()) &&
                        !original.has_late_record();
  return absl::StrCat("taken in late, from ", late.record().epoch(), "/",
                      late.record().seq(), ": ",
                      readable ? EventText(original) : "cannot be read");
}

}  // namespace

std::string MessageJson(const google::protobuf::Message& message) {
  google::protobuf::util::JsonPrintOptions options;
  options.preserve_proto_field_names = true;
  options.always_print_primitive_fields = true;
  options.add_whitespace = true;
  std::string json;
  const auto status =
      google::protobuf::util::MessageToJsonString(message, &json, options);
  BL_CHECK(status.ok(), "our own messages have a JSON form");
  return json;
}

std::string PositionText(const v1::Position& position) {
  return absl::StrCat(position.epoch(), "/", position.seq());
}

std::string StatusText(v1::BranchStatus status) {
  switch (status) {
    case v1::BRANCH_STATUS_PLANNED:
      return "planned";
    case v1::BRANCH_STATUS_ACTIVE:
      return "active";
    case v1::BRANCH_STATUS_FENCED:
      return "fenced";
    case v1::BRANCH_STATUS_RETIRED:
      return "retired";
    default:
      return "unknown";
  }
}

std::string TimeText(int64_t unix_micros) {
  if (unix_micros == 0) return "";
  return absl::FormatTime("%Y-%m-%dT%H:%M:%SZ",
                          absl::FromUnixMicros(unix_micros),
                          absl::UTCTimeZone());
}

namespace {

const char* DrawerReasonText(v1::DrawerReason reason) {
  switch (reason) {
    case v1::DRAWER_REASON_SALE:
      return "sale";
    case v1::DRAWER_REASON_RETURN:
      return "return";
    case v1::DRAWER_REASON_NO_SALE:
      return "no sale";
    case v1::DRAWER_REASON_PAID_IN:
      return "paid in";
    case v1::DRAWER_REASON_PAID_OUT:
      return "paid out";
    case v1::DRAWER_REASON_PICKUP:
      return "pickup";
    case v1::DRAWER_REASON_COUNT:
      return "count";
    case v1::DRAWER_REASON_TEST:
      return "test";
    default:
      return "";
  }
}

const char* DrawerKindText(v1::DrawerEventKind kind) {
  switch (kind) {
    case v1::DRAWER_EVENT_KIND_COMMANDED:
      return "told to open";
    case v1::DRAWER_EVENT_KIND_OPENED:
      return "opened";
    case v1::DRAWER_EVENT_KIND_OPENED_BY_HAND:
      return "opened by hand";
    case v1::DRAWER_EVENT_KIND_CLOSED:
      return "closed";
    case v1::DRAWER_EVENT_KIND_OPEN_TOO_LONG:
      return "open too long";
    case v1::DRAWER_EVENT_KIND_STUCK:
      return "told to open and did not";
    default:
      return "did something newer than this program";
  }
}

std::string PaymentVerb(v1::PaymentKind kind) {
  switch (kind) {
    case v1::PAYMENT_KIND_REFUND:
      return "refunds";
    case v1::PAYMENT_KIND_REVERSAL:
      return "reverses";
    default:
      return "takes";
  }
}

std::string ChangedPaymentText(const v1::PaymentRecorded& recorded) {
  for (const v1::PaymentAttempt& attempt : recorded.sale().attempts()) {
    if (attempt.id() == recorded.changed_id()) return PaymentText(attempt);
  }
  return absl::StrCat("a payment of sale ", recorded.sale().sale_id());
}

}  // namespace

std::string PaymentKindText(v1::PaymentKind kind) {
  switch (kind) {
    case v1::PAYMENT_KIND_REFUND:
      return "refund";
    case v1::PAYMENT_KIND_REVERSAL:
      return "reversal";
    default:
      return "payment";
  }
}

std::string PaymentStateText(v1::PaymentState state) {
  switch (state) {
    case v1::PAYMENT_STATE_STARTED:
      return "started";
    case v1::PAYMENT_STATE_APPROVED:
      return "approved";
    case v1::PAYMENT_STATE_REVERSING:
      return "being undone";
    case v1::PAYMENT_STATE_OPEN:
      return "open";
    case v1::PAYMENT_STATE_DONE:
      return "done";
    case v1::PAYMENT_STATE_FAILED:
      return "failed";
    case v1::PAYMENT_STATE_REVERSED:
      return "reversed";
    default:
      return "newer than this program";
  }
}

std::string PaymentText(const v1::PaymentAttempt& attempt) {
  return absl::StrCat(
      attempt.device(), " ", PaymentVerb(attempt.kind()), " ",
      MoneyText(attempt.amount_minor(), attempt.currency()), " of sale ",
      attempt.sale_id(), ": ", PaymentStateText(attempt.state()),
      attempt.state() == v1::PAYMENT_STATE_DONE &&
              attempt.done_minor() != attempt.amount_minor()
          ? absl::StrCat(", ",
                         MoneyText(attempt.done_minor(), attempt.currency()))
          : "",
      attempt.settled_by().empty()
          ? ""
          : absl::StrCat(" (", attempt.settled_by(), ")"));
}

std::string DrawerText(const v1::DrawerRecorded& what) {
  std::string text =
      absl::StrCat("drawer ", what.drawer(), " ", DrawerKindText(what.kind()));
  const std::string reason = DrawerReasonText(what.reason());
  if (!reason.empty()) absl::StrAppend(&text, ": ", reason);
  if (!what.receipt_no().empty())
    absl::StrAppend(&text, " ", what.receipt_no());
  if (!what.user().empty()) absl::StrAppend(&text, ", by ", what.user());
  if (!what.note().empty()) absl::StrAppend(&text, " (", what.note(), ")");
  return text;
}

std::string LocalTimeText(int64_t seconds) {
  if (seconds == 0) return "";
  return absl::FormatCivilTime(absl::CivilSecond(1970, 1, 1) + seconds);
}

Value Ago(int64_t unix_micros, absl::Time now) {
  if (unix_micros == 0) return Value("", "never");
  const absl::Duration ago = now - absl::FromUnixMicros(unix_micros);
  return Value(TimeText(unix_micros),
               ago >= absl::ZeroDuration()
                   ? absl::StrCat(SpanText(ago), " ago")
                   : absl::StrCat("in ", SpanText(-ago)));
}

std::string LateText(const v1::LateSuffixFound& found) {
  return absl::StrCat("epoch ", found.epoch(), ", records ", found.first_seq(),
                      " to ", found.last().seq(), ": ",
                      Count(static_cast<int64_t>(found.receipts()), "receipt"),
                      Totals(found.totals()));
}

std::string CashMoveText(const v1::CashMoved& moved) {
  const auto kind = [&]() -> absl::string_view {
    switch (moved.kind()) {
      case v1::CASH_MOVE_KIND_FLOAT:
        return "float";
      case v1::CASH_MOVE_KIND_SAFE_DROP:
        return "safe drop";
      case v1::CASH_MOVE_KIND_PAID_IN:
        return "paid in";
      case v1::CASH_MOVE_KIND_PAID_OUT:
        return "paid out";
      case v1::CASH_MOVE_KIND_NO_SALE:
        return "no-sale";
      case v1::CASH_MOVE_KIND_BANK_SENT:
        return "sent to the bank";
      case v1::CASH_MOVE_KIND_BANK_CONFIRMED:
        return "confirmed by the bank";
      default:
        return "cash moved";
    }
  }();
  return absl::StrCat(
      kind, ", ", moved.cash().currency(), " ",
      MoneyText(moved.cash().amount_minor(), moved.cash().currency()));
}

std::string EventText(const v1::Event& event) {
  switch (event.body_case()) {
    case v1::Event::kEpochOpened:
      return "epoch opened";
    case v1::Event::kDayOpened:
      return absl::StrCat("day opened: ",
                          FormatDate(event.day_opened().date()));
    case v1::Event::kDayClosed:
      return absl::StrCat(
          "day closed: ", FormatDate(event.day_closed().date()), ", ",
          Count(static_cast<int64_t>(event.day_closed().receipts()), "receipt"),
          Totals(event.day_closed().totals()));
    case v1::Event::kSale:
      return absl::StrCat(
          "sale ", event.sale().receipt_no(), ", ",
          Count(event.sale().lines_size(), "line"), ", ",
          event.sale().currency(), " ",
          MoneyText(event.sale().total_minor(), event.sale().currency()));
    case v1::Event::kReturn:
      return absl::StrCat(
          "return ", event.return_().receipt_no(), " of ",
          event.return_().original_receipt_no(), ", ",
          event.return_().currency(), " ",
          MoneyText(event.return_().total_minor(), event.return_().currency()));
    case v1::Event::kStockChange:
      return absl::StrCat("stock change, ",
                          Count(event.stock_change().lines_size(), "line"));
    case v1::Event::kTillPaired:
      return absl::StrCat(
          "till ", event.till_paired().till(),
          event.till_paired().key_hash().empty() ? " unpaired" : " paired");
    case v1::Event::kLateSuffixFound:
      return absl::StrCat("late records found: ",
                          LateText(event.late_suffix_found()));
    case v1::Event::kLateRecord:
      return LateRecordText(event.late_record());
    case v1::Event::kItemsSet:
      return absl::StrCat(Count(event.items_set().items_size(), "item"),
                          " set");
    case v1::Event::kPricesSet:
      return absl::StrCat(Count(event.prices_set().prices_size(), "price"),
                          " set");
    case v1::Event::kPriceBookSet:
      return absl::StrCat("price book ", event.price_book_set().version(), ", ",
                          Count(event.price_book_set().lists_size(), "list"));
    case v1::Event::kListPricesSet:
      return absl::StrCat(Count(event.list_prices_set().prices_size(), "price"),
                          " of price list ", event.list_prices_set().list_id(),
                          " set");
    case v1::Event::kPromotionsSet:
      return absl::StrCat(
          Count(event.promotions_set().promotions_size(), "promotion"), " set");
    case v1::Event::kTaxRulesSet:
      return absl::StrCat(Count(event.tax_rules_set().rules_size(), "tax rule"),
                          " set");
    case v1::Event::kBranchSet:
      return absl::StrCat("branch ", event.branch_set().branch().code(), " ",
                          StatusText(event.branch_set().branch().status()));
    case v1::Event::kStaffSet:
      return absl::StrCat("staff ", event.staff_set().staff().id(),
                          event.staff_set().staff().left() ? " left" : " set");
    case v1::Event::kDevicesSet:
      return absl::StrCat(Count(event.devices_set().devices_size(), "device"),
                          " of ", event.devices_set().branch(), " set");
    case v1::Event::kDrawerRecorded:
      return DrawerText(event.drawer_recorded());
    case v1::Event::kPaymentRecorded:
      return ChangedPaymentText(event.payment_recorded());
    case v1::Event::kBranchFenced:
      return absl::StrCat("branch ", event.branch_fenced().branch(),
                          " fenced: ", event.branch_fenced().why());
    case v1::Event::kLateSuffixApproved:
      return absl::StrCat("late records of ",
                          event.late_suffix_approved().branch(), ", epoch ",
                          event.late_suffix_approved().epoch(), " approved");
    case v1::Event::kStockSliceGranted:
      return absl::StrCat(
          FormatMilli(event.stock_slice_granted().quantity_milli()), " of ",
          event.stock_slice_granted().sku(), " granted to ",
          event.stock_slice_granted().branch());
    case v1::Event::kShiftOpened:
      return "shift opened";
    case v1::Event::kShiftClosed:
      return absl::StrCat("Z ", event.shift_closed().z_no(),
                          event.shift_closed().counted() ? "" : ", uncounted");
    case v1::Event::kCashMoved:
      return CashMoveText(event.cash_moved());
    case v1::Event::kCashCounted:
      return event.cash_counted().place() == v1::CASH_PLACE_SAFE
                 ? "safe counted"
             : event.cash_counted().z_no().empty()
                 ? std::string("drawer counted")
                 : absl::StrCat("Z ", event.cash_counted().z_no(), " settled");
    case v1::Event::kBasketCancelled:
      return absl::StrCat("basket cancelled, ",
                          Count(event.basket_cancelled().lines_size(), "line"));
    case v1::Event::kTendersMatched:
      return absl::StrCat(
          Count(event.tenders_matched().tenders_size(), "payment"),
          " found on the bill of ", event.tenders_matched().channel());
    case v1::Event::kTenderWrittenOff:
      return absl::StrCat(
          MoneyText(event.tender_written_off().amount_minor(),
                    event.tender_written_off().currency()),
          " of receipt ", event.tender_written_off().receipt_no(),
          " written off: ", event.tender_written_off().reason());
    case v1::Event::kPaperReprinted:
      return absl::StrCat("copy ", event.paper_reprinted().times(), " of ",
                          event.paper_reprinted().document_no());
    case v1::Event::kLabelsPrinted:
      return absl::StrCat(
          Count(static_cast<int>(event.labels_printed().count()), "label"),
          " of ", event.labels_printed().sku(), " at ",
          MoneyText(event.labels_printed().price_minor(),
                    event.labels_printed().currency()));
    case v1::Event::kInvoiceRequested:
      return absl::StrCat("invoice of receipt ",
                          event.invoice_requested().receipt_no());
    case v1::Event::kTrainingSet:
      return event.training_set().on() ? "training begins" : "training ends";
    case v1::Event::kTrainingReceipt:
      return event.training_receipt().has_basket_cancelled()
                 ? std::string("training: basket cancelled")
                 : absl::StrCat(
                       "training: receipt ",
                       event.training_receipt().has_sale()
                           ? event.training_receipt().sale().receipt_no()
                           : event.training_receipt().return_().receipt_no());
    case v1::Event::kMembersSet:
      return Count(event.members_set().members_size(), "member");
    case v1::Event::kScanRulesSet:
      return Count(event.scan_rules_set().rules_size(), "scan rule");
    case v1::Event::kCategoriesSet:
      return absl::StrCat("tree of categories: ",
                          event.categories_set().categories_size());
    case v1::Event::kSignedOn:
      return absl::StrCat("staff ", event.staff(), " signed on");
    case v1::Event::kSignedOff:
      return absl::StrCat("staff ", event.staff(), " signed off");
    case v1::Event::kSignOnRefused:
      return absl::StrCat("wrong PIN of staff ",
                          event.sign_on_refused().staff(), ", ",
                          event.sign_on_refused().failures(), " in a row");
    case v1::Event::kRolesSet:
      return absl::StrCat(Count(event.roles_set().roles_size(), "role"),
                          " set");
    case v1::Event::kTillPolicySet:
      return absl::StrCat("till policy of ",
                          event.till_policy_set().policy().branch().empty()
                              ? "the chain"
                              : event.till_policy_set().policy().branch(),
                          " set");
    case v1::Event::BODY_NOT_SET:
      break;
  }
  return absl::StrCat("newer than this program, ",
                      Count(event.postings_size(), "posting"));
}

}  // namespace branchline::cli

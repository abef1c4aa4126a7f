#include "edge/receipt/build_receipt.h"

#include <algorithm>
#include <cstdlib>
#include <set>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/substitute.h"
#include "edge/receipt/receipt_words.h"
#include "sync/base/bytes.h"
#include "sync/base/money.h"
#include "sync/base/status_macros.h"

namespace branchline {
namespace {

constexpr int kUnitPriceDigits = 4;  // of a minor unit
constexpr size_t kHashDigits = 16;   // of the record, in the code
constexpr int kRateDigits = 4;       // of a percent, in rate_e6

class Builder {
 public:
  Builder(const v1::Event& event, const ReceiptContext& context, int digits)
      : event_(event),
        context_(context),
        words_(WordsOf(context.text.language())),
        digits_(digits) {}

  ReceiptModel Of(const v1::Sale& sale) {
    Head(sale.receipt_no());
    model_.title = context_.text.title();
    Taxes(sale);
    Origins(sale);
    int64_t saved_minor = 0;
    int64_t out = 0;  // pieces that go with the customer
    int64_t back = 0;
    for (const v1::SaleLine& line : sale.lines()) {
      if (line.voided()) continue;
      model_.lines.push_back(LineOf(line));
      if (line.kind() != v1::LINE_KIND_RETURN) {
        saved_minor += line.discount_minor();
      }
      (line.quantity_milli() > 0 ? out : back) +=
          std::abs(Pieces(line.sku(), line.quantity_milli()));
    }
    Count(out > 0 ? out : back);
    model_.total = {TotalWord(words_.total, sale.currency()),
                    Money(sale.total_minor())};
    Tenders(sale);
    if (!sale.member().empty()) {
      model_.notes.push_back(absl::Substitute(words_.member, sale.member()));
    }
    if (saved_minor > 0 && !context_.text.hide_savings()) {
      model_.savings = absl::Substitute(words_.saved, Money(saved_minor));
    }
    if (!sale.tax_exempt_reason().empty()) {
      model_.foot.insert(
          model_.foot.begin(),
          absl::Substitute(words_.tax_exempt, sale.tax_exempt_reason()));
    }
    if (sale.credit_invoice_due()) {
      model_.notes.emplace_back(words_.credit_invoice);
    }
    Invoice(sale);
    Code(sale.receipt_no(), sale.currency(), sale.total_minor());
    return std::move(model_);
  }

  ReceiptModel Of(const v1::Return& back) {
    Head(back.receipt_no());
    model_.title = words_.return_title;
    model_.notes.push_back(
        absl::Substitute(words_.return_of, back.original_receipt_no()));
    int64_t pieces = 0;
    for (const v1::ReturnLine& line : back.lines()) {
      ReceiptLine& shown = model_.lines.emplace_back();
      shown.name = NameOf(line.sku());
      if (line.quantity_milli() != 1'000) {
        shown.detail = Quantity(line.sku(), line.quantity_milli());
      }
      shown.amount = Money(-line.amount_minor());
      pieces += Pieces(line.sku(), line.quantity_milli());
    }
    Count(pieces);
    model_.total = {TotalWord(words_.refund, back.currency()),
                    Money(-back.total_minor())};
    for (const v1::Tender& tender : back.tenders()) {
      model_.tenders.push_back(
          {TenderName(tender), Money(-tender.amount_minor())});
    }
    if (back.credit_invoice_due()) {
      model_.notes.emplace_back(words_.credit_invoice);
    }
    Code(back.receipt_no(), back.currency(), back.total_minor());
    return std::move(model_);
  }

 private:
  std::string Money(int64_t minor) const {
    return GroupedMinor(minor, digits_);
  }

  static std::string TotalWord(const char* word, const std::string& currency) {
    return absl::StrCat(word, " ", currency);
  }

  void Head(const std::string& receipt_no) {
    const v1::ReceiptText& text = context_.text;
    model_.language = words_.language;
    model_.copy_mark = absl::StrCat("*** ", words_.copy, " ***");
    if (!text.legal_entity().empty()) {
      model_.head.push_back(text.legal_entity());
    }
    model_.head.emplace_back(context_.branch_name);
    for (const std::string& line : text.address_lines()) {
      model_.head.push_back(line);
    }
    if (!text.tax_number().empty()) {
      model_.head.push_back(
          absl::Substitute(words_.tax_number, text.tax_number()));
    }
    model_.receipt_no = receipt_no;
    model_.time =
        absl::FormatTime("%Y-%m-%d %H:%M",
                         absl::FromUnixMicros(event_.business_at_unix_micros()),
                         context_.time_zone);
    model_.till = absl::Substitute(words_.till, event_.till());
    if (event_.has_training_receipt()) model_.training_mark = words_.training;
    if (!event_.staff().empty() && !text.hide_staff()) {
      model_.staff = absl::Substitute(words_.served_by, event_.staff());
    }
    for (const std::string& line : text.footer_lines()) {
      model_.foot.push_back(line);
    }
  }

  std::string NameOf(const std::string& sku) const {
    const v1::Item* const item = context_.item(sku);
    if (item == nullptr) return sku;
    return ItemNameIn(*item, words_.language);
  }

  bool IsWeighed(const std::string& sku) const {
    const v1::Item* const item = context_.item(sku);
    return item != nullptr && item->weighed();
  }

  std::string Quantity(const std::string& sku, int64_t milli) const {
    return absl::StrCat(FormatMilli(milli), IsWeighed(sku) ? " kg" : "");
  }

  // Goods by weight count as one piece.
  int64_t Pieces(const std::string& sku, int64_t milli) const {
    if (milli == 0) return 0;
    if (IsWeighed(sku) || milli % 1'000 != 0) return milli > 0 ? 1 : -1;
    return milli / 1'000;
  }

  void Count(int64_t pieces) {
    model_.count = pieces == 1 ? std::string(words_.one_item)
                               : absl::Substitute(words_.items, pieces);
  }

  // "1.99", and "0.0125" where the price is finer than the coins.
  std::string UnitPrice(int64_t minor_e4) const {
    std::string text = FormatMinor(minor_e4, digits_ + kUnitPriceDigits);
    const size_t shortest = text.size() - kUnitPriceDigits;
    while (text.size() > shortest && text.back() == '0') text.pop_back();
    if (text.back() == '.') text.pop_back();
    return text;
  }

  ReceiptLine LineOf(const v1::SaleLine& line) {
    ReceiptLine shown;
    shown.name = NameOf(line.sku());
    int64_t before_minor = line.amount_minor() + line.discount_minor();
    for (const v1::LineTax& tax : line.taxes()) {
      absl::StrAppend(&shown.marks, MarkOf(tax));
      // A price without tax is shown without it; the table adds it.
      if (tax.on_top()) before_minor -= tax.tax_minor();
    }
    if (line.kind() == v1::LINE_KIND_FREE) {
      shown.detail = words_.free_line;
    } else if (line.quantity_milli() != 1'000 || line.has_gross_minor()) {
      shown.detail = Quantity(line.sku(), line.quantity_milli());
      if (!line.has_gross_minor()) {
        absl::StrAppend(&shown.detail, " x ",
                        UnitPrice(line.unit_price_minor_e4()));
      }
      if (line.quantity_milli() == 1'000) shown.detail.clear();
    }
    shown.amount = Money(before_minor);
    int64_t told_minor = 0;
    for (const v1::LineDiscount& discount : line.discounts()) {
      shown.discounts.push_back(
          {words_.discount, Money(-discount.amount_minor())});
      told_minor += discount.amount_minor();
    }
    if (told_minor != line.discount_minor()) {
      shown.discounts.push_back(
          {words_.discount, Money(told_minor - line.discount_minor())});
    }
    return shown;
  }

  static bool IsSameTax(const v1::LineTax& a, const v1::LineTax& b) {
    return a.code() == b.code() && a.rate_e6() == b.rate_e6() &&
           a.on_top() == b.on_top();
  }

  // Where goods of other receipts, or the whole of one, came from.
  void Origins(const v1::Sale& sale) {
    if (!sale.voids_receipt_no().empty()) {
      model_.notes.push_back(
          absl::Substitute(words_.void_of, sale.voids_receipt_no()));
      return;
    }
    std::set<std::string> told;
    for (const v1::SaleLine& line : sale.lines()) {
      if (line.voided() || line.returns_receipt_no().empty() ||
          !told.insert(line.returns_receipt_no()).second) {
        continue;
      }
      model_.notes.push_back(
          absl::Substitute(words_.exchange_of, line.returns_receipt_no()));
    }
  }

  void Invoice(const v1::Sale& sale) {
    if (!context_.text.invoice_code() || sale.total_minor() <= 0 ||
        event_.has_training_receipt() || !sale.voids_receipt_no().empty()) {
      return;
    }
    model_.foot.push_back(absl::Substitute(words_.invoice_code,
                                           InvoiceCode(context_.record_hash)));
    if (!context_.text.invoice_note().empty()) {
      model_.foot.push_back(context_.text.invoice_note());
    }
  }

  std::string MarkOf(const v1::LineTax& tax) const {
    const auto& table = SaleIn().taxes();
    for (int i = 0; i < table.size(); ++i) {
      if (IsSameTax(table[i], tax)) return Mark(i);
    }
    return "?";
  }
  const v1::Sale& SaleIn() const {
    return event_.has_training_receipt() ? event_.training_receipt().sale()
                                         : event_.sale();
  }
  static std::string Mark(int index) {
    return std::string(1, static_cast<char>('A' + std::min(index, 25)));
  }

  void Taxes(const v1::Sale& sale) {
    model_.tax_head = {"", words_.tax, words_.tax_base, words_.tax};
    for (int i = 0; i < sale.taxes_size(); ++i) {
      const v1::LineTax& tax = sale.taxes(i);
      std::string rate = FormatMinor(tax.rate_e6(), kRateDigits);
      while (rate.back() == '0') rate.pop_back();
      if (rate.back() == '.') rate.pop_back();
      const std::string name = absl::StrCat(tax.code(), " ", rate, "%");
      if (tax.on_top()) {
        model_.additions.push_back({name, Money(tax.tax_minor())});
      }
      if (context_.text.hide_taxes()) continue;
      model_.taxes.push_back(
          {Mark(i), name, Money(tax.base_minor()), Money(tax.tax_minor())});
    }
  }

  std::string TenderWord(v1::TenderKind kind) const {
    switch (kind) {
      case v1::TENDER_KIND_CASH:
        return words_.cash;
      case v1::TENDER_KIND_CARD:
        return words_.card;
      case v1::TENDER_KIND_VOUCHER:
        return words_.voucher;
      case v1::TENDER_KIND_WALLET:
        return words_.wallet;
      default:
        return words_.other_tender;
    }
  }

  std::string TenderName(const v1::Tender& tender) const {
    std::string name = TenderWord(tender.kind());
    if (tender.unconfirmed()) {
      absl::StrAppend(&name, " (", words_.unconfirmed, ")");
    }
    return name;
  }

  void Tenders(const v1::Sale& sale) {
    if (sale.cash_rounding_minor() != 0) {
      model_.tenders.push_back(
          {words_.rounding, Money(sale.cash_rounding_minor())});
    }
    int64_t change_minor = sale.change_minor();
    for (const v1::Tender& tender : sale.tenders()) {
      // The event holds what was kept; the customer knows what they gave.
      const bool gave = tender.kind() == v1::TENDER_KIND_CASH &&
                        change_minor != 0 && tender.amount_minor() > 0;
      if (gave) {
        model_.tenders.push_back(
            {words_.cash_given, Money(tender.amount_minor() + change_minor)});
        model_.tenders.push_back({words_.change, Money(change_minor)});
        change_minor = 0;
      } else {
        model_.tenders.push_back(
            {TenderName(tender), Money(tender.amount_minor())});
      }
    }
    if (change_minor != 0) {
      model_.tenders.push_back({words_.change, Money(change_minor)});
    }
  }

  void Code(const std::string& receipt_no, const std::string& currency,
            int64_t total_minor) {
    if (!context_.text.qr() || event_.has_training_receipt()) return;
    if (context_.signer != nullptr) {
      model_.qr = ReceiptCode(event_, *context_.signer);
      if (!model_.qr.empty()) return;
    }
    model_.qr = absl::StrCat("BL1;", receipt_no, ";", event_.business_date(),
                             ";", currency, ";", total_minor, ";",
                             Hex(context_.record_hash).substr(0, kHashDigits));
  }

  const v1::Event& event_;
  const ReceiptContext& context_;
  const ReceiptWords& words_;
  const int digits_;
  ReceiptModel model_;
};

}  // namespace

std::string ItemNameIn(const v1::Item& item, absl::string_view language) {
  const bool chinese = WordsOf(language).language != absl::string_view("en");
  const std::string& name =
      chinese && !item.name_zh().empty() ? item.name_zh() : item.name();
  return name.empty() ? item.sku() : name;
}

absl::StatusOr<ReceiptModel> BuildReceipt(const v1::Event& event,
                                          const ReceiptContext& context) {
  const v1::TrainingReceipt& training = event.training_receipt();
  const v1::Sale* const sale = event.has_sale()      ? &event.sale()
                               : training.has_sale() ? &training.sale()
                                                     : nullptr;
  const v1::Return* const back = event.has_return_()      ? &event.return_()
                                 : training.has_return_() ? &training.return_()
                                                          : nullptr;
  if (sale == nullptr && back == nullptr) {
    return absl::InvalidArgumentError(
        "make a receipt: the event is neither a sale nor a return");
  }
  BL_ASSIGN_OR_RETURN(
      const int digits,
      MinorDigits(sale != nullptr ? sale->currency() : back->currency()));
  Builder builder(event, context, digits);
  return sale != nullptr ? builder.Of(*sale) : builder.Of(*back);
}

}  // namespace branchline

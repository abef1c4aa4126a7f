#include "edge/receipt/lay_out_receipt.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"

namespace branchline {
namespace {

// "-1,234,567.89" and a blank before it.
constexpr int kAmountColumns = 14;
constexpr int kAmountColumnsNarrow = 12;
constexpr int kMarkColumns = 3;
constexpr int kTaxColumns = 10;
constexpr size_t kSmallCodeSizeMax = 200;  // bytes of a QR code
constexpr int kNarrow = 40;  // columns below which two things share no line

class Layout {
 public:
  Layout(const ReceiptModel& receipt, int columns)
      : receipt_(receipt),
        is_narrow_(columns < kNarrow),
        amount_columns_(is_narrow_ ? kAmountColumnsNarrow : kAmountColumns) {
    // Without taxes no column is kept for their marks.
    mark_columns_ = receipt.taxes.empty() ? 0 : kMarkColumns;
  }

  ReceiptDocument Make() {
    Head();
    Lines();
    Total();
    Taxes();
    Foot();
    return std::move(document_);
  }

 private:
  void Add(ReceiptBlock block) { document_.blocks.push_back(std::move(block)); }
  void Text(const std::string& text, Align align, TextStyle style = {}) {
    if (!text.empty()) Add(TextBlock{{{text, style}}, align});
  }
  void Amount(const std::string& what, const std::string& amount,
              const std::string& mark = "", TextStyle style = {}) {
    RowBlock row{
        {{what, 0, Align::kLeft}, {amount, amount_columns_, Align::kRight}},
        style};
    if (mark_columns_ > 0) {
      row.cells.push_back({mark, mark_columns_, Align::kRight});
    }
    Add(std::move(row));
  }
  // Beside each other where there is room.
  void Two(const std::string& left, const std::string& right,
           int right_columns) {
    if (right.empty()) return Text(left, Align::kLeft);
    if (is_narrow_) {
      Text(left, Align::kLeft);
      return Text(right, Align::kLeft);
    }
    Add(RowBlock{
        {{left, 0, Align::kLeft}, {right, right_columns, Align::kRight}}});
  }

  void Head() {
    Training();
    for (size_t i = 0; i < receipt_.head.size(); ++i) {
      Text(receipt_.head[i], Align::kCentre,
           i == 0 ? TextStyle{.bold = true, .height_times = 2} : TextStyle{});
    }
    Text(receipt_.title, Align::kCentre, {.bold = true, .height_times = 2});
    Add(RuleBlock{'='});
    Two(receipt_.receipt_no, receipt_.time, 17);
    Two(receipt_.till, receipt_.staff, 22);
    for (const std::string& note : receipt_.notes) Text(note, Align::kLeft);
    Add(RuleBlock{'-'});
  }

  void Lines() {
    for (const ReceiptLine& line : receipt_.lines) {
      if (line.detail.empty()) {
        Amount(line.name, line.amount, line.marks);
      } else {
        Text(line.name, Align::kLeft);
        Amount(absl::StrCat("  ", line.detail), line.amount, line.marks);
      }
      for (const ReceiptLine::Less& less : line.discounts) {
        Amount(absl::StrCat("  ", less.what), less.amount);
      }
    }
    Add(RuleBlock{'-'});
  }

  void Total() {
    Text(receipt_.count, Align::kLeft);
    for (const ReceiptAmount& addition : receipt_.additions) {
      Amount(addition.what, addition.amount);
    }
    Amount(receipt_.total.what, receipt_.total.amount, "",
           {.bold = true, .height_times = 2});
    for (const ReceiptAmount& tender : receipt_.tenders) {
      Amount(tender.what, tender.amount);
    }
    Text(receipt_.savings, Align::kCentre, {.bold = true});
  }

  void Tax(const ReceiptTax& tax) {
    Add(RowBlock{{{tax.mark, 2, Align::kLeft},
                  {tax.name, 0, Align::kLeft},
                  {tax.base, amount_columns_ - 2, Align::kRight},
                  {tax.tax, kTaxColumns, Align::kRight}}});
  }

  void Taxes() {
    if (receipt_.taxes.empty()) return;
    Add(RuleBlock{'-'});
    Tax(receipt_.tax_head);
    for (const ReceiptTax& tax : receipt_.taxes) Tax(tax);
  }

  void Foot() {
    Add(RuleBlock{'='});
    for (const std::string& line : receipt_.foot) Text(line, Align::kCentre);
    if (!receipt_.qr.empty()) {
      Add(FeedBlock{1});
      Add(Qr());
    }
    Training();
    Add(CutBlock{});
  }

  // The signed lines of a receipt make a large code: smaller modules, and less
  // correction, so that it fits the paper and a phone still reads it.
  QrBlock Qr() const {
    QrBlock qr{.data = receipt_.qr, .module_dots = is_narrow_ ? 4 : 5};
    if (receipt_.qr.size() <= kSmallCodeSizeMax) return qr;
    qr.module_dots = 3;
    qr.correction = QrCorrection::kLow;
    return qr;
  }

  void Training() {
    Text(receipt_.training_mark, Align::kCentre,
         {.bold = true, .inverse = true, .height_times = 2});
  }

  const ReceiptModel& receipt_;
  const bool is_narrow_;
  const int amount_columns_;
  int mark_columns_ = 0;
  ReceiptDocument document_;
};

}  // namespace

ReceiptDocument LayOutReceipt(const ReceiptModel& receipt, int columns) {
  return Layout(receipt, std::max(columns, kReceiptColumnsMin)).Make();
}

}  // namespace branchline

#pragma once

#include <string>
#include <vector>

namespace branchline {

// What a receipt says, word for word, in the order in which it stands: made
// from the event alone by BuildReceipt(), laid out for a width by
// LayOutReceipt(), and rendered to text, to a printer, or to a page from there.
// Amounts are text already, "1,234.50": whatever renders it adds nothing up.

struct ReceiptLine {
  std::string name;
  std::string detail;  // "2 x 1.99", "0.532 kg x 4.99"; empty: one piece
  std::string amount;  // before discounts
  std::string marks;   // of its taxes, in the tax table: "A"
  struct Less {
    std::string what;
    std::string amount;  // "-0.99"
  };
  std::vector<Less> discounts;
};

struct ReceiptAmount {
  std::string what;
  std::string amount;
};

struct ReceiptTax {
  std::string mark;  // "A"
  std::string name;  // "VAT 20%"
  std::string base;
  std::string tax;
};

struct ReceiptModel {
  std::string language;  // en, zh-CN, zh-TW
  std::string copy_mark;

  std::vector<std::string> head;  // the first is the legal entity
  std::string title;              // "RETURN"; empty for a sale
  std::string receipt_no;
  std::string time;                // of the shop's clock
  std::string till;                // "Till T1"
  std::string staff;               // "Served by ada"; empty if nobody signed on
  std::vector<std::string> notes;  // "Receipt S014-T1-1-000001 comes back"
  std::vector<ReceiptLine> lines;
  std::vector<ReceiptAmount> additions;  // taxes on top of the prices
  std::string count;                     // "3 items"
  ReceiptAmount total;
  std::vector<ReceiptAmount> tenders;  // rounding and change among them
  std::string savings;                 // "You saved 1.23"; empty: nothing
  ReceiptTax tax_head;                 // titles of the table
  std::vector<ReceiptTax> taxes;
  std::vector<std::string> foot;
  std::string qr;  // empty: none
  // Over and under everything, in large letters; empty: it is a real one.
  std::string training_mark;
};

}  // namespace branchline

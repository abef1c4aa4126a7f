#pragma once

#include "absl/strings/string_view.h"

namespace branchline {

// The words of a receipt in one language. All are there in every language.
struct ReceiptWords {
  const char* language;
  const char* copy;        // between which a copy stands
  const char* tax_number;  // "$0": the number
  const char* till;        // "$0": the till
  const char* served_by;   // "$0": the member of staff
  const char* return_title;
  const char* return_of;  // "$0": the receipt that the goods came from
  const char* items;      // "$0": how many pieces
  const char* one_item;
  const char* total;
  const char* refund;
  const char* cash;
  const char* card;
  const char* voucher;
  const char* other_tender;
  const char* cash_given;  // what the customer handed over
  const char* change;
  const char* rounding;
  const char* saved;  // "$0": the amount
  const char* discount;
  const char* member;  // "$0": the member
  const char* tax;
  const char* tax_base;
  const char* tax_exempt;  // "$0": the reason
  const char* free_line;
  const char* training;     // over and under everything of a till in training
  const char* exchange_of;  // "$0": the receipt that goods came from
  const char* void_of;      // "$0": the receipt that it undoes
  const char* unconfirmed;  // beside a payment that nobody has confirmed
  const char* wallet;
  const char* invoice_code;    // "$0": the code
  const char* credit_invoice;  // an invoice was issued for what came back
};

// Of "en", "zh-CN" or "zh-TW"; another, or none: English.
const ReceiptWords& WordsOf(absl::string_view language);

// A language that receipts are printed in; empty counts as one.
bool IsReceiptLanguage(absl::string_view language);

}  // namespace branchline

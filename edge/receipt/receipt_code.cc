#include "edge/receipt/receipt_code.h"

#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "sync/base/status_macros.h"
#include "sync/identity/sha256.h"

namespace branchline {
namespace {

// Without I, L, O and U, which are read as something else.
constexpr absl::string_view kLetters = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
constexpr size_t kInvoiceLetters = 8;

uint32_t TaxIndex(const v1::LineTax& tax, v1::ReceiptEvidence* evidence) {
  for (int i = 0; i < evidence->taxes_size(); ++i) {
    const v1::EvidenceTax& have = evidence->taxes(i);
    if (have.code() == tax.code() && have.rate_e6() == tax.rate_e6() &&
        have.on_top() == tax.on_top()) {
      return static_cast<uint32_t>(i);
    }
  }
  v1::EvidenceTax* added = evidence->add_taxes();
  added->set_code(tax.code());
  added->set_rate_e6(tax.rate_e6());
  added->set_on_top(tax.on_top());
  return static_cast<uint32_t>(evidence->taxes_size() - 1);
}

// False: too many lines.
bool AddLines(const v1::Sale& sale, v1::ReceiptEvidence* evidence) {
  for (int i = 0; i < sale.lines_size(); ++i) {
    const v1::SaleLine& line = sale.lines(i);
    if (line.voided() || line.quantity_milli() <= 0) continue;
    if (evidence->lines_size() == kEvidenceLinesMax) return false;
    v1::EvidenceLine* added = evidence->add_lines();
    added->set_line(static_cast<uint32_t>(i));
    added->set_sku(line.sku());
    added->set_quantity_milli(line.quantity_milli());
    added->set_amount_minor(line.amount_minor());
    // A code has little room: what follows from the rest is left out.
    bool first_taxes = true;
    for (int t = 0; t < line.taxes_size(); ++t) {
      added->add_tax(TaxIndex(line.taxes(t), evidence));
      added->add_base_minor(line.taxes(t).base_minor());
      added->add_tax_minor(line.taxes(t).tax_minor());
      first_taxes = first_taxes && added->tax(t) == static_cast<uint32_t>(t);
    }
    if (first_taxes) added->clear_tax();
    if (added->tax_minor_size() == 1 &&
        added->base_minor(0) + added->tax_minor(0) == line.amount_minor()) {
      added->clear_base_minor();
    }
  }
  return evidence->lines_size() > 0;
}

}  // namespace

std::string ReceiptCode(const v1::Event& event, const ReceiptSigner& signer) {
  const v1::Sale& sale = event.sale();
  if (!event.has_sale() || !sale.voids_receipt_no().empty()) return "";
  v1::ReceiptEvidence evidence;
  evidence.set_branch(signer.branch);
  evidence.set_receipt_no(sale.receipt_no());
  evidence.set_key_epoch(signer.epoch);
  evidence.set_date(event.business_date());
  evidence.set_currency(sale.currency());
  if (!AddLines(sale, &evidence)) return "";
  v1::SignedReceipt signed_receipt;
  signed_receipt.set_evidence(evidence.SerializeAsString());
  signed_receipt.set_signature(
      signer.key->Sign(kReceiptPurpose, signed_receipt.evidence()));
  std::string code = absl::StrCat(
      kReceiptCodePrefix,
      absl::WebSafeBase64Escape(signed_receipt.SerializeAsString()));
  if (code.size() > kReceiptCodeSizeMax) code.clear();
  return code;
}

absl::StatusOr<v1::SignedReceipt> DecodeReceiptCode(absl::string_view code) {
  const absl::string_view text = absl::StripAsciiWhitespace(code);
  std::string bytes;
  v1::SignedReceipt receipt;
  if (!absl::StartsWith(text, kReceiptCodePrefix) ||
      text.size() > kReceiptCodeSizeMax ||
      !absl::WebSafeBase64Unescape(text.substr(kReceiptCodePrefix.size()),
                                   &bytes) ||
      !receipt.ParseFromString(bytes) || receipt.evidence().empty()) {
    return absl::InvalidArgumentError(absl::StrCat(
        "this is not the code of a receipt, or it was misread (", text.size(),
        " characters): scan it again, or key the receipt's number"));
  }
  return receipt;
}

absl::StatusOr<v1::ReceiptEvidence> EvidenceIn(
    const v1::SignedReceipt& receipt) {
  v1::ReceiptEvidence evidence;
  bool sound = evidence.ParseFromString(receipt.evidence()) &&
               evidence.lines_size() > 0 &&
               evidence.lines_size() <= kEvidenceLinesMax &&
               !evidence.branch().empty() && !evidence.receipt_no().empty();
  uint32_t next = 0;
  for (const v1::EvidenceLine& line : evidence.lines()) {
    sound = sound && line.line() >= next && line.line() < 1'000 &&
            line.quantity_milli() > 0 &&
            (line.tax().empty() || line.tax_size() == line.tax_minor_size()) &&
            (line.base_minor_size() == line.tax_minor_size() ||
             (line.base_minor().empty() && line.tax_minor_size() == 1)) &&
            line.tax_minor_size() <= evidence.taxes_size();
    next = line.line() + 1;
    for (const uint32_t tax : line.tax()) {
      sound = sound && tax < static_cast<uint32_t>(evidence.taxes_size());
    }
  }
  if (sound) return evidence;
  return absl::InvalidArgumentError(
      "the code of the receipt holds no lines that this program can read");
}

v1::Sale SaleOf(const v1::ReceiptEvidence& evidence) {
  v1::Sale sale;
  sale.set_receipt_no(evidence.receipt_no());
  sale.set_currency(evidence.currency());
  for (const v1::EvidenceLine& line : evidence.lines()) {
    while (sale.lines_size() < static_cast<int>(line.line())) {
      sale.add_lines()->set_voided(true);
    }
    v1::SaleLine* out = sale.add_lines();
    out->set_sku(line.sku());
    out->set_kind(v1::LINE_KIND_SALE);
    out->set_quantity_milli(line.quantity_milli());
    out->set_amount_minor(line.amount_minor());
    for (int i = 0; i < line.tax_minor_size(); ++i) {
      const v1::EvidenceTax& tax = evidence.taxes(
          line.tax().empty() ? i : static_cast<int>(line.tax(i)));
      v1::LineTax* out_tax = out->add_taxes();
      out_tax->set_code(tax.code());
      out_tax->set_rate_e6(tax.rate_e6());
      out_tax->set_on_top(tax.on_top());
      out_tax->set_base_minor(line.base_minor().empty()
                                  ? line.amount_minor() - line.tax_minor(i)
                                  : line.base_minor(i));
      out_tax->set_tax_minor(line.tax_minor(i));
    }
  }
  return sale;
}

std::string InvoiceCode(absl::string_view record_hash) {
  const std::string hash =
      Sha256(absl::StrCat("branchline/1 invoice ", record_hash));
  std::string code;
  for (size_t i = 0; i < kInvoiceLetters; ++i) {
    if (i == kInvoiceLetters / 2) code.push_back('-');
    code.push_back(kLetters[static_cast<uint8_t>(hash[i]) % kLetters.size()]);
  }
  return code;
}

bool IsInvoiceCode(absl::string_view typed, absl::string_view code) {
  const auto bare = [](absl::string_view text) {
    std::string letters;
    for (const char c : text) {
      if (c != '-' && c != ' ') letters.push_back(absl::ascii_toupper(c));
    }
    return letters;
  };
  return bare(typed) == bare(code);
}

}  // namespace branchline

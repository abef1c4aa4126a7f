#pragma once

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "branchline/v1/event.pb.h"
#include "sync/identity/signing_key.h"

namespace branchline {

// The code on a receipt with which a branch that is dark, and never saw the
// sale, takes its goods back: the lines, signed by the branch that sold them.
// Text, "BL2:" and base64url of a SignedReceipt, so that any scanner reads it.
// Of an EvidenceLine it leaves out what follows from the rest: `tax` where it
// is 0, 1, 2 ..., and the one base that is the amount less its tax.

inline constexpr absl::string_view kReceiptPurpose = "receipt";
inline constexpr absl::string_view kReceiptCodePrefix = "BL2:";
inline constexpr int kEvidenceLinesMax = 20;
inline constexpr size_t kReceiptCodeSizeMax = 1'024;  // bytes: a QR code's

// Who signs. Both outlive whatever is given one.
struct ReceiptSigner {
  const SigningKey* key = nullptr;
  uint64_t epoch = 0;  // whose key it is
  std::string branch;
};

// The code of `event`, a sale of the signer's branch. Empty: it has more than
// kEvidenceLinesMax lines that sold goods, or none, or does not fit a code.
std::string ReceiptCode(const v1::Event& event, const ReceiptSigner& signer);

// What `code` holds, its signature not checked yet.
//   INVALID_ARGUMENT  no code of a receipt, or one that was cut or misread
absl::StatusOr<v1::SignedReceipt> DecodeReceiptCode(absl::string_view code);
absl::StatusOr<v1::ReceiptEvidence> EvidenceIn(
    const v1::SignedReceipt& receipt);

// The evidence as a sale, each line at its own index; what lies between is
// voided.
v1::Sale SaleOf(const v1::ReceiptEvidence& evidence);

// "K7Q2-M9XA": what a customer who asks for the invoice shows, from the hash of
// the receipt's record. Nobody can guess it who has not seen the receipt.
std::string InvoiceCode(absl::string_view record_hash);
// Whether a person means `code`: case and dashes do not count.
bool IsInvoiceCode(absl::string_view typed, absl::string_view code);

}  // namespace branchline

// The signed code of a receipt: what is in it comes out of it, it fits a code,
// and no byte of it can be another.

#include "edge/receipt/receipt_code.h"

#include <gtest/gtest.h>

#include "absl/strings/escaping.h"
#include "devices/printer/block_rules.h"
#include "devices/printer/qr_picture.h"
#include "edge/receipt/build_receipt.h"
#include "edge/receipt/lay_out_receipt.h"
#include "tests/edge/receipt/sample_sale.h"
#include "tests/support/status_matchers.h"

namespace branchline {
namespace {

using ::testing::HasSubstr;

SigningKey Key() { return *SigningKey::FromSeed(std::string(32, 'k')); }

std::string Code(const v1::Event& event) {
  static const auto& key = *new SigningKey(Key());
  return ReceiptCode(event, {&key, 2, "S014"});
}

TEST(ReceiptCodeTest, HoldsEachLineThatSoldGoods) {
  const auto receipt = DecodeReceiptCode(Code(SampleSale()));
  ASSERT_THAT(receipt, IsOk());
  EXPECT_THAT(VerifySignature(Key().public_key(), kReceiptPurpose,
                              receipt->evidence(), receipt->signature()),
              IsOk());
  const auto evidence = EvidenceIn(*receipt);
  ASSERT_THAT(evidence, IsOk());
  EXPECT_EQ(evidence->receipt_no(), "S014-T1-1-000001");
  EXPECT_EQ(evidence->key_epoch(), 2u);
  const v1::Sale sold = SampleSale().sale();
  const v1::Sale told = SaleOf(*evidence);
  ASSERT_EQ(told.lines_size(), sold.lines_size());
  for (int i = 0; i < sold.lines_size(); ++i) {
    EXPECT_EQ(told.lines(i).voided(), sold.lines(i).voided()) << i;
    if (sold.lines(i).voided()) continue;
    EXPECT_EQ(told.lines(i).sku(), sold.lines(i).sku());
    EXPECT_EQ(told.lines(i).quantity_milli(), sold.lines(i).quantity_milli());
    EXPECT_EQ(told.lines(i).amount_minor(), sold.lines(i).amount_minor());
    ASSERT_EQ(told.lines(i).taxes_size(), sold.lines(i).taxes_size());
    EXPECT_EQ(told.lines(i).taxes(0).SerializeAsString(),
              sold.lines(i).taxes(0).SerializeAsString());
  }
}

TEST(ReceiptCodeTest, TwentyLinesOfLongSkusFitACodeThatIsPrinted) {
  v1::Event event = SampleSale();
  event.mutable_sale()->clear_lines();
  for (int i = 0; i < kEvidenceLinesMax; ++i) {
    v1::SaleLine* line = event.mutable_sale()->add_lines();
    line->set_sku("4006381333931");
    line->set_quantity_milli(12'000);
    line->set_amount_minor(123'456);
    line->add_taxes()->set_code("VAT");
    line->mutable_taxes(0)->set_base_minor(102'880);
    line->mutable_taxes(0)->set_tax_minor(20'576);
  }
  const std::string code = Code(event);
  ASSERT_NE(code, "");
  EXPECT_LE(code.size(), kReceiptCodeSizeMax);
  // Drawn in the modules that the layout gives it, it fits 58 mm paper.
  const v1::ReceiptText text = SampleReceiptText("en");
  static const auto& key = *new SigningKey(Key());
  const ReceiptSigner signer{&key, 2, "S014"};
  const auto model =
      BuildReceipt(event, {"High Street", absl::UTCTimeZone(), text,
                           std::string(32, 'h'), SampleItem, &signer});
  ASSERT_THAT(model, IsOk());
  EXPECT_EQ(model->qr, code);
  int codes = 0;
  for (const ReceiptBlock& block : LayOutReceipt(*model, 32).blocks) {
    const auto* qr = std::get_if<QrBlock>(&block);
    if (qr == nullptr) continue;
    ++codes;
    EXPECT_THAT(CheckQr(*qr), IsOk());
    const auto picture = QrPicture(*qr);
    ASSERT_THAT(picture, IsOk());
    EXPECT_LE(picture->width(), 384);
  }
  EXPECT_EQ(codes, 1);
}

TEST(ReceiptCodeTest, EveryFlippedByteIsFound) {
  const std::string code = Code(SampleSale());
  std::string bytes;
  ASSERT_TRUE(absl::WebSafeBase64Unescape(
      code.substr(kReceiptCodePrefix.size()), &bytes));
  for (size_t i = 0; i < bytes.size(); ++i) {
    std::string flipped = bytes;
    flipped[i] = static_cast<char>(flipped[i] ^ 0x10);
    const auto receipt = DecodeReceiptCode(std::string(kReceiptCodePrefix) +
                                           absl::WebSafeBase64Escape(flipped));
    if (!receipt.ok()) continue;
    EXPECT_FALSE(VerifySignature(Key().public_key(), kReceiptPurpose,
                                 receipt->evidence(), receipt->signature())
                     .ok())
        << i;
  }
}

TEST(ReceiptCodeTest, EvidenceThatContradictsItselfIsNone) {
  const auto check = [](void (*breakage)(v1::ReceiptEvidence*)) {
    v1::SignedReceipt receipt = *DecodeReceiptCode(Code(SampleSale()));
    v1::ReceiptEvidence evidence = *EvidenceIn(receipt);
    breakage(&evidence);
    receipt.set_evidence(evidence.SerializeAsString());
    EXPECT_THAT(EvidenceIn(receipt),
                StatusIs(absl::StatusCode::kInvalidArgument,
                         HasSubstr("holds no lines that this program")));
  };
  check([](v1::ReceiptEvidence* e) { e->mutable_lines(1)->add_tax(0); });
  check([](v1::ReceiptEvidence* e) { e->mutable_lines(1)->set_tax(0, 9); });
  check([](v1::ReceiptEvidence* e) { e->mutable_lines(0)->add_tax_minor(1); });
  check([](v1::ReceiptEvidence* e) { e->mutable_lines(1)->set_line(0); });
  check([](v1::ReceiptEvidence* e) { e->mutable_lines(0)->set_line(2'000); });
  check([](v1::ReceiptEvidence* e) {
    e->mutable_lines(0)->set_quantity_milli(0);
  });
  check([](v1::ReceiptEvidence* e) { e->clear_lines(); });
  check([](v1::ReceiptEvidence* e) { e->clear_branch(); });
}

TEST(InvoiceCodeTest, IsOfTheRecordAndReadAsPeopleType) {
  const std::string code = InvoiceCode(std::string(32, 'a'));
  EXPECT_EQ(code.size(), 9u);
  EXPECT_EQ(code[4], '-');
  EXPECT_NE(code, InvoiceCode(std::string(32, 'b')));
  std::string typed = code;
  typed.erase(4, 1);
  for (char& c : typed) c = static_cast<char>(std::tolower(c));
  EXPECT_TRUE(IsInvoiceCode(typed, code));
  typed[0] = typed[0] == '0' ? '1' : '0';
  EXPECT_FALSE(IsInvoiceCode(typed, code));
  EXPECT_FALSE(IsInvoiceCode("", code));
}

}  // namespace
}  // namespace branchline

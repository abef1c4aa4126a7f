// Paper beside the plain receipt: training, exchange, invoice code, templates,
// X and Z, and the page for a screen.

#include <gtest/gtest.h>

#include <set>
#include <string>

#include "absl/strings/str_split.h"
#include "devices/text/utf8.h"
#include "edge/receipt/build_receipt.h"
#include "edge/receipt/lay_out_label.h"
#include "edge/receipt/lay_out_receipt.h"
#include "edge/receipt/receipt_html.h"
#include "edge/receipt/receipt_text.h"
#include "edge/receipt/shift_slip.h"
#include "edge/receipt/slip_words.h"
#include "tests/edge/receipt/sample_sale.h"
#include "tests/support/status_matchers.h"

namespace branchline {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

std::string Print(const v1::Event& event, const v1::ReceiptText& text,
                  int columns = 42) {
  const auto model =
      BuildReceipt(event, {"High Street", absl::UTCTimeZone(), text,
                           std::string(32, '\x5A'), SampleItem});
  EXPECT_THAT(model, IsOk());
  if (!model.ok()) return "";
  return ReceiptAsText(LayOutReceipt(*model, columns), columns);
}

int Times(const std::string& text, const std::string& what) {
  int times = 0;
  for (size_t at = text.find(what); at != std::string::npos;
       at = text.find(what, at + 1)) {
    ++times;
  }
  return times;
}

v1::Event Trained() {
  v1::Event event = SampleSale();
  v1::Sale sale = event.sale();
  sale.set_receipt_no("S014-T1-1-T000001");
  *event.mutable_training_receipt()->mutable_sale() = sale;
  return event;
}

TEST(PaperTest, TrainingStandsOverAndUnderEverything) {
  const std::pair<const char*, const char*> marks[] = {
      {"en", "TRAINING - NOT A RECEIPT"},
      {"zh-CN", "培训模式 非正式小票"},
      {"zh-TW", "訓練模式 非正式收據"}};
  for (const auto& [language, mark] : marks) {
    for (const int columns : {32, 42, 48}) {
      const std::string text =
          Print(Trained(), SampleReceiptText(language), columns);
      EXPECT_EQ(Times(text, mark), 2) << text;
      EXPECT_EQ(text.find(mark), text.find_first_not_of(' ')) << text;
      EXPECT_THAT(text,
                  AllOf(HasSubstr("S014-T1-1-T000001"), Not(HasSubstr("[QR"))));
    }
  }
  EXPECT_EQ(Times(Print(SampleSale(), SampleReceiptText("en")), "TRAINING"), 0);
}

TEST(PaperTest, SaysWhereExchangedAndVoidedGoodsCameFrom) {
  v1::Event event = SampleSale();
  for (const int line : {0, 1}) {
    event.mutable_sale()->mutable_lines(line)->set_returns_receipt_no(
        "S014-T1-1-000007");
  }
  const std::string text = Print(event, SampleReceiptText("en"));
  EXPECT_EQ(Times(text, "Exchanged from receipt S014-T1-1-000007"), 1);
  // What goes with the customer is counted, not what comes back.
  v1::SaleLine* brought = event.mutable_sale()->add_lines();
  brought->set_sku("PEN");
  brought->set_kind(v1::LINE_KIND_RETURN);
  brought->set_quantity_milli(-50'000);
  EXPECT_THAT(Print(event, SampleReceiptText("en")),
              AllOf(HasSubstr(" items"), Not(HasSubstr("-4"))));
  event.mutable_sale()->set_voids_receipt_no("S014-T1-1-000009");
  event.mutable_sale()->set_credit_invoice_due(true);
  EXPECT_THAT(Print(event, SampleReceiptText("en")),
              AllOf(HasSubstr("Voids receipt S014-T1-1-000009"),
                    HasSubstr("a credit invoice is due")));
  v1::Event back = SampleReturn();
  back.mutable_return_()->set_credit_invoice_due(true);
  EXPECT_THAT(Print(back, SampleReceiptText("zh-CN")),
              HasSubstr("须开具红字发票"));
}

TEST(PaperTest, TheBranchesTemplateSaysWhatIsShown) {
  v1::ReceiptText text = SampleReceiptText("en");
  const std::string plain = Print(SampleSale(), text);
  EXPECT_THAT(
      plain, AllOf(HasSubstr("You saved"), HasSubstr("VAT 20%"),
                   HasSubstr("Served by ada"), Not(HasSubstr("Invoice code"))));
  text.set_title("RECEIPT");
  text.set_hide_savings(true);
  text.set_hide_taxes(true);
  text.set_hide_staff(true);
  text.set_invoice_code(true);
  text.set_invoice_note("invoice.example/S014");
  EXPECT_THAT(
      Print(SampleSale(), text),
      AllOf(HasSubstr("RECEIPT"), Not(HasSubstr("You saved")),
            Not(HasSubstr("VAT 20%")), Not(HasSubstr("ada")),
            HasSubstr("Invoice code " + InvoiceCode(std::string(32, '\x5A'))),
            HasSubstr("invoice.example/S014")));
  // Nobody makes an invoice over training.
  EXPECT_THAT(Print(Trained(), text), Not(HasSubstr("Invoice code")));
}

TEST(PaperTest, APaymentThatNobodyConfirmedIsMarked) {
  v1::Event event = SampleSale();
  event.mutable_sale()->mutable_tenders(0)->set_kind(v1::TENDER_KIND_WALLET);
  event.mutable_sale()->mutable_tenders(0)->set_unconfirmed(true);
  EXPECT_THAT(Print(event, SampleReceiptText("en")),
              HasSubstr("Wallet (not confirmed)"));
  v1::Event back = SampleReturn();
  back.mutable_return_()->mutable_tenders(0)->set_kind(v1::TENDER_KIND_WALLET);
  back.mutable_return_()->mutable_tenders(0)->set_unconfirmed(true);
  EXPECT_THAT(Print(back, SampleReceiptText("en")),
              HasSubstr("Wallet (not confirmed)"));
}

// ----- X and Z

v1::ShiftReport Z() {
  v1::ShiftReport report;
  v1::ShiftClosed* z = report.mutable_shift();
  z->set_till("T1");
  z->set_z_no("S014-T1-1-Z000007");
  z->set_date(20261121);
  z->set_opened_by("ada");
  z->set_opened_at_unix_micros(1'795'240'980'000'000);
  z->set_counted(true);
  v1::ShiftMoney* money = z->add_money();
  money->set_currency("GBP");
  v1::TillFigures* figures = money->mutable_figures();
  figures->set_receipts(12);
  figures->set_voided_lines(3);
  figures->set_hand_weighed_lines(2);
  figures->set_sales_minor(123'456);
  figures->set_returns_minor(1'000);
  v1::TenderFigure* cash = figures->add_tenders();
  cash->set_kind(v1::TENDER_KIND_CASH);
  cash->set_count(9);
  cash->set_taken_minor(100'000);
  cash->set_given_minor(1'000);
  v1::TenderFigure* wallet = figures->add_tenders();
  wallet->set_kind(v1::TENDER_KIND_WALLET);
  wallet->set_count(3);
  wallet->set_taken_minor(23'456);
  wallet->set_unconfirmed_minor(456);
  figures->add_taxes()->set_code("vat20");
  figures->mutable_taxes(0)->set_tax_minor(20'409);
  figures->add_moves()->set_kind(v1::CASH_MOVE_KIND_PAID_OUT);
  figures->mutable_moves(0)->set_count(1);
  figures->mutable_moves(0)->set_amount_minor(450);
  money->set_opening_minor(10'000);
  money->set_expected_minor(108'550);
  money->set_counted_minor(108'500);
  money->set_over_short_minor(-50);
  money->set_to_safe_minor(98'500);
  money->set_left_minor(10'000);
  money->set_grand_sales_minor(999'900);
  money->set_grand_returns_minor(4'400);
  v1::LateShare* late = z->add_late();
  late->set_date(20261119);
  late->set_currency("GBP");
  late->set_net_minor(333);
  return report;
}

std::string PrintShift(const v1::ShiftReport& report,
                       const std::string& language, int columns,
                       bool copy = false) {
  const v1::ReceiptText text = SampleReceiptText(language);
  const auto slip =
      LayOutShift(report, {"High Street", absl::UTCTimeZone(), text,
                           absl::FromUnixMicros(1'795'270'000'000'000), copy});
  EXPECT_THAT(slip, IsOk());
  return slip.ok() ? ReceiptAsText(*slip, columns) : "";
}

TEST(ShiftSlipTest, SaysWhatTheZHolds) {
  const std::string text = PrintShift(Z(), "en", 42);
  EXPECT_THAT(text,
              AllOf(HasSubstr("Z REPORT"), HasSubstr("S014-T1-1-Z000007"),
                    HasSubstr("Corner Shops Ltd"),
                    HasSubstr("Keyed weights                            2"),
                    HasSubstr("NET                               1,224.56"),
                    HasSubstr("Cash x9                             990.00"),
                    HasSubstr("  unconfirmed                         4.56"),
                    HasSubstr("Over or short                        -0.50"),
                    HasSubstr("Grand sales                       9,999.00"),
                    HasSubstr("Late, for 2026-11-19                  3.33")));
  EXPECT_THAT(text, Not(HasSubstr("COPY")));
  EXPECT_THAT(PrintShift(Z(), "en", 42, true), HasSubstr("*** COPY ***"));
}

TEST(ShiftSlipTest, FitsEveryPaperInEveryLanguage) {
  for (const char* language : {"en", "zh-CN", "zh-TW"}) {
    for (const int columns : {32, 42, 48}) {
      const std::string text = PrintShift(Z(), language, columns);
      for (const absl::string_view line : absl::StrSplit(text, '\n')) {
        int width = 0;
        for (const char32_t c : CodePoints(line)) width += ColumnsOf(c);
        EXPECT_LE(width, columns) << line;
      }
    }
  }
}

TEST(ShiftSlipTest, ABlindOneTellsNothingOfTheCash) {
  v1::ShiftReport blind = Z();
  blind.set_blind(true);
  const std::string text = PrintShift(blind, "en", 42);
  for (const char* secret : {"1,085.50", "-0.50", "100.00", "985.00",
                             "9,999.00", "990.00", "1,224.56", "4.50"}) {
    EXPECT_THAT(text, Not(HasSubstr(secret)));
  }
  EXPECT_THAT(text, HasSubstr("1,085.00"));  // what was counted
}

TEST(ShiftSlipTest, UncountedAndSettledAndTheX) {
  v1::ShiftReport report = Z();
  report.mutable_shift()->set_counted(false);
  v1::CountedCash* cash = report.mutable_settled()->add_cash();
  cash->set_currency("GBP");
  cash->set_counted_minor(108'000);
  cash->set_over_short_minor(-550);
  EXPECT_THAT(PrintShift(report, "en", 42),
              AllOf(HasSubstr("CLOSED UNCOUNTED"), HasSubstr("SETTLEMENT"),
                    HasSubstr("-5.50")));
  report.mutable_shift()->clear_z_no();
  EXPECT_THAT(PrintShift(report, "en", 42),
              AllOf(HasSubstr("X REPORT"), Not(HasSubstr("UNCOUNTED")),
                    HasSubstr("not the end of the shift")));
}

TEST(ShiftSlipTest, ASettlementIsASlipOfItsOwn) {
  v1::ShiftReport report;
  report.mutable_shift()->set_till("T1");
  report.mutable_shift()->set_date(20261122);
  v1::CashCounted* settled = report.mutable_settled();
  settled->set_z_no("S014-T1-1-Z000007");
  settled->set_note("found behind the drawer");
  v1::CountedCash* cash = settled->add_cash();
  cash->set_currency("GBP");
  cash->set_counted_minor(108'000);
  cash->set_over_short_minor(-550);
  const v1::ReceiptText text = SampleReceiptText("en");
  const auto print = [&] {
    const auto slip =
        LayOutSettlement(report, {"High Street", absl::UTCTimeZone(), text,
                                  absl::FromUnixMicros(1'795'270'000'000'000)});
    EXPECT_THAT(slip, IsOk());
    return slip.ok() ? ReceiptAsText(*slip, 42) : "";
  };
  EXPECT_THAT(print(),
              AllOf(HasSubstr("SETTLEMENT"), HasSubstr("Z000007"),
                    HasSubstr("Corner Shops Ltd"), HasSubstr("Till T1"),
                    HasSubstr("1,080.00"), HasSubstr("-5.50"),
                    HasSubstr("found behind"), Not(HasSubstr("X REPORT"))));
  report.set_blind(true);
  EXPECT_THAT(print(), AllOf(HasSubstr("1,080.00"), Not(HasSubstr("-5.50"))));
}

// ----- reduced-to-clear labels

TEST(LabelTest, FitsEveryPaperInEveryLanguage) {
  v1::LabelsPrinted label;
  label.set_code("2904711000992");
  label.set_currency("GBP");
  label.set_old_price_minor(123'450);
  label.set_price_minor(99'999);
  label.set_count(2);
  const std::pair<const char*, const char*> words[] = {
      {"en", "Was 1,234.50 GBP"}, {"zh-CN", "原价"}, {"zh-TW", "原價"}};
  for (const auto& [language, word] : words) {
    for (const int columns : {32, 42, 48}) {
      const auto document =
          LayOutLabel(label, "Earl Grey 伯爵红茶 50 bags", language, columns);
      ASSERT_THAT(document, IsOk());
      const std::string text = ReceiptAsText(*document, columns);
      EXPECT_EQ(Times(text, word), 2) << text;
      EXPECT_EQ(Times(text, "[2904711000992]"), 2) << text;
      for (const absl::string_view line : absl::StrSplit(text, '\n')) {
        int width = 0;
        for (const char32_t c : CodePoints(line)) width += ColumnsOf(c);
        EXPECT_LE(width, columns) << line;
      }
    }
  }
  // 18 digits do not fit narrow paper as bars.
  label.set_code("220471100099000001");
  label.set_count(1);
  EXPECT_THAT(ReceiptAsText(*LayOutLabel(label, "Tea", "en", 32), 32),
              HasSubstr("[QR 220471100099000001]"));
  EXPECT_THAT(ReceiptAsText(*LayOutLabel(label, "Tea", "en", 48), 48),
              HasSubstr("[220471100099000001]"));
}

TEST(SlipWordsTest, EveryLanguageHasEveryWordOnce) {
  std::set<std::string> seen;
  for (size_t i = 0; !SlipKey(i).empty(); ++i) {
    const absl::string_view key = SlipKey(i);
    EXPECT_TRUE(seen.insert(std::string(key)).second) << key;
    EXPECT_EQ(SlipWord(key, "en"), key);
    for (const char* language : {"zh-CN", "zh-TW"}) {
      EXPECT_NE(SlipWord(key, language), "") << key;
      EXPECT_NE(SlipWord(key, language), key) << key;
    }
    EXPECT_EQ(key.find("$0") == absl::string_view::npos,
              SlipWord(key, "zh-CN").find("$0") == absl::string_view::npos);
  }
  EXPECT_GT(seen.size(), 30u);
}

// ----- the page

TEST(HtmlTest, IsOnePageWithTheSameWordsAndTheCodeDrawn) {
  v1::Event event = SampleSale();
  event.mutable_sale()->set_member("<b>&\"M\"</b>");
  const v1::ReceiptText text = SampleReceiptText("zh-CN");
  const auto model =
      BuildReceipt(event, {"High Street", absl::UTCTimeZone(), text,
                           std::string(32, 'h'), SampleItem});
  ASSERT_THAT(model, IsOk());
  const std::string page =
      ReceiptAsHtml(LayOutReceipt(*model, 48), "zh-CN", model->receipt_no);
  EXPECT_THAT(
      page,
      AllOf(HasSubstr("<!doctype html>\n<html lang=\"zh-CN\">"),
            HasSubstr("<meta charset=\"utf-8\">"), HasSubstr("伯爵红茶 50 包"),
            HasSubstr("&lt;b&gt;&amp;&quot;M&quot;&lt;/b&gt;"),
            Not(HasSubstr("<b>&")), HasSubstr("<svg role=\"img\""),
            HasSubstr("</html>\n")));
  EXPECT_EQ(Times(page, "<table>"), Times(page, "</table>"));
  EXPECT_EQ(Times(page, "<tr>"), Times(page, "</tr>"));
  // Nothing is fetched from anywhere.
  EXPECT_THAT(page, AllOf(Not(HasSubstr("http")), Not(HasSubstr("src="))));
}

}  // namespace
}  // namespace branchline

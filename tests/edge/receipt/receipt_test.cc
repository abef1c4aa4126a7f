// What a receipt says: from the event to text of 32, 42 and 48 columns in three
// languages. BRANCHLINE_REWRITE=1 accepts new text; read the difference.

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <map>
#include <sstream>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "devices/text/utf8.h"
#include "edge/receipt/build_receipt.h"
#include "edge/receipt/lay_out_receipt.h"
#include "edge/receipt/receipt_text.h"
#include "edge/receipt/receipt_words.h"
#include "tests/edge/receipt/sample_sale.h"
#include "tests/support/status_matchers.h"

namespace branchline {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

ReceiptModel Build(const v1::Event& event, const std::string& language) {
  const v1::ReceiptText text = SampleReceiptText(language);
  const auto receipt =
      BuildReceipt(event, {"High Street", absl::FixedTimeZone(8 * 3600), text,
                           std::string(32, '\x5A'), SampleItem});
  EXPECT_THAT(receipt, IsOk());
  return receipt.value_or(ReceiptModel());
}

std::string Print(const v1::Event& event, const std::string& language,
                  int columns) {
  return ReceiptAsText(LayOutReceipt(Build(event, language), columns), columns);
}

int WidthOf(absl::string_view line) {
  int columns = 0;
  for (const char32_t c : CodePoints(line)) columns += ColumnsOf(c);
  return columns;
}

struct Golden {
  const char* language;
  int columns;
};

class ReceiptGolden : public ::testing::TestWithParam<Golden> {};

TEST_P(ReceiptGolden, SaysWhatItSaid) {
  const auto& [language, columns] = GetParam();
  const std::string text = Print(SampleSale(), language, columns) +
                           Print(SampleReturn(), language, columns);
  const std::string path =
      absl::StrCat(RECEIPT_TESTDATA, "/sale_", language, "_", columns, ".txt");
  if (std::getenv("BRANCHLINE_REWRITE") != nullptr) {
    std::ofstream(path) << text;
  }
  std::ostringstream golden;
  golden << std::ifstream(path).rdbuf();
  EXPECT_EQ(text, golden.str()) << path;
  for (const absl::string_view line : absl::StrSplit(text, '\n')) {
    EXPECT_LE(WidthOf(line), columns) << line;
  }
}

INSTANTIATE_TEST_SUITE_P(
    Widths, ReceiptGolden,
    ::testing::Values(Golden{"en", 32}, Golden{"en", 42}, Golden{"en", 48},
                      Golden{"zh-CN", 32}, Golden{"zh-CN", 42},
                      Golden{"zh-CN", 48}, Golden{"zh-TW", 32},
                      Golden{"zh-TW", 42}, Golden{"zh-TW", 48}),
    [](const auto& param) {
      std::string name =
          absl::StrCat(param.param.language, param.param.columns);
      name.erase(std::remove(name.begin(), name.end(), '-'), name.end());
      return name;
    });

TEST(ReceiptTest, EveryAmountEndsInTheSameColumn) {
  // The yen sign, Chinese and accents beside plain names.
  const std::string text = Print(SampleSale(), "zh-CN", 42);
  int amounts = 0;
  for (const absl::string_view line : absl::StrSplit(text, '\n')) {
    if (!absl::EndsWith(line, " A") && !absl::EndsWith(line, " B")) continue;
    EXPECT_EQ(WidthOf(line), 42) << line;
    ++amounts;
  }
  EXPECT_EQ(amounts, 4);
}

TEST(ReceiptTest, VoidedLinesAreNotShownAndSavingsAreSummed) {
  const ReceiptModel receipt = Build(SampleSale(), "en");
  EXPECT_EQ(receipt.lines.size(), 4u);
  EXPECT_EQ(receipt.savings, "You saved 1.39");
  EXPECT_EQ(receipt.count, "6 items");
}

TEST(ReceiptTest, TheCustomerReadsWhatTheyGaveAndGotBack) {
  const ReceiptModel receipt = Build(SampleSale(), "en");
  ASSERT_EQ(receipt.tenders.size(), 4u);
  EXPECT_EQ(receipt.tenders[0].what, "Rounding");
  EXPECT_EQ(receipt.tenders[0].amount, "-0.01");
  EXPECT_EQ(receipt.tenders[1].what, "Card");
  EXPECT_EQ(receipt.tenders[2].amount, "20.00");
  EXPECT_EQ(receipt.tenders[3].what, "Change");
  EXPECT_EQ(receipt.tenders[3].amount, "7.65");
}

TEST(ReceiptTest, TaxOnTopStandsBetweenTheLinesAndTheTotal) {
  v1::Event event = SampleSale();
  v1::LineTax* top = event.mutable_sale()->mutable_taxes(0);
  top->set_on_top(true);
  *event.mutable_sale()->mutable_lines(0)->mutable_taxes(0) = *top;
  event.mutable_sale()->mutable_lines(0)->mutable_taxes(0)->set_tax_minor(50);
  const ReceiptModel receipt = Build(event, "en");
  ASSERT_EQ(receipt.additions.size(), 1u);
  EXPECT_EQ(receipt.additions[0].what, "VAT 20%");
  // Before discounts, and without the tax that the table adds: 4.98 - 0.50.
  EXPECT_EQ(receipt.lines[0].amount, "5.47");
}

TEST(ReceiptTest, AnItemThatTheCatalogueLostIsNamedByItsSku) {
  v1::Event event = SampleSale();
  event.mutable_sale()->mutable_lines(0)->set_sku("GONE-1");
  EXPECT_EQ(Build(event, "en").lines[0].name, "GONE-1");
}

TEST(ReceiptTest, ACurrencyWithoutCoinsHasNoDecimals) {
  v1::Event event = SampleReturn();
  event.mutable_return_()->set_currency("JPY");
  EXPECT_EQ(Build(event, "en").total.amount, "398");
}

TEST(ReceiptTest, NothingButASaleOrAReturnIsAReceipt) {
  const v1::ReceiptText text;
  v1::Event event;
  event.mutable_day_opened();
  EXPECT_THAT(
      BuildReceipt(event, {"x", absl::UTCTimeZone(), text, "", SampleItem}),
      StatusIs(absl::StatusCode::kInvalidArgument,
               HasSubstr("neither a sale nor a return")));
  event.mutable_sale()->set_currency("???");
  EXPECT_THAT(
      BuildReceipt(event, {"x", absl::UTCTimeZone(), text, "", SampleItem}),
      StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("???")));
}

TEST(ReceiptWordsTest, EveryLanguageHasEveryWord) {
  for (const char* language : {"en", "zh-CN", "zh-TW"}) {
    const ReceiptWords& words = WordsOf(language);
    EXPECT_STREQ(words.language, language);
    for (const char* word :
         {words.copy,      words.tax_number,   words.till,
          words.served_by, words.return_title, words.return_of,
          words.items,     words.one_item,     words.total,
          words.refund,    words.cash,         words.card,
          words.voucher,   words.other_tender, words.cash_given,
          words.change,    words.rounding,     words.saved,
          words.discount,  words.member,       words.tax,
          words.tax_base,  words.tax_exempt,   words.free_line}) {
      ASSERT_NE(word, nullptr) << language;
      EXPECT_NE(*word, '\0') << language;
    }
    for (const char* word :
         {words.tax_number, words.till, words.served_by, words.return_of,
          words.items, words.saved, words.member, words.tax_exempt}) {
      EXPECT_THAT(std::string(word), HasSubstr("$0"));
    }
  }
  EXPECT_STREQ(WordsOf("fr").language, "en");
  EXPECT_FALSE(IsReceiptLanguage("fr"));
  EXPECT_TRUE(IsReceiptLanguage(""));
}

}  // namespace
}  // namespace branchline

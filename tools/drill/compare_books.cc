#include "tools/drill/compare_books.h"

#include "absl/strings/str_cat.h"
#include "tools/drill/exact.h"

namespace branchline::drill {
namespace {

enum class Receipts { kCounted, kNotCounted };

std::string Money(int64_t amount_minor, const std::string& currency) {
  const absl::StatusOr<int> digits = CurrencyDigits(currency);
  return DecimalText(amount_minor, digits.ok() ? *digits : 0);
}

void CompareTotals(const std::string& what, const std::string& currency,
                   const BookTotals& want, const BookTotals& have,
                   Receipts receipts, Differences* differences) {
  const auto check = [&](const char* figure, const std::string& found,
                         const std::string& expected) {
    if (found == expected) return;
    differences->Add(absl::StrCat(what, " ", currency, ": ", figure, " is ",
                                  found, ", the file comes to ", expected));
  };
  if (receipts == Receipts::kCounted) {
    check("receipts", absl::StrCat(have.receipts), absl::StrCat(want.receipts));
  }
  check("lines", absl::StrCat(have.lines), absl::StrCat(want.lines));
  check("discount", Money(have.discount_minor, currency),
        Money(want.discount_minor, currency));
  check("net", Money(have.net_minor, currency),
        Money(want.net_minor, currency));
}

// Every cell of either; one that is missing counts as zeros.
void CompareBook(const Book& want, const Book& have, Receipts receipts,
                 Differences* differences) {
  Book keys = want;
  keys.insert(have.begin(), have.end());
  for (const auto& [key, ignored] : keys) {
    const auto expected = want.find(key);
    const auto found = have.find(key);
    CompareTotals(
        key.key.empty() ? key.branch : absl::StrCat(key.branch, " ", key.key),
        key.currency, expected == want.end() ? BookTotals() : expected->second,
        found == have.end() ? BookTotals() : found->second, receipts,
        differences);
  }
}

void CompareChain(const std::string& report,
                  const std::map<std::string, BookTotals>& want,
                  const std::map<std::string, BookTotals>& have,
                  Differences* differences) {
  std::map<std::string, BookTotals> keys = want;
  keys.insert(have.begin(), have.end());
  for (const auto& [currency, ignored] : keys) {
    const auto expected = want.find(currency);
    const auto found = have.find(currency);
    CompareTotals(
        absl::StrCat("total of ", report), currency,
        expected == want.end() ? BookTotals() : expected->second,
        found == have.end() ? BookTotals() : found->second,
        report == "SALES_BY_SKU" ? Receipts::kNotCounted : Receipts::kCounted,
        differences);
  }
}

void CompareStock(
    const std::map<std::pair<std::string, std::string>, int64_t>& want,
    const std::map<std::pair<std::string, std::string>, int64_t>& have,
    Differences* differences) {
  auto keys = want;
  keys.insert(have.begin(), have.end());
  for (const auto& [key, ignored] : keys) {
    const auto expected = want.find(key);
    const auto found = have.find(key);
    const int64_t wanted = expected == want.end() ? 0 : expected->second;
    const int64_t is = found == have.end() ? 0 : found->second;
    if (wanted == is) continue;
    differences->Add(
        absl::StrCat(key.first, " SKU ", key.second, ": on hand is ",
                     DecimalText(is, kQuantityDigits), ", the file comes to ",
                     DecimalText(wanted, kQuantityDigits)));
  }
}

}  // namespace

void Differences::Add(std::string what) {
  if (++count <= static_cast<int64_t>(kDifferencesShown)) {
    first.push_back(std::move(what));
  }
}

void Compare(const ExpectedBooks& expected, const HubBooks& found,
             Differences* differences) {
  CompareBook(expected.by_branch, found.by_branch, Receipts::kCounted,
              differences);
  CompareBook(expected.by_day, found.by_day, Receipts::kCounted, differences);
  CompareBook(expected.by_month, found.by_month, Receipts::kCounted,
              differences);
  CompareBook(expected.by_sku, found.by_sku, Receipts::kNotCounted,
              differences);
  for (const auto& [report, totals] : found.by_currency) {
    CompareChain(report, expected.by_currency, totals, differences);
  }
  CompareStock(expected.on_hand_milli, found.on_hand_milli, differences);
}

}  // namespace branchline::drill

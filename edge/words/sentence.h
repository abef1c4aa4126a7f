#pragma once

#include <vector>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"

namespace branchline {

// A sentence as the daemon says it, and as a cashier reads it. `$0` to `$9` are
// what varies and stays as it is: numbers, amounts, codes, names. `@0` to `@9`
// are themselves sentences or phrases of these tables, and said in the
// language too. The three have the same places.
struct Sentence {
  absl::string_view english;
  absl::string_view simplified;
  absl::string_view traditional;
};

absl::Span<const Sentence> SaleSentences();     // baskets, items, prices
absl::Span<const Sentence> AfterSentences();    // what comes after a sale
absl::Span<const Sentence> CashSentences();     // cash, shifts, days
absl::Span<const Sentence> PeopleSentences();   // who may do what
absl::Span<const Sentence> PaySentences();      // tenders, cards, wallets
absl::Span<const Sentence> ExplainSentences();  // why a basket comes to this
absl::Span<const Sentence> BoxSentences();      // requests, devices, the box
absl::Span<const Sentence> ConsoleSentences();  // of `branchline till` itself

// All of the above.
std::vector<Sentence> AllSentences();

}  // namespace branchline

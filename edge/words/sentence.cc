#include "edge/words/sentence.h"

namespace branchline {

std::vector<Sentence> AllSentences() {
  std::vector<Sentence> all;
  for (const auto table :
       {SaleSentences(), AfterSentences(), CashSentences(), PeopleSentences(),
        PaySentences(), ExplainSentences(), BoxSentences(),
        ConsoleSentences()}) {
    all.insert(all.end(), table.begin(), table.end());
  }
  return all;
}

}  // namespace branchline

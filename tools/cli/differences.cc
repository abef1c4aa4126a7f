#include "tools/cli/differences.h"

#include <ostream>

namespace branchline::cli {

Differences::Differences()
    : table_({{"sku", "sku", Kind::kText, /*whole=*/true},
              {"field", "field"},
              {"before", "before"},
              {"after", "after"}}) {}

void Differences::Add(
    const google::protobuf::RepeatedPtrField<v1::Difference>& more) {
  for (const v1::Difference& one : more) {
    if (count_++ >= kShownMax) continue;
    table_.Add({one.sku(), one.field(), one.before(), one.after()});
  }
}

void Differences::Print(Format format, Run& run) const {
  table_.Print(format, "nothing differs", run.out);
  if (count_ <= kShownMax) return;
  run.err << "and " << count_ - kShownMax << " more differences\n";
}

}  // namespace branchline::cli

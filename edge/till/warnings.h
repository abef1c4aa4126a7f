#pragma once

#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "branchline/v1/event.pb.h"
#include "edge/commit/decide_view.h"

namespace branchline {

// What the cashier should know of a sale or return before the goods go, none of
// it a reason to refuse: more cash goes out than the drawer should hold, a
// member whom the list here does not have, a credit invoice that is due.
// `view` is from before the sale. Reads nothing where nothing is to be said.
std::vector<std::string> WarningsOf(const DecideView& view,
                                    absl::string_view till,
                                    const v1::Sale& sale);
std::vector<std::string> WarningsOf(const DecideView& view,
                                    absl::string_view till,
                                    const v1::Return& back);

}  // namespace branchline

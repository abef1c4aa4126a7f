#pragma once

#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "branchline/v1/event.pb.h"
#include "edge/commit/decide_view.h"

namespace branchline {

// What the cashier should know of a sale or return before the goods go, none of
// it a reason to refuse: more cash goes out than the drawer should hold (how
// much that is only whoever does not count blind is told), a member whom the
// list here does not have, a credit invoice that is due, a payment that is
// given back and never came.
// `view` is from before the sale. Reads nothing where nothing is to be said.
std::vector<std::string> WarningsOf(const DecideView& view,
                                    absl::string_view till,
                                    const v1::Sale& sale);
std::vector<std::string> WarningsOf(const DecideView& view,
                                    absl::string_view till,
                                    const v1::Return& back);

std::vector<std::string> WarningsOf(const DecideView& view,
                                    absl::string_view till,
                                    const v1::CashMoved& moved);

}  // namespace branchline

#pragma once

#include <string>

#include "absl/functional/function_ref.h"
#include "branchline/v1/event.pb.h"

namespace branchline {

// The figures that `document` adds to its till, made without the fold's code:
// `plus` gets each field of the day's cell and what is added to it. `outer` is
// the event in the journal, `document` the same, or what a late record holds.
void VerifyTill(
    const v1::Event& outer, const v1::Event& document,
    absl::FunctionRef<void(const std::string& field, __int128 amount)> plus);

}  // namespace branchline

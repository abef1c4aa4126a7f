#pragma once

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "branchline/v1/chain.pb.h"

namespace branchline::cli {

// What the branches would leave out of what is published: the office hears of
// it before they do. Checks with the branches' own code: rules that are not
// legal or would give money, lists without a currency, patterns of scales'
// codes.
//   INVALID_ARGUMENT  the first of them, and how many there are
absl::Status CheckRules(const v1::PublishRequest& request);

// Pairs of lists that have one priority at one time in one place for everybody:
// legal, the later start counts, and worth a look.
std::vector<std::string> OverlapsOfLists(const v1::PriceBookSet& book);

// A file as 'rules publish' takes it.
//   NOT_FOUND         it cannot be read
//   INVALID_ARGUMENT  no such JSON, or too large
absl::StatusOr<v1::PublishRequest> ReadRulesFile(const std::string& path);

}  // namespace branchline::cli

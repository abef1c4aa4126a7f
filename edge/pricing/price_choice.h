#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "absl/types/span.h"

namespace branchline {

inline constexpr size_t kPriceCandidatesMax = 1'000;  // of one SKU

// A span of the branch's own time, by local seconds: [from, until). It is
// turned into instants, so that a price flips once even where clocks are put
// back (at the first such second) or forward (at the jump).
struct LocalSpan {
  absl::CivilSecond from = absl::CivilSecond::min();
  absl::CivilSecond until = absl::CivilSecond::max();

  bool Holds(absl::Time at, const absl::TimeZone& zone) const;
};

enum class PriceListKind {
  kRegular,
  kMarkdown,  // lowers the regular price, never raises it
};

// The head of a price list: whom it is for and when.
struct PriceList {
  std::string id;
  uint64_t version = 0;  // of the price book when it was published
  std::string currency;  // ISO 4217
  PriceListKind kind = PriceListKind::kRegular;
  std::vector<std::string> branch_groups;    // none: every branch
  std::vector<std::string> customer_groups;  // none: everybody
  LocalSpan in_force;
  int priority = 0;  // the higher one counts among regular lists
};

// One list's price of the SKU in question.
struct PriceCandidate {
  const PriceList* list = nullptr;  // not null
  int64_t unit_price_minor_e4 = 0;
};

struct PriceContext {
  std::string currency;
  std::vector<std::string> branch_groups;    // of this branch
  std::vector<std::string> customer_groups;  // of the member; none: a stranger
  absl::Time added_at;  // when the line was put into the basket
  absl::TimeZone zone;  // the branch's
};

enum class PriceSource {
  kUnknown,
  kPriceList,
  kMarkdown,
  kMemberPrice,
  kCarton,    // the price of a barcode that means several pieces
  kLabel,     // the amount printed on a label
  kOverride,  // keyed by a person
  kKeyed,     // of an open department, which has no other
};

struct PriceChoice {
  int64_t unit_price_minor_e4 = 0;
  PriceSource source = PriceSource::kUnknown;
  std::string price_list_id;
  uint64_t price_book_version = 0;
  // Price for everybody, of which the member's is a reduction.
  int64_t everybody_minor_e4 = 0;
};

// The price of one SKU for one line:
//
//   1. among the regular lists for everybody that are in force: the highest
//      priority, then the latest start, then the lowest id;
//   2. a markdown for everybody if it is lower;
//   3. a list or markdown of one of the member's groups if it is lower still.
//
// Where nothing is for everybody, the member's lowest price counts by itself.
// The order of `candidates` does not matter.
//   NOT_FOUND         no list in force has a price for it
//   INVALID_ARGUMENT  a price is below 0
//   OUT_OF_RANGE      more than kPriceCandidatesMax candidates
absl::StatusOr<PriceChoice> ChoosePrice(
    absl::Span<const PriceCandidate> candidates, const PriceContext& context);

// Pairs of lists that give one SKU two prices at one time in one place with
// one priority: legal, decided by rule 1, and listed for the office.
std::vector<std::string> OverlapsOf(
    absl::Span<const PriceCandidate> candidates);

}  // namespace branchline

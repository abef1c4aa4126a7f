#pragma once

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "branchline/v1/event.pb.h"
#include "branchline/v1/till.pb.h"
#include "edge/commit/decide_view.h"

namespace branchline {

// A till that posts nothing for longer than this between two Z starts the next
// one with the figures of the day it is opened on.
inline constexpr int kZDaysMax = 1'000;

// What the Z of `till` would say now, not counted: figures since its last Z,
// what the drawer should hold, grand totals. Numbered as the next one. Reads
// one cell for each day since that Z. Pure.
//
//   DATA_LOSS     the ledger cannot be read
//   OUT_OF_RANGE  a figure does not fit 64 bits
absl::StatusOr<v1::ShiftClosed> MakeZ(const DecideView& view,
                                      absl::string_view till);

// "S014-T1-1-Z000001": branch, till, epoch, number.
std::string ZNumber(absl::string_view branch, absl::string_view till,
                    uint64_t epoch, uint64_t number);

// Whether `staff` (empty: nobody signed on) is to be shown no expected figures.
absl::StatusOr<bool> CountsBlind(const DecideView& view,
                                 absl::string_view staff);

// Takes out all that tells what should be in the drawer, for somebody who
// counts it blind: expected, opening and grand totals, cash tenders and moves.
void MakeBlind(v1::ShiftReport* report);
void MakeBlind(v1::CashCounted* counted);

}  // namespace branchline

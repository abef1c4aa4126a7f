#pragma once

#include "absl/strings/string_view.h"
#include "branchline/v1/event.pb.h"
#include "sync/base/date.h"
#include "sync/ledger/cell.h"

namespace branchline {

// Figures of a till, by currency, in the cell of the day that an event was
// posted on; books::TillField() makes the fields. They only ever add up, so the
// figures of a shift are what they are now less what its predecessor's Z saw.
// Money that came after the seal of its day is in all of them, and besides
// under the two kLate figures.
namespace till_figure {
inline constexpr char kReceipts = 'r';
inline constexpr char kReturnReceipts = 'b';
inline constexpr char kPostVoids = 'y';
inline constexpr char kLines = 'l';
inline constexpr char kVoidedLines = 'v';
inline constexpr char kOverriddenLines = 'p';
inline constexpr char kHandWeighedLines = 'w';
inline constexpr char kSales = 's';    // amounts of lines above 0
inline constexpr char kReturns = 'm';  // amounts of lines below 0, negated
inline constexpr char kDiscount = 'd';
inline constexpr char kCashRounding = 'o';
inline constexpr char kCancelledBaskets = 'x';
inline constexpr char kCancelledAmount = 'X';
inline constexpr char kReprints = 'q';
// Followed by the tender's kind: 1 byte.
inline constexpr char kTenderCount = 'n';
inline constexpr char kTenderTaken = 'g';
inline constexpr char kTenderGiven = 'h';
inline constexpr char kTenderUnconfirmed = 'u';
// Followed by the tax's code.
inline constexpr char kTaxBase = 'a';
inline constexpr char kTax = 't';
// Followed by the kind of move: 1 byte.
inline constexpr char kMoveCount = 'c';
inline constexpr char kMoveAmount = 'C';
// Followed by the business date: 4 bytes.
inline constexpr char kLateReceipts = 'k';
inline constexpr char kLateNet = 'K';
}  // namespace till_figure

// The day whose cell has the till figures of `event`: it was posted then.
Date PostedOn(const v1::Event& event);

// Whether `document` has till figures at all. It is `event` itself, or the
// original of the late record in it.
bool HasTillFigures(const v1::Event& event, const v1::Event& document);

// Adds them to the cell of PostedOn().
void AddTillFigures(const v1::Event& event, const v1::Event& document,
                    Cell* day);

}  // namespace branchline

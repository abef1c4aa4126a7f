#pragma once

// Planted faults that prove the simulation: each BL_MUTANT(kName) stands where
// a rule would be left out. In everything that ships it is the constant false;
// only the library that tests/sim/mutation_test links is built with
// BL_MUTANTS, and there one fault at a time can be switched on.

namespace branchline {

enum class Mutant {
  kNone,
  kAckBeforeSync,
  kNoDedup,
  kGapAccepted,
  kCursorOutsideBatch,
  kReplyBeforeSync,
  kPullAppliedTwice,
  kHashUnchecked,
  kStrangerDebits,
  kReceiptNumberReused,
};

#ifdef BL_MUTANTS
extern Mutant g_mutant;
#define BL_MUTANT(name) (::branchline::g_mutant == ::branchline::Mutant::name)
#else
#define BL_MUTANT(name) false
#endif

}  // namespace branchline

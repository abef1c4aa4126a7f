#pragma once

#include <string>

#include "absl/strings/string_view.h"
#include "branchline/v1/replication.pb.h"
#include "sync/base/cursor.h"

namespace branchline {

// True if the box must not sell until somebody has done something: the branch
// is not the hub's, or this is not the one true copy of its journal. A code
// that this program does not know counts as final: it never guesses.
//
// Not final: GAP (push again), PROTOCOL and BAD_RECORD (a fault of a program;
// the books here are whole), TOO_NEW (an upgrade in the wrong order).
bool IsFinal(v1::RefusalCode code);

// "FORK", "BRANCH_FENCED"; "code 99" for one that is not known here.
std::string RefusalName(v1::RefusalCode code);

// "FORK: the hub holds ...".
std::string RefusalText(const v1::Refused& refused);

v1::Refused MakeRefused(v1::RefusalCode code, absl::string_view message);
v1::Refused MakeRefused(v1::RefusalCode code, absl::string_view message,
                        const Cursor& ours, const Cursor& theirs);

}  // namespace branchline

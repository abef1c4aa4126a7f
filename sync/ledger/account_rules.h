#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "branchline/v1/event.pb.h"

namespace branchline {

// The owner of the hub's accounts, and the writer of its streams.
inline constexpr absl::string_view kHub = "HUB";

inline constexpr int kPostingCountMax = 4'000;  // per event
inline constexpr int64_t kPostingAmountMax = int64_t{1} << 60;
inline constexpr size_t kUnitSizeMax = 80;           // bytes
inline constexpr size_t kAccountDetailSizeMax = 64;  // bytes

// "on_hand:S014", "tender:S014/cash:T1", "kind 99:S014" for one we do not know.
std::string AccountText(const v1::Account& account);

// True for kinds that never go below zero.
bool IsFloored(v1::AccountKind kind);

// The field of an account in its owner's balance cell: kind:1 || detail.
std::string AccountField(const v1::Account& account);

// Whether `writer` ("S014", or kHub) may post what is in `event`. The first
// rule broken, in this order:
//
//   INVALID_ARGUMENT   too many postings; an index, amount, unit or account is
//                      out of its limits; a posting to the account it is from
//   PERMISSION_DENIED  debits an account that is not the writer's, or credits a
//                      floored account by another way than the three allowed:
//                      from a floored account of the writer's own; from issued
//                      rights into the writer's own slice, in an event that
//                      also has a sale; by the hub
//
// An account of a kind that this program does not know is taken as open: it may
// be debited by its owner alone. Pure.
absl::Status CheckPostings(absl::string_view writer, const v1::Event& event);

// Whether `event` leaves every floored account it debits at zero or above.
// `balance` reads an account's balance before the event, in the unit given.
//
//   FAILED_PRECONDITION  names the account, what it holds and what is asked
absl::Status CheckFloors(const v1::Event& event,
                         absl::FunctionRef<absl::StatusOr<int64_t>(
                             const v1::Account&, absl::string_view unit)>
                             balance);

// True if CheckFloors() would need to read a balance.
bool DebitsFloored(const v1::Event& event);

}  // namespace branchline

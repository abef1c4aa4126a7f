#pragma once

#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "branchline/v1/master.pb.h"

namespace branchline {

inline constexpr int kRolesMax = 100;
inline constexpr size_t kRoleIdSizeMax = 32;  // bytes

// Roles that every chain has: owner, manager, supervisor, cashier,
// stock-keeper, accountant, auditor, technician. docs/PEOPLE.md has their
// rights.
const std::vector<v1::Role>& BuiltInRoles();

// The role `id` of the chain's own, else the built-in one; nullptr: neither.
// Lives as long as `own`.
const v1::Role* RoleOf(const v1::RolesSet& own, absl::string_view id);

// Whether `role` has `right`.
bool HasRight(const v1::Role& role, v1::Right right);

// Whether the chain's own roles may be published.
//   INVALID_ARGUMENT  an id, a right that this program does not know, a limit
//                     below 0 or a percentage beyond 100; or an id twice
absl::Status CheckRoles(const v1::RolesSet& roles);

// "no-sale", "post-void": a right in words of the command line.
absl::string_view RightName(v1::Right right);
//   RIGHT_UNSPECIFIED if there is none of that name
v1::Right RightOf(absl::string_view name);

}  // namespace branchline

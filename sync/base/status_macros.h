#pragma once

#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"

namespace branchline {

// Returns `status` with `context` put before its message. Keeps the code, so a
// caller that branches on it still can. OK stays OK.
inline absl::Status Annotate(const absl::Status& status,
                             absl::string_view context) {
  if (status.ok()) return status;
  return absl::Status(status.code(),
                      absl::StrCat(context, ": ", status.message()));
}

}  // namespace branchline

#define BL_RETURN_IF_ERROR(expr)                              \
  do {                                                        \
    if (absl::Status bl_status_ = (expr); !bl_status_.ok()) { \
      return bl_status_;                                      \
    }                                                         \
  } while (false)

// Expands to several statements: never the body of an if without braces.
#define BL_ASSIGN_OR_RETURN(lhs, expr) \
  BL_ASSIGN_OR_RETURN_IMPL_(BL_CONCAT_(bl_or_, __LINE__), lhs, expr)

#define BL_CONCAT_(a, b) BL_CONCAT_IMPL_(a, b)
#define BL_CONCAT_IMPL_(a, b) a##b
#define BL_ASSIGN_OR_RETURN_IMPL_(var, lhs, expr) \
  auto var = (expr);                              \
  if (!var.ok()) return std::move(var).status();  \
  lhs = *std::move(var)

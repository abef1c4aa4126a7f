#pragma once

#include <array>
#include <cstddef>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"
#include "tools/drill/sales_file.h"

// One row of a sales file, read and checked by itself. Part of sales_file.
namespace branchline::drill {

enum Column {
  kChain,
  kStore,
  kReceiptNo,
  kTimestamp,
  kSku,
  kDescription,
  kCategory,
  kQty,
  kUnitPrice,
  kDiscount,
  kLineTotal,
  kCurrency,
  kMemberId,
  kKind,
  kColumnCount,
};

// Where each column is in a row; npos: the file does not have it.
struct Header {
  static constexpr size_t kAbsent = static_cast<size_t>(-1);
  std::array<size_t, kColumnCount> at;
  size_t field_count = 0;
};

//   INVALID_ARGUMENT  a required column is missing, or one is there twice
absl::StatusOr<Header> ReadHeader(const std::vector<std::string>& fields);

// Views point into the fields that it was read from.
struct SalesRow {
  absl::string_view chain;
  absl::string_view store;
  absl::string_view receipt_no;
  absl::string_view currency;
  absl::CivilSecond time;
  SalesLine line;  // without `row`
};

//   INVALID_ARGUMENT  broken: "column qty: found ..., want ..."
absl::StatusOr<SalesRow> ReadRow(const Header& header,
                                 const std::vector<std::string>& fields);

// "column qty: found "x", want ...", the found text cut to a readable length.
absl::Status BadField(absl::string_view column, absl::string_view found,
                      absl::string_view want);

}  // namespace branchline::drill

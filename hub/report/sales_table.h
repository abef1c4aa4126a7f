#pragma once

#include <map>
#include <string>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "branchline/v1/report.pb.h"
#include "sync/ledger/cell.h"

namespace branchline {

// Adds up cells of days under keys, each currency by itself. Not thread-safe.
class SalesTable {
 public:
  // Every metric of `cell`; see books::Field().
  void Add(absl::string_view key, const Cell& cell);

  // The same of what came after the seal of its day; in Add() it is already.
  void AddRestated(absl::string_view key, const Cell& cell);

  // Rows in order of key and currency, totals in order of currency; no names.
  //   OUT_OF_RANGE  a sum does not fit 64 bits; names its key
  absl::StatusOr<v1::SalesReport> Make() const;

 private:
  struct Sums {
    __int128 receipts = 0;
    __int128 lines = 0;
    __int128 quantity_milli = 0;
    __int128 discount_minor = 0;
    __int128 net_minor = 0;
    __int128 restated_net_minor = 0;
    __int128 restated_receipts = 0;
  };

  static absl::StatusOr<v1::SalesRow> MakeRow(const std::string& key,
                                              const std::string& currency,
                                              const Sums& sums);

  // The sums of `key` and `currency`; cheap for the pair asked for last.
  Sums& Row(absl::string_view key, absl::string_view currency);

  using Rows = std::map<std::pair<std::string, std::string>, Sums>;
  Rows rows_;
  Rows::value_type* last_ = nullptr;
};

}  // namespace branchline

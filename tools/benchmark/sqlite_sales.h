#pragma once

#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "branchline/v1/till.pb.h"

struct sqlite3;
struct sqlite3_stmt;

namespace branchline::bench {

// What a shop would use instead: one SQLite file, WAL, synchronous=FULL, one
// transaction a sale. It keeps the same facts as we do: the receipt with its
// lines and tender, stock on hand, the day's and each SKU's totals, and the
// command's id, unique. No journal, hash or replication.
//
// Not thread-safe: callers share one connection under a lock, which is quicker
// than eight that wait for each other.
class SqliteSales {
 public:
  static absl::StatusOr<std::unique_ptr<SqliteSales>> Open(
      const std::string& path);
  ~SqliteSales();

  absl::Status Sell(const v1::RingRequest& request, int64_t unit_price_minor);

 private:
  SqliteSales() = default;
  absl::Status Run(const char* sql);
  absl::Status Prepare(const char* sql, sqlite3_stmt** statement);
  absl::Status Step(sqlite3_stmt* statement);

  sqlite3* db_ = nullptr;
  sqlite3_stmt* sale_ = nullptr;
  sqlite3_stmt* line_ = nullptr;
  sqlite3_stmt* stock_ = nullptr;
  sqlite3_stmt* sku_day_ = nullptr;
  sqlite3_stmt* day_ = nullptr;
};

}  // namespace branchline::bench

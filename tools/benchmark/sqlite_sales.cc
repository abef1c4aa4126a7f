#include "tools/benchmark/sqlite_sales.h"

#include <sqlite3.h>

#include "absl/strings/str_cat.h"
#include "sync/base/status_macros.h"

namespace branchline::bench {

absl::StatusOr<std::unique_ptr<SqliteSales>> SqliteSales::Open(
    const std::string& path) {
  std::unique_ptr<SqliteSales> sales(new SqliteSales());
  if (sqlite3_open(path.c_str(), &sales->db_) != SQLITE_OK) {
    return absl::UnavailableError("cannot open " + path);
  }
  BL_RETURN_IF_ERROR(sales->Run(
      "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"
      "CREATE TABLE sale(id INTEGER PRIMARY KEY, command BLOB UNIQUE, till "
      "TEXT, day INTEGER, total INTEGER, tender TEXT);"
      "CREATE TABLE line(sale INTEGER, sku TEXT, quantity INTEGER, price "
      "INTEGER, amount INTEGER);"
      "CREATE TABLE stock(sku TEXT PRIMARY KEY, on_hand INTEGER) WITHOUT "
      "ROWID;"
      "CREATE TABLE sku_day(day INTEGER, sku TEXT, quantity INTEGER, net "
      "INTEGER, PRIMARY KEY(day, sku)) WITHOUT ROWID;"
      "CREATE TABLE day(day INTEGER PRIMARY KEY, receipts INTEGER, net "
      "INTEGER);"));
  BL_RETURN_IF_ERROR(
      sales->Prepare("INSERT INTO sale(command,till,day,total,tender) "
                     "VALUES(?,?,20260101,?,'cash')",
                     &sales->sale_));
  BL_RETURN_IF_ERROR(
      sales->Prepare("INSERT INTO line VALUES(?,?,?,?,?)", &sales->line_));
  BL_RETURN_IF_ERROR(sales->Prepare(
      "INSERT INTO stock VALUES(?1,-?2) ON CONFLICT(sku) DO UPDATE SET "
      "on_hand=on_hand-?2",
      &sales->stock_));
  BL_RETURN_IF_ERROR(sales->Prepare(
      "INSERT INTO sku_day VALUES(20260101,?1,?2,?3) ON CONFLICT(day,sku) DO "
      "UPDATE SET quantity=quantity+?2, net=net+?3",
      &sales->sku_day_));
  BL_RETURN_IF_ERROR(sales->Prepare(
      "INSERT INTO day VALUES(20260101,1,?1) ON CONFLICT(day) DO UPDATE SET "
      "receipts=receipts+1, net=net+?1",
      &sales->day_));
  return sales;
}

SqliteSales::~SqliteSales() {
  for (sqlite3_stmt* statement : {sale_, line_, stock_, sku_day_, day_}) {
    sqlite3_finalize(statement);
  }
  sqlite3_close(db_);
}

absl::Status SqliteSales::Run(const char* sql) {
  if (sqlite3_exec(db_, sql, nullptr, nullptr, nullptr) == SQLITE_OK) {
    return absl::OkStatus();
  }
  return absl::InternalError(absl::StrCat("sqlite: ", sqlite3_errmsg(db_)));
}

absl::Status SqliteSales::Prepare(const char* sql, sqlite3_stmt** statement) {
  if (sqlite3_prepare_v2(db_, sql, -1, statement, nullptr) == SQLITE_OK) {
    return absl::OkStatus();
  }
  return absl::InternalError(absl::StrCat("sqlite: ", sqlite3_errmsg(db_)));
}

absl::Status SqliteSales::Step(sqlite3_stmt* statement) {
  const int result = sqlite3_step(statement);
  sqlite3_reset(statement);
  if (result == SQLITE_DONE) return absl::OkStatus();
  return absl::InternalError(absl::StrCat("sqlite: ", sqlite3_errmsg(db_)));
}

absl::Status SqliteSales::Sell(const v1::RingRequest& request,
                               int64_t unit_price_minor) {
  BL_RETURN_IF_ERROR(Run("BEGIN IMMEDIATE"));
  int64_t total = 0;
  for (const v1::RingLine& line : request.lines()) {
    total += unit_price_minor * line.quantity_milli() / 1'000;
  }
  const std::string& id = request.header().command_id();
  sqlite3_bind_blob(sale_, 1, id.data(), static_cast<int>(id.size()),
                    SQLITE_STATIC);
  sqlite3_bind_text(sale_, 2, "T1", -1, SQLITE_STATIC);
  sqlite3_bind_int64(sale_, 3, total);
  BL_RETURN_IF_ERROR(Step(sale_));
  const int64_t sale = sqlite3_last_insert_rowid(db_);
  for (const v1::RingLine& line : request.lines()) {
    const int64_t amount = unit_price_minor * line.quantity_milli() / 1'000;
    const auto bind_sku = [&](sqlite3_stmt* statement, int at) {
      sqlite3_bind_text(statement, at, line.sku().data(),
                        static_cast<int>(line.sku().size()), SQLITE_STATIC);
    };
    sqlite3_bind_int64(line_, 1, sale);
    bind_sku(line_, 2);
    sqlite3_bind_int64(line_, 3, line.quantity_milli());
    sqlite3_bind_int64(line_, 4, unit_price_minor);
    sqlite3_bind_int64(line_, 5, amount);
    BL_RETURN_IF_ERROR(Step(line_));
    bind_sku(stock_, 1);
    sqlite3_bind_int64(stock_, 2, line.quantity_milli());
    BL_RETURN_IF_ERROR(Step(stock_));
    bind_sku(sku_day_, 1);
    sqlite3_bind_int64(sku_day_, 2, line.quantity_milli());
    sqlite3_bind_int64(sku_day_, 3, amount);
    BL_RETURN_IF_ERROR(Step(sku_day_));
  }
  sqlite3_bind_int64(day_, 1, total);
  BL_RETURN_IF_ERROR(Step(day_));
  return Run("COMMIT");
}

}  // namespace branchline::bench

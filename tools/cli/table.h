#pragma once

#include <cstddef>
#include <cstdint>
#include <ostream>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace branchline::cli {

enum class Format { kTable, kJson, kCsv };

// What a column holds: how it is aligned, and how JSON writes it.
enum class Kind {
  kText,     // left; a JSON string
  kCount,    // right; a JSON number
  kDecimal,  // right; a JSON string of plain digits, so that no reader rounds
             // it
  kYesNo,    // left; true, false
};

struct Column {
  std::string name;   // in CSV and JSON: "net"
  std::string title;  // above the column of a table
  Kind kind = Kind::kText;
  // A text that somebody types in again, like a SKU: it never gives way.
  bool whole = false;
  // Left out of a table in which it is empty in every row: it cannot be known
  // there. CSV and JSON have it always, empty or null.
  bool if_any = false;
};

// One value: what programs read, and what people do, if that differs.
struct Value {
  std::string plain;
  std::string shown;

  // NOLINTNEXTLINE(google-explicit-constructor): rows are written as lists.
  Value(std::string text) : plain(text), shown(std::move(text)) {}
  Value(const char* text) : plain(text), shown(text) {}
  Value(std::string plain_text, std::string shown_text)
      : plain(std::move(plain_text)), shown(std::move(shown_text)) {}

  static Value Count(uint64_t number);
  static Value Count(int64_t number);
  // "12.34", shown as "12,345.67" is. An unknown currency shows minor units.
  static Value Money(int64_t amount_minor, absl::string_view currency);
  static Value Quantity(int64_t quantity_milli);
  static Value YesNo(bool yes);
};

// Rows under columns, in the three formats that every list is printed in.
class Table {
 public:
  static constexpr size_t kWidth = 80;  // columns of a terminal

  explicit Table(std::vector<Column> columns) : columns_(std::move(columns)) {}

  // As many values as there are columns.
  void Add(std::vector<Value> row);
  // A row under a rule, at the foot; only in the format for people.
  void AddFoot(std::vector<Value> row);
  bool empty() const { return rows_.empty(); }

  // Aligned columns, two spaces between them. Texts give way, the longest
  // first, until a line fits kWidth; numbers and whole texts never do.
  std::string Text() const;
  // RFC 4180's quoting; the first row names the columns; rows end with LF.
  std::string Csv() const;
  // An array of objects, one a line.
  std::string Json() const;

  // "name: value" lines, for a table of two columns whose texts matter whole.
  std::string Pairs() const;

  // One of the three. A table of no rows says `nothing`, if that is not empty.
  void Print(Format format, absl::string_view nothing, std::ostream& out) const;

 private:
  // Those that a table for people has.
  std::vector<size_t> ShownColumns() const;
  std::vector<size_t> Widths(const std::vector<size_t>& shown) const;
  // `widths` and `values` are those of the columns `shown`.
  std::string Line(const std::vector<size_t>& shown,
                   const std::vector<size_t>& widths,
                   const std::vector<std::string>& values) const;

  const std::vector<Column> columns_;
  std::vector<std::vector<Value>> rows_;
  std::vector<std::vector<Value>> feet_;
};

// One field of a CSV row, quoted if it must be.
std::string CsvField(absl::string_view text);

// "12.34"; minor units as they are if ISO 4217 has no such currency.
std::string MoneyText(int64_t amount_minor, absl::string_view currency);

}  // namespace branchline::cli

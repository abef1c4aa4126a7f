#include "tools/cli/table.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "sync/base/check.h"
#include "sync/base/money.h"
#include "sync/journal/json_string.h"
#include "tools/cli/width.h"

namespace branchline::cli {
namespace {

constexpr size_t kGap = 2;           // between columns
constexpr size_t kTextWidthMin = 8;  // to which a text gives way

bool IsRight(Kind kind) {
  return kind == Kind::kCount || kind == Kind::kDecimal;
}

std::string JsonValue(Kind kind, const std::string& plain) {
  if (IsRight(kind) && plain.empty()) return "null";
  if (kind == Kind::kCount) return plain;
  if (kind == Kind::kYesNo) return plain == "yes" ? "true" : "false";
  return JsonString(plain);
}

// A line end inside a value would break the table's lines.
std::string OneLine(std::string text) {
  std::replace(text.begin(), text.end(), '\n', ' ');
  std::replace(text.begin(), text.end(), '\r', ' ');
  return text;
}

}  // namespace

std::string MoneyText(int64_t amount_minor, absl::string_view currency) {
  const auto digits = MinorDigits(currency);
  return FormatMinor(amount_minor, digits.ok() ? *digits : 0);
}

Value Value::Count(uint64_t number) { return Value(absl::StrCat(number)); }
Value Value::Count(int64_t number) { return Value(absl::StrCat(number)); }

Value Value::Money(int64_t amount_minor, absl::string_view currency) {
  const auto digits = MinorDigits(currency);
  return Value(MoneyText(amount_minor, currency),
               GroupedMinor(amount_minor, digits.ok() ? *digits : 0));
}

Value Value::Quantity(int64_t quantity_milli) {
  return Value(FormatMilli(quantity_milli));
}

Value Value::YesNo(bool yes) { return Value(yes ? "yes" : "no"); }

void Table::Add(std::vector<Value> row) {
  BL_CHECK(row.size() == columns_.size(), "a row has a value for each column");
  rows_.push_back(std::move(row));
}

void Table::AddFoot(std::vector<Value> row) {
  BL_CHECK(row.size() == columns_.size(), "a foot has a value for each column");
  feet_.push_back(std::move(row));
}

std::vector<size_t> Table::Widths() const {
  std::vector<size_t> widths;
  for (const Column& column : columns_) {
    widths.push_back(DisplayWidth(column.title));
  }
  for (const auto* part : {&rows_, &feet_}) {
    for (const std::vector<Value>& row : *part) {
      for (size_t i = 0; i < row.size(); ++i) {
        widths[i] = std::max(widths[i], DisplayWidth(row[i].shown));
      }
    }
  }
  size_t total = kGap * (widths.size() - 1);
  for (const size_t width : widths) total += width;
  while (total > kWidth) {
    size_t widest = widths.size();
    for (size_t i = 0; i < widths.size(); ++i) {
      if (IsRight(columns_[i].kind) || widths[i] <= kTextWidthMin) continue;
      if (widest == widths.size() || widths[i] > widths[widest]) widest = i;
    }
    if (widest == widths.size()) break;  // nothing more gives way
    --widths[widest];
    --total;
  }
  return widths;
}

std::string Table::Line(const std::vector<size_t>& widths,
                        const std::vector<std::string>& values) const {
  std::string line;
  for (size_t i = 0; i < values.size(); ++i) {
    if (i > 0) line.append(kGap, ' ');
    const std::string text = IsRight(columns_[i].kind)
                                 ? values[i]
                                 : Shorten(OneLine(values[i]), widths[i]);
    const size_t width = DisplayWidth(text);
    const size_t pad = widths[i] > width ? widths[i] - width : 0;
    if (IsRight(columns_[i].kind)) line.append(pad, ' ');
    line += text;
    if (!IsRight(columns_[i].kind)) line.append(pad, ' ');
  }
  while (!line.empty() && line.back() == ' ') line.pop_back();
  return line + "\n";
}

std::string Table::Text() const {
  const std::vector<size_t> widths = Widths();
  std::vector<std::string> values;
  std::vector<std::string> rule;
  for (size_t i = 0; i < columns_.size(); ++i) {
    values.push_back(columns_[i].title);
    rule.emplace_back(widths[i], '-');
  }
  std::string text = Line(widths, values);
  const auto add = [&](const std::vector<Value>& row) {
    for (size_t i = 0; i < row.size(); ++i) values[i] = row[i].shown;
    text += Line(widths, values);
  };
  text += Line(widths, rule);
  for (const std::vector<Value>& row : rows_) add(row);
  if (!feet_.empty()) text += Line(widths, rule);
  for (const std::vector<Value>& row : feet_) add(row);
  return text;
}

std::string CsvField(absl::string_view text) {
  if (text.find_first_of(",\"\r\n") == absl::string_view::npos) {
    return std::string(text);
  }
  std::string field = "\"";
  for (const char c : text) {
    if (c == '"') field += '"';
    field += c;
  }
  return field + "\"";
}

std::string Table::Csv() const {
  std::string csv;
  for (const Column& column : columns_) {
    absl::StrAppend(&csv, csv.empty() ? "" : ",", CsvField(column.name));
  }
  csv += '\n';
  for (const std::vector<Value>& row : rows_) {
    for (size_t i = 0; i < row.size(); ++i) {
      absl::StrAppend(&csv, i == 0 ? "" : ",", CsvField(row[i].plain));
    }
    csv += '\n';
  }
  return csv;
}

std::string Table::Json() const {
  std::string json = "[";
  for (size_t r = 0; r < rows_.size(); ++r) {
    json += r == 0 ? "\n  {" : ",\n  {";
    for (size_t i = 0; i < columns_.size(); ++i) {
      absl::StrAppend(&json, i == 0 ? "" : ", ", JsonString(columns_[i].name),
                      ": ", JsonValue(columns_[i].kind, rows_[r][i].plain));
    }
    json += '}';
  }
  return json + (rows_.empty() ? "]" : "\n]");
}

std::string Table::Pairs() const {
  BL_CHECK(columns_.size() == 2, "pairs have a name and a value");
  size_t width = 0;
  for (const std::vector<Value>& row : rows_) {
    width = std::max(width, DisplayWidth(row[0].shown));
  }
  std::string text;
  for (const std::vector<Value>& row : rows_) {
    const size_t pad = width + kGap - DisplayWidth(row[0].shown);
    absl::StrAppend(&text, row[0].shown, std::string(pad, ' '),
                    row[1].shown.empty() ? "-" : row[1].shown, "\n");
  }
  return text;
}

void Table::Print(Format format, absl::string_view nothing,
                  std::ostream& out) const {
  switch (format) {
    case Format::kJson:
      out << Json() << "\n";
      break;
    case Format::kCsv:
      out << Csv();
      break;
    case Format::kTable:
      if (rows_.empty() && !nothing.empty()) {
        out << nothing << "\n";
      } else {
        out << Text();
      }
      break;
  }
}

}  // namespace branchline::cli

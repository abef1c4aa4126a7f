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

std::vector<size_t> Table::ShownColumns() const {
  std::vector<size_t> shown;
  for (size_t i = 0; i < columns_.size(); ++i) {
    const auto has_some = [i](const std::vector<Value>& row) {
      return !row[i].shown.empty();
    };
    if (!columns_[i].if_any ||
        std::any_of(rows_.begin(), rows_.end(), has_some)) {
      shown.push_back(i);
    }
  }
  return shown;
}

std::vector<size_t> Table::Widths(const std::vector<size_t>& shown) const {
  std::vector<size_t> widths;
  size_t total = kGap * (shown.size() - 1);
  for (const size_t i : shown) {
    size_t width = DisplayWidth(columns_[i].title);
    for (const auto* part : {&rows_, &feet_}) {
      for (const std::vector<Value>& row : *part) {
        width = std::max(width, DisplayWidth(row[i].shown));
      }
    }
    widths.push_back(width);
    total += width;
  }
  while (total > kWidth) {
    size_t widest = widths.size();
    for (size_t i = 0; i < widths.size(); ++i) {
      const Column& column = columns_[shown[i]];
      if (IsRight(column.kind) || column.whole || widths[i] <= kTextWidthMin) {
        continue;
      }
      if (widest == widths.size() || widths[i] > widths[widest]) widest = i;
    }
    if (widest == widths.size()) break;  // nothing more gives way
    --widths[widest];
    --total;
  }
  return widths;
}

std::string Table::Line(const std::vector<size_t>& shown,
                        const std::vector<size_t>& widths,
                        const std::vector<std::string>& values) const {
  std::string line;
  for (size_t i = 0; i < values.size(); ++i) {
    if (i > 0) line.append(kGap, ' ');
    const bool right = IsRight(columns_[shown[i]].kind);
    const std::string text =
        right ? values[i] : Shorten(OneLine(values[i]), widths[i]);
    const size_t width = DisplayWidth(text);
    const size_t pad = widths[i] > width ? widths[i] - width : 0;
    if (right) line.append(pad, ' ');
    line += text;
    if (!right) line.append(pad, ' ');
  }
  while (!line.empty() && line.back() == ' ') line.pop_back();
  return line + "\n";
}

std::string Table::Text() const {
  const std::vector<size_t> shown = ShownColumns();
  const std::vector<size_t> widths = Widths(shown);
  std::vector<std::string> values;
  std::vector<std::string> rule;
  for (size_t i = 0; i < shown.size(); ++i) {
    values.push_back(columns_[shown[i]].title);
    rule.emplace_back(widths[i], '-');
  }
  std::string text = Line(shown, widths, values);
  const auto add = [&](const std::vector<Value>& row) {
    for (size_t i = 0; i < shown.size(); ++i) values[i] = row[shown[i]].shown;
    text += Line(shown, widths, values);
  };
  text += Line(shown, widths, rule);
  for (const std::vector<Value>& row : rows_) add(row);
  if (!feet_.empty()) text += Line(shown, widths, rule);
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

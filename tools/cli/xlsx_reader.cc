#include "tools/cli/xlsx_reader.h"

#include <expat.h>
#include <zip.h>

#include <map>
#include <type_traits>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "sync/base/status_macros.h"
#include "tools/drill/csv_reader.h"

namespace branchline::cli {
namespace {

constexpr size_t kColumnsMax = drill::kCsvFieldCountMax;
constexpr size_t kChunk = 1 << 16;

struct CloseZip {
  void operator()(zip_t* zip) const { zip_discard(zip); }
  void operator()(zip_file_t* file) const { zip_fclose(file); }
};
struct FreeParser {
  void operator()(XML_Parser parser) const { XML_ParserFree(parser); }
};

using Attributes = std::map<std::string, std::string>;

// What a part of the workbook is read by: element names without namespaces.
class Handler {
 public:
  virtual ~Handler() = default;
  virtual void Open(absl::string_view name, const Attributes& attributes) = 0;
  virtual void Close(absl::string_view name) = 0;
  virtual void Text(absl::string_view text) = 0;
  absl::Status status;  // not OK: reading ends
};

absl::string_view LocalName(absl::string_view name) {
  const size_t colon = name.rfind(':');
  return colon == absl::string_view::npos ? name : name.substr(colon + 1);
}

void XMLCALL OnStart(void* user, const XML_Char* name, const XML_Char** pairs) {
  Attributes attributes;
  for (; pairs[0] != nullptr; pairs += 2) {
    attributes[std::string(LocalName(pairs[0]))] = pairs[1];
  }
  static_cast<Handler*>(user)->Open(LocalName(name), attributes);
}
void XMLCALL OnEnd(void* user, const XML_Char* name) {
  static_cast<Handler*>(user)->Close(LocalName(name));
}
void XMLCALL OnText(void* user, const XML_Char* text, int size) {
  static_cast<Handler*>(user)->Text(
      absl::string_view(text, static_cast<size_t>(size)));
}

class Workbook {
 public:
  static absl::StatusOr<Workbook> Open(const std::string& path) {
    int error = 0;
    Workbook book;
    book.path_ = path;
    book.zip_.reset(zip_open(path.c_str(), ZIP_RDONLY, &error));
    if (book.zip_ == nullptr) {
      return absl::DataLossError(
          absl::StrCat(path, " is no XLSX workbook, or it is damaged"));
    }
    return book;
  }

  bool Has(const std::string& part) const {
    return zip_name_locate(zip_.get(), part.c_str(), ZIP_FL_NOCASE) >= 0;
  }

  absl::Status Read(const std::string& part, Handler* handler) const {
    const std::unique_ptr<zip_file_t, CloseZip> file(
        zip_fopen(zip_.get(), part.c_str(), ZIP_FL_NOCASE));
    if (file == nullptr) {
      return absl::DataLossError(
          absl::StrCat(path_, ": there is no part ", part, " in it"));
    }
    const std::unique_ptr<std::remove_pointer_t<XML_Parser>, FreeParser> parser(
        XML_ParserCreate("UTF-8"));
    XML_SetUserData(parser.get(), handler);
    XML_SetElementHandler(parser.get(), OnStart, OnEnd);
    XML_SetCharacterDataHandler(parser.get(), OnText);
    std::string buffer(kChunk, '\0');
    size_t total = 0;
    while (true) {
      const zip_int64_t size =
          zip_fread(file.get(), buffer.data(), buffer.size());
      if (size < 0) {
        return absl::DataLossError(
            absl::StrCat(path_, ": part ", part, " cannot be unpacked"));
      }
      total += static_cast<size_t>(size);
      if (total > kSheetPartSizeMax) {
        return absl::ResourceExhaustedError(
            absl::StrCat(path_, ": part ", part, " has more than ",
                         kSheetPartSizeMax, " bytes: split the workbook"));
      }
      if (XML_Parse(parser.get(), buffer.data(), static_cast<int>(size),
                    size == 0) == XML_STATUS_ERROR) {
        return absl::DataLossError(
            absl::StrCat(path_, ": part ", part, ", line ",
                         XML_GetCurrentLineNumber(parser.get()), ": ",
                         XML_ErrorString(XML_GetErrorCode(parser.get()))));
      }
      BL_RETURN_IF_ERROR(handler->status);
      if (size == 0) return absl::OkStatus();
    }
  }

 private:
  std::string path_;
  std::unique_ptr<zip_t, CloseZip> zip_;
};

// xl/workbook.xml: the relation that is the first sheet.
class FirstSheet final : public Handler {
 public:
  void Open(absl::string_view name, const Attributes& attributes) override {
    if (name != "sheet" || !relation.empty()) return;
    const auto id = attributes.find("id");
    if (id != attributes.end()) relation = id->second;
  }
  void Close(absl::string_view) override {}
  void Text(absl::string_view) override {}
  std::string relation;
};

// xl/_rels/workbook.xml.rels: where relations lead.
class Relations final : public Handler {
 public:
  void Open(absl::string_view name, const Attributes& attributes) override {
    const auto id = attributes.find("Id");
    const auto target = attributes.find("Target");
    if (name != "Relationship" || id == attributes.end() ||
        target == attributes.end()) {
      return;
    }
    const std::string& to = target->second;
    targets[id->second] =
        absl::StartsWith(to, "/") ? to.substr(1) : absl::StrCat("xl/", to);
  }
  void Close(absl::string_view) override {}
  void Text(absl::string_view) override {}
  std::map<std::string, std::string> targets;
};

// xl/sharedStrings.xml: each <si>, its phonetic helps (rPh) left out.
class SharedStrings final : public Handler {
 public:
  void Open(absl::string_view name, const Attributes&) override {
    if (name == "si") strings.emplace_back();
    if (name == "rPh") in_phonetic_ = true;
    in_text_ = name == "t";
  }
  void Close(absl::string_view name) override {
    if (name == "rPh") in_phonetic_ = false;
    in_text_ = false;
  }
  void Text(absl::string_view text) override {
    if (!in_text_ || in_phonetic_ || strings.empty()) return;
    absl::StrAppend(&strings.back(), text);
  }
  std::vector<std::string> strings;

 private:
  bool in_text_ = false;
  bool in_phonetic_ = false;
};

struct SheetRow {
  int64_t row = 0;
  std::vector<std::string> fields;
};

// A column's letters: 0 of "A7", 27 of "AB1".
size_t ColumnOf(absl::string_view reference) {
  size_t column = 0;
  for (const char c : reference) {
    if (c < 'A' || c > 'Z') break;
    column = column * 26 + static_cast<size_t>(c - 'A' + 1);
    if (column > kColumnsMax) break;
  }
  return column == 0 ? 0 : column - 1;
}

// xl/worksheets/sheet1.xml: rows and their cells.
class Cells final : public Handler {
 public:
  explicit Cells(const std::vector<std::string>& strings) : strings_(strings) {}

  void Open(absl::string_view name, const Attributes& attributes) override {
    if (!status.ok()) return;
    if (name == "row") {
      const auto given = attributes.find("r");
      int64_t number = 0;
      const bool says =
          given != attributes.end() && absl::SimpleAtoi(given->second, &number);
      row_ = says ? number : row_ + 1;
      if (row_ < 1 || row_ > kSheetRowsMax || rows.size() >= kSheetRowsMax) {
        TooFar();
        return;
      }
      rows.push_back({row_, {}});
      next_column_ = 0;
    } else if (name == "c") {
      const auto reference = attributes.find("r");
      const auto type = attributes.find("t");
      column_ = reference == attributes.end() ? next_column_
                                              : ColumnOf(reference->second);
      next_column_ = column_ + 1;
      type_ = type == attributes.end() ? "n" : type->second;
      value_.clear();
    }
    in_value_ = name == "v" || name == "t";
  }

  void Close(absl::string_view name) override {
    in_value_ = false;
    if (name != "c" || rows.empty() || !status.ok()) return;
    if (column_ >= kColumnsMax) {
      TooFar();
      return;
    }
    if (value_.empty()) return;
    std::vector<std::string>& fields = rows.back().fields;
    if (fields.size() <= column_) fields.resize(column_ + 1);
    if (type_ == "s") {
      size_t index = 0;
      if (!absl::SimpleAtoi(value_, &index) || index >= strings_.size()) {
        status = absl::DataLossError(absl::StrCat(
            "row ", row_, " of the sheet names text ", value_.substr(0, 20),
            ", the workbook has ", strings_.size()));
        return;
      }
      fields[column_] = strings_[index];
    } else {
      fields[column_] = type_ == "n" ? PlainNumber(value_) : value_;
    }
  }

  void Text(absl::string_view text) override {
    if (in_value_ && value_.size() < drill::kCsvLineSizeMax) {
      absl::StrAppend(&value_, text);
    }
  }

  std::vector<SheetRow> rows;

 private:
  // The rest of this chunk is parsed still: nothing of it is kept.
  void TooFar() {
    status = absl::ResourceExhaustedError(
        absl::StrCat("row ", row_, " of the sheet lies beyond ", kSheetRowsMax,
                     " rows or ", kColumnsMax, " columns"));
  }

  const std::vector<std::string>& strings_;
  int64_t row_ = 0;
  size_t column_ = 0;
  size_t next_column_ = 0;
  std::string type_;
  std::string value_;
  bool in_value_ = false;
};

class XlsxRows final : public RowSource {
 public:
  explicit XlsxRows(std::vector<SheetRow> rows) : rows_(std::move(rows)) {
    // As in CSV, each row has as many fields as the header.
    if (!rows_.empty()) width_ = rows_[0].fields.size();
  }

  absl::StatusOr<bool> Next(std::vector<std::string>* fields) override {
    while (next_ < rows_.size() && rows_[next_].fields.empty()) ++next_;
    if (next_ == rows_.size()) return false;
    row_ = rows_[next_].row;
    *fields = std::move(rows_[next_].fields);
    ++next_;
    if (fields->size() < width_) fields->resize(width_);
    return true;
  }
  int64_t row() const override { return row_; }

 private:
  std::vector<SheetRow> rows_;
  size_t next_ = 0;
  size_t width_ = 0;
  int64_t row_ = 0;
};

}  // namespace

absl::StatusOr<std::unique_ptr<RowSource>> OpenXlsx(const std::string& path) {
  BL_ASSIGN_OR_RETURN(const Workbook book, Workbook::Open(path));
  FirstSheet first;
  BL_RETURN_IF_ERROR(book.Read("xl/workbook.xml", &first));
  Relations relations;
  BL_RETURN_IF_ERROR(book.Read("xl/_rels/workbook.xml.rels", &relations));
  const auto sheet = relations.targets.find(first.relation);
  if (sheet == relations.targets.end()) {
    return absl::DataLossError(absl::StrCat(path, " holds no sheet"));
  }
  SharedStrings strings;
  if (book.Has("xl/sharedStrings.xml")) {
    BL_RETURN_IF_ERROR(book.Read("xl/sharedStrings.xml", &strings));
  }
  Cells cells(strings.strings);
  BL_RETURN_IF_ERROR(book.Read(sheet->second, &cells));
  return std::unique_ptr<RowSource>(
      std::make_unique<XlsxRows>(std::move(cells.rows)));
}

}  // namespace branchline::cli

#include "tools/cli/sheet_file.h"

#include <xlsxwriter.h>

#include <cstdio>
#include <fstream>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "sync/base/status_macros.h"
#include "tools/cli/xlsx_reader.h"
#include "tools/drill/csv_reader.h"

namespace branchline::cli {
namespace {

class CsvRows final : public RowSource {
 public:
  explicit CsvRows(std::unique_ptr<drill::CsvReader> reader)
      : reader_(std::move(reader)) {}
  absl::StatusOr<bool> Next(std::vector<std::string>* fields) override {
    return reader_->Next(fields);
  }
  int64_t row() const override { return reader_->row(); }

 private:
  std::unique_ptr<drill::CsvReader> reader_;
};

absl::Status NotWritten(const std::string& path) {
  return absl::FailedPreconditionError(absl::StrCat(
      path, " cannot be written: is there such a folder, and room in it?"));
}

// Renames the finished file to its name.
absl::Status Finish(const std::string& from, const std::string& path) {
  if (std::rename(from.c_str(), path.c_str()) == 0) return absl::OkStatus();
  std::remove(from.c_str());
  return NotWritten(path);
}

class CsvSink final : public RowSink {
 public:
  explicit CsvSink(const std::string& path)
      : path_(path),
        part_(absl::StrCat(path, ".part")),
        out_(part_, std::ios::binary | std::ios::trunc) {}
  ~CsvSink() override {
    if (!closed_) std::remove(part_.c_str());
  }
  bool ok() const { return out_.good(); }

  absl::Status Add(const std::vector<std::string>& fields) override {
    bool first = true;
    for (const std::string& field : fields) {
      if (!first) out_ << ',';
      first = false;
      if (field.find_first_of(",\"\r\n") == std::string::npos) {
        out_ << field;
      } else {
        out_ << '"' << absl::StrReplaceAll(field, {{"\"", "\"\""}}) << '"';
      }
    }
    out_ << '\n';
    return out_.good() ? absl::OkStatus() : NotWritten(path_);
  }
  absl::Status Close() override {
    out_.close();
    if (out_.fail()) return NotWritten(path_);
    closed_ = true;
    return Finish(part_, path_);
  }

 private:
  const std::string path_;
  const std::string part_;
  std::ofstream out_;
  bool closed_ = false;
};

// Every cell is text: a barcode keeps its zeros, a price its decimals.
class XlsxSink final : public RowSink {
 public:
  explicit XlsxSink(const std::string& path)
      : path_(path), part_(absl::StrCat(path, ".part")) {
    lxw_workbook_options options = {};
    options.constant_memory = LXW_TRUE;
    book_ = workbook_new_opt(part_.c_str(), &options);
    if (book_ != nullptr) sheet_ = workbook_add_worksheet(book_, "branchline");
    if (sheet_ != nullptr) worksheet_freeze_panes(sheet_, 1, 0);
  }
  ~XlsxSink() override {
    if (book_ == nullptr) return;
    workbook_close(book_);
    std::remove(part_.c_str());
  }
  bool ok() const { return sheet_ != nullptr; }

  absl::Status Add(const std::vector<std::string>& fields) override {
    if (row_ == kSheetRowsMax) {
      return absl::FailedPreconditionError(
          absl::StrCat(path_, ": a sheet has at most ", kSheetRowsMax,
                       " rows: export to CSV"));
    }
    for (size_t i = 0; i < fields.size(); ++i) {
      if (fields[i].empty()) continue;
      const lxw_error error = worksheet_write_string(
          sheet_, static_cast<lxw_row_t>(row_), static_cast<lxw_col_t>(i),
          fields[i].c_str(), nullptr);
      if (error != LXW_NO_ERROR) {
        return absl::FailedPreconditionError(
            absl::StrCat(path_, ", row ", row_ + 1, ": ", lxw_strerror(error)));
      }
    }
    ++row_;
    return absl::OkStatus();
  }
  absl::Status Close() override {
    const lxw_error error = workbook_close(book_);
    book_ = nullptr;
    if (error != LXW_NO_ERROR) {
      std::remove(part_.c_str());
      return absl::FailedPreconditionError(
          absl::StrCat(path_, " cannot be written: ", lxw_strerror(error)));
    }
    return Finish(part_, path_);
  }

 private:
  const std::string path_;
  const std::string part_;
  lxw_workbook* book_ = nullptr;
  lxw_worksheet* sheet_ = nullptr;
  int64_t row_ = 0;
};

}  // namespace

absl::StatusOr<std::unique_ptr<RowSource>> OpenRows(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  char magic[4] = {};
  in.read(magic, sizeof(magic));
  // A ZIP's first local file: PKWARE's APPNOTE, 4.3.7.
  if (in.gcount() == 4 && absl::string_view(magic, 4) == "PK\x03\x04") {
    return OpenXlsx(path);
  }
  BL_ASSIGN_OR_RETURN(auto csv, drill::CsvReader::Open(path));
  return std::unique_ptr<RowSource>(std::make_unique<CsvRows>(std::move(csv)));
}

absl::StatusOr<std::unique_ptr<RowSink>> CreateRows(const std::string& path) {
  if (absl::EndsWithIgnoreCase(path, ".xlsx")) {
    auto sink = std::make_unique<XlsxSink>(path);
    if (!sink->ok()) return NotWritten(path);
    return std::unique_ptr<RowSink>(std::move(sink));
  }
  auto sink = std::make_unique<CsvSink>(path);
  if (!sink->ok()) return NotWritten(path);
  return std::unique_ptr<RowSink>(std::move(sink));
}

}  // namespace branchline::cli

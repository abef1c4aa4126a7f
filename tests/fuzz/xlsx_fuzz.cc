// Property: whatever a workbook's file or its sheet holds, it is refused with
// one of the documented errors, or read to its end, with rows within the
// limits, and the same a second time.

#include <unistd.h>
#include <zip.h>

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "sync/base/check.h"
#include "tools/cli/xlsx_reader.h"
#include "tools/drill/csv_reader.h"

namespace branchline::cli {
namespace {

using Rows = std::vector<std::vector<std::string>>;

absl::StatusOr<Rows> Read(const std::string& path) {
  auto source = OpenXlsx(path);
  if (!source.ok()) return source.status();
  Rows rows;
  std::vector<std::string> fields;
  while (true) {
    const auto more = (*source)->Next(&fields);
    if (!more.ok()) return more.status();
    if (!*more) return rows;
    BL_CHECK((*source)->row() >= 1 && (*source)->row() <= kSheetRowsMax,
             "a row beyond the sheet");
    BL_CHECK(fields.size() <= drill::kCsvFieldCountMax, "a row too wide");
    rows.push_back(std::move(fields));
    fields.clear();
  }
}

void CheckFile(const std::string& path) {
  const auto first = Read(path);
  const auto second = Read(path);
  BL_CHECK(first.ok() == second.ok(), "another answer to the same file");
  if (!first.ok()) {
    BL_CHECK(absl::IsDataLoss(first.status()) ||
                 absl::IsNotFound(first.status()) ||
                 absl::IsResourceExhausted(first.status()),
             "an error that is not in the contract");
    return;
  }
  BL_CHECK(*first == *second, "other rows of the same file");
}

const std::string& Path() {
  static const auto& path = *new std::string([] {
    std::string name = "/tmp/bl-xlsx-fuzz-XXXXXX";
    close(mkstemp(name.data()));
    return name;
  }());
  return path;
}

void Write(absl::string_view bytes) {
  std::FILE* file = std::fopen(Path().c_str(), "wb");
  BL_CHECK(file != nullptr, "the file can be written");
  std::fwrite(bytes.data(), 1, bytes.size(), file);
  std::fclose(file);
}

// `sheet` and `strings` as parts of a workbook that is otherwise right.
void WriteWorkbook(absl::string_view sheet, absl::string_view strings) {
  const std::pair<const char*, absl::string_view> parts[] = {
      {"xl/workbook.xml", "<workbook><sheet id='r1'/></workbook>"},
      {"xl/_rels/workbook.xml.rels",
       "<r><Relationship Id='r1' Target='worksheets/sheet1.xml'/></r>"},
      {"xl/sharedStrings.xml", strings},
      {"xl/worksheets/sheet1.xml", sheet}};
  int error = 0;
  zip_t* zip = zip_open(Path().c_str(), ZIP_CREATE | ZIP_TRUNCATE, &error);
  BL_CHECK(zip != nullptr, "a workbook can be made");
  for (const auto& [name, text] : parts) {
    zip_source_t* bytes = zip_source_buffer(zip, text.data(), text.size(), 0);
    const zip_int64_t index = zip_file_add(zip, name, bytes, ZIP_FL_OVERWRITE);
    BL_CHECK(index >= 0, "a part can be added");
    zip_set_file_compression(zip, static_cast<zip_uint64_t>(index),
                             ZIP_CM_STORE, 0);
  }
  BL_CHECK(zip_close(zip) == 0, "a workbook can be written");
}

}  // namespace
}  // namespace branchline::cli

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace branchline::cli;
  const absl::string_view input(reinterpret_cast<const char*>(data), size);
  Write(input);
  CheckFile(Path());
  const size_t zero = input.find('\0');
  WriteWorkbook(input.substr(0, zero), zero == absl::string_view::npos
                                           ? "<sst><si><t>x</t></si></sst>"
                                           : input.substr(zero + 1));
  CheckFile(Path());
  return 0;
}

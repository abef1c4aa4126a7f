#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace branchline::drill {

inline constexpr size_t kCsvLineSizeMax = 65'536;  // bytes of one row
inline constexpr size_t kCsvFieldSizeMax = 4'096;  // bytes
inline constexpr size_t kCsvFieldCountMax = 256;

// Reads rows of RFC 4180 text, plain or gzipped, one at a time:
//
//   - fields are separated by commas, rows end at LF or CR LF, the last row
//     with or without it
//   - a quoted field may hold commas, line ends and doubled quotes
//   - a UTF-8 byte order mark at the start is not part of the first field
//   - empty lines are counted as rows, and passed over
//
// A row that is broken costs that row only: the next call goes on with the next
// line. Not thread-safe.
class CsvReader {
 public:
  // Fills `buffer` with up to `size` bytes; 0 means the end.
  using Source =
      std::function<absl::StatusOr<size_t>(char* buffer, size_t size)>;

  explicit CsvReader(Source source) : source_(std::move(source)) {}

  // Reads `path`; finds out by itself whether it is gzipped.
  //   NOT_FOUND  it cannot be opened
  static absl::StatusOr<std::unique_ptr<CsvReader>> Open(
      const std::string& path);

  // Puts the next row into `*fields`; false at the end.
  //   INVALID_ARGUMENT  this row is broken or beyond a limit; call again for
  //                     the next one
  //   DATA_LOSS         the bytes cannot be read to their end (gzip damaged or
  //                     cut short, disk error); nothing more will come
  absl::StatusOr<bool> Next(std::vector<std::string>* fields);

  // Number of the row that Next() gave or refused: 1 is the header.
  int64_t row() const { return row_; }

 private:
  static constexpr int kEnd = -1;
  static constexpr int kDamaged = -2;  // damage_ says how

  // The next byte, kEnd or kDamaged; Get() takes it. Plain numbers, as this
  // runs for every byte of the file.
  int Get() {
    last_ = Peek();
    if (last_ >= 0) {
      ++next_;
      ++line_size_;
    }
    return last_;
  }
  int Peek() {
    return next_ < buffer_.size() ? static_cast<unsigned char>(buffer_[next_])
                                  : Fill();
  }
  // Gets more bytes, and gives the first.
  int Fill();
  // Drops the rest of the line, and says why.
  absl::Status Broken(absl::string_view why);
  absl::StatusOr<bool> NextRow(std::vector<std::string>* fields);

  Source source_;
  std::string buffer_;
  size_t next_ = 0;
  bool started_ = false;
  bool ended_ = false;
  absl::Status damage_;
  int last_ = '\n';  // what Get() gave last
  size_t line_size_ = 0;
  int64_t row_ = 0;
};

// True if `text` is well-formed UTF-8 (no overlong forms, no surrogates).
bool IsUtf8(absl::string_view text);

}  // namespace branchline::drill

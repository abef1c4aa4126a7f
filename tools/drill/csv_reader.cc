#include "tools/drill/csv_reader.h"

#include <zlib.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "sync/base/status_macros.h"

namespace branchline::drill {
namespace {

constexpr size_t kBufferSize = 65'536;
constexpr absl::string_view kByteOrderMark = "\xEF\xBB\xBF";

// gzread() passes plain files through as they are.
CsvReader::Source GzipSource(std::shared_ptr<gzFile_s> file) {
  return [file = std::move(file)](char* buffer,
                                  size_t size) -> absl::StatusOr<size_t> {
    const int read =
        gzread(file.get(), buffer, static_cast<unsigned int>(size));
    int code = Z_OK;
    const char* text = gzerror(file.get(), &code);
    if (read < 0 || (code != Z_OK && code != Z_STREAM_END)) {
      return absl::DataLossError(absl::StrCat(
          "the file is damaged or cut short (", text,
          "): nothing behind this point can be read; fetch it again"));
    }
    return static_cast<size_t>(read);
  };
}

}  // namespace

absl::StatusOr<std::unique_ptr<CsvReader>> CsvReader::Open(
    const std::string& path) {
  gzFile file = gzopen(path.c_str(), "rbe");
  if (file == nullptr) {
    return absl::NotFoundError(
        absl::StrCat("open ", path, ": ", std::strerror(errno)));
  }
  std::shared_ptr<gzFile_s> owner(file, [](gzFile f) { gzclose_r(f); });
  return std::make_unique<CsvReader>(GzipSource(std::move(owner)));
}

int CsvReader::Fill() {
  if (!damage_.ok()) return kDamaged;
  if (ended_) return kEnd;
  // The first fill holds a whole byte order mark, if there is one.
  const bool first = !started_;
  started_ = true;
  const size_t wanted = first ? kByteOrderMark.size() : 1;
  size_t size = 0;
  next_ = 0;
  buffer_.resize(kBufferSize);
  while (size < wanted && !ended_ && damage_.ok()) {
    absl::StatusOr<size_t> read =
        source_(&buffer_[size], buffer_.size() - size);
    if (!read.ok()) {
      damage_ = read.status();
    } else {
      size += *read;
      ended_ = *read == 0;
    }
  }
  buffer_.resize(size);
  if (first && absl::StartsWith(buffer_, kByteOrderMark)) {
    next_ = kByteOrderMark.size();
  }
  return Peek();
}

absl::Status CsvReader::Broken(absl::string_view why) {
  while (last_ != '\n' && last_ >= 0) Get();
  if (last_ == kDamaged) return damage_;
  return absl::InvalidArgumentError(why);
}

absl::StatusOr<bool> CsvReader::Next(std::vector<std::string>* fields) {
  while (true) {
    const int first = Peek();
    if (first == kEnd) return false;
    if (first == kDamaged) return damage_;
    ++row_;
    BL_ASSIGN_OR_RETURN(const bool full, NextRow(fields));
    if (full) return true;
  }
}

// False if the line is empty.
absl::StatusOr<bool> CsvReader::NextRow(std::vector<std::string>* fields) {
  enum class In { kStart, kPlain, kQuotes, kAfterQuotes };
  fields->clear();
  std::string* field = &fields->emplace_back();
  In in = In::kStart;
  line_size_ = 0;
  while (true) {
    const int c = Get();
    if (c == kDamaged) return damage_;
    if (line_size_ > kCsvLineSizeMax) {
      return Broken(absl::StrCat("the row is longer than ", kCsvLineSizeMax,
                                 " bytes; is a quote not closed?"));
    }
    if (in == In::kQuotes) {
      if (c < 0) return Broken("the file ends inside a quoted field");
      if (c == '"') {
        in = In::kAfterQuotes;
        continue;
      }
    } else {
      if (c == '\r') {
        const int after = Peek();
        if (after == kDamaged) return damage_;
        if (after != '\n') {
          return Broken("a carriage return outside quotes does not end a row");
        }
        continue;
      }
      if (c == '\n' || c < 0) {
        return fields->size() > 1 || !fields->front().empty() ||
               in == In::kAfterQuotes;
      }
      if (c == ',') {
        if (fields->size() == kCsvFieldCountMax) {
          return Broken(
              absl::StrCat("more than ", kCsvFieldCountMax, " fields"));
        }
        field = &fields->emplace_back();
        in = In::kStart;
        continue;
      }
      if (c == '"') {
        if (in == In::kPlain) {
          return Broken(
              absl::StrCat("field ", fields->size(),
                           " has a quote inside but does not start "
                           "with one; double it and quote the field"));
        }
        // A quote after the closing one is a doubled quote: it stays.
        const bool doubled = in == In::kAfterQuotes;
        in = In::kQuotes;
        if (!doubled) continue;
      } else if (in == In::kAfterQuotes) {
        return Broken(absl::StrCat("field ", fields->size(),
                                   " goes on after its closing quote"));
      } else {
        in = In::kPlain;
      }
    }
    if (c == '\0') return Broken("the row holds a NUL byte");
    if (field->size() == kCsvFieldSizeMax) {
      return Broken(absl::StrCat("field ", fields->size(), " is longer than ",
                                 kCsvFieldSizeMax, " bytes"));
    }
    field->push_back(static_cast<char>(c));
  }
}

bool IsUtf8(absl::string_view text) {
  size_t i = 0;
  while (i < text.size()) {
    const unsigned char lead = static_cast<unsigned char>(text[i]);
    size_t more = 0;
    uint32_t code = lead;
    uint32_t least = 0;
    if (lead >= 0x80) {
      if ((lead & 0xE0) == 0xC0) {
        more = 1, code = lead & 0x1F, least = 0x80;
      } else if ((lead & 0xF0) == 0xE0) {
        more = 2, code = lead & 0x0F, least = 0x800;
      } else if ((lead & 0xF8) == 0xF0) {
        more = 3, code = lead & 0x07, least = 0x10000;
      } else {
        return false;
      }
    }
    if (more > text.size() - i - 1) return false;
    for (size_t k = 1; k <= more; ++k) {
      const unsigned char next = static_cast<unsigned char>(text[i + k]);
      if ((next & 0xC0) != 0x80) return false;
      code = (code << 6) | (next & 0x3F);
    }
    if (code < least || code > 0x10FFFF) return false;
    if (code >= 0xD800 && code <= 0xDFFF) return false;
    i += more + 1;
  }
  return true;
}

}  // namespace branchline::drill

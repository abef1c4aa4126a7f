#include "devices/wallet/bill_archive.h"

#include <zip.h>

#include <memory>

#include "absl/strings/str_cat.h"
#include "sync/base/check.h"

namespace branchline {
namespace {

constexpr zip_int64_t kFilesMax = 16;
constexpr size_t kChunk = 1 << 16;

struct Close {
  void operator()(zip_t* zip) const { zip_discard(zip); }
  void operator()(zip_file_t* file) const { zip_fclose(file); }
};
using Archive = std::unique_ptr<zip_t, Close>;
using File = std::unique_ptr<zip_file_t, Close>;

absl::Status Broken(absl::string_view why) {
  return absl::InvalidArgumentError(absl::StrCat("unpack a bill: ", why));
}

}  // namespace

absl::StatusOr<std::vector<std::string>> UnpackZip(absl::string_view bytes,
                                                   size_t size_max) {
  // libzip takes nothing for an archive of nothing.
  if (bytes.empty()) return Broken("it is empty");
  zip_error_t error;
  zip_error_init(&error);
  zip_source_t* const source =
      zip_source_buffer_create(bytes.data(), bytes.size(), 0, &error);
  if (source == nullptr) return Broken("no memory for it");
  const Archive archive(zip_open_from_source(source, ZIP_RDONLY, &error));
  if (archive == nullptr) {
    zip_source_free(source);
    return Broken("it is no ZIP archive");
  }
  const zip_int64_t count = zip_get_num_entries(archive.get(), 0);
  if (count > kFilesMax) {
    return Broken(
        absl::StrCat("it has ", count, " files, at most ", kFilesMax));
  }
  std::vector<std::string> files;
  for (zip_int64_t i = 0; i < count; ++i) {
    const File file(
        zip_fopen_index(archive.get(), static_cast<zip_uint64_t>(i), 0));
    if (file == nullptr) return Broken("a file in it cannot be opened");
    std::string& contents = files.emplace_back();
    std::string chunk(kChunk, '\0');
    zip_int64_t got = 0;
    while ((got = zip_fread(file.get(), chunk.data(), chunk.size())) > 0) {
      contents.append(chunk, 0, static_cast<size_t>(got));
      if (contents.size() > size_max) {
        return Broken(
            absl::StrCat("a file in it has more than ", size_max, " bytes"));
      }
    }
    if (got < 0) return Broken("a file in it is damaged");
  }
  return files;
}

std::string PackZip(const std::string& name, const std::string& contents) {
  zip_error_t error;
  zip_error_init(&error);
  zip_source_t* const out = zip_source_buffer_create(nullptr, 0, 0, &error);
  BL_CHECK(out != nullptr, "memory for an archive");
  zip_source_keep(out);
  zip_t* const zip = zip_open_from_source(out, ZIP_TRUNCATE, &error);
  BL_CHECK(zip != nullptr, "an archive in memory opens");
  zip_source_t* const file =
      zip_source_buffer(zip, contents.data(), contents.size(), 0);
  const bool added =
      zip_file_add(zip, name.c_str(), file, ZIP_FL_ENC_UTF_8) >= 0 &&
      zip_close(zip) == 0 && zip_source_open(out) == 0;
  BL_CHECK(added, "a file goes into an archive");
  zip_source_seek(out, 0, SEEK_END);
  std::string bytes(static_cast<size_t>(zip_source_tell(out)), '\0');
  zip_source_seek(out, 0, SEEK_SET);
  const bool whole = zip_source_read(out, bytes.data(), bytes.size()) ==
                     static_cast<zip_int64_t>(bytes.size());
  BL_CHECK(whole, "the archive is read");
  zip_source_close(out);
  zip_source_free(out);
  return bytes;
}

}  // namespace branchline
